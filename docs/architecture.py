"""The parts of the project and the arrows between them: who may import whom, and which libraries.

`tests/test_architecture.py` compares this table with every import of the code, those inside functions and under
TYPE_CHECKING as well. `python -m docs.generate` draws the layout and the arrows of docs/design.md from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One folder of the project, or the modules at the top of crawler/."""

    folder: str
    """Path from the project's folder, without a slash at the end."""
    what: str
    """One line for the layout tree."""
    imports: tuple[str, ...] = ()
    """Names of the parts that it may import, and does. Each stands further down in PARTS, so there is no circle."""
    libraries: tuple[str, ...] = ()
    """Top-level names of the third-party packages that it may import, and does."""


LEAVES = {
    "clock": "the one place that reads the current time",
    "environment": "variables of the environment in texts of a profile",
    "extras": "what to install where an optional library is missing",
    "home": "the folder of profiles, database, archive and settings.toml, and how it is found",
    "colours": "whether a person reads a stream, and colours for them",
    "item_fields": "items of a spider of one's own that count as articles",
    "items": "what travels between the stages: Candidate, Page, PageResult, Article, RelatedArticle",
    "profile": "SiteProfile: what a file sites/*.toml says of a site",
    "settings": "every setting, once",
    "site_names": "which site a name, host or URL means, and what was probably meant",
    "text": "folded text, words and fingerprints",
    "toml_file": "reads TOML that people write, and says all that is wrong with it at once",
    "url_shape": "what the URLs of a site's articles have in common",
    "urls": "the canonical form of a URL",
    "usage": "signals about the uses of a page, and the decision for each use",
    "user_settings": "settings.toml and settings_local.py of a home",
}
"""Modules at the top of crawler/. They form one part, `leaves`."""

