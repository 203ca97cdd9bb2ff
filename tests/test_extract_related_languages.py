"""Pointers and headings of boxes in further languages, and what begins like one and stays in the body."""

from __future__ import annotations

import pytest

from crawler.extract.lexicon import is_block_heading, is_pointer
from crawler.extract.related_phrases import RELATED
from crawler.text import phrases, words
from tests.test_extract_related import AFTER, BEFORE, article_with, related_of

MARKERS = {
    "ur": "مزید پڑھیں",
    "he": "קראו גם",
    "tr": "Bunu da oku",
    "pt": "Leia mais",
    "it": "Leggi anche",
    "nl": "Bekijk ook",
    "pl": "Przeczytaj także",
    "ru": "Смотрите также",
    "uk": "Читайте також",
    "el": "Διαβάστε επίσης",
    "hi": "यह भी पढ़ें",
    "bn": "আরও পড়ুন",
    "id": "Baca juga",
    "vi": "Xem thêm",
    "ja": "関連記事",
    "ko": "관련기사",
    "zh": "相关阅读",
    "sv": "Läs även",
    "da": "Læs også",
    "no": "Se også",
    "fi": "Lue myös",
    "cs": "Čtěte také",
    "hu": "Olvasd el ezt is",
    "ro": "Citește și",
    "th": "อ่านเพิ่มเติม",
    "fa": "همچنین ببینید",
}
FERRY = ("inline", "The ferry gets a new engine", "https://town.example/a/7")
LINK = "<a href='/a/7'>The ferry gets a new engine</a>"


def related_in(middle: str) -> list[tuple[str, str | None, str | None]]:
    return related_of(article_with(middle))


def test_every_language_has_a_marker_here() -> None:
    assert set(MARKERS) == set(RELATED)


@pytest.mark.parametrize("language", MARKERS)
def test_a_pointer_of_each_language_is_known_in_all_its_forms(language: str) -> None:
    marker = MARKERS[language]
    for middle in (
        f"<p><strong>{marker}: {LINK}</strong></p>",
        f"<p>{marker}{LINK}</p>",  # a label that touches its title
        f"<p><b>{marker.upper()}</b>{LINK}</p>",
        f"<p>{BEFORE}<br>【{marker}】{LINK}<br>{AFTER}</p>",
        f"<p>{BEFORE}<br>{marker}{LINK}<br>{AFTER}</p>",
        f"<p>{marker}</p><p>{LINK}</p>",
        f"<p><a href='/a/7'>{marker}：The ferry gets a new engine</a></p>",
    ):
        assert related_in(middle) == [FERRY], middle


@pytest.mark.parametrize("language", RELATED)
def test_the_phrases_of_each_language_are_matched_as_written(language: str) -> None:
    of = RELATED[language]
    for phrase in of.headings.split("|"):
        assert is_block_heading(words(phrase)), phrase
    for phrase in of.pointers.split("|"):
        assert is_pointer(words(phrase)), phrase
    assert phrases(of.weak) <= phrases(of.pointers)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("CITESTE SI", True),
        ("ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ", True),
        ("Ctete take", True),
        ("Las aven", True),
        ("Читаите также", False),
    ],
)
def test_pointers_are_known_without_their_accents(written: str, known: bool) -> None:
    assert is_pointer(words(written)) == known


@pytest.mark.parametrize(
    ("label", "title"),
    [
        ("関連記事", "町の古い石橋が夏の間閉鎖される"),
        ("相关阅读：", "老石桥整个夏天都将关闭"),
        ("▼あわせて読みたい", "町の古い石橋が夏の間閉鎖される"),
        ("อ่านเพิ่มเติม", "สะพานหินเก่าปิดตลอดฤดูร้อน"),
    ],
)
def test_titles_of_scripts_without_spaces_touch_their_label(label: str, title: str) -> None:
    for middle in f"<p>{label}<a href='/a/7'>{title}</a></p>", f"<p>{BEFORE}<br>{label}<a href='/a/7'>{title}</a></p>":
        assert related_in(middle) == [("inline", title, "https://town.example/a/7")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Leia mais de dez livros por ano, disse a bibliotecária da cidade, e <a href='/r'>a lista</a> está na praça.",
        "Подробнее о планах города рассказал мэр, который <a href='/r'>выступил</a> перед жителями в понедельник.",
        "در این رابطه: شهردار گفت پل قدیمی شهر در تمام تابستان بسته خواهد بود و مردم باید از پل دیگر بگذرند.",
        "関連記事を書いた記者によると、町の古い石橋は夏の間ずっと<a href='/r'>閉鎖</a>されるという話だった。",
        "相关阅读材料已经<a href='/r'>送到</a>图书馆，居民可以在整个夏天免费借阅这些关于老石桥的书籍。",
        "यह भी पढ़ाया गया कि पुराना पत्थर का पुल पूरी गर्मी <a href='/r'>बंद</a> रहेगा और लोग दूसरे पुल से जाएँगे।",
        "Per approfondire il tema, il sindaco ha invitato i cittadini a <a href='/r'>una riunione</a> in municipio.",
        "בנושא זה אמר ראש העיר כי הגשר הישן יהיה סגור כל הקיץ, <a href='/r'>והתושבים</a> ישתמשו בגשר האחר.",
        "Ook interessant: de oude brug is volgens de gemeente de hele zomer dicht voor auto's en fietsers.",
    ],
)
def test_a_sentence_that_begins_like_a_pointer_stays(sentence: str) -> None:
    article = article_with(f"<p>{sentence}</p>")
    assert (len(article.paragraphs), article.related) == (4, [])
