"""Apply the health rules to what the store knows of the sites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from crawler.health.finding import Finding
from crawler.health.notices import RECENT, judge_notices
from crawler.health.page_quality import judge_pages
from crawler.health.reachability import judge_reachability
from crawler.health.silence import judge_publishing
from crawler.profile import SiteProfile
from crawler.store import Store
from crawler.store.runs import SiteHistory
from crawler.store.site_notices import SiteNotice
from crawler.store.sites import SiteState


def examine_sites(store: Store, profiles: Iterable[SiteProfile], now: datetime) -> list[Finding]:
    """The findings about these sites, ordered by name."""
    states, profiles = store.sites.states(), sorted(profiles, key=lambda profile: profile.name)
    polled = [states[profile.name] for profile in profiles if profile.name in states]
    notices: dict[str, list[SiteNotice]] = {}
    for notice in store.notices.shown(now, within=RECENT):
        notices.setdefault(notice.site, []).append(notice)
    all_failed = bool(polled) and all(state.failures for state in polled)
    return [
        finding
        for profile in profiles
        for finding in examine(
            profile,
            states.get(profile.name),
            store.runs.history(profile.name, now),
            now,
            all_failed=all_failed,
            notices=notices.get(profile.name, ()),
        )
    ]


def new_findings(store: Store, profiles: Iterable[SiteProfile], now: datetime) -> tuple[list[Finding], list[Finding]]:
    """All findings about these sites, and those of them that have not been reported within a day. Marks the latter as
    reported."""
    profiles = list(profiles)
    findings = examine_sites(store, profiles, now)
    unreported = []
    for profile in profiles:
        of_site = {c.rule: c for c in findings if c.site == profile.name}
        due = store.sites.record_findings(profile.name, [(rule, c.message) for rule, c in of_site.items()], now)
        unreported += [of_site[rule] for rule in due]
    return findings, unreported


def examine(
    profile: SiteProfile,
    state: SiteState | None,
    history: SiteHistory,
    now: datetime,
    *,
    all_failed: bool = False,
    notices: Sequence[SiteNotice] = (),
) -> list[Finding]:
    """The findings about a site: none if it is as it was, or if too little is known of it. `all_failed`: whether the
    last poll of every site failed. `notices`: what its pages show in the place of their articles."""
    return [
        *judge_reachability(profile, state, history, now, all_failed=all_failed),
        *judge_pages(profile, history.runs, now),
        *judge_notices(notices),
        *judge_publishing(profile, history, now),
    ]
