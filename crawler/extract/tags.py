"""The tags: the topics that the site gives an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml.html import HtmlElement

from crawler.extract.class_names import class_and_id, name_pattern
from crawler.extract.jsonld import text_value
from crawler.extract.page import ParsedPage, element_text, is_elsewhere
from crawler.extract.section_links import is_in_menu
from crawler.extract.title import site_names
from crawler.extract.tree import links_with_rel
from crawler.text import clean, phrases, word_set, words

_TAGS = name_pattern("tags?|tag-?(?:list|links|cloud)|tagcloud|article-?tags|post-?tags|entry-?tags|topics|keywords")
_POST = re.compile(r"(?:^|\s)(?:post-\d+|type-\w+)(?:\s|$)")
_WHOLE_ARTICLES = word_set("article main body")
_TAG_PATH = re.compile(
    r"/(?:tags?|tagged|topics?|themen?|tema|temas|keywords?|labels?|hashtags?|schlagworte?|stichworte?|etiquetas?|"
    r"mots-cles|وسم|وسوم|الوسوم|كلمات|برچسب)/[^/?#]",
    re.IGNORECASE,
)
_TAG_HEADINGS = frozenset(
    """
tag,tags,topic,topics,related topics,keywords,filed under,in this story,more about,read more about,themen,schlagworte,
schlagwörter,stichworte,mehr lesen über,temas,etiquetas,más sobre,mots-clés,mots clés,thèmes,en savoir plus sur,
argomenti,теги,темы,etiketler,وسوم,الوسوم,كلمات مفتاحية,الكلمات المفتاحية,كلمات دلالية,الكلمات الدلالية,كلمات دالة,
الكلمات الدالة,مواضيع,المواضيع,هاشتاغ,دلالات,المزيد عن,برچسب ها,برچسب‌ها,کلیدواژه ها,کلیدواژه‌ها,タグ,キーワード,
关键词,关键字,關鍵詞,關鍵字,标签,標籤,태그,키워드""".replace("\n", "").split(",")
)
# Words in the place of a tag.
_NO_TAGS = phrases("""
all|more|all tags|all topics|see all|show all|view all|home|themen|alle themen|все|الكل|المزيد|كل الوسوم|rss|rss 2.0
edit|share|comment|comments|show more|read more|tags|view all tags|back to blog|もっと見る|更多|더보기|عرض المزيد
""")
# Keywords that content systems write for their own use: identifiers, codes of agencies, "Page Type: Article", whole
# addresses.
_MACHINE_TAG = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}|^\d+$|://|\w\.(?:com|org|net)$|^(?:page |article )?type: |"
    r"^(?:day|time|wc|language|source|section|channel|template|author|format): |^(?:medtop|subj|iptc|ninjs|isot?)[:/]|"
    r"^[a-z]{2,30}[:=]\S+$|^(?:[a-z0-9]+[-_]){3,}[a-z0-9]+$|^[a-z]+(?:_[a-z0-9]+)*_\d+$",
    re.IGNORECASE,
)
_TAG_LABEL = re.compile(r"^(?:subject|topic|tag|keyword|category|partner|location|person)s?:\s*", re.IGNORECASE)
_COUNTER = re.compile(r"^\(\d+\)\s*|\s*\(\d+\)$")
_PATH = re.compile(
    r"^(?:topics?|subjects?|news|categor(?:y|ies)|tags?|content)/(?:.*/)?|^(?:[^/]{2,}/){2,}", re.IGNORECASE
)
"""What stands before the last name where a tag is the path of a thesaurus: "Topic/World/Europe"."""

# Unless its comment gives a measurement, a number was chosen by hand and no measurement of it is recorded. `make score`
# shows a change in `topics_r` of fundus_tests.
_MAX_TAG, _MAX_TAGS = 80, 50
_MAX_TAG_BOXES = 5
"""How many different class names of tag boxes are tried."""

_MAX_PLAIN_WORDS = 4
"""Keywords without a comma and with more words than this are not a tag. Where nothing else gives tags, each of their
words is one. With tags in elements of their own this raised `topics_r` of 128 pages from .750 to .798."""

_MAX_LINK_WORDS = 5
"""Words of a link to a tag, which no class name marks."""

_HEADING_TAGS = ("h2", "h3", "h4", "h5", "h6", "p", "span", "div", "strong", "b", "dt", "li", "label", "td", "em")
_MAX_HEADING = 40
"""Characters of a heading above tags, and of what else may stand between them."""

_AROUND_HEADING = " \t\r\n\xa0:："
_MAX_WRITTEN = 100
"""The same with the white space of the source."""

_BOX_LEVELS = 7
"""How far around its heading a box of tags reaches."""

_FRAME_LEVELS = 4
"""How far above the headline the links to the article's tags may be: further away are those of menus and sidebars."""

_MAX_AROUND = 2
"""Such a link in a text with more than this many times the text of all links is part of a sentence."""


