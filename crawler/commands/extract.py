"""rasid extract: the extraction alone, for single pages and for JSON Lines."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler import clock
from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.site_choice import choose_site
from crawler.cli.terminal import shown_beside, shown_url
from crawler.items import Article
from crawler.profile import SiteProfile
from crawler.profiles import read_profiles
from crawler.scrapyext.profile_settings import apply_profile
from crawler.urls import absolute_url


class Command(NewsCommand):
    """Imports the extractor only when it runs: Scrapy imports the modules of all commands on every call."""

    usage = "[options] <url | file.html | --jsonl>"
    summary = "Extract the article of a page, or of many pages as JSON Lines"
    description = (
        'Print the article of a URL or an HTML file. With --jsonl, read lines {"id","url","html"} from standard '
        'input and write lines {"id","title","text","authors","published","language","categories","tags","related"}, '
        "where each line of the text is a paragraph."
    )
    options = (
        Option("--jsonl", action="store_true", help="read and write JSON Lines"),
        Option("--url", metavar="URL", help="the URL of the file, to resolve relative links"),
        Option("--site", metavar="NAME", help="use the profile of this site (default: the site that owns the URL)"),
        Option("--markdown", action="store_true", help="print the text as Markdown, with its structure"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Extract and print."""
        if len(args) != (0 if opts.jsonl else 1):
            raise UsageError("give one URL or file, or only --jsonl", print_help=False)
        logging.disable(logging.CRITICAL)
        if opts.jsonl:
            if opts.markdown:
                raise UsageError("--markdown cannot be used with --jsonl", print_help=False)
            self._extract_lines()
        elif "://" in args[0]:
            if absolute_url(args[0], "") is None:
                raise UsageError(f"{args[0]}: must be an http or https URL, or the name of a file", print_help=False)
            self._print_url(args[0], opts)
        else:
            self._print_file(Path(args[0]), opts)

    def _extract_lines(self) -> None:
        from crawler.extract.workers.jsonl import extract_lines, read_lines

        # A copy of stdout: what a library prints must not end up among the results.
        with open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False) as out:
            for result in extract_lines(read_lines(sys.stdin.buffer)):
                out.write(json.dumps(result, ensure_ascii=False) + "\n")
                out.flush()
                self.exitcode = self.exitcode or int("id" not in result)

    def _print_file(self, path: Path, opts: argparse.Namespace) -> None:
        try:
            body = path.read_bytes()
        except OSError as error:
            self.exitcode = 1
            print_error(f"{path}: cannot be read ({error.strerror})")
            return
        self._print(body, None, opts.url or path.resolve().as_uri(), opts)

    def _print_url(self, url: str, opts: argparse.Namespace) -> None:
        from crawler.fetch.single_page import fetch_page

        assert self.settings is not None
        settings, profile = Settings(self.settings), self._profile(url, opts.site)
        if profile is not None:
            if missing := profile.missing_variable:
                raise UsageError(missing, print_help=False)
            apply_profile(settings, profile)
        page = fetch_page(url, settings, profile)
        if page.problem is not None:
            self.exitcode = 1
            print_error(f"{url}: {page.problem}")
            return
        self._print(page.body, page.content_type, page.url, opts)

    def _print(self, body: bytes, content_type: str | None, url: str, opts: argparse.Namespace) -> None:
        from crawler.encoding.charset import decode
        from crawler.extract import extract

        profile = self._profile(url, opts.site)
        text = decode(body, content_type, profile.language if profile is not None else None)
        article = extract(text, url, profile, fetched=clock.now())
        for line in format_article(article, markdown=opts.markdown):
            print(line)
        if not article.paragraphs:
            self.exitcode = 1
            print_error(f"{url}: no article text found; the page seems to be of type {article.page_type}")

    def _profile(self, url: str, site: str | None) -> SiteProfile | None:
        assert self.settings is not None
        profiles, problems = read_profiles(self.sites_folder)
        if site is not None:
            name = choose_site(site, profiles, problems)
            if name in problems:
                raise UsageError(problems[name], print_help=False)
            return profiles[name]
        return next((profile for profile in profiles.values() if profile.owns(url)), None)


def format_article(article: Article, *, markdown: bool) -> Iterator[str]:
    """The lines of an article: its fields, its text (plain or as Markdown), its related articles. In logical order: the
    terminal displays right-to-left text."""
    fields: dict[str, Any] = {
        "title": article.title,
        "subtitle": article.subtitle,
        "url": shown_url(article.url),
        "published": article.published and f"{article.published.isoformat()}  ({article.published_from})",
        "modified": article.modified and article.modified.isoformat(),
        "authors": ", ".join(article.authors),
        "source": article.source,
        "category": article.category,
        "tags": ", ".join(article.tags),
        "language": article.language,
        "image": shown_url(article.image_url),
        "confidence": f"{article.confidence:.2f}" if article.confidence is not None else None,
    }
    for name, value in fields.items():
        if value:
            yield f"{name + ':':<10} {value}"
    if article.paragraphs:
        yield ""
        yield article.body_markdown if markdown else "\n\n".join(article.paragraphs)
    if article.related:
        yield ""
        yield "related:"
        for other in article.related:
            yield f"  {other.kind}: {shown_beside(other.title or '')}  {shown_url(other.url)}".rstrip()
