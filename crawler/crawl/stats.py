"""The counts of one run: each requested page ends in exactly one outcome, and the sums add up.

Every count goes to `crawler.stats` as it happens, where any stats extension sees it. The first part of a key is the
stage of a page's way; `<reason>` is the same word as in the columns `pages.reason` and `runs.skipped`.

| key | counts |
|---|---|
| `discover/channels` | channel documents that were read |
| `discover/channels_unchanged` | channel documents that had not changed since the last poll |
| `discover/channel_problems` | channel documents that failed, or of which a part could not be used |
| `discover/gaps` | channels that list none of the newest articles of the last poll |
| `discover/candidates` | article URLs that the channel documents list |
| `discover/new` | of these, URLs that no channel had listed before |
| `discover/skipped/<reason>` | URLs that are not requested in this run |
| `fetch/requested` | pages that are requested; retries and redirects count once |
| `fetch/timed`, `fetch/milliseconds` | pages with a known response time, and the sum of these times |
| `fetch/unchanged` | pages with status 304 or the same bytes as before |
| `fetch/dropped/<reason>` | pages that are not HTML, or that forbid to be stored |
| `fetch/blocked/<reason>` | consent and bot walls |
| `fetch/priced/http_402` | pages that the site sends only for money |
| `fetch/failed/<reason>` | requests without a page |
| `fetch/unverified_hosts` | hosts whose TLS certificates were accepted although they could not be verified |
| `extract/articles` | articles that were extracted, those that were dropped later included |
| `extract/with_title`, `_body`, `_date`, `_authors` | of these, articles with this field |
| `extract/chars` | characters of their bodies |
| `extract/judged`, `extract/sure` | articles with a confidence, and those of them with at least 0.7 |
| `extract/failed/<reason>` | pages whose extraction raised, hung or crashed |
| `validate/dropped/<reason>` | pages that are not an article that can be stored |
| `archive/records` | WARC records that were written |
| `archive/errors` | failures of the archive |
| `store/new`, `store/updated`, `store/unchanged`, `store/duplicate` | articles, by what the store made of them |
| `store/blocked/<reason>` | pages with a text that is not their article |
| `run/failed/<reason>` | pages that were lost to an error in a callback or a pipeline |
| `run/errors` | errors of the crawler itself; with one, the exit code is not 0 |
| `run/unfinished` | requested pages without an outcome, because the run was stopped |
| `run/id` | not a count: the number of the run in the table `runs` |
| `run/exit_code` | not a count: what `rasid crawl` ends with after this run |

`fetch/requested` is the sum of all keys whose second part is `new`, `updated`, `unchanged`, `duplicate`, `dropped`,
`blocked`, `priced` or `failed`, but for `discover/new`, and of `run/unfinished`.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal, Protocol

from crawler.items import OUTCOMES, UNSURE, Article, PageResult

Stage = Literal["fetch", "extract", "validate", "store", "run"]
"""The stage in which a page got its outcome."""

# Of one body, in characters, in the mean length of a run's bodies: one very long page must not hide that all others
# have become short. Chosen by hand; no measurement.
_LONG_BODY = 20_000


class Collector(Protocol):
    """What is used of Scrapy's StatsCollector."""

    def inc_value(self, key: str, count: int = 1, start: int = 0) -> None:
        """Add to the value of a key."""


class Quality:
    """How complete the articles of a run were, before validation: it shows that a site was redesigned."""

    _KEYS = {  # noqa: RUF012  (a constant)
        "pages": "extract/articles",
        "chars": "extract/chars",
        "title": "extract/with_title",
        "body": "extract/with_body",
        "date": "extract/with_date",
        "authors": "extract/with_authors",
        "judged": "extract/judged",
        "sure": "extract/sure",
        "timed": "fetch/timed",
        "milliseconds": "fetch/milliseconds",
    }

    def __init__(self, collector: Collector) -> None:
        self.counts: Counter[str] = Counter()
        """pages; how many of them have title, body, date, authors; chars of all bodies; judged and sure; milliseconds
        of the timed."""

        self.without: dict[str, str] = {}
        """Field → a page that does not have it."""

        self._collector = collector

    def record_article(self, article: Article) -> None:
        """Count an article as it was extracted."""
        self._count("pages", 1)
        self._count("chars", min(len(article.body), _LONG_BODY))
        fields = {
            "title": article.title,
            "body": article.paragraphs,
            "date": article.published if (article.published_from or "").partition(":")[0] != "channel" else None,
            "authors": article.authors,
        }
        for name, value in fields.items():
            if value:
                self._count(name, 1)
            else:
                self.without.setdefault(name, article.page.url if article.page else article.url)

        if article.confidence is not None and article.paragraphs:
            self._count("judged", 1)
            if article.confidence >= UNSURE:
                self._count("sure", 1)
            else:
                self.without.setdefault("sure", article.page.url if article.page else article.url)

    def record_time(self, seconds: float) -> None:
        """Count how long the response of a page took."""
        self._count("timed", 1)
        self._count("milliseconds", round(seconds * 1000))

    def columns(self) -> dict[str, Any]:
        """The counts as JSON."""
        return {**self.counts, "without": self.without} if self.counts else {}

    def _count(self, name: str, number: int) -> None:
        self.counts[name] += number
        self._collector.inc_value(self._KEYS[name], number)


