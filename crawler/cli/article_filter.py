"""The options that choose articles, for every command that has them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.cli.base import Option
from crawler.cli.date_option import parse_date_option
from crawler.crawl.arguments import ArgumentError
from crawler.export import ExportError
from crawler.store import ArticleFilter, Store
from crawler.usage import USES

SEARCH_FILTERS = (
    Option("--site", action="append", default=[], metavar="NAME", help="only this site (repeatable)"),
    Option(
        "--since",
        metavar="DATE",
        help="only articles published at the beginning of DATE or later: 2026-11-01, 2026-11, yesterday, 7 days",
    ),
    Option("--until", metavar="DATE", help="only articles published before the beginning of DATE (UTC)"),
    Option("--language", metavar="CODE", help="only articles in this language, like ar"),
    Option("--min-confidence", metavar="N", help="only articles whose text is at least this sure: 0 to 1"),
)
FILTERS = (
    *SEARCH_FILTERS,
    Option("--category", action="append", default=[], metavar="NAME", help="only this category (repeatable)"),
    Option("--query", metavar="WORDS", help="only articles that `search` finds for these words"),
    Option("--usage", choices=USES, help="leave out what is reserved for this use: search, ai-train, tdm, or all"),
    Option("--with-duplicates", action="store_true", help="include copies of other articles"),
    Option("--stories", action="store_true", help="one row per story: its first article"),
    Option("--allow-empty", action="store_true", help="write the files even if no article matches"),
)


def parse_search_filter(opts: argparse.Namespace) -> ArticleFilter:
    """The filter of SEARCH_FILTERS. Includes copies: a copy may be all that a site has of a story. Raises
    ArgumentError."""
    return ArticleFilter(
        sites=tuple(opts.site),
        since=parse_date_option(opts.since, "--since"),
        until=parse_date_option(opts.until, "--until"),
        language=_parse_language(opts.language) if opts.language is not None else None,
        min_confidence=parse_confidence(opts.min_confidence, "--min-confidence"),
        with_duplicates=True,
    )


def parse_filter(opts: argparse.Namespace) -> ArticleFilter:
    """The filter of FILTERS. Raises ArgumentError."""
    return ArticleFilter(
        sites=tuple(opts.site),
        since=parse_date_option(opts.since, "--since"),
        until=parse_date_option(opts.until, "--until"),
        language=_parse_language(opts.language) if opts.language is not None else None,
        min_confidence=parse_confidence(opts.min_confidence, "--min-confidence"),
        categories=tuple(opts.category),
        query=opts.query,
        usage=opts.usage,
        with_duplicates=opts.with_duplicates,
        only_stories=opts.stories,
    )


def check_not_empty(store: Store, article_filter: ArticleFilter, opts: argparse.Namespace) -> None:
    """Raise ExportError if no article matches, unless --allow-empty was given: a wrong filter must not replace a good
    file. The message names the options of FILTERS."""
    if opts.allow_empty or _matches(store, article_filter):
        return
    options = " ".join(_used_options(opts))
    reason = f"no article matches {options}" if options else "no article is stored"
    if _matches(store, replace(article_filter, with_duplicates=True, only_stories=False)):
        reason += " except copies, which --with-duplicates includes"
    elif article_filter.usage is not None and _matches(store, replace(article_filter, usage=None)):
        reason += ": all of them are reserved for that use"
    raise ExportError(f"{reason}; nothing is written (--allow-empty writes empty files)")


def _matches(store: Store, article_filter: ArticleFilter) -> bool:
    return next(store.exports.articles(article_filter), None) is not None


def _used_options(opts: argparse.Namespace) -> Iterator[str]:
    for option in FILTERS:
        [flag] = option.flags
        value = getattr(opts, flag.removeprefix("--").replace("-", "_"))
        if not isinstance(value, bool):  # the others do not leave out every article
            yield from (
                f"{flag} {text}" for text in (value if isinstance(value, list) else [value]) if text is not None
            )


def parse_confidence(text: str | None, option: str) -> float | None:
    """The value of an option that is a confidence; None if it is not given. Raises ArgumentError."""
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ArgumentError(f"{option} {text}: must be a number from 0 to 1, like 0.8")
    return value


def _parse_language(text: str) -> str:
    code = text.strip().lower()
    if not re.fullmatch(r"[a-z]{2,3}", code):
        raise ArgumentError(f"--language {text}: must be a code of ISO 639, like ar or en")
    return code
