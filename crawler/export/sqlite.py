"""Export to an SQLite file: articles, related articles, stories and story edges, without the crawler's bookkeeping."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from crawler.export.columns import EDGE_COLUMNS, RELATED_COLUMNS, STORY_COLUMNS, Columns, describe_columns
from crawler.export.rows import with_published_day
from crawler.export.staging import staged_file

SUFFIXES = (".db", ".sqlite", ".sqlite3")
Rows = Iterable[Mapping[str, Any]]
_BATCH = 500  # rows per INSERT; no measurement
_TYPES: dict[str, type] = {"integer": int, "boolean": int, "number": float}


def export_database(
    target: Path, columns: Sequence[str], *, articles: Rows, related: Rows, stories: Rows, story_edges: Rows
) -> int:
    """Write all rows to a new SQLite file, which appears when it is complete; return the number of articles.

    The column `id` of the articles is always included. `related` must contain only rows of these articles. Raises
    ExportError.
    """
    described = describe_columns(list(dict.fromkeys(["id", *columns])))
    with staged_file(target) as part, closing(Database(part, execute_plugins=False)) as db:
        db.execute("PRAGMA synchronous = OFF")  # staged_file syncs the file when it is complete
        db.execute("PRAGMA journal_mode = MEMORY")
        story_key = [("story_id", "stories", "story_id")]
        _table(db, "stories", STORY_COLUMNS, stories, pk="story_id")
        own_story = story_key if "story_id" in described else []
        count = _table(db, "articles", dict(described), articles, pk="id", foreign_keys=own_story)
        with_id = {"article_id": int} | _types(RELATED_COLUMNS)
        key = ("article_id", "position")
        db.table("related_articles").create(with_id, pk=key, foreign_keys=[("article_id", "articles", "id")])
        _insert(db, "related_articles", related, list(with_id))
        _table(db, "story_edges", EDGE_COLUMNS, story_edges, pk="url", foreign_keys=story_key)
        for name in ("url", "site", "category", "published", "story_id"):
            if name in described:
                db.table("articles").create_index([name], unique=name == "url")
        tables = {"articles": dict(described), "related_articles": RELATED_COLUMNS}
        _dictionary(db, tables | {"stories": STORY_COLUMNS, "story_edges": EDGE_COLUMNS})
        return count


def _table(
    db: Database,
    name: str,
    columns: Columns,
    rows: Rows,
    *,
    pk: str,
    foreign_keys: Sequence[tuple[str, str, str]] = (),
) -> int:
    db.table(name).create(_types(columns), pk=pk, foreign_keys=list(foreign_keys))
    return _insert(db, name, rows, list(columns))


def _insert(db: Database, name: str, rows: Rows, columns: Sequence[str]) -> int:
    count = 0

    def plain() -> Iterator[dict[str, Any]]:
        nonlocal count
        for row in map(with_published_day, rows):
            count += 1
            yield {column: _cell(row.get(column)) for column in columns}

    db.table(name).insert_all(plain(), batch_size=_BATCH)
    return count


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, list | dict) else value


def _types(columns: Columns) -> dict[str, type]:
    return {name: _TYPES.get(column.kind, str) for name, column in columns.items()}


def _dictionary(db: Database, tables: Mapping[str, Columns]) -> None:
    rows = (
        {"table": table, "column": name, "type": column.kind, "description": column.description}
        for table, columns in tables.items()
        for name, column in columns.items()
    )
    db.table("data_dictionary").insert_all(rows, pk=("table", "column"))
