"""rasid template: what it shows, and what it says where nothing is known or the database is damaged."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.crawl.site_templates import stored_site
from crawler.extract.templates.site import SiteTemplate
from crawler.store import Store
from tests.inprocess import Commands
from tests.made_up import NOW
from tests.templated import learnt_site

PROFILE = 'title = "Local"\nurl = "https://local.example/"\nfeeds = ["https://local.example/feed.xml"]\n'


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "local.toml").write_text(PROFILE)
    return tmp_path / "sites"


@pytest.fixture
def commands(tmp_path: Path, sites: Path, capfd: pytest.CaptureFixture[str]) -> Commands:
    Store(tmp_path / "news.db").close()
    return Commands(tmp_path / "news.db", capfd, sites)


def put(commands: Commands, site: SiteTemplate) -> None:
    with Store(commands.database) as store:
        store.templates.save(stored_site("local", site))


def test_it_shows_the_paths_the_signals_and_the_record(commands: Commands) -> None:
    put(commands, learnt_site(30))
    result = commands("template", "local")
    lines = result.out.splitlines()
    assert result.code == 0
    assert lines[0].startswith("local: template 1, by rasid")
    assert f"learnt: {NOW:%Y-%m-%d %H:%M} UTC, from 4 pages" in lines
    assert "agreement with them: 100.0% of the text" in lines
    assert "pages by template: 26 of 26 (100%)" in lines
    assert "container: html body main article.story" in lines
    assert any(line.startswith("  div.story-body p  (") for line in lines)
    assert "  html body footer" in lines[lines.index("not looked at:") :]
    signals = lines[lines.index("fields:") :]
    assert any(
        re.fullmatch(r"  published: json-ld  \(right on (\d) of \1 pages read in both ways\)", x) for x in signals
    )
    assert re.fullmatch(r"checked: (\d) of the latest \1 pages agree with the full extraction", lines[-1])


def test_it_says_why_there_is_none(commands: Commands) -> None:
    assert commands("template", "local").out == "local: nothing was learnt yet\n"
    put(commands, learnt_site(3))
    result = commands("template", "local")
    assert (result.code, result.out) == (1, "local: no template\nnoted: 3 pages; a template needs 4 to 10\n")
    put(commands, SiteTemplate(problem="the pages have no container in common", wait=20))
    assert commands("template", "local").out.splitlines()[1:] == [
        "why: the pages have no container in common",
        "next attempt: after 20 pages",
    ]


def test_it_says_that_it_is_not_used(commands: Commands, sites: Path) -> None:
    off = commands("template", "-s", "NEWS_TEMPLATES=0", "local")
    assert "NEWS_TEMPLATES is off: every page is read in full" in off.out
    (sites / "local.toml").write_text(PROFILE + '[selectors]\nbody = "p"\n')
    assert "the profile selects the body" in commands("template", "local").out


def test_forgotten_nothing_is_left(commands: Commands) -> None:
    put(commands, learnt_site(12))
    assert commands("template", "--forget", "local").out == "local: forgotten; the next crawl learns again\n"
    again = commands("template", "--forget", "local")
    assert (again.code, again.out) == (1, "local: nothing was learnt yet\n")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("template", "{"),
        ("template", "[" * 100_000),
        ("template", '{"format": 99}'),
        ("template", '{"format": 1, "way": 5}'),
        ("state", "null"),
        ("state", '{"observations": [{"tops": 1}]}'),
        ("missed", '{"a": -1}'),
        ("checks", "maybe"),
        ("given", "many"),
    ],
)
def test_a_damaged_template_is_one_sentence_and_can_be_forgotten(commands: Commands, column: str, value: str) -> None:
    put(commands, learnt_site(12))
    with closing(sqlite3.connect(commands.database)) as db, db:
        db.execute(f"UPDATE site_templates SET {column} = ?", [value])
    result = commands("template", "local")
    assert (result.code, result.out, len(result.err.splitlines())) == (1, "", 1)
    assert re.search(r"the stored template is damaged \(.+ template --forget local`", result.err)
    assert commands("template", "--forget", "local").code == 0


@pytest.mark.parametrize("words", [(), ("a", "b"), ("missing",)])
def test_wrong_usage_is_one_sentence(commands: Commands, words: tuple[str, ...]) -> None:
    result = commands("template", *words)
    assert (result.code, "Traceback" in result.err) == (2, False)
