"""The category and the tags that the site gives an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extract.class_names import MAX_READ_ELEMENTS, class_and_id, name_pattern
from crawler.extract.jsonld import resolved, text_value, types_of
from crawler.extract.page import ParsedPage, element_text, is_elsewhere
from crawler.extract.title import FieldValue, site_names
from crawler.text import clean, phrases, word_set, words

# Words that themes show in the place of a category.
_NO_CATEGORY = phrases("""
featured|feature|home|homepage|home page|uncategorized|uncategorised|all|news home|start|startseite|accueil|inicio
anasayfa|ana sayfa|slider|slideshow|breaking|top|main|front page|index|article|articles|post|blog
الرئيسية|الرئيسيه|الصفحة الرئيسية|مميز|مميزة|غير مصنف|غير مصنفة|عام|سلايدر|عاجل|رئيسي|خبر رئيسي
صفحه اصلی|خانه|صفحه نخست|دسته بندی نشده
""")
_BREADCRUMB = re.compile(r"bread-?crumb")
_CATEGORY = name_pattern(
    r"cat-links|post-cat(?:-wrap|egory)?|entry-category|td-post-category|post-categories|"
    r"article-category|article-section|section-name|section-title|news-category"
)
_TAGS = name_pattern("tags?|tag-?(?:list|links|cloud)|tagcloud|article-?tags|post-?tags|entry-?tags|topics|keywords")
# Keywords that content systems write for their own use: identifiers, "Page Type: Article", whole addresses.
_MACHINE_TAG = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}|^\d+$|https?:|\w\.(?:com|org|net)$|^(?:page |article )?type: |"
    r"^(?:day|time|wc|language|source): ",
    re.IGNORECASE,
)
_TAG_LABEL = re.compile(r"^(?:subject|topic|tag|keyword|category|partner|location|person)s?: ", re.IGNORECASE)
_SECTION_PATH = re.compile(
    r"/(?:category|categories|section|sections|cat|rubric|rubrik|kategorie|kategori)/", re.IGNORECASE
)
_SECTION_NAME = re.compile(r"categor|(?:^|[-_ ])(?:section|rubric|rubrik)(?:$|[-_ ])|cattitle", re.IGNORECASE)
_NEAR_TAGS = word_set("a span div p h2 h3 h4 h5 h6 strong")
_SECTION_METAS = (
    "article:section",
    "og:article:section",
    "parsely-section",
    "section",
    "articlesection",
    "cxenseparse:section",
    "category",
)
# Unless its comment gives a measurement, a number was chosen by hand and no measurement of it is recorded. `make score`
# shows a change in `category` of the corpus arabic and in `topics_r` of fundus_tests.
_MAX_CATEGORY, _MAX_CATEGORY_WORDS = 60, 6
"""Characters and words. A breadcrumb often ends with the article's own title, sometimes in other words."""

_MAX_NEAR_WORDS = 3
"""Words of a category near the headline. With this and its other conditions, 17 wrong categories of 757 pages
disappeared and 3 were added."""

_MAX_LINKS = 12
"""More links than this are a menu, not a path to one article."""

_MAX_TAG, _MAX_TAGS = 80, 50
_MAX_TAG_BOXES = 5
"""How many different class names of tag boxes are tried."""

_MAX_PLAIN_WORDS = 4
"""Keywords without a comma and with more words than this are not a tag. Where nothing else gives tags, each of their
words is one. With tags in elements of their own this raised `topics_r` of 128 pages from .750 to .798."""


def find_category(page: ParsedPage, title: str | None) -> FieldValue | None:
    """The nearest section in the breadcrumb, else that of the metadata, else that of the theme's category link."""
    sites = site_names(page)
    title_words = words(title or "")
    for raw, signal in _categories(page):
        text = clean(raw).strip(" #/>»|")
        own = words(text)
        if (
            own
            and own != title_words
            and len(text) <= _MAX_CATEGORY
            and len(own) <= _MAX_CATEGORY_WORDS
            and tuple(own) not in _NO_CATEGORY
            and own not in sites
        ):
            return FieldValue(text, signal)
    return None


def find_tags(page: ParsedPage) -> list[str]:
    """The keywords of the linked data, else of the head, else the tag links under the article."""
    for texts in _tags(page):
        tags: list[str] = []
        for text in texts:
            tag = _TAG_LABEL.sub("", clean(text).lstrip("#").strip())
            if (
                tag
                and not _MACHINE_TAG.search(tag)
                and len(tag) <= _MAX_TAG
                and tag.casefold() not in {t.casefold() for t in tags}
            ):
                tags.append(tag)
        if tags:
            return tags[:_MAX_TAGS]
    return []


