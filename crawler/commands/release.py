"""rasid release DIR --name N: write a dataset that can be cited. rasid release --verify DIR: verify one."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.cli.article_filter import FILTERS, check_not_empty, parse_filter
from crawler.cli.base import NewsCommand, Option, print_error, update_search_index
from crawler.cli.reserved import print_tdm_note, reserved_lines
from crawler.cli.site_choice import choose_sites
from crawler.cli.terminal import Progress
from crawler.crawl.from_settings import open_store
from crawler.profiles import read_profiles
from crawler.release import Release, find_problems, write_release
from crawler.release.package import parse_formats
from crawler.text import counted


class Command(NewsCommand):
    """Ends with 1 if a release is not intact."""

    usage = "[options] <folder>"
    summary = "Write a dataset that can be cited, or verify one"
    description = (
        "Write the chosen articles into a new folder: data files, datapackage.json, a data card and SHA256SUMS. The "
        "same database gives the same bytes. The folder appears when it is complete."
    )
    options = (
        *FILTERS,
        Option("--name", metavar="NAME", help="name of the dataset, like news-2026-11"),
        Option("--format", metavar="A,B", help="csv, jsonl, parquet (default: all; without pyarrow, no parquet)"),
        Option("--delta", metavar="FOLDER", help="only what has changed since this earlier release"),
        Option("--verify", metavar="FOLDER", help="verify a release and write nothing"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write or verify a release."""
        if opts.verify is not None:
            self._verify(Path(opts.verify))
            return
        if len(args) != 1 or not opts.name:
            raise UsageError("give a folder and a name, like out/2026-11 --name news-2026-11", print_help=False)
        assert self.settings is not None
        release = Release(
            name=opts.name,
            article_filter=parse_filter(opts),
            formats=parse_formats(opts.format),
            previous=Path(opts.delta) if opts.delta else None,
        )
        profiles, _ = read_profiles(self.sites_folder)
        with open_store(self.settings, create=False) as store:
            sites = choose_sites(opts.site, store, self.sites_folder)
            release = replace(release, article_filter=replace(release.article_filter, sites=sites))
            if opts.query is not None:
                update_search_index(store)
            if not opts.delta:
                check_not_empty(store, release.article_filter, opts)
            reserved = reserved_lines(store, release.article_filter)
            with Progress("release", "articles") as progress:
                facts = write_release(store, release, Path(args[0]), profiles, progress.track)
        for line in reserved:
            print_error(line)
        print_tdm_note(opts.usage, self.settings)
        what = "changed or new article" if opts.delta else "article"
        print(f"{counted(facts.articles, what)} of {counted(len(facts.sites), 'site')} in {args[0]}")

    def _verify(self, folder: Path) -> None:
        problems = find_problems(folder)
        if problems:
            self.exitcode = 1
            print_error("\n".join(problems))
        else:
            print(f"{folder}: all files are as they were released")
