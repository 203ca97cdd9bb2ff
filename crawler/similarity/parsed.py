"""A body split into paragraphs, sentences and words: computed once and shared by all steps that compare texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from crawler.similarity.repeated_lines import line_hashes
from crawler.similarity.sentences import Sentence, folded_words, fragments, sentences
from crawler.similarity.template_slots import ProperNouns
from crawler.text import fingerprint

_TABLE_FIGURES = 0.2
"""A text with at least this share of figures among its words is a table: prices, results, prayer times. Chosen by hand,
checked on the tables of bench/pairs.py."""

_TABLE_ROWS = 0.5
"""A text with a larger share of table rows (cells separated by bars) is a table. Chosen by hand."""

_CLOCK = re.compile(r"\s*\d{1,2}[:.]\d{2}\b")
_MIN_LIVE_ENTRIES = 4
"""A text with at least this number of paragraphs that begin with a clock time is a live blog. Chosen by hand, checked
on the live blogs of bench/pairs.py."""


@dataclass(frozen=True)
class ParsedText:
    """The body of an article, prepared for comparison."""

    paragraphs: tuple[str, ...]

    @cached_property
    def sentences(self) -> list[Sentence]:
        return sentences(self.paragraphs)

    @cached_property
    def sentence_words(self) -> frozenset[tuple[str, ...]]:
        """The words of each sentence, equal ones once."""
        return frozenset(sentence.words for sentence in self.sentences)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The different words of its sentences."""
        return frozenset(word for sentence in self.sentences for word in sentence.words)

    @cached_property
    def words(self) -> list[tuple[str, ...]]:
        """The folded words of each paragraph."""
        return [folded_words(paragraph) for paragraph in self.paragraphs]

    @cached_property
    def line_hashes(self) -> list[int | None]:
        """The hash of each paragraph, see crawler.similarity.repeated_lines.line_hashes."""
        return line_hashes(self.paragraphs)

    @cached_property
    def fingerprint(self) -> str:
        """See crawler.text.fingerprint."""
        return fingerprint("\n".join(self.paragraphs))

    @cached_property
    def proper_nouns(self) -> ProperNouns:
        return ProperNouns.of(self.sentences)

    @cached_property
    def is_table(self) -> bool:
        """Whether it consists largely of figures or of table rows."""
        words = [word for words in self.words for word in words]  # including short lines: tables consist of them
        figures = sum(word[0].isdigit() for word in words)
        rows = sum(" | " in paragraph for paragraph in self.paragraphs)
        return figures >= len(words) * _TABLE_FIGURES or rows > len(self.paragraphs) * _TABLE_ROWS

    @cached_property
    def figures(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """For each short line that has words and figures: its words → its figures."""
        lines: dict[tuple[str, ...], tuple[str, ...]] = {}
        for line in fragments(self.paragraphs):
            figures = tuple(word for word in line if word[0].isdigit())
            if label := tuple(word for word in line if not word[0].isdigit()):
                lines.setdefault(label, figures)
        return {label: figures for label, figures in lines.items() if figures}

    @cached_property
    def is_live(self) -> bool:
        """Whether it is a live blog: a list of entries that begin with a clock time."""
        return sum(bool(_CLOCK.match(paragraph)) for paragraph in self.paragraphs) >= _MIN_LIVE_ENTRIES


@lru_cache(maxsize=256)  # about 40 kB per entry
def parsed_text(body: str) -> ParsedText:
    """Parse a body as it is stored, one paragraph per line. The result is shared between callers: do not change it."""
    return ParsedText(tuple(body.split("\n")))
