"""Folders of pages to serve, with a list of what they contain. They are built once and kept in build/bench."""

from __future__ import annotations

import contextlib
import functools
import gzip
import html
import json
import random
import shutil
import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.generated import article_rows

PROJECT = Path(__file__).resolve().parent.parent.parent
SHARED = PROJECT.parent / "shared"
BUILT = PROJECT / "build" / "bench"
PORT = 27690

_NET = 10 + zlib.crc32(str(PROJECT).encode()) % 60 * 4
"""The second number of the addresses 127.NET.1.2: another one in each checkout, so that two can be measured at once."""

TEMPLATE_SITES = 20
PAGE_SITES = 10
_GENERATED_WORDS = 300


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """Sites in a folder; `articles` are those that are crawled in one row."""

    folder: Path
    sites: list[dict[str, Any]]
    articles: list[dict[str, Any]]

    def with_list(self, name: str, articles: list[dict[str, Any]]) -> Newsroom:
        """The same sites with a sitemap NAME.xml of some articles each. Sites without any are left out."""
        sites = []
        for site in self.sites:
            listed = [article for article in articles if article["host"] == site["host"]]
            if listed:
                _write_sitemap(self.folder / "sites" / site["host"] / f"{name}.xml.gz", listed)
                sites.append({**site, "sitemap": f"{site['base']}/{name}.xml"})
        return Newsroom(folder=self.folder, sites=sites, articles=articles)

    def page(self, article: dict[str, Any]) -> bytes:
        """The page of an article, as it is served."""
        path = self.folder / "sites" / article["host"] / (article["path"].lstrip("/") + ".gz")
        return gzip.decompress(path.read_bytes())


class NotBuilt(RuntimeError):
    """A newsroom cannot be built; the message says what is missing."""


