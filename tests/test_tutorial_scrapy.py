"""The code of docs/tutorial_scrapy.md, in files of the names that it has there."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from crawler.home import create_home
from tests.conftest import PROJECT, Workplace
from tests.newssite import NewsSite

PAGE = (PROJECT / "docs" / "tutorial_scrapy.md").read_text("utf-8")


def test_pipeline_spider_and_settings_of_the_tutorial_work(site: NewsSite, workplace: Workplace) -> None:
    folder = create_home(workplace.folder).folder
    for name, code in re.findall(r"```python\n# ([\w/.]+)\n(.*?)```", PAGE, re.DOTALL):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(code)
    (folder / "my_spiders" / "__init__.py").touch()
    (modules,) = re.findall(r"^SPIDER_MODULES.*$", PAGE, re.MULTILINE)
    (folder / "settings.toml").write_text(f'{modules}\n[ITEM_PIPELINES]\n"my_pipelines.Headlines" = 400\n')
    workplace.site_profile(site, "daily", feeds=[site.feed("/feed.xml", [site.article("/a.html", "The north pier")])])

    result = subprocess.run(
        [sys.executable, "-m", "rasid", "crawl", "daily"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder}:{PROJECT}", "NEWS_EXTRACT_WORKERS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, workplace.pages()) == (0, {"/a.html": "new"}), result.stderr
    assert (folder / "headlines.txt").read_text() == "daily: The north pier\n"
    (article,) = [request for request in site.seen if request.path == "/a.html"]
    assert {name.lower(): value for name, value in article.headers.items()}["x-edition"] == "print"
