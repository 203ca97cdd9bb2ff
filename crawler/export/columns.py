"""The columns of the exports: names, order, types, and what the data dictionary says of them. Everything that lists
columns (files, releases, docs/export.md, datapackage.json, Datasette's metadata) is made from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

Kind = Literal["integer", "number", "boolean", "string", "time", "list", "json"]


class Column(NamedTuple):
    """What a column holds."""

    kind: Kind
    """`time` is ISO 8601 text in UTC, `list` a list of strings, `json` an object, `boolean` is 0 or 1."""

    meaning: str


Columns = dict[str, Column]

# Released order: add at the end, never move or rename.
ARTICLE_COLUMNS: Columns = {
    "id": Column("integer", "number of the article in this database"),
    "url": Column("string", "canonical URL; the identity of the article"),
    "site": Column("string", "name of the profile it was crawled with"),
    "title": Column("string", "headline, without the site's name"),
    "subtitle": Column("string", "standfirst or deck, if the page has one"),
    "body": Column("string", "the article's own text, one paragraph a line"),
    "authors": Column("list", "persons who wrote it; a list"),
    "source": Column("string", "agency or outlet that the page names as its source"),
    "category": Column("string", "section the site files it under"),
    "tags": Column("list", "keywords; a list"),
    "language": Column("string", "ISO 639-1"),
    "published": Column("time", "ISO 8601, UTC"),
    "published_raw": Column("string", "the date as the page wrote it"),
    "published_from": Column("string", "the signal the date was read from; `channel:…` if the page gives none"),
    "published_precision": Column("string", "second, minute or day; a day is its midnight in UTC"),
    "modified": Column("time", "ISO 8601, UTC; what the page says of its last change"),
    "image_url": Column("string", "main picture"),
    "word_count": Column("integer", "words of the body"),
    "paywalled": Column("boolean", "1 if only the visible part of a paid article is stored"),
    "first_seen": Column("time", "when this crawler first stored it, UTC"),
    "last_seen": Column("time", "when this crawler last fetched it, UTC"),
    "duplicate_of": Column("string", "URL of the first article with the same text; empty for originals"),
    "story_id": Column("integer", "the same number for all articles that tell one story in the same words"),
}
# Only with --columns.
FURTHER_COLUMNS: Columns = {
    "page_url": Column("string", "the address it was fetched from, where that is another than its own"),
    "fingerprint": Column("string", "equal for texts that differ in spelling marks alone"),
    "provenance": Column("json", "field → where its value came from; JSON"),
    "gone": Column("time", "when the site no longer had its page, UTC; empty while it has"),
    "embedded_suspected": Column("boolean", "1 if the body may hold another article's text that is not stored yet"),
    "extractor": Column(
        "string", "program and version that took it out of its page; empty for those of early versions"
    ),
}
RELATED_COLUMNS: Columns = {
    "article_url": Column("string", "the article that names the other one"),
    "position": Column("integer", "order on the page, from 0"),
    "kind": Column("string", "block, inline or embedded"),
    "title": Column("string", "the other article's title as the page gives it"),
    "url": Column("string", "the other article's URL"),
    "text": Column("string", "the other article's text, where the page carried it"),
    "target_url": Column("string", "URL of the other article in this database, if it is stored"),
    "paragraph_index": Column(
        "integer", "number of body paragraphs that precede it; empty if it stands beside the body"
    ),
}
EDGE_COLUMNS: Columns = {
    "url": Column("string", "the article that copies"),
    "site": Column("string", "its site"),
    "copy_of_url": Column("string", "the article that it was found to share its text with"),
    "copy_of_site": Column("string", "that one's site"),
    "story_id": Column("integer", "the story of both"),
    "similarity": Column("number", "share of the shorter one's sentences that are the other's; 1 if all are"),
    "shared_sentences": Column("integer", "how many sentences they share"),
    "published": Column("time", "when the copy was published, UTC"),
    "copy_of_published": Column("time", "when the other one was published, UTC"),
    "lag_seconds": Column("integer", "seconds it was published after the first of its story; negative if before"),
}
STORY_COLUMNS: Columns = {
    "story_id": Column("integer", "number of the story"),
    "title": Column("string", "headline of the article that was seen first"),
    "first_url": Column("string", "the article of it that was seen first"),
    "first_site": Column("string", "that one's site"),
    "publisher_url": Column("string", "the article of it that was published first"),
    "publisher_site": Column("string", "that one's site"),
    "articles": Column("integer", "how many articles tell it"),
    "sites": Column("integer", "on how many sites"),
    "first_published": Column("time", "its earliest date of publication, UTC"),
    "last_published": Column("time", "its latest date of publication, UTC"),
}
# Of a release that holds the differences to an earlier one.
CHANGED_COLUMNS: Columns = {"change": Column("string", "added or changed"), **ARTICLE_COLUMNS}
REMOVED_COLUMNS: Columns = {
    "id": Column("integer", "number that the article had"),
    "url": Column("string", "an article that is no longer in the dataset"),
    "reason": Column("string", "copy (it copies another article now), filtered (stored, but not chosen), deleted"),
}
REMOVED_EDGE_COLUMNS: Columns = {"url": Column("string", "an article that is no copy any more, or no longer chosen")}
TABLES: dict[str, Columns] = {
    "articles": ARTICLE_COLUMNS,
    "related_articles": RELATED_COLUMNS,
    "story_edges": EDGE_COLUMNS,
    "stories": STORY_COLUMNS,
}
_ALL: Columns = {
    name: column
    for columns in (*TABLES.values(), FURTHER_COLUMNS, CHANGED_COLUMNS, REMOVED_COLUMNS)
    for name, column in columns.items()
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
    return list(dict.fromkeys(chosen))


def column_kind(name: str) -> Kind:
    """The type of a column; a name means the same kind of thing in every table."""
    return _ALL[name].kind


def described(columns: Sequence[str]) -> Mapping[str, Column]:
    """Columns of the articles with their descriptions, in this order."""
    known = ARTICLE_COLUMNS | FURTHER_COLUMNS
    return {name: known[name] for name in columns}
