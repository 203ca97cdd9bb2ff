"""The language of an article: what the page declares, checked against the script and the words of the text."""

from __future__ import annotations

import re
from collections import Counter

from crawler.extract.jsonld import text_value
from crawler.extract.page import ParsedPage
from crawler.extract.title import FieldValue
from crawler.text import word_set

_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
_SCRIPT_OF = {
    **dict.fromkeys(word_set("ar fa ur ckb ps ug sd"), "arabic"),
    **dict.fromkeys(word_set("ru uk bg sr mk be kk ky"), "cyrillic"),
}
_OTHER_SCRIPTS = word_set("zh ja ko he yi el hi bn ta te ml th ka hy am my km lo si ne mr gu kn pa")
# Letters of Persian that Arabic lacks, and two with code points of their own in Persian.
_PERSIAN = re.compile("[پچژگکی]")
_URDU = re.compile("[ٹڈڑےں]")
# Scripts of one language; kana before Han, which Japanese uses too.
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
# The most common words of languages in Latin and Cyrillic script, without words of several languages where possible.
_COMMON_WORDS = {
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
# Checked together against py3langid on 751 real pages:
# docs/decisions.md#the-declared-language-is-checked-against-script-and-common-words
# No measurement of a single number is recorded. `make score` shows a change in `language` of the corpus arabic.
_MIN_WORDS = 40
"""Words of a text below which its common words prove nothing."""

_MIN_COMMON = 0.1
"""The share of common words that a text in one of these languages has at least."""

_MORE_COMMON = 3
"""A declaration is overruled if another language has this many times more common words."""

_MIN_URDU, _MIN_PERSIAN = 0.02, 0.03
"""The share of letters of its own from which a text in Arabic script is in Urdu or Persian."""

_PLAIN = re.compile(r"[\x00-\u024f]+")
"""Characters outside all scripts of one language; most texts have no others."""

_SAMPLE = 3000
"""Characters of a text that are looked at."""

_MIN_LETTERS = 40
_WORD = re.compile(r"[^\W\d_]+")


def find_language(page: ParsedPage, text: str) -> FieldValue | None:
    """ISO 639-1: the first declaration that fits the text's script and words, else the profile's, else the text's."""
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
    """The language of a text in a script that only one language uses."""
    sample = _PLAIN.sub("", text[:_SAMPLE])
    return next((code for code, letters in _ONE_LANGUAGE if len(letters.findall(sample)) >= _MIN_LETTERS), None)


def _common_words(text: str) -> dict[str, float]:
    """Language → share of its most common words in a text; empty if no share is high enough."""
    own = _WORD.findall(text[:_SAMPLE].lower())
    if len(own) < _MIN_WORDS:
        return {}
    counts = Counter(own)
    shares = {
        code: sum(counts[word] for word in counts.keys() & common) / len(own) for code, common in _COMMON_WORDS.items()
    }
    return shares if max(shares.values()) >= _MIN_COMMON else {}


def _declared(page: ParsedPage) -> list[tuple[str, str]]:
    html = page.tree.getroottree().getroot()
    declared = [
        (html.get("lang") or html.get("xml:lang") or "", "html:lang"),
        (text_value(page.article.get("inLanguage")), "json-ld"),
    ]
    declared += [
        (page.first_meta(name) or "", f"meta:{name}")
        for name in ("og:locale", "content-language", "language", "dc.language", "inlanguage")
    ]
    return [(value, signal) for value, signal in declared if value]


def _script(text: str) -> str | None:
    sample = text[:_SAMPLE]
    counts = {
        "arabic": _count(_ARABIC, sample),
        "latin": _count(_LATIN, sample),
        "cyrillic": _count(_CYRILLIC, sample),
    }
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= _MIN_LETTERS else None


def _count(letters: re.Pattern[str], text: str) -> int:
    """How many characters of a text are these letters: by runs of them, which are fewer than letters."""
    return sum(map(len, letters.findall(text)))


def _fits(code: str, script: str) -> bool:
    return code not in _OTHER_SCRIPTS and _SCRIPT_OF.get(code, "latin") == script


def _arabic_script_language(text: str) -> str:
    sample = text[:_SAMPLE]
    letters = _count(_ARABIC, sample)
    if len(_URDU.findall(sample)) > letters * _MIN_URDU:
        return "ur"
    return "fa" if len(_PERSIAN.findall(sample)) > letters * _MIN_PERSIAN else "ar"
