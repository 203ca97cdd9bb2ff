"""Hooks for Datasette, which loads this file by its path (--plugins-dir)."""

from __future__ import annotations

import os
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from datasette.filters import FilterArguments
from pluggy import HookimplMarker

from crawler.browse.appearance import theme_of, with_choice
from crawler.browse.cells import cell
from crawler.browse.errors import error_page
from crawler.browse.guard import allowed_hosts, guarded
from crawler.browse.languages import LANGUAGES, lang_attribute, language_of
from crawler.browse.pages.routes import ROUTES, navigation
from crawler.browse.read_only import ReadOnlyFile, reread
from crawler.store.file_access import can_write
from crawler.store.read.browse import FILTER
from crawler.store.search.index import match_expression
from crawler.store.search.query import QueryError, terms
from crawler.text import fold

hookimpl = HookimplMarker("datasette")
_ARTICLES = {"articles": "id", "v_articles": "id"}


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Register the SQL functions fold(text) and fts_query(words), the latter for `articles_fts MATCH`."""
    conn.create_function("fold", 1, lambda text: fold(text) if isinstance(text, str) else text, deterministic=True)
    conn.create_function("fts_query", 1, fts_query, deterministic=True)


def fts_query(words: Any) -> str:
    """Convert words to an FTS5 expression; without words, to one that matches nothing. Prefixes are recognized by their
    form alone: unlike the search page, an SQL function cannot query the index."""
    try:
        return match_expression(terms(str(words or ""), lambda _: 0))
    except QueryError:
        return '""'


@hookimpl
def render_cell(value: Any, column: str, table: str | None) -> Any:
    """Render right-to-left text, and links to articles."""
    return cell(value, column, table)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """The routes of our pages."""
    return ROUTES


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """What the base template of all pages needs, Datasette's included: the language, light or dark, the navigation."""
    language, database = language_of(request), datasette.get_database().name
    return {
        "_": language.text,
        "ngettext": language.texts,
        "number": language.number,
        "share": language.share,
        "language": language,
        "lang_attribute": lang_attribute,
        "languages": LANGUAGES,
        "theme": theme_of(request),
        "with_choice": partial(with_choice, request),
        "navigation": navigation(database),
        "database_name": database,
        "table_metadata": partial(_table_metadata, datasette, database),
    }


def _table_metadata(datasette: Any, database: str, table: str) -> dict[str, Any]:
    found: dict[str, Any] = datasette.table_metadata(database, table)
    return found


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """The page of an error. Datasette's own has neither a language nor the navigation."""
    return error_page(datasette, request, exception)


@hookimpl
def filters_from_request(request: Any, table: str) -> Any:
    """Filter a table of articles by `?_q=words`."""
    words = request.args.get("_q")
    if not words or table not in _ARTICLES:
        return None
    return FilterArguments([FILTER.format(key=_ARTICLES[table])], {"q": words}, [f'text contains "{words}"'])


@hookimpl
def startup(datasette: Any) -> None:
    """Take over the opening of a file that this process cannot write."""
    database = datasette.get_database()
    if not can_write(Path(database.path)):
        datasette.read_only_file = ReadOnlyFile(database)


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Add security headers and refuse requests to foreign host names."""
    hosts = allowed_hosts(os.environ.get("RASID_BROWSE_HOST", "127.0.0.1"))
    file: ReadOnlyFile | None = getattr(datasette, "read_only_file", None)
    return lambda app: guarded(app if file is None else reread(app, file), hosts)
