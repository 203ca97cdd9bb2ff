"""The pages of sites, runs and the ledger, on a real server: complete, in pages, and safe from hostile values."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest

from crawler.browse.pages.ledger import LABELS
from crawler.browse.pages.site import OUTCOMES
from crawler.ledger import site_ledger
from crawler.store import Store
from crawler.store.ledger import COUNTS
from crawler.store.read.sites import OUTCOMES as READ_OUTCOMES
from crawler.store.times import to_text
from tests.browsing import SCRIPT, Browse, browse
from tests.crawled_sites import NOW, ODD_NAMES, PATHS, SITEMAP, ago, crawl, fill, make_home, poll
from tests.made_up import FEED, HOME, SITE

pytest.importorskip("datasette", reason="needs Datasette: pip install 'datasette>=0.65,<0.66'")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Iterator[Browse]:
    path = tmp_path_factory.mktemp("sites") / "news.db"
    fill(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASID_HOME", str(home))
        with browse(path) as running:
            yield running


def words_of(html: str) -> str:
    """The text of a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def row_names(html: str) -> list[str]:
    """The names of the rows of a table."""
    return [words_of(name) for name in re.findall(r'<th scope="row">(.*?)</th>', html, re.DOTALL)]


# -- sites -----------------------------------------------------------------------------------------------------------


def test_each_site_has_its_state_the_worst_first(server: Browse) -> None:
    page = server.get("/-/sites").text
    names = row_names(page)
    assert set(names) == {SITE, "gone", "silent", "down", "stale", "fresh", "off", "broken", *ODD_NAMES}
    assert names[:3] == ["silent", "stale", "down"]
    text = words_of(page)
    assert f"nothing new {SCRIPT}" in text
    assert SCRIPT not in page
    for label, count in {
        "unhealthy": 2,
        "no usable answer": 1,
        "well": 1,
        "not crawled yet": 2,
        "not enabled": 1,
    }.items():
        assert f"{label} {count}" in text


def test_sites_are_filtered_by_state_and_name_and_sorted_by_each_column(server: Browse) -> None:
    assert row_names(server.get("/-/sites?state=unreachable").text) == ["down"]
    assert row_names(server.get("/-/sites?name=SIL").text) == ["silent"]
    assert row_names(server.get("/-/sites?sort=articles").text)[0] == SITE
    assert row_names(server.get("/-/sites?sort=failures").text)[0] == SITE
    assert row_names(server.get("/-/sites?sort=articles&order=reverse").text)[-1] == SITE
    forwards = row_names(server.get("/-/sites?sort=name").text)
    assert row_names(server.get("/-/sites?sort=name&order=reverse").text) == forwards[::-1] == sorted(forwards)[::-1]
    page = server.get("/-/sites?sort=week").text
    assert 'aria-sort="ascending"' in page
    assert "sort=week&amp;order=reverse" in page
    for column in re.findall(r"\?[^\"]*sort=\w+[^\"]*", page):
        assert server.get("/-/sites" + unescape(column)).status == 200
    assert "No site has this name and state." in server.get("/-/sites?name=nobody").text


def test_a_row_has_the_figures_of_its_site(server: Browse) -> None:
    page = server.get("/-/sites?name=example").text
    text = words_of(page)
    assert "feed, sitemap" in text
    assert 'aria-label="1 of 8"' in page  # failed
    assert 'aria-label="3 of 4"' in page  # sure
    assert 'aria-label="20 of 32"' in page  # complete
    assert '<svg class="spark"' in page


