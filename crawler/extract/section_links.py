"""Links to the section of an article: beside its headline, and those to the beginning of the article's address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from crawler.extract.authors import AUTHOR_PAGE
from crawler.extract.class_names import class_and_id, name_pattern
from crawler.extract.page import ParsedPage, element_text, is_elsewhere
from crawler.text import word_set, words
from crawler.urls import bare_host

_SECTION_PATH = re.compile(
    r"/(?:category|categories|section|sections|cat|rubric|rubrik|rubrique|rubriques|rubrika|kategorie|kategori|"
    r"categoria|categorie|seccion|ressort|taxonomy|قسم|أقسام|اقسام|تصنيف|دسته|بخش)/",
    re.IGNORECASE,
)
_SECTION_NAME = re.compile(r"categor|(?:^|[-_ ])(?:section|rubric|rubrik)(?:$|[-_ ])|cattitle", re.IGNORECASE)
_AUTHOR = re.compile(r"author|byline|/@|[?&]author=", re.IGNORECASE)
_NEAR_TAGS = word_set("a span div p h2 h3 h4 h5 h6 strong")
_BLOCKS = word_set("div td li section article header")
_MENU = name_pattern(r"(?:[a-z]+-)?(?:menu|navbar|nav|navigation)(?:-[a-z]+)?")
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-z]{2})?", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|home|default)(?:\.\w{2,5})?$")
_INDEX_ENDS = ("index", "home", ".html", ".htm", ".php", ".aspx", ".shtml")
_NO_SECTION = re.compile(r"[a-z]{2}(?:-[a-z]{2})?|articles?|story|stories|posts?|view|content|news|p|a|archives?")
"""What may stand in an address before the section."""

# Chosen by hand; `make score` shows a change in `category` of the corpus arabic.
_MAX_NEAR_WORDS = 3
"""Words of a category near the headline that no link marks. With this and its other conditions, 17 wrong categories of
757 pages disappeared and 3 were added."""

_MAX_LINK_WORDS, _MAX_LINK_CHARS = 5, 40
_MAX_LIST = 2
"""A list beside the headline with more items than this is a menu or a list of cards."""

_MAX_AROUND = 2
"""A link in a paragraph with more than this many times its own text is part of a sentence."""

_MAX_OWN_TEXT = 60
"""Characters of text directly in the block around a link, besides links: more is running text."""

_MAX_MENUS = 20
_NEAR_LEVELS = 6
"""How many ancestors of the headline are near it: as in page.py."""

_LABEL_LEVELS = 2
"""How many ancestors of the headline a label may be in that the menu alone confirms. Six gave "Subscribe" and "Your
account"."""


class NearHeadline(NamedTuple):
    """Short texts near the headline that may name the section."""

    sections: list[str]
    """Links whose address says that it is a section, or with which the article's own address begins."""

    named: list[str]
    """Texts before the headline, or just beside it, with the class name of a section."""

    labels: list[str]
    """Links just before the headline that the menu has too."""


def near_headline(page: ParsedPage) -> NearHeadline:
    """The texts near the headline that may name the section, the nearest first."""
    found = NearHeadline([], [], [])
    around, paths = _Around(page.headline), _Paths(page.url)
    for element in page.near_headline(_NEAR_TAGS):
        is_link = element.tag == "a"
        if not is_link and not (_SECTION_NAME.search(class_and_id(element)) and around.may_be_named(element)):
            continue
        text = element_text(element)
        if not _is_short(text) or is_elsewhere(element) or _is_in_list(element):
            continue
        if not is_link:
            if _may_be_section(text):
                found.named.append(text)
        elif not is_authors(element) and not _is_in_sentence(element, text):
            if paths.leads_to_section(element):
                found.sections.append(text)
            elif around.is_label(element) and element.get("href") in _menu_links(page):
                found.labels.append(text)
    return found


def by_address(page: ParsedPage) -> Iterator[str]:
    """What links to the beginning of the article's address are called, the longest beginning first."""
    paths = _Paths(page.url)
    beginnings = paths.beginnings()
    if not beginnings:
        return
    names: dict[str, Counter[str]] = {}
    for link in page.tree.iter("a"):
        path = paths.path_of(link.get("href") or "")
        if path in beginnings:
            text = element_text(link)
            if not _is_short(text) or is_authors(link) or _is_in_sentence(link, text):
                continue
            if _is_name_of(text, path) or is_in_menu(link):
                names.setdefault(path, Counter())[text] += 1
    for path in beginnings:
        if path in names:
            yield from (text for text, _ in names[path].most_common())


