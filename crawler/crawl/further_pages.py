"""The further pages of a feed, section or WordPress API, as far as a run has followed them."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.discover import ChannelResult
from crawler.store import EnqueueResult


@dataclass(slots=True)
class FurtherPages:
    """The pages of one channel that this run has read."""

    listed: set[str] = field(default_factory=set)
    """URLs that they list."""

    adds_links: bool = False
    """Whether the last of them lists a URL that none before lists. One that does not is the end: some sites give the
    same page under every number."""

    has_gap: bool = False
    """Whether articles may be missing between the first page and what was known before."""

    is_filled: bool = False
    """Whether they were read back to what was known before, or to the last one."""

    def record(self, result: ChannelResult, enqueued: EnqueueResult, *, is_first: bool) -> None:
        """A page was read, and what it lists is committed."""
        urls = {candidate.url for candidate in result.candidates}
        self.adds_links = not urls <= self.listed
        self.listed |= urls
        if is_first:
            self.has_gap = enqueued.gap
        else:
            is_last = not any(child.is_next for child in result.children)
            self.is_filled = is_last or enqueued.new == 0
