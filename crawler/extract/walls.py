"""Pages that stand in the place of an article, recognized by their structure in every language: bot checks, logins,
consent walls, maintenance. Only pages that show no sign of an article (`shows_article`) are judged."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import strip_elements
from lxml.html import HtmlElement

from crawler.extract.class_names import class_and_id
from crawler.extract.page import ParsedPage
from crawler.extract.published import LAST_RESORTS
from crawler.extract.tree import parse_html
from crawler.items import Article
from crawler.text import words
from crawler.urls import host_of

# Names in addresses, classes and attributes of the programs that check whether a visitor is a browser. Such names are
# the same in all languages. A page with text has them too, beside a form for comments.
_CHALLENGE = re.compile(
    r"challenge-platform|/cdn-cgi/challenge|challenges\.cloudflare|cf[-_]chl|cf-turnstile|g-recaptcha|recaptcha/|hcaptcha|"
    r"h-captcha|captcha-delivery|datadome|px-captcha|perimeterx|_Incapsula_Resource|ddos-guard|arkoselabs|funcaptcha|"
    r"geetest|smartcaptcha|awswaf|aws-waf|sucuri_cloudproxy|sec-cpt|friendly-?captcha|frc-captcha|qrator|"
    r"captcha[-_]?(?:form|box|image|container|input)|anubis_challenge|bot-?detect",
    re.IGNORECASE,
)
_RELOADS = re.compile(r"document\.cookie\s*=[\s\S]*\blocation\b|\blocation\.reload\s*\(")
_CONSENT = re.compile(
    r"consent|cookie[-_]?(?:wall|notice|banner|message|policy|dialog|modal|layer|box)|gdpr|dsgvo|rgpd|cmpbox|cmp-?wrapper|"
    r"onetrust|didomi|usercentrics|cookiebot|sp_message|quantcast|qc-cmp|privacy[-_]?(?:wall|gate|manager|dialog|modal|layer)",
    re.IGNORECASE,
)
# At an edge of a part of the title. Without 500 (as in "Fortune 500") and the rarer ones.
_STATUS = re.compile(r"(?:^|[|–—·:(-])\s*(?:40[34]|50[23])(?![\w.,:/-]\w|\w)|\b(?:40[34]|50[23])\s*(?:$|[|–—·:)]| -)")
_DIALOGS = ("dialog", "alertdialog")
_BUTTONS = ("submit", "button")

# Chosen by hand, on pages made for tests in ten languages and on 1,477 pages of the corpora, of which none may be a
# wall: see docs/decisions.md#a-wall-is-recognized-by-its-structure.
_TITLE_CHARS = 120
"""Characters of a title in which the number of an error is looked for."""

_TINY = 120
"""Words of a page that has no room for an article besides its menu."""

_SMALL = 400
"""Words of a page that may hold the explanations of a wall."""

_MIN_SHARE = 0.6
"""The share of a page's words in the form or dialog of a wall."""

_MIN_PROSE, _MAX_PROSE = 100, 1
"""Characters of a running paragraph, and how many a tiny page may have outside the form of a login."""

_FEW_LINKS = 2
"""Links to other pages of the site: a page with a menu has more."""

_RELOAD = re.compile(r"\s*\d+\s*;?\s*")
"""A refresh of the page itself. With another address it is a redirect."""


def shows_article(page: ParsedPage, article: Article) -> bool:
    """Whether a page declares an article, or shows its date or its authors."""
    if page.article or page.first_meta("article:published_time") or page.first_meta("og:type") == "article":
        return True
    is_dated = article.published is not None and article.published_from not in LAST_RESORTS
    return is_dated or (bool(article.authors) and article.provenance.get("authors") != "signature")


def is_wall(page: ParsedPage) -> bool:
    """Whether a page without signs of an article is a bot check, a login, a consent wall, or out of order."""
    tree = parse_html(page.html)  # as it came: dialogs and forms have been removed by now
    body = tree.find("body") if tree is not None else None
    if tree is None or body is None:
        return False
    scripts = [text for script in tree.iter("script") for text in (script.get("src"), script.text) if text]
    strip_elements(body, "script", "style", "template", "noscript", with_tail=False)
    count = _words_in(body)
    if count > _SMALL:
        return False
    is_tiny = count <= _TINY
    return (
        (is_tiny and (_has_challenge(body, scripts) or _is_out_of_order(page, tree)))
        or _is_login(body, is_tiny)
        or any(_words_in(dialog) >= count * _MIN_SHARE and _has_button(dialog) for dialog in _dialogs(body))
    )


def has_status(*titles: str) -> bool:
    """Whether a title or headline has the number of an error in HTTP, as the pages of errors have in all languages."""
    return any(len(title) <= _TITLE_CHARS and _STATUS.search(title) for title in titles)


def _has_challenge(body: HtmlElement, scripts: list[str]) -> bool:
    if any(_CHALLENGE.search(text) or _RELOADS.search(text) for text in scripts):
        return True
    holders = body.iter("form", "div", "iframe", "input", "img", "link")
    return any(_CHALLENGE.search(value) for element in holders for value in element.values())


def _is_out_of_order(page: ParsedPage, tree: HtmlElement) -> bool:
    """Whether a page has no menu, and tells search engines to leave it or browsers to load it again."""
    is_temporary = "noindex" in (page.first_meta("robots") or "").lower() or any(
        (meta.get("http-equiv") or "").lower() == "refresh" and _RELOAD.fullmatch(meta.get("content") or "")
        for meta in tree.iter("meta")
    )
    if not is_temporary:
        return False
    host = host_of(page.url)
    links = {url for link in tree.iter("a") if (url := page.other_page(link)) and host_of(url) == host}
    return len(links) <= _FEW_LINKS


def _is_login(body: HtmlElement, is_tiny: bool) -> bool:
    """Whether a form with a password is what a page is about, not one of a menu: hardly any text is outside it."""
    for field in body.iter("input"):
        if (field.get("type") or "").lower() == "password":
            form = next((holder for holder in field.iterancestors() if holder.tag == "form"), field)
            outside = [p for p in body.iter("p", "div", "td") if _is_prose(p) and form not in (p, *p.iterancestors())]
            return len(outside) <= (_MAX_PROSE if is_tiny else 0)
    return False


def _dialogs(body: HtmlElement) -> Iterator[HtmlElement]:
    """Dialogs, and the parts with the name of a consent tool; not what holds the parts of a whole page."""
    for element in body.iterdescendants():
        is_dialog = element.tag == "dialog" or element.get("role") in _DIALOGS or element.get("aria-modal") == "true"
        names = f"{class_and_id(element)} {element.get('action') or ''}"
        if (is_dialog or _CONSENT.search(names)) and next(
            element.iter("nav", "header", "main", "article"), None
        ) is None:
            yield element


def _has_button(element: HtmlElement) -> bool:
    """Whether there is something to press: a button, or a link that is shown as one."""
    return any(
        control.tag == "button" or control.get("type") in _BUTTONS or control.get("role") == "button"
        for control in element.iter("button", "input", "a")
    )


def _is_prose(element: HtmlElement) -> bool:
    return len((element.text or "").strip()) >= _MIN_PROSE


def _words_in(element: HtmlElement) -> int:
    return len(words(" ".join(element.itertext())))
