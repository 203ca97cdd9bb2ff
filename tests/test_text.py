"""Unicode and Arabic normalization."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.text import clean, fingerprint, fold, words

UNHURRIED = settings(deadline=None)  # the machine may be busy


@UNHURRIED
@given(st.text())
def test_clean_text_is_one_line_that_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert len(once.splitlines()) <= 1
    assert "  " not in once
    assert once == once.strip()
    assert unicodedata.is_normalized("NFC", once)


@UNHURRIED
@given(st.text(st.characters(categories=["Cc", "Cs", "Zs", "Lo"])))
def test_clean_text_can_be_stored_in_any_file(text: str) -> None:
    once = clean(text)
    once.encode("utf-8")
    assert not any(unicodedata.category(c) == "Cc" for c in once)


def test_zwnj_stays_in_clean_text_and_direction_marks_go() -> None:
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert clean("क\u200d") == "क\u200d"
    assert clean("\u202b\u200fقال\u200e\u2069 \u061cنعم\ufeff\u00ad\u200b\u2060") == "قال نعم"


@pytest.mark.parametrize(
    "space", [" ", "\n", "\r\n", "\t", "\u00a0", "\u2028", "\u2029", "\u3000", "\x0c", "\x0b", "\x85"]
)
def test_any_white_space_parts_words(space: str) -> None:
    assert clean(f"one{space}two") == "one two"


def test_control_characters_and_surrogates_part_no_words() -> None:
    assert clean("o\x00n\x07e\x1b\x9d \ud800two\udfff") == "one two"
    assert clean("o\x1cn\x1de t\x1ew\x1fo") == "one two"  # \x1f is a soft hyphen in Word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إقرأ أيضًا", "اقرأ ايضا"),
        ("آخر", "اخر"),
        ("ٱلله", "الله"),
        ("مُحَمَّدٌ", "محمد"),
        ("محـــمد", "محمد"),
        ("مستشفى", "مستشفي"),
        ("مدرسة", "مدرسه"),
        ("مسؤول", "مسوول"),
        ("رئيس", "رييس"),
        ("کتاب", "كتاب"),
        ("يک", "یك"),
        ("هٰذا", "هذا"),
        ("٢٠٢٦", "2026"),
        ("۲۰۲۶", "2026"),
        ("ﷲ", "الله"),
        ("ﻻ", "لا"),
        ("می\u200cخواهم", "میخواهم"),
        ("READ Also", "read also"),
        ("ﬁne", "fine"),
        ("Straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("\u200fقال", "قال"),
    ],
)
def test_two_spellings_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("كتب", "كتاب"), ("علم", "عمل"), ("قال", "قالت"), ("1", "2"), ("cafe", "café")]
)
def test_two_words_do_not_fold_to_one(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_words_are_folded_and_without_punctuation() -> None:
    assert words("«قالَ» الرئيسُ: نعم، أكيد! (100%)") == ["قال", "الرييس", "نعم", "اكيد", "100"]
    assert words("… — !") == []


def test_a_fingerprint_is_32_hex_digits_and_ignores_diacritics() -> None:
    one = fingerprint("قالَ الرئيس:\nإنّ المشروع «جاهز».")
    assert len(one) == 32
    assert set(one) <= set("0123456789abcdef")
    assert one == fingerprint("قال  الرئيس إن المشروع جاهز")
    assert one != fingerprint("قال الرئيس إن المشروع غير جاهز")


def test_the_order_and_the_limits_of_words_are_part_of_a_fingerprint() -> None:
    assert fingerprint("ab c") != fingerprint("a bc")
    assert fingerprint("a b") != fingerprint("b a")


@UNHURRIED
@given(st.text(st.characters()))
def test_any_text_has_a_fingerprint(text: str) -> None:
    assert len(fingerprint(text + "\ud800")) == 32
