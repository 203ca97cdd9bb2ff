"""Which channel documents are asked in a run, how cheaply, and when all have answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import time, timedelta

from crawler import clock
from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.stats import Outcomes
from crawler.dates.read import DAY_SPAN
from crawler.discover import Follow, Found
from crawler.fetch.failures import FailureReason
from crawler.fetch.response import body_hash
from crawler.items import Validators
from crawler.profile import Channel, SiteProfile
from crawler.store import Advertised, ChannelState, Store
from crawler.urls import canonical_url

# A sitemap of which some document failed is asked again sooner, but not in every run.
_RETRY_SHARE = 24
# A gap that the deeper channels could not fill for so long stays as it is.
_GAP_PATIENCE = timedelta(days=1)


@dataclass(slots=True)
class _Root:
    """One channel of the profile with the documents that it leads to."""

    channel: Channel
    outstanding: set[str] = field(default_factory=set)
    """Documents that were asked for and have not been dealt with."""

    whole: bool = True
    """Whether all that it leads to has been read so far."""

    validators: Validators | None = None
    """Of its own answer, if that may be recognised the next time."""

    new: int = 0


@dataclass(kw_only=True, slots=True)
class Discovery:
    """The channels of one run. The spider asks, and tells what came back."""

    store: Store
    outcomes: Outcomes
    profile: SiteProfile
    arguments: CrawlArguments
    max_documents: int
    sitemap_age: timedelta
    """A sitemap beside fresher channels is asked so often, and when a gap is to be filled."""

    finished: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while no document is under way."""

    usable: int = 0
    """Answers that could be used, the unchanged ones included."""

    responses: int = 0
    failures: list[FailureReason] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)
    _roots: dict[str, _Root] = field(default_factory=dict)
    _filling: bool = False

    # -- what to ask ---------------------------------------------------------------------------------------------------

    def first(self) -> list[Channel]:
        """The channels to ask at first: all, but sitemaps beside fresher channels only now and then."""
        self.finished.set()
        channels = self.profile.channels(self.arguments.channel)
        alone = all(channel.kind == "sitemap" for channel in channels)
        gaps = bool(self.store.channels.open_gaps(self.profile.name))
        return [c for c in channels if c.kind != "sitemap" or alone or gaps or self._sitemap_is_due(c)]

    def fillers(self) -> list[Channel]:
        """The channels that fill the gaps which the first answers showed: those that reach further back and were not
        asked yet. The channel of robots.txt itself if the profile has none."""
        if self.arguments.channel is not None or not self.store.channels.open_gaps(self.profile.name):
            return []
        self._filling = True
        deep = [c for c in self.profile.channels() if c.kind in ("sitemap", "wordpress", "news_sitemap")]
        if not any(c.kind in ("sitemap", "wordpress") for c in deep):
            deep.append(Channel("sitemap", self.profile.robots_url))
        return [c for c in deep if self._key(c) not in self._asked]

    def wants(self, follow: Follow, parent: Channel, found: Advertised) -> bool:
        """Whether to ask a document that another one leads to."""
        root = self._root(parent)
        if self._key(follow.channel) in self._asked:  # a sitemap index that names itself or its parent
            return False
        if not self._is_fresh(follow, root, found):
            return False
        if len(self._asked) >= self.max_documents:
            self.outcomes.skipped["channel_page_over_limit"] += 1
            root.whole = False
            return False
        self._roots[follow.channel.url] = root
        return True

    def state(self, channel: Channel) -> ChannelState:
        """What is known of a channel; without validators if it must come whole."""
        state = self.store.channels.state(self.profile.name, channel.url, self._read_as)
        return ChannelState(completed=state.completed) if self.arguments.force else state

    # -- what came back ------------------------------------------------------------------------------------------------

    def asking(self, channel: Channel) -> None:
        """A document is requested."""
        self._asked.add(self._key(channel))
        self._root(channel).outstanding.add(self._key(channel))
        self.finished.clear()

    def is_unchanged(self, channel: Channel, status: int, body: bytes) -> bool:
        """Whether a channel answered what it answered before. If so, that is noted, and there is nothing to read."""
        self.responses += 1
        state = self.state(channel)
        known = state.validators.body_hash
        if status != 304 and (known is None or known != body_hash(body)):
            return False
        self.usable += 1
        self.outcomes.channels_unchanged += 1
        self.outcomes.skipped["known"] += state.candidates
        self.store.channels.unchanged(self.profile.name, channel.url, clock.now(), status=status)
        return True

    def was_read(self, channel: Channel, validators: Validators, found: Found, advertised: Advertised) -> None:
        """A channel's answer was read and what it named is committed."""
        self.usable += 1
        self._root(channel).new += advertised.new
        names_nothing = not found.candidates and not found.follow
        if found.cut_off or (found.problems and names_nothing):  # the same answer will be no better known than now
            self._root(channel).whole = False
            return
        # An index without dates may stay the same while its children change: it is read again each time.
        stays = channel.kind == "wordpress" or all(child.modified for child in found.follow)
        if not found.follow:
            self._complete(channel, validators)
        elif self._root(channel).channel == channel:
            self._root(channel).validators = validators if stays else Validators()

    def failed(self, channel: Channel, reason: FailureReason | None = None) -> None:
        """A channel gave no answer, or none that can be used."""
        self._root(channel).whole = False
        if reason is not None:
            self.failures.append(reason)
            self.responses += reason.status is not None

    def answered(self, channel: Channel) -> None:
        """A document that was requested has been dealt with, well or not. Saying it again does no harm."""
        root = self._root(channel)
        root.outstanding.discard(self._key(channel))
        if not root.outstanding and root.whole and root.validators is not None:
            self._complete(root.channel, root.validators)
        if not any(r.outstanding for r in self._roots.values()):
            self.finished.set()

    def close_gaps(self) -> None:
        """After the fillers have answered: the gaps are filled as well as this site lets us."""
        if not self._filling:
            return
        now = clock.now()
        deep = [r for r in self._roots.values() if r.channel.kind in ("sitemap", "wordpress", "news_sitemap")]
        kinds = sorted({r.channel.kind for r in deep if r.whole})
        late = any(now - gap.noticed > _GAP_PATIENCE for gap in self.store.channels.open_gaps(self.profile.name))
        if kinds or late:
            by = ", ".join(kinds) or "nothing"
            self.store.channels.close_gaps(self.profile.name, now, by=by, found=sum(r.new for r in deep))

    @property
    def is_unreachable(self) -> bool:
        """Whether not one channel gave any answer at all: the site, or our own network, is down."""
        return not self.responses and bool(self.failures) and all(reason.passing for reason in self.failures)

    # -- helpers -------------------------------------------------------------------------------------------------------

    def _is_fresh(self, follow: Follow, root: _Root, found: Advertised) -> bool:
        """Whether a further document may hold what is not known yet."""
        if self.arguments.force:
            return True
        if follow.channel.kind == "wordpress":  # newest first: behind a page of known posts come only known ones
            return found.new > 0 or self.state(root.channel).completed is None
        state = self.state(follow.channel)
        read = state.succeeded
        if read is None or state.problem is not None or follow.modified is None:
            return True
        latest = follow.modified + DAY_SPAN if follow.modified.time() == time() else follow.modified
        return latest > read

    def _sitemap_is_due(self, channel: Channel) -> bool:
        if self.arguments.channel == "sitemap" or self.arguments.force:
            return True
        state = self.state(channel)
        last, age = state.completed, self.sitemap_age
        if last is None:
            last, age = state.succeeded, self.sitemap_age / _RETRY_SHARE
        return last is None or not timedelta() <= clock.now() - last < age

    def _complete(self, channel: Channel, validators: Validators) -> None:
        self.store.channels.complete(self.profile.name, channel.url, validators, self._read_as, clock.now())

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
