"""From an address, which may be that of a feed or of an article, to the home page of its site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from crawler.discover import ChannelProblem, discover
from crawler.discover.document import open_document
from crawler.extract.workers.pool import ExtractionFailed, ExtractionPool
from crawler.items import Article, ChannelKind
from crawler.onboard.address import urls_of
from crawler.onboard.homepage import HomePage, read_home_page
from crawler.onboard.probe import ProbeFailed, Prober, ProbeResponse
from crawler.onboard.result import SiteRefused, Survey, refusal
from crawler.onboard.samples import extract_response, is_wall
from crawler.profile import Channel, SiteProfile
from crawler.urls import host_of, is_home, origin_of

_ANOTHER_TRY = frozenset({"no_such_host", "connection_refused", "connection_failed", "certificate", "download_error"})
"""Failures after which another form of the address is tried: no server was reached. Not a timeout: it takes long, and
is seldom another one by http."""

_SHAPES: dict[str, ChannelKind] = {"feed": "feed", "json": "feed", "sitemap": "sitemap"}
_MIN_MENU = 4
"""Links in menus that a wall does not have. Chosen by hand."""

_MIN_ARTICLE = 400
"""Characters of text from which a dated page is an article and not the front page of a part of the site. Chosen by
hand."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where the survey of a site begins."""

    profile: SiteProfile
    """What is known of the site: enough to read its channels."""

    home: HomePage
    channels: list[Channel] = field(default_factory=list)
    """The channel at the address, if it is that of one."""


class StartFinder:
    """Opens the address of a site."""

    def __init__(
        self, prober: Prober, pool: ExtractionPool, *, owners: Iterable[SiteProfile], existing: SiteProfile | None
    ) -> None:
        """`owners`: the profiles that there are. `existing`: the profile of the site, if it is inspected."""
        self._prober = prober
        self._pool = pool
        self._owners = tuple(owners)
        self._existing = existing

    async def find(self, survey: Survey) -> Start:
        """The start of a survey. Raises SiteRefused."""
        response = await self._open(survey)
        if self._existing is not None:
            return Start(self._provisional(response), await self._read_home(response))
        return await self._read_start(survey, response)

    async def _open(self, survey: Survey) -> ProbeResponse:
        """The document at the address. Raises SiteRefused."""
        first: ProbeFailed | None = None
        for url in urls_of(survey.address):
            self._check_owner(survey, url)
            if self._existing is None or self._existing.allow_private:
                self._prober.allow_private(url)
            try:
                response = await self._prober.get(url)
            except ProbeFailed as failed:
                first = first or failed
                if failed.reason.code not in _ANOTHER_TRY:
                    raise refusal(failed, url) from failed
                continue
            self._check_owner(survey, response.url)
            return response
        assert first is not None
        raise refusal(first, urls_of(survey.address)[0]) from first

    def _check_owner(self, survey: Survey, url: str) -> None:
        owner = owner_of(url, self._owners)
        if owner is not None:
            survey.owner = owner.name
            raise SiteRefused("already_there", f"the site {owner.name} has {host_of(url)} already")

    async def _read_start(self, survey: Survey, start: ProbeResponse) -> Start:
        """The home page behind the address, which may be that of a feed or of an article. Raises SiteRefused."""
        try:
            shape = open_document(start.body, start.headers, None).shape
        except ChannelProblem:
            shape = "html"
        profile = self._provisional(start)
        first: list[Channel] = []
        if shape in _SHAPES:
            first = [Channel(_SHAPES[shape], start.url)]
            home_url = _home_of_feed(first[0], start, profile)
        elif is_home(start.url):
            return Start(profile, await self._read_home(start))
        else:
            article = await self._extract(start, profile)
            if not _is_article(article):
                return Start(profile, self._check_wall(start, article))
            home_url = origin_of(start.url) + "/"
        self._check_owner(survey, home_url)
        try:
            response = await self._prober.get(home_url)
        except ProbeFailed as failed:
            if not first:
                raise refusal(failed, home_url) from failed
            survey.notes.append(f"the home page {home_url} could not be read: {failed}")
            return Start(replace(profile, url=home_url), HomePage(url=home_url), first)
        return Start(self._provisional(response), await self._read_home(response), first)

    async def _read_home(self, response: ProbeResponse) -> HomePage:
        article = await self._extract(response, self._provisional(response))
        return self._check_wall(response, article)

    def _check_wall(self, response: ProbeResponse, article: Article | None) -> HomePage:
        home = read_home_page(response.body, response.url, response.headers)
        # A small home page with a banner about cookies is none.
        leads_on = bool(home.feeds) or len(home.menu) >= _MIN_MENU
        if article is not None and is_wall(article, response.url) and not leads_on:
            raise SiteRefused(
                "wall", f"{response.url} is a consent wall, a login or a bot check; what is behind it cannot be read"
            )
        return home

    async def _extract(self, response: ProbeResponse, profile: SiteProfile) -> Article | None:
        try:
            return await extract_response(response, self._pool, profile)
        except ExtractionFailed:
            return None

    def _provisional(self, response: ProbeResponse) -> SiteProfile:
        """A profile for reading channels before the site is known. Dates without a zone are read as UTC: their
        difference from others shows the zone."""
        if self._existing is None:
            return SiteProfile(name="", title="", url=response.url, allow_private=response.is_private)
        old_host = host_of(self._existing.url)
        has_moved = not self._existing.owns(response.url)
        hosts = (*self._existing.hosts, *([old_host] if has_moved else []))
        return replace(self._existing, url=response.url, hosts=hosts, timezone="UTC", article_url=None)


def owner_of(url: str, profiles: Iterable[SiteProfile]) -> SiteProfile | None:
    """The profile of the site that a URL is part of; None if there is none."""
    for profile in profiles:
        if profile.owns(url) and _port(url) == _port(profile.home) and _is_below(url, profile.home):
            return profile
    return None


def _home_of_feed(channel: Channel, response: ProbeResponse, profile: SiteProfile) -> str:
    """The home page of the site whose articles a feed lists."""
    try:
        result = discover(channel, response.body, profile, url=response.url, headers=response.headers)
    except ChannelProblem:
        return origin_of(response.url) + "/"
    origins = Counter(origin_of(candidate.url) for candidate in result.candidates)
    if origins:
        return origins.most_common(1)[0][0] + "/"
    hosts = Counter(result.foreign_hosts)
    return f"https://{hosts.most_common(1)[0][0]}/" if hosts else origin_of(response.url) + "/"


def _is_article(article: Article | None) -> bool:
    return (
        article is not None
        and article.page_type == "article"
        and len(article.body) > _MIN_ARTICLE
        and article.published is not None
    )


def _port(url: str) -> int | None:
    parts = urlsplit(url)
    return None if parts.port == {"http": 80, "https": 443}.get(parts.scheme) else parts.port


def _is_below(url: str, home: str) -> bool:
    """Whether a URL is in the part of the site that a home page stands for."""
    folder = urlsplit(home).path.rpartition("/")[0] + "/"
    return (urlsplit(url).path or "/").startswith(folder)
