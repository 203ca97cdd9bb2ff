"""Boilerplate: removed from new bodies and from stored ones, but not a refrain of an article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.store import Store
from tests.made_up import HOME, an_article, put, row, rows
from tests.newssite import NewsSite

BOX = "اشترك في نشرتنا البريدية ليصلك كل جديد صباح كل يوم"
REFRAIN = "Every Friday the old lamplighter tells what he saw."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db", boilerplate_pages=5) as opened:
        yield opened


def text(number: int) -> list[str]:
    """Eight paragraphs that no other number has."""
    words = ("harbour", "council", "museum", "tram", "market", "school", "bridge", "orchard")
    return [
        f"{word.title()} number {number} of the {number}th district opened {number + at} gates to visitors of {word}s."
        for at, word in enumerate(words)
    ]


def put_with(store: Store, number: int, line: str | None, *, at: int = 8, site: str = "example") -> str:
    paragraphs = text(number)
    if line is not None:
        paragraphs.insert(at, line)
    return put(store, an_article(f"a{number}", "\n".join(paragraphs), site=site))


def bodies(store: Store) -> list[list[str]]:
    return [record["body"].split("\n") for record in rows(store.path, "SELECT body FROM articles ORDER BY id")]


def test_a_line_at_the_end_of_five_articles_is_removed_from_all_and_from_the_next(store: Store) -> None:
    for number in range(4):
        put_with(store, number, BOX)
    assert [body[-1] for body in bodies(store)] == [BOX] * 4
    for number in range(4, 7):
        assert put_with(store, number, BOX) == "new"
    assert bodies(store) == [text(number) for number in range(7)]


def test_the_earlier_rows_keep_what_they_were_as_a_revision_and_the_later_ones_have_none(store: Store) -> None:
    for number in range(7):
        put_with(store, number, BOX)
    records = rows(store.path, "SELECT article_id, kind, previous->>'body' AS body FROM revisions ORDER BY article_id")
    assert records == [
        {"article_id": number + 1, "kind": "boilerplate", "body": "\n".join([*text(number), BOX])}
        for number in range(4)
    ]
    learnt = row(store.path, "SELECT site, line, articles FROM boilerplate")
    assert learnt == {"site": "example", "line": BOX, "articles": 5}


def test_a_page_fetched_again_is_unchanged_though_it_still_has_the_line(store: Store) -> None:
    for number in range(5):
        put_with(store, number, BOX)
    assert [put_with(store, number, BOX) for number in range(5)] == ["unchanged"] * 5
    assert len(rows(store.path, "SELECT id FROM revisions")) == 4


def test_a_refrain_in_the_middle_needs_twice_as_many_articles(store: Store) -> None:
    for number in range(9):
        put_with(store, number, REFRAIN, at=4)
    assert all(REFRAIN in body for body in bodies(store))
    put_with(store, 9, REFRAIN, at=4)
    assert not any(REFRAIN in body for body in bodies(store))


def test_a_weekly_column_of_a_large_site_keeps_its_standfirst(store: Store) -> None:
    for number in range(181):
        put_with(store, number, REFRAIN if number % 30 == 0 else None, at=0)
    assert sum(REFRAIN in body for body in bodies(store)) == 7


def test_what_another_site_repeats_says_nothing(store: Store) -> None:
    for number in range(8):
        put_with(store, number, BOX, site=f"site{number % 2}")
    assert all(BOX in body for body in bodies(store))


def test_copies_of_one_article_do_not_prove_that_a_site_repeats_it(store: Store) -> None:
    for number in range(12):
        put(store, an_article(f"copy{number}", "\n".join([*text(1), REFRAIN]), title=f"Headline {number} of many"))
    assert all(REFRAIN in body for body in bodies(store))
    assert rows(store.path, "SELECT * FROM boilerplate") == []


def test_a_body_that_is_mostly_known_lines_keeps_them(store: Store) -> None:
    for number in range(5):
        put_with(store, number, BOX)
    put(store, an_article("short", f"ستة من الجرحى نقلوا أمس\n{BOX}"))
    assert bodies(store)[-1][-1] == BOX


def test_zero_learns_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "off.db", boilerplate_pages=0) as store:
        for number in range(8):
            put_with(store, number, BOX)
        assert all(BOX in body for body in bodies(store))


def test_a_crawl_learns_the_lines_of_its_site(site: NewsSite, workplace: Any) -> None:
    line = "Every morning at seven the harbour bell rings twice for Ellory."  # the extraction leaves BOX out itself
    links = [
        site.article(f"/news/{number}-report.html", f"Report {number}", paragraphs=(*text(number), line))
        for number in range(7)
    ]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    assert workplace.run("crawl", "local", "-a", "max_articles=4").returncode == 0
    assert sum(line in record["body"] for record in workplace.rows("SELECT body FROM articles")) == 4
    assert workplace.run("crawl", "local").returncode == 0
    assert not [record for record in workplace.rows("SELECT body FROM articles") if line in record["body"]]
    assert workplace.rows("SELECT DISTINCT kind FROM revisions") == [{"kind": "boilerplate"}]
    assert len(workplace.rows("SELECT id FROM articles WHERE duplicate_of IS NULL")) == 7


def test_related_articles_keep_their_position_when_lines_before_them_are_removed(store: Store) -> None:
    from crawler.items import RelatedArticle

    for number in range(4):
        put_with(store, number, BOX, at=0)
    pointer = RelatedArticle(kind="inline", position=0, title="Other", url=HOME + "x", after=text(4)[2])
    put(store, an_article("a4", "\n".join([BOX, *text(4)]), related=[pointer]))
    assert row(store.path, "SELECT paragraph_index FROM related_articles")["paragraph_index"] == 3
