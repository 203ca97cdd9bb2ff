"""rasid catalogue: news sites of the world that `add` can begin with."""

from __future__ import annotations

import argparse
import json

from scrapy.exceptions import UsageError

from crawler.catalogue import KINDS, Entry, close_names, entries, search, sources
from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.terminal import Column, print_table
from crawler.text import close_words, counted

_COLUMNS = (
    Column("name", "name"),
    Column("title", least=24),
    Column("language", left_out=3),
    Column("country", left_out=2),
    Column("kind", left_out=4),
    Column("channels", left_out=5),
    Column("confidence", left_out=1),
    Column("evidence of", left_out=6),
)
_UNVERIFIED = "None of it is verified: `rasid add NAME` checks an entry before it writes a profile."


class Command(NewsCommand):
    """Reads the catalogue in the package; needs neither profiles nor a database."""

    needs_home = False
    needs_home = False
    usage = "[options] [words]"
    summary = "List news sites that can be added by name"
    description = (
        "Print the entries of the catalogue whose name, title or host contains all words. The entries are what public "
        f"lists say, with the date of the newest one. {_UNVERIFIED}"
    )
    options = (
        Option("--language", metavar="CODE", help="only sites in this language, like ar"),
        Option("--country", metavar="CODE", help="only sites of this country, like SY"),
        Option("--kind", metavar="KIND", help=f"only this kind: {', '.join(KINDS)}"),
        Option("--json", action="store_true", help='print JSON: {"verified", "sources", "sites"}'),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the entries; exit code 1 if there is none."""
        every = entries()
        found = search(
            " ".join(args),
            language=_choice("--language", opts.language, {entry.language for entry in every}),
            country=_choice("--country", opts.country, {entry.country for entry in every}),
            kind=_choice("--kind", opts.kind, KINDS),
        )
        if opts.json:
            result = {"verified": False, "sources": sources(), "sites": [entry.as_json() for entry in found]}
            print(json.dumps(result, ensure_ascii=False, indent=1))
        elif found:
            print_table(_COLUMNS, map(_row, found))
            print_error(f"\n{len(found)} of {counted(len(every), 'entry', 'entries')}. {_UNVERIFIED}")
        if not found:
            self.exitcode = 1
            names = close_names(" ".join(args)) if args else ()
            hint = f"did you mean {' or '.join(names)}? Otherwise give" if names else "give"
            print_error(f"no entry of the catalogue matches; {hint} `rasid add` the address of the site")


def _row(entry: Entry) -> tuple[str, ...]:
    title = f"{entry.title} ({entry.latin})" if entry.latin else entry.title
    counts = {"feed": len(entry.feeds), "news sitemap": len(entry.news_sitemaps), "sitemap": len(entry.sitemaps)}
    channels = ", ".join(name if count == 1 else f"{count} {name}s" for name, count in counts.items() if count)
    kind, dated = entry.kind or "", entry.evidence_date or "undated"
    return entry.name, title, entry.language, entry.country, kind, channels, entry.confidence, dated


def _choice(option: str, value: str | None, known: set[str] | tuple[str, ...]) -> str | None:
    if value is None:
        return None
    chosen = next((name for name in known if name.casefold() == value.strip().casefold()), None)
    if chosen is None:
        close = close_words(value, known)
        hint = f"did you mean {' or '.join(close)}?" if close else f"the catalogue has {', '.join(sorted(known))}"
        raise UsageError(f"{option} {value}: {hint}", print_help=False)
    return chosen
