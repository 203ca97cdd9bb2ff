"""What kind of page it is: an article, or something that must not be stored as one."""

from __future__ import annotations

import re

from crawler.extract.class_names import name_pattern
from crawler.extract.jsonld import ARTICLE_TYPES, types_of
from crawler.extract.page import ParsedPage, element_text
from crawler.items import PageType
from crawler.text import phrases, word_set, words

_BLOCKED_TITLE = re.compile(
    r"just a moment|attention required|checking your browser|access denied|are you (?:a )?(?:human|robot)|"
    r"robot check|captcha|pardon our interruption|security check|verify you are|ddos.guard|bot verification|"
    r"request blocked|human verification|one more step|please wait|before you continue|your privacy|"
    r"cookie (?:consent|wall)|consent|التحقق من|يرجى الانتظار",
    re.IGNORECASE,
)
_BLOCKED_TEXT = re.compile(
    r"checking (?:if the site connection is secure|your browser)|enable javascript and cookies|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human|unusual (?:traffic|activity)|ray id|complete the captcha|"
    r"you have been blocked|automated access|we(?: and our partners)? use cookies|accept (?:all )?cookies|"
    r"we value your privacy|before you continue|نستخدم ملفات تعريف الارتباط",
    re.IGNORECASE,
)
_ERROR_TITLE = re.compile(
    r"^\W*(?:error\s*)?(?:40[0-9]|410|50[0-4])\b|page (?:not|cannot be|can.t be) found|not found|"
    r"(?:could|can) ?no?t find (?:the|that|this) (?:page|story|article)|"
    r"page (?:is )?(?:unavailable|no longer available)|internal server error|service unavailable|bad gateway|"
    r"الصفحة غير موجودة|لم يتم العثور|صفحة غير موجودة|خطأ 404|صفحه مورد نظر یافت نشد|page introuvable|"
    r"seite nicht gefunden|página no encontrada",
    re.IGNORECASE,
)
_LIST_TYPES = word_set("CollectionPage SearchResultsPage ProfilePage")
_GALLERY_TYPES = word_set("ImageGallery MediaGallery VideoGallery VideoObject")
_PAYWALL_CLASS = name_pattern(
    "paywall|regwall|subscriber-only|subscription-wall|piano-?offer|tp-container-inner|premium-?(?:wall|gate)"
)
_SHORT_BODY = 400
_TEASER = 1500
"""Characters. Sites put the same, hidden, subscription box into free articles too, which are longer than that."""
_LIST_TITLES = phrases("search results|archives|archive|latest news|نتائج البحث|أرشيف")


def page_type(page: ParsedPage, paragraphs: list[str]) -> PageType:
    """Judge the page by its title, its linked data and how much running text it has."""
    title = page.tree.findtext(".//title") or ""
    body = sum(map(len, paragraphs))
    shown = element_text(page.headline) if page.headline is not None else ""
    if body < 1500 and (_ERROR_TITLE.search(title[:200]) or _ERROR_TITLE.search(shown[:200])) and not page.article:
        return "error"
    if body < 1500 and _is_blocked(page, title, shown):
        return "blocked"
    kinds = set().union(*(types_of(node) for node in page.nodes)) if page.nodes else set()
    if not page.article and _is_list(page, kinds, body):
        return "list"
    if body < _SHORT_BODY and kinds & _GALLERY_TYPES and not (kinds & ARTICLE_TYPES and body >= 150):
        return "gallery"
    if body < _SHORT_BODY and (page.first_meta("og:type") or "").startswith("video"):
        return "gallery"
    return "article"


def is_paywalled(page: ParsedPage, paragraphs: list[str]) -> bool:
    """Whether the page says that its text is not free; an element named so counts only under a short text."""
    for node in (page.article, page.web_page):
        if str(node.get("isAccessibleForFree", "")).lower() in ("false", "no"):
            return True
    if (page.first_meta("article:content_tier", "og:article:content_tier") or "").lower() in (
        "locked",
        "metered",
        "paid",
    ):
        return True
    if sum(map(len, paragraphs)) > _TEASER:
        return False
    return any(len(element_text(element)) >= 20 for element in page.class_names.matching(_PAYWALL_CLASS)[:5])


def _is_blocked(page: ParsedPage, title: str, shown: str) -> bool:
    if page.article:
        return False
    body = page.tree.find("body")
    text = str(body.text_content())[:20_000] if body is not None else ""
    if len(text.split()) > 400:
        return False
    return bool(_BLOCKED_TEXT.search(text)) and (
        bool(_BLOCKED_TITLE.search(title) or _BLOCKED_TITLE.search(shown)) or len(text.split()) < 150
    )


def _is_list(page: ParsedPage, kinds: set[str], body: int) -> bool:
    """A page of cards: it says so or has many, and hardly any running text stands outside them."""
    if page.first_meta("og:type") == "article" or page.first_meta("article:published_time"):
        return False
    articles = list(page.tree.iter("article"))
    cards = [
        a for a in articles if any(len(element_text(link)) > 20 for link in a.iter("a")) and len(element_text(a)) < 600
    ]
    named = bool(kinds & _LIST_TYPES) or (
        page.headline is not None and tuple(words(element_text(page.headline))) in _LIST_TITLES
    )
    if not named and (len(cards) < 5 or len(cards) < len(articles) * 0.8):
        return False
    in_cards = {element for card in cards for element in card.iter("p")}
    prose = [p for p in page.tree.iter("p") if p not in in_cards and len(p.text_content()) >= 100]
    return len(prose) <= 2 and body < 3000
