"""How sure an article's body is: the F1 that is expected of it, from what the extraction has seen anyway."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import exp

from crawler.extract.jsonld import text_value
from crawler.extract.page import ParsedPage
from crawler.extract.prose import PROSE_CHARS
from crawler.items import Article
from crawler.text import clean

_SHORT, _STUB = 1500, 500
"""Characters below which a body is the less sure, the shorter it is."""

_END_CHARS = 3000
"""Characters at the end of a page in which its last tag is looked for."""

_START_CHARS = 40
"""The first characters of a paragraph, by which it is found in another text."""

_MIN_TITLE_WORDS, _MIN_DESCRIPTION_WORDS = 3, 5
_UNKNOWN_TITLE, _UNKNOWN_DESCRIPTION = 0.4, 0.15
"""What counts as lost where there are fewer words: about the mean of real pages."""

_MAX_DESCRIPTION_WORDS = 60
"""A bound for the time."""

_MIN_DATA_BODY = 500
"""A shorter `articleBody` is a teaser."""

_AGREEING_WORDS = 0.9
"""The share of an `articleBody`'s words that is in the body, from which the two agree if their lengths do."""

_AGREEING_LENGTHS = 0.75
_MANGLED_SHARE = 0.02
"""One broken character in fifty is as bad as it gets."""

_MAX_SAMPLE = 40
"""Words of an `articleBody` that are looked for: evenly spread, a bound for the time."""

# One character is a word in scripts without spaces.
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]{3,}")
_SENTENCE_END = re.compile(r"[.!?…:;。！？؟।][\"'”’»«)\]]*$")
_MANGLED = re.compile("[ÂÃÐÑØÙ][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2010-\u203a\u20ac\u2122]|â€|\ufffd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What speaks against a body, each from 0 (nothing) to 1."""

    short: float
    """How far it is below 1500 characters."""

    stub: float
    """How far it is below 500 characters."""

    linked: float
    """The share of link text."""

    unended: float
    """The share of text in paragraphs that do not end like a sentence."""

    fragments: float
    """The share of text in paragraphs that are shorter than prose."""

    no_headline: float
    """Whether the page shows no headline."""

    no_article: float
    """Whether no <article> holds the headline."""

    out_of_article: float
    """The share of the body that is outside of that <article>."""

    lost_of_article: float
    """The share of that <article>'s text that the body does not have."""

    lost_prose: float
    """The same, times the running text of the page that the body does not have, as a share of the body."""

    title_lost: float
    """The share of the title's words that the body does not have."""

    description_lost: float
    """The same of the description."""

    data_differs: float
    """Whether the linked data has no `articleBody` that agrees with the body."""

    poor: float
    """Whether the first reading looked poor, so that its fallbacks ran."""

    read_again: float
    """Whether a first reading of hardly any text made a second one necessary."""

    no_language: float
    """Whether the language is unknown."""

    mangled: float
    """Characters that a wrong encoding leaves."""

    open_end: float
    """Whether the page ends before its last tag."""


def see_article(page: ParsedPage) -> None:
    """Note the text of the page's own <article>, before its tree is cut."""
    above = page.headline.iterancestors("article") if page.headline is not None else ()
    if (article := next(iter(above), None)) is not None:
        page.trace.article_text = clean(article.text_content())


def signals_of(page: ParsedPage, article: Article, html: str) -> Signals:
    """The signals of an article whose body and other fields have been read from a page."""
    trace, body = page.trace, article.body.casefold()
    chars = max(sum(map(len, article.paragraphs)), 1)
    prose = sum(len(text) for text in article.paragraphs if len(text) >= PROSE_CHARS)
    ended = sum(len(text) for text in article.paragraphs if _SENTENCE_END.search(text))
    lost_of_article = _share(len(trace.article_text) - chars, len(trace.article_text))
    description = clean(page.first_meta("og:description", "description", "twitter:description") or "")
    return Signals(
        short=_share(_SHORT - chars, _SHORT),
        stub=_share(_STUB - chars, _STUB),
        linked=_share(trace.linked, chars),
        unended=_share(chars - ended, chars),
        fragments=_share(chars - prose, chars),
        no_headline=float(page.headline is None),
        no_article=float(not trace.article_text),
        out_of_article=_share(_outside(article.paragraphs, trace.article_text), chars),
        lost_of_article=lost_of_article,
        lost_prose=lost_of_article * _share(trace.prose - prose, chars),
        title_lost=_lost(_words(article.title or ""), body, _MIN_TITLE_WORDS, _UNKNOWN_TITLE),
        description_lost=_lost(
            _words(description)[:_MAX_DESCRIPTION_WORDS], body, _MIN_DESCRIPTION_WORDS, _UNKNOWN_DESCRIPTION
        ),
        data_differs=float(not _agrees(text_value(page.article.get("articleBody")), body)),
        poor=float(trace.was_poor),
        read_again=float(trace.was_read_again),
        no_language=float(article.language is None),
        mangled=_share(len(_MANGLED.findall(article.body)), chars * _MANGLED_SHARE),
        open_end=float("</html" not in html[-_END_CHARS:].lower()),
    )


def confidence(signals: Signals) -> float:
    """The expected F1 of a body, from 0 to 1, with three decimals."""
    total = _BASE - sum(getattr(signals, name) * weight for name, weight in _WEIGHTS.items())
    return round(1 / (1 + exp(-total)), 3)


def _share(part: float, whole: float) -> float:
    return min(max(part / whole, 0.0), 1.0) if whole else 0.0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _lost(wanted: list[str], body: str, enough: int, unknown: float) -> float:
    """The share of words that a body does not have; `unknown` if there are not enough."""
    return sum(word not in body for word in wanted) / len(wanted) if len(wanted) >= enough else unknown


def _outside(paragraphs: list[str], text: str) -> int:
    """Characters of the paragraphs that do not begin in a text."""
    return sum(len(paragraph) for paragraph in paragraphs if paragraph[:_START_CHARS] not in text) if text else 0


def _agrees(data_body: str, body: str) -> bool:
    """Whether an `articleBody` has about as much text as the body, and the same words."""
    if len(data_body) < _MIN_DATA_BODY or min(len(data_body), len(body)) < _AGREEING_LENGTHS * max(
        len(data_body), len(body)
    ):
        return False
    wanted = _words(data_body)
    sample = wanted[:: max(len(wanted) // _MAX_SAMPLE, 1)]
    return sum(word in body for word in sample) >= len(sample) * _AGREEING_WORDS


_BASE = 4.13
_WEIGHTS = {
    "short": 1.12,
    "stub": 1.37,
    "linked": 2.51,
    "unended": 0.48,
    "fragments": 0.49,
    "no_headline": 1.48,
    "no_article": 0.20,
    "out_of_article": 2.17,
    "lost_of_article": 0.42,
    "lost_prose": 0.99,
    "title_lost": 0.40,
    "description_lost": 1.55,
    "data_differs": 0.21,
    "poor": 0.18,
    "read_again": 0.59,
    "no_language": 0.57,
    "mangled": 2.56,
    "open_end": 1.36,
}
