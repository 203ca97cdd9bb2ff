"""`scrapy reextract`: what a better extraction would change, and changing it."""

from __future__ import annotations

import json
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from crawler.crawl.reextract import short_diff
from tests.conftest import Workplace
from tests.newssite import NewsSite, serve

BETTER = "[selectors]\ntitle = '.kicker'\n"
COLUMNS = "SELECT id, url, title, body, tags, last_seen, published, confidence FROM articles ORDER BY id"


def page(n: int) -> str:
    text = f"Report number {n} from the harbour tells of ship {n} and its crew of {n + 3} sailors. " * 3
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>Report {n}</title></head><body><article><h1>Report {n}</h1>"
        f"<time datetime='2026-11-10T08:30:00Z'></time><p>{text}</p><blockquote>Second paragraph of {n}.</blockquote>"
        f"</article><aside class='kicker'>Ship {n} comes home</aside></body></html>"
    )


def crawl(workplace: Workplace, site: NewsSite, count: int) -> None:
    links = [site.put(f"/news/{n}.html", page(n)) for n in range(count)]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    assert workplace.run("crawl", "local").returncode == 0


def report(workplace: Workplace, *words: str) -> dict[str, Any]:
    result = workplace.run("reextract", "--json", *words)
    assert result.returncode == 0, result.stderr
    return dict(json.loads(result.stdout))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workplace in which three articles were crawled."""
    workplace = Workplace(tmp_path_factory.mktemp("crawled"))
    with serve() as site:
        crawl(workplace, site, 3)
    return workplace.folder


@pytest.fixture
def same(crawled: Path, tmp_path: Path) -> Workplace:
    """Three articles, with the profile they were crawled with."""
    return Workplace(shutil.copytree(crawled, tmp_path / "same"))


@pytest.fixture
def better(same: Workplace) -> Workplace:
    """Three articles, and a profile that knows better where the headline is."""
    improve_profile(same)
    return same


def improve_profile(workplace: Workplace) -> None:
    with (workplace.folder / "sites" / "local.toml").open("a", encoding="utf-8") as file:
        file.write(BETTER)


def test_the_same_extractor_changes_nothing(same: Workplace) -> None:
    before = same.rows(COLUMNS)
    result = report(same)
    assert (result["articles"], result["unchanged"], result["changed"]) == (3, 3, 0)
    assert same.rows(COLUMNS) == before
    assert same.rows("SELECT * FROM revisions") == []


def test_a_structure_that_is_not_stored_yet_is_filled_and_makes_no_revision(same: Workplace) -> None:
    before = same.rows("SELECT structure FROM articles")
    assert [each["structure"] for each in before] == ["p >p"] * 3
    same.change("UPDATE articles SET structure = NULL")
    assert report(same)["fields"] == {"structure": 3}
    assert same.rows("SELECT structure FROM articles") == before
    assert same.rows("SELECT id FROM revisions") == []


def test_dry_run_shows_each_field_and_changes_nothing(better: Workplace) -> None:
    before = better.rows(COLUMNS)
    result = better.run("reextract", "--dry-run")
    assert result.returncode == 0, result.stderr
    assert "3 pages extracted again, 3 articles would change" in result.stdout
    assert "  title                     3" in result.stdout
    assert "  - Report 1\n  + Ship 1 comes home\n" in result.stdout
    assert better.rows(COLUMNS) == before
    assert better.rows("SELECT * FROM revisions") == []


def test_applying_makes_revisions_and_a_second_run_changes_nothing(better: Workplace) -> None:
    before = better.rows(COLUMNS)
    result = report(better)
    assert (result["articles"], result["changed"], result["fields"]) == (3, 3, {"title": 3, "provenance": 3})
    after = better.rows(COLUMNS)
    for old, new in zip(before, after, strict=True):
        assert new["title"] == old["title"].replace("Report", "Ship") + " comes home"
        assert (old["id"], old["url"], old["last_seen"]) == (new["id"], new["url"], new["last_seen"])
    revisions = better.rows("SELECT article_id, kind, previous FROM revisions ORDER BY article_id")
    assert [row["kind"] for row in revisions] == ["extraction"] * 3
    previous = [json.loads(row["previous"]) for row in revisions]
    assert [values.pop("confidence") for values in previous] == [row["confidence"] for row in before]
    assert previous == [{"title": row["title"]} for row in before]
    again = report(better)
    assert (again["changed"], again["unchanged"]) == (0, 3)
    assert len(better.rows("SELECT * FROM revisions")) == 3


def test_which_pages_to_extract_can_be_said(better: Workplace) -> None:
    assert report(better, "--site", "local", "--since", "2199-01-01")["articles"] == 0
    assert better.run("reextract", "-s", "NEWS_ARCHIVE=").returncode == 2


def test_what_is_no_article_any_more_or_has_no_record_is_left_as_it_is(better: Workplace) -> None:
    before = better.rows(COLUMNS)
    result = report(better, "-s", "NEWS_MIN_BODY_CHARS=100000")
    assert (result["rejected"], result["reasons"]) == (3, {"body_too_short": 3})
    (path,) = (better.folder / "archive").glob("*.warc.gz")
    data = bytearray(path.read_bytes())
    (record,) = better.rows("SELECT offset, length FROM archive WHERE article_id = 2")
    data[record["offset"] + 40 : record["offset"] + record["length"]] = bytes(record["length"] - 40)
    path.write_bytes(data)
    result = report(better)
    assert (result["failed"], result["changed"], result["reasons"]) == (1, 2, {"no_record": 1})
    assert better.rows(COLUMNS)[1] == before[1]


def test_an_article_whose_profile_is_gone_is_not_extracted_by_another(better: Workplace) -> None:
    (better.folder / "sites" / "local.toml").unlink()
    better.profile("other", 'title = "Other"\nurl = "http://127.0.0.1/"\n[selectors]\nremove = "h1"\n')
    result = report(better)
    assert (result["failed"], result["changed"], result["reasons"]) == (3, 0, {"no_profile": 3})


def test_stopped_in_the_middle_it_keeps_what_it_did_and_goes_on_later(workplace: Workplace) -> None:
    with serve() as site:
        crawl(workplace, site, 100)
    improve_profile(workplace)
    for number, status in ((signal.SIGINT, 1), (signal.SIGKILL, -9)):
        before = revisions(workplace)
        with workplace.start("reextract", "--json") as process:
            deadline = time.monotonic() + 30
            while revisions(workplace) == before:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
        assert process.returncode == status, err
        if number == signal.SIGINT:
            assert json.loads(out)["stopped"]
            assert "run the command again" in err
    done = revisions(workplace)
    assert 0 < done < 100
    result = report(workplace)
    assert (result["changed"], result["unchanged"]) == (100 - done, done)
    assert workplace.rows("SELECT count(DISTINCT article_id) AS n, count(*) AS m FROM revisions") == [
        {"n": 100, "m": 100}
    ]
    assert workplace.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


def revisions(workplace: Workplace) -> int:
    return int(workplace.rows("SELECT count(*) AS n FROM revisions")[0]["n"])


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("one\ntwo", "one\nthree", ["- two", "+ three"]),
        (None, "2026", ["+ 2026"]),
        (["block A"], ["block A", "inline B"], ["+ inline B"]),
        ("x" * 500, "y", ["- " + "x" * 159 + "…", "+ y"]),
        ("\n".join(map(str, range(20))), "0", [*(f"- {n}" for n in range(1, 7)), "… 13 more lines"]),
        (0, 1, ["- 0", "+ 1"]),
    ],
)
def test_a_diff_is_short(before: Any, after: Any, lines: list[str]) -> None:
    assert short_diff(before, after) == lines


def test_an_archive_elsewhere_can_be_extracted_again(same: Workplace, tmp_path: Path) -> None:
    (path,) = (same.folder / "archive").glob("*.warc.gz")
    moved = path.rename(tmp_path / "moved.warc.gz")
    same.database.unlink()
    same.run("crawl", "archive", "-a", f"files={moved}", "-s", "NEWS_ARCHIVE=")
    assert same.rows("SELECT DISTINCT file FROM archive") == [{"file": str(moved)}]
    assert report(same)["unchanged"] == 3


def test_a_site_with_short_articles_is_extracted_again_by_its_own_limit(same: Workplace) -> None:
    profile = (same.folder / "sites" / "local.toml").read_text()
    same.profile("local", f"{profile}[settings]\nNEWS_MIN_BODY_CHARS = 5000\nDOWNLOAD_TIMEOUT = 9\n")
    assert report(same, "--dry-run")["reasons"] == {"body_too_short": 3}
