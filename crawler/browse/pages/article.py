"""The page of an article: to read, with its history, its copies, related articles and archived pages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from crawler.browse.differences import difference
from crawler.browse.languages import language_of
from crawler.browse.pages.page import is_link, read, render
from crawler.browse.pages.printing import bounded, printing
from crawler.browse.surroundings import surroundings
from crawler.store.articles.articles import Articles
from crawler.store.database import Database
from crawler.store.read.archived import archived_records
from crawler.store.read.browse import Browse
from crawler.structure import body_html
from crawler.text import direction
from crawler.urls import readable_url

_MAX_COPIES = 20
"""Other articles of the story that are listed; its own page has all. Chosen by hand."""

_MAX_VERSIONS = 20
"""Changes that are shown, the newest ones. Chosen by hand."""

_BODY_CHARS, _FIELD_CHARS, _ITEMS = 1_000_000, 2_000, 200
"""Characters of a text and of a field, and items of a list, that are shown. Chosen by hand: no honest article has more,
and a browser needs minutes for ten megabytes of letters without a space."""

_LAGS = (-(10**10), 10**10)  # seconds that are printed
_WORDS = 10**9

_NOT_COMPARED = frozenset({"seen", "kind", "structure", "extractor", "confidence"})
"""Fields of a version that say nothing of what the site published."""


async def article_page(request: Any, datasette: Any) -> Any:
    """One article with all that is known of it."""
    number = int(request.url_vars["id"])

    def question(db: Database) -> tuple[dict[str, Any] | None, dict[str, Any]]:
        article = Articles(db).detail(number)
        beside = {"linking": Browse(db).linking_articles(number), "records": archived_records(db, number)}
        return article, beside if article is not None else {}

    article, beside = await read(datasette, question)
    if article is None:
        return await render(datasette, request, "missing", {"number_text": str(number)}, status=404)
    history = list(_history(article))
    is_whole, article = len(article["body"]) <= _BODY_CHARS, _cut(article)
    context: dict[str, Any] = {"article": article, **beside, "history": history, "is_whole": is_whole}
    context |= {"direction": direction(article["title"] + article["body"]), "is_link": is_link}
    context |= {"confidence": bounded(article["confidence"], 0, 1), "words": bounded(article["word_count"], 0, _WORDS)}
    context |= {"readable": readable_url, "text": Markup(body_html(article["body"], article["structure"]))}
    context |= {"copies": _copies(article), "related": _by_relation(article), "archives": surroundings().archive}
    return await render(datasette, request, "article", context | printing(language_of(request).code))


def _cut(article: dict[str, Any]) -> dict[str, Any]:
    """The article with fields of a length that can be shown."""
    shown = {name: _cut_value(value) for name, value in article.items() if name not in ("body", "versions")}
    return shown | {"body": article["body"][:_BODY_CHARS], "structure": article["structure"]}


def _cut_value(value: Any) -> Any:
    if isinstance(value, str):
        return value[:_FIELD_CHARS]
    if isinstance(value, list):
        return [_cut_value(each) for each in value[:_ITEMS]]
    if isinstance(value, dict):
        return {_cut_value(name): _cut_value(each) for name, each in list(value.items())[:_ITEMS]}
    return value


def _history(article: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The changes, newest first: the time, the kind, and the changes of each field."""
    for before, after in list(pairwise(article["versions"]))[: -_MAX_VERSIONS - 1 : -1]:
        fields = [
            {"name": name, "changes": difference(str(before[name] or ""), str(after[name] or ""))}
            for name in before
            if name not in _NOT_COMPARED and before[name] != after[name]
        ]
        yield {"seen": after["seen"], "kind": after["kind"], "fields": fields}


def _copies(article: dict[str, Any]) -> list[dict[str, Any]]:
    """Other articles of the story in the order of their publication."""
    rows = sorted(article["story"], key=lambda row: (row["published"] or "9", row["id"]))[:_MAX_COPIES]
    return [row | {"similarity": bounded(row["similarity"], 0, 1), "lag": bounded(row["lag"], *_LAGS)} for row in rows]


def _by_relation(article: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The related articles by kind."""
    kinds = ("inline", "embedded", "block")
    groups = [(kind, [row for row in article["related"] if row["kind"] == kind]) for kind in kinds]
    return [(kind, rows) for kind, rows in groups if rows]
