"""The role of a block of a body, from the elements that it is in."""

from __future__ import annotations

from typing import Any, NamedTuple

from crawler.structure import Role
from crawler.structure.roles import BULLET, CODE, HEAD_ROW, MAX_DEPTH, NUMBER, QUOTE, ROW, heading

# Names of HTML and of trafilatura, whose <head> has the name of the heading in `rend`.
_LISTS = {"ul": BULLET, "ol": NUMBER, "list": BULLET, "dl": BULLET}
_ITEMS = ("li", "dt", "dd", "item")
_QUOTES = ("blockquote", "quote")
_PREFORMATTED = ("pre", "code")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NO_QUOTE_IN = ("p", "head", "ref", "hi")
"""trafilatura makes a quote of a <q> too, which is part of a sentence."""


class Nesting(NamedTuple):
    """Where in the elements of a body the reading of it is."""

    role: Role = Role()
    list_kind: str = BULLET

    def within(self, element: Any) -> Nesting:
        """The nesting inside of an element."""
        tag = element.tag
        if tag in _ITEMS:
            return self._in_container(self.list_kind)
        if tag in _LISTS:
            return Nesting(self.role, NUMBER if element.get("rend") == "ol" else _LISTS[tag])
        if tag in _QUOTES:
            parent = element.getparent()
            return self if parent is not None and parent.tag in _NO_QUOTE_IN else self._in_container(QUOTE)
        if tag == "head" or tag in _HEADINGS:
            level = _HEADINGS.get(element.get("rend") if tag == "head" else tag, 2)
            return Nesting(Role(self.role.containers, heading(level)), self.list_kind)
        return self if tag not in _PREFORMATTED else Nesting(Role(self.role.containers, CODE), self.list_kind)

    def _in_container(self, kind: str) -> Nesting:
        containers = self.role.containers
        return self if len(containers) == MAX_DEPTH else Nesting(Role((*containers, (kind, object()))), self.list_kind)


def role_of_row(row: Any) -> Role:
    """The role of a row of a table, from its cells."""
    is_head = all(cell.tag == "th" or cell.get("role") == "head" for cell in row)
    return Role((), HEAD_ROW if is_head else ROW)
