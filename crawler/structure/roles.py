"""The roles of a body's paragraphs, and the short text in which they are stored.

The text has one token a paragraph, with a number after a token that is repeated: `p3 ## p2 >p +p -p4`. A token begins
with the containers of the paragraph, the outermost first: `>` begins a quote, `-` an item of a bullet list, `.` an
item of a numbered list, `+` goes on with the container of the paragraph before. Its form follows: `p` is a paragraph,
`##` to `######` a subheading, `^` the head row of a table, `|` another row, and a backtick a line of code.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

QUOTE, BULLET, NUMBER = ">", "-", "."
PARAGRAPH, HEAD_ROW, ROW, CODE = "p", "^", "|", "`"
_SAME = "+"
_TOKEN = re.compile(r"([>\-.+]*)(p|#{2,6}|\^|\||`)(\d{0,9})")

MAX_DEPTH = 6
"""Containers of a paragraph that are kept, from the outermost. Chosen by hand: deeper ones are of hostile pages."""


class Role(NamedTuple):
    """What a paragraph is in its body."""

    containers: tuple[tuple[str, Hashable], ...] = ()
    """The quotes and list items that it is in, the outermost first: kind (`>`, `-`, `.`) and something that is equal
    for the paragraphs of one quote or item."""

    form: str = PARAGRAPH


def heading(level: int) -> str:
    """The form of a subheading. Level 1 is that of the title."""
    return "#" * min(max(level, 2), 6)


def structure_of(roles: Iterable[Role]) -> str | None:
    """The text for these roles; None if all are plain paragraphs."""
    tokens = " ".join(
        token if (count := sum(1 for _ in same)) == 1 else f"{token}{count}" for token, same in groupby(_tokens(roles))
    )
    return tokens if tokens.strip("p0123456789") else None


def roles_of(structure: str | None, count: int) -> list[Role]:
    """The roles of `count` paragraphs. All are plain if the text is not valid or has another number of paragraphs:
    something other than the extraction has changed the body."""
    roles = [] if structure is None else list(_parsed(structure, count))
    return roles if len(roles) == count else [Role()] * count


def structure_of_part(structure: str | None, whole: Sequence[str], part: Sequence[str]) -> str | None:
    """The structure of a body that has only some paragraphs of the whole, in the same order."""
    if structure is None:
        return None
    roles: list[Role] = []
    for text, role in zip(whole, roles_of(structure, len(whole)), strict=True):
        if len(roles) < len(part) and part[len(roles)] == text:
            roles.append(role)
    return structure_of(roles) if len(roles) == len(part) else None


def shared_containers(one: Role, other: Role) -> int:
    """How many containers two paragraphs that follow each other have in common."""
    count = 0
    for mine, yours in zip(one.containers, other.containers, strict=False):
        if mine != yours:
            break
        count += 1
    return count


def _tokens(roles: Iterable[Role]) -> Iterator[str]:
    before = Role()
    for role in roles:
        if len(role.containers) > MAX_DEPTH:
            role = Role(role.containers[:MAX_DEPTH], role.form)
        if role.containers:
            shared = shared_containers(before, role)
            yield _SAME * shared + "".join(kind for kind, _ in role.containers[shared:]) + role.form
        else:
            yield role.form
        before = role


def _parsed(structure: str, count: int) -> Iterator[Role]:
    """The roles up to the first token that is not valid, or to more than `count`."""
    containers: tuple[tuple[str, Hashable], ...] = ()
    number = 0
    for token in structure.split():
        match = _TOKEN.fullmatch(token)
        if match is None:
            return
        kinds, form = match[1][:MAX_DEPTH], match[2]
        for _ in range(min(int(match[3] or 1), count + 1 - number)):
            shared = min(len(kinds) - len(kinds.lstrip(_SAME)), len(containers))
            own = ((kind, (number, depth)) for depth, kind in enumerate(kinds[shared:]) if kind != _SAME)
            containers = (*containers[:shared], *own)
            number += 1
            yield Role(containers, form)