def find_tags(page: ParsedPage, others: list[str]) -> list[str]:
    """The keywords for news, else the tags of the head, else of the linked data, else the tag links under the article.

    `others` are texts that are no tags of the article: its title, section, authors. Nor are the site's names.
    """
    left_out = {tuple(words(other)) for other in others} | {tuple(name) for name in site_names(page)}
    for texts in _tags(page):
        tags: dict[tuple[str, ...], str] = {}
        for text in texts:
            tag = _as_tag(text)
            own = tuple(words(tag))
            if own and len(tag) <= _MAX_TAG and own not in left_out and own not in _NO_TAGS:
                tags.setdefault(own, tag)
        if tags:
            return list(tags.values())[:_MAX_TAGS]
    return []


def _as_tag(text: str) -> str:
    """A keyword without labels, counters and the path of its thesaurus; empty if it is none for readers."""
    tag = _TAG_LABEL.sub("", clean(text).strip("#,;:،؛ "))
    return "" if _MACHINE_TAG.search(tag) else _COUNTER.sub("", _PATH.sub("", tag)).strip()


def _tags(page: ParsedPage) -> Iterator[list[str]]:
    yield list(_split(page.meta.get("news_keywords")))
    yield list(_split(page.meta.get("article:tag"), any_length=True))
    yield list(_split(page.article.get("keywords")))
    yield list(_split(page.meta.get("parsely-tags"), any_length=True))
    links = [link for link in links_with_rel(page.tree, "tag") if "category" not in (link.get("rel") or "")]
    yield [element_text(link) for link in links[:_MAX_TAGS]]
    boxes = [box for box in page.class_names.matching(_TAGS)[:_MAX_TAGS] if _may_hold_tags(box)]
    for name in list(dict.fromkeys(map(class_and_id, boxes)))[:_MAX_TAG_BOXES]:
        alike = [box for box in boxes if class_and_id(box) == name]
        yield [element_text(part) for box in alike for part in list(box.iter("a")) or _linked(box)][:_MAX_TAGS]
    yield page.in_state().tags
    yield _below_heading(page)
    yield list(_split(page.meta.get("keywords")))
    yield _tag_links(page)
    for name in ("news_keywords", "keywords"):
        yield [word for text in page.meta.get(name, ()) for word in text.split()]


def _may_hold_tags(box: HtmlElement) -> bool:
    """Whether a box with the class name of tags is one, not the article itself: WordPress gives it "tag-bridges"."""
    return box.tag not in _WHOLE_ARTICLES and not _POST.search(class_and_id(box)) and not is_elsewhere(box)


def _below_heading(page: ParsedPage) -> list[str]:
    """The short links beside or below a heading such as "Tags:" or "الوسوم", if there is nothing else."""
    for heading in page.tree.iter(*_HEADING_TAGS):
        text = heading.text
        if text and len(text) <= _MAX_WRITTEN and text.strip(_AROUND_HEADING).lower() in _TAG_HEADINGS:
            links = _links_beside(heading)
            texts = [element_text(link) for link in links]
            if texts and all(len(words(one)) <= _MAX_LINK_WORDS for one in texts) and not is_in_menu(links[0]):
                return texts
    return []


def _links_beside(heading: HtmlElement) -> list[HtmlElement]:
    """The links in the first element around a heading that has any, if it has hardly more than these."""
    box: HtmlElement | None = heading
    for _ in range(_BOX_LEVELS):
        if box is None or box.tag in _WHOLE_ARTICLES:
            return []
        if links := list(box.iter("a"))[:_MAX_TAGS]:
            shown = len(element_text(box)) - sum(len(element_text(link)) + 1 for link in links)
            return links if shown <= _MAX_HEADING else []
        box = box.getparent()
    return []


def _tag_links(page: ParsedPage) -> list[str]:
    """The texts of links to tags that stand together: most of those whose address says so, outside sentences."""
    groups: dict[HtmlElement, list[str]] = {}
    for link in _links_after(page):
        if not _TAG_PATH.search(unquote(link.get("href") or "")):
            continue
        text = element_text(link)
        if text and len(words(text)) <= _MAX_LINK_WORDS and not is_in_menu(link):
            above = link.getparent()
            while above is not None and above.tag in ("li", "span") and above.getparent() is not None:
                above = above.getparent()
            if above is not None:
                groups.setdefault(above, []).append(text)
    own = [texts for above, texts in groups.items() if len(element_text(above)) <= _MAX_AROUND * len("".join(texts))]
    return max(own, key=len, default=[])


def _links_after(page: ParsedPage) -> Iterator[HtmlElement]:
    """The links behind the headline, in the elements around it up to some levels away."""
    above = page.headline
    for _ in range(_FRAME_LEVELS):
        if above is None or above.tag in ("body", "html"):
            return
        for sibling in above.itersiblings():
            yield from sibling.iter("a")
        above = above.getparent()


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
