"""Who wrote it: persons as authors, agencies and outlets as the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from crawler.extract.class_names import name_pattern
from crawler.extract.jsonld import resolved, text_value, types_of
from crawler.extract.lexicon import AGENCIES
from crawler.extract.page import ParsedPage, element_text
from crawler.extract.source import named_source
from crawler.extract.title import site_names
from crawler.text import clean, phrases, word_set, words

# Words that introduce a name; folded and compared word by word.
_BYLINE_WORDS = phrases("""
by|written by|story by|report by|reported by|words by|text by|posted by|author|authors|authored by|from|كتب|كتبت
كتبها|بقلم|تحرير|إعداد|حوار
بواسطة|الكاتب|كتبه|أعده|أعدها|تقرير|تأليف|المؤلف|متابعة|ترجمة|المحرر|نویسنده|نوشته|خبرنگار|گزارش|par|publié par
écrit par|von|ein artikel von
autor|por|source|quelle|fuente|المصدر|escrito por|publicado por|yazan|haber|di|door|av
""")
# What stands before the names at the foot of a text.
_CREDIT_WORDS = phrases("""
reporting by|writing by|editing by|reported by|written by|edited by|compiled by|translated by|additional reporting by
كتابة|تحرير|إعداد|اعداد|ترجمة|كتب|تقرير|تحرير وإعداد|إعداد وتحرير|redaktion|rédaction|redacción|editör
""")
_MAX_CREDIT = 120
_SPLIT = re.compile(
    r"\s*(?:[;|·•/]|\s&\s|\s-\s|,(?!\s*(?:jr|sr|ph\.?d|md|m\.d)\b)|،|؛|\s(?:and|und|et|y|ve|e|en|og|och)\s)\s*",
    re.IGNORECASE,
)
_AND_AR = re.compile(r"\s+و(?=\S{3,}\s+\S{3,})")
_AFTER_NAMES = re.compile(
    r"(?<=\S)\s*(?:\||\d{1,2}:\d\d|\b(?:published|updated|posted|last updated)\b).*$", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?:|www\.|^@|^(?:developed|powered|designed) by", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"@|\d|[<>{}]")
_BYLINE_CLASS = name_pattern(
    r"by-?line\w*|author(?:s|[-_]?name|name)?|article-origins|write-?by|written-?by|writer|reporter|"
    r"journalist|byl|editor[-_]name"
)
_META_NAMES = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "cxenseparse:author",
    "byl",
    "citation_author",
    "article:author:name",
)


_ORGANISATIONS = word_set("Organization NewsMediaOrganization Corporation")
_MAX_SIGNATURE = 40
_NAME_PART = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ɏḀ-ỿА-ЯЁ][^\W\d_]*(?:['’.-][^\W\d_]*)*")
_BYLINE_LEVELS = 4
_WHOLE_PAGE = word_set("body html article main")
_NEAR_TAGS = word_set("p div span a li strong b em h3 h4 h5 h6 address")


class Byline(NamedTuple):
    """The persons and the source that a page names, and the signal the persons were read from."""

    authors: list[str]
    source: str | None
    signal: str | None


def find_byline(page: ParsedPage) -> Byline:
    """The first signal that names persons gives the authors; an agency met on the way is the source."""
    names = site_names(page)
    source: str | None = None
    for signal, texts in _signals(page):
        persons: list[str] = []
        for text in texts:
            if named := named_source(text):
                source = source or named
                continue
            for name in split_names(text):
                if _is_agency(name) or _is_outlet(name, names):
                    source = source or name
                elif name.casefold() not in {p.casefold() for p in persons}:
                    persons.append(name)
        if persons:
            return Byline(persons[:20], source, signal)
    return Byline([], source or next(_linked_organisations(page), None), None)


def signature(paragraphs: list[str]) -> str | None:
    """The name that the last paragraph is, if it is nothing else: two to four words with capitals and no full stop."""
    last = paragraphs[-1] if len(paragraphs) > 1 else ""
    names = split_names(last) if len(last) <= _MAX_SIGNATURE else []
    if len(names) != 1 or not 2 <= len(names[0].split()) <= 4 or _is_agency(names[0]):
        return None
    return names[0] if all(_NAME_PART.fullmatch(part) for part in names[0].split()) and last[-1] not in ".!?" else None


def persons_among(names: list[str], page: ParsedPage) -> list[str]:
    """Those of the names that are persons': neither an agency's nor the site's own."""
    outlets = site_names(page)
    return [name for name in names if not _is_agency(name) and not _is_outlet(name, outlets)]


