"""The reference Arabic WordPress site, crawled through each of its channels."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT, Workplace

FOLDER = PROJECT.parent / "shared" / "humanvoice"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs ../shared/humanvoice beside the project")

CHANNELS = ("feed", "sitemap", "wordpress", "section")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with subprocess.Popen([sys.executable, str(FOLDER / "serve.py")], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    articles = json.loads((FOLDER / "site_truth.json").read_text("utf-8"))
    return {article["title"]: article for article in articles}


def crawl(folder: Path, address: str, *words: str) -> list[dict[str, Any]]:
    workplace = Workplace(folder)
    workplace.profile("humanvoice", (PROJECT / "sites" / "humanvoice.toml").read_text("utf-8"))
    fast = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
    result = workplace.run("crawl", "humanvoice", "-a", f"url={address}", *fast, *words)
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    rows = workplace.rows("SELECT * FROM articles ORDER BY url")
    related = workplace.rows("SELECT * FROM related_articles")
    for row in rows:
        row["related"] = [other for other in related if other["article_id"] == row["id"]]
    return rows


@pytest.fixture(scope="module")
def by_channel(tmp_path_factory: pytest.TempPathFactory, address: str) -> dict[str, list[dict[str, Any]]]:
    return {kind: crawl(tmp_path_factory.mktemp(kind), address, "-a", f"channel={kind}") for kind in CHANNELS}


@pytest.mark.parametrize("kind", CHANNELS)
def test_each_channel_alone_gives_the_same_six_articles(
    by_channel: dict[str, list[dict[str, Any]]], truth: dict[str, Any], kind: str
) -> None:
    rows = by_channel[kind]
    assert {row["title"] for row in rows} == set(truth)
    assert len(rows) == 6
    compared = ("url", "title", "body", "category", "published", "authors", "language", "tags")
    assert [[row[name] for name in compared] for row in rows] == [
        [row[name] for name in compared] for row in by_channel["feed"]
    ]


def test_articles_are_what_the_site_says(by_channel: dict[str, list[dict[str, Any]]], truth: dict[str, Any]) -> None:
    for row in by_channel["feed"]:
        true = truth[row["title"]]
        assert row["category"] == true["category"] == "سياسة" or row["category"] == true["category"]
        assert [paragraph for paragraph in true["body"] if paragraph not in row["body"].split("\n")] == []


def test_the_reference_article_has_its_category_and_its_instant(by_channel: dict[str, list[dict[str, Any]]]) -> None:
    (row,) = (row for row in by_channel["feed"] if row["title"].startswith("روسيا تعلن عن قمة أستانا"))
    assert row["title"] == "روسيا تعلن عن قمة أستانا بشأن سوريا..التفاصيل كاملة"
    assert row["category"] == "سياسة"
    assert row["published"] == "2021-11-23T12:35:10Z"
    assert row["published_precision"] == "second"


def test_neither_comment_form_nor_related_titles_are_in_a_body(by_channel: dict[str, list[dict[str, Any]]]) -> None:
    clutter = (
        "اترك تعليقاً",
        "لن يتم نشر عنوان بريدك",
        "إرسال التعليق",
        "مقالات ذات صلة",
        "شاركها",
        "القائمة البريدية",
        "الوسوم",
    )
    for row in by_channel["feed"]:
        lines = row["body"].split("\n")
        assert not [word for word in clutter if word in row["body"]]
        others = {other["title"] for other in row["related"] if other["kind"] == "block"}
        assert others
        assert not others & set(lines)
        assert not [line for line in lines if line.startswith("اقرأ أيضا")]


def test_all_channels_together_give_six_articles_too(tmp_path: Path, address: str) -> None:
    assert len(crawl(tmp_path, address)) == 6
