"""Pages as JSON Lines → articles as JSON Lines."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from crawler.extract.jsonl import _TimeLimit, answer, answers
from crawler.items import Article, RelatedArticle
from tests.made_up import HOME, NOW
from tests.test_extract_pool import TEXT, html


def asked(**page: Any) -> bytes:
    return json.dumps({"id": 1, "url": HOME + "a", "html": html()} | page).encode() + b"\n"


def test_a_page_is_answered_with_its_id_and_its_article() -> None:
    [found] = answers([asked(id="x-1")])
    assert found["id"] == "x-1"
    assert found["title"] == "عنوان الخبر الأول"
    assert TEXT.strip() in found["text"]
    assert "error" not in found
    assert list(found) == [
        "id",
        "title",
        "text",
        "authors",
        "published",
        "language",
        "categories",
        "tags",
        "related",
    ]
    json.dumps(found)


def test_pages_are_answered_in_order_one_at_a_time() -> None:
    read: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in range(4):
            read.append(number)
            yield asked(id=number)

    found = answers(lines())
    assert next(found)["id"] == 0
    assert read == [0]
    assert [page["id"] for page in found] == [1, 2, 3]


@pytest.mark.parametrize("name", ["url", "other"])
def test_a_page_needs_no_url_and_may_say_more_than_is_asked(name: str) -> None:
    [found] = answers([asked(**{name: None})])
    assert found["title"] == "عنوان الخبر الأول"


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"5",
        b'"text"',
        b"null",
        b"{}",
        b'{"id": 1}',
        b'{"html": "<p>x"}',
        b'{"id": 1, "html": null}',
        b'{"id": 1, "html": 5}',
        b'{"id": 1, "html": "x", "url": 5}',
        b"\xff\xfe\xfa",
        b"[" * 100_000,
        b'{"id": ' + b"1" * 5000 + b', "html": "x"}',
    ],
    ids=lambda line: line[:30].decode("ascii", "replace"),
)
def test_a_line_that_is_no_page_is_answered_with_its_number_and_costs_no_other(line: bytes) -> None:
    first, wrong, last = answers([asked(id=1), b"\n", line + b"\n", asked(id=4)])
    assert (first["id"], last["id"]) == (1, 4)
    assert "text" in first
    assert "text" in last
    assert wrong["line"] == 3
    assert wrong["error"].startswith("no page: ")
    json.dumps(wrong)


@pytest.mark.parametrize(
    "page", ["", "<", "\x00", "\ud800", "<div>" * 50_000, "plain text", "<?xml version='1.0' encoding='x'?><p>x"]
)
def test_a_hostile_page_is_answered_with_its_id(page: str) -> None:
    first, last = answers([asked(html=page), asked(id=2)])
    assert first["id"] == 1
    assert "text" in first or "error" in first
    assert "text" in last
    json.dumps(first)


def test_the_times_and_the_other_articles_of_an_article_are_plain_json() -> None:
    related = [RelatedArticle(kind="inline", position=0, title="آخر", url=HOME + "b", text="not told")]
    article = Article(
        url=HOME, site="", title="x", paragraphs=["a", "b"], published=NOW, category="محليات", related=related
    )
    assert answer(article) == {
        "title": "x",
        "text": "a\nb",
        "authors": [],
        "published": "2026-03-01T12:00:00+00:00",
        "language": None,
        "categories": ["محليات"],
        "tags": [],
        "related": [{"kind": "inline", "title": "آخر", "url": HOME + "b"}],
    }


def test_a_page_that_takes_too_long_is_interrupted() -> None:
    def hang() -> None:
        with _TimeLimit(0.1):
            while True:
                pass

    began = time.monotonic()
    with pytest.raises(TimeoutError, match=r"^took over 0\.1 s$"):
        hang()
    assert time.monotonic() - began < 5
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_time_that_the_reader_takes_does_not_count() -> None:
    found = answers([asked(), asked(html="\ud800"), b"wrong", asked()])
    for _ in range(4):
        next(found)
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