# From the top to the bottom: a part imports only parts that stand further down.
PARTS: dict[str, Part] = {
    "docs": Part(
        "docs",
        "this documentation; generate.py fills its generated parts, pictures.py makes its pictures",
        imports=("commands", "cli", "browse", "crawl", "export", "profiles", "leaves", "demo"),
        libraries=("babel", "mkdocs", "openpyxl", "rich", "scrapy"),
    ),
    "rasid": Part("rasid", "the command `rasid`; in the wheel, everything else is below it", imports=("cli",)),
    "bench": Part(
        "bench",
        "benchmarks: quality, speed, copies, search, exports, growth; year/ simulates a year of bad days",
        imports=(
            "commands",
            "onboard",
            "crawl",
            "ledger",
            "health",
            "extract",
            "encoding",
            "store",
            "render",
            "similarity",
            "discover",
            "archive",
            "demo",
            "export",
            "schedule",
            "profiles",
            "leaves",
        ),
        libraries=(
            "cryptography",
            "htmldate",
            "isal",
            "lxml",
            "openpyxl",
            "pandas",
            "playwright",
            "psutil",
            "pyarrow",
            "scrapy",
            "sqlite_utils",
            "trafilatura",
        ),
    ),
    "api": Part(
        "crawler/api",
        "the Python API: extract a page, crawl a site in a child process, read the stored articles",
        imports=("extract", "store", "profiles", "leaves"),
    ),
    "commands": Part(
        "crawler/commands",
        "one module a command: rasid crawl, due, export ...",
        imports=(
            "browse",
            "cli",
            "exporting",
            "lake",
            "freeze",
            "onboard",
            "crawl",
            "scrapyext",
            "ledger",
            "health",
            "release",
            "extract",
            "encoding",
            "catalogue",
            "store",
            "similarity",
            "render",
            "fetch",
            "identity",
            "archive",
            "export",
            "schedule",
            "profiles",
            "leaves",
        ),
        libraries=("rich", "scrapy", "twisted"),
    ),
    "browse": Part(
        "crawler/browse",
        "the database in Datasette, with pages of our own",
        # profiles: the zone of a site's times, its effective profile; archive and encoding: the page of an article, as
        # it was; extract: a learnt template in words.
        imports=(
            "ledger",
            "health",
            "extract",
            "store",
            "profiles",
            "similarity",
            "archive",
            "encoding",
            "export",
            "leaves",
            "structure",
        ),
        libraries=("babel", "datasette", "lxml", "lxml_html_clean", "markupsafe", "pluggy"),
    ),
    "cli": Part(
        "crawler/cli",
        "the command line: base class of the commands, their list, home and settings, completion, terminal, ping",
        imports=(
            "exporting",
            "crawl",
            "scrapyext",
            "catalogue",
            "health",
            "store",
            "fetch",
            "identity",
            "export",
            "schedule",
            "profiles",
            "leaves",
        ),
        libraries=("rich", "scrapy", "shtab", "twisted", "w3lib"),
    ),
    "exporting": Part(
        "crawler/exporting",
        "all files of an export; the named exports of exports.toml, and those that are due",
        imports=("crawl", "store", "export", "schedule", "leaves"),
        libraries=("tzlocal",),
    ),
    "lake": Part(
        "crawler/lake",
        "the stored articles as Parquet files by site and month, in a folder or an object store",
        imports=("store", "export", "leaves"),
        libraries=("pyarrow",),
    ),
    "spiders": Part(
        "spiders",
        "news.py and discovering.py crawl sites, archive.py reads WARC files, extracting.py is what both share",
        imports=("crawl", "extract", "store", "discover", "fetch", "rights", "archive", "profiles", "leaves"),
        libraries=("itemadapter", "scrapy", "twisted"),
    ),
    "pipelines": Part(
        "pipelines",
        "validate, dedupe, archive, store: the stages of ITEM_PIPELINES_BASE",
        imports=("crawl", "store", "archive", "similarity", "leaves"),
        libraries=("scrapy",),
    ),
    "freeze": Part(
        "crawler/freeze",
        "tests of a site: saved pages, the articles that are expected of them, and the comparison",
        imports=("crawl", "extract", "store", "archive", "export", "leaves"),
        libraries=("scrapy",),
    ),
    "onboard": Part(
        "crawler/onboard",
        "from the address of a site to its profile: requests, channels, choice, samples, text of the profile",
        imports=("extract", "discover", "encoding", "dates", "fetch", "profiles", "leaves"),
        libraries=("babel", "lxml", "scrapy", "tomlkit"),
    ),
    "crawl": Part(
        "crawler/crawl",
        "the run around the stages: channels, robots.txt, outcomes, batches, locks, rasid due",
        imports=(
            "scrapyext",
            "extract",
            "store",
            "discover",
            "render",
            "fetch",
            "rights",
            "dates",
            "archive",
            "schedule",
            "leaves",
        ),
        libraries=("itemadapter", "scrapy", "twisted"),
    ),
    "scrapyext": Part(
        "crawler/scrapyext",
        "what Scrapy loads by name: spider loader, feed exports, log formatter",
        imports=("store", "export", "profiles", "leaves"),
        libraries=("itemadapter", "scrapy", "twisted"),
    ),
    "health": Part(
        "crawler/health",
        "rules that compare a site with its own past",
        imports=("store", "schedule", "leaves"),
    ),
    "release": Part(
        "crawler/release",
        "datasets that can be cited: write, verify, delta",
        imports=("ledger", "store", "export", "leaves"),
    ),
    "ledger": Part(
        "crawler/ledger",
        "what channels announced for each day, what became of it, and an estimate of what none of them named",
        imports=("store",),
    ),
    "extract": Part(
        "crawler/extract",
        "HTML to an Article, one module a field; workers/ runs it in other processes",
        imports=("similarity", "encoding", "dates", "leaves", "structure"),
        libraries=("lxml", "trafilatura"),
    ),
    "store": Part(
        "crawler/store",
        "all SQL: one module a noun; schema/, articles/, dedupe/, search/, read/",
        imports=("similarity", "schedule", "leaves", "structure"),
        libraries=("sqlite_utils",),
    ),
    "profiles": Part(
        "crawler/profiles",
        "reads and validates sites/*.toml, and the values of settings",
        imports=("leaves",),
        libraries=("cssselect", "scrapy"),
    ),
    "discover": Part(
        "crawler/discover",
        "feed, sitemap, WordPress API, section page to candidate URLs",
        imports=("rights", "encoding", "dates", "leaves"),
        libraries=("feedparser", "lxml"),
    ),
    "render": Part(
        "crawler/render",
        "pages after their scripts have run: the browser, a page, and its requests",
        imports=("fetch", "leaves"),
        libraries=("playwright", "scrapy"),
    ),
    "fetch": Part(
        "crawler/fetch",
        "one request and its response: hosts, throttle, robots.txt, failures",
        imports=("identity", "rights", "archive", "leaves"),
        libraries=("OpenSSL", "isal", "protego", "scrapy", "service_identity", "twisted"),
    ),
    "rights": Part(
        "crawler/rights",
        "what a site says of the uses of its pages: signals from robots.txt, headers, pages, TDMRep and RSL; pure",
        imports=("leaves",),
        libraries=("lxml",),
    ),
    "identity": Part(
        "crawler/identity",
        "who is asking: key files, and signatures of requests (Web Bot Auth)",
        libraries=("cryptography",),
    ),
    "similarity": Part(
        "crawler/similarity",
        "compares texts: sentences, shingles, template slots, repeated lines; no database",
        imports=("dates", "leaves"),
    ),
    "archive": Part(
        "crawler/archive",
        "pages as records in WARC files",
        imports=("encoding", "leaves"),
        libraries=("backports", "brotli", "isal", "warcio"),
    ),
    "dates": Part(
        "crawler/dates",
        "reads dates: machine-readable, printed, relative, in four calendars",
        imports=("leaves",),
        libraries=("dateutil", "hijridate", "persiantools"),
    ),
    "encoding": Part(
        "crawler/encoding",
        "bytes to text: decompressed with a limit, decoded by declaration or detection",
        libraries=("charset_normalizer", "w3lib"),
    ),
    "catalogue": Part(
        "crawler/catalogue",
        "600 news sites as public lists describe them: data, none of it verified",
        imports=("leaves",),
    ),
    "demo": Part("demo", "a small newsroom with invented articles, for make demo and the tests", imports=("leaves",)),
    "export": Part(
        "crawler/export",
        "rows to Excel, CSV, JSON Lines, Parquet and SQLite files, and to feeds",
        imports=("leaves",),
        libraries=("lxml", "pyarrow", "sqlite_utils", "xlsxwriter"),
    ),
    "schedule": Part("crawler/schedule", "when to poll, to recheck and to export; crontab, systemd and launchd files"),
    "leaves": Part(
        "crawler",
        "the modules at the top of crawler/",
        imports=("structure",),
        libraries=("idna", "platformdirs", "scrapy"),
    ),
    "structure": Part(
        "crawler/structure",
        "what the paragraphs of a body are: subheadings, list items, quotes ...; the body as Markdown and as HTML",
    ),
}

