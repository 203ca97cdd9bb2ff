"""Search queries: words, phrases and prefixes, each in the forms in which Arabic writes it.

Arabic attaches conjunctions, prepositions and the article to a word: وبالمدرسة is "and in the school". The index
contains the words as they are written, folded; a query searches for every form. A better rule therefore needs no new
index, and a word that only looks as if it had a prefix (وزير, بلدية) is always found by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from crawler.home import program
from crawler.text import fold

MAX_TERMS = 32
"""FTS5 limits the depth of an expression. Chosen by hand: no query of a person is longer."""

_CONJUNCTIONS = ("", "و", "ف")
_PREPOSITIONS = ("ب", "ك", "ل")
_DEFINITE = re.compile(r"(?:[وف]?[بك]?ال|[وف]?لل)(?!له$)(?=\w{2})")  # الله is not a form of له
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
    """Forms of the first word, of which one must occur. The first is the word of the query."""

    rest: tuple[str, ...] = ()
    is_prefix: bool = False
    """Whether the last word may be the beginning of a longer one."""

    def match(self) -> str:
        """The term as an FTS5 expression. Words consist of letters and digits, so nothing in them needs escaping."""
        star = " *" if self.is_prefix else ""
        return "(" + " OR ".join(f'"{" ".join((first, *self.rest))}"{star}' for first in self.firsts) + ")"


def terms(query: str, count: Callable[[str], int]) -> list[Term]:
    """The terms of a query. `count`: the number of texts with a word. Raises QueryError.

    A query has phrases in double quotes and stars behind words. Everything else is a word or is ignored: there are no
    operators that a query could get wrong.
    """
    parsed: list[Term] = []
    for quoted, phrase_star, bare in _PIECE.findall(query):
        words = index_words(quoted or bare)
        if words:
            star = bool(phrase_star) or (bare.endswith("*") and bare.strip("*") != "")
            is_phrase = bool(quoted) and len(words) > 1
            firsts = attached_forms(words[0], count, is_phrase=is_phrase)
            other = index_words(unicodedata.normalize("NFC", quoted or bare).translate(_OTHER_SEAT))
            if other != words and other[1:] == words[1:]:
                firsts += attached_forms(other[0], count, is_phrase=is_phrase)
            parsed.append(Term(tuple(dict.fromkeys(firsts)), tuple(words[1:]), star))
    if not parsed:
        raise QueryError(f"the query contains no word; write at least one, for example: {program()} search مدرسة")
    length = sum(1 + len(term.rest) for term in parsed)
    if length > MAX_TERMS:
        raise QueryError(f"the query has {length} words; write at most {MAX_TERMS}")
    return list(dict.fromkeys(parsed))


def index_words(text: str) -> list[str]:
    """The folded words of a text, split as in the index: a word consists of letters, digits and combining marks."""
    folded = fold(text)
    return "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in folded).split()


def attached_forms(word: str, count: Callable[[str], int], *, is_phrase: bool = False) -> tuple[str, ...]:
    """The forms in which a text may contain a folded word, the word itself first.

    `is_phrase`: it begins a phrase. المدرسة الثانوية and مدرسة ثانوية are different phrases, so the article is neither
    added nor removed.
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
    """بحر is not a form of حر, although it looks like one: a form that occurs with the article is another word."""
    forms = [c + p + base for c in _CONJUNCTIONS for p in ("", *_PREPOSITIONS)]
    return [form for form in forms if form == base or not count("ال" + form)]


def _definite_rest(word: str, count: Callable[[str], int]) -> str | None:
    """مدرسة of المدرسة and وبالمدرسة. None for الوان and المانيا, which occur with another prefix before them, and for
    الان, whose rest (ان) is more frequent than itself."""
    match = _DEFINITE.match(word)
    if not match or count("ال" + word) or count("ل" + word):
        return None
    rest = word[match.end() :]
    return rest if len(rest) > 2 or count(rest) <= count("ال" + rest) else None


def _attached_rest(word: str, count: Callable[[str], int]) -> str | None:
    """مدرسة of وبمدرسة. None for وزير and بلدية, whose first letter belongs to the word: the word occurs with the
    article, or is more frequent than its rest, or its rest never occurs with the article."""
    match = _ATTACHED.match(word)
    while match:
        rest = word[match.end() :]
        alone, definite, whole = count(rest), count("ال" + rest), count(word)
        is_noun = definite or not whole or match[0] in _CONJUNCTIONS
        if alone and is_noun and alone + definite >= whole and not count("ال" + word):
            return rest
        match = re.match(r"[وف](?=\w{3})", word) if len(match[0]) == 2 else None
    return None
