"""The language of an article: what the page declares, checked against the script it is written in."""

from __future__ import annotations

import re
from collections import Counter

from crawler.extract.jsonld import text_value
from crawler.extract.page import ParsedPage
from crawler.extract.title import FieldValue
from crawler.text import word_set

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
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
    ("hy", re.compile(r"[\u0531-\u0587]")),
    ("ka", re.compile(r"[\u10d0-\u10ff]")),
)
# The commonest words of languages in Latin and Cyrillic script, those of several languages left out where that is easy.
_COMMON = {
    "en": word_set("the and of to is was for that with on are by this from have has it be as not"),
    "de": word_set("der die und das ist von den mit nicht auf für ein eine dem sich des auch als werden im wird"),
    "fr": word_set("les des est une dans pour qui sur pas par plus avec ce ont aux cette du et il au"),
    "es": word_set("los las del por con una para como más pero sus fue este ha al el y es lo según"),
    "pt": word_set("os dos das uma para com não mais como foi ao pela são também seu pelo em do da e"),
    "it": word_set("di che il per della sono con del nel una gli alla più anche dei delle ha non è i"),
    "nl": word_set("het een van en dat niet voor met zijn aan ook maar bij naar wordt heeft op te uit"),
    "tr": word_set("ve bir bu için ile olarak da de daha çok olan gibi kadar sonra ancak en ise olduğu"),
    "pl": word_set("się nie jest na że do to jak przez oraz który są dla po ale czy będzie od także"),
    "sv": word_set("och att det som är på av för inte med den till har om ett var kan från men"),
    "no": word_set("og det er som på av ikke til med har en for at den om et var fra seg etter"),
    "da": word_set("og det er som på af ikke til med har en for at den om et var fra sig efter"),
    "id": word_set("yang dan di untuk dengan ini itu dari pada dalam tidak akan juga oleh telah ke bisa"),
    "cs": word_set("se na že je to v s za do pro jako by který podle ale od jsou jeho byl také"),
    "ru": word_set("и в не на что с по это как он из за от но для его был также к о"),
    "uk": word_set("і в не на що з та до як це за від але для його був також у про"),
}
_SAME = {"nb": "no", "nn": "no"}
_MIN_WORDS = 40
_MIN_COMMON = 0.1
_MORE_COMMON = 3
"""How many times more common words another language must have, so that a declaration is not believed."""

_PLAIN = re.compile(r"[\x00-\u024f]+")
"""What no script of one language has; most texts are nothing else."""

_SAMPLE = 3000
_MIN_LETTERS = 40
_WORD = re.compile(r"[^\W\d_]+")


def find_language(page: ParsedPage, text: str) -> FieldValue | None:
    """ISO 639-1: the first declaration that fits the text's script and words; else the profile's; else the text's."""
    script = _script(text)
    alone = _language_of_script(text)
    shares = _common_words(text) if script in ("latin", "cyrillic") else {}
    likely = max(shares, key=lambda code: shares[code], default=None)
    for declared, signal in _declared(page):
        code = re.split(r"[-_]", declared.strip().lower())[0]
        fits = alone is None or code in _OTHER_SCRIPTS if script is None else _fits(code, script)
        if not re.fullmatch(r"[a-z]{2}", code) or not fits:
            continue
        if likely is None or shares[likely] < shares.get(_SAME.get(code, code), _MIN_COMMON) * _MORE_COMMON:
            return FieldValue(code, signal)
    if page.profile and page.profile.language:
        return FieldValue(page.profile.language, "profile")
    if script == "arabic":
        return FieldValue(_arabic_script_language(text), "script")
    if alone:
        return FieldValue(alone, "script")
    return FieldValue(likely, "words") if likely else None


def _language_of_script(text: str) -> str | None:
    """The language that a script gives away, if a text is written in such a one."""
    sample = _PLAIN.sub("", text[:_SAMPLE])
    return next((code for code, letters in _ONE_LANGUAGE if len(letters.findall(sample)) >= _MIN_LETTERS), None)


def _common_words(text: str) -> dict[str, float]:
    """Language → share of its commonest words in a text, where that is high enough to tell something."""
    own = _WORD.findall(text[:_SAMPLE].lower())
    if len(own) < _MIN_WORDS:
        return {}
    counts = Counter(own)
    shares = {code: sum(counts[word] for word in counts.keys() & common) / len(own) for code, common in _COMMON.items()}
    return shares if max(shares.values()) >= _MIN_COMMON else {}


def _declared(page: ParsedPage) -> list[tuple[str, str]]:
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
