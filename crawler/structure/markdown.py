"""A body as Markdown: CommonMark, with the tables of GitHub Flavored Markdown.

The markup is all that is added: without it, and without the blank lines, the text is the plain body. Characters of the
text that Markdown would read as markup are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler.structure.roles import (
    CODE,
    HEAD_ROW,
    NUMBER,
    PARAGRAPH,
    QUOTE,
    ROW,
    Role,
    roles_of,
    shared_containers,
)

CELLS = " | "
"""What is between two cells in a row of the plain body."""

# A line of underscores inside a word is not markup, `<` only before what can begin a tag, `&` only in an entity.
_INLINE = re.compile(r"[\\`*\[~]|(?<![^\W_])_+|_+(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,40};)")
_MAYBE_INLINE = re.compile(r"[\\`*\[~_<&]")
"""A first character of what the expression above finds: most lines have none, and this is ten times as fast."""

_AT_START = re.compile(r"#{1,6}(?!\S)|>|[-+](?!\S)|-(?=[-\s]*$)")
_NUMBER_AT_START = re.compile(r"^(\d{1,9})([.)])(?!\S)")
_BACKTICKS = re.compile(r"`+")


def body_markdown(body: str, structure: str | None) -> str:
    """A body (one paragraph a line) as Markdown, without a line break at the end."""
    texts = body.split("\n")
    if structure is None:
        return "\n\n".join(_paragraph(text) for text in texts if text)
    roles = roles_of(structure, len(texts))
    lines: list[str] = []
    before: Role | None = None
    counters: list[int] = []
    for role, group in _blocks(texts, roles):
        if not any(group):
            continue
        if not role.containers:  # most blocks
            lines += [""] * bool(before)
            lines += _block_lines(role.form, group)
            before = role
            continue
        shared = shared_containers(before, role) if before else 0
        _count(counters, before, role, shared)
        if before and not _is_tight(before, role, shared):
            lines.append(_prefix(role.containers[:shared], counters).rstrip())
        first = _prefix(role.containers[:shared], counters) + _opening(role, counters, shared)
        rest = _prefix(role.containers, counters)
        lines += ((rest if number else first) + line for number, line in enumerate(_block_lines(role.form, group)))
        before = role
    return "\n".join(lines)


def _blocks(texts: Sequence[str], roles: Sequence[Role]) -> Iterator[tuple[Role, list[str]]]:
    """Each block with its paragraphs: the rows of a table and the lines of code belong together."""
    group: list[str] = []
    first: Role | None = None
    for text, role in zip(texts, roles, strict=True):
        if first is not None and role.containers == first.containers and (first.form, role.form) in _JOINED:
            group.append(text)
            continue
        if first is not None:
            yield first, group
        first, group = role, [text]
    if first is not None:
        yield first, group


_JOINED = ((ROW, ROW), (HEAD_ROW, ROW), (CODE, CODE))


def _count(counters: list[int], before: Role | None, role: Role, shared: int) -> None:
    """Keep the number of the current item at each depth. A list goes on if the paragraph before is in an item of the
    same kind at the same depth."""
    depth = len(role.containers)
    goes_on = (
        before is not None
        and shared < min(depth, len(before.containers))
        and (before.containers[shared][0] == role.containers[shared][0])
    )
    last = counters[shared] if goes_on else 0
    counters[shared:] = [1] * (depth - shared)
    if depth > shared:
        counters[shared] = last + 1


def _is_tight(before: Role, role: Role, shared: int) -> bool:
    """Whether no blank line is between two blocks: an item after an item of its list, or after the text above it."""
    opened = role.containers[shared:]
    if not opened or before.form != PARAGRAPH or role.form != PARAGRAPH or any(kind == QUOTE for kind, _ in opened):
        return False
    if len(before.containers) > shared:
        return before.containers[shared][0] == opened[0][0]
    return 0 < shared == len(before.containers) and before.containers[-1][0] != QUOTE


def _prefix(containers: Sequence[tuple[str, object]], counters: Sequence[int]) -> str:
    """What a line that goes on with these containers begins with."""
    return "".join(
        "> " if kind == QUOTE else " " * len(_marker(kind, number))
        for (kind, _), number in zip(containers, counters, strict=False)
    )


def _opening(role: Role, counters: Sequence[int], shared: int) -> str:
    return "".join(
        _marker(kind, number) for (kind, _), number in zip(role.containers[shared:], counters[shared:], strict=True)
    )


def _marker(kind: str, number: int) -> str:
    return f"{number}. " if kind == NUMBER else f"{kind} "


def _block_lines(form: str, texts: list[str]) -> Iterator[str]:
    if form == PARAGRAPH:
        yield _paragraph(texts[0])
    elif form == CODE:
        longest = max((len(run) for text in texts for run in _BACKTICKS.findall(text)), default=0)
        fence = "`" * max(3, longest + 1)
        yield from (fence, *texts, fence)
    elif form in (ROW, HEAD_ROW):
        yield from _table(form, texts)
    else:
        text = _escaped(texts[0])
        end = len(text.rstrip("#"))  # `#` at the end would close the heading
        yield f"{form} {text}" if end == len(text) else f"{form} {text[:end]}\\{text[end:]}"


def _table(form: str, texts: list[str]) -> Iterator[str]:
    """The lines of a table. Without a head row, its head is empty: Markdown has no table without one."""
    rows = [text.split(CELLS) for text in texts]
    width = max(map(len, rows))
    head, rows = (rows[0], rows[1:]) if form == HEAD_ROW else ([], rows)
    yield _row([*head, *[""] * (width - len(head))])
    yield _row(["---"] * width)
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_escaped(cell).replace("|", "\\|") for cell in cells) + " |"


def _paragraph(text: str) -> str:
    text = _escaped(text)
    if text[0] in "#>-+" and _AT_START.match(text):
        return "\\" + text
    return _NUMBER_AT_START.sub(r"\1\\\2", text) if text[0].isdigit() else text


def _escaped(text: str) -> str:
    if not _MAYBE_INLINE.search(text):
        return text
    return _INLINE.sub(lambda found: "".join(f"\\{letter}" for letter in found[0]), text)
