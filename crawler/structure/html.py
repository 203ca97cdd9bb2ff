"""A body as HTML. It is made from the roles, not from Markdown: every tag is written here, all text is escaped, and no
element has an address, so that no text of a page can become active."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from crawler.structure.markdown import CELLS
from crawler.structure.roles import CODE, HEAD_ROW, NUMBER, QUOTE, ROW, Role, roles_of, shared_containers


def body_html(body: str, structure: str | None) -> str:
    """A body (one paragraph a line) as HTML: <p>, <h2> to <h6>, <ul>, <ol>, <blockquote>, <table>, <pre>. It is safe as
    it is. Each paragraph with a letter has its own direction. No level of headings is left out: the page has the <h1>.
    """
    texts = body.split("\n")
    roles = roles_of(structure, len(texts))
    return "".join(_parts(texts, roles))


def _parts(texts: Sequence[str], roles: Sequence[Role]) -> Iterator[str]:
    before, is_open, level = Role(), "", 1
    for text, role in zip(texts, roles, strict=True):
        goes_on = role.containers == before.containers
        if is_open and not (goes_on and role.form == is_open):
            yield _CLOSING[is_open]
            is_open = ""
        if not goes_on:
            yield from _change(before, role)
        form = ROW if role.form == HEAD_ROW else role.form
        if form in _CLOSING and not is_open:
            yield _OPENING[form]
            is_open = form
        if role.form.startswith("#"):
            level = min(len(role.form), level + 1)
            yield _with_text(f"h{level}", text) + "\n"
        else:
            yield _element(role.form, text)
        before = role
    yield _CLOSING.get(is_open, "")
    yield from _change(before, Role())


# With the keyboard, only what has the focus can be scrolled.
_OPENING = {ROW: '<div class="wide" tabindex="0"><table>', CODE: '<pre tabindex="0"><code>'}
_CLOSING = {ROW: "</table></div>\n", CODE: "</code></pre>\n"}


def _change(before: Role, role: Role) -> Iterator[str]:
    """Close the containers of the paragraph before that have ended, and open those that begin."""
    shared = shared_containers(before, role)
    ended, begun = before.containers[shared:], role.containers[shared:]
    is_same_list = bool(ended and begun) and ended[0][0] == begun[0][0] != QUOTE
    for depth in range(len(ended) - 1, -1, -1):
        kind = ended[depth][0]
        if kind == QUOTE:
            yield "</blockquote>\n"
        else:
            yield "</li>\n" if depth == 0 and is_same_list else f"</li></{_list(kind)}>\n"
    for depth, (kind, _) in enumerate(begun):
        if kind == QUOTE:
            yield "<blockquote>"
        else:
            yield "<li>" if depth == 0 and is_same_list else f"<{_list(kind)}><li>"


def _list(kind: str) -> str:
    return "ol" if kind == NUMBER else "ul"


def _element(form: str, text: str) -> str:
    if form == CODE:
        return escape(text) + "\n"
    if form in (ROW, HEAD_ROW):
        tag, attribute = ("td", "") if form == ROW else ("th", ' scope="col"')
        return "<tr>" + "".join(_with_text(tag, cell, attribute) for cell in text.split(CELLS)) + "</tr>\n"
    return _with_text("p", text) + "\n"


def _with_text(tag: str, text: str, attribute: str = "") -> str:
    """An element with the direction of its first letter. A browser takes digits alone for left to right: they get the
    direction of the element around them."""
    direction = ' dir="auto"' if any(map(str.isalpha, text)) else ""
    return f"<{tag}{attribute}{direction}>{escape(text)}</{tag}>"
