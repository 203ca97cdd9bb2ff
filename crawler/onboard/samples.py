"""A few articles of the site, as the extraction sees them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

from crawler import clock
from crawler.dates.read import read_date
from crawler.encoding.charset import decode
from crawler.extract.page import parse_page
from crawler.extract.workers.pool import ExtractionFailed, ExtractionPool, FetchedPage
from crawler.items import Article, Candidate
from crawler.onboard.choose import ChosenChannel
from crawler.onboard.homepage import shows_nothing
from crawler.onboard.probe import BUDGET_SPENT, REFUSALS, ProbeFailed, Prober, ProbeResponse
from crawler.onboard.timezone import Sighting, offset_between
from crawler.profile import SiteProfile
from crawler.text import clean

SAMPLES = 5
"""Articles that are looked at."""

_MIN_CHARS = 80
"""A shorter text is not an article; the default of NEWS_MIN_BODY_CHARS."""

_WALL_URL = re.compile(
    r"(?:^|[/.?=_-])(?:consent|cookie-?wall|login|log-in|signin|sign-in|sso|subscribe|captcha)(?:[/.?=&_-]|$)",
    re.IGNORECASE,
)
_ZONE = re.compile(r"^(page|profile|inferred) ([+-])(\d\d):(\d\d)$")

SampleState = Literal["article", "wall", "javascript", "robots", "no_text", "other_page", "failed"]


@dataclass(kw_only=True, slots=True)
class Sample:
    """One page that a channel lists."""

    candidate: Candidate
    state: SampleState
    detail: str = ""
    """What was wrong with a page that is no article."""

    response: ProbeResponse | None = None
    article: Article | None = None
    head_title: str = ""
    """The text of <title>."""

    words_on_page: int = 0


def select(chosen: Iterable[ChosenChannel]) -> list[Candidate]:
    """Candidates to look at: the newest of each channel in turn, no two of one section before every section had one."""
    queues = [list(one.found.candidates) for one in chosen]
    picked: list[Candidate] = []
    seen: Counter[str] = Counter()
    while any(queues) and len(picked) < SAMPLES:
        for queue in queues:
            if queue and len(picked) < SAMPLES:
                best = min(range(min(len(queue), 50)), key=lambda n: (seen[_section(queue[n].url)], n))
                candidate = queue.pop(best)
                if all(candidate.url != other.url and _differ(candidate.title, other.title) for other in picked):
                    seen[_section(candidate.url)] += 1
                    picked.append(candidate)
    return picked


def _differ(title: str | None, other: str | None) -> bool:
    """Whether two titles can be those of different articles: feeds list some twice, under two addresses."""
    return title is None or title != other


def _section(url: str) -> str:
    return urlsplit(url).path.split("/")[1] if urlsplit(url).path.count("/") > 1 else ""


async def look_at(candidate: Candidate, prober: Prober, pool: ExtractionPool, profile: SiteProfile) -> Sample | None:
    """Request a candidate and extract its article. None if the requests for the site are used up."""
    try:
        response = await prober.get(candidate.url)
    except ProbeFailed as failed:
        if failed.reason.code == BUDGET_SPENT:
            return None
        state: SampleState = "robots" if failed.reason.code.startswith("robots") else "failed"
        if failed.response is not None and failed.response.status in REFUSALS:
            state = "wall"
        return Sample(candidate=candidate, state=state, detail=str(failed))
    sample = Sample(candidate=candidate, state="article", response=response)
    await extract_again(sample, pool, profile)
    return sample


async def extract_again(sample: Sample, pool: ExtractionPool, profile: SiteProfile) -> None:
    """Extract the page of a sample with what is now known of its site."""
    response = sample.response
    if response is None:
        return
    try:
        sample.article = await extract_response(response, pool, profile, sample.candidate)
    except ExtractionFailed as error:
        sample.state, sample.detail = "failed", str(error)
        return
    text = decode(response.body, response.headers.get("content-type"), profile.language)
    page = parse_page(text, response.url)
    if page is not None:
        sample.head_title = clean(page.title)
        sample.words_on_page = len(page.tree.text_content().split())
    sample.state = _state(sample.article, response, shows_nothing=page is None or shows_nothing(page, text))
    if sample.state != "article":
        sample.detail = f"{len(sample.article.body)} characters of text, page type {sample.article.page_type}"


async def extract_response(
    response: ProbeResponse, pool: ExtractionPool, profile: SiteProfile, candidate: Candidate | None = None
) -> Article:
    """The article of a response. Raises ExtractionFailed."""
    return await pool.extract(
        FetchedPage(
            body=response.body,
            content_type=response.headers.get("content-type"),
            url=response.url,
            profile=profile,
            candidate=candidate,
            fetched=clock.now(),
        )
    )


def is_wall(article: Article, url: str) -> bool:
    """Whether a page is a consent wall, a login or a bot check."""
    return article.page_type == "blocked" or (len(article.body) < _MIN_CHARS and bool(_WALL_URL.search(url)))


def _state(article: Article, response: ProbeResponse, *, shows_nothing: bool) -> SampleState:
    if is_wall(article, response.url):
        return "wall"
    if len(article.body) < _MIN_CHARS:
        return "javascript" if shows_nothing else "no_text"
    return "article" if article.page_type == "article" else "other_page"


def sightings(samples: Iterable[Sample], candidates: Iterable[Candidate]) -> list[Sighting]:
    """What the dates of articles and channels say about the site's offset from UTC. The samples must have been
    extracted with the zone UTC."""
    seen = [
        Sighting(candidate.published, offset)
        for candidate in candidates
        if candidate.published is not None and (offset := _written_offset(candidate)) is not None
    ]
    for sample in samples:
        article = sample.article
        if article is None or article.published is None or article.published_from is None:
            continue
        if article.published_from.startswith("channel") or article.published_precision == "day":
            continue
        zone = _ZONE.match(article.published_zone or "")
        if zone is not None and zone[1] in ("page", "inferred"):
            minutes = (int(zone[3]) * 60 + int(zone[4])) * (-1 if zone[2] == "-" else 1)
            seen.append(Sighting(article.published, timedelta(minutes=minutes)))
        elif (actual := sample.candidate.published) is not None and _is_sure(sample.candidate):
            offset = offset_between(article.published, actual)
            if offset is not None:
                seen.append(Sighting(actual, offset))
    return seen


def _written_offset(candidate: Candidate) -> timedelta | None:
    read = read_date(candidate.published_raw or "")
    return read.offset if read is not None and read.zone_from == "page" else None


def _is_sure(candidate: Candidate) -> bool:
    """Whether the channel's date has a time zone of its own."""
    return candidate.channel == "wordpress" or _written_offset(candidate) is not None
