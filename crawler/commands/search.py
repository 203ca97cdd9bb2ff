"""rasid search QUERY: the stored articles that contain some words, best first."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from typing import Any

from scrapy.exceptions import UsageError

from crawler.cli.article_filter import SEARCH_FILTERS, parse_search_filter
from crawler.cli.base import NewsCommand, Option, print_error, update_search_index
from crawler.cli.site_choice import choose_sites
from crawler.cli.terminal import shown_beside, shown_time, shown_url
from crawler.colours import paint
from crawler.crawl.from_settings import open_store
from crawler.home import program
from crawler.store import Hit
from crawler.text import counted


class Command(NewsCommand):
    """Reads the database and writes only to its search index."""

    usage = "[options] <query>"
    summary = "Find stored articles by their words"
    description = (
        'Print the articles that contain all words of the query, best first. "Words in quotes" must follow each '
        "other; word* matches every word that begins with it. Diacritics, hamza forms, digits and attached prefixes "
        "are ignored: مدرسة finds وبالمدرسة."
    )
    options = (
        *SEARCH_FILTERS,
        Option("--limit", metavar="N", default="10", help="show at most N articles (default: 10)"),
        Option("--json", action="store_true", help="print a JSON list; matches are marked with [[ and ]]"),
        Option("--reindex", action="store_true", help="rebuild the search index first; needs no query"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the matches."""
        if not args and not opts.reindex:
            raise UsageError(f"the query is missing; write it like {program()} search مدرسة", print_help=False)
        if not (opts.limit.isdecimal() and len(opts.limit) <= 6 and int(opts.limit)):
            raise UsageError(f"--limit {opts.limit}: must be a whole number above 0, like 10", print_help=False)
        assert self.settings is not None
        article_filter = parse_search_filter(opts)
        with open_store(self.settings, create=False) as store:
            article_filter = replace(article_filter, sites=choose_sites(opts.site, store, self.sites_folder))
            if opts.reindex:
                print_error(f"{counted(store.search.rebuild(), 'article')} indexed")
            elif missing := update_search_index(store):
                print_error(f"{counted(missing, 'article')} added to the search index")
            if args:
                self._show(store.search.find(" ".join(args), article_filter, int(opts.limit)), opts.json)

    def _show(self, hits: list[Hit], as_json: bool) -> None:
        if as_json:
            print(json.dumps([as_row(hit) for hit in hits], ensure_ascii=False, indent=1))
            return
        for hit in hits:
            seen = shown_time(hit.published) or f"seen {shown_time(hit.first_seen)}"
            copy = f"copy of {hit.duplicate_of}" if hit.duplicate_of else None
            facts = [hit.site, seen, hit.category and shown_beside(hit.category), copy]
            print(f"{hit.id}  {_shown(hit.title)}")
            print("    " + " · ".join(fact for fact in facts if fact))
            print(f"    {_shown(hit.snippet)}\n    {shown_url(hit.url)}\n")
        if not hits:
            print_error("no matches")


def as_row(hit: Hit) -> dict[str, Any]:
    """A match as a JSON object."""
    texts = {
        name: "".join(f"[[{text}]]" if is_hit else text for text, is_hit in getattr(hit, name))
        for name in ("title", "snippet")
    }
    return asdict(hit) | texts | {"score": round(hit.score, 4)}


def _shown(segments: list[tuple[str, bool]]) -> str:
    """Join the segments, with bold matches on a terminal. Safe for it: stored text contains no control characters."""
    return "".join(paint(text, "bold") if is_hit else text for text, is_hit in segments)
