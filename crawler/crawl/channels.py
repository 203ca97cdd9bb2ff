"""Which channel documents are requested in a run, how cheaply, and when all of them are finished."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from crawler import clock
from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.further_pages import FurtherPages
from crawler.crawl.stats import CrawlStats
from crawler.crawl.store_thread import StoreThread
from crawler.crawl.turns import (
    channels_in_turn,
    children_in_turn,
    is_sitemap_due,
    may_have_changed,
    most_channels,
    rounds,
)
from crawler.discover import ChannelResult, ChildDocument
from crawler.fetch.failures import FailureReason
from crawler.fetch.response import body_hash
from crawler.items import Validators
from crawler.profile import Channel, SiteProfile
from crawler.store import ChannelState, Completion, EnqueueResult, Reading, StoreError
from crawler.urls import canonical_url

# A gap that the deeper channels could not fill for this long is closed as it is. Chosen by hand; no measurement.
_GAP_PATIENCE = timedelta(days=1)
# Nesting of sitemap indexes. sitemaps.org allows one level, and sites have two; deeper documents always rest. Those
# below the last level are not requested: a calendar may go on without an end. Chosen by hand; no measurement.
_USUAL_DEPTH, _MAX_DEPTH = 2, 10
# Kinds that reach further back than the newest articles.
_DEEP = ("sitemap", "wordpress", "news_sitemap")
# Of these, the kinds that list all that a site has.
_WHOLE_SITE = ("sitemap", "wordpress")


@dataclass(slots=True)
class _Root:
    """One channel of the profile with the documents that it leads to."""

    channel: Channel
    outstanding: set[str] = field(default_factory=set)
    """Documents that were requested and are not finished."""

    is_complete: bool = True
    """Whether all documents that it leads to have been read so far."""

    validators: Validators | None = None
    """Of its own response, if an unchanged one may be recognised at the next poll."""

    new: int = 0
    pages: FurtherPages = field(default_factory=FurtherPages)


@dataclass(kw_only=True, slots=True)
class Discovery:
    """The channels of one run. The spider requests them, and reports each response."""

    thread: StoreThread
    stats: CrawlStats
    profile: SiteProfile
    arguments: CrawlArguments
    max_documents: int
    sitemap_age: timedelta
    """A sitemap beside fresher channels is requested this often, and to fill a gap."""

    pages_back: int
    """Further pages of a feed or section that its first crawl follows."""

    finished: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while no document is outstanding."""

    usable: int = 0
    """Responses that could be used, the unchanged ones included."""

    rounds: int = 1
    """Runs in which each channel of the profile has its turn."""

    has_unread: bool = False
    """Whether channels of the profile have never had their turn and have it not in this run."""

    responses: int = 0
    failures: list[FailureReason] = field(default_factory=list)
    first_problem: str | None = None
    """URL and problem of the first document that failed or cannot be used."""

    _requested: set[str] = field(default_factory=set)
    _roots: dict[str, _Root] = field(default_factory=dict)
    _depths: dict[str, int] = field(default_factory=dict)
    """Of the documents that others lead to: how many lead to it, by URL."""

    _further: set[str] = field(default_factory=set)
    """URLs of the further pages of feeds and sections."""

    _planned: set[str] = field(default_factory=set)
    """Channels of the profile that this run is going to request."""

    _is_filling: bool = False

    # -- what to request -----------------------------------------------------------------------------------------------

    async def first_channels(self) -> list[Channel]:
        """The channels to request first: all of them, but sitemaps beside fresher channels only if they are due."""
        self.finished.set()
        channels = self.profile.channels(self.arguments.channel)
        if any(channel.kind != "sitemap" for channel in channels) and not await self._has_gaps():
            channels = [
                channel for channel in channels if channel.kind != "sitemap" or await self._sitemap_is_due(channel)
            ]
        return await self._limited(channels)

    async def gap_channels(self) -> list[Channel]:
        """The channels that fill the gaps which the first responses showed: those that reach further back and were not
        requested yet. The sitemaps of robots.txt if the profile has no such channel."""
        if self.arguments.channel is not None or not await self._has_gaps():
            return []
        self._is_filling = True
        deep = [channel for channel in self.profile.channels() if channel.kind in _DEEP]
        if all(channel.kind == "news_sitemap" for channel in deep):
            deep.append(Channel("sitemap", self.profile.robots_url))
        return await self._limited([channel for channel in deep if self._key(channel) not in self._requested])

    async def in_turn(self, children: Sequence[ChildDocument], parent: Channel) -> list[ChildDocument]:
        """The documents that another one leads to, in the order of their requests. If there are more than this run may
        still request, those that come first, then the others in turn: those that were never read, and then those that
        were not read for the longest time. Those that rest are left out."""
        room, depth = self._room, self._depths.get(parent.url, 0) + 1
        is_usual = depth <= _USUAL_DEPTH and len(children) <= room
        if self.arguments.force or is_usual or all(child.is_next for child in children):
            return list(children)
        in_turn = children_in_turn(
            children, await self._readings(), room, rest=self.sitemap_age, takes_first=depth <= _USUAL_DEPTH
        )
        self.stats.skip("sitemap_rests", len(children) - len(in_turn))
        return in_turn

    async def should_request(self, child: ChildDocument, parent: Channel, enqueued: EnqueueResult) -> bool:
        """Whether to request a document that another one leads to."""
        root, depth = self._root(parent), self._depths.get(parent.url, 0) + 1
        is_further = child.is_next and child.channel.kind != "wordpress"
        if not (
            await self._follows(root, depth, enqueued) if is_further else await self._is_fresh(child, root, enqueued)
        ):
            return False
        # After all that is awaited: nothing may come between this and `begin`. A sitemap index may list itself.
        if self._key(child.channel) in self._requested:
            return False
        if self._room <= 0:
            self.stats.skip("channel_page_over_limit")
            root.is_complete = root.is_complete and is_further  # what a feed listed long ago is not owed
            return False
        if not child.is_next and depth > _MAX_DEPTH:
            self.stats.skip("sitemap_too_deep")
            return False
        if is_further:
            self._further.add(child.channel.url)
        self._depths[child.channel.url] = depth
        self._roots[child.channel.url] = root
        return True

    def is_further_page(self, channel: Channel) -> bool:
        """Whether a document is a further page of a feed or section. It has no row in the store: what it lists moves on
        with every new article."""
        return channel.url in self._further

    async def state(self, channel: Channel) -> ChannelState:
        """What the store knows of a channel; without validators if the document must be sent whole."""
        states = self.thread.store.channels
        state = await self.thread.call(
            states.state,
            self.profile.name,
            channel.url,
            self._read_as,
            clock.now(),
            is_child=channel.url in self._depths,
        )
        return ChannelState(completed=state.completed) if self.arguments.force else state

    # -- what the responses were ---------------------------------------------------------------------------------------

    def begin(self, channel: Channel) -> None:
        """A document is about to be requested."""
        self._requested.add(self._key(channel))
        self._planned.discard(self._key(channel))
        self._root(channel).outstanding.add(self._key(channel))
        self.finished.clear()

    async def record_if_unchanged(self, channel: Channel, status: int, body: bytes) -> bool:
        """Whether a document is what it was at the last poll. If so, this is recorded, and there is nothing to read."""
        self.responses += 1
        state = await self.state(channel)
        known = state.validators.body_hash
        if status != HTTPStatus.NOT_MODIFIED and (known is None or known != body_hash(body)):
            return False
        self.usable += 1
        self.stats.count("discover/channels_unchanged")
        self.stats.skip("known", state.candidates)
        self.stats.record_foreign_hosts(state.foreign_hosts)
        unchanged = self.thread.store.channels.record_unchanged
        await self.thread.call(unchanged, self.profile.name, channel.url, clock.now(), status=status)
        return True

    def record_read(
        self, channel: Channel, validators: Validators, result: ChannelResult, enqueued: EnqueueResult
    ) -> None:
        """A document was read, and what it lists is committed."""
        self.usable += 1
        self.stats.count("discover/channels")
        root = self._root(channel)
        root.new += enqueued.new
        root.pages.record(result, enqueued, is_first=root.channel == channel)
        if not _is_whole(result):
            root.is_complete = False
        elif result.children and root.channel == channel:
            # An index without dates may stay the same while its children change: it is read at each poll.
            is_dated = all(child.is_next or child.modified for child in result.children)
            root.validators = validators if is_dated else Validators()

    def completion(self, validators: Validators, result: ChannelResult) -> Completion | None:
        """What is committed together with the candidates of a document, so that the next request for it is a
        conditional one. None if the same bytes must be read again the next time, and for a document that leads to
        others: see `finish`."""
        if result.children or not _is_whole(result):
            return None
        return Completion(validators, self._read_as)

    def record_stopped(self, channel: Channel) -> None:
        """A document was not received because the crawl was stopped: the next one requests it again."""
        self._root(channel).is_complete = False

    def record_failure(self, channel: Channel, reason: FailureReason | None = None, problem: str = "") -> None:
        """A document was not sent, or cannot be used."""
        self._root(channel).is_complete = False
        self.first_problem = self.first_problem or f"{channel.url}: {problem}"
        if reason is not None:
            self.failures.append(reason)
            self.responses += reason.status is not None

    def record_end(self, channel: Channel) -> None:
        """There is no such further page: the one before is the last."""
        self._root(channel).pages.is_filled = True

    async def finish(self, channel: Channel) -> None:
        """A requested document is finished, read or failed. A second call for it changes nothing. Raises StoreError,
        and the document is finished all the same."""
        root = self._root(channel)
        root.outstanding.discard(self._key(channel))
        try:
            if not root.outstanding and root.is_complete:
                await self._complete(root)
        finally:
            if not any(root.outstanding for root in self._roots.values()):
                self.finished.set()

    @contextlib.asynccontextmanager
    async def finishing(self, channel: Channel) -> AsyncIterator[None]:
        """Handle a document in the block: however that ends, the document is finished; it counts as read only if the
        block came to its end. A StoreError ends the block without a traceback, because CrawlRun ends the crawl."""
        with contextlib.suppress(StoreError):
            try:
                yield
            except BaseException:
                self._root(channel).is_complete = False
                raise
            finally:
                await self.finish(channel)

    async def close_gaps(self) -> None:
        """After the channels that fill gaps: the gaps are as full as this site allows."""
        if not self._is_filling:
            return
        now, site, channels = clock.now(), self.profile.name, self.thread.store.channels
        deep = list({id(root): root for root in self._roots.values() if root.channel.kind in _DEEP}.values())
        kinds = sorted({root.channel.kind for root in deep if root.is_complete})
        gaps = await self.thread.call(channels.open_gaps, site)
        if kinds or any(now - noticed > _GAP_PATIENCE for noticed in gaps):
            by, new = ", ".join(kinds) or "nothing", sum(root.new for root in deep)
            await self.thread.call(channels.close_gaps, site, now, by=by, new=new)

    @property
    def is_unreachable(self) -> bool:
        """Whether no channel gave any response: the site, or our own network, is down."""
        return not self.responses and bool(self.failures) and all(reason.is_transient for reason in self.failures)

    @property
    def is_unusable(self) -> bool:
        """Whether channels were requested and none gave an answer that can be used."""
        return not self.usable and self.first_problem is not None

    @property
    def is_whole_poll(self) -> bool:
        """Whether the run is a poll of all channels of the site itself, so that it counts for the next poll."""
        return not (self.arguments.url or self.arguments.channel or self.arguments.since)

    # -- helpers -------------------------------------------------------------------------------------------------------

    async def _has_gaps(self) -> bool:
        return bool(await self.thread.call(self.thread.store.channels.open_gaps, self.profile.name))

    @property
    def _room(self) -> int:
        """Documents that this run may request beside the channels that it is going to request."""
        return self.max_documents - len(self._requested | self._planned)

    async def _limited(self, channels: list[Channel]) -> list[Channel]:
        """As many of these channels as a run may request: the others have their turn in the next runs."""
        most = most_channels(self._room)
        if len(channels) > self._room:
            self.stats.skip("channel_page_over_limit", len(channels) - most)
            readings = await self._readings()
            self.has_unread = sum(channel.url not in readings for channel in channels) > most
            self.rounds = max(self.rounds, rounds(len(channels), most))
            channels = channels_in_turn(channels, readings, most)
        self._planned |= {self._key(channel) for channel in channels}
        return channels

    async def _readings(self) -> dict[str, Reading]:
        return await self.thread.call(self.thread.store.channels.readings, self.profile.name)

    async def _complete(self, root: _Root) -> None:
        """All documents of a channel that this run requests have been read."""
        channels, now, site = self.thread.store.channels, clock.now(), self.profile.name
        if root.validators is not None:
            completion = Completion(root.validators, self._read_as)
            await self.thread.call(channels.record_complete, site, root.channel.url, completion, now)
        if root.pages.has_gap and root.pages.is_filled:
            root.pages.has_gap, by = False, root.channel.kind
            close = channels.close_gaps
            await self.thread.call(close, site, now, by=by, new=root.new, channel_url=root.channel.url)

    async def _follows(self, root: _Root, depth: int, enqueued: EnqueueResult) -> bool:
        """Whether to request the page after this one of a feed or section: at its first crawl, if no other channel
        lists all that the site has; to fill a gap; as far as the arguments ask for."""
        if not root.pages.adds_links:
            return False
        if self.arguments.force or (self.arguments.since and root.channel.kind != "section"):
            return True
        if root.pages.has_gap:
            return depth == 1 or enqueued.new > 0
        if any(channel.kind in _WHOLE_SITE for channel in self.profile.channels()):
            return False
        return depth <= self.pages_back and (await self.state(root.channel)).completed is None

    async def _is_fresh(self, child: ChildDocument, root: _Root, enqueued: EnqueueResult) -> bool:
        """Whether a further document may list articles that are not known yet."""
        if self.arguments.force:
            return True
        if child.channel.kind == "wordpress":  # newest first: a page of known posts is followed by known posts only
            return enqueued.new > 0 or (await self.state(root.channel)).completed is None
        return may_have_changed(child, await self.state(child.channel))

    async def _sitemap_is_due(self, channel: Channel) -> bool:
        if self.arguments.channel == "sitemap" or self.arguments.force:
            return True
        return is_sitemap_due(await self.state(channel), self.sitemap_age)

    def _root(self, channel: Channel) -> _Root:
        return self._roots.setdefault(channel.url, _Root(channel))

    @staticmethod
    def _key(channel: Channel) -> str:
        return canonical_url(channel.url)

    @property
    def _read_as(self) -> str:
        """What besides a document's bytes decides what is read of it."""
        profile = self.profile
        pattern = profile.article_url.pattern if profile.article_url else None
        read_by = (profile.url, profile.hosts, profile.timezone, profile.moved_to, pattern, self.arguments.since)
        return body_hash(repr(read_by).encode("utf-8", "replace"))


def _is_whole(result: ChannelResult) -> bool:
    """Whether a document was read to its end, so that the same bytes would give nothing more."""
    is_empty = not result.candidates and not result.children
    return not (result.is_cut_off or (result.problems and is_empty))
