"""The rights of an article, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from crawler.cli.terminal import shown_beside, shown_moment, shown_url
from crawler.store import StoredRights
from crawler.store.times import to_text
from crawler.usage import USES, PageRights


def format_rights(pages: Sequence[StoredRights]) -> Iterator[str]:
    """For each use the decision and the signals that decide it; then every signal of each page."""
    if not pages:
        return
    together = PageRights(tuple(signal for page in pages for signal in page.rights.signals))
    yield ""
    yield "rights:"
    for use in USES:
        decision = together.decision(use)
        reasons = [shown_beside(str(signal)) for signal in together.reasons(use)] if decision != "unknown" else []
        reasons = list(dict.fromkeys(reasons))
        yield f"  {use}: {decision}" + (f"  ({'; '.join(reasons)})" if reasons else "")
    for page in pages:
        yield f"  signals of {shown_url(page.page_url)}, {shown_moment(to_text(page.last_seen))}:"
        for signal in page.rights.signals:
            yield f"    {shown_beside(str(signal))}"


def rights_as_json(pages: Sequence[StoredRights]) -> list[dict[str, Any]]:
    """The same as data."""
    return [
        {
            "page": page.page_url,
            "since": to_text(page.since),
            "last_seen": to_text(page.last_seen),
            "decisions": {use: page.rights.decision(use) for use in USES},
            "signals": [signal.as_dict() for signal in page.rights.signals],
        }
        for page in pages
    ]
