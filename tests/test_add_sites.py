"""`scrapy add` on sixteen odd sites, each from its address alone; then one crawl with the profiles it wrote."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from crawler.urls import canonical_url
from demo.odd_sites.serve import ServedOddSite, serve_odd_sites
from demo.odd_sites.sites import SITES
from tests.conftest import Workplace

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
NAMES = [site.name for site in SITES]
ADDED = [site.name for site in SITES if site.verdict == "ok"]


@dataclass(frozen=True)
class Added:
    """All odd sites, added by one command and crawled by another."""

    workplace: Workplace
    served: dict[str, ServedOddSite]
    surveys: dict[str, dict[str, Any]]
    """Name → what `add --json` printed."""

    requests: dict[str, list[str]]
    """Name → the paths that `add` requested."""

    errors: str
    code: int

    def profile(self, name: str) -> dict[str, Any]:
        """The profile that was written for a site."""
        path = self.workplace.folder / "sites" / f"{self.surveys[name]['name']}.toml"
        return tomllib.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Added]:
    """Served, added and crawled once for all tests: two commands."""
    workplace = Workplace(tmp_path_factory.mktemp("odd"))
    (workplace.folder / "sites").mkdir()
    with serve_odd_sites() as served:
        addresses = {each.url: name for name, each in served.items()}
        result = workplace.run("add", "--json", "--yes", *addresses, *FAST)
        surveys = {addresses[survey["address"]]: survey for survey in map(json.loads, result.stdout.splitlines())}
        requests = {name: list(each.requests) for name, each in served.items()}
        crawl = workplace.run("due", "-L", "ERROR", "--jobs", "8", *FAST, "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
        assert crawl.returncode == 0, crawl.stderr
        yield Added(workplace, served, surveys, requests, result.stderr, result.returncode)


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_on_an_odd_site_is_right(added: Added, name: str) -> None:
    survey = added.surveys[name]
    assert survey["verdict"] == added.served[name].site.verdict, survey
    assert (survey["profile"] is None) == (survey["verdict"] != "ok")
    assert (survey["reason"] is None) == (survey["verdict"] == "ok")


@pytest.mark.parametrize("name", NAMES)
def test_no_site_gets_more_requests_than_it_may(added: Added, name: str) -> None:
    assert added.surveys[name]["requests"] == len(added.requests[name]) <= 25


@pytest.mark.parametrize("name", ADDED)
def test_the_profile_finds_the_articles_or_its_note_says_why_not(added: Added, name: str) -> None:
    site = added.served[name]
    stored = {row["page_url"] for row in added.workplace.rows("SELECT page_url FROM articles")}
    articles = {canonical_url(url) for url in site.articles}
    if site.site.why_not:
        assert any(site.site.why_not in note for note in added.surveys[name]["notes"])
    else:
        assert len(articles & stored) >= 0.95 * len(articles), articles - stored


def test_nothing_but_articles_is_stored(added: Added) -> None:
    articles = {canonical_url(url) for each in added.served.values() for url in each.articles}
    stored = {row["page_url"] for row in added.workplace.rows("SELECT page_url FROM articles")}
    assert stored <= articles


def test_sites_that_cannot_be_read_are_named_with_the_reason(added: Added) -> None:
    assert added.code == 1
    lines = added.errors.splitlines()
    walls = {"consent_wall": "consent wall", "javascript": "JavaScript", "robots": "robots.txt"}
    assert len(lines) == len(walls)
    for name, word in walls.items():
        assert any(line.startswith(added.served[name].url) and word in line for line in lines)
    assert added.requests["robots"] == ["/robots.txt"]


def test_a_site_that_forbids_everything_gets_no_profile(added: Added) -> None:
    files = {path.stem for path in (added.workplace.folder / "sites").iterdir()}
    assert files == {added.surveys[name]["name"] for name in ADDED}


def test_channels_are_chosen_with_their_reasons(added: Added) -> None:
    chosen = {name: [one["kind"] for one in added.surveys[name]["channels"] if one["chosen"]] for name in ADDED}
    assert chosen["feed_only"] == chosen["windows_1256"] == chosen["feed_is_html"] == ["feed"]
    assert chosen["wordpress"] == ["wordpress"]
    assert set(chosen["sitemap_only"]) == {"section", "sitemap"}
    assert chosen["two_languages"] == ["feed", "feed"]
    assert chosen["many_sections"] == ["section"]
    [html] = [one for one in added.surveys["feed_is_html"]["channels"] if one["problem"]]
    assert "HTML page" in html["problem"]


def test_language_and_zone_are_found(added: Added) -> None:
    zones = {name: added.profile(name)["timezone"] for name in ("feed_only", "windows_1256", "arabic_dates")}
    assert zones == {"feed_only": "Etc/GMT-1", "windows_1256": "Etc/GMT-3", "arabic_dates": "UTC"}
    languages = {name: added.profile(name)["language"] for name in ("feed_only", "arabic_dates", "language_redirect")}
    assert languages == {"feed_only": "en", "arabic_dates": "ar", "language_redirect": "ar"}
    assert added.profile("windows_1256")["title"] == "جريدة الساحل"
    assert added.profile("language_redirect")["url"].endswith("/ar/")


def test_dates_that_only_text_has_are_shown_and_stored(added: Added) -> None:
    assert all(one["published"] for one in added.surveys["arabic_dates"]["articles"])
    site = added.surveys["arabic_dates"]["name"]
    assert not added.workplace.rows("SELECT 1 FROM articles WHERE site = ? AND published IS NULL", site)


def test_notes_say_what_is_odd(added: Added) -> None:
    assert [note for note in added.surveys["no_dates"]["notes"] if note.startswith("no dates")]
    assert [note for note in added.surveys["two_languages"]["notes"] if "several languages" in note]
    text = (added.workplace.folder / "sites" / f"{added.surveys['no_dates']['name']}.toml").read_text("utf-8")
    assert "# Note: no dates" in text


def test_a_site_that_is_there_is_not_added_again(added: Added) -> None:
    name, url = added.surveys["feed_only"]["name"], added.served["feed_only"].url
    before = len(added.served["feed_only"].requests)
    result = added.workplace.run("add", "--yes", url, *FAST)
    assert result.returncode == 1
    assert f"{name} has" in result.stderr
    assert f"scrapy inspect {name}" in result.stderr
    assert len(added.served["feed_only"].requests) == before


def test_the_report_fits_a_terminal_and_shows_what_a_reader_sees(added: Added) -> None:
    site = added.served["windows_1256"]
    result = added.workplace.run("add", "--replace", "--dry-run", site.url, *FAST)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert not [line for line in lines if len(line) > 80 and " " in line.strip()]
    assert "language     ar (Arabic, right to left)" in lines
    assert "  + feed, link tag of the home page" in lines
    assert sum(line.startswith("  * ") for line in lines) == 5
    assert [line for line in lines if "+0000 (from" in line]
    assert [line for line in lines if "words on the page" in line]
    assert "written" not in result.stdout