def test_five_thousand_sites_are_shown_in_pages(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "news.db"
    Store(path).close()
    rows = [(f"site_{number:04}", to_text(NOW)) for number in range(5_000)]
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany("INSERT INTO sites (site, last_poll) VALUES (?, ?)", rows)
        db.executemany(
            "INSERT INTO listing_channels (site, url, kind, since, last_added) VALUES (?1, ?1, 'feed', ?2, ?2)", rows
        )
    monkeypatch.setenv("RASID_HOME", str(home))
    with browse(path) as server:
        last = server.get("/-/sites?sort=name&page=101&state=removed").text
        assert "No site has this name" in last
        page = server.get("/-/sites?sort=name&page=100&state=removed").text
        assert (len(row_names(page)), row_names(page)[-1]) == (50, "site_4999")
        assert "4,951 to 5,000 of 5,000" in words_of(page)
        assert 'rel="prev"' in page
        assert 'rel="next"' not in page
        ledger = server.get("/-/ledger?page=2").text
        assert (len(row_names(ledger)), row_names(ledger)[0]) == (40, "site_0040")


# -- one site --------------------------------------------------------------------------------------------------------


def test_the_page_of_a_site_shows_all_that_is_known_of_it(server: Browse) -> None:
    page = server.get("/-/site/example").text
    text = words_of(page)
    for part in ("The Example", "8 pages requested in 28 days", "http 404", HOME + "lost", FEED, SITEMAP, "Gaps",
                 "Fields of its pages", "Ledger of the last days", "polled every 60 minutes"):  # fmt: skip
        assert part in text, part
    for chart in ("Polls of the last 14 days by hour, UTC", "Pages by the channels that announced them",
                  "Articles a day, and the range that is usual on that day of the week",
                  "Share of the extracted pages that have each field"):  # fmt: skip
        assert f'aria-label="{chart}"' in page
    assert "5 new articles" in page  # in the hour of the poll
    assert "<title>feed + sitemap.xml: 1</title>" in page
    assert "example: no template" in text
    assert "3 of the latest 3 pages agree with the full extraction" in text


def test_the_effective_profile_says_where_each_value_comes_from(server: Browse) -> None:
    page = server.get("/-/site/example").text
    rows = {
        words_of(key): (words_of(value), words_of(source))
        for key, value, source in re.findall(
            r'<tr><th scope="row" lang="en" dir="ltr">(.*?)</th><td class="wrap">(.*?)</td><td>(.*?)</td></tr>', page
        )
    }
    assert rows["timezone"] == ("Asia/Damascus", "sites/example.toml")
    assert rows["min_interval"] == ("7", "sites/example.toml")
    assert rows["max_interval"] == ("360.0", "NEWS_MAX_INTERVAL")
    assert rows["enabled"] == ("yes", "default")
    assert rows["user_agent"][0].startswith("Mozilla/5.0 (compatible; Rasid/")
    assert rows["headers"] == ("(not shown)", "sites/example.toml")
    assert "secret-token" not in page


def test_a_site_says_what_health_says_and_since_when(server: Browse) -> None:
    page = server.get("/-/site/down").text
    text = words_of(page)
    assert "none of its channels gave a usable answer in its last poll" in text
    assert "unreachable since" in text
    assert "the stored template is damaged" in text


def test_a_channel_that_lists_nothing_new_is_marked(server: Browse) -> None:
    for path in ("/-/site/stale", "/-/ledger?site=stale"):
        page = server.get(path).text
        [row] = [each for each in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "lists nothing new" in each]
        assert "https://stale.example/feed" in row
    assert "a channel answers and lists nothing new" in server.get("/-/site/stale").text


def test_a_site_that_was_not_crawled_yet_is_not_missing(server: Browse) -> None:
    page = server.get("/-/site/fresh")
    assert (page.status, "rasid crawl fresh" in page.text) == (200, True)
    broken = server.get("/-/site/broken")
    assert broken.status == 200
    assert "not valid TOML" in broken.text
    assert "<script>" not in broken.text
    missing = server.get("/-/site/nobody")
    assert (missing.status, "has no profile" in missing.text) == (404, True)
    for name in ("../../settings", "..%2f..%2fsettings", "%00", "%ff%fe", "a" * 3_000):
        assert server.get(f"/-/site/{name}").status in (404, 400)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_site_with_an_odd_name_is_linked_and_has_its_pages(server: Browse, name: str) -> None:
    links = [unescape(link) for link in re.findall(r'href="(/-/site/[^"]+)"', server.get("/-/sites?sort=name").text)]
    link = f"/-/site/{quote(name, safe='')}"
    assert link.replace("~", "%7E") in [each.replace("~", "%7E") for each in links]
    for path in (link, f"/-/runs?site={quote(name)}", f"/-/ledger?site={quote(name)}"):
        page = server.get(path)
        assert (page.status, SCRIPT in page.text) == (200, False)
    assert name.strip() in words_of(server.get(link).text)


# -- runs ------------------------------------------------------------------------------------------------------------


def test_runs_of_due_and_crawls_by_hand_are_listed_newest_first(server: Browse) -> None:
    page = server.get("/-/runs").text
    names = row_names(page)
    assert names[:2] == ["crawl 3 gone", "due 1"]
    assert "down: no channel answers" in page
    assert row_names(server.get("/-/runs?site=example").text) == ["crawl 1"]
    assert "No such runs are stored." in server.get("/-/runs?site=nobody").text


def test_a_run_of_due_has_its_sites_messages_and_example_pages(server: Browse) -> None:
    page = server.get("/-/run/due/1").text
    text = words_of(page)
    for part in ("exit code 3", "down: no channel answers", "http 404", HOME + "lost", "2.5 MB", "60 min"):
        assert part in text, part
    names = row_names(page)
    assert names.index("down") < names.index(SITE)


def test_a_crawl_has_its_outcomes_and_arguments(server: Browse) -> None:
    page = server.get("/-/run/1").text
    text = words_of(page)
    for part in ("90 s", "new 5", "dropped 2", "failed 1", "-a tag x", "Run 1 of rasid due"):
        assert part in text, part
    for path in ("/-/run/999", "/-/run/due/999", f"/-/run/{'9' * 18}"):
        missing = server.get(path)
        assert (missing.status, "is not stored" in missing.text) == (404, True)


# -- the ledger ------------------------------------------------------------------------------------------------------


def test_every_count_and_outcome_has_a_label() -> None:
    assert tuple(LABELS) == COUNTS
    assert tuple(OUTCOMES) == READ_OUTCOMES


def test_each_number_of_the_ledger_leads_to_as_many_pages(server: Browse) -> None:
    page = server.get("/-/ledger?site=example").text
    links = re.findall(r'<a href="(/-/ledger/pages\?[^"]+)">([\d,]+)</a>', page)
    assert len(links) > 6
    for link, number in links:
        rows = server.get(unescape(link)).text
        assert len(re.findall(r'<tr><td><time datetime="\d{4}', rows)) == int(number), link


def test_the_ledger_of_all_sites_leads_to_sites_and_days(server: Browse) -> None:
    page = server.get("/-/ledger").text
    assert row_names(page) == [SITE, "stale"]
    assert "3 of 5 stored, 1 failed or blocked" in page
    assert "/-/ledger?site=example" in page
    assert "No site has this name." in server.get("/-/ledger?site=nobody").text


def test_the_ledger_as_a_file_is_what_the_command_prints(server: Browse) -> None:
    with Store(server.database) as store:
        [expected] = [site_ledger(store, SITE, ago(days=13).date(), NOW.date()).record()]
    answer = server.get("/-/ledger.json?site=example")
    assert answer.headers["content-type"].startswith("application/json")
    assert json.loads(answer.text) == json.loads(json.dumps({"sites": [expected], "next_page": None}))
    table = server.get("/-/ledger.csv")
    assert table.headers["content-type"].startswith("text/csv")
    rows = [row for row in csv.DictReader(io.StringIO(table.text)) if row["site"] == SITE]
    assert [row["day"] for row in rows] == [day["day"] for day in expected["days"]]
    assert sum(int(row["announced"]) for row in rows) == expected["total"]["announced"]


def test_the_estimate_of_what_no_channel_named_says_what_it_assumes(server: Browse) -> None:
    text = words_of(server.get("/-/ledger?site=example").text)
    assert "95 % interval" in text
    assert "It assumes that the kinds list independently" in text


# -- all pages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_one_heading_of_the_first_level_and_tables_for_its_charts(server: Browse, path: str) -> None:
    page = server.get(path)
    assert page.status == 200
    assert "script" not in page.headers["content-security-policy"]
    assert "<script" not in page.text
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", page.text)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert page.text.count('<svg class="chart') <= page.text.count("<details>")
    assert 'lang="ar" dir="rtl"' in server.get(path + ("&" if "?" in path else "?") + "_lang=ar").text


HOSTILE = [
    "\x00",
    SCRIPT,
    "-1",
    "9" * 400,
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    " ",
    "\u202e",
    "٣",
    "'",
    "%",
    "=1+1",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_parameters_get_a_page(server: Browse, value: str) -> None:
    names = ("site", "name", "state", "sort", "order", "page", "since", "until", "count", "reason")
    query = "&".join(f"{name}={quote(value)}" for name in names)
    for path in ("/-/sites", "/-/runs", "/-/ledger", "/-/ledger/pages", "/-/ledger.json", "/-/ledger.csv"):
        page = server.get(f"{path}?{query}")
        assert page.status == 200, path
        assert "<script" not in page.text
        assert server.get(f"{path}?site=example&since={quote(value)}&until={quote(value)}").status == 200
    assert server.get("/-/sites?name=%ff%fe%ed%a0%80&page=%ff").status == 200


@pytest.mark.parametrize("is_polled", [False, True])
def test_an_empty_database_and_one_poll_have_pages_that_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_polled: bool
) -> None:
    path, folder = tmp_path / "news.db", tmp_path / "home"
    (folder / "sites").mkdir(parents=True)
    (folder / "settings.toml").touch()
    with Store(path) as store:
        if is_polled:
            crawl(store, SITE, ago(hours=1))
            poll(store, SITE, ago(hours=1))
    monkeypatch.setenv("RASID_HOME", str(folder))
    with browse(path) as server:
        texts = {path: words_of(server.get(path).text) for path in ("/-/sites", "/-/runs", "/-/ledger")}
        assert ("rasid add https://" in texts["/-/sites"]) is not is_polled
        assert ("rasid due" in texts["/-/runs"] and "Nothing was crawled yet" in texts["/-/runs"]) is not is_polled
        assert "No channel has announced anything yet." in texts["/-/ledger"]
        assert server.get("/-/ledger.csv").text.count("\n") == 1
        if is_polled:
            assert "no profile" in texts["/-/sites"]
            assert server.get("/-/site/example").status == 200
            assert server.get("/-/ledger?site=example").status == 200
