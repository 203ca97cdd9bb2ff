"""What is documented is there, and what is there is documented."""

from __future__ import annotations

import functools
import importlib.util
import re
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest
import scrapy.commands

from crawler import settings
from crawler.profile import SiteProfile
from crawler.profiles.reader import SELECTOR_KEYS
from crawler.store.database import open_database
from docs.generate import PAGES, commands_part, filled
from tests.conftest import PROJECT

DOCS = PROJECT / "docs"
SCRAPYS_OWN = {"list", "shell", "fetch", "parse", "view", "settings"}
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")


def sources() -> list[Path]:
    """Every file of the project that may cite a page of the documentation."""
    folders = ("rasid", "crawler", "spiders", "pipelines", "demo", "bench", "docs", "tests", "sites")
    suffixes = {".py", ".toml", ".yml", ".md", ".html"}
    files = [path for folder in folders for path in (PROJECT / folder).rglob("*") if path.suffix in suffixes]
    return sorted([*files, PROJECT / "pyproject.toml", PROJECT / "Makefile"])


@functools.cache
def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    slugs: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        slugs.add(f"{slug}-1" if slug in slugs else slug)
    return slugs


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_generated_parts_are_up_to_date(page: Path) -> None:
    text = page.read_text("utf-8")
    assert filled(text) == text, f"{page.name} is out of date: run `make docs`"


@pytest.mark.parametrize("name", [name for name in dir(settings) if name.startswith("NEWS_")])
def test_every_setting_has_its_heading(name: str) -> None:
    assert name.lower() in anchors(DOCS / "settings.md")


def test_every_key_of_a_profile_is_documented() -> None:
    keys = {field.name for field in fields(SiteProfile)} - {"name", "moved_to"} | set(SELECTOR_KEYS)
    page = (DOCS / "profiles.md").read_text("utf-8")
    assert not [key for key in keys if not re.search(rf"`{key}`|`{key} =|^{key} =|^\[{key}\]", page, re.MULTILINE)]


def test_every_command_is_in_the_usage() -> None:
    names = re.findall(r"`rasid (\w+)", commands_part())
    assert {"crawl", "sites", "export", "extract"} <= set(names)
    usage = re.sub(
        r"<!-- generated: commands -->.*?<!-- end -->", "", (DOCS / "usage.md").read_text("utf-8"), flags=re.S
    )
    assert not [name for name in names if f"rasid {name}" not in usage]


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text("utf-8")
    assert not [page.name for page in DOCS.glob("*.md") if page.name != "index.md" and f"]({page.name})" not in index]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_a_page_and_a_heading_that_exist(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", page.read_text("utf-8"))):
        if re.match(r"https?:|mailto:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links to {link}: no such file"
        assert not anchor or anchor in anchors(target), f"{page.name} links to {link}: no such heading"


def test_pages_and_headings_that_the_code_cites_exist() -> None:
    for path in sources():
        for name, anchor in re.findall(r"docs/(\w+\.md)(?:#([\w-]+))?", path.read_text("utf-8")):
            assert (DOCS / name).exists(), f"{path} cites docs/{name}, which does not exist"
            assert not anchor or anchor in anchors(DOCS / name), f"{path}: docs/{name} has no heading for #{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_and_modules_that_a_page_names_exist(page: Path) -> None:
    text = re.sub(r"(?m)^# [\w/]+\.py$", "", page.read_text("utf-8"))  # names of the reader's own files
    files = re.findall(r"(?<![\w/.-])((?:crawler|spiders|pipelines|demo|bench|docs|tests)/[\w./-]*\w)", text)
    made = {"tests/sites"}  # by `rasid freeze`
    assert not [file for file in files if file not in made and not (PROJECT / file).exists()]
    modules = re.findall(r"python -m ((?:crawler|bench|docs|demo)[\w.]*\w)", text)
    assert not [module for module in modules if importlib.util.find_spec(module) is None]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_settings_and_commands_that_a_page_names_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not {name for name in re.findall(r"\bNEWS_[A-Z_]*[A-Z]\b", text) if not hasattr(settings, name)}
    code = [*SPAN.findall(FENCE.sub("", text)), *re.findall(r"^    (.*)$", text, re.MULTILINE), *FENCE.findall(text)]
    commands = set(re.findall(r"`rasid (\w+)", commands_part())) | SCRAPYS_OWN
    assert (
        not {name for part in code for name in re.findall(r"(?<!from )\b(?:rasid|scrapy) ([a-z]\w*)", part)} - commands
    )


def test_options_and_names_that_a_page_quotes_exist() -> None:
    folders = ("rasid", "crawler", "spiders", "pipelines", "demo", "bench", "sites")
    code = "".join(path.read_text("utf-8") for path in sources() if path.relative_to(PROJECT).parts[0] in folders)
    code += "".join(path.read_text("utf-8") for path in Path(next(iter(scrapy.commands.__path__))).glob("*.py"))
    known = set(re.findall(r"--[a-z-]+|\w+", code)) | {path.stem for path in sources()}
    for page in PAGES:
        spans = [span for span in SPAN.findall(FENCE.sub("", page.read_text("utf-8"))) if "/" not in span]
        names = {name for span in spans for name in re.findall(r"(?<!-)--[a-z-]+|[a-z]+(?:_[a-z]+)+", span)}
        families = ("directive_", "http_")  # reasons that end in a word or a number of the response
        assert not {name for name in names - known if not name.startswith(families)}, page.name


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Table or view → its columns."""
    with closing(open_database(tmp_path_factory.mktemp("docs") / "news.db", timeout=5)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
        return {name: {column.name for column in db[name].columns} for name in names}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tables_and_columns_that_a_page_names_exist(page: Path, columns: dict[str, set[str]]) -> None:
    text = page.read_text("utf-8")
    tables = re.findall(r"\b[Tt]ables? `(\w+)`|\b[Vv]iews? `(\w+)`", text)
    assert not {name for pair in tables for name in pair if name} - columns.keys()
    for table, column in re.findall(r"`(\w+)\.(\w+)`", text):
        if table in columns and column != "toml":  # `exports.toml` is a file
            assert column in columns[table], f"{table} has no column {column}"


def test_every_table_is_documented(columns: dict[str, set[str]]) -> None:
    overview = (DOCS / "database.md").read_text("utf-8").split("<!-- generated: tables -->")[0]
    documented = {name for row in re.findall(r"^\| ([^|]*) \|", overview, re.MULTILINE) for name in SPAN.findall(row)}
    internal = {name for name in columns if name.startswith(("sqlite_", "_sqlite", "articles_fts_"))}
    assert documented == columns.keys() - internal


def test_make_targets_that_the_readme_names_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^ +make (\w+)", (PROJECT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= targets
    assert not [name for name in targets if f"\n{name}:" not in makefile]
