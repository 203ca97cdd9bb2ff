"""The options that choose articles, for every command that has them."""

from __future__ import annotations

import argparse

from crawler.cli.base import Option
from crawler.crawl.arguments import parse_moment
from crawler.store import ArticleFilter

SEARCH_FILTERS = (
    Option("--site", action="append", default=[], metavar="NAME", help="only this site (repeatable)"),
    Option("--since", metavar="DATE", help="only articles published on this date (UTC) or later"),
    Option("--until", metavar="DATE", help="only articles published before this date (UTC)"),
    Option("--language", metavar="CODE", help="only articles in this language, like ar"),
)
FILTERS = (
    *SEARCH_FILTERS,
    Option("--category", action="append", default=[], metavar="NAME", help="only this category (repeatable)"),
    Option("--query", metavar="WORDS", help="only articles that `scrapy search` finds for these words"),
    Option("--with-duplicates", action="store_true", help="include copies of other articles"),
    Option("--stories", action="store_true", help="one row per story: its first article"),
)


def parse_search_filter(opts: argparse.Namespace) -> ArticleFilter:
    """The filter of SEARCH_FILTERS. Includes copies: a copy may be all that a site has of a story. Raises
    ArgumentError."""
    return ArticleFilter(
        sites=tuple(opts.site),
        since=parse_moment(opts.since, "--since") if opts.since else None,
        until=parse_moment(opts.until, "--until") if opts.until else None,
        language=opts.language,
        with_duplicates=True,
    )


def parse_filter(opts: argparse.Namespace) -> ArticleFilter:
    """The filter of FILTERS. Raises ArgumentError."""
    return ArticleFilter(
        sites=tuple(opts.site),
        since=parse_moment(opts.since, "--since") if opts.since else None,
        until=parse_moment(opts.until, "--until") if opts.until else None,
        language=opts.language,
        categories=tuple(opts.category),
        query=opts.query,
        with_duplicates=opts.with_duplicates,
        only_stories=opts.stories,
    )
