"""A stored text taken apart: each step of the store looks at it, and one look is enough."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from crawler.boilerplate import line_marks
from crawler.sentences import Sentence, folded_words, sentences
from crawler.store.slots import Names
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
        """The mark of each paragraph, see crawler.boilerplate.line_marks."""
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
        words = [word for sentence in self.sentences for word in sentence.words]
        figures = sum(word[0].isdigit() for word in words)
        rows = sum(" | " in paragraph for paragraph in self.paragraphs)
        return figures >= len(words) * _FIGURES or rows > len(self.paragraphs) / 2

    @cached_property
    def is_live(self) -> bool:
        """Whether it is a live blog: entries that begin with a clock time."""
        return sum(bool(_CLOCK.match(paragraph)) for paragraph in self.paragraphs) >= _LIVE_LINES


@lru_cache(maxsize=256)  # about 40 kB each
def text_of(body: str) -> Text:
    """The text of a body as it is stored. Shared: nobody changes what it holds."""
    return Text(tuple(body.split("\n")))
