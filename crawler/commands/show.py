"""scrapy show URL|ID: one stored article, with its related articles, its copies and its earlier versions."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, print_error
from crawler.crawl.from_settings import open_store
from crawler.similarity.diff import format_diff

_KINDS = {
    "update": "the site changed it",
    "extraction": "the page was read better",
    "embedded": "another article's text was moved out",
    "boilerplate": "lines that the site repeats were moved out",
}


class Command(NewsCommand):
    """Reads the database and writes nothing."""

    def syntax(self) -> str:
        return "[options] <url | id>"

    def short_desc(self) -> str:
        return "Show a stored article, its copies and its history"

    def long_desc(self) -> str:
        return (
            "Print a stored article readably: its fields, its text, what it says of other articles, the other articles "
            "of its story. It is found by its number or by any address that ever led to it. With --history, its "
            "versions, the sentences that went (-) and came (+) from one to the next."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--history", action="store_true", help="its versions instead of its text")
        parser.add_argument("--json", action="store_true", help="all of it as one JSON object")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print it; exit code 1 if it is not stored."""
        if len(args) != 1:
            raise UsageError("give the address or the number of one article", print_help=False)
        assert self.settings is not None
        with open_store(self.settings, create=False) as store:
            article_id = int(args[0]) if args[0].isdecimal() and len(args[0]) < 19 else store.article_at(args[0])
            article = store.whole_article(article_id) if article_id is not None else None
        if article is None:
            self.exitcode = 1
            print_error(f"{args[0]}: no such article is stored")
        elif opts.json:
            print(json.dumps(article, ensure_ascii=False, indent=1))
        else:
            for line in history(article) if opts.history else readable(article):
                print(line)


def readable(article: dict[str, Any]) -> Iterator[str]:
    """A stored article for people, in logical order; the terminal turns right-to-left text round."""
    shown = (*_fields(article), ("seen", _seen(article)), ("also at", "  ".join(article["aliases"])))
    for name, value in shown:
        if value:
            yield f"{name + ':':<11}{value}"
    for paragraph in article["body"].split("\n"):
        yield ""
        yield paragraph
    if article["related"]:
        yield ""
        yield "related:"
        for other in article["related"]:
            stored = f"  (article {other['target_id']})" if other["target_id"] else ""
            yield f"  {other['kind']}: {other['title'] or ''}  {other['url'] or ''}{stored}".rstrip()
            for paragraph in (other["text"] or "").split("\n") if other["text"] else ():
                yield f"    {paragraph}"
    if article["story"]:
        yield ""
        yield "other articles of the story:"
        for other in article["story"]:
            yield f"  {other['id']}  {other['site']}  {other['title']}  {other['url']}  {_relation(other)}".rstrip()


def history(article: dict[str, Any]) -> Iterator[str]:
    """The versions of an article: what changed from each to the next, the oldest first."""
    versions = article["versions"]
    yield f"{article['title']}  {article['url']}"
    yield f"version 1  {versions[0]['seen']}  first seen"
    for number, (before, after) in enumerate(pairwise(versions), 2):
        yield ""
        yield f"version {number}  {after['seen']}  {after['kind']}: {_KINDS.get(after['kind'], '')}"
        for name in before:
            if name in ("seen", "kind") or before[name] == after[name]:
                continue
            yield f"  {name}:"
            if name == "body":
                yield from (f"    {line}" for line in format_diff(before[name], after[name]))
            else:
                yield f"    - {before[name] or ''}".rstrip()
                yield f"    + {after[name] or ''}".rstrip()


def _fields(article: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for name in ("id", "title", "subtitle", "url", "site"):
        yield name, str(article[name]) if article[name] else None
    published = article["published"]
    yield "published", published and f"{published}  ({article['published_from'] or 'unknown'})"
    yield "modified", article["modified"]
    yield "authors", ", ".join(article["authors"])
    yield "source", article["source"]
    yield "category", article["category"]
    yield "tags", ", ".join(article["tags"])
    yield "language", article["language"]
    yield "image", article["image_url"]


def _seen(article: dict[str, Any]) -> str:
    count = len(article["versions"])
    versions = f", {count} versions (--history)" if count > 1 else ""
    return f"{article['first_seen']} to {article['last_seen']}{versions}"


def _relation(other: dict[str, Any]) -> str:
    said = []
    if other["similarity"] is not None:
        said.append(f"{other['similarity']:.0%} alike")
    if other["is_first_published"]:
        said.append("published first")
    elif other["lag"] is not None:
        said.append(f"{other['lag'] / 3600:+.1f} hours")
    return f"({', '.join(said)})" if said else ""
