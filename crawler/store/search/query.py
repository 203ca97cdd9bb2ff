"""What a search query asks for: words, phrases and beginnings of words, each in the forms that Arabic writes it in.

Arabic attaches conjunctions, prepositions and the article to a word: وبالمدرسة is "and in the school". The index holds
the words as they are written, folded; a query asks for every form. So a better rule needs no new index, and a word that
merely begins like a prefix (وزير, بلدية) is always found by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from crawler.text import fold

MAX_TERMS = 32
"""FTS5 takes a nested expression of some depth only, and nobody asks for more."""

_CONJUNCTIONS = ("", "و", "ف")
_PREPOSITIONS = ("ب", "ك", "ل")
_DEFINITE = re.compile(r"(?:[وف]?[بك]?ال|[وف]?لل)(?!له$)(?=\w{2})")  # الله is no form of له
_ATTACHED = re.compile(r"(?:[وف][بكل]|[وفبكل])(?=\w{3})")
_ARABIC = re.compile(r"[\u0621-\u064a]")
# مسؤول in Damascus is مسئول in Cairo. The index has the seat of the hamza as it is written.
_OTHER_SEAT = str.maketrans("ؤئ", "ئؤ")
_PIECE = re.compile(r'"([^"]*)"?(\*?)|([^\s"]+)')


class QueryError(ValueError):
    """A query that cannot be searched for; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must occur one after another."""

    firsts: tuple[str, ...]
    """Forms of the first word; one of them will do. The first is the word as it was asked for."""

    rest: tuple[str, ...] = ()
    is_prefix: bool = False
    """Whether the last word may go on."""

    def match(self) -> str:
        """As an FTS5 expression. Words are letters and digits alone, so that nothing in them needs escaping."""
        star = " *" if self.is_prefix else ""
        return "(" + " OR ".join(f'"{" ".join((first, *self.rest))}"{star}' for first in self.firsts) + ")"


def terms(query: str, count: Callable[[str], int]) -> list[Term]:
    """The terms of a query. `count`: in how many texts the index has a word. Raises QueryError.

    Whatever is no phrase in double quotes and no star behind a word is a word or nothing: a query has no operators
    that it could get wrong.
    """
    found: list[Term] = []
    for quoted, phrase_star, bare in _PIECE.findall(query):
        words = index_words(quoted or bare)
        if words:
            star = bool(phrase_star) or (bare.endswith("*") and bare.strip("*") != "")
            is_phrase = bool(quoted) and len(words) > 1
            firsts = attached_forms(words[0], count, is_phrase=is_phrase)
            other = index_words(unicodedata.normalize("NFC", quoted or bare).translate(_OTHER_SEAT))
            if other != words and other[1:] == words[1:]:
                firsts += attached_forms(other[0], count, is_phrase=is_phrase)
            found.append(Term(tuple(dict.fromkeys(firsts)), tuple(words[1:]), star))
    if not found:
        raise QueryError("the query holds no word; write one, as scrapy search مدرسة")
    length = sum(1 + len(term.rest) for term in found)
    if length > MAX_TERMS:
        raise QueryError(f"the query has {length} words; {MAX_TERMS} are the most that can be searched for")
    return list(dict.fromkeys(found))


def index_words(text: str) -> list[str]:
    """A text's folded words, parted as the index parts them: letters, digits and marks make a word."""
    folded = fold(text)
    return "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in folded).split()


def attached_forms(word: str, count: Callable[[str], int], *, is_phrase: bool = False) -> tuple[str, ...]:
    """The forms in which a folded word may stand in a text, itself first.

    `is_phrase`: it begins a phrase, where المدرسة الثانوية and مدرسة ثانوية are two things: the article stays or stays
    away.
    """
    if not _ARABIC.match(word):
        return (word,)
    definite = _definite_rest(word, count)
    base = definite or _attached_rest(word, count) or word
    forms = [word]
    if definite or not is_phrase:
        forms += _with_article(base)
    if not (definite and is_phrase):
        forms += _without_article(base, count)
    return tuple(dict.fromkeys(forms))


def _with_article(base: str) -> list[str]:
    forms = [c + p + "ال" + base for c in _CONJUNCTIONS for p in ("", "ب", "ك")]
    return forms + [c + "لل" + base.removeprefix("ل") for c in _CONJUNCTIONS]  # ل + الليل is written لليل


def _without_article(base: str, count: Callable[[str], int]) -> list[str]:
    """بحر is no form of حر, though it looks like one: a word that texts give the article is a word of its own."""
    forms = [c + p + base for c in _CONJUNCTIONS for p in ("", *_PREPOSITIONS)]
    return [form for form in forms if form == base or not count("ال" + form)]


def _definite_rest(word: str, count: Callable[[str], int]) -> str | None:
    """مدرسة of المدرسة and وبالمدرسة; None for الوان and المانيا, which texts give another prefix, and for الان, whose
    rest (ان) is a word that texts have more often."""
    found = _DEFINITE.match(word)
    if not found or count("ال" + word) or count("ل" + word):
        return None
    rest = word[found.end() :]
    return rest if len(rest) > 2 or count(rest) <= count("ال" + rest) else None


def _attached_rest(word: str, count: Callable[[str], int]) -> str | None:
    """مدرسة of وبمدرسة; None for وزير and بلدية, whose first letter is their own, as the texts show: they have the word
    with the article, or more often than the rest of it, or the rest never with the article."""
    found = _ATTACHED.match(word)
    while found:
        rest = word[found.end() :]
        alone, definite, whole = count(rest), count("ال" + rest), count(word)
        is_noun = definite or not whole or found[0] in _CONJUNCTIONS
        if alone and is_noun and alone + definite >= whole and not count("ال" + word):
            return rest
        found = re.match(r"[وف](?=\w{3})", word) if len(found[0]) == 2 else None
    return None