FOLDERS = {
    "sites": "one profile a site: data, not code",
    "tests": "test_<stage>_<subject>.py; pages/ and, saved by you, sites/ have pages with the expected articles",
}
"""Folders without importable parts."""


def layers() -> list[list[str]]:
    """Names of the parts, from the bottom layer up. A part's layer is above the layers of all that it imports."""
    height: dict[str, int] = {}
    for name in reversed(PARTS):
        height[name] = max((height[below] + 1 for below in PARTS[name].imports), default=0)
    return [[name for name in PARTS if height[name] == level] for level in range(max(height.values()) + 1)]


def layout_part() -> str:
    """The layout tree, two levels deep."""
    return "```\n" + "\n".join(_aligned(list(_tree()))) + "\n```"


def _tree() -> Iterator[tuple[str, str]]:
    top = {**FOLDERS, **{part.folder: part.what for part in PARTS.values() if "/" not in part.folder}}
    top["crawler"] = "the library; imports nothing of spiders/, pipelines/, demo/, bench/"
    for folder in sorted(top):
        yield f"{folder}/", top[folder]
        if folder == "crawler":
            for name, what in LEAVES.items():
                yield f"  {name}.py", what
            for part in sorted(PARTS.values(), key=lambda part: part.folder):
                if part.folder.startswith("crawler/"):
                    yield f"  {part.folder.removeprefix('crawler/')}/", part.what


def _aligned(rows: list[tuple[str, str]]) -> list[str]:
    width = max(len(left) for left, _ in rows) + 2
    return [f"{left:<{width}}{right}" for left, right in rows]


def arrows_part() -> str:
    """The layers, and the table of the arrows."""
    levels = layers()
    picture = "\n".join(
        _aligned([(f"layer {level}", "   ".join(levels[level])) for level in reversed(range(len(levels)))])
    )
    rows = "\n".join(f"| `{name}` | {_list(part.imports)} | {_list(part.libraries)} |" for name, part in PARTS.items())
    return f"```\n{picture}\n```\n\n| part | imports | libraries |\n|---|---|---|\n{rows}"


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"
