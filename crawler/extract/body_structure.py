"""The structure of a body, from the roles of its blocks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice

from lxml.html import HtmlElement

from crawler.extract.body import Block
from crawler.structure import Role, structure_of
from crawler.structure.markdown import CELLS
from crawler.structure.roles import CODE, HEAD_ROW, PARAGRAPH, QUOTE, ROW, heading
from crawler.text import clean

_MAX_PREFORMATTED, _MAX_CHARS = 200, 50_000
"""Elements and characters: bounds for hostile pages, whose every quote is looked for in them. Chosen by hand."""


def preformatted_text(tree: HtmlElement) -> str:
    """The texts of the first <pre> of a page, a line each."""
    texts = (clean(str(element.text_content())) for element in islice(tree.iter("pre"), _MAX_PREFORMATTED))
    return "\n".join(texts)[:_MAX_CHARS]


def body_structure(blocks: list[Block], preformatted: str) -> str | None:
    """The structure of a body that consists of these blocks. `preformatted`: the texts of <pre>, which trafilatura
    takes for quotes.

    A container around all of them and a table of one column lay out the page. The highest level of subheadings in the
    body becomes the second, the next the third.
    """
    roles = list(_without_layout_tables(blocks))
    if preformatted:
        roles = [_seen(role, block.text in preformatted) for block, role in zip(blocks, roles, strict=True)]
    while len(roles) > 1 and roles[0].containers and all(r.containers[:1] == roles[0].containers[:1] for r in roles):
        roles = [Role(role.containers[1:], role.form) for role in roles]
    levels = sorted({role.form for role in roles if role.form[0] == "#"}, key=len)
    ranks = {form: heading(2 + rank) for rank, form in enumerate(levels)}
    return structure_of(Role(role.containers, ranks.get(role.form, role.form)) for role in roles)


def _seen(role: Role, is_preformatted: bool) -> Role:
    is_quote = bool(role.containers) and role.containers[-1][0] == QUOTE
    return Role(role.containers[:-1], CODE) if is_quote and is_preformatted else role


def _without_layout_tables(blocks: list[Block]) -> Iterator[Role]:
    for (is_row, _), table in groupby(blocks, lambda block: (block.role.form in (ROW, HEAD_ROW), block.group)):
        rows = list(table)
        is_layout = is_row and not any(CELLS in row.text for row in rows)
        for row in rows:
            yield Role(row.role.containers, PARAGRAPH) if is_layout else row.role
