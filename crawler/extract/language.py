"""The language of an article: what the page declares, checked against the script it is written in."""

from __future__ import annotations

import re

from crawler.extract.jsonld import text_value
from crawler.extract.markers import word_set
from crawler.extract.page import Page
from crawler.extract.title import Found

_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_SCRIPT_OF = {
    **dict.fromkeys(word_set("ar fa ur ckb ps ug sd"), "arabic"),
    **dict.fromkeys(word_set("ru uk bg sr mk be kk ky"), "cyrillic"),
}
_OTHER_SCRIPTS = word_set("zh ja ko he yi el hi bn ta te ml th ka hy am my km lo si ne mr gu kn pa")
# Letters that Persian has and Arabic has not, and the two that Persian writes with their own code points.
_PERSIAN = re.compile("[پچژگکی]")
_URDU = re.compile("[ٹڈڑےں]")
# Scripts that give the language away; kana before Han, which Japanese writes too.
_ONE_LANGUAGE = (
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("th", re.compile(r"[\u0e01-\u0e5b]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
    ("el", re.compile(r"[\u0391-\u03ce]")),
)
_SAMPLE = 3000
_MIN_LETTERS = 40


def find_language(page: Page, text: str) -> Found | None:
    """ISO 639-1: the first declaration that fits the script of the text; else the profile's; else the script's."""
    script = _script(text)
    for declared, signal in _declared(page):
        code = re.split(r"[-_]", declared.strip().lower())[0]
        if re.fullmatch(r"[a-z]{2}", code) and (script is None or _fits(code, script)):
            return Found(code, signal)
    if page.profile and page.profile.language:
        return Found(page.profile.language, "profile")
    if script == "arabic":
        return Found(_arabic_script_language(text), "script")
    for code, letters in _ONE_LANGUAGE:
        if len(letters.findall(text[:_SAMPLE])) >= _MIN_LETTERS:
            return Found(code, "script")
    return None


def _declared(page: Page) -> list[tuple[str, str]]:
    html = page.tree.getroottree().getroot()
    found = [
        (html.get("lang") or html.get("xml:lang") or "", "html:lang"),
        (text_value(page.article.get("inLanguage")), "json-ld"),
    ]
    found += [
        (page.first_meta(name) or "", f"meta:{name}")
        for name in ("og:locale", "content-language", "language", "dc.language", "inlanguage")
    ]
    return [(value, signal) for value, signal in found if value]


def _script(text: str) -> str | None:
    sample = text[:_SAMPLE]
    counts = {
        "arabic": len(_ARABIC.findall(sample)),
        "latin": len(_LATIN.findall(sample)),
        "cyrillic": len(_CYRILLIC.findall(sample)),
    }
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= _MIN_LETTERS else None


def _fits(code: str, script: str) -> bool:
    return code not in _OTHER_SCRIPTS and _SCRIPT_OF.get(code, "latin") == script


def _arabic_script_language(text: str) -> str:
    sample = text[:_SAMPLE]
    letters = len(_ARABIC.findall(sample))
    if len(_URDU.findall(sample)) > letters * 0.02:
        return "ur"
    return "fa" if len(_PERSIAN.findall(sample)) > letters * 0.03 else "ar"
