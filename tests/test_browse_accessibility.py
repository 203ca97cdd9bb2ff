"""No page breaks a rule of axe-core, in light and dark, in English and Arabic. Needs Debian's package chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.web.collection import NEWSPAPERS, fill_collection
from bench.web.pages import pages_of
from crawler import clock
from crawler.store import Store
from crawler.structure import body_html
from tests.browsing import Browse, browse, fill_hostile
from tests.conftest import PROJECT
from tests.crawled_sites import PATHS as CRAWL_PATHS
from tests.crawled_sites import fill as fill_crawls
from tests.crawled_sites import make_home

pytest.importorskip("datasette", reason="needs Datasette: pip install 'datasette>=0.65,<0.66'")
playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
axe = pytest.importorskip("axe_playwright_python.base", reason="needs axe: pip install axe-playwright-python")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt install chromium")

# Also the rules of WCAG 2.2 that axe leaves out unless they are named.
_RUN = """async () => (await axe.run(document, {rules: {"target-size": {enabled: true}}})).violations
    .flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))"""
PAGES = [
    "/-/overview",
    "/-/overview?by=language&range=all",
    "/-/search",
    "/-/search?q=text",
    "/-/search?q=%20",
    "/-/article/1",
    "/-/article/3",
    "/-/article/77",
    "/-/article/1/page",
    "/-/story/1",
    "/-/story/3",
    "/-/search?q=((",
    "/-/search?site=other&since=2026-01-01&rows=story",
    "/news",
    "/news/articles",
    "/news/v_articles?_facet=site&site=other",
    "/news/articles/1",
    "/news/who_copies_whom",
    "/news?sql=select+1",
    "/news?sql=nonsense",
    "/nothing",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browse]:
    path = tmp_path_factory.mktemp("accessibility") / "news.db"
    fill_hostile(path)
    with browse(path) as running:
        yield running


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browse]:
    path = tmp_path_factory.mktemp("crawled") / "news.db"
    fill_collection(path, clock.now(), days=6)
    with browse(path) as running:
        yield running


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_context(bypass_csp=True, viewport={"width": 1000, "height": 800}).new_page()
        browser.close()


def findings(page: Any, url: str, *, opened: bool = False) -> list[str]:
    """What axe-core reports of a page. `opened`: with the tables of its charts."""
    page.goto(url)
    if opened:
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.add_script_tag(content=Path(axe.AXE_FILE_PATH).read_text("utf-8"))
    found: list[str] = page.evaluate(_RUN)
    return found


@pytest.mark.parametrize("choice", ["_lang=en&_theme=light", "_lang=ar&_theme=dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(server: Browse, page: Any, path: str, choice: str) -> None:
    assert findings(page, f"{server.url}{path}{'&' if '?' in path else '?'}{choice}") == []


@pytest.mark.parametrize("choice", ["_lang=en&_theme=dark", "_lang=ar&_theme=light"])
def test_axe_finds_nothing_in_a_collection_of_days(crawled: Browse, page: Any, choice: str) -> None:
    pages = pages_of(crawled.database)
    paths = [pages[name] for name in ("overview", "article_ar", "sites", "site", "runs", "run", "ledger")]
    paths += ["/-/run/due/1", "/-/ledger/pages", f"/-/ledger?site={NEWSPAPERS[1].name}", "/-/site/none"]
    reports = {path: findings(page, f"{crawled.url}{path}{'&' if '?' in path else '?'}{choice}") for path in paths}
    assert {path: found for path, found in reports.items() if found} == {}


@pytest.fixture(scope="module")
def odd_crawls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browse]:
    folder = tmp_path_factory.mktemp("odd")
    fill_crawls(folder / "news.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASID_HOME", str(make_home(folder)))
        with browse(folder / "news.db") as running:
            yield running


@pytest.mark.parametrize(("number", "path"), list(enumerate([*CRAWL_PATHS, "/-/site/nobody", "/-/run/999"])))
def test_axe_finds_nothing_where_sites_have_odd_names(odd_crawls: Browse, page: Any, path: str, number: int) -> None:
    choice = ("_lang=en&_theme=light", "_lang=ar&_theme=dark")[number % 2]
    assert findings(page, f"{odd_crawls.url}{path}{'&' if '?' in path else '?'}{choice}", opened=True) == []
    page.set_viewport_size({"width": 320, "height": 700})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1000, "height": 800})
    assert width <= 320


def test_axe_finds_nothing_on_an_empty_collection(page: Any, tmp_path: Path) -> None:
    Store(tmp_path / "news.db").close()
    with browse(tmp_path / "news.db") as empty:
        for path in ("/-/overview", "/-/search", "/-/sites", "/-/runs", "/-/ledger", "/news"):
            assert findings(page, empty.url + path) == []


TEXT = ["A first paragraph.", "What is left", "Quoted", "One", "Two", "Three", "Year | Place" + " | a long place" * 9]
TEXT += ["1901 | the ford" + " | by the old bridge" * 9, "rsync --archive mill/ meadow/ " * 9, "Deeper", "The end."]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_structured_text_has_no_barrier_and_does_not_widen_a_small_screen(
    page: Any, theme: str, direction: str
) -> None:
    text = body_html("\n".join(TEXT), "p ## >p -p +-p .p ^ | ` #### p")
    css = (PROJECT / "crawler" / "browse" / "static" / "pages.css").read_text("utf-8")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("about:blank")
    page.set_content(
        f'<!DOCTYPE html><html lang="en" dir="{direction}" data-theme="{theme}"><title>A</title><style>{css}</style>'
        f'<main><article class="story"><h1>A</h1>{text}</article></main>'
    )
    page.add_script_tag(content=Path(axe.AXE_FILE_PATH).read_text("utf-8"))
    assert page.evaluate(_RUN) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.set_viewport_size({"width": 1000, "height": 800})


def test_axe_would_find_a_fault(page: Any) -> None:
    assert any("image-alt" in finding for finding in findings(page, "data:text/html,<img src='data:,'>"))
