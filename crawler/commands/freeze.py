"""rasid freeze SITE: save pages with the articles that are expected of them, and compare them with those of today."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Spider
from scrapy.exceptions import UsageError

from crawler.archive import archive_folder
from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.site_choice import choose_site
from crawler.cli.terminal import isolated, shown_beside, shown_url
from crawler.colours import is_terminal
from crawler.crawl.checks import SiteChecks
from crawler.crawl.exit_code import LOCKED
from crawler.crawl.from_settings import open_store
from crawler.crawl.lock import SiteLock
from crawler.freeze.compare import difference_lines
from crawler.freeze.expected import ARTICLE, Expected
from crawler.home import program
from crawler.items import Page
from crawler.profile import SiteProfile
from crawler.profiles import read_profiles
from crawler.render import why_not
from crawler.scrapyext.spider_loader import ProfileSpiderLoader
from crawler.text import counted
from crawler.urls import absolute_url

if TYPE_CHECKING:
    from crawler.freeze.choose import Choice, Stored
    from crawler.freeze.extraction import Comparison, FrozenPages
    from crawler.freeze.page_files import FrozenPage

_NEWEST = 5
"""Articles that are taken where no URL is given: as many as `add` shows."""


class Command(NewsCommand):
    """Ends with 0 (saved, or nothing differs), 1 (a page differs or could not be saved), 2 (wrong usage) or 75 (the
    site is being crawled)."""

    usage = "[options] <site> [URL ...]"
    summary = "Save pages of a site as its tests, and compare them with what is extracted now"
    description = (
        "Save pages of a site with the articles that are expected of them, in tests/sites/<site>/ of the home: the "
        f"pages at the URLs, or those of the {_NEWEST} newest articles. --check extracts the saved pages of a site, or "
        "of all sites, again and shows what differs."
    )
    options = (
        Option("--check", action="store_true", help="compare the saved pages with what is extracted now"),
        Option("--update", action="store_true", help="like --check, and save what is extracted now as expected"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Save or compare."""
        assert self.settings is not None
        if opts.check and opts.update:
            raise UsageError("give --check or --update, not both", print_help=False)
        compares = opts.check or opts.update
        if not args and not compares:
            raise UsageError("give the name of a site, or --check", print_help=False)
        if len(args) > 1 and compares:
            raise UsageError("--check and --update take the name of one site, or none for all sites", print_help=False)
        profiles, problems = read_profiles(self.sites_folder)
        if compares:
            self._compare(args[0] if args else None, profiles, problems, update=opts.update)
            return
        name = choose_site(args[0], profiles, problems)
        if name in problems:
            raise UsageError(problems[name], print_help=False)
        self._save(profiles, profiles[name], args[1:])

    @property
    def _folder(self) -> Path:
        return self.home.folder / "tests" / "sites"

    @contextlib.contextmanager
    def _extraction(self, profiles: dict[str, SiteProfile], problems: dict[str, str]) -> Iterator[FrozenPages]:
        from crawler.extract.workers.pool import ExtractionPool
        from crawler.freeze.extraction import FrozenPages

        assert self.settings is not None
        settings = self.settings
        pool = ExtractionPool(workers=1, seconds=settings.getfloat("NEWS_EXTRACT_SECONDS"))
        with contextlib.closing(pool):
            yield FrozenPages(
                profiles, problems, pool, SiteChecks(settings), max_bytes=settings.getint("DOWNLOAD_MAXSIZE")
            )

    # -- compare -------------------------------------------------------------------------------------------------------

    def _compare(
        self, text: str | None, profiles: dict[str, SiteProfile], problems: dict[str, str], *, update: bool
    ) -> None:
        from crawler.freeze.page_files import FrozenError, frozen_pages

        try:
            saved = {page.site for page in frozen_pages(self._folder)}
            name = choose_site(text, profiles, problems.keys() | saved) if text is not None else None
            pages = frozen_pages(self._folder, name)
        except FrozenError as error:
            self._fail(str(error))
            return
        if not pages:
            of_site = f" of {name}" if name else ""
            self._fail(
                f"no pages{of_site} are saved in {self._folder}; `{program()} freeze {name or 'SITE'}` saves some"
            )
            return
        with self._extraction(profiles, problems) as extraction:
            equal = asyncio.run(self._compare_pages(extraction, pages, update=update))
        differing = len(pages) - equal
        print(f"{counted(len(pages), 'page')}: {equal} as expected" + (f", {differing} not" if differing else ""))

    async def _compare_pages(self, extraction: FrozenPages, pages: Sequence[FrozenPage], *, update: bool) -> int:
        """Compare, print what differs, and save it if it is accepted. The number of pages that are as expected."""
        equal = 0
        for page in pages:
            comparison = await extraction.compare(page)
            if update and comparison.actual is not None and not comparison.is_equal:
                self._print_differences(comparison)
                equal += self._update(page, comparison.actual)
            elif comparison.problem is not None:
                self._fail(comparison.problem)
            elif comparison.differences:
                self.exitcode = 1
                self._print_differences(comparison)
            else:
                equal += 1
        return equal

    def _update(self, page: FrozenPage, actual: Expected) -> bool:
        from crawler.freeze.page_files import FrozenError

        try:
            page.write_expected(actual)
        except FrozenError as error:
            self._fail(str(error))
            return False
        print(f"{page.expected_file} written")
        return True

    @staticmethod
    def _print_differences(comparison: Comparison) -> None:
        show = isolated if is_terminal(sys.stdout) else str
        print(f"{comparison.frozen.site}/{comparison.frozen.name}: {shown_url(comparison.url)}")
        for difference in comparison.differences:
            print(f"  {difference.field}")
            for line in difference_lines(difference, show):
                print(f"    {line}")

    # -- save ----------------------------------------------------------------------------------------------------------

    def _save(self, profiles: dict[str, SiteProfile], profile: SiteProfile, urls: list[str]) -> None:
        from crawler.freeze.choose import choose

        for url in urls:
            if absolute_url(url, "") is None or not profile.owns(url):
                raise UsageError(f"{url}: must be the URL of a page of {profile.name}", print_help=False)
        assert self.settings is not None
        loader = ProfileSpiderLoader.from_settings(self.settings)
        # The archive has not what such a class makes of a page.
        with self._open_existing(uses_archive=profile.name not in loader.with_own_reading()) as stored:
            choice = choose(self._folder, profile.name, urls, newest=_NEWEST, stored=stored)
            for problem in choice.problems:
                print_error(problem)
            pages = list(choice.archived)
            if choice.candidates or choice.is_empty:
                pages += self._request(loader.load(profile.name), profile, choice, stored)
        saved = [*choice.saved, *(page for page in map(self._frozen, pages) if page.exists)]
        for frozen in saved if urls or not pages or choice.is_empty else ():
            print(f"{frozen.expected_file} exists; to save the page as it is now, delete it first")
        pages = [page for page in pages if not self._frozen(page).exists]
        if pages:
            with self._extraction(profiles, {}) as extraction:
                asyncio.run(self._save_pages(extraction, pages))

    @contextlib.contextmanager
    def _open_existing(self, *, uses_archive: bool) -> Iterator[Stored | None]:
        """What is stored, if anything is: a database is not created."""
        from crawler.freeze.choose import Stored

        assert self.settings is not None
        database = str(self.settings["NEWS_DB"])
        if not Path(database).exists():
            yield None
            return
        with open_store(self.settings, create=False) as store:
            yield Stored(
                store=store,
                archive=archive_folder(database, str(self.settings["NEWS_ARCHIVE"])) if uses_archive else None,
                max_bytes=self.settings.getint("DOWNLOAD_MAXSIZE"),
            )

    def _request(self, spider: type[Spider], profile: SiteProfile, choice: Choice, stored: Stored | None) -> list[Page]:
        from crawler.freeze.page_files import FrozenError
        from crawler.freeze.request import take_pages

        assert self.settings is not None
        if profile.render and (problem := why_not(str(self.settings["NEWS_CHROMIUM"]))):
            raise UsageError(f"{profile.name} has `render` in its profile: {problem}", print_help=False)
        lock = SiteLock(stored.store.path, profile.name) if stored is not None else None
        if lock is not None and not lock.acquire():
            self.exitcode = LOCKED
            print_error(f"{profile.name} is being crawled by another process; its pages are not requested")
            return []
        hosts = stored.store if stored is not None else None
        try:
            taken = take_pages(spider, self.settings, candidates=choice.candidates, newest=_NEWEST, hosts=hosts)
        except FrozenError as error:
            self._fail(str(error))
            return []
        finally:
            if lock is not None:
                lock.release()
        for url, problem in taken.problems.items():
            self._fail(f"{shown_url(url)}: {problem}")
        if not taken.pages and not taken.problems:
            self._fail(f"{profile.name}: its channels list no article")
        return list(taken.pages.values())

    async def _save_pages(self, extraction: FrozenPages, pages: Sequence[Page]) -> None:
        from crawler.freeze.page_files import FrozenError

        for page in pages:
            frozen = self._frozen(page)
            try:
                expected = await extraction.save(frozen, page)
            except FrozenError as error:
                self._fail(str(error))
                continue
            print(f"{frozen.expected_file}: {_summary(expected)}")

    def _frozen(self, page: Page) -> FrozenPage:
        from crawler.freeze.page_files import frozen_page

        return frozen_page(self._folder, page.site, page.url)

    def _fail(self, message: str) -> None:
        self.exitcode = 1
        print_error(message)


def _summary(expected: Expected) -> str:
    """What is expected of a page, in a few words."""
    if expected["outcome"] != ARTICLE:
        return f"no article ({expected['outcome'].replace('_', ' ')})"
    return f"{shown_beside(expected['title'])}, {counted(len(expected['paragraphs']), 'paragraph')}"
