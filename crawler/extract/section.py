"""The category: the section of the site that an article belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.dates.read import read_date
from crawler.extract.breadcrumbs import linked_breadcrumb, shown_breadcrumb
from crawler.extract.class_names import MAX_READ_ELEMENTS, name_pattern
from crawler.extract.data_layer import layer_sections
from crawler.extract.jsonld import text_value
from crawler.extract.page import ParsedPage, element_text, is_elsewhere
from crawler.extract.section_links import by_address, is_authors, near_headline
from crawler.extract.title import FieldValue, other_titles, site_names
from crawler.extract.tree import links_with_rel
from crawler.text import clean, phrases, words

# Words that themes show in the place of a category.
_NO_CATEGORY = phrases("""
featured|feature|home|homepage|home page|uncategorized|uncategorised|all|news home|start|startseite|accueil|inicio
anasayfa|ana sayfa|slider|slideshow|breaking|top|main|front page|index|article|articles|post|blog|default|tags|detail
subscribe|read more|more|back|next|previous|unclassified|sin categoría|non classé|allgemein|story|stories|archive
الرئيسية|الرئيسيه|الصفحة الرئيسية|مميز|مميزة|غير مصنف|غير مصنفة|عام|سلايدر|عاجل|رئيسي|خبر رئيسي|المزيد|مقالات مميزة
صفحه اصلی|خانه|صفحه نخست|دسته بندی نشده|首页|首頁|ホーム|トップ|홈|главная
""")
_MARKED = XPath("//@itemprop[.='articleSection']/..")
_CATEGORY = name_pattern(
    r"cat-links|post-cat(?:-wrap|egory)?|entry-category|td-post-category|post-categories|"
    r"article-category|article-section|section-name|section-title|news-category"
)
_LABEL = re.compile(
    r"^(?:(?:posted|published|filed) (?:in|under)|in|category|categories|section|topic|rubrik|kategorie|ressort|"
    r"categoría|sección|catégorie|rubrique|kategori|(?:نشر|نُشر|منشور|كتب)\s+(?:في|ضمن)|في|ضمن|القسم|قسم|التصنيف|"
    r"تصنيف|التصنيفات|الفئة|دسته|گروه|بخش|рубрика|категория|分类|分類|カテゴリー?|카테고리)(?:\s*[:：]\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
"""What a text says before the name of the section that it names: "نشر في", "في", "Filed under:"."""

_NO_NAME = re.compile(
    r"@|^(?:post|share|send|save|follow)\b.*\b(?:to|on|via)\b|^(?:facebook|twitter|whatsapp|telegram|linkedin|pinterest)$",
    re.IGNORECASE,
)
_WITH_COLON = re.compile(r"^[^:：]{2,20}[:：]")
_SLUG = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
"""A name that a content system wrote for itself: "local-news", "sport"."""

_LIST = re.compile(r"\s*[,،;；]\s*")
_PATH = re.compile(r"\s*(?:>|»|›|\|)\s*")
_AND = re.compile(r"(?:^|\s)(?:(?:&|and|und|et|y|e|и)\s|و\w)", re.IGNORECASE)
SECTION_METAS = (
    "article:section",
    "og:article:section",
    "parsely-section",
    "section",
    "articlesection",
    "cxenseparse:section",
    "category",
)
GUESSED = ("near-headline", "menu", "data-layer")
"""Signals that nobody has marked as a section's."""

# Unless its comment gives a measurement, a number was chosen by hand and no measurement of it is recorded. `make score`
# shows a change in `category` of the corpus arabic.
_MAX_CATEGORY, _MAX_CATEGORY_WORDS = 60, 6
"""Characters and words."""

_MIN_TITLE_WORDS = 3
"""A breadcrumb often ends with the article's own title, cut or in other words: a category with as many words that begin
a title is one."""

_MAX_DIGITS = 0.5
"""The share of digits in a category."""

_MAX_LINKS = 12
_MAX_BOX = 150
"""Characters of a box with the class name of a category: "article-section" is also the name of a part of the text."""


