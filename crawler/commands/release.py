"""scrapy release DIR --name N: a dataset that can be cited; scrapy release --verify DIR: whether it is still whole."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, check_sites, print_error
from crawler.commands.export import add_filters, article_filter
from crawler.crawl.from_settings import open_store
from crawler.profile import read_profiles
from crawler.release import Release, problems, write_release
from crawler.release.package import chosen_formats


class Command(NewsCommand):
    """Ends with 1 if a release that is checked is not whole."""

    def syntax(self) -> str:
        return "[options] <folder>"

    def short_desc(self) -> str:
        return "Write a dataset that can be cited, or check one"

    def long_desc(self) -> str:
        return (
            "Write the chosen articles into a new folder: data files, datapackage.json, a card, and SHA256SUMS. The "
            "same database gives the same bytes. The folder appears when it is whole."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_filters(parser)
        parser.add_argument("--name", metavar="NAME", help="name of the dataset, as news-2026-11")
        parser.add_argument("--with-duplicates", action="store_true", help="copies of other articles as well")
        parser.add_argument("--stories", action="store_true", help="one row a story: the first of its articles")
        parser.add_argument(
            "--format", metavar="A,B", help="csv, jsonl, parquet; all of them unless pyarrow is missing"
        )
        parser.add_argument("--delta", metavar="FOLDER", help="only what has changed since this earlier release")
        parser.add_argument("--verify", metavar="FOLDER", help="check a release and write nothing")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write or check."""
        if opts.verify is not None:
            self._verify(Path(opts.verify))
            return
        if len(args) != 1 or not opts.name:
            raise UsageError("name a folder and the dataset, as out/2026-11 --name news-2026-11", print_help=False)
        assert self.settings is not None
        release = Release(
            name=opts.name,
            wanted=replace(article_filter(opts), with_duplicates=opts.with_duplicates, only_stories=opts.stories),
            formats=chosen_formats(opts.format),
            previous=Path(opts.delta) if opts.delta else None,
        )
        profiles, _ = read_profiles(Path(str(self.settings["NEWS_SITES"])))
        with open_store(self.settings, create=False) as store:
            check_sites(release.wanted.sites, store, Path(str(self.settings["NEWS_SITES"])))
            if opts.query is not None:
                store.index_due()
            facts = write_release(store, release, Path(args[0]), profiles)
        what = "changed or new articles" if opts.delta else "articles"
        print(f"{facts.articles} {what} of {len(facts.sites)} sites in {args[0]}")

    def _verify(self, folder: Path) -> None:
        found = problems(folder)
        if found:
            self.exitcode = 1
            print_error("\n".join(found))
        else:
            print(f"{folder}: every file is as it was released")
