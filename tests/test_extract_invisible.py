"""Invisible data in texts: C2PA manifests, watermarks in variation selectors and in tags."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from crawler.extract.article import extract
from crawler.extract.invisible import invisible_marks
from crawler.text import clean, fingerprint, fold

PARAGRAPHS = (
    "The harbour board opened the old north pier on Tuesday, eleven months after the storm had closed it to everyone.",
    "Engineers replaced the timber piles below the waterline, a task that two earlier contractors had given up.",
    "Fishing crews, who had to land their catch on the far side of the bay, welcomed the news with some relief.",
)


def as_selectors(data: bytes) -> str:
    """Bytes as runs of variation selectors (C2PA 2.4, A.8)."""
    return "".join(chr(0xFE00 + byte) if byte < 16 else chr(0xE0100 + byte - 16) for byte in data)


MANIFEST = "\ufeff" + as_selectors(b"C2PATXT\0\x01\0\0\0\x40" + random.Random(7).randbytes(64))
WATERMARK = as_selectors(b"made by a machine")


def page(mark: str) -> str:
    body = "".join(f"<p>{text[:30]}{mark}{text[30:]}</p>" for text in PARAGRAPHS)
    head = f"<title>Pier opens again</title><meta property='og:title' content='Pier{mark} opens again'>"
    return (
        f"<html lang=en><head>{head}</head><body><article><h1>Pier{mark} opens again</h1>{body}</article></body></html>"
    )


@pytest.mark.parametrize(
    ("mark", "name"), [(MANIFEST, "c2pa"), (WATERMARK, "variation_selectors"), ("\ufe0f" * 4, "variation_selectors")]
)
def test_invisible_data_is_cut_from_every_field_and_recorded(mark: str, name: str) -> None:
    article = extract(page(mark), "https://marsad.example/pier")
    assert article.provenance.pop("invisible_marks") == name
    plain = extract(page(""), "https://marsad.example/pier")
    assert article.confidence == pytest.approx(plain.confidence, abs=0.01), "lengths in the page are among its signals"
    assert replace(article, confidence=None) == replace(plain, confidence=None)
    assert article.paragraphs == list(PARAGRAPHS)


@pytest.mark.parametrize("mark", ["", "\u200b", "❤\ufe0f", "\u200d", "葛\U000e0100"])
def test_a_page_without_invisible_data_has_no_record_of_it(mark: str) -> None:
    assert "invisible_marks" not in extract(page(mark), "https://marsad.example/pier").provenance


@pytest.mark.parametrize(
    "text",
    [
        "A ❤\ufe0f, a ☎\ufe0e and a 👨\u200d👩\u200d👧\ufe0f",
        "葛\U000e0100飾区",
        "3\ufe0f\u20e3 things",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f won",
        "می\u200cخواهم",
    ],
)
def test_what_selects_the_form_of_a_character_stays(text: str) -> None:
    assert clean(text) == text
    assert invisible_marks(text) is None


@pytest.mark.parametrize(
    "run",
    [
        MANIFEST,
        WATERMARK,
        "\ufe0f" * 4,
        "\u200b".join("\ufe00\ufe01\ufe02\ufe03"),
        "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all"),
        "\U000e0001",
    ],
)
@pytest.mark.parametrize(
    "text", ["before{}after", "before{} after", "{}before", "after ❤\ufe0f{}", "مرحبا{} بكم", " {} "]
)
def test_a_run_of_marks_is_cut_and_nothing_else(run: str, text: str) -> None:
    expected = clean(text.format(""))
    if text.endswith("\ufe0f{}"):  # the selector of the heart is part of the run
        assert clean(text.format(run)) in (expected, expected.rstrip("\ufe0f"))
    else:
        assert clean(text.format(run)) == expected
    assert clean(clean(text.format(run))) == clean(text.format(run))


def test_texts_are_compared_without_selectors() -> None:
    marked = clean(f"The ❤\ufe0f of the har{WATERMARK}bour")
    assert fold(marked) == fold("The ❤ of the harbour")
    assert fingerprint(marked) == fingerprint("The ❤ of the harbour")
