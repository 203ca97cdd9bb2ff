"""The code of docs/tutorial_scrapy.md, in files of the names that it has there, in a home."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from scrapy import signals

from crawler.home import create_home
from tests.conftest import PROJECT, Workplace
from tests.newssite import NewsSite, article_page

PAGE = (PROJECT / "docs" / "tutorial_scrapy.md").read_text("utf-8")


def test_components_of_the_tutorial_work_in_a_home(site: NewsSite, workplace: Workplace) -> None:
    folder = create_home(workplace.folder).folder
    blocks = re.findall(r"^```(?:python|toml)\n# ([\w/.]+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == PAGE.count("```python") + PAGE.count("```toml") == 5
    for name, code in blocks:
        (folder / name).write_text(code)
    page = article_page("The north pier").replace("<title>The north pier", "<title>The pier - Local")
    feed = site.feed("/feed.xml", [site.put("/a.html", page), site.put("/b.html", "<title>None</title><p>Short.</p>")])
    workplace.site_profile(site, "daily", feeds=[feed])

    result = subprocess.run(
        [sys.executable, "-m", "rasid", "--home", str(folder), "crawl", "daily", "-L", "INFO"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("NEWS_")}
        | {"PYTHONPATH": str(PROJECT), "NEWS_EXTRACT_WORKERS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, workplace.pages()) == (0, {"/a.html": "new", "/b.html": "body_too_short"}), result.stderr
    assert workplace.rows("SELECT title FROM articles") == [{"title": "The pier - Local"}]
    assert (folder / "headlines.txt").read_text() == "daily: The pier - Local\n"
    assert (folder / "outcomes.txt").read_text() == "daily: finished, 1 new of 2\n"
    assert {seen.headers.get("x-signature") for seen in site.seen} == {"signed"}
    assert "INFO: stored: The pier - Local\n" in result.stderr


def test_page_names_the_signals_that_we_use() -> None:
    (named,) = re.findall(r"We use (.*?):", PAGE, re.DOTALL)
    files = [path for folder in ("crawler", "spiders", "pipelines") for path in (PROJECT / folder).rglob("*.py")]
    code = "".join(path.read_text("utf-8") for path in files)
    used = {name for name in re.findall(r"\bsignals\.([a-z_]+)", code) if hasattr(signals, name)}
    assert set(re.findall(r"`(\w+)`", named)) == used
