"""Compare what is expected of a page with what is extracted now, field by field, for people."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from crawler.freeze.expected import Expected

_CONTEXT = 40
"""Letters that are shown before and after what differs in a long line. This and the next two were chosen by hand."""

_LONG = 160
"""Letters from which a line is shortened to what differs in it."""

_UNCHANGED = 60
"""Letters that are shown of an unchanged line."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs. Each list has the lines of the value; an empty one means that there is no value."""

    field: str
    expected: list[str]
    actual: list[str]


def differences(expected: Expected, actual: Expected) -> list[Difference]:
    """The fields that differ, in the order of the files. A field that is not there has no value."""
    names = dict.fromkeys([*expected, *actual])
    changed = [name for name in names if expected.get(name) != actual.get(name)]
    found = [Difference(name, _lines(expected.get(name)), _lines(actual.get(name))) for name in changed]
    return [each for each in found if each.expected != each.actual]  # an empty list is not a value either


def difference_lines(difference: Difference, show: Callable[[str], str] = str) -> Iterator[str]:
    """A difference as a diff: `-` what is expected, `+` what is extracted now, one unchanged line around them. `show`
    prepares a text that stands beside others, as for a terminal that reorders right-to-left text."""
    old, new = difference.expected, difference.actual
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(1)):
        if number:
            yield "  …"
        for kind, a, b, c, d in group:
            if kind == "equal":
                yield from (f"  {show(_beginning(line))}" for line in old[a:b])
            else:
                before, after = _distinguished(old[a:b], new[c:d])
                yield from (f"- {show(line)}" for line in before)
                yield from (f"+ {show(line)}" for line in after)


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, dict):
        return [f"{name}: {_text(each)}" for name, each in value.items()]
    return [_text(each) for each in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _beginning(line: str) -> str:
    return line if len(line) <= _UNCHANGED else line[: _UNCHANGED - 1] + "…"


def _distinguished(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Changed lines as they are shown. Lines that correspond to each other are shortened to what differs, and what
    cannot be seen in them is made visible if it is all that differs."""
    if len(old) != len(new):
        return old, new
    pairs = [_pair(before, after) for before, after in zip(old, new, strict=True)]
    return [before for before, _ in pairs], [after for _, after in pairs]


def _pair(before: str, after: str) -> tuple[str, str]:
    if _visible(before) == _visible(after):
        before, after = _escaped(before), _escaped(after)
    begin = _common(before, after)
    end = _common(before[begin:][::-1], after[begin:][::-1])
    return _shortened(before, begin, end), _shortened(after, begin, end)


def _common(one: str, other: str) -> int:
    """Number of letters with which both begin."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _shortened(line: str, begin: int, end: int) -> str:
    """A line without most of its first `begin` and last `end` letters, which are those of its counterpart; whole words
    are left."""
    if len(line) <= _LONG:
        return line
    start, stop = 0, len(line)
    if begin > _CONTEXT:
        start = line.rfind(" ", 0, begin - _CONTEXT) + 1
    if end > _CONTEXT:
        found = line.find(" ", len(line) - end + _CONTEXT)
        stop = found if found >= 0 else len(line)
    return ("… " if start else "") + line[start:stop] + (" …" if stop < len(line) else "")


def _is_invisible(letter: str) -> bool:
    return letter != " " and unicodedata.category(letter) in ("Cf", "Cc", "Zs", "Zl", "Zp")


def _visible(text: str) -> str:
    """What is seen of a text: all spaces look the same, formatting characters have no width."""
    spaces = "".join(" " if unicodedata.category(letter)[0] == "Z" else letter for letter in text)
    return "".join(letter for letter in spaces if not _is_invisible(letter))


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" if _is_invisible(letter) else letter for letter in text)
