"""Datasette's metadata: titles, descriptions, facets and canned queries, from the descriptions of the schema and the
exports. `make docs` writes `metadata.yml` beside this file, for the use of Datasette without our plugin."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from crawler.export.columns import ARTICLE_COLUMNS, FURTHER_COLUMNS, RELATED_COLUMNS
from crawler.store.read.browse import CANNED_QUERIES
from crawler.store.schema.descriptions import BOOKKEEPING, TABLE_DESCRIPTIONS, column_descriptions, fresh_schema
from crawler.store.schema.views import VIEW_DESCRIPTIONS

METADATA_FILE = Path(__file__).with_name("metadata.yml")
_FACETS = {
    "articles": ["site", "language", "category"],
    "v_articles": ["site", "language", "category", "day"],
    "v_daily_counts": ["site", "language"],
    "v_related": ["kind", "article_site"],
    "pages": ["site", "state", "outcome"],
}
_ORDER: dict[str, dict[str, Any]] = {
    "articles": {"sort_desc": "id", "label_column": "title"},
    "v_articles": {"sort_desc": "published"},
    "v_daily_counts": {"sort_desc": "day"},
    "runs": {"sort_desc": "id"},
}
_NOT_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that YAML does not read as text."""


def metadata(database: str = "news", *, with_plugin: bool = False) -> dict[str, Any]:
    """The metadata of a database with this name (that of its file, without suffix). `with_plugin`: include the queries
    that need the SQL functions of our plugin."""
    with closing(fresh_schema()) as db:
        columns = column_descriptions(db)
        names = (*TABLE_DESCRIPTIONS, *VIEW_DESCRIPTIONS)
        stored = {name: {column for _, column, *_ in db.execute(f"PRAGMA table_info({name})")} for name in names}
    exports = {"articles": ARTICLE_COLUMNS | FURTHER_COLUMNS, "related_articles": RELATED_COLUMNS}
    tables: dict[str, Any] = {}
    for name, description in (*TABLE_DESCRIPTIONS.items(), *((k, v[0]) for k, v in VIEW_DESCRIPTIONS.items())):
        exported = {column: about.description for column, about in exports.get(name, {}).items()}
        own = columns.get(name, {})
        # Exports have columns that are computed.
        known = {column: text for column, text in (exported | own).items() if column in stored[name]}
        table: dict[str, Any] = {"description": description}
        if known:
            table["columns"] = known
        if name in _FACETS:
            table["facets"] = _FACETS[name]
        if name in BOOKKEEPING:
            table["hidden"] = True
        tables[name] = table | _ORDER.get(name, {})
    queries = {
        name: {"title": query.title, "description": query.description, "sql": " ".join(query.sql.split())}
        for name, query in CANNED_QUERIES.items()
        if with_plugin or "fts_query(" not in query.sql
    }
    return {"title": "Rasid", "databases": {database: {"tables": tables, "queries": queries}}}


def as_yaml(data: Mapping[str, Any]) -> str:
    """Write nested mappings as YAML. All other values are written as JSON, which is valid YAML."""
    return "\n".join(_yaml_lines(data, "")) + "\n"


def _yaml_lines(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in data.items():
        key = name if name.isidentifier() and name.lower() not in _NOT_TEXT else json.dumps(name, ensure_ascii=False)
        if isinstance(value, Mapping):
            yield f"{indent}{key}:"
            yield from _yaml_lines(value, indent + "  ")
        else:
            yield f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}"
