"""bench.speed measures real crawls of served pages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.speed import newsrooms
from bench.speed.crawls import crawl_ours, crawl_plain
from bench.speed.newsrooms import Newsroom, NotBuilt, pages_of_few_templates, pages_of_many_templates
from bench.speed.processes import Failed, run
from bench.speed.report import crawl_table, small_figures
from tests.conftest import PROJECT

needs_nginx = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") is None,
    reason="needs Linux and nginx",
)


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """Two sites with two generated pages each, as without ../shared."""
    monkeypatch.setattr(newsrooms, "BUILT", tmp_path / "built")
    monkeypatch.setattr(newsrooms, "SHARED", tmp_path / "missing")
    monkeypatch.setattr(newsrooms, "TEMPLATE_SITES", 2)
    first, other = pages_of_few_templates(2)
    assert len(first.articles) == len(other.articles) == 4
    assert not {article["url"] for article in first.articles} & {article["url"] for article in other.articles}
    return first


@needs_nginx
def test_a_crawl_is_measured_and_its_texts_are_looked_up(generated: Newsroom, tmp_path: Path) -> None:
    ours = crawl_ours(generated, tmp_path)
    assert (ours["texts"], ours["titles"]) == (4, 4)
    assert ours["requests"] == 2 * (1 + 1 + 2)  # robots.txt, the sitemap and the pages of each site
    assert ours["main"] > 0
    assert ours["workers"] > 0
    again = crawl_ours(generated, tmp_path)  # the database of the first crawl, and nothing new
    assert again["texts"] == 4
    assert again["requests"] == 2


@needs_nginx
def test_the_plain_spider_crawls_the_same_pages(generated: Newsroom) -> None:
    plain = crawl_plain(generated)
    assert (plain["texts"], plain["requests"]) == (4, 8)
    assert plain["workers"] < 0.1


def test_without_the_shared_folder_the_message_says_what_is_missing(generated: Newsroom) -> None:
    with pytest.raises(NotBuilt, match=r"newsroom\.py is missing"):
        pages_of_many_templates(10)


def test_a_command_that_fails_is_reported_with_its_last_lines(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="ended with 3: no such site"):
        run([sys.executable, "-c", "import sys; print('no such site', file=sys.stderr); sys.exit(3)"], cwd=tmp_path)


def test_cpu_of_child_processes_is_counted_apart(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.2: pass"
    cost = run(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"],
        cwd=tmp_path,
    )
    assert cost.main < 0.2 <= cost.workers


def test_the_table_has_medians_and_ratios_of_the_same_round() -> None:
    figures = {"pages": 100.0, "workers": 0.0, "memory": 1.0, "requests": 100, "texts": 100, "titles": 100}
    plain = [figures | {"seconds": s, "main": s} for s in (10.0, 20.0, 40.0)]
    cold = [figures | {"seconds": s / 2, "main": s / 4} for s in (10.0, 20.0, 20.0)]
    table = crawl_table({"plain": plain, "cold": cold})
    assert table["cold"]["x plain"] == "2.00 (2.00-4.00)"
    assert table["cold"]["x plain's CPU"] == "0.25 (0.12-0.25)"
    assert table["plain"]["pages/s"] == "5.0 (2.5-10.0)"
    slow = [figures | {"seconds": 10.0, "main": 1.0}]
    assert small_figures({"cold": cold, "latency": slow}) == {
        "latency: share of the smaller limit (the machine, as in cold)": "0.50"
    }


def test_a_row_that_does_not_exist_is_refused() -> None:
    command = [sys.executable, "-m", "bench.speed", "--only", "plain,no-such-row"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such row: no-such-row. There are fetch, plain, cold" in done.stderr


@pytest.mark.parametrize("library", ["lxml", "trafilatura"])
def test_the_recorded_figures_are_those_of_the_pinned_libraries(library: str) -> None:
    """A new version may be slower: it is measured (docs/releasing.md) before it is pinned."""
    machine = json.loads((PROJECT / "bench" / "speed.json").read_text("utf-8"))["machine"]
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    pinned = re.search(rf"^{library}==(\S+)", lock, re.MULTILINE)
    assert pinned is not None
    assert f"{library} {pinned[1]}" in machine
