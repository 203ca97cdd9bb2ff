"""What trafilatura's XPath expressions say of elements by their class, id and few other attributes.

The expressions ask up to forty regular expressions about each element. A page has a third as many names as elements,
and the pages of a site share them, so each name is asked once and its answers are remembered as the bits of a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from lxml.html import HtmlElement

from crawler.extract.reader.private import _COOKIE_CONSENT_RE, xpaths
from crawler.text import word_set

FRAME_TAGS = ("article", "div", "main", "section")
SECTION_TAGS = word_set("div item list p section span")
"""The elements that most expressions for unwanted sections are about."""

_APPENDED_TAGS = word_set("div section aside")
_COMMENT_TAGS = word_set("div list section details")
_COMMENT_LISTS = word_set("ol ul")
CUT_FIRST_TAGS = tuple(_APPENDED_TAGS | _COMMENT_TAGS | _COMMENT_LISTS)

_NAMES = 20_000
"""Names whose answers are remembered: some hundred templates' worth. Chosen by hand."""

# The answers for a name. The frames are the five kinds of containers of an article, best first.
_FRAME_1, _FRAME_3, _FRAME_4, _FRAME_5 = 1, 2, 4, 8
_SECTION, _COOKIE, _ANYWHERE, _REPLY, _TEASER, _CAPTION = 16, 32, 64, 128, 256, 512
_APPENDED, _POST_ADDED, _SHARE, _COMMENT, _COMMENT_SCRIPT = 1024, 2048, 4096, 8192, 16384
_CONSENT, _FOOTER = 32768, 65536


def _any_of(*groups: tuple[str, ...]) -> Callable[[str], object]:
    return re.compile("|".join(token for group in groups for token in group)).search


_Tests = tuple[tuple[int, Callable[[str], object]], ...]
_Asked = Callable[[str | None], int]


def _remembered(*tests: _Tests) -> _Asked:
    """A function that returns the answers for a name. It is called once for each name of some hundred pages."""
    asked = tuple(test for group in tests for test in group)

    @lru_cache(maxsize=_NAMES)
    def answers(name: str | None) -> int:
        found = 0
        for answer, test in asked if name else ():
            if not found & answer and test(name or ""):
                found |= answer
        return found

    return answers


_FRAME_OF_BOTH: _Tests = (
    (_FRAME_4, lambda name: name == "content"),
    (_FRAME_4, lambda name: "main-content" in name.replace("C", "c").replace("M", "m")),
    (_FRAME_5, lambda name: name.startswith("main")),
)
_frame_of_class = _remembered(
    (
        (_FRAME_1, lambda name: name in ("post", "entry")),
        (_FRAME_1, _any_of(xpaths._ARTICLE_CONTENT_CLASS_TOKENS)),
        (_FRAME_3, lambda name: name in ("postarea", "art-postcontent", "text", "cell", "story")),
        (_FRAME_3, re.compile("fulltext", re.IGNORECASE).search),
        (_FRAME_3, _any_of(xpaths._STORY_CLASS_TOKENS)),
        (_FRAME_4, _any_of(xpaths._MAIN_CONTENT_CLASS_TOKENS)),
        (_FRAME_4, lambda name: "page-content" in name.replace("C", "c").replace("P", "p")),
    ),
    _FRAME_OF_BOTH,
)
_frame_of_id = _remembered(
    (
        (_FRAME_1, lambda name: name == "articleContent"),
        (_FRAME_1, _any_of(xpaths._ARTICLE_CONTENT_ID_TOKENS)),
        (_FRAME_3, lambda name: name in ("article", "story")),
        (_FRAME_3, _any_of(xpaths._STORY_ID_TOKENS)),
        (_FRAME_4, _any_of(xpaths._MAIN_CONTENT_ID_TOKENS)),
    ),
    _FRAME_OF_BOTH,
)
_CUT_OF_BOTH: _Tests = (
    (_APPENDED, re.compile(r"mvp-post-add-(?:box|wrap)|infinite-?scroll").search),
    (_POST_ADDED, re.compile(r"mvp-post-add-(?:box|wrap)").search),
)
_cut_of_class = _remembered(
    _CUT_OF_BOTH,
    (
        (_SHARE, lambda name: "elementor-share-buttons" in name),
        (_COMMENT, re.compile(xpaths._COMMENTS_CLASS).search),
    ),
)
_cut_of_id = _remembered(
    _CUT_OF_BOTH,
    (
        (_COMMENT, re.compile(f"^(?:{xpaths._COMMENTS_ID})").search),
        (_COMMENT_SCRIPT, re.compile("^(?:disqus_thread|dsq-comments)").search),
    ),
)
_SECTION_OF_BOTH: _Tests = (
    (_COOKIE, _any_of(xpaths._CONSENT_ID_CLASS_TOKENS)),
    (_REPLY, lambda name: name.startswith("reply-")),
    (_TEASER, lambda name: "teaser" in name.replace("T", "t")),
    (_CAPTION, lambda name: "caption" in name),
)
_section_of_class = _remembered(
    _SECTION_OF_BOTH,
    (
        (_SECTION, _any_of(xpaths._OVERALL_DISCARD_BOTH_TOKENS, xpaths._OVERALL_DISCARD_CLASS_TOKENS)),
        (
            _ANYWHERE,
            re.compile(
                r"^hide-|comments-title|nocomments|-reply-|message|akismet|suggest-links|-hide-|hide-print| hidden|"
                r" hide|noprint|notloaded"
            ).search,
        ),
    ),
)
_section_of_id = _remembered(
    _SECTION_OF_BOTH,
    (
        (_SECTION, _any_of(xpaths._OVERALL_DISCARD_BOTH_TOKENS, xpaths._OVERALL_DISCARD_ID_TOKENS)),
        (_ANYWHERE, re.compile("reader-comments|akismet").search),
    ),
)
_shown_of_name = _remembered(
    ((_CONSENT, re.compile(_COOKIE_CONSENT_RE, re.IGNORECASE).search), (_FOOTER, lambda name: "footer" in name))
)


