"""The type of a page: an article, or something that must not be stored as one."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.extract.class_names import name_pattern
from crawler.extract.jsonld import ARTICLE_TYPES, types_of
from crawler.extract.page import ParsedPage, element_text
from crawler.extract.walls import has_status, is_wall
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
_PAYWALL_WORDS = ("paywall", "regwall", "subscriber-only", "subscription-wall", "piano", "tp-container", "premium")
"""Each of these names contains one of them."""
# What is news: see docs/decisions.md#news-is-what-does-not-say-that-it-is-something-else.
_OTHER_TYPES = word_set("AboutPage ContactPage CheckoutPage QAPage DiscussionForumPosting Product ProductGroup")
_NEVER_NEWS_TYPES = word_set("PodcastEpisode PodcastSeries JobPosting")
_OTHER_OG_TYPES = ("product", "profile", "music")
_STANDING_TITLES = phrases("""
    About|About us|About this site|Contact|Contact us|Privacy|Privacy policy|Privacy notice|Cookie policy|Terms of use
    Terms of service|Terms and conditions|Advertise|Advertise with us|Our team|Editorial policy|Newsletter|Imprint
    Impressum|Datenschutz|Datenschutzerklärung|Kontakt|Über uns|AGB|Mentions légales|Qui sommes-nous|Contactez-nous
    Politique de confidentialité|Aviso legal|Quiénes somos|Contacto|Política de privacidad|Chi siamo|Contatti
    Hakkımızda|İletişim|Künye|Gizlilik politikası|من نحن|حول الموقع|عن الموقع|اتصل بنا|تواصل معنا|سياسة الخصوصية
    شروط الاستخدام|أعلن معنا|هيئة التحرير|درباره ما|تماس با ما
""")
_LIST_TITLES = phrases("search results|archives|archive|latest news|نتائج البحث|أرشيف")

# All numbers below were chosen by hand; no measurement is recorded for any of them, and no figure of `make score`
# covers the page type: tests/test_extract_text_patterns.py and tests/pages/ test it.
_TITLE_CHARS = 200
"""Characters of a title in which an error is looked for."""

_NOTICE_CHARS = 1500
"""Characters of body below which a page can be an error or a bot wall, and an element with the class name of a
paywall counts. Sites put the same hidden subscription box into free articles, which are longer than this."""

_WALL_BODY = 3000
"""Characters of body below which a page can be a wall by its structure: the explanations of consent walls are long."""

_SHORT_BODY = 400
"""Characters of body below which a page with pictures or a film is not an article."""

_MIN_CAPTIONED_BODY = 150
"""Characters of body from which a gallery that is also declared an article is one."""

_MIN_BOX_CHARS, _MAX_BOXES = 20, 5
"""What an element with the class name of a paywall must show, and how many of them are looked at."""

_WALL_CHARS = 20_000
"""Characters of a page in which a wall's sentences are looked for: a bound for the time, no page of a wall has more."""

_WALL_WORDS = 400
"""A page with more words than this is not a wall."""

_BARE_WALL_WORDS = 150
"""A page with fewer words than this is a wall by its sentences alone, whatever its title."""

_MIN_LINK_CHARS, _MAX_CARD_CHARS = 20, 600
"""An <article> with such a link and less text than this is a card."""

_MIN_CARDS, _MIN_CARD_SHARE = 5, 0.8
_MIN_PROSE, _MAX_PROSE = 100, 2
"""A list has at most this many paragraphs of that length outside its cards."""

_MAX_LIST_BODY = 3000
_FREE_NO = ("false", "no")
_PAID_TIERS = ("locked", "metered", "paid")


def page_type(page: ParsedPage, paragraphs: list[str], *, is_signed: bool = True) -> PageType:
    """Judge a page by its title, its linked data and the length of its text, and one that is not signed by its
    structure: see `shows_article`."""
    body = sum(map(len, paragraphs))
    shown = element_text(page.headline) if page.headline is not None else ""
    if body < _NOTICE_CHARS and not page.article:
        if any(_ERROR_TITLE.search(text[:_TITLE_CHARS]) for text in (page.title, shown)):
            return "error"
        if _is_blocked(page, shown):
            return "blocked"
        if not is_signed and has_status(page.title, shown):
            return "error"
    if body < _WALL_BODY and not is_signed and is_wall(page):
        return "blocked"
    kinds = set().union(*(types_of(node) for node in page.nodes)) if page.nodes else set()
    if not page.article and not kinds & ARTICLE_TYPES and _is_other(page, kinds, shown):
        return "other"
    if not page.article and _is_list(page, kinds, body):
        return "list"
    is_article = bool(kinds & ARTICLE_TYPES) and body >= _MIN_CAPTIONED_BODY
    if body < _SHORT_BODY and kinds & _GALLERY_TYPES and not is_article:
        return "gallery"
    if body < _SHORT_BODY and (page.first_meta("og:type") or "").startswith("video"):
        return "gallery"
    return "article"


