"""What cannot be crawled is reported by every command, with its exit code: no profile, no channel, no network."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Workplace
from tests.newssite import NewsSite
from tests.test_due_crawl import add_site

AWAY = "http://127.0.0.1:1/"
QUICK = ("-s", "RETRY_TIMES=0", "-L", "ERROR")


def test_a_folder_without_profiles_is_an_error_of_every_command(site: NewsSite, workplace: Workplace) -> None:
    add_site(site, workplace, "local", count=0)
    assert workplace.run("crawl", "local", "-L", "ERROR").returncode == 0
    folder = workplace.folder / "sites"
    folder.rename(workplace.folder / "renamed")
    for command in ("due", "health", "status", "sites"):
        result = workplace.run(command)
        assert (result.returncode, "does not exist; NEWS_SITES must name" in result.stderr) == (1, True), command
    folder.mkdir()
    for command in ("due", "health"):
        result = workplace.run(command)
        assert (result.returncode, result.stderr) == (
            1,
            f"no profiles in {folder}; add a site with `scrapy add URL`\n",
        )


def test_a_folder_in_which_no_profile_is_enabled_is_an_error_for_due_and_health(
    site: NewsSite, workplace: Workplace
) -> None:
    add_site(site, workplace, "off", count=0, enabled="false")
    assert workplace.run("due", "--sites", "off", "-L", "ERROR").returncode == 0
    for command in ("due", "health"):
        result = workplace.run(command)
        assert result.returncode == 1
        assert "is enabled; set enabled = true in one" in result.stderr


@pytest.mark.parametrize("case", ["404", "html", "403", "robots"])
def test_a_crawl_whose_only_channel_cannot_be_used_ends_with_3(site: NewsSite, workplace: Workplace, case: str) -> None:
    if case == "html":
        site.put("/feed.xml", "<!DOCTYPE html><html><body><h1>Our new site</h1></body></html>")
    elif case == "403":
        site.put("/feed.xml", "no", status=403)
    elif case == "robots":
        site.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    workplace.site_profile(site, feeds=[site.url + "feed.xml"])
    result = workplace.run("crawl", "local", "-L", "ERROR")
    assert result.returncode == 3
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"local: no channel could be used ({site.url}feed.xml: ")
    assert workplace.rows("SELECT finish_reason FROM runs") == [{"finish_reason": "unusable"}]
    if case == "404":
        workplace.change("UPDATE sites SET next_poll = NULL")
        assert workplace.run("due", *QUICK).returncode == 3
        all_commands_report(workplace, "none of its channels gave a usable answer in 2 polls (http_404)", code=3)


def test_a_site_that_cannot_be_used_once_is_not_reported_beside_others(site: NewsSite, workplace: Workplace) -> None:
    add_site(site, workplace, "good", count=0)
    add_site(site, workplace, "bad", count=0)
    assert workplace.run("due", *QUICK).returncode == 0
    site.put("/bad.xml", "", status=404)
    workplace.change("UPDATE sites SET next_poll = NULL")
    assert workplace.run("due", *QUICK).returncode == 0
    assert workplace.run("health").returncode == 0
    assert "no usable answer" in workplace.run("status").stdout


@pytest.mark.parametrize("were_well", [True, False])
def test_all_commands_report_a_round_in_which_no_site_answered(
    site: NewsSite, workplace: Workplace, were_well: bool
) -> None:
    for name in ("one", "two"):
        if were_well:
            add_site(site, workplace, name, count=0)
    if were_well:
        assert workplace.run("due", *QUICK).returncode == 0
        workplace.change("UPDATE sites SET next_poll = NULL")
    for name in ("one", "two"):
        workplace.site_profile(site, name, feeds=[f"{AWAY}{name}.xml"])
    due = workplace.run("due", *QUICK)
    assert (due.returncode, due.stderr) == (1, "no response from any of one, two; is the network down?\n")
    all_commands_report(workplace, "none of its channels gave a usable answer in its last poll (connection_", code=3)
    (last, *_) = json.loads(workplace.run("status", "--json").stdout)["runs"]
    assert last["finish_reason"] == "unreachable"


def test_a_site_that_robots_txt_closes_says_nothing_about_the_network(site: NewsSite, workplace: Workplace) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    add_site(site, workplace, "closed", count=0)
    assert workplace.run("crawl", "closed", "-L", "ERROR").returncode == 3
    workplace.change("UPDATE sites SET next_poll = NULL")
    for name in ("one", "two"):
        workplace.site_profile(site, name, feeds=[f"{AWAY}{name}.xml"])
    due = workplace.run("due", *QUICK)
    assert due.returncode == 1
    assert "no response from any of one, two; is the network down?\n" in due.stderr


def all_commands_report(workplace: Workplace, message: str, *, code: int) -> None:
    for command in ("health", "status", "sites"):
        result = workplace.run(command)
        assert (result.returncode, message in result.stdout) == (code, True), result.stdout + result.stderr
