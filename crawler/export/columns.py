"""The columns of the exports: names, order, types and descriptions. Files, releases, docs/export.md, datapackage.json
and Datasette's metadata are all made from these tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

Kind = Literal["integer", "number", "boolean", "string", "url", "time", "list", "json"]


class Column(NamedTuple):
    """The type and description of a column."""

    kind: Kind
    """`time` is ISO 8601 text in UTC, `list` a list of strings, `json` an object, `boolean` 0 or 1."""

    description: str


Columns = dict[str, Column]

# Append only: after a release, a column is never moved or renamed.
ARTICLE_COLUMNS: Columns = {
    "id": Column("integer", "number of the article in this database"),
    "url": Column("url", "canonical URL; the identity of the article"),
    "site": Column("string", "name of the site's profile"),
    "title": Column("string", "headline, without the site's name"),
    "subtitle": Column("string", "standfirst or deck, if the page has one"),
    "body": Column("string", "the article's own text, one paragraph per line"),
    "authors": Column("list", "names of the persons who wrote it"),
    "source": Column("string", "agency or outlet that the page gives as its source"),
    "category": Column("string", "section of the site that it belongs to"),
    "tags": Column("list", "keywords"),
    "language": Column("string", "ISO 639-1 code"),
    "published": Column("time", "date of publication"),
    "published_raw": Column("string", "the date as printed on the page or in its metadata"),
    "published_from": Column(
        "string",
        "the signal that the date was read from; `channel:…` if the page has none, `url` if it is only the day in the "
        "address, `updated` if the page prints only that of an update",
    ),
    "published_precision": Column(
        "string",
        'second, minute, hour (of "3 hours ago": at most an hour too late) or day (`published` has no time then)',
    ),
    "published_zone": Column(
        "string",
        "where the time zone of the date comes from, with its offset: page (printed with it), profile, inferred (from "
        "the printed time and that of the metadata), url (the nearest in which it is the day in the address) or "
        "assumed (there is none, UTC was taken)",
    ),
    "modified": Column("time", "date of the last change, as the page gives it"),
    "image_url": Column("url", "URL of the main picture"),
    "word_count": Column("integer", "number of words in the body"),
    "paywalled": Column("boolean", "1 if the page shows only the beginning of a paid article"),
    "first_seen": Column("time", "when it was first stored"),
    "last_seen": Column("time", "when it was last fetched"),
    "duplicate_of": Column("url", "URL of the first article with the same text; empty for originals"),
    "story_id": Column("integer", "equal for all articles that are copies of one text"),
    "confidence": Column(
        "number",
        "how sure the body is: the F1 expected of its text, from 0 (wrong) to 1 (all of the article and nothing else); "
        "empty if a spider of one's own read it",
    ),
    "body_markdown": Column(
        "string",
        "the same text as Markdown, with subheadings, lists, quotes and tables; without its markup it is `body`",
    ),
}
# Only with --columns.
FURTHER_COLUMNS: Columns = {
    "page_url": Column("url", "URL that it was fetched from, if that differs from its own"),
    "fingerprint": Column("string", "equal for texts whose folded words are equal"),
    "provenance": Column("json", "field → where its value came from"),
    "gone": Column("time", "when the site stopped serving its page; empty while it serves it"),
    "embedded_suspected": Column("boolean", "1 if the body may contain the text of an article that is not stored yet"),
    "structure": Column("string", "what each paragraph of the body is, from which `body_markdown` is made"),
    "extractor": Column("string", "program and version that extracted it; empty if an early version did"),
}
RELATED_COLUMNS: Columns = {
    "article_url": Column("url", "URL of the article that points to the other one"),
    "position": Column("integer", "position among the related articles of the page, from 0"),
    "kind": Column("string", "block, inline or embedded"),
    "title": Column("string", "title of the other article as the page gives it"),
    "url": Column("url", "URL of the other article as the page gives it"),
    "text": Column("string", "text of the other article, if it was embedded in the page"),
    "target_url": Column("url", "URL of the other article in this database, if it is stored"),
    "paragraph_index": Column(
        "integer", "number of body paragraphs that precede it; empty if it stands beside the body"
    ),
}
EDGE_COLUMNS: Columns = {
    "url": Column("url", "URL of the copy"),
    "site": Column("string", "site of the copy"),
    "copy_of_url": Column("url", "URL of the article whose text it shares"),
    "copy_of_site": Column("string", "site of that article"),
    "story_id": Column("integer", "story of both articles"),
    "similarity": Column("number", "share of the shorter text's sentences that the longer one contains; 1 if all"),
    "shared_sentences": Column("integer", "number of sentences that they share"),
    "published": Column("time", "date of publication of the copy"),
    "copy_of_published": Column("time", "date of publication of the other article"),
    "lag_seconds": Column("integer", "seconds between the first publication of the story and this one"),
}
STORY_COLUMNS: Columns = {
    "story_id": Column("integer", "number of the story"),
    "title": Column("string", "headline of the article that was stored first"),
    "first_url": Column("url", "URL of the article that was stored first"),
    "first_site": Column("string", "site of the article that was stored first"),
    "publisher_url": Column("url", "URL of the article that was published first"),
    "publisher_site": Column("string", "site of the article that was published first"),
    "articles": Column("integer", "number of its articles"),
    "sites": Column("integer", "number of sites with one of its articles"),
    "first_published": Column("time", "earliest date of publication"),
    "last_published": Column("time", "latest date of publication"),
}
# For a release with the differences from an earlier one.
CHANGED_COLUMNS: Columns = {"change": Column("string", "added or changed"), **ARTICLE_COLUMNS}
REMOVED_COLUMNS: Columns = {
    "id": Column("integer", "number of the article in the earlier release"),
    "url": Column("url", "URL of an article that is no longer in the dataset"),
    "reason": Column(
        "string",
        "copy (it is a copy of another article now), notice (its text turned out to be one that many pages of the site "
        "show), filtered (stored, but excluded by the filters) or deleted",
    ),
}
REMOVED_EDGE_COLUMNS: Columns = {
    "url": Column("url", "URL of an article that is no longer a copy, or is excluded by the filters now")
}
LEDGER_COLUMNS: Columns = {
    "site": Column("string", "site"),
    "day": Column("string", "day of publication according to the channel, or when it was listed first, UTC"),
    "announced": Column("integer", "pages that a channel listed; the sum of stored and of the columns up to waiting"),
    "fetched": Column("integer", "of these, pages that the site has sent"),
    "stored": Column("integer", "of these, pages of a stored article"),
    "copies": Column("integer", "of the stored, copies of an earlier article; not in the sum"),
    "updated": Column("integer", "of the stored, articles that the site has changed since; not in the sum"),
    "dropped": Column("integer", "received, and no article"),
    "forbidden": Column("integer", "forbidden by robots.txt or a robots directive"),
    "blocked": Column("integer", "a wall was in the place of the page"),
    "failed": Column("integer", "not received"),
    "set_aside": Column("integer", "not requested, because pages with such URLs were hardly ever articles"),
    "waiting": Column("integer", "not requested yet"),
    "retried": Column("integer", "of those that are not stored, pages that will be requested again"),
    "late": Column("integer", "listed more than a day after their publication"),
    "one_channel": Column("integer", "pages that only one channel listed"),
    "unannounced": Column("integer", "pages that were fetched although no channel has listed them"),
    "closed": Column("time", "when the day was closed, because nothing of it was expected any more"),
    "reopened": Column("string", "why it was reopened before that"),
}
MISSING_COLUMNS: Columns = {
    "url": Column("url", "canonical URL of an announced page that is not a stored article"),
    "site": Column("string", "site"),
    "day": Column("string", "its day in the ledger"),
    "published": Column("time", "date of publication according to the channel"),
    "first_listed": Column("time", "when a channel listed it first"),
    "result": Column("string", "dropped, forbidden, blocked, failed, set_aside or waiting, as in the ledger"),
    "reason": Column("string", "reason of its last outcome"),
    "status": Column("integer", "HTTP status of its last response"),
    "section": Column("string", "first folder of its path that is not a number"),
}
# Of the tables of a lake, whose files contain articles by id.
ARTICLE_ID: Columns = {"article_id": Column("integer", "id of the article that the row belongs to")}
TABLES: dict[str, Columns] = {
    "articles": ARTICLE_COLUMNS,
    "related_articles": RELATED_COLUMNS,
    "story_edges": EDGE_COLUMNS,
    "stories": STORY_COLUMNS,
}
_ALL: Columns = {
    name: column
    for columns in (
        *TABLES.values(),
        FURTHER_COLUMNS,
        CHANGED_COLUMNS,
        REMOVED_COLUMNS,
        ARTICLE_ID,
        LEDGER_COLUMNS,
        MISSING_COLUMNS,
    )
    for name, column in columns.items()
}

# The order in a workbook, whose columns are read from left to right by people: what an article says comes first.
EXCEL_ORDER = (
    "published", "site", "title", "subtitle", "body", "authors", "source", "category", "tags", "language", "url",
)  # fmt: skip


class ColumnError(ValueError):
    """An unknown column; the message lists the known ones."""


def parse_columns(names: str | None) -> Sequence[str]:
    """Parse the comma-separated columns of `--columns`; the default columns if it is None. Raises ColumnError."""
    if names is None:
        return list(ARTICLE_COLUMNS)
    known = ARTICLE_COLUMNS | FURTHER_COLUMNS
    chosen = [name.strip() for name in names.split(",") if name.strip()]
    for name in chosen:
        if name not in known:
            raise ColumnError(f"--columns: unknown column {name!r}; the columns are {', '.join(known)}")
    if not chosen:
        raise ColumnError("--columns is empty; the columns are " + ", ".join(known))
    return list(dict.fromkeys(chosen))


def column_kind(name: str) -> Kind:
    """The type of a column. A name has the same type in every table; one of no table is a string."""
    return _ALL[name].kind if name in _ALL else "string"


def table_columns(table: str, names: Sequence[str]) -> Columns:
    """Some columns of one of the TABLES, in this order; of the articles, those of FURTHER_COLUMNS as well."""
    known = TABLES[table] | (FURTHER_COLUMNS if table == "articles" else {})
    return {name: known[name] for name in names}


def excel_columns() -> Sequence[str]:
    """The default columns of the articles in a workbook: the same as elsewhere, in the order for people."""
    return [*EXCEL_ORDER, *(name for name in ARTICLE_COLUMNS if name not in EXCEL_ORDER)]


def describe_columns(columns: Sequence[str]) -> Mapping[str, Column]:
    """The columns of articles with these names, in this order."""
    known = ARTICLE_COLUMNS | FURTHER_COLUMNS
    return {name: known[name] for name in columns}
