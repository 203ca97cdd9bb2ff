"""scrapy export FILE: stored articles as CSV or JSON Lines."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from crawler.arguments import parse_moment
from crawler.commandline import NewsCommand, complain
from crawler.export import RELATED_COLUMNS, chosen_columns, export_rows
from crawler.run import open_store
from crawler.store import ArticleFilter


class Command(NewsCommand):
    """Reads the database; writes nothing but the files it is told to."""

    def syntax(self) -> str:
        return "[options] <file.csv | file.jsonl | ->"

    def short_desc(self) -> str:
        return "Export stored articles to CSV or JSON Lines"

    def long_desc(self) -> str:
        return (
            "Write stored articles to a file, by its suffix (.csv or .jsonl), or as CSV to standard output (-). "
            "The file replaces an earlier one only when it is complete."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--site", action="append", default=[], metavar="NAME", help="only this site (may be repeated)"
        )
        parser.add_argument("--since", metavar="DATE", help="only articles published on this date (UTC) or later")
        parser.add_argument("--until", metavar="DATE", help="only articles published before this date (UTC)")
        parser.add_argument("--language", metavar="CODE", help="only articles in this language, like ar")
        parser.add_argument(
            "--columns", metavar="A,B,...", help="these columns in this order; docs/export.md has them all"
        )
        parser.add_argument("--with-duplicates", action="store_true", help="copies of other articles as well")
        parser.add_argument(
            "--excel", action="store_true", help="begin the CSV with the mark that Excel needs for UTF-8"
        )
        parser.add_argument("--related", metavar="FILE", help="write the related articles of the same articles to FILE")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the files and say how many rows they have."""
        if len(args) != 1:
            raise UsageError("name one file, as articles.csv, or - for standard output", print_help=False)
        assert self.settings is not None
        columns = chosen_columns(opts.columns)
        wanted = ArticleFilter(
            sites=tuple(opts.site),
            since=parse_moment(opts.since, "--since") if opts.since else None,
            until=parse_moment(opts.until, "--until") if opts.until else None,
            language=opts.language,
            with_duplicates=opts.with_duplicates,
        )
        with open_store(self.settings, create=False) as store:
            count = export_rows(store.articles(wanted), columns, args[0], excel=opts.excel)
            if args[0] != "-":
                print(f"{count} articles in {args[0]}")
            if opts.related:
                rows = store.related_articles(wanted)
                count = export_rows(rows, list(RELATED_COLUMNS), opts.related, excel=opts.excel)
                complain(f"{count} related articles in {opts.related}")
