"""The structure of a body: its text, Markdown and HTML. markdown-it reads the Markdown as any reader would."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from crawler.structure import Role, body_html, body_markdown, roles_of, structure_of, structure_of_part
from crawler.structure.markdown import CELLS
from crawler.structure.roles import CODE, HEAD_ROW, PARAGRAPH, ROW
from crawler.text import clean
from tests.hostile import STRUCTURES, TEXTS

_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_WITH_HTML = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_FORMS = (PARAGRAPH, PARAGRAPH, PARAGRAPH, "##", "###", "######", HEAD_ROW, ROW, ROW, CODE)

# Texts of what Markdown reads as markup, of letters of three scripts, and of anything.
_MARKUP = st.text(alphabet="\\`*_{}[]()<>#+-.!|~&;:=1289\"'/ \u200cabé سلام漢\n\t", min_size=1, max_size=24)
_PIECES = st.lists(
    st.sampled_from(
        ["- ", "1. ", "12) ", "# ", "###### ", "> ", "---", "***", "___", "===", "```", "~~~", "[a]: /b", "![x](y)",
         "<b>", "</p>", "<!-- x", "<?", "<http://a.example>", "&amp;", "&#60;", "&copy", "**a**", "_a_", "a_b_c",
         " | ", "|", "\\", "\\|", ":--", "[ ] ", "a", "~~a~~", "سلام", " ", "#", "١. "]
    ), min_size=1, max_size=6,
).map("".join)  # fmt: skip
_TEXTS = st.one_of(_MARKUP, _PIECES, st.text(min_size=1, max_size=20)).map(clean).filter(bool)
_TOKENS = st.tuples(st.text(alphabet=">-.++", max_size=4), st.sampled_from(_FORMS)).map("".join)
_STRUCTURED = st.lists(st.tuples(_TEXTS, _TOKENS), min_size=1, max_size=8).map(
    lambda pairs: ("\n".join(text for text, _ in pairs), " ".join(token for _, token in pairs))
)


@given(_STRUCTURED)
def test_without_its_markup_the_markdown_is_the_plain_body(given: tuple[str, str]) -> None:
    body, structure = given
    assert "\n".join(text for text, _ in _read(body_markdown(body, structure))) == body


@given(_STRUCTURED)
def test_a_reader_of_markdown_finds_the_same_structure(given: tuple[str, str]) -> None:
    body, structure = given
    roles = roles_of(structure, body.count("\n") + 1)
    found = [role for _, role in _read(body_markdown(body, structure))]
    assert structure_of(map(_without_head, found)) == structure_of(map(_without_head, roles))


@given(_STRUCTURED)
def test_the_html_has_the_text_and_the_structure_and_no_tag_of_the_text(given: tuple[str, str]) -> None:
    body, structure = given
    reader = _HtmlReader()
    reader.feed(body_html(body, structure))
    reader.close()
    roles = roles_of(structure, body.count("\n") + 1)
    assert "\n".join(text for text, _ in reader.found) == body
    assert structure_of(_shown_level(role for _, role in reader.found)) == structure_of(_shown_level(roles))
    assert not reader.open


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("text", TEXTS)
def test_a_hostile_text_is_text_in_html_and_in_markdown(text: str, structure: str) -> None:
    body = "\n".join([text, text, text])
    reader = _HtmlReader()
    for html in (body_html(body, structure), _WITH_HTML.render(body_markdown(body, structure))):
        assert not re.search(r"<(?!/?(?:p|h2|ul|ol|li|blockquote|div|table|thead|tbody|tr|th|td|pre|code)\b)", html)
        assert not re.search(r"<[^>]*\b(?:href|src|on\w+|style)\s*=", html)
    reader.feed(body_html(body, structure))
    assert "\n".join(found for found, _ in reader.found) == body


def _shown_level(roles: Iterable[Role]) -> Iterator[Role]:
    """With the levels of headings that a page shows: none is left out."""
    level = 1
    for role in roles:
        if role.form.startswith("#"):
            level = min(len(role.form), level + 1)
            role = role._replace(form="#" * level)
        yield role


@given(_STRUCTURED)
def test_the_text_of_a_structure_gives_the_same_roles_again(given: tuple[str, str]) -> None:
    body, structure = given
    stored = structure_of(roles_of(structure, body.count("\n") + 1))
    assert structure_of(roles_of(stored, body.count("\n") + 1)) == stored
    assert body_markdown(body, stored) == body_markdown(body, structure)


@given(_STRUCTURED, st.data())
def test_a_part_of_a_body_keeps_the_roles_of_its_paragraphs(given: tuple[str, str], data: st.DataObject) -> None:
    body, structure = given
    whole = [f"{number} {text}" for number, text in enumerate(body.split("\n"))]
    kept = data.draw(st.lists(st.booleans(), min_size=len(whole), max_size=len(whole)))
    part = list(compress(whole, kept))
    own = structure_of_part(structure, whole, part)
    forms = [role.form for role in compress(roles_of(structure, len(whole)), kept)]
    depths = [len(role.containers) for role in compress(roles_of(structure, len(whole)), kept)]
    assert [(role.form, len(role.containers)) for role in roles_of(own, len(part))] == list(
        zip(forms, depths, strict=True)
    )


@pytest.mark.parametrize(
    ("structure", "markdown"),
    [
        (None, "one\n\ntwo\n\nthree\n\nfour"),
        ("p ## p2", "one\n\n## two\n\nthree\n\nfour"),
        (">p +p >p p", "> one\n>\n> two\n\n> three\n\nfour"),
        (".p +-p +p .p", "1. one\n   - two\n\n   three\n2. four"),
        ("p -p2 .p", "one\n\n- two\n- three\n\n1. four"),
        ("^ |2 p", "| one |\n| --- |\n| two |\n| three |\n\nfour"),
        ("|3 p", "|  |\n| --- |\n| one |\n| two |\n| three |\n\nfour"),
        ("`2 p2", "```\none\ntwo\n```\n\nthree\n\nfour"),
    ],
)
def test_the_markdown_is_as_people_write_it(structure: str | None, markdown: str) -> None:
    assert body_markdown("one\ntwo\nthree\nfour", structure) == markdown


@pytest.mark.parametrize("structure", ["p", "p9", "x4", "p4 p", "-", "p99999999999", "", "##p 3", "p4\x00"])
def test_a_structure_of_another_body_or_of_nobody_makes_all_paragraphs_plain(structure: str) -> None:
    assert body_markdown("one\ntwo\nthree\nfour", structure) == "one\n\ntwo\n\nthree\n\nfour"
    assert body_html("one\ntwo\nthree\nfour", structure).count("<p ") == 4


def test_only_a_number_at_the_start_is_escaped() -> None:
    assert body_markdown("12 of them came in 2024. Nobody (of 7) left.", None).count("\\") == 0
    assert body_markdown("2024. Nobody left.", None) == "2024\\. Nobody left."


@pytest.mark.parametrize(
    "text",
    [
        "#" * 99_999 + "x",
        "_" * 99_999 + "x",
        "a" + "_" * 99_999 + "x",
        "-" * 99_999 + "x",
        "&" * 99_999,
        "1" * 99_999,
        "`" * 99_999,
        " |" * 99_999 + " x",
        "> " * 50_000 + "x",
    ],
)
@pytest.mark.parametrize("structure", ["p", "##", "|", "`", ">>>p"])
def test_a_long_hostile_line_takes_no_time(text: str, structure: str) -> None:
    started = time.process_time()
    body_markdown(text, structure)
    body_html(text, structure)
    assert time.process_time() - started < 1.5


def test_the_fence_of_code_is_longer_than_the_fences_in_it() -> None:
    assert body_markdown("one\n````\ntwo", "`3") == "`````\none\n````\ntwo\n`````"


def test_a_body_of_plain_paragraphs_has_no_structure() -> None:
    assert structure_of([Role(), Role()]) is None
    assert structure_of([]) is None


def test_containers_below_the_sixth_are_left_out() -> None:
    deep = Role(tuple((">", depth) for depth in range(1000)))
    assert structure_of([deep]) == ">>>>>>p"
    assert body_html("deep", ">" * 1000 + "p").count("<blockquote>") == 6


def test_no_level_of_headings_is_left_out_in_html() -> None:
    assert re.findall(r"<h(\d)", body_html("a\nb\nc\nd", "#### ## #### ##")) == ["2", "2", "3", "2"]


def test_figures_have_the_direction_of_the_table_and_words_their_own() -> None:
    assert "<tr><td>١٩٠١ – ١٩٥٠</td>" in body_html("السنة | المكان\n١٩٠١ – ١٩٥٠ | المعبر", "^ |")
    assert '<th scope="col" dir="auto">السنة</th>' in body_html("السنة | المكان\n١٩٠١ | المعبر", "^ |")


def test_an_address_and_an_arabic_sentence_stay_readable_in_markdown() -> None:
    for text in ("https://news.example/a_b?x=1&y=2", "قال الوزير: «لن نتراجع»، بنسبة 5%.", "Q&A at 10.30 - AT&T"):
        assert body_markdown(text, None) == text


def _without_head(role: Role) -> Role:
    """A head row in the middle of a table begins another table: Markdown has no other way to write it."""
    return role._replace(form=ROW) if role.form == HEAD_ROW else role


def _read(markdown: str) -> Iterator[tuple[str, Role]]:
    """The texts that markdown-it reads, each with its role. Fails if a text has become markup."""
    containers: list[tuple[str, int]] = []
    form, cells, in_head = PARAGRAPH, list[str](), False
    for number, token in enumerate(_READER.parse(markdown)):
        if token.type in ("blockquote_open", "list_item_open"):
            is_numbered = token.type == "list_item_open" and token.markup == "."
            containers.append((">" if token.type == "blockquote_open" else "." if is_numbered else "-", number))
        elif token.type in ("blockquote_close", "list_item_close"):
            containers.pop()
        elif token.type == "heading_open":
            form = token.markup
        elif token.type in ("heading_close", "paragraph_close"):
            form = PARAGRAPH
        elif token.type in ("thead_open", "tbody_open"):
            in_head = token.type == "thead_open"
        elif token.type == "tr_open":
            form, cells = HEAD_ROW if in_head else ROW, []
        elif token.type == "tr_close":
            if any(cells):
                last = max(number for number, cell in enumerate(cells, 1) if cell)  # the others fill the row
                yield CELLS.join(cells[:last]), Role(tuple(containers), form)
            form = PARAGRAPH
        elif token.type == "inline" and form in (ROW, HEAD_ROW):
            cells.append(_text(token))
        elif token.type == "inline":
            yield _text(token), Role(tuple(containers), form)
        elif token.type == "fence":
            for line in token.content.removesuffix("\n").split("\n"):
                yield line, Role(tuple(containers), CODE)
        else:
            assert token.type in _WITHOUT_TEXT, token.type


class _HtmlReader(HTMLParser):
    """Reads what body_html writes, and fails at any tag or attribute that it does not write."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, Role]] = []
        self.open: list[tuple[str, int]] = []
        self._cells: list[str] | None = None
        self._number = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _TAGS, tag
        assert {name: value for name, value in attrs if value != "auto"} == _ATTRIBUTES.get(tag, {}), attrs
        self._number += 1
        self.open.append((tag, self._number))
        if tag == "tr":
            self._cells = []
        elif self._cells is not None:
            self._cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag
        if tag in ("td", "th"):
            self._form = HEAD_ROW if tag == "th" else ROW
        elif tag == "tr":
            assert self._cells is not None
            self.found.append((CELLS.join(self._cells), Role(self._containers(), self._form)))
            self._cells = None

    def handle_data(self, data: str) -> None:
        tag = self.open[-1][0] if self.open else ""
        if self._cells is not None:
            self._cells[-1] += data
        elif tag == "p" or tag in _HEADINGS:
            self.found.append((data, Role(self._containers(), _HEADINGS.get(tag, PARAGRAPH))))
        elif tag == "code":
            for line in data.removesuffix("\n").split("\n"):
                self.found.append((line, Role(self._containers(), CODE)))
        else:
            assert data == "\n", data

    def _containers(self) -> tuple[tuple[str, int], ...]:
        lists = [tag for tag, _ in self.open if tag in ("ul", "ol")]
        kinds = {"ul": "-", "ol": "."}
        return tuple(
            (">" if tag == "blockquote" else kinds[lists.pop(0)], number)
            for tag, number in self.open
            if tag in ("blockquote", "li")
        )


_HEADINGS = {f"h{level}": "#" * level for level in range(2, 7)}
_ATTRIBUTES = {"div": {"class": "wide", "tabindex": "0"}, "pre": {"tabindex": "0"}, "th": {"scope": "col"}}
_TAGS = {"div", "p", "ul", "ol", "li", "blockquote", "table", "tr", "th", "td", "pre", "code", *_HEADINGS}
_WITHOUT_TEXT = {
    f"{name}_{end}"
    for name in ("bullet_list", "ordered_list", "paragraph", "table", "th", "td")
    for end in ("open", "close")
} | {"thead_close", "tbody_close"}


def _text(token: Token) -> str:
    children = token.children or []
    assert {child.type for child in children} <= {"text", "text_special"}, children
    return "".join(child.content for child in children)
