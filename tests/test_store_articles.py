"""Articles: which are the same, which are copies, what has changed, and which others they link to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Article, Page, PageResult, RelatedArticle
from crawler.store import ArticleFilter, Store
from tests.made_up import (
    HOME,
    LONG,
    NOW,
    SHORT,
    a_candidate,
    an_article,
    decoded,
    enqueue,
    later,
    put,
    replace_text,
    row,
    rows,
)

UPDATED = LONG + "\nوأضيفت فقرة."
OTHER = " ".join(f"لفظة{n}" for n in range(60))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def stored(store: Store, path: str = "a") -> dict[str, Any]:
    return row(store.path, "SELECT * FROM articles WHERE url = ?", HOME + path)


def urls(store: Store) -> list[str]:
    return [record["url"].removeprefix(HOME) for record in rows(store.path, "SELECT url FROM articles ORDER BY id")]


def copied_from(store: Store, path: str) -> str | None:
    sql = "SELECT first.url FROM articles AS a LEFT JOIN articles AS first ON first.id = a.duplicate_of WHERE a.url = ?"
    url = row(store.path, sql, HOME + path)["url"]
    return str(url).removeprefix(HOME) if url else None


# -- one article -----------------------------------------------------------------------------------------------------


def test_all_fields_of_an_article_are_stored(store: Store) -> None:
    article = an_article(
        "قصة",
        "فقرة أولى.\nفقرة ثانية، می\u200cخواهم.",
        subtitle="عنوان فرعي",
        authors=["سلمى العلي", "Omar"],
        source="وكالة",
        category="محليات",
        tags=["نقل", "جسور"],
        language="ar",
        published=datetime(2026, 2, 28, 9, 30, 15, tzinfo=UTC),
        published_raw="السبت 28 شباط 2026",
        published_from="json-ld",
        published_precision="second",
        published_zone="page +02:00",
        structure="p >p",
        modified=datetime(2026, 3, 1, tzinfo=UTC),
        image_url=HOME + "i.jpg",
        paywalled=True,
        confidence=0.913,
        provenance={"title": "h1"},
        extractor="rasid 0.1.0, trafilatura 2.0.0",
        url=HOME + "%D9%82%D8%B5%D8%A9",
    )
    assert put(store, article) == "new"
    result = decoded(row(store.path, "SELECT * FROM articles"), "authors", "tags", "provenance")
    assert result == {
        "id": 1,
        "url": HOME + "%D9%82%D8%B5%D8%A9",
        "page_url": HOME + "قصة",
        "site": "example",
        "title": "Title of قصة",
        "subtitle": "عنوان فرعي",
        "body": "فقرة أولى.\nفقرة ثانية، می\u200cخواهم.",
        "structure": "p >p",
        "authors": ["سلمى العلي", "Omar"],
        "source": "وكالة",
        "category": "محليات",
        "tags": ["نقل", "جسور"],
        "language": "ar",
        "published": "2026-02-28T09:30:15Z",
        "published_raw": "السبت 28 شباط 2026",
        "published_from": "json-ld",
        "published_precision": "second",
        "published_zone": "page +02:00",
        "modified": "2026-03-01T00:00:00Z",
        "image_url": HOME + "i.jpg",
        "word_count": 5,
        "paywalled": 1,
        "confidence": 0.913,
        "first_seen": "2026-03-01T12:00:00Z",
        "last_seen": "2026-03-01T12:00:00Z",
        "duplicate_of": None,
        "story_id": 1,
        "embedded_suspected": 0,
        "is_notice": 0,
        "gone": None,
        "extractor": "rasid 0.1.0, trafilatura 2.0.0",
        "fingerprint": article.fingerprint,
        "provenance": {"title": "h1"},
    }


def test_a_field_that_an_article_does_not_have_is_null(store: Store) -> None:
    put(store, an_article())
    result = stored(store)
    for name in ("subtitle", "source", "category", "language", "published", "modified", "image_url", "duplicate_of"):
        assert result[name] is None, name
    assert result["authors"] == result["tags"] == "[]"


def test_the_same_page_again_is_unchanged_and_only_seen_later(store: Store) -> None:
    put(store, an_article())
    before = stored(store)
    assert put(store, an_article(), later(days=1)) == "unchanged"
    assert stored(store) == before | {"last_seen": "2026-03-02T12:00:00Z"}
    assert rows(store.path, "SELECT * FROM revisions") == []


def test_a_field_that_is_not_text_follows_the_page_without_a_revision(store: Store) -> None:
    put(store, an_article())
    assert put(store, an_article(image_url=HOME + "new.jpg", tags=["x"], paywalled=True), later(days=1)) == "unchanged"
    assert (stored(store)["image_url"], stored(store)["tags"], stored(store)["paywalled"]) == (
        HOME + "new.jpg",
        '["x"]',
        1,
    )


# -- revisions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"title": "عنوان آخر"},
        {"subtitle": "جديد"},
        {"authors": ["سلمى"]},
        {"source": "وكالة"},
        {"category": "اقتصاد"},
        {"published": later(days=-1)},
        {"language": "ar"},
        {"paragraphs": UPDATED.split("\n")},
    ],
    ids=str,
)
def test_a_change_a_reader_sees_is_an_update_with_a_revision(store: Store, change: dict[str, Any]) -> None:
    put(store, an_article())
    assert put(store, an_article(**change), later(days=1)) == "updated"
    revision = decoded(row(store.path, "SELECT * FROM revisions"), "previous")
    [name] = change
    assert list(revision["previous"]) == ["body" if name == "paragraphs" else name]
    assert (revision["kind"], revision["replaced"]) == ("update", "2026-03-02T12:00:00Z")


def test_every_earlier_version_can_be_rebuilt_from_the_revisions(store: Store) -> None:
    versions = [
        an_article(title="أول", text=LONG, authors=["سلمى"]),
        an_article(title="أول", text=UPDATED, authors=["سلمى"], source="وكالة"),
        an_article(title="ثان", text=UPDATED, published=NOW),
        an_article(title="ثالث", text=LONG + "\nأخيرا", language="ar"),
    ]
    seen = []
    for day, version in enumerate(versions):
        put(store, version, later(days=day))
        seen.append(stored(store))
    rebuilt = stored(store)
    for earlier, revision in zip(
        reversed(seen[:-1]), rows(store.path, "SELECT * FROM revisions ORDER BY id DESC"), strict=True
    ):
        rebuilt |= json.loads(revision["previous"])
        for name in ("title", "subtitle", "body", "authors", "source", "category", "published", "language"):
            assert rebuilt[name] == earlier[name], name
    assert stored(store)["first_seen"] == "2026-03-01T12:00:00Z"
    assert stored(store)["last_seen"] == "2026-03-04T12:00:00Z"


# -- copies ----------------------------------------------------------------------------------------------------------


def test_the_same_text_under_another_url_is_stored_and_marked_as_a_copy(store: Store) -> None:
    put(store, an_article("a"))
    assert put(store, an_article("b", site="other", title="Another title")) == "duplicate"
    assert urls(store) == ["a", "b"]
    assert copied_from(store, "b") == "a"
    assert copied_from(store, "a") is None


def test_a_copy_that_differs_in_spelling_marks_alone_is_a_copy(store: Store) -> None:
    put(store, an_article("a", "قال إن الأعمال «انتهت» " + LONG))
    assert put(store, an_article("b", "قالَ إنّ الاعمال انتهت. " + LONG)) == "duplicate"


def test_every_copy_points_to_the_first_article_and_never_to_another_copy(store: Store) -> None:
    for path in ("a", "b", "c", "d"):
        put(store, an_article(path))
    assert [copied_from(store, path) for path in ("b", "c", "d")] == ["a", "a", "a"]


def test_a_short_text_is_a_copy_only_under_the_same_title(store: Store) -> None:
    put(store, an_article("a", SHORT, title="One"))
    assert put(store, an_article("b", SHORT, title="Other")) == "new"
    assert put(store, an_article("c", SHORT, title="Other")) == "duplicate"
    assert copied_from(store, "c") == "b"


def test_a_brief_is_a_copy_of_another_sites_under_any_title(store: Store) -> None:
    brief = " ".join(f"w{n}" for n in range(20))
    put(store, an_article("a", brief, title="One"))
    assert put(store, an_article("c", brief, title="Third")) == "new", "a site does not tell one story twice so"
    assert put(store, an_article("b", brief, title="Other", site="x")) == "duplicate"
    put(store, an_article("d", SHORT, title="One"))
    assert put(store, an_article("e", SHORT, title="Other", site="x")) == "new"


def test_forty_words_are_enough_to_be_a_copy_and_39_are_not(store: Store) -> None:
    for count, outcome in ((40, "duplicate"), (39, "new")):
        text = " ".join(f"w{count}x{n}" for n in range(count))
        put(store, an_article(f"first{count}", text))
        assert put(store, an_article(f"second{count}", text)) == outcome


def test_a_copy_whose_text_changes_is_no_longer_a_copy(store: Store) -> None:
    put(store, an_article("a"))
    put(store, an_article("b"))
    assert replace_text(store, an_article("b", OTHER), later(days=1)) == "updated"
    assert copied_from(store, "b") is None


def test_an_article_that_becomes_a_copy_by_an_update_is_marked(store: Store) -> None:
    put(store, an_article("a"))
    put(store, an_article("b", OTHER, site="other"))
    assert replace_text(store, an_article("b", site="other"), later(days=1)) == "updated"
    assert copied_from(store, "b") == "a"


def test_a_copy_that_is_fetched_again_stays_a_copy(store: Store) -> None:
    put(store, an_article("a"))
    put(store, an_article("b"))
    assert put(store, an_article("b"), later(days=1)) == "unchanged"
    assert copied_from(store, "b") == "a"
    assert put(store, an_article("b", title="New title"), later(days=2)) == "updated"
    assert copied_from(store, "b") == "a"
    assert put(store, an_article("a", title="New title"), later(days=3)) == "updated"
    assert copied_from(store, "a") is None


def test_when_the_original_changes_the_first_copy_takes_its_place(store: Store) -> None:
    for path in ("a", "b", "c"):
        put(store, an_article(path))
    replace_text(store, an_article("a", OTHER), later(days=1))
    assert [copied_from(store, path) for path in ("a", "b", "c")] == [None, None, "b"]


def test_when_the_original_becomes_a_copy_itself_no_chain_is_left(store: Store) -> None:
    put(store, an_article("a"))
    put(store, an_article("b"))
    put(store, an_article("z", OTHER, site="other"))
    replace_text(store, an_article("a", OTHER), later(days=1))
    assert [copied_from(store, path) for path in ("a", "b", "z")] == ["z", None, None]
    replace_text(store, an_article("z", site="other"), later(days=2))
    assert [copied_from(store, path) for path in ("a", "b", "z")] == [None, None, "b"]


def test_a_story_is_an_original_and_its_copies_whatever_changes(store: Store) -> None:
    def stories() -> list[int]:
        return [record["story_id"] for record in rows(store.path, "SELECT story_id FROM articles ORDER BY id")]

    for path in ("a", "b", "c"):
        put(store, an_article(path))
    put(store, an_article("z", OTHER, site="other"))
    assert stories() == [1, 1, 1, 4]
    replace_text(store, an_article("a", OTHER), later(days=1))
    assert stories() == [4, 2, 2, 4]
    replace_text(store, an_article("c", SHORT), later(days=2))
    assert stories() == [4, 2, 3, 4]
    put(store, an_article("b"), later(days=3))
    assert stories() == [4, 2, 3, 4]
    sql = "SELECT url FROM articles WHERE story_id != coalesce(duplicate_of, id)"
    assert rows(store.path, sql) == []


# -- one article on several pages ------------------------------------------------------------------------------------


def test_another_page_that_leads_to_an_article_adds_no_row_and_changes_none(store: Store) -> None:
    put(store, an_article("a"))
    before = stored(store)
    assert put(store, an_article("a", at="amp/a", title="Title - AMP"), later(days=1)) == "duplicate"
    assert rows(store.path, "SELECT * FROM articles") == [before]
    pages = rows(store.path, "SELECT url, article_id FROM pages ORDER BY id")
    assert pages == [{"url": HOME + "a", "article_id": 1}, {"url": HOME + "amp/a", "article_id": 1}]


def test_two_texts_under_one_canonical_link_are_two_articles(store: Store) -> None:
    put(store, an_article("news", at="news/1"))
    assert put(store, an_article("news", OTHER, at="news/2")) == "new"
    assert urls(store) == ["news/1", "news/2"], "nobody knows whose the address is that both claim"
    assert [stored(store, path)["body"] for path in ("news/1", "news/2")] == [LONG, OTHER]


THIRD = " ".join(f"عبارة{n}" for n in range(60))


@pytest.mark.parametrize("order", list(permutations(("news", "news/1", "news/2"))), ids="-".join)
def test_one_articles_url_as_the_canonical_one_of_all_costs_no_article(store: Store, order: tuple[str]) -> None:
    texts = {"news": LONG, "news/1": OTHER, "news/2": THIRD}
    for day in range(2):
        for path in order:
            put(store, an_article("news", texts[path], at=path), later(days=day))
    values = {r["url"].removeprefix(HOME): r["body"] for r in rows(store.path, "SELECT url, body FROM articles")}
    assert values == texts
    assert rows(store.path, "SELECT * FROM revisions") == []
    owners = rows(
        store.path, "SELECT u.url, a.url AS own FROM url_aliases AS u JOIN articles AS a ON a.id = article_id"
    )
    assert {owner["url"].removeprefix(HOME): owner["own"].removeprefix(HOME) for owner in owners} == {
        path: path for path in texts
    }


def test_an_article_that_loses_a_url_is_not_a_target_of_its_links(store: Store) -> None:
    put(store, an_article("news", at="news/1"))
    put(store, pointing("x", "news"))
    assert targets(store, "x") == ["news"]
    put(store, an_article("news", THIRD))
    assert targets(store, "x") == ["news"]
    assert stored(store, "news")["body"] == THIRD


def test_a_page_with_another_canonical_link_later_stays_the_article_that_it_was(store: Store) -> None:
    put(store, an_article("a"))
    assert put(store, an_article("b", UPDATED, at="a"), later(days=1)) == "updated"
    assert urls(store) == ["a"]


def test_two_texts_under_one_canonical_link_stay_two_however_often_they_are_fetched(store: Store) -> None:
    for day in range(3):
        for number, text in ((1, LONG), (2, UPDATED), (3, UPDATED + " ثم المزيد")):
            put(store, an_article("news", text, at=f"news/{number}"), later(days=day))
    assert urls(store) == ["news", "news/2", "news/3"]
    assert rows(store.path, "SELECT * FROM revisions") == []


def test_a_wrong_canonical_link_falls_back_to_where_the_page_was_in_the_end(store: Store) -> None:
    put(store, an_article("news", at="news/1"))
    article = an_article("news", OTHER, at="?p=2")
    assert article.page is not None
    article.page.final_url = HOME + "news/2/?utm_source=feed"
    assert put(store, article) == "new"
    assert urls(store) == ["news/1", "news/2/"]


def test_an_update_by_another_page_with_the_same_url_is_an_update(store: Store) -> None:
    put(store, an_article("a", at="?p=1"))
    article = an_article("a", UPDATED, at="a")
    assert put(store, article, later(days=1)) == "updated"
    assert urls(store) == ["a"]


# -- related articles ------------------------------------------------------------------------------------------------


def pointing(path: str, *links: str | None, **fields: Any) -> Article:
    related = [
        RelatedArticle(kind="block", position=n, title=f"To {link}", url=HOME + link if link else None)
        for n, link in enumerate(links)
    ]
    return an_article(path, f"{path} {OTHER}", related=related, **fields)


def targets(store: Store, path: str) -> list[str | None]:
    sql = """SELECT target.url FROM related_articles AS r JOIN articles AS a ON a.id = r.article_id
             LEFT JOIN articles AS target ON target.id = r.target_id WHERE a.url = ? ORDER BY r.position"""
    result = (target["url"] for target in rows(store.path, sql, HOME + path))
    return [url.removeprefix(HOME) if url else None for url in result]


def test_related_articles_are_stored_in_order_as_the_page_gave_them(store: Store) -> None:
    related = [
        RelatedArticle(kind="inline", position=4, title="اقرأ أيضا", url=HOME + "قصة?utm_source=x"),
        RelatedArticle(kind="embedded", position=7, text="فقرة\nفقرة"),
        RelatedArticle(kind="block", position=9, title="Bad", url="http://["),
    ]
    put(store, an_article("a", related=related))
    records = rows(
        store.path, "SELECT kind, position, title, url, text, target_id FROM related_articles ORDER BY position"
    )
    assert [tuple(other.values()) for other in records] == [
        ("inline", 0, "اقرأ أيضا", HOME + "%D9%82%D8%B5%D8%A9", None, None),
        ("embedded", 1, None, None, "فقرة\nفقرة", None),
        ("block", 2, "Bad", None, None, None),
    ]


@pytest.mark.parametrize("first", ["pointer", "target"])
@pytest.mark.parametrize("link", ["own", "page", "final", "alias", "own?utm_source=x#top"])
def test_a_pointer_finds_its_article_whichever_came_first(store: Store, link: str, first: str) -> None:
    def put_target() -> None:
        article = an_article("own", at="page")
        assert article.page is not None
        article.page.final_url = HOME + "final"
        put(store, article)
        put(store, an_article("own", at="alias"))

    def put_pointer() -> None:
        put(store, pointing("a", "nowhere", link))

    steps = [put_pointer, put_target] if first == "pointer" else [put_target, put_pointer]
    for step in steps:
        step()
    assert targets(store, "a") == [None, "own"]


def test_a_pointer_still_finds_its_article_after_an_update(store: Store) -> None:
    put(store, pointing("a", "b"))
    put(store, an_article("b"))
    put(store, pointing("a", "c", "b", title="New"), later(days=1))
    assert targets(store, "a") == [None, "b"]
    assert len(rows(store.path, "SELECT * FROM related_articles")) == 2


def test_an_article_that_points_to_itself_points_to_nothing(store: Store) -> None:
    put(store, pointing("a", "a"))
    put(store, pointing("a", "a", title="New"), later(days=1))
    assert targets(store, "a") == [None]


def test_two_articles_of_one_batch_may_point_to_each_other(store: Store) -> None:
    enqueue(store, a_candidate("a"), a_candidate("b"))
    made = [pointing("a", "b"), pointing("b", "a")]
    pages = [Page(url=article.url, site="example") for article in made]
    store.record_outcomes(
        [PageResult(page=page, article=article) for page, article in zip(pages, made, strict=True)], NOW
    )
    assert (targets(store, "a"), targets(store, "b")) == (["b"], ["a"])


def test_what_is_stored_is_read_back_with_the_urls_of_copies_and_targets(store: Store) -> None:
    put(store, pointing("a", "b"))
    put(store, an_article("b"))
    put(store, an_article("c", authors=["سلمى"], tags=["x"], provenance={"title": "h1"}))
    values = {
        article["url"].removeprefix(HOME): article
        for article in store.exports.articles(ArticleFilter(with_duplicates=True))
    }
    assert values["c"]["duplicate_of"] == HOME + "b"
    assert (values["c"]["authors"], values["c"]["tags"], values["c"]["provenance"]) == (
        ["سلمى"],
        ["x"],
        {"title": "h1"},
    )
    [related] = store.exports.related_articles(ArticleFilter())
    assert (related["article_url"], related["target_url"]) == (HOME + "a", HOME + "b")


# -- addresses -------------------------------------------------------------------------------------------------------


def redirected(text: str = LONG) -> Article:
    """An article that a channel named at one address, and that was found at another, by way of a third."""
    article = an_article("own", text, at="named?utm_source=x")
    assert article.page is not None
    article.page.url = HOME + "named"
    article.page.redirects = [HOME + "named?utm_source=x", HOME + "between"]
    article.page.final_url = HOME + "final"
    return article


@pytest.mark.parametrize("path", ["own", "named", "between", "final", "own?fbclid=1", "own/", "own/amp", "own?amp=1"])
def test_any_url_that_led_to_an_article_finds_it(store: Store, path: str) -> None:
    put(store, redirected())
    assert store.articles.find(HOME + path) == 1
    assert store.articles.find(HOME.replace("https", "http") + path) == 1


@pytest.mark.parametrize("url", ["", "x", "http://[", HOME + "elsewhere", HOME + "own?page=2"])
def test_an_unknown_url_finds_nothing(store: Store, url: str) -> None:
    put(store, redirected())
    assert store.articles.find(url) is None


def test_a_url_that_leads_elsewhere_now_finds_the_newer_article(store: Store) -> None:
    for day, path in enumerate(("first", "second")):
        article = an_article(path, f"{path} {LONG if day else OTHER}", at="latest")
        assert article.page is not None
        article.page.final_url = HOME + path
        put(store, article, later(days=day))
    assert store.articles.find(HOME + "latest") == 2
    assert store.articles.find(HOME + "first") == 1


def test_an_articles_own_url_is_never_anothers(store: Store) -> None:
    put(store, an_article("a"))
    article = an_article("b", OTHER)
    assert article.page is not None
    article.page.redirects = [HOME + "a"]
    put(store, article)
    assert store.articles.find(HOME + "a") == 1


@pytest.mark.parametrize("variant", ["a/", "a/amp", "a?amp=1", "amp/a"])
@pytest.mark.parametrize("first", ["plain", "variant"])
def test_a_variant_with_the_same_text_is_the_same_article(store: Store, variant: str, first: str) -> None:
    paths = ["a", variant] if first == "plain" else [variant, "a"]
    assert [put(store, an_article(path, title="One")) for path in paths] == ["new", "duplicate"]
    assert urls(store) == paths[:1]
    assert {store.articles.find(HOME + path) for path in paths} == {1}


def test_a_variant_with_another_text_is_another_article(store: Store) -> None:
    assert [put(store, an_article("a")), put(store, an_article("a/", OTHER))] == ["new", "new"]
    assert urls(store) == ["a", "a/"]
    assert store.articles.find(HOME + "a/") == 2
