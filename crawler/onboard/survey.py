"""The survey of one site: open its home page, find channels, choose among them, look at articles, judge."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlsplit

from crawler.discover import ChannelProblem, discover
from crawler.discover.document import open_document
from crawler.extract.workers.pool import ExtractionFailed, ExtractionPool
from crawler.items import Article, Candidate, ChannelKind
from crawler.onboard.address import urls_of
from crawler.onboard.article_pattern import ArticlePattern, learn_pattern, looks_like_article
from crawler.onboard.choose import Choice, choose
from crawler.onboard.find_channels import ChannelFinder, FoundChannel, keys_of, listed_urls
from crawler.onboard.homepage import HomePage, read_home_page
from crawler.onboard.probe import ProbeFailed, Prober, ProbeResponse
from crawler.onboard.samples import (
    Sample,
    extract_again,
    extract_response,
    is_wall,
    look_at,
    select,
    sightings,
)
from crawler.onboard.site_facts import SiteFacts, site_facts
from crawler.onboard.timezone import country_of_host, guess_zone
from crawler.profile import Channel, SiteProfile
from crawler.urls import canonical_or_none, host_of, is_home, origin_of

Verdict = Literal[
    "ok", "unreachable", "robots", "wall", "javascript", "no_channels", "no_articles", "already_there", "no_address"
]

_MAX_SECTIONS_READ = 6
"""Section pages that are requested. Chosen by hand."""

_MIN_ARTICLES = 0.5
"""Share of the pages looked at that must be articles."""

_ANOTHER_TRY = frozenset({"no_such_host", "connection_refused", "connection_failed", "timeout", "certificate"})
"""Failures after which another form of the address is tried: the server was not reached."""

_REFUSALS = (401, 402, 403, 429, 451)
_SHAPES: dict[str, ChannelKind] = {"feed": "feed", "json": "feed", "sitemap": "sitemap"}


@dataclass(kw_only=True, slots=True)
class Survey:
    """What was found out about a site."""

    address: str
    """As it was typed."""

    verdict: Verdict = "unreachable"
    reason: str = ""
    """A sentence on what is in the way, if the verdict is not `ok`."""

    notes: list[str] = field(default_factory=list)
    """What the user should know although the profile works; a sentence each."""

    profile: SiteProfile | None = None
    """The profile as found; its name is empty."""

    home: HomePage | None = None
    channels: list[FoundChannel] = field(default_factory=list)
    """All that were requested."""

    choice: Choice | None = None
    pattern: ArticlePattern | None = None
    samples: list[Sample] = field(default_factory=list)
    facts: SiteFacts | None = None
    sections: int = 0
    """Links of menus that can be section pages."""

    owner: str | None = None
    """Name of the profile that has this site already."""

    requests: int = 0
    seconds: float = 0.0


class SiteRefused(Exception):
    """The survey cannot go on; `verdict` and the message say why."""

    def __init__(self, verdict: Verdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict


class Surveyor:
    """Makes the survey of one site."""

    def __init__(
        self,
        prober: Prober,
        pool: ExtractionPool,
        *,
        owners: Iterable[SiteProfile] = (),
        country: str | None = None,
        timezone: str | None = None,
    ) -> None:
        """`owners`: the profiles that there are. `country` (ISO 3166), `timezone` (IANA): what a catalogue says."""
        self._prober = prober
        self._pool = pool
        self._owners = tuple(owners)
        self._country = country
        self._timezone = timezone

    async def survey(self, address: str, known: Sequence[Channel] = (), known_from: str = "") -> Survey:
        """Look at a site. `known`: channels that are read first; `known_from`: who says that there are these."""
        survey, started = Survey(address=address), time.monotonic()
        try:
            await self._look(survey, known, known_from)
        except SiteRefused as refused:
            survey.verdict, survey.reason = refused.verdict, str(refused)
        survey.requests, survey.seconds = self._prober.budget.requests, time.monotonic() - started
        return survey

    async def _look(self, survey: Survey, known: Sequence[Channel], known_from: str) -> None:
        """Raises SiteRefused."""
        start = await self._open(survey)
        profile, home, first = await self._read_start(survey, start)
        survey.home = home
        survey.sections = len(home.menu)
        finder = ChannelFinder(self._prober, profile, home)
        survey.channels = finder.found
        for channel in known:
            await finder.read_given(channel.kind, channel.url, known_from)
        for channel in first:
            await finder.read_given(channel.kind, channel.url, "given address")
        await finder.find()
        await self._read_sections(survey, finder)
        survey.profile = finder.profile
        survey.choice = choose(finder.found)
        if not survey.choice.chosen:
            raise self._nothing_found(survey)
        await self._take_samples(survey)
        self._describe(survey)
        for sample in survey.samples:
            assert survey.profile is not None
            await extract_again(sample, self._pool, survey.profile)
        survey.verdict = "ok"

    # -- the address ---------------------------------------------------------------------------------------------------

    async def _open(self, survey: Survey) -> ProbeResponse:
        """The document at the address. Raises SiteRefused."""
        first: ProbeFailed | None = None
        for url in urls_of(survey.address):
            self._check_owner(survey, url)
            self._prober.allow_private(url)
            try:
                response = await self._prober.get(url)
            except ProbeFailed as failed:
                first = first or failed
                if failed.reason.code not in _ANOTHER_TRY:
                    raise _refusal(failed, url) from failed
                continue
            self._check_owner(survey, response.url)
            return response
        assert first is not None
        raise _refusal(first, urls_of(survey.address)[0]) from first

    def _check_owner(self, survey: Survey, url: str) -> None:
        for profile in self._owners:
            if profile.owns(url) and _port(url) == _port(profile.home) and _is_below(url, profile.home):
                survey.owner = profile.name
                raise SiteRefused("already_there", f"the site {profile.name} has {host_of(url)} already")

    async def _read_start(self, survey: Survey, start: ProbeResponse) -> tuple[SiteProfile, HomePage, list[Channel]]:
        """The home page behind the address, which may be that of a feed or of an article. Raises SiteRefused."""
        try:
            shape = open_document(start.body, start.headers, None).shape
        except ChannelProblem:
            shape = "html"
        profile = _provisional(start.url, start)
        first: list[Channel] = []
        if shape in _SHAPES:
            first = [Channel(_SHAPES[shape], start.url)]
            home_url = _home_of_feed(first[0], start, profile)
        elif is_home(start.url):
            return profile, await self._read_home(start), first
        else:
            article = await self._extract(start, profile)
            if not _is_article(article):
                return profile, self._check_wall(start, article), first
            home_url = origin_of(start.url) + "/"
        self._check_owner(survey, home_url)
        try:
            response = await self._prober.get(home_url)
        except ProbeFailed as failed:
            if not first:
                raise _refusal(failed, home_url) from failed
            survey.notes.append(f"the home page {home_url} could not be read: {failed}")
            return replace(profile, url=home_url), HomePage(url=home_url), first
        return _provisional(response.url, response), await self._read_home(response), first

    async def _read_home(self, response: ProbeResponse) -> HomePage:
        article = await self._extract(response, _provisional(response.url, response))
        return self._check_wall(response, article)

    def _check_wall(self, response: ProbeResponse, article: Article | None) -> HomePage:
        if article is not None and is_wall(article, response.url):
            raise SiteRefused(
                "wall", f"{response.url} is a consent wall, a login or a bot check; what is behind it cannot be read"
            )
        return read_home_page(response.body, response.url, response.headers)

    async def _extract(self, response: ProbeResponse, profile: SiteProfile) -> Article | None:
        try:
            return await extract_response(response, self._pool, profile)
        except ExtractionFailed:
            return None

    # -- the channels --------------------------------------------------------------------------------------------------

    async def _read_sections(self, survey: Survey, finder: ChannelFinder) -> None:
        """Learn the article pattern; then read the home page and, if it is needed, section pages by it."""
        assert survey.home is not None
        homes = [survey.home, *finder.editions]
        links = [link for home in homes for link in await self._links(home, finder)]
        survey.pattern = _pattern(finder, links, homes)
        if survey.pattern is None:
            return
        finder.profile = replace(finder.profile, article_url=re.compile(survey.pattern.regex))
        for found in finder.usable("sitemap"):
            found.candidates = [one for one in found.candidates if finder.profile.is_article_url(one.url)]
        dated = set(listed_urls(finder.usable("feed", "news_sitemap", "wordpress")))
        fronts = [await finder.read_section(home.url, "front page") for home in homes]
        lists_more = any(found is not None and len(found.keys() - keys_of(dated)) > 1 for found in fronts)
        if lists_more and not finder.usable("sitemap", "wordpress"):
            for url in survey.home.menu[:_MAX_SECTIONS_READ]:
                await finder.read_section(url, "menu")
            finder.expect_sections(survey.home.menu)

    async def _links(self, home: HomePage, finder: ChannelFinder) -> list[Candidate]:
        """The links of a front page to pages of the site, with the headlines of those that have one."""
        try:
            response = await self._prober.get(home.url)
            profile = replace(finder.profile, article_url=None)
            return discover(
                Channel("section", home.url), response.body, profile, url=home.url, headers=response.headers
            ).candidates
        except (ProbeFailed, ChannelProblem):
            return []

    def _nothing_found(self, survey: Survey) -> SiteRefused:
        assert survey.home is not None
        if survey.home.needs_javascript:
            return SiteRefused(
                "javascript",
                f"{survey.home.url} shows nothing without JavaScript, and no feed, sitemap or API was found",
            )
        tried = "; ".join(f"{found.channel.url}: {found.problem}" for found in survey.channels if found.problem)
        return SiteRefused(
            "no_channels",
            "no feed, sitemap, API or page that lists articles was found" + (f" ({tried})" if tried else ""),
        )

    # -- the articles --------------------------------------------------------------------------------------------------

    async def _take_samples(self, survey: Survey) -> None:
        """Look at a few articles. Raises SiteRefused if most of them are none."""
        assert survey.choice is not None
        assert survey.profile is not None
        for candidate in select(survey.choice.chosen):
            if self._prober.budget.left > 0:
                survey.samples.append(await look_at(candidate, self._prober, self._pool, survey.profile))
        good = sum(sample.state == "article" for sample in survey.samples)
        if survey.samples and good < len(survey.samples) * _MIN_ARTICLES:
            raise _no_articles(survey)

    def _describe(self, survey: Survey) -> None:
        """Put what samples and channels say about the site into the profile."""
        assert survey.home is not None
        assert survey.choice is not None
        assert survey.profile is not None
        candidates = [one for chosen in survey.choice.chosen for one in chosen.found.candidates]
        facts = site_facts(survey.home, survey.samples, candidates)
        survey.facts = facts
        country, source = self._country, "the catalogue"
        if country is None:
            country, source = country_of_host(host_of(survey.home.url)), "its domain"
        if country is None:
            country, source = survey.home.locale_country, "its home page"
        zone = guess_zone(
            sightings(survey.samples, candidates),
            country=country,
            country_from=source,
            language=facts.language,
            preferred=self._timezone,
        )
        facts.zone = zone
        survey.profile = replace(
            survey.profile,
            title=facts.name,
            language=facts.language,
            timezone=zone.name,
            **survey.choice.channels(),
        )
        survey.notes += _notes(survey, facts)


def _provisional(url: str, response: ProbeResponse) -> SiteProfile:
    """A profile for reading channels before the site is known."""
    return SiteProfile(name="", title="", url=url, allow_private=response.is_private)


def _pattern(finder: ChannelFinder, links: list[Candidate], homes: list[HomePage]) -> ArticlePattern | None:
    """Learn the pattern from what dated channels list; without one, from links with headlines."""
    listed = list(listed_urls(finder.usable("feed", "wordpress", "news_sitemap")))
    menu = {canonical_or_none(url) for home in homes for url in home.menu}
    linked = [link.url for link in links if canonical_or_none(link.url) not in menu]
    in_sitemaps = set(listed_urls(finder.usable("sitemap")))
    articles = listed or [
        link.url for link in links if link.title and link.url in linked and looks_like_article(link.url)
    ]
    if not articles:
        articles = [url for url in in_sitemaps if looks_like_article(url)]
    known = {canonical_or_none(url) for url in articles}
    others = [url for home in homes for url in home.menu]
    others += [
        url for url in (*linked, *in_sitemaps) if canonical_or_none(url) not in known and not looks_like_article(url)
    ]
    others = [url for url in others if canonical_or_none(url) not in known]
    return learn_pattern(articles, others)


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
        and len(article.body) > 400
        and article.published is not None
    )


def _refusal(failed: ProbeFailed, url: str) -> SiteRefused:
    code = failed.reason.code
    if code in ("robots", "robots_disallow_all"):
        return SiteRefused("robots", f"the robots.txt of {host_of(url)} forbids to request {url}")
    if code == "robots_unreachable":
        return SiteRefused(
            "robots", f"{host_of(url)} does not send its robots.txt, so nothing may be requested ({failed})"
        )
    if failed.response is not None and failed.response.status in _REFUSALS:
        return SiteRefused("wall", f"{url} refuses the request (HTTP {failed.response.status}): a login or a bot check")
    return SiteRefused("unreachable", f"{url} cannot be read: {failed}")


def _no_articles(survey: Survey) -> SiteRefused:
    """Why most pages that were looked at are no articles."""
    states = Counter(sample.state for sample in survey.samples)
    state = next(one for one, _ in states.most_common() if one != "article")
    count = f"{states[state]} of {len(survey.samples)} articles that were requested"
    example = next(sample for sample in survey.samples if sample.state == state)
    if state == "wall":
        return SiteRefused(
            "wall", f"{count} are behind a consent wall, a login or a bot check, like {example.candidate.url}"
        )
    if state == "javascript":
        return SiteRefused("javascript", f"{count} show no text without JavaScript, like {example.candidate.url}")
    if state == "robots":
        return SiteRefused("robots", f"robots.txt forbids {count}, like {example.candidate.url}")
    return SiteRefused("no_articles", f"{count} have no article, like {example.candidate.url} ({example.detail})")


def _notes(survey: Survey, facts: SiteFacts) -> list[str]:
    assert survey.choice is not None
    notes = []
    good = [sample for sample in survey.samples if sample.state == "article"]
    dated = sum(sample.article is not None and sample.article.published is not None for sample in good)
    if good and not dated:
        notes.append("no dates: neither the pages nor the channels say when an article was published")
    elif dated < len(good):
        notes.append(f"{len(good) - dated} of {len(good)} articles have no date")
    if len(facts.languages) > 1:
        shares = ", ".join(f"{code} {count}" for code, count in facts.languages.most_common())
        notes.append(f"articles in several languages ({shares}); each page says its own")
    if bad := [sample for sample in survey.samples if sample.state != "article"]:
        notes.append(f"{len(bad)} of {len(survey.samples)} pages were no articles, like {bad[0].candidate.url}")
    has_list = any(one.found.channel.kind not in ("section",) for one in survey.choice.chosen)
    read = sum(one.found.channel.kind == "section" for one in survey.choice.chosen)
    if not has_list and survey.sections > read:
        notes.append(
            f"there is no feed, sitemap or API, and the menu has {survey.sections} sections: the profile reads "
            f"{'one page' if read == 1 else f'{read} pages'}; articles that only the other sections list are not found"
        )
    return notes


def _port(url: str) -> int | None:
    parts = urlsplit(url)
    return None if parts.port == {"http": 80, "https": 443}.get(parts.scheme) else parts.port


def _is_below(url: str, home: str) -> bool:
    """Whether a URL is in the part of the site that a home page stands for."""
    folder = urlsplit(home).path.rpartition("/")[0] + "/"
    return (urlsplit(url).path or "/").startswith(folder)
