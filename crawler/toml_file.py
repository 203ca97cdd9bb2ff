"""Files in TOML that people write: read them, and say everything that is wrong with one at once, with its cause."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crawler.text import close_words

_TYPOGRAPHIC = "“”„‟‘’‚‛«»‹›″′＂＇`´"
"""Quotes that word processors write in place of the two of TOML."""

_QUOTE_AT_EDGE = re.compile(rf"[=\[,]\s*[{_TYPOGRAPHIC}]|[{_TYPOGRAPHIC}]\s*(?:[\],]|$)")
_COLON = re.compile(r"""\s*["']?([A-Za-z_][\w-]*)["']?\s*:\s*(\S.*)""")
_ASSIGNMENT = re.compile(r"\s*([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*(?:#.*)?")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'""")
_ESCAPE = re.compile(r"""=\s*\[?\s*"(?:[^"\\]|\\[btnfr"\\uU])*(\\[^btnfr"\\uU])""")
_NOT_VALUE = re.compile(r"""(?!["'\[{+\-\d]|true$|false$|inf$|nan$).+""")
_SWITCHES = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
_SIGNS = {"،": ",", "；": ",", "，": ",", "＝": "="}
"""Signs of other keyboards, and those of TOML."""

_TYPES = {str: "text in quotes", list: "list in square brackets", bool: "true or false", dict: "table"}


class TomlFileError(ValueError):
    """A file that cannot be used. Each line of the message begins with the file's name."""


def read_toml(path: Path, page: str) -> dict[str, Any]:
    """The content of a TOML file in UTF-8, with or without a byte order mark. `page`: where such files are described.
    Raises TomlFileError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TomlFileError(f"{path.name}: cannot be read ({error.strerror}); it must be a UTF-8 text file") from error
    text = _decode(path.name, data)
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (
        ValueError,
        RecursionError,
    ) as error:  # the latter, and a plain ValueError, for integers with 1000s of digits
        causes = list(_causes(text, str(error)))
        reason = "; ".join(causes) or f"{error}; compare it with {page}"
        raise TomlFileError(f"{path.name}: not valid TOML: {reason}") from error


class TomlValues:
    """The values of a file. What is wrong with one is collected: `check` raises all of it."""

    def __init__(self, file_name: str, data: dict[str, Any]) -> None:
        self.data = data
        self._file_name = file_name
        self._problems: list[str] = []

    def fail(self, key: str, value: object, problem: str) -> None:
        """Record that the value of a key cannot be used. Of several problems of one key and value, the first counts."""
        start = f"{self._file_name}: {key} = {value!r}: "
        if not any(known.startswith(start) for known in self._problems):
            self._problems.append(start + problem)

    def check(self) -> None:
        """Raise TomlFileError with everything that was recorded, one problem a line."""
        if self._problems:
            raise TomlFileError("\n".join(self._problems))

    def check_keys(self, data: dict[str, Any], known: Iterable[str], table: str = "") -> None:
        """Record the keys of a table that do not exist, each with the keys that may be meant."""
        names = list(known)
        for key, value in data.items():
            if key not in names:
                close = close_words(key, names)
                hint = f"did you mean {' or '.join(close)}?" if close else f"the keys are {', '.join(names)}"
                self.fail(f"{table}{key}", value, f"unknown key; {hint}")

    def typed(self, key: str, kind: type, default: Any) -> Any:
        """The value of a key if it has this type; else the default."""
        value = self.data.get(key, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            hint = ""
            if kind is list and isinstance(value, str):
                hint = f', like {key} = ["{value}"]'
            elif kind is bool and isinstance(value, str) and value.lower() in _SWITCHES:
                hint = f", without quotes: {key} = {_SWITCHES[value.lower()]}"
            self.fail(key, value, f"must be a {_TYPES[kind]}{hint}")
            return default
        return value

    def text(self, key: str, *, required: str = "") -> str:
        """The text of a key, empty if there is none. `required`: what is said if it is missing."""
        value = str(self.typed(key, str, "")).strip()
        if required and not value:
            self.fail(key, self.data.get(key), required)
        return value

    def number(self, key: str, unit: str, least: float, most: float) -> float | None:
        """The number of a key, None if there is none."""
        if key not in self.data:
            return None
        value = self.data[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.fail(key, value, f"must be a number of {unit} from {least:g} to {most:g}")
            return None
        return float(value)


def _decode(name: str, data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:100]:
        raise TomlFileError(
            f"{name}: cannot be read: it is UTF-16 text, and it must be a UTF-8 text file; save it again with the "
            "encoding UTF-8"
        )
    try:
        return data.decode("utf-8-sig")  # Notepad writes a byte order mark
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TomlFileError(
            f"{name}: cannot be read: line {line} is not UTF-8, and it must be a UTF-8 text file; save it again with "
            "the encoding UTF-8"
        ) from error


def _causes(text: str, error: str) -> Iterator[str]:
    """Likely causes why a text is not TOML, by line."""
    lines = text.splitlines()
    place = re.search(r"at line (\d+)", error)
    failed = int(place[1]) if place else len(lines)  # "at end of document"
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("#"):
            continue
        if cause := _certain_cause(line) or (_likely_cause(line, error) if number == failed else None):
            yield f"line {number}: {cause}"


def _certain_cause(line: str) -> str | None:
    """What TOML never has, wherever it stands."""
    if _QUOTE_AT_EDGE.search(line):
        return "typographic quotes, as word processors write them; write straight ones: \" or '"
    outside = _QUOTED.sub('""', line)
    if colon := _COLON.fullmatch(outside):
        return f"a colon; write {colon[1]} = …"
    for sign in outside:
        if sign in _SIGNS:
            return f"{sign} in place of {_SIGNS[sign]}"
        if unicodedata.category(sign) in ("Cf", "Zs") and sign != " ":
            what = unicodedata.name(sign, "").lower().replace("zero width no-break space", "byte order mark")
            return f"an invisible character, U+{ord(sign):04X} ({what}); delete it"
    return None


def _likely_cause(line: str, error: str) -> str | None:
    """What is probably wrong with the line at which the parser stopped."""
    if "overwrite" in error or "twice" in error:
        return "this key is there twice"
    if escape := _ESCAPE.search(line):
        return f"{escape[1]} in double quotes; put a regular expression in single quotes"
    assignment = _ASSIGNMENT.fullmatch(line)
    if assignment is None:
        return None
    key, value = assignment.groups()
    if _NOT_VALUE.fullmatch(value):
        if value.lower() in _SWITCHES:
            return f"write {key} = {_SWITCHES[value.lower()]}"
        return f'a text needs quotes: {key} = "{value.strip(chr(34))}"'
    if value[:1] in ("'", '"') and value.count(value[0]) % 2:
        return f"the quote {value[0]} is not closed"
    return None