class CrawlStats:
    """The counts of one run, written through to Scrapy's stats."""

    def __init__(self, collector: Collector) -> None:
        self.planned = 0
        """Pages that were due when all channels had been read."""

        self.counts: Counter[str] = Counter()
        """By stat key; without the outcomes."""

        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        """Reason of a drop or failure → the first page with it."""

        self.unverified_hosts: dict[str, str] = {}
        """Host → why its TLS certificate could not be verified; it was accepted."""

        self.foreign_hosts: Counter[str] = Counter()
        """Host that is not the site's and has many links of a channel → how many."""

        self.quality = Quality(collector)
        self._collector = collector
        self._known: set[str] = set()
        self._in_progress: set[str] = set()

    def count(self, key: str, number: int = 1) -> None:
        """Add to a stat."""
        if number:
            self.counts[key] += number
            self._collector.inc_value(key, number)

    def skip(self, reason: str, number: int = 1) -> None:
        """Count URLs that are not requested."""
        self.count(f"discover/skipped/{reason}", number)

    def skip_known(self, urls: frozenset[str]) -> None:
        """Count URLs that were finished before this run; each once, however many channels list it."""
        self.skip("known", len(urls - self._known))
        self._known |= urls

    def request(self, url: str) -> None:
        """Count a page when it is requested. Another call for the same page, as for a retry, counts nothing."""
        if url not in self._in_progress:
            self._in_progress.add(url)
            self.count("fetch/requested")

    def record_unverified(self, host: str, problem: str) -> None:
        """Count a host whose certificate was accepted without verification."""
        if host not in self.unverified_hosts:
            self.unverified_hosts[host] = problem
            self.count("fetch/unverified_hosts")

    def record_foreign_hosts(self, hosts: dict[str, int]) -> None:
        """Remember the hosts that have many links of a channel and are not the site's."""
        for host, links in hosts.items():
            self.foreign_hosts[host] = max(self.foreign_hosts[host], links)

    def is_in_progress(self, url: str) -> bool:
        """Whether the page was requested and has no outcome yet."""
        return url in self._in_progress

    def record_outcome(self, result: PageResult, stage: Stage) -> None:
        """Count the outcome of a page. Raises KeyError if the page was not requested or has an outcome already."""
        assert result.outcome is not None
        self._in_progress.remove(result.page.url)
        self.outcomes[result.outcome] += 1
        if result.reason:
            self.reasons[result.reason] += 1
            self.examples.setdefault(result.reason, result.page.url)
        key = f"{stage}/{result.outcome}/{result.reason}" if result.reason else f"{stage}/{result.outcome}"
        self._collector.inc_value(key)

    def close(self) -> None:
        """The run has ended: count the pages without an outcome."""
        self.count("run/unfinished", self.unfinished)

    @property
    def requested(self) -> int:
        """Pages that were requested."""
        return self.counts["fetch/requested"]

    @property
    def unfinished(self) -> int:
        """Pages that were requested and have no outcome: the run was stopped. They stay pending."""
        return len(self._in_progress)

    @property
    def skipped(self) -> Counter[str]:
        """Why URLs were not requested → how many."""
        prefix = "discover/skipped/"
        return Counter({key.removeprefix(prefix): n for key, n in self.counts.items() if key.startswith(prefix)})

    def columns(self) -> dict[str, Any]:
        """The counts as columns of the table `runs`."""
        return {
            "discovered": self.counts["discover/new"],
            "requested": self.requested,
            **{outcome: self.outcomes[outcome] for outcome in OUTCOMES},
            "unfinished": self.unfinished,
            "reasons": dict(self.reasons),
            "skipped": dict(self.skipped),
            "channel_problems": self.counts["discover/channel_problems"],
            "channels_unchanged": self.counts["discover/channels_unchanged"],
            "gaps": self.counts["discover/gaps"],
            "examples": self.examples,
            "unverified_hosts": self.unverified_hosts,
            "quality": self.quality.columns(),
        }
