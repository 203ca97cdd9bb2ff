"""rasid show URL|ID: one stored article with its related articles, copies and earlier versions."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.rights_shown import format_rights, rights_as_json
from crawler.cli.terminal import shown_beside, shown_moment, shown_url
from crawler.crawl.from_settings import open_store
from crawler.items import REVISION_KINDS
from crawler.similarity.diff import format_diff


class Command(NewsCommand):
    """Reads the database and writes nothing."""

    usage = "[options] <url | id>"
    summary = "Show a stored article, its copies and its history"
    description = (
        "Print a stored article: its fields, its text, its related articles and the other articles of its story. The "
        "article is found by its number or by any URL that ever led to it. With --history, print its versions "
        "instead, with the sentences that were removed (-) and added (+)."
    )
    options = (
        Option("--history", action="store_true", help="print the versions of the article instead of its text"),
        Option("--markdown", action="store_true", help="print the text as Markdown, with its structure"),
        Option("--json", action="store_true", help="print everything as one JSON object"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the article; exit code 1 if it is not stored."""
        if len(args) != 1:
            raise UsageError("give one article, by its URL or its number", print_help=False)
        if opts.markdown and (opts.history or opts.json):
            raise UsageError("--markdown cannot be used with --history or --json", print_help=False)
        assert self.settings is not None
        with open_store(self.settings, create=False) as store:
            article_id = int(args[0]) if args[0].isdecimal() and len(args[0]) < 19 else store.articles.find(args[0])
            article = store.articles.detail(article_id) if article_id is not None else None
            rights = store.rights.of_article(article_id) if article_id is not None else []
        if article is None:
            self.exitcode = 1
            print_error(f"{args[0]}: no such article is stored")
        elif opts.json:
            print(json.dumps(article | {"rights": rights_as_json(rights)}, ensure_ascii=False, indent=1))
        else:
            lines = (*format_detail(article, markdown=opts.markdown), *format_rights(rights))
            for line in format_history(article) if opts.history else lines:
                print(line)


def format_detail(article: dict[str, Any], *, markdown: bool) -> Iterator[str]:
    """The lines of a stored article, in logical order: the terminal displays right-to-left text."""
    fields = (*_fields(article), ("seen", _seen(article)), ("also at", "  ".join(map(shown_url, article["aliases"]))))
    for name, value in fields:
        if value:
            yield f"{name + ':':<10} {value}"
    yield ""
    yield article["body_markdown"] if markdown else article["body"].replace("\n", "\n\n")
    if article["related"]:
        yield ""
        yield "related:"
        for other in article["related"]:
            stored = f"  (article {other['target_id']})" if other["target_id"] else ""
            title = shown_beside(other["title"] or "")
            yield f"  {other['kind']}: {title}  {shown_url(other['url'])}{stored}".rstrip()
            for paragraph in (other["text"] or "").split("\n") if other["text"] else ():
                yield f"    {paragraph}"
    if article["story"]:
        yield ""
        yield "other articles of the story:"
        for other in article["story"]:
            title = shown_beside(other["title"])
            yield f"  {other['id']}  {other['site']}  {title}  {shown_url(other['url'])}  {_relation(other)}".rstrip()


def format_history(article: dict[str, Any]) -> Iterator[str]:
    """The lines of an article's history: what changed from each version to the next, oldest first."""
    versions = article["versions"]
    yield f"{shown_beside(article['title'])}  {shown_url(article['url'])}"
    yield f"version 1  {shown_moment(versions[0]['seen'])}  first seen"
    for number, (before, after) in enumerate(pairwise(versions), 2):
        yield ""
        kind = f"{after['kind']}: {REVISION_KINDS.get(after['kind'], '')}"
        yield f"version {number}  {shown_moment(after['seen'])}  {kind}"
        for name in before:
            if name in ("seen", "kind", "structure") or before[name] == after[name]:
                continue
            yield f"  {name}:"
            if name == "body":
                yield from (f"    {line}" for line in format_diff(before[name], after[name]))
            else:
                yield f"    - {before[name] or ''}".rstrip()
                yield f"    + {after[name] or ''}".rstrip()


def _fields(article: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for name in ("id", "title", "subtitle"):
        yield name, str(article[name]) if article[name] else None
    yield "url", shown_url(article["url"])
    yield "site", article["site"]
    published = article["published"]
    yield "published", published and f"{shown_moment(published)}  ({article['published_from'] or 'unknown'})"
    yield "modified", shown_moment(article["modified"])
    yield "authors", ", ".join(article["authors"])
    yield "source", article["source"]
    yield "category", article["category"]
    yield "tags", ", ".join(article["tags"])
    yield "language", article["language"]
    yield "image", shown_url(article["image_url"])
    yield "confidence", f"{article['confidence']:.2f}" if article["confidence"] is not None else None


def _seen(article: dict[str, Any]) -> str:
    count = len(article["versions"])
    versions = f", {count} versions (--history)" if count > 1 else ""
    return f"{shown_moment(article['first_seen'])} to {shown_moment(article['last_seen'])}{versions}"


def _relation(other: dict[str, Any]) -> str:
    parts = []
    if other["similarity"] is not None:
        parts.append(f"{other['similarity']:.0%} similar")
    if other["is_first_published"]:
        parts.append("published first")
    elif other["lag"] is not None:
        parts.append(f"{other['lag'] / 3600:+.1f} hours")
    return f"({', '.join(parts)})" if parts else ""
