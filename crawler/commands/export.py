"""scrapy export FILE: stored articles as CSV, JSON Lines, Parquet or SQLite."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import NewsCommand, check_sites, print_error
from crawler.crawl.arguments import parse_moment
from crawler.crawl.from_settings import open_store
from crawler.export import EDGE_COLUMNS, RELATED_COLUMNS, chosen_columns, export_rows
from crawler.export.database import SUFFIXES, export_database
from crawler.export.dictionary import export_dictionary
from crawler.store import ArticleFilter, Store


class Command(NewsCommand):
    """Writes nothing to the database but how far `--since-last` has come."""

    def syntax(self) -> str:
        return "[options] <file.csv | file.jsonl | file.parquet | file.db | ->"

    def short_desc(self) -> str:
        return "Export stored articles to CSV, JSON Lines, Parquet or SQLite"

    def long_desc(self) -> str:
        return (
            "Write stored articles to a file, by its suffix (.csv, .jsonl, .parquet, .db), or as CSV to standard "
            "output (-). The file replaces an earlier one only when it is complete."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_filters(parser)
        parser.add_argument(
            "--columns", metavar="A,B,...", help="these columns in this order; docs/export.md has them all"
        )
        parser.add_argument("--with-duplicates", action="store_true", help="copies of other articles as well")
        parser.add_argument("--stories", action="store_true", help="one row a story: the first of its articles")
        parser.add_argument(
            "--since-last", metavar="NAME", help="only what is new or changed since the last export of this name"
        )
        parser.add_argument(
            "--excel", action="store_true", help="begin the CSV with the mark that Excel needs for UTF-8"
        )
        parser.add_argument("--related", metavar="FILE", help="write the related articles of the same articles to FILE")
        parser.add_argument("--story-edges", metavar="FILE", help="write which article copies which to FILE")
        parser.add_argument("--dictionary", metavar="FILE", help="write what the columns hold to FILE (.md or .json)")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the files and say how many rows they have."""
        columns = chosen_columns(opts.columns)
        if opts.dictionary:
            export_dictionary(opts.dictionary, columns)
        if not args and opts.dictionary:
            return
        if len(args) != 1:
            raise UsageError("name one file, as articles.csv, or - for standard output", print_help=False)
        assert self.settings is not None
        wanted = replace(article_filter(opts), with_duplicates=opts.with_duplicates, only_stories=opts.stories)
        with open_store(self.settings, create=False) as store:
            check_sites(wanted.sites, store, Path(str(self.settings["NEWS_SITES"])))
            if opts.query is not None:
                store.index_due()
            with store.snapshot():
                changes = None
                if opts.since_last is not None:
                    parts = {"with_related": opts.related, "with_edges": opts.story_edges}
                    given = {name: bool(file) or _is_database(args[0]) for name, file in parts.items()}
                    changes = store.changes_since(opts.since_last, wanted, **given)
                count = _write(store, replace(wanted, changes=changes), columns, args[0], opts)
            if changes is not None:  # only now: a kill before this line means the same rows again, none left out
                store.note_export(opts.since_last, wanted, changes, count, clock.now())


def add_filters(parser: argparse.ArgumentParser) -> None:
    """The options that choose articles."""
    parser.add_argument("--site", action="append", default=[], metavar="NAME", help="only this site (may be repeated)")
    parser.add_argument("--since", metavar="DATE", help="only articles published on this date (UTC) or later")
    parser.add_argument("--until", metavar="DATE", help="only articles published before this date (UTC)")
    parser.add_argument("--language", metavar="CODE", help="only articles in this language, like ar")
    parser.add_argument(
        "--category", action="append", default=[], metavar="NAME", help="only this category (may be repeated)"
    )
    parser.add_argument("--query", metavar="WORDS", help="only articles that scrapy search would find")


def article_filter(opts: argparse.Namespace) -> ArticleFilter:
    """What those options say. Raises ArgumentError."""
    return ArticleFilter(
        sites=tuple(opts.site),
        since=parse_moment(opts.since, "--since") if opts.since else None,
        until=parse_moment(opts.until, "--until") if opts.until else None,
        language=opts.language,
        categories=tuple(opts.category),
        query=opts.query,
    )


def _write(store: Store, wanted: ArticleFilter, columns: Sequence[str], target: str, opts: argparse.Namespace) -> int:
    """Write all files; how many articles there were."""
    copies = replace(wanted, with_duplicates=True, only_stories=False)
    told = copies  # whose stories an SQLite file has: all that its other tables point to
    if wanted.changes is not None:
        # The article goes with its changed list, which may be empty now; an edge speaks for itself.
        copies = replace(copies, changes=replace(wanted.changes, related=None))
        wanted = replace(wanted, changes=replace(wanted.changes, edges=None))
    if _is_database(target):
        if opts.excel:
            raise UsageError("--excel goes with .csv files alone", print_help=False)
        count = export_database(
            Path(target),
            columns,
            articles=store.articles(wanted),
            related=store.related_articles(wanted),
            stories=store.stories(told),
            story_edges=store.story_edges(copies),
        )
    else:
        count = export_rows(store.articles(wanted), columns, target, excel=opts.excel)
    if target != "-":
        print(f"{count} articles in {target}")
    if opts.related:
        related = export_rows(store.related_articles(wanted), list(RELATED_COLUMNS), opts.related, excel=opts.excel)
        print_error(f"{related} related articles in {opts.related}")
    if opts.story_edges:
        edges = export_rows(store.story_edges(copies), list(EDGE_COLUMNS), opts.story_edges, excel=opts.excel)
        print_error(f"{edges} story edges in {opts.story_edges}")
    return count


def _is_database(target: str) -> bool:
    """Whether the file is one that holds the related articles too."""
    return Path(target).suffix.lower() in SUFFIXES