def frames(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The containers in which an article may be, best first: the first of each kind that the tree has then."""
    for is_frame in (_is_frame_1, _is_frame_2, _is_frame_3, _is_frame_4, _is_frame_5):
        found = next((element for element in tree.iterdescendants(FRAME_TAGS) if is_frame(element)), None)
        if found is not None:
            yield found


def _is_frame_1(element: HtmlElement) -> bool:
    answers = _frame_of_class(element.get("class")) | _frame_of_id(element.get("id"))
    return bool(answers & _FRAME_1) or element.get("itemprop") == "articleBody"


def _is_frame_2(element: HtmlElement) -> bool:
    return element.tag == "article"


def _is_frame_3(element: HtmlElement) -> bool:
    answers = _frame_of_class(element.get("class")) | _frame_of_id(element.get("id"))
    return bool(answers & _FRAME_3) or element.get("role") == "article"


def _is_frame_4(element: HtmlElement) -> bool:
    return bool((_frame_of_class(element.get("class")) | _frame_of_id(element.get("id"))) & _FRAME_4)


def _is_frame_5(element: HtmlElement) -> bool:
    if element.tag == "main":
        return True
    answers = _frame_of_class(element.get("class")) | _frame_of_id(element.get("id"))
    return bool(answers & _FRAME_5) or (element.get("role") or "").startswith("main")


def cut_first(tree: HtmlElement) -> list[HtmlElement]:
    """Whole follow-up articles, bars for sharing and comments: no reading of a page takes them into account."""
    found = []
    for element in tree.iterdescendants(CUT_FIRST_TAGS):
        of_class, of_id = _cut_of_class(element.get("class")), _cut_of_id(element.get("id"))
        answers = of_class | of_id
        if answers & (_APPENDED | _SHARE | _COMMENT | _COMMENT_SCRIPT) and _is_cut_first(element, answers, of_class):
            found.append(element)
    return found


def _is_cut_first(element: HtmlElement, answers: int, of_class: int) -> bool:
    if element.tag in _APPENDED_TAGS and (
        of_class & _SHARE
        or (answers & _APPENDED and (answers & _POST_ADDED or next(element.iterdescendants("h1"), None) is None))
    ):
        return True
    in_list = element.tag in _COMMENT_LISTS
    return bool(
        (in_list and answers & _COMMENT) or (element.tag in _COMMENT_TAGS and answers & (_COMMENT | _COMMENT_SCRIPT))
    )


def unwanted_sections(frame: HtmlElement) -> tuple[list[HtmlElement], list[HtmlElement], list[HtmlElement]]:
    """The sections of a frame that do not belong to a text, its captions and its teasers, each in document order."""
    sections, captions, teasers = [], [], []
    for element in frame.iterdescendants("*"):
        if not element.attrib:
            continue
        of_class, of_id = _section_of_class(element.get("class")), _section_of_id(element.get("id"))
        answers = of_class | of_id
        is_section = element.tag in SECTION_TAGS
        if is_section:
            if answers & _CAPTION:
                captions.append(element)
            if answers & _TEASER:
                teasers.append(element)
        if (
            (is_section and _is_unwanted_section(element, answers, of_class, of_id))
            or answers & _ANYWHERE
            or (answers & _REPLY and _of_first(element, of_class, of_id) & _REPLY)
            or _is_hidden(element)
        ):
            sections.append(element)
    return sections, captions, teasers


def is_teaser(element: HtmlElement) -> bool:
    """Whether an element is cut as a caption or a teaser by its names, however much of the text it holds."""
    of_class, of_id = _section_of_class(element.get("class")), _section_of_id(element.get("id"))
    return element.tag in SECTION_TAGS and bool((of_class | of_id) & (_CAPTION | _TEASER))


def is_cut_with_text(element: HtmlElement) -> bool:
    """Whether an element is cut by its names, however much of the text it holds."""
    of_class, of_id = _cut_of_class(element.get("class")), _cut_of_id(element.get("id"))
    return is_teaser(element) or _is_cut_first(element, of_class | of_id, of_class)


def is_cut_as_section(element: HtmlElement) -> bool:
    """Whether an element is cut by its names or as hidden, if it does not hold nearly all text of a frame."""
    if not element.attrib:
        return False
    of_class, of_id = _section_of_class(element.get("class")), _section_of_id(element.get("id"))
    answers = of_class | of_id
    return bool(answers & _ANYWHERE) or _is_unwanted_section(element, answers, of_class, of_id) or _is_hidden(element)


def is_frame(element: HtmlElement) -> bool:
    """Whether an element is a container in which an article may be."""
    tests = (_is_frame_1, _is_frame_2, _is_frame_3, _is_frame_4, _is_frame_5)
    return element.tag in FRAME_TAGS and any(test(element) for test in tests)


def _is_unwanted_section(element: HtmlElement, answers: int, of_class: int, of_id: int) -> bool:
    return bool(
        answers & _SECTION
        or (answers & _COOKIE and _of_first(element, of_class, of_id) & _COOKIE)
        or element.get("data-lp-replacement-content") is not None
        or "nav" in (element.get("role") or "").replace("N", "n")
        or "MostPopularStories" in (element.get("data-component") or "")
    )


def _is_hidden(element: HtmlElement) -> bool:
    style, identity = element.get("style"), element.get("id")
    if element.get("aria-hidden") == "true":
        return True
    if style and ("display:none" in style or "display: none" in style):
        return True
    first = style if identity is None or (style is not None and _is_before(element, "style", "id")) else identity
    return first is not None and "hidden" in first


def _of_first(element: HtmlElement, of_class: int, of_id: int) -> int:
    """The answers for the first of class and id in the order of the markup: `@id|@class` as a text is that one."""
    if element.get("id") is None:
        return of_class
    if element.get("class") is None:
        return of_id
    return of_class if _is_before(element, "class", "id") else of_id


def _is_before(element: HtmlElement, one: str, other: str) -> bool:
    names = element.keys()
    return names.index(one) < names.index(other)


def is_boilerplate(element: HtmlElement) -> bool:
    """Whether an element is part of no text by its names alone: a footer or a question for consent."""
    of_class, of_id = _shown_of_name(element.get("class")), _shown_of_name(element.get("id"))
    if (of_class | of_id) & _CONSENT:
        return True
    return element.tag == "div" and bool(_of_first(element, of_class, of_id) & _FOOTER)