def pages_of_many_templates(pages: int, times: int = 2) -> Newsroom:
    """Real pages on ten sites, every text under `times` addresses. Raises NotBuilt without ../shared."""
    tool = _tool("newsroom/newsroom.py")
    folder = BUILT / f"pages-{pages}-{times}"
    if not (folder / "sites.json").exists():
        corpus = _corpus_of(max(pages // times, 1))
        words = ["build", "--corpus", corpus, "--out", folder, "--pages", pages, "--sites", PAGE_SITES]
        _run(tool, [*words, "--ip-hosts", "--port", PORT, "--net", _NET + (times > 2)])
    return read_newsroom(folder)


def pages_of_few_templates(variants: int) -> tuple[Newsroom, Newsroom]:
    """Twenty sites, each with its template: the pages of a first crawl, and as many others for a second one.

    Without ../shared, the pages are generated, and the sites have one template.
    """
    folder = BUILT / f"templates-{variants}"
    if not (folder / "sites.json").exists():
        try:
            tool = _tool("templates/build.py")
        except NotBuilt:
            folder = BUILT / f"generated-{variants}"
            _generate(folder, variants * 2, TEMPLATE_SITES)
        else:
            words = ["--corpus", SHARED / "corpus", "--out", BUILT / "templates", "--newsroom", folder]
            words += ["--variants", variants * 2, "--sites", TEMPLATE_SITES]
            _run(tool, [*words, "--ip-hosts", "--port", PORT, "--net", _NET + 2])
    whole = read_newsroom(folder)
    number = functools.cache(lambda: {article["url"]: n for n, article in enumerate(whole.articles)})()
    first = [article for article in whole.articles if number[article["url"]] % 2 == 0]
    other = [article for article in whole.articles if number[article["url"]] % 2]
    return whole.with_list("first", first), whole.with_list("other", other)


def quiet_sites(count: int) -> Newsroom:
    """Sites with one article each, of generated text, and a feed that does not change."""
    folder = BUILT / f"quiet-{count}"
    if not (folder / "sites.json").exists():
        _generate(folder, 1, count)
    return read_newsroom(folder)


def _tool(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        raise NotBuilt(f"{path} is missing: it builds the pages of this row")
    return path


def _run(tool: Path, words: list[object]) -> None:
    print(f"building {tool.name} ...", file=sys.stderr)
    subprocess.run([sys.executable, tool, *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def read_newsroom(folder: Path) -> Newsroom:
    sites = json.loads((folder / "sites.json").read_text("utf-8"))["sites"]
    lines = (folder / "articles.jsonl").read_text("utf-8").splitlines()
    return Newsroom(folder=folder, sites=sites, articles=[json.loads(line) for line in lines])


def _corpus_of(texts: int) -> Path:
    """The first pages of the corpus that have an address."""
    path = BUILT / f"corpus-{texts}.jsonl.gz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(SHARED / "corpus" / "trafilatura.jsonl.gz", "rt", encoding="utf-8") as lines:
            usable = [line for line in lines if json.loads(line)["url"].startswith("http")]
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
            file.writelines(usable[:texts])
    return path


def _generate(folder: Path, variants: int, site_count: int) -> None:
    """Sites with generated articles, in the form that the tools of ../shared write."""
    shutil.rmtree(folder, ignore_errors=True)
    rows = article_rows(variants * site_count, words=_GENERATED_WORDS)
    chance = random.Random(1)
    sites, articles = [], []
    for number in range(site_count):
        ip = f"127.{_NET + 3}.{1 + number // 250}.{2 + number % 250}"
        base, host = f"http://{ip}:{PORT}", f"generated{number + 1}.test"
        sites.append({"host": host, "ip": ip, "base": base, "home": f"{base}/", "feed": f"{base}/feed.xml"})
        listed = []
        for _ in range(variants):
            row = next(rows)
            path, key = f"/world/report-{row['id']}.html", f"{row['id']:06d}"
            article = {"host": host, "path": path, "url": base + path, "title": row["title"], "token_in": "body"}
            article |= {"published": row["published"], "title_token": f"zqh{key}zq", "text_token": f"zqb{key}zq"}
            target = folder / "sites" / host / f"{path.lstrip('/')}.gz"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(gzip.compress(_page(row, article, number, chance).encode(), 4, mtime=0))
            listed.append(article)
        articles += listed
        _write_sitemap(folder / "sites" / host / "sitemap.xml.gz", listed)
        items = "".join(f"<item><title>{a['title']}</title><link>{a['url']}</link></item>" for a in listed)
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'
        (folder / "sites" / host / "feed.xml.gz").write_bytes(gzip.compress(feed.encode(), 4, mtime=0))
    (folder / "articles.jsonl").write_text("".join(json.dumps(article) + "\n" for article in articles), "utf-8")
    (folder / "sites.json").write_text(json.dumps({"sites": sites}), "utf-8")


def _page(row: dict[str, Any], article: dict[str, Any], site: int, chance: random.Random) -> str:
    """A page with a menu, an article and links to others; the class names tell the sites apart."""
    text = "".join(f"<p>{html.escape(line)}.</p>\n" for line in row["body"].split("\n"))
    links = "".join(
        f'<li><a href="/world/report-{chance.randrange(9_999)}.html">Other report</a></li>' for _ in range(8)
    )
    title = f"{html.escape(row['title'])} {article['title_token']}"
    published = f'<meta property="article:published_time" content="{row["published"] or ""}">'
    return (
        f'<!DOCTYPE html><html lang="{row["language"]}"><head><meta charset="utf-8"><title>{title}</title>{published}'
        f'</head><body><nav class="menu-{site}"><a href="/">Home</a><a href="/world/">World</a></nav><main>'
        f'<article class="story-{site}"><h1>{title}</h1><div class="text-{site}">{text}'
        f"<p>{article['text_token']} {' '.join(row['body'].split()[:20])}.</p></div></article></main>"
        f'<aside class="more-{site}"><h2>More</h2><ul>{links}</ul></aside></body></html>'
    )


def _write_sitemap(path: Path, articles: list[dict[str, Any]]) -> None:
    entries = "".join(
        f"<url><loc>{html.escape(article['url'])}</loc>"
        + (f"<lastmod>{article['published']}</lastmod></url>" if article["published"] else "</url>")
        for article in articles
    )
    with contextlib.suppress(FileNotFoundError):
        path.unlink()  # a new file: nginx may have the old one open
    path.write_bytes(
        gzip.compress(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode(), 4, mtime=0
        )
    )
