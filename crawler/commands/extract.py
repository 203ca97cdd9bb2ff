"""scrapy extract: the extraction alone, for pages that somebody has already."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import NewsCommand, print_error
from crawler.items import Article
from crawler.profile import SiteProfile, read_profiles
from crawler.urls import absolute_url


class Command(NewsCommand):
    """Imports the extractor when it runs: Scrapy imports every command's module on every call."""

    def syntax(self) -> str:
        return "[options] <url | file.html | --jsonl>"

    def short_desc(self) -> str:
        return "Extract the article of a page, or of many pages as JSON Lines"

    def long_desc(self) -> str:
        return (
            'Print the article of a URL or HTML file readably; or, with --jsonl, read lines {"id","url","html"} from '
            'standard input and write lines {"id","title","text","authors","published","language","categories","tags",'
            '"related"}, where each paragraph of text is a line of its own.'
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--jsonl", action="store_true", help="JSON Lines from standard input to standard output")
        parser.add_argument("--url", metavar="URL", help="where the file was found; relative links are resolved by it")
        parser.add_argument(
            "--site", metavar="NAME", help="use this site's profile; by default the one that owns the URL"
        )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Extract what is asked for."""
        if len(args) != (0 if opts.jsonl else 1):
            raise UsageError("give one URL or file, or --jsonl and nothing else", print_help=False)
        logging.disable(logging.CRITICAL)
        if opts.jsonl:
            self._extract_lines()
        elif "://" in args[0]:
            if absolute_url(args[0], "") is None:
                raise UsageError(f"{args[0]}: write an http or https address, or the name of a file", print_help=False)
            self._print_url(args[0], opts.site)
        else:
            self._print_file(Path(args[0]), opts.url or "", opts.site)

    def _extract_lines(self) -> None:
        from crawler.extract.workers.jsonl import extract_lines, read_lines

        # The output of a library must not end up among the results.
        with open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False) as out:
            for result in extract_lines(read_lines(sys.stdin.buffer)):
                out.write(json.dumps(result, ensure_ascii=False) + "\n")
                out.flush()
                self.exitcode = self.exitcode or int("id" not in result)

    def _print_file(self, path: Path, url: str, site: str | None) -> None:
        try:
            body = path.read_bytes()
        except OSError as error:
            self.exitcode = 1
            print_error(f"{path}: cannot be read ({error.strerror})")
            return
        self._print(body, None, url or path.resolve().as_uri(), site)

    def _print_url(self, url: str, site: str | None) -> None:
        from crawler.fetch.single_page import fetch_page

        assert self.settings is not None
        page = fetch_page(url, self.settings)
        if page.problem is not None:
            self.exitcode = 1
            print_error(f"{url}: {page.problem}")
            return
        self._print(page.body, page.content_type, page.url, site)

    def _print(self, body: bytes, content_type: str | None, url: str, site: str | None) -> None:
        from crawler.encoding.charset import decode
        from crawler.extract import extract

        profile = self._profile(url, site)
        text = decode(body, content_type, profile.language if profile is not None else None)
        article = extract(text, url, profile, fetched=clock.now())
        for line in readable(article):
            print(line)
        if not article.paragraphs:
            self.exitcode = 1
            print_error(f"{url}: no article text was found; it looks like a page of type {article.page_type}")

    def _profile(self, url: str, site: str | None) -> SiteProfile | None:
        assert self.settings is not None
        profiles, problems = read_profiles(Path(str(self.settings["NEWS_SITES"])))
        if site is not None:
            if site not in profiles:
                raise UsageError(problems.get(site, f"there is no site {site!r}"), print_help=False)
            return profiles[site]
        return next((profile for profile in profiles.values() if profile.owns(url)), None)


def readable(article: Article) -> Iterator[str]:
    """An article for people: its fields, its text, what it says of others. In logical order; the terminal turns
    right-to-left text round."""
    fields: dict[str, Any] = {
        "title": article.title,
        "subtitle": article.subtitle,
        "url": article.url,
        "published": article.published and f"{article.published.isoformat()}  ({article.published_from})",
        "modified": article.modified and article.modified.isoformat(),
        "authors": ", ".join(article.authors),
        "source": article.source,
        "category": article.category,
        "tags": ", ".join(article.tags),
        "language": article.language,
        "image": article.image_url,
    }
    for name, value in fields.items():
        if value:
            yield f"{name + ':':<11}{value}"
    for paragraph in article.paragraphs:
        yield ""
        yield paragraph
    if article.related:
        yield ""
        yield "related:"
        for other in article.related:
            yield f"  {other.kind}: {other.title or ''}  {other.url or ''}".rstrip()
