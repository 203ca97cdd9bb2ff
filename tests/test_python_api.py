"""The Python API: what docs/python.md shows, in a script, in a notebook, and under a type checker."""

from __future__ import annotations

import ast
import inspect
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

import crawler
import rasid
from crawler import items
from crawler.home import PROJECT, create_home
from rasid import (
    Article,
    CrawlError,
    CrawlResult,
    HomeError,
    RelatedArticle,
    Store,
    StoreError,
    crawl_site,
    extract,
    read_profile,
)
from tests.conftest import Workplace
from tests.installed import Installed
from tests.made_up import SITE, an_article, put
from tests.newssite import Handler, NewsSite, article_page
from tests.test_crawl_again import text_of

DOCS = (PROJECT / "docs" / "python.md").read_text("utf-8")
FIRST, READING = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)[:2]
FAST = {"NEWS_EXTRACT_WORKERS": 1, "AUTOTHROTTLE_ENABLED": 0}


@pytest.fixture
def home(tmp_path: Path, site: NewsSite) -> Path:
    """A home with a profile of a local site with two articles."""
    links = [site.article(f"/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in (1, 2)]
    made = create_home(tmp_path / "news")
    (made.sites / "example.toml").write_text(
        f'title = "Example"\nurl = "{site.url}"\nfeeds = ["{site.feed("/feed.xml", links)}"]\n'
        "delay = 0\nallow_private = true\n"
    )
    return made.folder


def test_a_site_is_crawled_again_and_again_from_one_program(home: Path, site: NewsSite) -> None:
    first = crawl_site("example", home=home, settings=FAST, max_articles=1)
    assert (first.exit_code, first.finish_reason, first.counts["new"]) == (0, "finished", 1), first.messages
    (article,) = first.articles()
    assert (article.title, article.body) == ("Report 1", text_of(1)[0].strip())
    second = crawl_site("example", home=home, settings=FAST)
    assert [article.title for article in second.articles()] == ["Report 2"]
    assert second.run_id == 2
    third = crawl_site("example", home=home, settings=FAST, force=1)
    assert (third.counts["unchanged"], list(third.articles())) == (2, [])
    assert "unchanged        2" in third.messages
    with Store.open(home) as store:
        assert [article.title for article in store.articles()] == ["Report 1", "Report 2"]


def test_a_profile_elsewhere_is_crawled_into_the_home(home: Path, tmp_path: Path) -> None:
    profile = (home / "sites" / "example.toml").rename(tmp_path / "elsewhere.toml")
    assert crawl_site(profile, home=home, settings=FAST).counts["new"] == 2
    with pytest.raises(CrawlError, match="no such profile"):
        crawl_site(tmp_path / "missing.toml", home=home)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("exmaple", {}, "example"),
        ("example", {"max_articles": "many"}, "max_articles"),
        ("-x", {}, "-x"),
    ],
)
def test_wrong_usage_is_one_sentence(home: Path, name: str, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(CrawlError) as raised:
        crawl_site(name, home=home, **arguments)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_interrupt_stops_the_crawl_and_the_next_one_continues(home: Path, site: NewsSite) -> None:
    def interrupt(_: Handler) -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        time.sleep(30)

    answer = site.find("/1.html")
    assert answer
    site.answer("/1.html", interrupt)
    with pytest.raises(KeyboardInterrupt):
        crawl_site("example", home=home, settings=FAST | {"NEWS_STOP_SECONDS": 0.2})
    assert Workplace(home).rows("SELECT finish_reason FROM runs") == [{"finish_reason": "shutdown"}]
    site.answer("/1.html", answer)
    result = crawl_site("example", home=home, settings=FAST)
    assert {"Report 1"} <= {article.title for article in result.articles()}


def test_a_crawl_is_stopped_after_its_time(home: Path, site: NewsSite) -> None:
    started = time.monotonic()
    result = crawl_site("example", home=home, settings=FAST, timeout=0.2)
    assert time.monotonic() - started < 20
    assert result.exit_code in (0, -signal.SIGTERM)  # the latter while Python starts
    assert not site.paths()


def test_articles_are_read_as_they_were_stored(tmp_path: Path) -> None:
    database = tmp_path / "x.db"
    related = [RelatedArticle(kind="block", position=0, title="Other", url="https://example.org/other")]
    published = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)
    from crawler.store import Store as Database

    with Database(database) as store:
        put(store, an_article("a", "One line of text.\nAnother one."))
        put(
            store,
            an_article("b", "A different text, by others.", related=related, published=published, tags=["x", "y"]),
        )
        put(store, an_article("c", "A third text which has nothing in common.", language="ar"))
    with Store.open(database) as reading:
        a, b, c = reading.articles()
        assert (a.paragraphs, a.related, b.related) == (["One line of text.", "Another one."], [], related)
        assert (b.published, b.tags, c.language) == (published, ["x", "y"], "ar")
        assert reading.article(b.url) == b
        assert reading.article("https://example.org/never") is None
        assert [row["url"] for row in reading.rows(language="ar")] == [c.url]
        assert [article.url for article in reading.articles(since=published, until=published.replace(hour=5))] == [
            b.url
        ]
        assert next(reading.rows(site=SITE, query="different"))["published"] == published
        with pytest.raises(ValueError, match="no time zone"):
            list(reading.rows(since=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_a_database_that_is_missing_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError) as raised:
        Store.open(tmp_path / "none.db")
    assert "\n" not in str(raised.value)
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv("RASID_HOME", str(tmp_path))
    with pytest.raises(HomeError):
        Store.open()


def test_pages_are_extracted_from_text_and_bytes(home: Path) -> None:
    html = article_page(
        "فتح الميناء", ("قال مدير الميناء إن الرصيف القديم يفتح أبوابه قبل الشتاء بعد عام من العمل.",), lang="ar"
    )
    article = extract(html, "https://example.org/a")
    assert article.title == "فتح الميناء"
    for encoding in ("utf-8", "windows-1256", "utf-16"):
        assert extract(html.encode(encoding), "https://example.org/a") == article, encoding
    assert extract(html, "https://example.org/a", read_profile(home / "sites" / "example.toml")).site == "example"


def test_the_checkout_has_the_same_names() -> None:
    program = (
        "import sys, crawler, rasid\n"
        "assert not {'scrapy', 'lxml', 'sqlite3'} & sys.modules.keys()\n"
        "from crawler import Store, crawl_site, extract\n"
        "assert rasid.Store is Store and rasid.crawl_site is crawl_site\n"
        "from crawler import extract as again\n"
        "assert extract('<p>x', 'https://x.example/') == again('<p>x', 'https://x.example/')\n"
        "assert 'scrapy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=True)
    assert {*rasid.__all__} - {"project_folder", "use_project"} <= {*dir(crawler)}


def test_another_package_of_the_same_name_is_reported(tmp_path: Path) -> None:
    (tmp_path / "crawler.py").write_text("")
    program = f"import sys; sys.path.append({str(PROJECT)!r}); import crawler; from rasid import extract"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False, env={}
    )
    assert result.stderr.splitlines()[-1].startswith("ImportError: another package `crawler` is imported already (")


def test_the_stub_has_the_names_and_types_of_the_code() -> None:
    stub = ast.parse((PROJECT / "rasid" / "__init__.pyi").read_text("utf-8"))
    classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}
    assert {node.name for node in stub.body if isinstance(node, ast.ClassDef | ast.FunctionDef)} == {*rasid.__all__}
    for real in (Article, RelatedArticle, CrawlResult):
        declared = {
            ast.unparse(node.target): ast.unparse(node.annotation)
            for node in classes[real.__name__].body
            if isinstance(node, ast.AnnAssign)
        }
        assert declared == {field.name: spelled_out(field.type) for field in fields(real)}, (
            "change rasid/__init__.pyi as well"
        )
    functions: list[tuple[object, ast.FunctionDef]] = [
        (rasid, node) for node in stub.body if isinstance(node, ast.FunctionDef)
    ]
    for each in (Store, CrawlResult):
        functions += [(each, node) for node in classes[each.__name__].body if isinstance(node, ast.FunctionDef)]
    for owner, node in functions:
        function = inspect.getattr_static(owner, node.name, None) or getattr(owner, node.name)
        function = getattr(function, "fget", None) or getattr(function, "__func__", function)
        source = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        assert isinstance(source, ast.FunctionDef)
        assert spelled_out(ast.unparse(source.args)) == ast.unparse(node.args), node.name
        assert ast.unparse(source.returns or source) == ast.unparse(node.returns or node), node.name
    public = {name for name in vars(Store) if not name.startswith("_")} - {"changed"}
    assert public == {node.name for node in classes["Store"].body if isinstance(node, ast.FunctionDef)} - {
        "__enter__",
        "__exit__",
    }


