"""A made-up collection: crawls of five sites over three months that never took place, stored as a crawl stores them."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bench.web.texts import ARABIC, ENGLISH, Words
from crawler.items import UNSURE, Article, Candidate, ChannelKind, Page, PageResult, RelatedArticle
from crawler.store import Store
from crawler.text import fingerprint

DAYS = 100
_POLL_HOURS = 8
_COPIED = 4
"""One article in N of the agency appears in another newspaper as well."""

_LISTED = 30
"""Pages that a channel lists."""

_SEED = 1


@dataclass(frozen=True, slots=True)
class Newspaper:
    """A site: how much it publishes, and how well its pages can be read."""

    name: str
    title: str
    language: str
    timezone: str
    words: Words
    daily: float
    has_author: float
    failing: float
    """Share of its pages that cannot be fetched or hold no article."""

    copies: bool = False
    """Whether it takes articles of the agency."""

    @property
    def home(self) -> str:
        """Its address."""
        return f"https://www.{self.name.replace('_', '-')}.example/"


AGENCY = Newspaper("noor_agency", "وكالة النور", "ar", "Asia/Baghdad", ARABIC, 7, 0.3, 0.02)
NEWSPAPERS = (
    AGENCY,
    Newspaper("wadi_times", "أخبار الوادي", "ar", "Asia/Amman", ARABIC, 5, 0.9, 0.05, copies=True),
    Newspaper("larkmoor_post", "The Larkmoor Post", "en", "Europe/London", ENGLISH, 6, 0.95, 0.02),
    Newspaper("harbour_gazette", "Harbour Gazette", "en", "Europe/London", ENGLISH, 3, 0.6, 0.15),
    Newspaper("nawran_today", "نوران اليوم", "ar", "Africa/Cairo", ARABIC, 2, 0.0, 0.3, copies=True),
)


def write_profiles(folder: Path) -> None:
    """Write the profiles of the sites."""
    for each in NEWSPAPERS:
        lines = {
            "title": each.title, "url": each.home, "language": each.language, "timezone": each.timezone,
            "feeds": [each.home + "feed"], "news_sitemaps": [each.home + "news-sitemap.xml"],
        }  # fmt: skip
        # A JSON text or list of texts is one of TOML, too.
        text = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in lines.items())
        (folder / f"{each.name}.toml").write_text(text, "utf-8")


def fill_collection(path: Path, now: datetime, *, days: int = DAYS) -> None:
    """Write a database of `days` days before `now`, the same one each time."""
    chance = Random(_SEED)
    with Store(path) as store:
        collection = _Collection(store, chance)
        start = now - timedelta(days=days, minutes=25)
        for poll in range(days * 24 // _POLL_HOURS + 1):
            moment = start + timedelta(hours=poll * _POLL_HOURS)
            scheduled = store.runs.begin_scheduler_run(moment)
            for each in NEWSPAPERS:
                collection.crawl(each, moment, scheduled)
            store.runs.finish_scheduler_run(scheduled, moment + timedelta(minutes=5), exit_code=0, message="")


class _Collection:
    """Crawls one site after the other."""

    def __init__(self, store: Store, chance: Random) -> None:
        self._store = store
        self._chance = chance
        self._number = 0
        self._to_copy: list[Article] = []
        self._listed: dict[str, deque[str]] = {each.name: deque(maxlen=_LISTED) for each in NEWSPAPERS}
        self._published: dict[str, list[Article]] = {each.name: [] for each in NEWSPAPERS}

    def crawl(self, newspaper: Newspaper, now: datetime, scheduler_run: int) -> None:
        """Record a crawl with all that it found."""
        run = self._store.runs.begin(newspaper.name, {}, now, scheduler_run_id=scheduler_run)
        end = now + timedelta(minutes=2)
        # One poll in forty finds the site down.
        is_down = self._chance.random() < 1 / 40
        results = [] if is_down else list(self._results(newspaper, now))
        self._record_channels(newspaper, results, now, is_down=is_down)
        self._store.record_outcomes(results, now, run_id=run)
        reasons = Counter(result.reason for result in results if result.reason)
        examples = {result.reason: result.page.url for result in results if result.reason}
        articles = [result.article for result in results if result.article]
        quality = dict.fromkeys(("pages", "title", "body", "judged", "timed"), len(articles)) | {
            "date": sum(article.published is not None for article in articles),
            "authors": sum(bool(article.authors) for article in articles),
            "sure": sum((article.confidence or 0) >= UNSURE for article in articles),
            "chars": sum(len(article.body) for article in articles),
            "milliseconds": 240 * len(articles),
        }
        counts = {
            "discovered": len(results), "requests": len(results) + 3, "bytes": 60_000 * len(results) + 40_000,
            "reasons": dict(reasons), "examples": examples, "quality": quality, "unreachable": int(is_down),
            "channel_problems": 2 * int(is_down),
        }  # fmt: skip
        self._store.runs.finish(run, counts, "unreachable" if is_down else "finished", end)
        next_poll = now + timedelta(hours=_POLL_HOURS)
        self._store.sites.record_poll(newspaper.name, end, success=not is_down, next_poll=next_poll)

    def _results(self, newspaper: Newspaper, now: datetime) -> Iterator[PageResult]:
        weekend = 0.5 if now.weekday() in (4, 5) else 1.0
        expected = newspaper.daily * _POLL_HOURS / 24 * weekend
        for _ in range(int(expected + self._chance.random())):
            self._number += 1
            page = self._page(newspaper, f"{now:%Y/%m}/{self._number}", now)
            if self._chance.random() < newspaper.failing:
                yield self._failure(page)
            else:
                yield PageResult(page=page, article=self._article(newspaper, page, now))
        if newspaper.copies and self._to_copy:
            copied = self._to_copy.pop()
            page = self._page(newspaper, f"{now:%Y/%m}/copy-{self._number}", now)
            article = self._article(newspaper, page, now)
            article.paragraphs, article.title, article.source = copied.paragraphs, copied.title, "وكالة النور"
            article.fingerprint = fingerprint(article.body)
            yield PageResult(page=page, article=article)
        published = self._published[newspaper.name]
        if published and self._chance.random() < 0.2:
            yield self._change(self._chance.choice(published[-10:]), now)

    def _page(self, newspaper: Newspaper, path: str, now: datetime) -> Page:
        url = newspaper.home + path
        return Page(url=url, site=newspaper.name, final_url=url, status=200, fetched=now)

    def _failure(self, page: Page) -> PageResult:
        page.status = self._chance.choice((404, 503, 200, 200))
        if page.status != 200:
            return PageResult(page=page, outcome="failed", reason=f"http_{page.status}")
        if self._chance.random() < 0.5:
            return PageResult(page=page, outcome="blocked", reason="wall")
        return PageResult(page=page, outcome="dropped", reason="body_too_short")

    def _article(self, newspaper: Newspaper, page: Page, now: datetime) -> Article:
        chance, words = self._chance, newspaper.words
        published = now - timedelta(minutes=min(chance.expovariate(1 / 90), 60 * _POLL_HOURS))
        article = Article(
            url=page.url, site=newspaper.name, page=page, language=newspaper.language,
            title=words.title(self._number), paragraphs=words.paragraphs(self._number, chance),
            subtitle=words.sentences[self._number % len(words.sentences)].format(n=self._number),
            authors=[chance.choice(words.authors)] if chance.random() < newspaper.has_author else [],
            category=chance.choice(words.sections) if chance.random() < 0.9 else None,
            tags=chance.sample(words.tags, k=2) if chance.random() < 0.6 else [],
            image_url=f"{page.url}.jpg" if chance.random() < 0.8 else None,
            published=published if chance.random() < 0.97 else None,
            published_raw=published.isoformat(), published_from="json-ld", published_precision="minute",
            published_zone="page", confidence=round(0.6 + 0.39 * chance.random(), 2),
        )  # fmt: skip
        earlier = self._published[newspaper.name][-3:]
        article.related = [
            RelatedArticle(kind="block", position=place, title=other.title, url=other.url)
            for place, other in enumerate(earlier)
        ]
        article.fingerprint = fingerprint(article.body)
        self._published[newspaper.name].append(article)
        if newspaper is AGENCY and chance.random() < 1 / _COPIED:
            self._to_copy.append(article)
        return article

    def _change(self, article: Article, now: datetime) -> PageResult:
        """The article once more, with its last paragraph replaced, as a newspaper adds to a story."""
        words = ARABIC if article.language == "ar" else ENGLISH
        sentence = self._chance.choice(words.sentences).format(n=self._number)
        article.paragraphs = [*article.paragraphs[:-1], sentence]
        article.fingerprint = fingerprint(article.body)
        page = Page(url=article.url, site=article.site, final_url=article.url, status=200, fetched=now)
        return PageResult(page=page, article=article)

    def _record_channels(
        self, newspaper: Newspaper, results: list[PageResult], now: datetime, *, is_down: bool
    ) -> None:
        channels: tuple[tuple[ChannelKind, str, float], ...] = (
            ("feed", newspaper.home + "feed", 1.0),
            ("news_sitemap", newspaper.home + "news-sitemap.xml", 0.8),
        )
        urls = self._listed[newspaper.name]
        urls.extendleft(result.page.url for result in results if result.page.url not in urls)
        for kind, url, share in channels:
            listed = [
                Candidate(url=page, channel=kind, channel_url=url)
                for page in urls
                if share == 1 or sum(page.encode()) % 10 < share * 10
            ]
            self._store.channels.record_answer(
                newspaper.name, kind, url, listed, now,
                status=503 if is_down else 200, problem="status 503" if is_down else None,
            )  # fmt: skip
