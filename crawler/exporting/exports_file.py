"""The file of the named exports, `exports.toml` in the home: read it, add an export, remove one."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.export.staging import staged_file
from crawler.exporting.named import NamedExport, read_export
from crawler.home import docs_page
from crawler.toml_file import TomlFileError, read_toml

_HEADER = """\
# Exports that the schedule writes, one table each. `rasid every` adds one, `rasid exports` lists them, and you may edit
# them here: `rasid docs export` describes every key.
"""


def read_exports(path: Path) -> tuple[dict[str, NamedExport], list[str]]:
    """The exports by name, and what is wrong with the others: a broken one does not stop the rest."""
    exports: dict[str, NamedExport] = {}
    problems: list[str] = []
    if not path.exists():
        return exports, problems
    try:
        tables = read_toml(path, docs_page("export"))
    except TomlFileError as error:
        return exports, str(error).splitlines()
    for name, data in tables.items():
        try:
            exports[name] = read_export(name, data, path.name, path.parent)
        except TomlFileError as error:
            problems += str(error).splitlines()
    return exports, problems


def add_export(path: Path, name: str, values: Mapping[str, Any]) -> NamedExport:
    """Write an export to the end of the file, in place of one with the same name; everything else in the file stays.
    Raises TomlFileError, and ExportError if the file cannot be written."""
    export = read_export(name, dict(values), path.name, path.parent)
    text, tables = _content(path)
    if name in tables:
        text = _without(path, text, name)
    lines = [f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in values.items())]
    _write(path, text.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n")
    return export


def remove_export(path: Path, name: str) -> None:
    """Remove the table of an export from the file; comments stay. Raises TomlFileError and ExportError as above."""
    text, _ = _content(path)
    _write(path, _without(path, text, name))


def _content(path: Path) -> tuple[str, dict[str, Any]]:
    """The text of the file and its tables. Raises TomlFileError."""
    if not path.exists():
        return _HEADER, {}
    tables = read_toml(path, docs_page("export"))
    return path.read_text("utf-8-sig"), tables


def _without(path: Path, text: str, name: str) -> str:
    """The text without the table of an export. Comments behind its last key are of what follows. Raises TomlFileError
    if the table is written in a form that cannot be found, like inside another one."""
    lines = text.splitlines(keepends=True)
    header = re.compile(rf"""\s*\[\s*["']?{re.escape(name)}["']?\s*\]\s*(?:#.*)?""")
    start = next((number for number, line in enumerate(lines) if header.fullmatch(line.rstrip("\r\n"))), len(lines))
    end = next(
        (number for number in range(start + 1, len(lines)) if lines[number].lstrip().startswith("[")), len(lines)
    )
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    rest = "".join(lines[:start] + lines[end:])
    expected = {key: value for key, value in tomllib.loads(text).items() if key != name}
    try:
        if tomllib.loads(rest) == expected:
            return rest
    except tomllib.TOMLDecodeError:
        pass
    raise TomlFileError(f"{path.name}: the table of {name} is not a block of its own; remove it by hand")


def _toml(value: Any) -> str:
    """A text, a list of texts or a boolean in TOML, whose strings have the escapes of JSON."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(path: Path, text: str) -> None:
    with staged_file(path) as part:
        part.write_text(text, "utf-8")
