"""The pages that `rasid freeze` saved in tests/sites/: what is extracted of them must be what is expected.

The repository has none: pages belong to their publishers. FROZEN_HOME names another home than the checkout.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from crawler.crawl.checks import SiteChecks
from crawler.extract.workers.pool import ExtractionPool
from crawler.freeze.compare import difference_lines
from crawler.freeze.extraction import FrozenPages
from crawler.freeze.page_files import FrozenPage, frozen_pages
from crawler.home import Home
from crawler.profiles import read_profiles
from tests.conftest import PROJECT

HOME = Home(Path(os.environ.get("FROZEN_HOME", PROJECT)))
PAGES = frozen_pages(HOME.folder / "tests" / "sites")


@pytest.fixture(scope="module")
def extraction() -> Iterator[FrozenPages]:
    settings = get_project_settings()
    pool = ExtractionPool(workers=1, seconds=settings.getfloat("NEWS_EXTRACT_SECONDS"))
    with closing(pool):
        profiles, problems = read_profiles(HOME.sites)
        max_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        yield FrozenPages(profiles, problems, pool, SiteChecks(settings), max_bytes=max_bytes)


@pytest.mark.skipif(not PAGES, reason="no pages are saved in tests/sites; `scrapy freeze SITE` saves some")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.site}/{page.name}")
def test_page_gives_what_is_expected(page: FrozenPage, extraction: FrozenPages) -> None:
    comparison = asyncio.run(extraction.compare(page))
    lines = [comparison.problem] if comparison.problem is not None else []
    for difference in comparison.differences:
        lines += [difference.field, *(f"  {line}" for line in difference_lines(difference))]
    assert not lines, "\n".join([comparison.url, *lines])
