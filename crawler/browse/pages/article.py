"""The page of an article: to read, with its history, its copies and related articles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from crawler.browse.pages.page import is_link, read, render
from crawler.items import REVISION_KINDS
from crawler.similarity.diff import diff_sentences
from crawler.store.articles.articles import Articles
from crawler.store.database import Database
from crawler.store.read.browse import Browse
from crawler.structure import body_html
from crawler.text import direction
from crawler.urls import readable_url


async def article_page(request: Any, datasette: Any) -> Any:
    """One article with its history, related articles and copies."""
    number = int(request.url_vars["id"])

    def question(db: Database) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        return Articles(db).detail(number), Browse(db).linking_articles(number)

    article, linking = await read(datasette, question) if number < 2**63 else (None, [])
    if article is None:
        return await render(datasette, request, "missing", {"number": number}, status=404)
    context: dict[str, Any] = {"article": article, "linking": linking, "history": list(_history(article))}
    context |= {"direction": direction(article["title"] + article["body"]), "is_link": is_link}
    context |= {"readable": readable_url, "text": Markup(body_html(article["body"], article["structure"]))}
    return await render(datasette, request, "article", context)


def _history(article: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The changes, newest first: the time, the reason, and the removed and added text of each field."""
    for before, after in reversed(list(pairwise(article["versions"]))):
        fields = [
            {"name": name, "lines": diff_sentences(str(before[name] or ""), str(after[name] or ""))}
            for name in before
            if name not in ("seen", "kind", "structure") and before[name] != after[name]
        ]
        yield {"seen": after["seen"], "kind": REVISION_KINDS.get(after["kind"], after["kind"]), "fields": fields}
