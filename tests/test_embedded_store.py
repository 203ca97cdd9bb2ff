"""Texts of other articles in a page's body: removed if they are certain, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Article, RelatedArticle
from crawler.store import Store
from tests.made_up import HOME, an_article, later, put, row, rows

OWN = [
    "The council of Ellory voted on Monday to move the winter market from the quay to the old tram depot.",
    "Stall holders had asked for the move since the storm of last February tore down a third of the tents.",
    "The depot has a roof of glass and iron, and its rails will stay in the floor as a reminder of the trams.",
    "Rents rise by a tenth, which the council says pays for heating, lights and a watchman at night.",
]
OTHER = [
    "A tram that left the rails in 1961 has been found in a meadow near Harrow Mill, under a roof of ivy.",
    "Farmers had used it as a hen house until the last hens were sold, and then nobody went there any more.",
    "The tramway museum wants to lift the car out in spring and to bring it back to the depot where it was built.",
]
THIRD = [
    "Baker Street school has a new library with four thousand books, most of them given by its neighbours.",
    "Children chose the colours of the shelves in a vote that yellow won by two ballots over green.",
    "The library is open to everybody on Saturday mornings, when two retired teachers read stories aloud.",
]
TITLE = "Lost tram found in a meadow"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def other(path: str = "tram", text: list[str] = OTHER, title: str = TITLE, **fields: Any) -> Article:
    return an_article(path, "\n".join(text), title=title, published=later(days=-2), **fields)


def host_article(*paragraphs: str, related: list[RelatedArticle] | None = None, **fields: Any) -> Article:
    return an_article(
        "market", "\n".join(paragraphs), related=related or [], **({"published": later(days=-1)} | fields)
    )


def pointer(title: str | None = TITLE, path: str | None = "tram", after: str | None = OWN[-1]) -> RelatedArticle:
    return RelatedArticle(kind="inline", position=0, title=title, url=path and HOME + path, after=after)


def body(store: Store, path: str = "market") -> list[str]:
    return str(row(store.path, "SELECT body FROM articles WHERE url = ?", HOME + path)["body"]).split("\n")


def related_rows(store: Store) -> list[dict[str, Any]]:
    sql = """SELECT r.kind, r.title, r.text, t.url AS target FROM related_articles AS r
             JOIN articles AS a ON a.id = r.article_id LEFT JOIN articles AS t ON t.id = r.target_id
             WHERE a.url = ? ORDER BY r.position"""
    return rows(store.path, sql, HOME + "market")


EMBEDDED = {"kind": "embedded", "title": TITLE, "text": "\n".join(OTHER), "target": HOME + "tram"}
SHAPES = {
    "link": host_article(*OWN, *OTHER, related=[pointer()]),
    "title": host_article(*OWN, *OTHER, related=[pointer(path=None)]),
    "heading": host_article(*OWN, TITLE, *OTHER),
    "heading_with_marker": host_article(*OWN, f"Read also: {TITLE}", *OTHER),
    "nothing": host_article(*OWN, *OTHER),
    "in_the_middle": host_article(*OWN[:2], TITLE, *OTHER, *OWN[2:]),
    "with_a_caption": host_article(*OWN, TITLE, OTHER[0], "The tram today", *OTHER[1:]),
}


@pytest.mark.parametrize("first", ["host", "other"])
@pytest.mark.parametrize("shape", SHAPES)
def test_another_articles_text_is_removed_whichever_came_first(store: Store, shape: str, first: str) -> None:
    made = [SHAPES[shape], other()]
    for article in made if first == "host" else reversed(made):
        assert put(store, article) == "new"
    assert body(store) == OWN
    text = EMBEDDED["text"] if shape != "with_a_caption" else "\n".join([OTHER[0], "The tram today", *OTHER[1:]])
    assert related_rows(store) == [EMBEDDED | {"text": text}]
    assert body(store, "tram") == OTHER
    revisions = rows(store.path, "SELECT kind, previous->>'body' AS body FROM revisions")
    before = {"kind": "embedded", "body": SHAPES[shape].body}
    assert revisions == ([before] if first == "host" else [])


UNCHANGED = {
    "one_paragraph_is_a_quotation": host_article(*OWN, OTHER[0], related=[pointer()]),
    "half_of_the_other_is_background": host_article(*OWN, OTHER[0][:60], OTHER[1], related=[pointer()]),
    "no_text_of_its_own_before": host_article(TITLE, *OTHER),
    "a_lead_alone_makes_a_copy": host_article("From our correspondent in Harrow Mill.", *OTHER),
    "scattered": host_article(OTHER[0], OWN[0], OTHER[1], OWN[1], OTHER[2], *OWN[2:], related=[pointer()]),
    "another_site_without_a_pointer": host_article(*OWN, *OTHER, site="elsewhere"),
    "earlier_than_the_other_without_a_pointer": host_article(*OWN, *OTHER, published=later(days=-9)),
}


@pytest.mark.parametrize("first", ["host", "other"])
@pytest.mark.parametrize("shape", UNCHANGED)
def test_what_is_not_certain_stays_in_the_body(store: Store, shape: str, first: str) -> None:
    made = [UNCHANGED[shape], other()]
    for article in made if first == "host" else reversed(made):
        put(store, article)
    assert body(store) == UNCHANGED[shape].paragraphs
    assert [each["kind"] for each in related_rows(store)] == [each.kind for each in UNCHANGED[shape].related]
    assert rows(store.path, "SELECT * FROM revisions") == []


@pytest.mark.parametrize("order", ["mxy", "myx", "xmy", "ymx", "xym"])
def test_two_embedded_articles_are_separated_in_the_order_of_the_page(store: Store, order: str) -> None:
    made = {
        "m": host_article(*OWN, *OTHER, "New library", *THIRD, related=[pointer()]),
        "x": other(),
        "y": other("library", THIRD, "New library"),
    }
    for name in order:
        put(store, made[name])
    assert body(store) == OWN
    library = {"kind": "embedded", "title": "New library", "text": "\n".join(THIRD), "target": HOME + "library"}
    assert related_rows(store) == [EMBEDDED, library]


def test_an_edited_text_is_still_known(store: Store) -> None:
    put(store, other(text=[OTHER[0], OTHER[1].replace("any more", "again"), OTHER[2].replace("lift", "raise")]))
    put(store, host_article(*OWN, TITLE, *OTHER))
    assert body(store) == OWN


def test_a_page_fetched_again_is_unchanged_though_it_still_contains_the_text(store: Store) -> None:
    for day in range(3):
        outcome = put(store, SHAPES["link"], later(days=day))
        put(store, other(), later(days=day))
    assert outcome == "unchanged"
    assert len(rows(store.path, "SELECT * FROM revisions")) == 1


def test_a_removed_text_stays_removed_when_the_other_article_changes(store: Store) -> None:
    put(store, other())
    put(store, SHAPES["link"])
    put(store, other(text=[*THIRD, "And the tram was found as well."]), later(days=1))
    assert put(store, SHAPES["link"], later(days=2)) == "unchanged"
    assert body(store) == OWN


def test_the_text_is_known_from_a_copy_of_it_on_another_site_too(store: Store) -> None:
    agency = an_article("wire", "\n".join(OTHER), site="agency", title="Tram in a meadow", published=later(days=-3))
    put(store, agency)
    assert put(store, other()) == "duplicate"
    put(store, SHAPES["heading"])
    assert body(store) == OWN
    assert related_rows(store) == [EMBEDDED]


def test_a_host_that_is_a_copy_is_corrected_with_its_original(store: Store) -> None:
    put(store, SHAPES["heading"])
    copy = an_article("twin", SHAPES["heading"].body, title="Market moves")
    assert put(store, copy) == "duplicate"
    put(store, other())
    assert body(store) == body(store, "twin") == OWN
    assert row(store.path, "SELECT count(*) AS n FROM articles WHERE duplicate_of IS NOT NULL")["n"] == 1


def test_a_pointer_to_an_unknown_article_that_prose_follows_is_flagged_until_it_is_known(store: Store) -> None:
    def flag() -> Any:
        return row(store.path, "SELECT embedded_suspected FROM articles WHERE url = ?", HOME + "market")[
            "embedded_suspected"
        ]

    put(store, SHAPES["link"])
    assert flag() == 1
    put(store, other())
    assert flag() == 0


def test_a_pointer_at_the_end_of_the_text_is_not_flagged(store: Store) -> None:
    put(store, host_article(*OWN, related=[pointer()]))
    assert row(store.path, "SELECT embedded_suspected, body FROM articles")["embedded_suspected"] == 0


def test_a_teaser_whose_article_is_stored_and_not_embedded_clears_the_flag(store: Store) -> None:
    put(store, host_article(*OWN, related=[pointer(after=OWN[0])]))
    assert row(store.path, "SELECT embedded_suspected FROM articles")["embedded_suspected"] == 1
    put(store, other())
    record = row(store.path, "SELECT embedded_suspected, body FROM articles WHERE url = ?", HOME + "market")
    assert record == {"embedded_suspected": 0, "body": "\n".join(OWN)}


def test_the_item_that_goes_on_to_an_output_file_is_as_it_was_stored(store: Store) -> None:
    from crawler.items import PageResult

    put(store, other())
    article = SHAPES["link"]
    assert article.page is not None
    result = PageResult(page=article.page, article=article)
    store.record_outcomes([result], later())
    assert result.article is not None
    assert result.article.paragraphs == OWN
    assert [each.kind for each in result.article.related] == ["embedded"]
    assert article.paragraphs == [*OWN, *OTHER]
