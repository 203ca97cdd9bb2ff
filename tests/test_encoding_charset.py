"""Bytes → text, for pages and for channels."""

from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.encoding.charset import decode

ARABIC = (
    "قال رئيس البلدية إن المشروع سيبدأ الأسبوع المقبل بعد اكتمال الأعمال، وإن السكان سيستفيدون منه قبل نهاية العام. "
    "وأضاف أن الكلفة بلغت ضعف ما كان متوقعا، غير أن الخزانة ستتحمل الفرق كله ولن تفرض رسوم جديدة على أحد."
)
FRENCH = (
    "Le maire a déclaré que les travaux, retardés à cause de la grève, seront achevés l'été prochain près du marché."
)
RUSSIAN = (
    "Мэр города заявил, что работы начнутся на следующей неделе, после того как будут закончены все приготовления."
)
MARKUP = '<div class="box"><a href="/x">&nbsp;</a></div>\n'


def page(text: str, *, meta: str | None = None, markup: int = 5) -> str:
    head = f'<meta charset="{meta}">' if meta else ""
    return f"<html><head>{head}<title>{text}</title></head><body>{MARKUP * markup}<p>{text}</p></body></html>"


@pytest.mark.parametrize("encoding", ["windows-1256", "iso-8859-6", "utf-8", "utf-16-le"])
def test_the_header_declares_the_encoding(encoding: str) -> None:
    made = page(ARABIC)
    assert decode(made.encode(encoding), f"text/html; charset={encoding}") == made


@pytest.mark.parametrize("encoding", ["windows-1256", "iso-8859-6", "utf-8"])
@pytest.mark.parametrize("content_type", [None, "text/html", "text/html; charset=no-such-thing"])
def test_the_page_itself_declares_the_encoding(encoding: str, content_type: str | None) -> None:
    made = page(ARABIC, meta=encoding)
    assert decode(made.encode(encoding), content_type) == made


@pytest.mark.parametrize("markup", [0, 5, 500, 20_000])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ARABIC, "windows-1256"),
        (ARABIC, "iso-8859-6"),
        (ARABIC, "utf-8"),
        (FRENCH, "windows-1252"),
        (RUSSIAN, "windows-1251"),
    ],
)
def test_an_encoding_that_nothing_names_is_found_however_much_markup_there_is(
    text: str, encoding: str, markup: int
) -> None:
    made = page(text, markup=markup)
    assert decode(made.encode(encoding, "replace")) == made.encode(encoding, "replace").decode(encoding)


@pytest.mark.parametrize("markup", [5, 500])
@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("windows-1256", "utf-8"),
        ("iso-8859-6", "utf-8"),
        ("windows-1256", "iso-8859-6"),
        ("utf-8", "windows-1256"),
        ("utf-8", "iso-8859-1"),
        ("windows-1256", "utf-16"),
    ],
)
@pytest.mark.parametrize("where", ["header", "meta"])
def test_a_wrong_label_is_not_believed(encoding: str, label: str, where: str, markup: int) -> None:
    made = page(ARABIC, meta=label if where == "meta" else None, markup=markup)
    body = made.encode(encoding, "replace")
    assert decode(body, f"text/html; charset={label}" if where == "header" else None) == body.decode(encoding)


def feed(title: str) -> str:
    return f"<rss><channel><item><title><![CDATA[{title}]]></title><link>/a</link></item></channel></rss>"


SHORT = "عاجل من المدينة"


@pytest.mark.parametrize("language", ["ar", None])
@pytest.mark.parametrize("encoding", ["windows-1256", "iso-8859-6", "utf-8"])
@pytest.mark.parametrize("document", [page(ARABIC), feed(ARABIC)], ids=["page", "feed"])
def test_pages_and_channels_that_declare_nothing_are_decoded_alike(
    document: str, encoding: str, language: str | None
) -> None:
    body = document.encode(encoding, "replace")
    assert decode(body, language=language) == body.decode(encoding)


@pytest.mark.parametrize("encoding", ["windows-1256", "iso-8859-6"])
@pytest.mark.parametrize("document", [page(SHORT), feed(SHORT)], ids=["page", "feed"])
@pytest.mark.parametrize("content_type", [None, "text/html; charset=iso-8859-1"])
def test_the_language_of_the_site_decides_where_a_title_is_too_short_for_detection(
    document: str, encoding: str, content_type: str | None
) -> None:
    assert decode(document.encode(encoding), content_type, "ar") == document


