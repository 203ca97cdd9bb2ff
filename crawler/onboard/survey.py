"""The survey of one site: open its home page, find channels, choose among them, look at articles, judge."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from crawler.discover import ChannelProblem, discover
from crawler.extract.workers.pool import ExtractionPool
from crawler.items import Candidate
from crawler.onboard.article_pattern import ArticlePattern, learn_pattern, looks_like_article
from crawler.onboard.choose import choose
from crawler.onboard.find_channels import ChannelFinder
from crawler.onboard.found_channel import keys_of, listed_urls
from crawler.onboard.homepage import HomePage
from crawler.onboard.probe import ProbeFailed, Prober
from crawler.onboard.result import SiteRefused, Survey, no_articles, nothing_found, survey_notes
from crawler.onboard.samples import extract_again, look_at, select, sightings
from crawler.onboard.site_facts import site_facts
from crawler.onboard.start import StartFinder
from crawler.onboard.timezone import country_of_host, guess_zone
from crawler.profile import Channel, SiteProfile
from crawler.urls import bare_host, canonical_or_none, host_of

_MAX_SECTIONS_READ = 6
"""Section pages that are requested. Chosen by hand."""

_MIN_ARTICLES = 0.5
"""Share of the pages looked at that must be articles."""


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
        existing: SiteProfile | None = None,
        render: bool = False,
    ) -> None:
        """`owners`: the profiles that there are. `country` (ISO 3166), `timezone` (IANA): what a catalogue says.
        `existing`: the profile of the site, if it is inspected; its channels come first in the choice.
        `render`: whether articles that show no text without JavaScript are articles, which the crawl renders."""
        self._prober = prober
        self._pool = pool
        self._start = StartFinder(prober, pool, owners=owners, existing=existing)
        self._existing = existing
        self._render = render or (existing is not None and existing.may_render_articles)
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
        start = await self._start.find(survey)
        survey.home = start.home
        survey.sections = len(start.home.menu)
        finder = ChannelFinder(self._prober, start.profile, start.home)
        survey.channels = finder.found
        for channel in known:
            await finder.read_given(channel.kind, channel.url, known_from)
        for channel in start.channels:
            await finder.read_given(channel.kind, channel.url, "given address")
        await finder.find()
        await self._read_sections(survey, finder)
        survey.choice = choose(
            finder.found, kept={each.url for each in self._existing.channels()} if self._existing else set()
        )
        chosen = [one.found for one in survey.choice.chosen]
        finder.forget_unused_hosts([*listed_urls(chosen), *(found.channel.url for found in chosen)])
        survey.profile = finder.profile
        if not survey.choice.chosen:
            raise nothing_found(survey)
        await self._take_samples(survey)
        self._describe(survey)
        for sample in survey.samples:
            assert survey.profile is not None
            await extract_again(sample, self._pool, survey.profile)
        survey.verdict = "ok"

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
        for found in finder.usable("sitemap", "section"):
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

    # -- the articles --------------------------------------------------------------------------------------------------

    async def _take_samples(self, survey: Survey) -> None:
        """Look at a few articles. Raises SiteRefused if most of them are none."""
        assert survey.choice is not None
        assert survey.profile is not None
        for candidate in select(survey.choice.chosen):
            sample = await look_at(candidate, self._prober, self._pool, survey.profile)
            if sample is not None:
                survey.samples.append(sample)
        states = Counter(sample.state for sample in survey.samples)
        enough = len(survey.samples) * _MIN_ARTICLES
        if states["article"] >= enough:
            return
        if not self._render or states["article"] + states["javascript"] < enough:
            raise no_articles(survey)
        if not survey.profile.may_render_articles:
            survey.profile = replace(survey.profile, render="articles")
        survey.notes.append(
            "the articles need JavaScript, so their texts were not looked at; the first crawl shows them"
        )

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
        survey.notes += survey_notes(survey, facts)


def _pattern(finder: ChannelFinder, links: list[Candidate], homes: list[HomePage]) -> ArticlePattern | None:
    """Learn the pattern from what dated channels list; without one, from links with headlines; else from sitemaps."""
    own = {bare_host(home.url) for home in homes}
    menu = [url for home in homes for url in home.menu]
    in_sitemaps = set(listed_urls(finder.usable("sitemap")))
    articles = (
        list(listed_urls(finder.usable("feed", "wordpress", "news_sitemap")))
        or [link.url for link in links if link.title and looks_like_article(link.url) and bare_host(link.url) in own]
        or [url for url in in_sitemaps if looks_like_article(url)]
    )
    known = keys_of(articles)
    # What looks like an article may be one: menus show the headlines of some.
    others = {url for url in (*menu, *(link.url for link in links), *in_sitemaps) if not looks_like_article(url)}
    return learn_pattern(articles, sorted(url for url in others if canonical_or_none(url) not in known))
