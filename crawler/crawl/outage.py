"""Recognizes an outage of a site: all pages of a run fail alike.

docs/decisions.md#a-site-whose-pages-all-fail-alike-is-in-an-outage has the rule and its reasons.
"""

from __future__ import annotations

from crawler.items import PageResult
from crawler.schedule.revisit import ROBOTS_DISALLOW_ALL
from crawler.store.outages import Outage

PROBES = 3
"""Pages that a poll requests during an outage. If one of them is received, the outage has ended. Chosen by hand."""

_MIN_FAILURES = 3
"""An outage begins when this number of pages fail alike that had not failed before. Chosen by hand: a quiet site has
three new pages in half a day."""

_STOP_AFTER = 10
"""After this number of failures that are alike, a run requests no further pages. Chosen by hand."""

_RECEIVED = ("new", "updated", "unchanged", "duplicate")
_OURS = ("callback_error", "pipeline_error", "tdm_unknown", "host_asks_to_wait", "no_web_address")
_SHOWN = ("no_title", "no_body", "body_too_short", "other_page", "not_news", "not_html", "suspect_text")
"""Reasons that also a redesign has, or a rewritten article: only pages that show the same are alike."""


class OutageWatch:
    """Follows the outcomes of one run."""

    def __init__(self) -> None:
        self.known: Outage | None = None
        """The outage that the site had when the run began."""

        self.has_received = False
        """Whether a page was received."""

        self.failed: list[str] = []
        """URLs of the pages that failed."""

        self._kinds: set[tuple[str, str, str | None]] = set()
        self._unexpected = 0

    def record(self, result: PageResult) -> None:
        """Take an outcome into account."""
        reason = result.reason or ""
        if result.outcome in _RECEIVED:
            self.has_received = True
        elif reason not in _OURS and not reason.startswith(("extract_", "directive_")):
            self.failed.append(result.page.url)
            self._kinds.add((str(result.outcome), reason, result.shown if reason in _SHOWN else None))
            self._unexpected += not result.page.is_retry

    @property
    def must_stop(self) -> bool:
        """Whether the run is to request no further pages."""
        return len(self.failed) >= _STOP_AFTER and self._are_alike

    @property
    def reason(self) -> str | None:
        """The reason for which all pages of the run failed, if that is an outage."""
        if not self._are_alike:
            return None
        ((_, reason, _),) = self._kinds
        is_outage = self.known is not None or self._unexpected >= _MIN_FAILURES or reason == ROBOTS_DISALLOW_ALL
        return reason if is_outage else None

    @property
    def _are_alike(self) -> bool:
        is_over_limit = self.known is not None and self.known.is_over_limit
        return len(self._kinds) == 1 and not self.has_received and not is_over_limit
