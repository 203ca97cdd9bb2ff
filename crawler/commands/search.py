"""scrapy search QUERY: the stored articles that hold some words, best first."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, check_sites, print_error
from crawler.crawl.arguments import parse_moment
from crawler.crawl.from_settings import open_store
from crawler.store import ArticleFilter, Hit

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


class Command(NewsCommand):
    """Reads the database; writes to its search index alone."""

    def syntax(self) -> str:
        return "[options] <query>"

    def short_desc(self) -> str:
        return "Find stored articles by their words"

    def long_desc(self) -> str:
        return (
            'Articles that hold all words of the query, best first. "Words in quotes" stand one after another, word* '
            "is any word that begins so. Spelling marks, hamza forms, digits and attached prefixes make no difference: "
            "مدرسة finds وبالمدرسة."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", action="append", default=[], metavar="NAME", help="only this site (repeatable)")
        parser.add_argument("--since", metavar="DATE", help="only articles published on this date (UTC) or later")
        parser.add_argument("--until", metavar="DATE", help="only articles published before this date (UTC)")
        parser.add_argument("--language", metavar="CODE", help="only articles in this language, like ar")
        parser.add_argument("--limit", metavar="N", default="10", help="show at most so many (10)")
        parser.add_argument("--json", action="store_true", help="a JSON list; what was found is marked with [[ and ]]")
        parser.add_argument("--reindex", action="store_true", help="make the search index anew first; needs no query")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print what was found."""
        if not args and not opts.reindex:
            raise UsageError("write what to search for, as scrapy search مدرسة", print_help=False)
        if not (opts.limit.isdecimal() and len(opts.limit) <= 6 and int(opts.limit)):
            raise UsageError(f"--limit {opts.limit}: write a whole number, like 10", print_help=False)
        assert self.settings is not None
        wanted = ArticleFilter(
            sites=tuple(opts.site),
            since=parse_moment(opts.since, "--since") if opts.since else None,
            until=parse_moment(opts.until, "--until") if opts.until else None,
            language=opts.language,
            with_duplicates=True,  # a copy may be all that a site has of a story
        )
        with open_store(self.settings, create=False) as store:
            check_sites(wanted.sites, store, Path(str(self.settings["NEWS_SITES"])))
            if opts.reindex:
                print_error(f"{store.reindex()} articles indexed")
            elif missing := store.index_due():
                print_error(f"{missing} articles were new to the search index")
            if args:
                self._show(store.search(" ".join(args), wanted, int(opts.limit)), opts.json)

    def _show(self, hits: list[Hit], as_json: bool) -> None:
        if as_json:
            print(json.dumps([as_row(hit) for hit in hits], ensure_ascii=False, indent=1))
            return
        marks = (_BOLD, _PLAIN) if sys.stdout.isatty() else ("[[", "]]")
        for hit in hits:
            facts = [hit.site, hit.published or f"seen {hit.first_seen}", hit.category]
            copy = f"copy of {hit.duplicate_of}" if hit.duplicate_of else None
            print(f"{hit.id}  {_text(hit.title, marks)}")
            print("    " + " · ".join(fact for fact in (*facts, copy) if fact))
            print(f"    {_text(hit.snippet, marks)}\n    {hit.url}\n")
        if not hits:
            print_error("nothing found")


def as_row(hit: Hit) -> dict[str, Any]:
    """A hit for JSON."""
    texts = {name: _text(getattr(hit, name), ("[[", "]]")) for name in ("title", "snippet")}
    return asdict(hit) | texts | {"score": round(hit.score, 4)}


def _text(segments: list[tuple[str, bool]], marks: tuple[str, str]) -> str:
    """As it may go to a terminal: what was stored holds no control characters, and other marks would be ours alone."""
    return "".join(f"{marks[0]}{text}{marks[1]}" if is_hit else text for text, is_hit in segments)
