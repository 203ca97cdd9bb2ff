"""Which channel documents are requested in a run, how cheaply, and when all of them are finished."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus

from crawler import clock
from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.stats import CrawlStats
from crawler.crawl.store_thread import StoreThread
from crawler.dates.read import DAY_SPAN
from crawler.discover import ChannelResult, ChildDocument
from crawler.fetch.failures import FailureReason
from crawler.fetch.response import body_hash
from crawler.items import Validators
from crawler.profile import Channel, SiteProfile
from crawler.store import ChannelState, Completion, EnqueueResult, Reading, StoreError
from crawler.urls import canonical_url

# A sitemap of which a document failed is requested again after this part of NEWS_SITEMAP_HOURS: with the default of 24
# after an hour. Chosen by hand; no measurement.
_RETRY_SHARE = 24
# A gap that the deeper channels could not fill for this long is closed as it is. Chosen by hand; no measurement.
_GAP_PATIENCE = timedelta(days=1)
# Of an index with more children than a run may request, this part of the requests is for the children that come first:
# the newest ones. The others take turns. Chosen by hand; no measurement.
_FIRST_SHARE = 1 / 4
# A child that lists nothing new rests for NEWS_SITEMAP_HOURS, then twice as long each time, up to this time. Chosen by
# hand: the archive of an old year hardly changes.
_LONGEST_REST = timedelta(days=30)
# Nesting of sitemap indexes. sitemaps.org allows one level, and sites have two; deeper documents always rest. Those
# below the last level are not requested: a calendar may go on without an end. Chosen by hand; no measurement.
_USUAL_DEPTH, _MAX_DEPTH = 2, 10
# Kinds that reach further back than the newest articles.
_DEEP = ("sitemap", "wordpress", "news_sitemap")
_NEVER = datetime.min.replace(tzinfo=UTC)


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

    finished: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while no document is outstanding."""

    usable: int = 0
    """Responses that could be used, the unchanged ones included."""

    responses: int = 0
    failures: list[FailureReason] = field(default_factory=list)
    first_problem: str | None = None
    """URL and problem of the first document that failed or cannot be used."""

    _requested: set[str] = field(default_factory=set)
    _roots: dict[str, _Root] = field(default_factory=dict)
    _depths: dict[str, int] = field(default_factory=dict)
    """Of the documents that others lead to: how many lead to it, by URL."""

    _is_filling: bool = False

    # -- what to request -----------------------------------------------------------------------------------------------

    async def first_channels(self) -> list[Channel]:
        """The channels to request first: all of them, but sitemaps beside fresher channels only if they are due."""
        self.finished.set()
        channels = self.profile.channels(self.arguments.channel)
        if all(channel.kind == "sitemap" for channel in channels) or await self._has_gaps():
            return list(channels)
        return [channel for channel in channels if channel.kind != "sitemap" or await self._sitemap_is_due(channel)]

    async def gap_channels(self) -> list[Channel]:
        """The channels that fill the gaps which the first responses showed: those that reach further back and were not
        requested yet. The sitemaps of robots.txt if the profile has no such channel."""
        if self.arguments.channel is not None or not await self._has_gaps():
            return []
        self._is_filling = True
        deep = [channel for channel in self.profile.channels() if channel.kind in _DEEP]
        if all(channel.kind == "news_sitemap" for channel in deep):
            deep.append(Channel("sitemap", self.profile.robots_url))
        return [channel for channel in deep if self._key(channel) not in self._requested]

    async def in_turn(self, children: Sequence[ChildDocument], parent: Channel) -> list[ChildDocument]:
        """The documents that another one leads to, in the order of their requests. If there are more than this run may
        still request, those that come first, then the others in turn: those that were never read, and then those that
        were not read for the longest time. Those that rest are left out."""
        room, depth = self.max_documents - len(self._requested), self._depths.get(parent.url, 0) + 1
        is_crowded = len(children) > room
        if self.arguments.force or parent.kind == "wordpress" or not (is_crowded or depth > _USUAL_DEPTH):
            return list(children)
        readings = await self.thread.call(self.thread.store.channels.readings, self.profile.name)
        first = max(int(room * _FIRST_SHARE), 1) if depth <= _USUAL_DEPTH else 0
        others = [child for child in children[first:] if not self._rests(child, readings.get(child.channel.url))]
        self.stats.skip("sitemap_rests", len(children) - first - len(others))
        if is_crowded:
            last = {child.channel.url: readings.get(child.channel.url) for child in others}
            others.sort(key=lambda child: reading.checked if (reading := last[child.channel.url]) else _NEVER)
        return [*children[:first], *others]

    async def should_request(self, child: ChildDocument, parent: Channel, enqueued: EnqueueResult) -> bool:
        """Whether to request a document that another one leads to."""
        root = self._root(parent)
        if not await self._is_fresh(child, root, enqueued):
            return False
        # After all that is awaited: nothing may come between this and `begin`. A sitemap index may list itself.
        if self._key(child.channel) in self._requested:
            return False
        if len(self._requested) >= self.max_documents:
            self.stats.skip("channel_page_over_limit")
            root.is_complete = False
            return False
        depth = self._depths.get(parent.url, 0) + 1
        if child.channel.kind != "wordpress" and depth > _MAX_DEPTH:
            self.stats.skip("sitemap_too_deep")
            return False
        self._depths[child.channel.url] = depth
        self._roots[child.channel.url] = root
        return True

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
        if not _is_whole(result):
            root.is_complete = False
        elif result.children and root.channel == channel:
            # An index without dates may stay the same while its children change: it is read at each poll.
            is_dated = channel.kind == "wordpress" or all(child.modified for child in result.children)
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

    async def finish(self, channel: Channel) -> None:
        """A requested document is finished, read or failed. A second call for it changes nothing. Raises StoreError,
        and the document is finished all the same."""
        root = self._root(channel)
        root.outstanding.discard(self._key(channel))
        try:
            if not root.outstanding and root.is_complete and root.validators is not None:
                complete, completion = (
                    self.thread.store.channels.record_complete,
                    Completion(root.validators, self._read_as),
                )
                await self.thread.call(complete, self.profile.name, root.channel.url, completion, clock.now())
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

    async def _is_fresh(self, child: ChildDocument, root: _Root, enqueued: EnqueueResult) -> bool:
        """Whether a further document may list articles that are not known yet."""
        if self.arguments.force:
            return True
        if child.channel.kind == "wordpress":  # newest first: a page of known posts is followed by known posts only
            return enqueued.new > 0 or (await self.state(root.channel)).completed is None
        state = await self.state(child.channel)
        if state.succeeded is None or state.problem is not None or child.modified is None:
            return True
        latest = child.modified + DAY_SPAN if child.modified.time() == time() else child.modified
        return latest > state.succeeded

    def _rests(self, child: ChildDocument, reading: Reading | None) -> bool:
        """Whether a child sitemap without a date listed nothing new when it was read, and is not read again yet."""
        if reading is None or child.modified is not None:
            return False
        doublings = min(reading.quiet, _LONGEST_REST.days)
        rest = min(self.sitemap_age / 2 * 2.0**doublings, _LONGEST_REST)
        return timedelta() <= clock.now() - reading.checked < rest

    async def _sitemap_is_due(self, channel: Channel) -> bool:
        if self.arguments.channel == "sitemap" or self.arguments.force:
            return True
        state = await self.state(channel)
        last, age = state.completed, self.sitemap_age
        if last is None:
            last, age = state.succeeded, self.sitemap_age / _RETRY_SHARE
        return last is None or not timedelta() <= clock.now() - last < age

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