def is_credit_line(text: str) -> bool:
    """Whether a line says who made the text and nothing else, as "Reporting by" and names below agency copy."""
    if len(text) > _MAX_CREDIT or "(" in text:
        return False
    own = words(text)
    length = next((n for n in (3, 2, 1) if len(own) > n and tuple(own[:n]) in _CREDIT_WORDS), 0)
    names = split_names(" ".join(text.split()[length:])) if length else []
    return bool(names) and all(2 <= len(name.split()) <= 4 for name in names) and text[-1:] not in ".!?؟"


def split_names(text: str) -> list[str]:
    """The names in a byline, without what introduces and follows them."""
    text = _AFTER_NAMES.split(clean(text))[0]
    if _ADDRESS.search(text):
        return []
    found = []
    for part in _SPLIT.split(text):
        for name in _AND_AR.split(part):
            name = _without_introduction(name).strip(" ,.:;-–—|")
            if (
                name
                and len(name) <= 60
                and len(name.split()) <= 6
                and not _NOT_A_NAME.search(name)
                and any(c.isalpha() for c in name)
            ):
                found.append(name)
    return found


def _without_introduction(name: str) -> str:
    for _ in range(2):
        own = words(name)
        for length in (3, 2, 1):
            if len(own) > length and tuple(own[:length]) in _BYLINE_WORDS:
                name = re.sub(rf"^(?:\W*\w[\w\u064b-\u065f]*){{{length}}}[\s:：]*", "", name)
                break
        else:
            break
    return "" if tuple(words(name)) in _BYLINE_WORDS else name


def _is_agency(name: str) -> bool:
    return tuple(words(name)) in AGENCIES


def _is_outlet(name: str, names: list[list[str]]) -> bool:
    own = "".join(words(name))
    return any(own == "".join(other) or (len(other) > 1 and own.startswith("".join(other))) for other in names)


def _signals(page: ParsedPage) -> Iterator[tuple[str, list[str]]]:
    yield (
        "selector",
        [element_text(element) for element in page.selected("authors") if isinstance(element, HtmlElement)],
    )
    yield "json-ld", list(_linked_authors(page))
    for name in _META_NAMES:
        yield f"meta:{name}", page.meta.get(name, [])
    yield "rel-author", _rel_authors(page)
    yield "byline", _byline_elements(page)


def _linked_organisations(page: ParsedPage) -> Iterator[str]:
    for value in resolved(page.article.get("author") or page.article.get("creator"), page.nodes):
        if isinstance(value, dict) and types_of(value) & _ORGANISATIONS and (name := clean(text_value(value))):
            yield name


def _linked_authors(page: ParsedPage) -> Iterator[str]:
    for value in resolved(page.article.get("author") or page.article.get("creator"), page.nodes):
        if isinstance(value, dict) and types_of(value) & _ORGANISATIONS:
            continue
        name: Any = value.get("name") if isinstance(value, dict) else value
        for text in name if isinstance(name, list) else [name]:
            if text_value(text):
                yield text_value(text)


def _rel_authors(page: ParsedPage) -> list[str]:
    """The elements that are marked as authors, as far as they stand with the first: cards have authors of their own."""
    found = page.tree.xpath("//*[@rel='author' or contains(@itemprop, 'author')]")[:10]
    byline = found[0] if found else None
    for _ in range(_BYLINE_LEVELS):
        above = byline.getparent() if byline is not None else None
        byline = above if above is not None and above.tag not in _WHOLE_PAGE else byline
    texts = [
        element_text(one) for one in found if one is byline or any(above is byline for above in one.iterancestors())
    ]
    return [text for text in texts if len(text) <= 120]


def _byline_elements(page: ParsedPage) -> list[str]:
    """The names in the first element that is named like a byline, or near the headline begins like one."""
    for element in page.class_names.matching(_BYLINE_CLASS):
        if element.tag not in _WHOLE_PAGE and 3 <= len(element_text(element)) <= 160:
            return _names_in(element)
    for element in page.near_headline(_NEAR_TAGS):
        text = (element.text or "").strip()
        if 3 <= len(text) <= 60 and len(element) <= 3:
            shown = element_text(element)
            own = words(shown)
            if len(shown) <= 60 and len(own) >= 2 and any(tuple(own[:n]) in _BYLINE_WORDS for n in (1, 2)):
                return _names_in(element)
    return []


def _names_in(element: HtmlElement) -> list[str]:
    """The names an element shows: those it links, or those it sets apart, or its text."""
    if named_source(shown := element_text(element)):
        return [shown]
    links = [element_text(link) for link in element.iter("a") if len(element_text(link)) >= 3]
    if links:
        return links
    leaves = [element_text(child) for child in element.iterdescendants("span", "li", "div", "p") if len(child) == 0]
    apart = [leaf for leaf in leaves if 2 <= len(leaf.split()) <= 5]
    return apart if len(apart) > 1 else [shown]
