"""Which documents a run requests: channels, and those that they lead to, as many as it may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from crawler import clock
from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.channel_tree import ChannelTree
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
from crawler.discover import ChildDocument
from crawler.fetch.response import body_hash
from crawler.profile import Channel, SiteProfile
from crawler.store import ChannelState, EnqueueResult, Reading
from crawler.urls import canonical_url

# Nesting of sitemap indexes. sitemaps.org allows one level, and sites have two; deeper documents always rest. Those
# below the last level are not requested: a calendar may go on without an end. Chosen by hand; no measurement.
_USUAL_DEPTH, _MAX_DEPTH = 2, 10
# Kinds that list all that a site has.
_WHOLE_SITE = ("sitemap", "wordpress")


@dataclass(kw_only=True, slots=True)
class DocumentPlan:
    """The documents of one run."""

    thread: StoreThread
    stats: CrawlStats
    profile: SiteProfile
    arguments: CrawlArguments
    max_documents: int
    sitemap_age: timedelta
    """A sitemap beside fresher channels is requested this often, and to fill a gap."""

    pages_back: int
    """Further pages of a feed or section that its first crawl follows."""

    rounds: int = 1
    """Runs in which each channel of the profile has its turn."""

    has_unread: bool = False
    """Whether channels of the profile have never had their turn and have it not in this run."""

    _requested: set[str] = field(default_factory=set)
    _trees: dict[str, ChannelTree] = field(default_factory=dict)
    _depths: dict[str, int] = field(default_factory=dict)
    """Of the documents that others lead to: how many lead to it, by URL."""

    _further: set[str] = field(default_factory=set)
    """URLs of the further pages of feeds and sections."""

    _archive: set[str] = field(default_factory=set)
    """URLs of the pages of WordPress APIs that are read to get the whole archive, and not only what is new."""

    _planned: set[str] = field(default_factory=set)
    """Channels of the profile that this run is going to request."""

    async def in_turn(self, children: Sequence[ChildDocument], parent: Channel) -> list[ChildDocument]:
        """The documents that another one leads to, in the order of their requests. If there are more than this run may
        still request, those that come first, then the others in turn: those that were never read, and then those that
        were not read for the longest time. Those that rest are left out."""
        if parent.kind == "wordpress" and (page := await self._next_of_archive(parent)):
            return [*children, page]
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
        tree, depth = self._tree(parent), self._depths.get(parent.url, 0) + 1
        is_further = child.is_next and child.channel.kind != "wordpress"
        if not (
            await self._follows(tree, depth, enqueued)
            if is_further
            else await self._is_fresh(child, parent, tree, enqueued)
        ):
            return False
        # After all that is awaited: nothing may come between this and `begin`. A sitemap index may list itself.
        if self._key(child.channel) in self._requested:
            return False
        if self._room <= 0:
            self.stats.skip("channel_page_over_limit")
            tree.is_complete = tree.is_complete and is_further  # what a feed listed long ago is not owed
            return False
        if not child.is_next and depth > _MAX_DEPTH:
            self.stats.skip("sitemap_too_deep")
            return False
        if is_further:
            self._further.add(child.channel.url)
        self._depths[child.channel.url] = depth
        self._trees[child.channel.url] = tree
        return True

    def is_further_page(self, channel: Channel) -> bool:
        """Whether a document is a further page of a feed or section. It has no row in the store: what it lists moves on
        with every new article."""
        return channel.url in self._further

    def origin(self, channel: Channel) -> Channel:
        """The channel of the profile that led to a document; a channel of the profile is its own origin."""
        return self._tree(channel).channel

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
            chosen = channels_in_turn(channels, readings, most)
            self.has_unread = any(channel.url not in readings for channel in set(channels).difference(chosen))
            self.rounds = max(self.rounds, rounds(len(channels), most))
            channels = chosen
        self._planned |= {self._key(channel) for channel in channels}
        return channels

    async def _readings(self) -> dict[str, Reading]:
        return await self.thread.call(self.thread.store.channels.readings, self.profile.name)

    async def _follows(self, tree: ChannelTree, depth: int, enqueued: EnqueueResult) -> bool:
        """Whether to request the page after this one of a feed or section: at its first crawl, if no other channel
        lists all that the site has; to fill a gap; as far as the arguments ask for."""
        if not tree.pages.adds_links or tree.channel not in self.profile.channels():  # as the home page as a witness
            return False
        if self.arguments.force or (self.arguments.since and tree.channel.kind != "section"):
            return True
        if tree.pages.has_gap:
            return depth == 1 or enqueued.new > 0
        if any(channel.kind in _WHOLE_SITE for channel in self.profile.channels()):
            return False
        return depth <= self.pages_back and (await self.state(tree.channel)).completed is None

    async def _next_of_archive(self, channel: Channel) -> ChildDocument | None:
        """The page of a WordPress API at which the last run stopped, if `channel` is the API itself."""
        page = (await self.state(channel)).continue_at
        if page is None or self._tree(channel).channel != channel or self.arguments.force or self.arguments.since:
            return None
        self._archive.add(page)
        return ChildDocument(channel=Channel("wordpress", page), is_next=True)

    async def _follows_posts(
        self, child: ChildDocument, parent: Channel, tree: ChannelTree, enqueued: EnqueueResult
    ) -> bool:
        """Whether to request the page after this one of a WordPress API. The newest posts come first: a page of known
        posts is followed by known posts only, unless the archive was never read to its end."""
        state = await self.state(tree.channel)
        begins = parent == tree.channel and state.completed is None and state.continue_at is None
        if begins or {parent.url, child.channel.url} & self._archive:
            self._archive.add(child.channel.url)
            tree.continue_at = child.channel.url
            return True
        return enqueued.new > 0

    async def _is_fresh(
        self, child: ChildDocument, parent: Channel, tree: ChannelTree, enqueued: EnqueueResult
    ) -> bool:
        """Whether a further document may list articles that are not known yet."""
        if self.arguments.force:
            return True
        if child.channel.kind == "wordpress":
            return await self._follows_posts(child, parent, tree, enqueued)
        return may_have_changed(child, await self.state(child.channel))

    async def _sitemap_is_due(self, channel: Channel) -> bool:
        if self.arguments.channel == "sitemap" or self.arguments.force:
            return True
        return is_sitemap_due(await self.state(channel), self.sitemap_age)

    def _tree(self, channel: Channel) -> ChannelTree:
        return self._trees.setdefault(channel.url, ChannelTree(channel))

    @staticmethod
    def _key(channel: Channel) -> str:
        return canonical_url(channel.url)

    @property
    def _read_as(self) -> str:
        """What besides a document's bytes decides what is read of it."""
        profile = self.profile
        pattern = profile.article_url.pattern if profile.article_url else None
        dates_by = (profile.timezone, profile.dates, profile.language)
        read_by = (profile.url, profile.hosts, dates_by, profile.moved_to, pattern, self.arguments.since)
        return body_hash(repr(read_by).encode("utf-8", "replace"))
