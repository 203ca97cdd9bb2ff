"""Other packages of Scrapy beside ours, as docs/neighbours.md describes them, and its JOBDIR and HTTPCACHE."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crawler.home import PROJECT, Home, create_home
from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite, article_page
from tests.test_crawl_again import text_of
from tests.test_demo import free_ports

DOCS = (PROJECT / "docs" / "neighbours.md").read_text("utf-8")
FAST = ("-s", "AUTOTHROTTLE_ENABLED=0", "-s", "NEWS_STOP_SECONDS=0.5")


@pytest.fixture
def home(tmp_path: Path, site: NewsSite) -> Home:
    """A home with a profile of a local site with two articles."""
    links = [site.article(f"/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in (1, 2)]
    made = create_home(tmp_path / "news")
    (made.sites / "example.toml").write_text(profile(site, links))
    return made


def profile(site: NewsSite, links: list[str]) -> str:
    return (
        f'title = "Example"\nurl = "{site.url}"\nfeeds = ["{site.feed("/feed.xml", links)}"]\n'
        "delay = 0\nallow_private = true\n"
    )


def environment(**variables: str) -> dict[str, str]:
    # Commands of other tests in this process may have named our settings, which the egg of a project replaces.
    inherited = {name: value for name, value in os.environ.items() if name != "SCRAPY_SETTINGS_MODULE"}
    return inherited | {"PYTHONPATH": str(PROJECT), "NEWS_EXTRACT_WORKERS": "1"} | variables


def test_monitors_of_spidermon_see_our_stats(home: Home, site: NewsSite) -> None:
    pytest.importorskip("spidermon", reason="needs Spidermon: pip install spidermon")
    (settings,) = re.findall(r"```toml\n(SPIDERMON.*?)```", DOCS, re.DOTALL)
    (monitors,) = re.findall(r"```python\n(from spidermon.*?)```", DOCS, re.DOTALL)
    home.settings_file.write_text(settings)
    (home.folder / "monitors.py").write_text(monitors)
    site.put("/2.html", article_page("Report 2", text_of(2)).replace("2026-11-10T08:30:00+00:00", ""))
    words = ("-m", "rasid", "--home", str(home.folder), "crawl", "example", "-L", "INFO", *FAST)
    result = subprocess.run(
        [sys.executable, *words], env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    assert dict(re.findall(r"\[Spidermon\] Crawl/(.*)\.\.\. (\w+)", result.stderr)) == {
        "ended well": "OK",
        "nine of ten articles have a date": "FAIL",
        "at most a tenth of the pages failed": "OK",
    }


@contextmanager
def scrapyd(folder: Path, **variables: str) -> Iterator[str]:
    """The URL of a scrapyd that runs in a folder."""
    port = free_ports()
    with (folder / "scrapy.cfg").open("a") as file:
        file.write(f"\n[scrapyd]\nhttp_port = {port}\npoll_interval = 0.1\nmax_proc = 2\n")
    with (folder / "out.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", "from scrapyd.__main__ import main; main()"],
            cwd=folder,
            env=environment(PYTHONWARNINGS="ignore", **variables),
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}/"
        until(lambda: call(url, "daemonstatus.json"))
        yield url
    finally:
        process.terminate()
        process.wait()


def call(url: str, name: str, **values: str) -> dict[str, Any] | None:
    """The answer of scrapyd's API; None while it does not listen. With values, it is sent a POST request."""
    data = urllib.parse.urlencode(values).encode() if values else None
    try:
        with urllib.request.urlopen(url + name, data, timeout=30) as response:
            answer: dict[str, Any] = json.load(response)
            return answer
    except OSError:
        return None


