"""The form in which texts are compared with the words of dates."""

from __future__ import annotations

import unicodedata

from crawler.text import fold

# The accents that NFD splits off; the Turkish dotless i, which is printed as I in capitals; the typographic apostrophe.
_PLAIN: dict[int, str | None] = {**dict.fromkeys(range(0x0300, 0x0370)), ord("ı"): "i", ord("’"): "'"}


def fold_key(text: str) -> str:
    """Fold a text for comparison with the words of crawler.dates.vocabulary: folded, without accents."""
    if text.isascii():
        return text.lower()
    folded = fold(text)
    return folded if folded.isascii() else unicodedata.normalize("NFD", folded).translate(_PLAIN)


def split_words(text: str) -> list[str]:
    """The words of a line of crawler.dates.vocabulary, folded."""
    return [fold_key(word.replace("_", " ")) for word in text.split()]
