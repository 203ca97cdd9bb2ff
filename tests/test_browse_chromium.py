"""The pages of `make browse` in a real browser. Needs Debian's package chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.store import ArticleFilter, Store
from tests.browsing import ARABIC, Browse, browse, fill_hostile
from tests.made_up import NOW, an_article, put
from tests.png import grey_rows

pytest.importorskip("datasette", reason="needs Datasette: pip install 'datasette>=0.65,<0.66'")
EVERYTHING = ArticleFilter(with_duplicates=True)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt install chromium")
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browse]:
    path = tmp_path_factory.mktemp("browse") / "news.db"
    fill_hostile(path)
    with Store(path) as store:
        put(store, an_article("short-ar", "نص قصير.", title="خبر", published=NOW, language="ar"))
        put(store, an_article("short-en", "Short text.", title="News", published=NOW, language="en"))
    with browse(path) as running:
        yield running


def chromium(url: str, *words: str) -> str:
    """What the browser prints for a page."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory() as profile:
        command = [CHROMIUM, *_FLAGS, f"--user-data-dir={profile}", *words, url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "path", ["/-/article/3", "/news/articles/3", "/news/v_articles", "/-/search?q=owned", "/-/overview"]
)
def test_no_script_of_an_article_runs(server: Browse, path: str) -> None:
    page = chromium(server.url + path, "--dump-dom")
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title is not None
    assert title[1] != "owned"
    assert "Rasid" in title[1] or "news" in title[1]
    assert not re.search(r"<img[^>]+src=.?x", page)


def test_the_overview_is_drawn(server: Browse, tmp_path: Path) -> None:
    target = tmp_path / "overview.png"
    chromium(server.url + "/-/overview", f"--screenshot={target}", "--window-size=1000,700")
    rows = grey_rows(target)
    assert (len(rows), len(rows[0])) == (700, 1000)
    # Bars are the darkest large things there are: half of the picture's lower part would be empty without them.
    dark = sum(value < 90 for row in rows[250:] for value in row)
    assert dark > 5_000


@pytest.mark.parametrize("path", ["/-/overview", "/-/search?q=text", "/-/article/3"])
def test_a_page_is_as_wide_as_a_telephone_and_its_links_can_be_hit(server: Browse, path: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 700})
        page.goto(server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        scrolled = page.evaluate(
            """[...document.querySelectorAll("main *")]
            .filter(e => e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0)
            .filter(e => ["auto", "scroll"].includes(getComputedStyle(e).overflowX)).map(e => e.outerHTML)"""
        )
        assert scrolled == []
        heights = page.eval_on_selector_all(".facet a", "links => links.map(a => a.getBoundingClientRect().height)")
        assert all(height >= 24 for height in heights)
        browser.close()


@pytest.mark.parametrize(("title", "side"), [("خبر", "right"), ("News", "left")])
def test_a_title_is_aligned_by_its_own_direction(server: Browse, title: str, side: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    with Store(server.database) as store:
        number = next(row["id"] for row in store.exports.articles(EVERYTHING) if row["title"] == title)
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 400})
        page.goto(f"{server.url}/-/article/{number}")
        left, right = page.evaluate(
            """() => {
                const title = document.querySelector("h1"), words = document.createRange();
                words.selectNodeContents(title);
                const outer = title.getBoundingClientRect(), inner = words.getBoundingClientRect();
                return [inner.left - outer.left, outer.right - inner.right];
            }"""
        )
        browser.close()
    assert (left > 10 * right + 100) if side == "right" else (right > 10 * left + 100), (left, right)


def test_a_cell_of_a_table_is_in_its_own_direction(server: Browse) -> None:
    page = chromium(server.url + "/news/v_articles", "--dump-dom")
    assert f'<span class="text" dir="auto">{ARABIC}</span>' in page