class _Paths:
    """The paths of links to pages of one site, compared with that of one of its articles."""

    def __init__(self, url: str) -> None:
        self._host = bare_host(url)
        self._path = unquote(urlsplit(url).path)
        self._own: dict[str, bool] = {}

    def beginnings(self) -> list[str]:
        """The paths above the article's, the longest first, without those that end with a number or are a language
        alone; then the same without dates, languages and words such as "article" at the beginning."""
        segments = [segment.casefold() for segment in self._path.split("/") if segment]
        paths = self._above(segments)
        while segments and (segments[0].isdigit() or _NO_SECTION.fullmatch(segments[0])):
            segments.pop(0)
        return list(dict.fromkeys([*paths, *self._above(segments)]))

    @staticmethod
    def _above(segments: list[str]) -> list[str]:
        return [
            "/".join(segments[:length])
            for length in range(len(segments) - 1, 0, -1)
            if not segments[length - 1].isdigit() and not (length == 1 and _LANGUAGE.fullmatch(segments[0]))
        ]

    def path_of(self, href: str) -> str:
        """The path of a link, without slashes at its ends; empty if it leads to another site or has a query."""
        href = href.strip()
        if "?" in href or "#" in href:
            return ""
        if "//" in href[:8]:
            host, _, path = href.split("//", 1)[1].partition("/")
            if host not in self._own:
                self._own[host] = bare_host(f"https://{host}/") == self._host
            if not self._own[host]:
                return ""
            href = path
        elif ":" in href[:12]:
            return ""
        path = (unquote(href) if "%" in href else href).strip("/").casefold()
        return _INDEX.sub("", path) if path.endswith(_INDEX_ENDS) else path

    def leads_to_section(self, link: HtmlElement) -> bool:
        """Whether the address of a link says that it is a section's, or the article's begins with it."""
        path = self.path_of((link.get("href") or "").partition("?")[0].partition("#")[0])
        own = self._path.strip("/").casefold()
        return bool(path) and path != own and (own.startswith(f"{path}/") or bool(_SECTION_PATH.search(f"/{path}/")))


class _Around:
    """Where elements stand in relation to a headline."""

    def __init__(self, headline: HtmlElement | None) -> None:
        self._steps: dict[HtmlElement, tuple[int, HtmlElement]] = {}
        for level in range(_NEAR_LEVELS):
            above = headline.getparent() if headline is not None else None
            if headline is None or above is None or above.tag in ("body", "html"):
                break
            self._steps[above] = (level, headline)
            headline = above

    def may_be_named(self, element: HtmlElement) -> bool:
        """Whether an element stands before the headline, or just beside it."""
        level, is_before = self._place(element)
        return is_before or (level == 0 and element.getparent() in self._steps)

    def is_label(self, element: HtmlElement) -> bool:
        """Whether an element stands before the headline in one of the next elements around it."""
        level, is_before = self._place(element)
        return is_before and level < _LABEL_LEVELS

    def _place(self, element: HtmlElement) -> tuple[int, bool]:
        """In which of the elements around the headline an element stands, and whether before the headline."""
        below = element
        for above in element.iterancestors():
            if above in self._steps:
                level, headline = self._steps[above]
                return level, above.index(below) < above.index(headline)
            below = above
        return _NEAR_LEVELS, False


def _is_name_of(text: str, path: str) -> bool:
    """Whether a text is the last part of a path, in the letters of the address."""
    return "".join(words(text)) == "".join(words(path.rpartition("/")[2])).replace("_", "")


def is_in_menu(link: HtmlElement) -> bool:
    """Whether a link is in a menu, header or footer, by tags and class names around it."""
    for above in link.iterancestors():
        if above.tag in ("nav", "header", "footer"):
            return True
        if above.tag in ("article", "main", "body"):
            return False
        if _MENU.search(f" {class_and_id(above).lower()} "):
            return True
    return False


def _menu_links(page: ParsedPage) -> set[str]:
    """The addresses, as written, of the links in the page's menus."""
    menus = [*page.tree.iter("nav"), *page.class_names.matching(_MENU)[:_MAX_MENUS]]
    return {href for menu in menus for link in menu.iter("a") if (href := link.get("href"))} - {"/", "#"}


def is_authors(link: HtmlElement) -> bool:
    """Whether a link leads to the page of an author: on some sites the articles' addresses begin with it."""
    href = link.get("href") or ""
    return bool(_AUTHOR.search(f"{class_and_id(link)} {link.get('rel') or ''} {href}") or AUTHOR_PAGE.search(href))


def _is_in_sentence(link: HtmlElement, text: str) -> bool:
    """Whether a link stands in running text: in a paragraph, or in a block with much other text of its own."""
    for above in link.iterancestors():
        if above.tag == "p":
            return len(element_text(above)) > _MAX_AROUND * len(text)
        if above.tag in _BLOCKS:
            own = sum(len((piece or "").strip()) for piece in (above.text, *(child.tail for child in above)))
            return own > _MAX_OWN_TEXT
    return False


def _is_in_list(element: HtmlElement) -> bool:
    item = next(element.iterancestors("li"), None)
    above = item.getparent() if item is not None else None
    return above is not None and len(above) > _MAX_LIST


def _is_short(text: str) -> bool:
    return 0 < len(text) <= _MAX_LINK_CHARS and len(words(text)) <= _MAX_LINK_WORDS


def _may_be_section(text: str) -> bool:
    """Whether a text is as short as the name of a section: layouts use that class name for much else too."""
    return len(text.split()) <= _MAX_NEAR_WORDS and not any(char.isdigit() or char in ",،" for char in text)
