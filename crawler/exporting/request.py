"""Writes the files of one export, for the commands that export: each format, and each table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Literal

from crawler import clock
from crawler.export import EDGE_COLUMNS, RELATED_COLUMNS, STORY_COLUMNS, FormatError, export_rows
from crawler.export.columns import ARTICLE_COLUMNS, Columns, excel_columns, table_columns
from crawler.export.feed_head import MAX_ITEMS, FeedHead
from crawler.export.feed_head import SUFFIXES as FEEDS
from crawler.export.files import FORMATS
from crawler.export.sqlite import SUFFIXES, export_database
from crawler.profile import SiteProfile
from crawler.store import ArticleFilter, Store
from crawler.text import counted
from crawler.urls import origin_of

What = Literal["articles", "related", "stories"]
"""The table that an export is about."""

WORKBOOK = ".xlsx"
_TABLES: dict[What, Columns] = {"articles": ARTICLE_COLUMNS, "related": RELATED_COLUMNS, "stories": STORY_COLUMNS}
_NOUNS: dict[What, str] = {"articles": "article", "related": "related article", "stories": "story"}
_TITLES: dict[What, str] = {"articles": "Articles", "related": "Related articles", "stories": "Stories"}


Track = Callable[[Iterable[Mapping[str, Any]]], Iterator[Mapping[str, Any]]]
"""Passes rows on, and may count them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRequest:
    """What to write, and where to."""

    target: str
    """A file, or `-` for CSV on standard output."""

    article_filter: ArticleFilter
    what: What = "articles"
    columns: Sequence[str] | None = None
    """Of the articles; None: the default ones, in the order of the format."""

    plain: bool = False
    """Of CSV, the form for programs."""

    zone: tzinfo = UTC
    """Of the times in a workbook."""

    related: str | None = None
    """A further file with the related articles."""

    story_edges: str | None = None
    """A further file with what copies what."""

    sites: Mapping[str, SiteProfile] = field(default_factory=dict)
    """The profiles, for the title and the link of a feed."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and how many rows it has."""

    rows: int
    noun: str
    """What a row is, in the singular."""

    file: str

    def __str__(self) -> str:
        return f"{counted(self.rows, self.noun, 'stories' if self.noun == 'story' else None)} in {self.file}"


def suffix_of(target: str) -> str:
    """The suffix that says the format. Raises FormatError if there is no such format."""
    suffix = ".csv" if target == "-" else Path(target).suffix.lower()
    if suffix not in (*FORMATS, WORKBOOK, *SUFFIXES, *FEEDS):
        known = ", ".join((WORKBOOK, *FORMATS, *FEEDS))
        raise FormatError(
            f"{target}: the name must end in {known} or {SUFFIXES[0]}, or be - for CSV to standard output"
        )
    return suffix


def has_related(request: ExportRequest) -> bool:
    """Whether the files contain the related articles of the exported ones."""
    return request.related is not None or suffix_of(request.target) in (WORKBOOK, *SUFFIXES)


def has_edges(request: ExportRequest) -> bool:
    """Whether the files contain which article copies which."""
    return request.story_edges is not None or suffix_of(request.target) in SUFFIXES


def check_request(request: ExportRequest) -> None:
    """Raise FormatError for what cannot be written, before anything is."""
    suffix = suffix_of(request.target)
    if request.plain and suffix != ".csv":
        raise FormatError(f"{request.target}: --plain is only for .csv files")
    if request.what != "articles" and suffix in SUFFIXES:
        raise FormatError(f"{request.target}: a {suffix} file always contains articles, related articles and stories")
    if suffix in FEEDS and (request.what != "articles" or request.columns is not None):
        raise FormatError(f"{request.target}: a feed contains articles, and no columns can be selected")
    if request.what != "articles" and request.columns is not None:
        raise FormatError("--columns selects columns of articles; leave it out, or export articles")
    for file in (request.related, request.story_edges):
        if file is not None and suffix_of(file) in (*SUFFIXES, *FEEDS):
            raise FormatError(f"{file}: must end in {', '.join((WORKBOOK, *FORMATS))}")


def check_since_last(request: ExportRequest) -> None:
    """Raise FormatError for a file that cannot contain only what is new: it would leave out what does not fit."""
    if suffix_of(request.target) in FEEDS:
        raise FormatError(
            f"{request.target}: a feed always has the newest {MAX_ITEMS} articles, and its reader knows what is new; "
            "leave out --since-last"
        )