def is_paywalled(page: ParsedPage, paragraphs: list[str]) -> bool:
    """Whether the page declares that its text is not free, or shows the box of a paywall under a short text."""
    for node in (page.article, page.web_page):
        if str(node.get("isAccessibleForFree", "")).lower() in _FREE_NO:
            return True
    if (page.first_meta("article:content_tier", "og:article:content_tier") or "").lower() in _PAID_TIERS:
        return True
    if sum(map(len, paragraphs)) > _NOTICE_CHARS:
        return False
    boxes = page.class_names.matching(_PAYWALL_CLASS)[:_MAX_BOXES]
    return any(len(element_text(element)) >= _MIN_BOX_CHARS for element in boxes)


def may_show_paywall(html: str, paragraphs: list[str]) -> bool:
    """Whether a page may have a paywall's box anywhere: its text is short, and its markup has the name of one."""
    if sum(map(len, paragraphs)) > _NOTICE_CHARS:
        return False
    lowered = html.lower()
    return any(word in lowered for word in _PAYWALL_WORDS)


def _is_other(page: ParsedPage, kinds: set[str], shown: str) -> bool:
    """Whether a page that declares no article is none: it declares another type, or is a page that every site has."""
    if kinds & _NEVER_NEWS_TYPES:
        return True
    if page.first_meta("article:published_time"):
        return False
    og_type = (page.first_meta("og:type") or "").lower()
    if og_type.partition(".")[0] in _OTHER_OG_TYPES or tuple(words(shown)) in _STANDING_TITLES:
        return True
    others = kinds & _OTHER_TYPES
    return bool(others) and not (others == {"Product"} and _is_reviewed(page))


def _is_reviewed(page: ParsedPage) -> bool:
    """Whether the product of a page is the subject of a review, and not for sale."""
    products = [node for node in page.nodes if "Product" in types_of(node)]
    return all(node.get("review") and not node.get("offers") for node in products)


def _is_blocked(page: ParsedPage, shown: str) -> bool:
    """Whether a page without an article of its own is a bot check or a consent wall."""
    body = page.tree.find("body")
    text = str(body.text_content())[:_WALL_CHARS] if body is not None else ""
    length = len(text.split())
    if length > _WALL_WORDS or not _BLOCKED_TEXT.search(text):
        return False
    return bool(_BLOCKED_TITLE.search(page.title) or _BLOCKED_TITLE.search(shown)) or length < _BARE_WALL_WORDS


def _is_list(page: ParsedPage, kinds: set[str], body: int) -> bool:
    """Whether a page is one of cards: it declares so or has many of them, and hardly any running text outside them."""
    if page.first_meta("og:type") == "article" or page.first_meta("article:published_time"):
        return False
    articles = list(page.tree.iter("article"))
    cards = [article for article in articles if _is_card(article)]
    is_declared = bool(kinds & _LIST_TYPES) or (
        page.headline is not None and tuple(words(element_text(page.headline))) in _LIST_TITLES
    )
    if not is_declared and (len(cards) < _MIN_CARDS or len(cards) < len(articles) * _MIN_CARD_SHARE):
        return False
    in_cards = {element for card in cards for element in card.iter("p")}
    prose = [p for p in page.tree.iter("p") if p not in in_cards and len(p.text_content()) >= _MIN_PROSE]
    return len(prose) <= _MAX_PROSE and body < _MAX_LIST_BODY


def _is_card(article: HtmlElement) -> bool:
    has_title = any(len(element_text(link)) > _MIN_LINK_CHARS for link in article.iter("a"))
    return has_title and len(element_text(article)) < _MAX_CARD_CHARS