def find_category(page: ParsedPage, title: str | None) -> FieldValue | None:
    """The nearest section in the breadcrumb, else that of the metadata, else that which the page shows by its links."""
    sites = site_names(page)
    titles = [words(text) for text in (title, page.title, *other_titles(page)) if text]
    for raw, signal in _categories(page):
        for text in _parts(raw, signal):
            own = words(text)
            if not own or own in sites or not _may_be_category(text, own) or _is_title(own, titles):
                continue
            return FieldValue(_as_shown(text, page) if _SLUG.fullmatch(text) else text, signal)
    return None


def _as_shown(slug: str, page: ParsedPage) -> str:
    """The name that a link of the page shows for a section whose name is written for machines, else that name."""
    own = "".join(words(slug)).replace("_", "")
    texts = (clean(link.text or "") for link in page.tree.iter("a"))
    return next((text for text in texts if text and "".join(words(text)) == own), slug)


def _parts(raw: str, signal: str) -> list[str]:
    """The names in a text: one, or those of a list or a path that the head or the linked data writes in one string."""
    text = clean(raw).strip(" #/>»|›")
    if not signal.startswith("meta:") and signal != "json-ld":
        return [text]
    if len(steps := _PATH.split(text)) > 1:
        return steps[::-1]
    names = _LIST.split(text)
    return names if len(names) > 1 and not _AND.search(names[-1]) else [text]


def _may_be_category(text: str, own: list[str]) -> bool:
    return (
        len(text) <= _MAX_CATEGORY
        and len(own) <= _MAX_CATEGORY_WORDS
        and tuple(own) not in _NO_CATEGORY
        and not _NO_NAME.search(text)
        and sum(map(str.isdigit, text)) <= len(text) * _MAX_DIGITS
        and not (any(map(str.isdigit, text)) and read_date(text))
    )


def _is_title(own: list[str], titles: list[list[str]]) -> bool:
    """Whether a text is a wording of the title, or the beginning of one."""
    return any(own == title or (len(own) >= _MIN_TITLE_WORDS and own == title[: len(own)]) for title in titles)


def _categories(page: ParsedPage) -> Iterator[tuple[str, str]]:
    for element in page.selected("category"):
        yield element_text(element), "selector"
    for name in linked_breadcrumb(page):
        yield name, "json-ld:breadcrumb"
    for name in shown_breadcrumb(page):
        yield name, "breadcrumb"
    for name in SECTION_METAS:
        for value in page.meta.get(name, ())[:1]:
            yield value, f"meta:{name}"
    section = page.article.get("articleSection")
    yield from ((text_value(value), "json-ld") for value in (section if isinstance(section, list) else [section]))
    yield from ((element_text(element), "itemprop") for element in _MARKED(page.tree)[:MAX_READ_ELEMENTS])
    for link in [*links_with_rel(page.tree, "category"), *_links_in(page.class_names.matching(_CATEGORY))]:
        if not is_elsewhere(link) and not is_authors(link):
            yield _without_label(element_text(link), page), "category-link"
    near = near_headline(page)
    yield from ((_without_label(text, page), "near-headline") for text in near.named + near.sections)
    yield from ((name, "menu") for name in by_address(page))
    if section := page.in_state().section:
        yield section, "state"
    yield from ((_without_label(text, page), "near-headline") for text in near.labels)
    for name in layer_sections(page.scripts.layers):
        # A name in small letters alone may be one of the site's own groups: a link or the address must have it too.
        shown = _as_shown(name, page)
        if shown != name or not _SLUG.fullmatch(name) or name in page.url.split("/")[3:]:
            yield shown, "data-layer"


def _without_label(text: str, page: ParsedPage) -> str:
    """A text without "in", "في" and similar words before the name of a section.

    Without a colon the rest must be the text of another link of the page, as of the menu: there are sections whose name
    begins with such a word.
    """
    rest = _LABEL.sub("", text, count=1)
    if rest == text or _WITH_COLON.match(text):
        return rest
    own = words(rest)
    return rest if any(words(link.text or "") == own for link in page.tree.iter("a")) else text


def _links_in(elements: list[HtmlElement]) -> list[HtmlElement]:
    """The links in these elements, each once, in order."""
    small = (element for element in elements[:_MAX_LINKS] if len(element_text(element)) <= _MAX_BOX)
    return list(dict.fromkeys(link for element in small for link in element.iter("a")))[:_MAX_LINKS]