@pytest.mark.parametrize("title", ["Café", "La république", "“Quoted” headline – at last"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_short_title_of_a_western_site_is_western(title: str, language: str) -> None:
    for document in (page(title), feed(title)):
        assert decode(document.encode("windows-1252"), language=language) == document


@pytest.mark.parametrize("language", ["ar", "fr", None])
@pytest.mark.parametrize("document", [page(FRENCH), feed(FRENCH)], ids=["page", "feed"])
def test_another_script_than_that_of_the_sites_language_is_detected(document: str, language: str | None) -> None:
    assert decode(document.encode("windows-1252"), language=language) == document


@pytest.mark.parametrize(("text", "encoding"), [(ARABIC, "windows-1256"), (RUSSIAN, "windows-1251")])
def test_a_page_in_another_language_than_the_sites_is_detected(text: str, encoding: str) -> None:
    made = page(text)
    assert decode(made.encode(encoding, "replace"), language="en") == made.encode(encoding, "replace").decode(encoding)


def test_one_broken_letter_does_not_make_utf8_what_it_is_labelled_as() -> None:
    body = feed(ARABIC).encode()
    broken = body.replace("الكلفة".encode(), "الكلفة".encode()[:-1])
    assert decode(broken, "text/xml; charset=windows-1256").count("\ufffd") == 1


def test_a_wrong_header_does_not_hide_the_declaration_of_the_page() -> None:
    made = page(ARABIC, meta="iso-8859-6", markup=300)
    body = made.encode("iso-8859-6", "replace")
    assert decode(body, "text/html; charset=utf-8") == body.decode("iso-8859-6")


def test_a_script_before_the_text_does_not_hide_its_encoding() -> None:
    made = page(f"<script>{'var a = 1;' * 20_000}</script>{ARABIC}")
    assert decode(made.encode("windows-1256")) == made


def test_a_page_in_ascii_needs_no_label_and_survives_a_wrong_one() -> None:
    made = page("The mayor said that work begins next week.")
    for label in (None, "utf-8", "windows-1256", "utf-16", "utf-32", "iso-8859-6", "shift_jis", "punycode"):
        assert decode(made.encode(), f"text/html; charset={label}" if label else None) == made


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_wins_over_every_label_and_is_not_text(mark: bytes, encoding: str) -> None:
    made = page(ARABIC, meta="windows-1256")
    assert decode(mark + made.encode(encoding), "text/html; charset=iso-8859-6") == made


def test_a_page_cut_within_a_letter_keeps_its_encoding() -> None:
    made = page(ARABIC).encode()
    cut = made[: made.index("نهاية".encode()) + 1]
    assert decode(cut).startswith(cut[:-1].decode())


@pytest.mark.parametrize(
    ("text", "pasted"),
    [(ARABIC, ARABIC[:60].encode("cp1256")), (FRENCH, b"\xe9"), (FRENCH, "prévu à l'été".encode("cp1252"))],
)
def test_a_pasted_piece_in_another_encoding_does_not_break_the_rest(text: str, pasted: bytes) -> None:
    body = page(text).encode() + b"<p>" + pasted + b"</p>"
    assert text in decode(body)
    assert text in decode(body, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    "label", ["hex", "base64", "zip", "rot13", "undefined", "idna", "unicode_escape", "x" * 999, "\x00"]
)
@pytest.mark.parametrize("text", ["plain \\u0041", ARABIC])
def test_a_label_that_is_not_an_encoding_of_the_web_is_ignored(label: str, text: str) -> None:
    made = page(text)
    assert decode(made.encode(), f"text/html; charset={label}") == made
    assert decode(page(text, meta=label).encode()) == page(text, meta=label)


@pytest.mark.parametrize("label", [None, "text/html; charset=utf-8"])
@pytest.mark.parametrize("text", ["plain ", "“plain” ", ARABIC])
def test_letters_written_as_their_utf16_halves_are_joined(text: str, label: str | None) -> None:
    halves = "\ud83d\ude00 and \ud83d end".encode("utf-8", "surrogatepass")
    assert decode(page(text).encode() + halves, label) == page(text) + "😀 and \ufffd end"


def test_nothing_is_decoded_to_nothing() -> None:
    assert decode(b"") == ""
    assert decode(b"", "text/html; charset=windows-1256") == ""


@settings(deadline=None)
@given(
    st.binary(),
    st.one_of(
        st.none(), st.text(), st.sampled_from(["utf-8", "big5", "utf-7", "cp1256"]).map("text/html; charset=".__add__)
    ),
)
def test_garbage_raises_nothing(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode(body, content_type), str)
    assert isinstance(decode(b"<p>" + body * 50, content_type), str)


@pytest.mark.parametrize(
    "piece",
    [
        page(ARABIC).encode("cp1256"),
        page(ARABIC).encode(),
        bytes(range(256)),
        b"<",
        b"<" + b"a" * 1999 + b"\xff",
        b"\xff",
    ],
)
def test_ten_megabytes_take_less_than_two_seconds(piece: bytes) -> None:
    body = b"\xe1" + piece * (10_000_000 // len(piece))
    began = time.process_time()
    decode(body, "text/html; charset=utf-8")
    assert time.process_time() - began < 2
