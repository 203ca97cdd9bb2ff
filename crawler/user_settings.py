"""The settings of a home: `settings.toml`, and `settings_local.py` for what TOML cannot say."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import Any

from crawler.home import Home, HomeError, absolute, docs_page
from crawler.toml_file import TomlFileError, read_toml

NO_COMPONENT = "None"
"""How a table of settings.toml removes one of our components: TOML has no None."""


def make_importable(home: Home) -> None:
    """Add the folder of a home to Python's path, behind everything else: for its pipelines, spiders and so on."""
    folder = str(home.folder)
    if folder not in sys.path:
        sys.path.append(folder)


def read_settings(home: Home) -> dict[str, Any]:
    """What `settings.toml` and `settings_local.py` of a home set. Of two values the latter counts, and two tables are
    added. Relative paths of NEWS_SITES and NEWS_DB start at the home. Raises HomeError if a file cannot be used."""
    values = merged(read_settings_file(home), local_settings(home.settings_module))
    for name in ("NEWS_SITES", "NEWS_DB"):
        if isinstance(values.get(name), str):
            values[name] = str(absolute(home.folder / Path(values[name]).expanduser()))
    return values


def read_settings_file(home: Home) -> dict[str, Any]:
    """What `settings.toml` of a home contains; empty if there is none. Raises HomeError."""
    if not home.settings_file.exists():
        return {}
    try:
        values = read_toml(home.settings_file, docs_page("settings"))
    except TomlFileError as error:
        raise HomeError(f"{home.folder}/{error}") from error
    return {name: with_none(value) if isinstance(value, dict) else value for name, value in values.items()}


@cache
def local_settings(path: Path) -> dict[str, Any]:
    """The names in capital letters of a `settings_local.py`; empty if there is none. It is run once in a process.
    Raises HomeError, whatever its code raises."""
    if not path.exists():
        return {}
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
        where = f"{path}, line {line}" if line else str(path)
        reason = error.msg if isinstance(error, SyntaxError) else " ".join(str(error).split())
        raise HomeError(f"{where}: {type(error).__name__}: {reason}") from error
    return {name: value for name, value in vars(module).items() if name.isupper()}


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Settings with others that take precedence. Two tables of the same name are added."""
    both = {
        name: {**first[name], **value}
        for name, value in second.items()
        if isinstance(value, dict) and isinstance(first.get(name), dict)
    }
    return {**first, **second, **both}


def with_none(table: dict[str, Any]) -> dict[str, Any]:
    """A table of components with None for "None"."""
    return {name: None if value == NO_COMPONENT else value for name, value in table.items()}


def parts_of(value: object) -> list[str]:
    """The parts of a setting that is a list, as in a file, or a text with spaces or commas between them."""
    return [str(part) for part in value] if isinstance(value, list | tuple) else str(value).replace(",", " ").split()
