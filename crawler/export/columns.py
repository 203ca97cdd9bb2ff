"""The columns of the exports: their names, their order, and what docs/export.md says of them."""

from __future__ import annotations

from collections.abc import Sequence

# Released order: add at the end, never move or rename.
ARTICLE_COLUMNS: dict[str, str] = {
    "id": "number of the article in this database",
    "url": "canonical URL; the identity of the article",
    "site": "name of the profile it was crawled with",
    "title": "headline, without the site's name",
    "subtitle": "standfirst or deck, if the page has one",
    "body": "the article's own text, one paragraph a line",
    "authors": "persons who wrote it; a list",
    "source": "agency or outlet that the page names as its source",
    "category": "section the site files it under",
    "tags": "keywords; a list",
    "language": "ISO 639-1",
    "published": "ISO 8601, UTC",
    "published_raw": "the date as the page wrote it",
    "published_from": "the signal the date was read from; `channel:…` if the page gives none",
    "published_precision": "second, minute or day; a day is its midnight in UTC",
    "modified": "ISO 8601, UTC; what the page says of its last change",
    "image_url": "main picture",
    "word_count": "words of the body",
    "paywalled": "1 if only the visible part of a paid article is stored",
    "first_seen": "when this crawler first stored it, UTC",
    "last_seen": "when this crawler last fetched it, UTC",
    "duplicate_of": "URL of the first article with the same text; empty for originals",
}
# Only with --columns.
FURTHER_COLUMNS: dict[str, str] = {
    "page_url": "the address it was fetched from, where that is another than its own",
    "fingerprint": "equal for texts that differ in spelling marks alone",
    "provenance": "field → where its value came from; JSON",
}
RELATED_COLUMNS: dict[str, str] = {
    "article_url": "the article that names the other one",
    "position": "order on the page, from 0",
    "kind": "block, inline or embedded",
    "title": "the other article's title as the page gives it",
    "url": "the other article's URL",
    "text": "the other article's text, where the page carried it",
    "target_url": "URL of the other article in this database, if it is stored",
}


class ColumnError(ValueError):
    """A column that does not exist; the message names those that do."""


def chosen_columns(names: str | None) -> Sequence[str]:
    """The columns that `--columns` names, comma-separated; the usual ones if it is None. Raises ColumnError."""
    if names is None:
        return list(ARTICLE_COLUMNS)
    known = ARTICLE_COLUMNS | FURTHER_COLUMNS
    chosen = [name.strip() for name in names.split(",") if name.strip()]
    for name in chosen:
        if name not in known:
            raise ColumnError(f"there is no column {name!r}; there are {', '.join(known)}")
    if not chosen:
        raise ColumnError("--columns names no column")
    return chosen