def write_files(store: Store, request: ExportRequest, track: Track = iter) -> Iterator[Written]:
    """Write the files and say of each what it contains, the first file first. `track` sees all rows go by. Raises
    ExportError."""
    rows = _Rows(store, request.article_filter, track)
    suffix = suffix_of(request.target)
    if suffix in SUFFIXES:
        count = export_database(
            Path(request.target),
            request.columns or list(ARTICLE_COLUMNS),
            articles=rows.articles(),
            related=rows.related(),
            stories=rows.stories(),
            story_edges=rows.edges(),
        )
    elif suffix == WORKBOOK:
        count = _write_workbook(rows, request)
    elif suffix in FEEDS:
        count = _write_feed(rows, request)
    else:
        columns = _columns(request)
        count = export_rows(rows.of(request.what), list(columns), request.target, plain=request.plain)
    yield Written(count, _NOUNS[request.what], request.target)
    for file, noun, columns, read in (
        (request.related, "related article", RELATED_COLUMNS, rows.related),
        (request.story_edges, "story edge", EDGE_COLUMNS, rows.edges),
    ):
        if file is not None:
            yield Written(_write_table(file, f"{noun.capitalize()}s", columns, read, request), noun, file)


class _Rows:
    """The rows of each table for a filter."""

    def __init__(self, store: Store, article_filter: ArticleFilter, track: Track) -> None:
        self._exports, self._track = store.exports, track
        # An SQLite file contains every story that its other tables refer to.
        self._stories = self._edges = replace(article_filter, with_duplicates=True, only_stories=False)
        self._articles = article_filter
        if article_filter.changes is not None:
            # An article is exported again with its changed list, which may be empty now; an edge is a row of its own.
            self._edges = replace(self._edges, changes=replace(article_filter.changes, related=None))
            self._articles = replace(article_filter, changes=replace(article_filter.changes, edges=None))

    def of(self, what: What) -> Iterator[Mapping[str, Any]]:
        return {"articles": self.articles, "related": self.related, "stories": self.stories}[what]()

    def articles(self) -> Iterator[Mapping[str, Any]]:
        return self._track(self._exports.articles(self._articles))

    def newest(self, limit: int | None = None) -> Iterator[Mapping[str, Any]]:
        return self._track(self._exports.newest_articles(self._articles, limit))

    def related(self) -> Iterator[Mapping[str, Any]]:
        return self._track(self._exports.related_articles(self._articles))

    def stories(self) -> Iterator[Mapping[str, Any]]:
        return self._track(self._exports.stories(self._stories))

    def edges(self) -> Iterator[Mapping[str, Any]]:
        return self._track(self._exports.story_edges(self._edges))


def _columns(request: ExportRequest) -> Columns:
    """The columns of the request's table."""
    if request.what != "articles":
        return _TABLES[request.what]
    if request.columns is not None:
        return table_columns("articles", request.columns)
    in_order = excel_columns() if suffix_of(request.target) == WORKBOOK else ARTICLE_COLUMNS
    return table_columns("articles", list(in_order))


def _write_workbook(rows: _Rows, request: ExportRequest) -> int:
    """Write the table, for people: articles with the newest first, and a second sheet with their related articles.
    Return the rows of the first sheet."""
    from crawler.export.excel import Table, export_workbook

    first = rows.newest() if request.what == "articles" else rows.of(request.what)
    tables = [Table(_TITLES[request.what], _columns(request), first)]
    if request.what == "articles":
        tables.append(Table(_TITLES["related"], RELATED_COLUMNS, rows.related()))
    return export_workbook(Path(request.target), tables, request.zone)[0]


def _write_feed(rows: _Rows, request: ExportRequest) -> int:
    """Write the newest articles to a feed. It has the title and the link of its site if it is of one."""
    from crawler.export.feed import export_feed

    chosen = request.article_filter
    articles = list(rows.newest(MAX_ITEMS))
    names = chosen.sites or tuple(sorted({str(row["site"]) for row in articles}))
    profile = request.sites.get(names[0]) if len(names) == 1 else None
    link = profile.url if profile is not None else origin_of(articles[0]["url"]) if articles else "http://localhost/"
    titles = [request.sites[name].title if name in request.sites else name for name in chosen.sites]
    parts = [", ".join(titles), ", ".join(chosen.categories), f"“{chosen.query}”" if chosen.query else ""]
    title = " – ".join(filter(None, parts)) or (profile.title if profile is not None else "Rasid")
    head = FeedHead(title, link, f"rasid:{chosen.as_text()}", clock.now())
    return export_feed(Path(request.target), articles, head)


def _write_table(
    file: str, title: str, columns: Columns, read: Callable[[], Iterator[Mapping[str, Any]]], request: ExportRequest
) -> int:
    if suffix_of(file) == WORKBOOK:
        from crawler.export.excel import Table, export_workbook

        return export_workbook(Path(file), [Table(title, columns, read())], request.zone)[0]
    return export_rows(read(), list(columns), file, plain=request.plain and suffix_of(file) == ".csv")