def until(condition: Any, seconds: float = 60) -> Any:
    """Wait for something to be true; what it is."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return value


def run_job(url: str, folder: Path, **values: str) -> str:
    """Run a job to its end; its log."""
    job = (call(url, "schedule.json", **values) or {}).get("jobid", "")
    assert job
    jobs = f"listjobs.json?project={values['project']}"
    until(lambda: [each for each in (call(url, jobs) or {})["finished"] if each["id"] == job])
    return (folder / "logs" / values["project"] / values["spider"] / f"{job}.log").read_text("utf-8")


def test_scrapyd_runs_a_site_of_a_folder(home: Home, site: NewsSite) -> None:
    pytest.importorskip("scrapyd", reason="needs scrapyd: pip install scrapyd")
    (home.folder / "scrapy.cfg").write_text("[settings]\nrasid = crawler.settings\n")
    with scrapyd(home.folder) as url:
        assert (call(url, "listspiders.json?project=rasid") or {})["spiders"] == ["example"]
        job = {"project": "rasid", "spider": "example", "max_articles": "1", "setting": "LOG_LEVEL=INFO"}
        log = run_job(url, home.folder, **job)
    assert "Spider closed (finished)" in log
    assert site.paths() == ["/robots.txt", "/feed.xml", "/1.html"]
    assert "Process finished" in (home.folder / "out.log").read_text("utf-8")


def test_scrapyd_runs_a_site_of_an_egg(tmp_path: Path, site: NewsSite) -> None:
    """The egg is built as scrapyd-deploy builds it, and stored as addversion.json stores it."""
    pytest.importorskip("scrapyd", reason="needs scrapyd: pip install scrapyd")
    pytest.importorskip("scrapyd_client", reason="needs scrapyd-client: pip install scrapyd-client")
    egg, server = tmp_path / "project.egg", tmp_path / "server"
    server.mkdir()
    words = ("-W", "ignore", "-c", "from scrapyd_client.deploy import main; main()", "--build-egg", str(egg))
    subprocess.run([sys.executable, *words], cwd=PROJECT, check=True, capture_output=True)
    with zipfile.ZipFile(egg, "a") as file:
        links = [site.article("/1.html", "Report 1", paragraphs=text_of(1))]
        file.writestr("project/sites/of_the_egg.toml", profile(site, links))
        assert {path.name for path in (PROJECT / "sites").glob("*.toml")} <= {
            Path(name).name for name in file.namelist()
        }
    with scrapyd(server, HOME=str(tmp_path), XDG_CACHE_HOME="", XDG_DATA_HOME="", PYTHONPATH="") as url:
        boundary = b"--x\r\nContent-Disposition: form-data; name="
        body = boundary + b'"project"\r\n\r\nrasid\r\n' + boundary + b'"version"\r\n\r\n1\r\n'
        body += boundary + b'"egg"; filename="p.egg"\r\n\r\n' + egg.read_bytes() + b"\r\n--x--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        with urllib.request.urlopen(
            urllib.request.Request(f"{url}addversion.json", body, headers), timeout=60
        ) as answer:
            added = json.load(answer)
        assert added.get("spiders") == len(list((PROJECT / "sites").glob("*.toml"))) + 1, added
        run_job(url, server, project="rasid", spider="of_the_egg")
    (database,) = tmp_path.rglob("news.db")
    assert Workplace(database.parent).rows("SELECT title FROM articles") == [{"title": "Report 1"}]


def test_a_job_directory_loses_nothing_and_requests_nothing_twice(site: NewsSite, workplace: Workplace) -> None:
    def slowly(page: str) -> Any:
        def answer(handler: Handler) -> None:
            time.sleep(0.05)
            handler.reply(page)

        return answer

    pages = {f"/{n}.html": article_page(f"Report {n}", text_of(n)) for n in range(12)}
    links = [site.answer(path, slowly(page)) for path, page in pages.items()]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    words = ("crawl", "local", "-s", f"JOBDIR={workplace.folder / 'job'}", "-s", "NEWS_BATCH_SIZE=1", *FAST)
    with workplace.start(*words) as process:
        until(lambda: "/3.html" in site.paths())
        process.terminate()
        process.communicate(timeout=30)
    stored = {row["title"] for row in workplace.rows("SELECT title FROM articles")}
    assert len(stored) < 12
    site.seen.clear()
    result = workplace.run(*words)
    assert (result.returncode, "Traceback" in result.stderr) == (0, False), result.stderr
    assert len(workplace.rows("SELECT title FROM articles")) == 12
    requested = Counter(path for path in site.paths() if path in pages)
    assert set(requested) == {path for path in pages if f"Report {path[1:-5]}" not in stored}
    assert set(requested.values()) == {1}


def test_the_cache_of_scrapy_stores_what_is_new(site: NewsSite, workplace: Workplace) -> None:
    links = [site.article(f"/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in (1, 2)]
    site.feed("/feed.xml", links[:1])
    workplace.site_profile(site, feeds=[f"{site.url}feed.xml"])
    cache = ("-s", "HTTPCACHE_ENABLED=1", "-s", f"HTTPCACHE_DIR={workplace.folder / 'cache'}")
    obeying = ("-s", "HTTPCACHE_POLICY=scrapy.extensions.httpcache.RFC2616Policy")
    for policy, new in (((), 1), ((), 1), (obeying, 2)):
        assert workplace.run("crawl", "local", *FAST, *cache, *policy).returncode == 0
        assert len(workplace.rows("SELECT title FROM articles")) == new
        site.feed("/feed.xml", links)
