"""Which channel documents are requested in a run, how cheaply, and when all of them are finished."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from crawler import clock
from crawler.crawl.channel_tree import ChannelTree
from crawler.crawl.document_plan import DocumentPlan
from crawler.discover import ChannelResult, page_before
from crawler.fetch.failures import LOGIN_FAILED, FailureReason
from crawler.fetch.response import body_hash
from crawler.items import Validators
from crawler.profile import Channel
from crawler.store import Completion, EnqueueResult, StoreError

# A gap that the deeper channels could not fill for this long is closed as it is. Chosen by hand; no measurement.
_GAP_PATIENCE = timedelta(days=1)
# The home page of a site whose channels have all become silent is requested this often. Chosen by hand: one request
# more a day, and only while that lasts.
_WITNESS_AFTER = timedelta(days=1)
# Kinds that reach further back than the newest articles.
_DEEP = ("sitemap", "wordpress", "news_sitemap")


@dataclass(kw_only=True, slots=True)
class Discovery(DocumentPlan):
    """The channels of one run. The spider requests them, and reports each response."""

    finished: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while no document is outstanding."""

    usable: int = 0
    """Responses that could be used, the unchanged ones included."""

    responses: int = 0
    failures: list[FailureReason] = field(default_factory=list)
    first_problem: str | None = None
    """URL and problem of the first document that failed or cannot be used."""

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
        return await self._limited([*channels, *await self._witness()])

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

    # -- what the responses were ---------------------------------------------------------------------------------------

    def begin(self, channel: Channel) -> None:
        """A document is about to be requested."""
        self._requested.add(self._key(channel))
        self._planned.discard(self._key(channel))
        self._tree(channel).outstanding[self._key(channel)] = channel
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
        tree = self._tree(channel)
        tree.new += enqueued.new
        if self.is_further_page(channel) or any(child.is_next for child in result.children):
            tree.pages.record(result, enqueued, is_first=tree.channel == channel)
        if not _is_whole(result):
            tree.is_complete = False
        elif result.children and tree.channel == channel:
            # An index without dates may stay the same while its children change: it is read at each poll.
            is_dated = all(child.is_next or child.modified for child in result.children)
            tree.validators = validators if is_dated else Validators()

    def completion(self, validators: Validators, result: ChannelResult) -> Completion | None:
        """What is committed together with the candidates of a document, so that the next request for it is a
        conditional one. None if the same bytes must be read again the next time, and for a document that leads to
        others: see `finish`."""
        if result.children or not _is_whole(result):
            return None
        return Completion(validators, self._read_as)

    def record_stopped(self, channel: Channel) -> None:
        """A document was not received because the crawl was stopped: the next one requests it again."""
        self._tree(channel).is_complete = False

    def record_failure(self, channel: Channel, reason: FailureReason | None = None, problem: str = "") -> None:
        """A document was not sent, or cannot be used."""
        self._tree(channel).is_complete = False
        self.first_problem = self.first_problem or f"{channel.url}: {problem}"
        if reason is not None:
            self.failures.append(reason)
            self.responses += reason.status is not None or reason.code == LOGIN_FAILED

    def record_end(self, channel: Channel, *, is_last: bool) -> None:
        """A further page cannot be read. `is_last`: because the one before it is the last."""
        pages = self._tree(channel).pages
        pages.is_filled = pages.is_filled or is_last

    def outstanding(self) -> list[Channel]:
        """The documents that were requested and are not finished."""
        return list(
            {key: channel for tree in self._trees.values() for key, channel in tree.outstanding.items()}.values()
        )

    async def finish(self, channel: Channel) -> None:
        """A requested document is finished, read or failed. A second call for it changes nothing. Raises StoreError,
        and the document is finished all the same."""
        tree = self._tree(channel)
        tree.outstanding.pop(self._key(channel), None)
        try:
            if not tree.outstanding and tree.is_complete:
                await self._complete(tree)
            elif not tree.outstanding and tree.continue_at and not (self.arguments.force or self.arguments.since):
                channels, page = self.thread.store.channels, page_before(tree.continue_at)
                await self.thread.call(channels.record_stop, self.profile.name, tree.channel.url, page)
        finally:
            if not any(tree.outstanding for tree in self._trees.values()):
                self.finished.set()

    @contextlib.asynccontextmanager
    async def finishing(self, channel: Channel) -> AsyncIterator[None]:
        """Handle a document in the block: however that ends, the document is finished; it counts as read only if the
        block came to its end. A StoreError ends the block without a traceback, because CrawlRun ends the crawl."""
        with contextlib.suppress(StoreError):
            try:
                yield
            except BaseException:
                self._tree(channel).is_complete = False
                raise
            finally:
                await self.finish(channel)

    async def close_gaps(self) -> None:
        """After the channels that fill gaps: the gaps are as full as this site allows."""
        if not self._is_filling:
            return
        now, site, channels = clock.now(), self.profile.name, self.thread.store.channels
        deep = list({id(tree): tree for tree in self._trees.values() if tree.channel.kind in _DEEP}.values())
        kinds = sorted({tree.channel.kind for tree in deep if tree.is_complete})
        gaps = await self.thread.call(channels.open_gaps, site)
        if kinds or any(now - noticed > _GAP_PATIENCE for noticed in gaps):
            by, new = ", ".join(kinds) or "nothing", sum(tree.new for tree in deep)
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

    async def _witness(self) -> list[Channel]:
        """The home page, at most once a day, if every channel has listed nothing new for longer than ever before: it
        shows whether the site has stopped or its channels have."""
        home, channels = Channel("section", self.profile.home), self.profile.channels()
        arguments, store = self.arguments, self.thread.store
        is_read = any(channel.url == home.url for channel in channels)
        if not self.is_whole_poll or arguments.force or is_read or not channels:
            return []
        if not await self.thread.call(store.stale_channels.are_all_resting, self.profile.name):
            return []
        last = (await self._readings()).get(home.url)
        return [] if last is not None and clock.now() - last.checked < _WITNESS_AFTER else [home]

    async def _has_gaps(self) -> bool:
        return bool(await self.thread.call(self.thread.store.channels.open_gaps, self.profile.name))

    async def _complete(self, tree: ChannelTree) -> None:
        """All documents of a channel that this run requests have been read."""
        channels, now, site = self.thread.store.channels, clock.now(), self.profile.name
        # A run of the newest articles only has not read the archive that another run is to go on with.
        is_whole = not (self.arguments.since and (await self.state(tree.channel)).continue_at)
        if tree.validators is not None and is_whole:
            completion = Completion(tree.validators, self._read_as)
            await self.thread.call(channels.record_complete, site, tree.channel.url, completion, now)
        if tree.pages.has_gap and tree.pages.is_filled:
            tree.pages.has_gap, by = False, tree.channel.kind
            close = channels.close_gaps
            await self.thread.call(close, site, now, by=by, new=tree.new, channel_url=tree.channel.url)


def _is_whole(result: ChannelResult) -> bool:
    """Whether a document was read to its end, so that the same bytes would give nothing more."""
    is_empty = not result.candidates and not result.children
    return not (result.is_cut_off or (result.problems and is_empty))
