"""Extract frozen pages with the present extractor and profiles, and compare the results with what is expected."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from scrapy.exceptions import DropItem

from crawler.crawl.checks import SiteChecks
from crawler.extract.workers.pool import ExtractionFailed, ExtractionPool, FetchedPage
from crawler.freeze.compare import Difference, differences
from crawler.freeze.expected import Expected, expected_of
from crawler.freeze.page_files import FrozenError, FrozenPage
from crawler.items import Article, Page
from crawler.profile import SiteProfile


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of one frozen page."""

    frozen: FrozenPage
    url: str = ""
    problem: str | None = None
    """Why it could not be compared: a file is missing or damaged, or the extraction failed."""

    differences: list[Difference] = field(default_factory=list)
    actual: Expected | None = None
    """What is extracted now; None if nothing could be extracted."""

    @property
    def is_equal(self) -> bool:
        """Whether the page gives what is expected."""
        return self.problem is None and not self.differences


class FrozenPages:
    """Extracts frozen pages as a crawl would."""

    def __init__(
        self,
        profiles: dict[str, SiteProfile],
        problems: dict[str, str],
        pool: ExtractionPool,
        checks: SiteChecks,
        *,
        max_bytes: int,
    ) -> None:
        """`problems`: the broken profiles. `checks`: the pipelines between extraction and store. `max_bytes`: of a
        page."""
        self._profiles, self._problems = profiles, problems
        self._pool, self._checks, self._max_bytes = pool, checks, max_bytes

    async def save(self, frozen: FrozenPage, page: Page) -> Expected:
        """Save a page with what is extracted of it now. Raises FrozenError; nothing is left of the page then."""
        frozen.write_page(page)
        try:
            expected = (await self._extract(frozen))[1]
            frozen.write_expected(expected)
        except (FrozenError, ExtractionFailed) as error:
            frozen.remove_page()
            if isinstance(error, ExtractionFailed):
                raise FrozenError(f"{page.url}: {error.reason.replace('_', ' ')}: {error}") from error
            raise
        return expected

    async def compare(self, frozen: FrozenPage) -> Comparison:
        """Compare a page with what is expected of it. Does not raise: the result has the problem."""
        url, actual = "", None
        try:
            url, actual = await self._extract(frozen)
            return Comparison(frozen, url, differences=differences(frozen.read_expected(), actual), actual=actual)
        except FrozenError as error:
            return Comparison(frozen, url, problem=str(error), actual=actual)
        except ExtractionFailed as error:
            problem = f"{frozen.page_file}: {error.reason.replace('_', ' ')}: {error}"
            return Comparison(frozen, url, problem=problem)

    async def _extract(self, frozen: FrozenPage) -> tuple[str, Expected]:
        """The URL of a page, and what is extracted of it now. Raises FrozenError, ExtractionFailed."""
        page, profile = frozen.read_page(self._max_bytes), self._profile(frozen.site)
        article = await self._pool.extract(
            FetchedPage(
                body=page.body,
                content_type=page.content_type,
                url=page.url,
                profile=profile if profile.owns(page.url) else profile.at(page.url),
                candidate=page.candidate,
                fetched=page.fetched,
            )
        )
        return page.url, expected_of(article, self._reason(article, profile))

    def _reason(self, article: Article, profile: SiteProfile) -> str | None:
        """Why an article is dropped; None if it is not."""
        checked = copy.deepcopy(article)  # a check may change it, by what is known only at the time of the crawl
        try:
            for check in self._checks.of(profile):
                checked = check(checked)
        except DropItem as error:
            return str(getattr(error, "reason", type(error).__name__))
        return None

    def _profile(self, site: str) -> SiteProfile:
        """Raises FrozenError."""
        if site in self._profiles:
            return self._profiles[site]
        raise FrozenError(self._problems.get(site) or f"there is no profile sites/{site}.toml for the pages of {site}")
