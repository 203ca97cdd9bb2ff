"""One channel in one run: the documents that it leads to, and its further pages as far as they were followed."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.discover import ChannelResult
from crawler.items import Validators
from crawler.profile import Channel
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


@dataclass(slots=True)
class ChannelTree:
    """One channel of the profile with the documents that it leads to."""

    channel: Channel
    outstanding: dict[str, Channel] = field(default_factory=dict)
    """Documents that were requested and are not finished, by their canonical URLs."""

    is_complete: bool = True
    """Whether all documents that it leads to have been read so far."""

    validators: Validators | None = None
    """Of its own response, if an unchanged one may be recognised at the next poll."""

    continue_at: str | None = None
    """The page of a WordPress API up to which its archive was read, if this run does not read it to its end."""

    new: int = 0
    pages: FurtherPages = field(default_factory=FurtherPages)