def spelled_out(annotation: object) -> str:
    """A type of the code as the stub has it, which has no names of the modules of the code."""
    text = str(annotation)
    for name in ("RelatedKind", "Precision", "PageType"):
        values = ", ".join(map(repr, get_args(vars(items)[name])))
        text = re.sub(rf"\b{name}\b", f"Literal[{values}]", text)
    return re.sub(r"\b(Candidate|Page|TextIdentity) \| None\b", "Any", text)


def test_the_installed_package_has_types_that_a_strict_checker_accepts(installed: Installed, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(f"{FIRST}\nreveal_type(result.counts)\nreveal_type(article)\nextract(1, 2)\n", "utf-8")
    words = (
        "-m",
        "mypy",
        "--strict",
        "--python-executable",
        str(installed.python),
        "--cache-dir",
        str(tmp_path),
        "program.py",
    )
    result = subprocess.run(
        [sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=False, env={"PATH": os.defpath}
    )
    notes = [line.partition(": ")[2] for line in result.stdout.splitlines()]
    assert notes[:2] == [
        'note: Revealed type is "dict[str, int]"',
        'note: Revealed type is "rasid.Article"',
    ], result.stdout
    assert (
        sorted(line.rpartition("[")[2] for line in result.stdout.splitlines() if "error:" in line) == ["arg-type]"] * 2
    )


def test_the_installed_package_crawls_from_a_script(installed: Installed, home: Path) -> None:
    """A script without a guard for __main__, in a folder with a module called `crawler`, that of the user."""
    (home.parent / "spiders.py").write_text("MINE = True\n")
    program = FIRST + "import spiders\nassert spiders.MINE\nprint(titles)\n"
    (home.parent / "script.py").write_text(program, "utf-8")
    result = subprocess.run(
        [str(installed.python), "script.py"], cwd=home.parent, capture_output=True, text=True, check=False,
        env={"PATH": os.defpath, "NEWS_EXTRACT_WORKERS": "1"},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[0] == "2 new articles; exit code 0"
    assert result.stdout.splitlines()[-1] == "['Report 1', 'Report 2']"


def test_the_documentation_runs_in_a_notebook(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat = pytest.importorskip("nbformat", reason="needs Jupyter: pip install nbclient ipykernel")
    nbclient = pytest.importorskip("nbclient", reason="needs Jupyter: pip install nbclient ipykernel")
    pytest.importorskip("ipykernel", reason="needs Jupyter: pip install nbclient ipykernel")
    cells = [
        "import asyncio; assert asyncio.get_running_loop()",
        FIRST,
        "assert (result.exit_code, len(titles)) == (0, 2), result.messages",
        READING + "assert table.published.dt.year.tolist() == [2026, 2026] and first.title == titles[0]",
        "assert crawl_site('example', home='news').counts['new'] == 0",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    file = home.parent / "notebook.ipynb"
    nbformat.write(notebook, file)
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    monkeypatch.setenv("NEWS_EXTRACT_WORKERS", "1")
    resources = {"metadata": {"path": str(home.parent)}}
    nbclient.NotebookClient(nbformat.read(file, 4), timeout=60, kernel_name="python3", resources=resources).execute()
