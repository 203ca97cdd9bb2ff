"""Notices: one text that many pages of a site show in the place of their articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from crawler.health.finding import Finding
from crawler.store.site_notices import SiteNotice

RECENT = timedelta(days=7)
"""A notice that no page has shown for longer is not reported. Chosen by hand: pages are retried for about a week."""

_MIN_PAGES = 3
"""Pages that must show it. Chosen by hand: two may be one failure of the server."""


def judge_notices(notices: Iterable[SiteNotice]) -> Iterator[Finding]:
    """Report the notice that most pages of a site show. `notices`: those of the site, those with most pages first."""
    for notice in notices:
        if notice.pages >= _MIN_PAGES:
            yield Finding(
                site=notice.site,
                rule="notice",
                since=notice.since,
                example=notice.example,
                message=f"{notice.pages} of its pages show one text and not their articles, a wall or a notice: "
                f'"{notice.text}"',
            )
            return  # a finding for each rule