def _categories(page: ParsedPage) -> Iterator[tuple[str, str]]:
    for element in page.selected("category"):
        yield element_text(element), "selector"
    for name in _breadcrumb_names(page):
        yield name, "json-ld:breadcrumb"
    for link in reversed(_links_in(page.class_names.matching(_BREADCRUMB))):
        yield element_text(link), "breadcrumb"
    for name in _SECTION_METAS:
        for value in page.meta.get(name, ())[:1]:
            yield value, f"meta:{name}"
    section = page.article.get("articleSection")
    yield from ((text_value(value), "json-ld") for value in (section if isinstance(section, list) else [section]))
    yield from (
        (element_text(element), "itemprop")
        for element in page.tree.xpath("//*[@itemprop='articleSection']")[:MAX_READ_ELEMENTS]
    )
    for link in [*_links_with_rel(page, "category"), *_links_in(page.class_names.matching(_CATEGORY))]:
        if not is_elsewhere(link):
            yield element_text(link), "category-link"
    yield from ((element_text(element), "near-headline") for element in _section_near_headline(page))


def _section_near_headline(page: ParsedPage) -> Iterator[HtmlElement]:
    """Short links near the headline to a section: the URL says so, or the article's URL begins with it."""
    for element in page.near_headline(_NEAR_TAGS):
        if element.tag == "a" or _SECTION_NAME.search(class_and_id(element)):
            if is_elsewhere(element) or next(element.iterancestors("li"), None) is not None:
                continue
            if _leads_to_section(element, page) if element.tag == "a" else _may_be_section(element_text(element)):
                yield element


def _may_be_section(text: str) -> bool:
    """Whether a text is as short as the name of a section: layouts use that class name for much else too."""
    return 0 < len(text.split()) <= _MAX_NEAR_WORDS and not any(char.isdigit() or char in ",،" for char in text)


def _leads_to_section(link: HtmlElement, page: ParsedPage) -> bool:
    address = page.other_page(link) or ""
    path = urlsplit(address).path.rstrip("/")
    return (len(path) > 1 and urlsplit(page.url).path.startswith(path + "/")) or bool(_SECTION_PATH.search(address))


def _breadcrumb_names(page: ParsedPage) -> list[str]:
    """The names in the linked data's breadcrumb, nearest to the article first, without the home page."""
    for node in page.nodes:
        if "BreadcrumbList" in types_of(node):
            items = resolved(node.get("itemListElement"), page.nodes)
            names = [text_value(item.get("name") or item.get("item")) for item in items if isinstance(item, dict)]
            without_home = names[1:] if len(names) > 1 else names
            return [name for name in reversed(without_home) if not name.startswith("http")]
    return []


def _links_in(elements: list[HtmlElement]) -> list[HtmlElement]:
    """The links in these elements, each once, in order."""
    return list(dict.fromkeys(link for element in elements[:_MAX_LINKS] for link in element.iter("a")))[:_MAX_LINKS]


def _links_with_rel(page: ParsedPage, rel: str) -> list[HtmlElement]:
    return [link for link in page.tree.iter("a") if rel in (link.get("rel") or "").lower().split()]


def _tags(page: ParsedPage) -> Iterator[list[str]]:
    yield list(_split(page.article.get("keywords")))
    yield list(_split(page.meta.get("news_keywords")))
    yield list(_split(page.meta.get("article:tag"), any_length=True))
    yield list(_split(page.meta.get("parsely-tags"), any_length=True))
    links = [link for link in _links_with_rel(page, "tag") if "category" not in (link.get("rel") or "")]
    yield [element_text(link) for link in links[:_MAX_TAGS]]
    boxes = [box for box in page.class_names.matching(_TAGS)[:_MAX_TAGS] if not is_elsewhere(box)]
    for name in list(dict.fromkeys(map(class_and_id, boxes)))[:_MAX_TAG_BOXES]:
        alike = [box for box in boxes if class_and_id(box) == name]
        yield [element_text(part) for box in alike for part in list(box.iter("a")) or _linked(box)][:_MAX_TAGS]
    yield list(_split(page.meta.get("keywords")))
    for name in ("news_keywords", "keywords"):
        yield [word for text in page.meta.get(name, ()) for word in text.split()]


def _linked(element: HtmlElement) -> list[HtmlElement]:
    """The element itself, if its parent is a link."""
    parent = element.getparent()
    return [element] if parent is not None and parent.tag == "a" else []


def _split(value: Any, *, any_length: bool = False) -> Iterator[str]:
    """The members of a list, or the parts of a text with commas. A text without commas counts if it is short."""
    values = value if isinstance(value, list) else [value]
    for item in values:
        text = text_value(item)
        if len(values) > 1:
            yield text
        else:
            parts = re.split(r"[,،;؛、]", text)
            if len(parts) > 1 or any_length or len(text.split()) <= _MAX_PLAIN_WORDS:
                yield from parts
