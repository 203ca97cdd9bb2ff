"""A stored text taken apart: each step of the store looks at it, and one look is enough."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from crawler.similarity.repeated_lines import line_marks
from crawler.similarity.sentences import Sentence, folded_words, fragments, sentences
from crawler.similarity.template_slots import Names
from crawler.text import fingerprint

_FIGURES = 0.2
"""A text of which so many words are figures is a table: prices, results, prayer times."""

_CLOCK = re.compile(r"\s*\d{1,2}[:.]\d{2}\b")
_LIVE_LINES = 4


@dataclass(frozen=True)
class Text:
    """The body of an article, as it is compared."""

    paragraphs: tuple[str, ...]

    @cached_property
    def sentences(self) -> list[Sentence]:
        return sentences(self.paragraphs)

    @cached_property
    def words(self) -> list[tuple[str, ...]]:
        """The folded words of each paragraph."""
        return [folded_words(paragraph) for paragraph in self.paragraphs]

    @cached_property
    def marks(self) -> list[int | None]:
        """The mark of each paragraph, see crawler.similarity.repeated_lines.line_marks."""
        return line_marks(self.paragraphs)

    @cached_property
    def fingerprint(self) -> str:
        """See crawler.text.fingerprint."""
        return fingerprint("\n".join(self.paragraphs))

    @cached_property
    def names(self) -> Names:
        return Names.of(self.sentences)

    @cached_property
    def is_table(self) -> bool:
        """Whether it is mostly figures."""
        words = [word for words in self.words for word in words]  # of short lines too: tables are made of them
        figures = sum(word[0].isdigit() for word in words)
        rows = sum(" | " in paragraph for paragraph in self.paragraphs)
        return figures >= len(words) * _FIGURES or rows > len(self.paragraphs) / 2

    @cached_property
    def figures(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """Of each short line that has words and figures, the words → the figures."""
        found: dict[tuple[str, ...], tuple[str, ...]] = {}
        for line in fragments(self.paragraphs):
            figures = tuple(word for word in line if word[0].isdigit())
            if label := tuple(word for word in line if not word[0].isdigit()):
                found.setdefault(label, figures)
        return {label: figures for label, figures in found.items() if figures}

    @cached_property
    def is_live(self) -> bool:
        """Whether it is a live blog: entries that begin with a clock time."""
        return sum(bool(_CLOCK.match(paragraph)) for paragraph in self.paragraphs) >= _LIVE_LINES


@lru_cache(maxsize=256)  # about 40 kB each
def text_of(body: str) -> Text:
    """The text of a body as it is stored. Shared: nobody changes what it holds."""
    return Text(tuple(body.split("\n")))
