"""Labels of the Encoding Standard, and undeclared encodings of many languages."""

from __future__ import annotations

import codecs

import pytest

from crawler.encoding.charset import decode

# One sentence in each language, with the encodings in which its pages were written.
SENTENCES = {
    "ru": ("Совет города решил вчера открыть старый мост, и жители рады.", ["cp1251", "koi8_r"]),
    "uk": ("Міська рада вирішила вчора відкрити старий міст, і мешканці раді.", ["cp1251", "koi8_u"]),
    "bg": ("Общинският съвет реши вчера да отвори стария мост.", ["cp1251"]),
    "el": ("Το συμβούλιο αποφάσισε χθες να ανοίξει την παλιά γέφυρα.", ["cp1253", "iso8859_7"]),
    "tr": ("Belediye meclisi dün eski köprüyü açmaya karar verdi, ışık ve şenlik var.", ["cp1254"]),
    "he": ("מועצת העיר החליטה אתמול לפתוח את הגשר הישן.", ["cp1255", "iso8859_8"]),
    "th": ("สภาเทศบาลมีมติเมื่อวานนี้ให้เปิดสะพานเก่า", ["cp874"]),
    "pl": ("Rada miasta otworzyła wczoraj źle strzeżony most, święto trwało dzień.", ["cp1250", "iso8859_2"]),
    "cs": ("Zastupitelstvo včera otevřelo starý most, lidé jsou šťastní a žijí dál.", ["cp1250", "iso8859_2"]),
    "sk": ("Mestské zastupiteľstvo včera otvorilo starý most, ľudia sú šťastní.", ["cp1250", "iso8859_2"]),
    "hu": ("A városi tanács tegnap megnyitotta a régi hidat, őszinte öröm fűti a népet.", ["cp1250", "iso8859_2"]),
    "hr": ("Gradsko vijeće jučer je otvorilo stari most, građani šeću po kiši.", ["cp1250", "iso8859_2"]),
    "ro": ("Consiliul a deschis ieri vechiul pod, locuitorii sunt mulţumiţi şi fără griji.", ["cp1250", "iso8859_2"]),
    "lt": ("Miesto taryba vakar atidarė seną tiltą, žmonės džiaugiasi šūkiais.", ["cp1257"]),
    "lv": ("Pilsētas dome vakar atvēra veco tiltu, ļaudis ir ļoti priecīgi.", ["cp1257"]),
    "et": ("Linnavolikogu avas eile vana silla, inimesed on õnnelikud.", ["cp1257"]),
    "ja": ("市議会は昨日、古い橋を開放することを決めた。", ["cp932", "euc_jp"]),
    "ko": ("시의회는 어제 오래된 다리를 개방하기로 했다.", ["cp949"]),
    "ar": ("قرر مجلس المدينة أمس فتح الجسر القديم.", ["cp1256", "iso8859_6"]),
    "fr": ("Le conseil a décidé d’ouvrir le vieux pont à l’été.", ["cp1252"]),
    "en": ("The council opened the “old bridge” – at last.", ["cp1252"]),
}
ENCODED = [(language, codec) for language, (_, names) in SENTENCES.items() for codec in names]
LABELS = {
    "utf-8": "unicode-1-1-utf-8",
    "big5hkscs": "cn-big5 x-x-big5 csbig5",
    "cp874": "dos-874 iso885911 tis-620 windows-874",
    "cp949": "cseuckr csksc56011987 iso-ir-149 ks_c_5601-1989 ksc_5601 windows-949 euc-kr",
    "cp1250": "x-cp1250",
    "cp1251": "x-cp1251",
    "cp1252": "x-cp1252 iso88591 ansi_x3.4-1968 x-user-defined iso-8859-1",
    "cp1253": "x-cp1253",
    "cp1254": "x-cp1254 iso88599 iso-8859-9",
    "cp1255": "x-cp1255",
    "cp1256": "x-cp1256",
    "cp1257": "x-cp1257",
    "cp1258": "x-cp1258",
    "euc_jp": "cseucpkdfmtjapanese x-euc-jp",
    "gb18030": "csgb2312 gb_2312 x-gbk gb2312",
    "iso8859_2": "iso88592",
    "iso8859_3": "iso88593",
    "iso8859_4": "iso88594",
    "iso8859_5": "iso88595",
    "iso8859_6": "csiso88596e csiso88596i iso-8859-6-e iso-8859-6-i iso88596",
    "iso8859_7": "iso88597 sun_eu_greek",
    "iso8859_8": "csiso88598e csiso88598i iso-8859-8-e iso-8859-8-i iso88598 logical visual",
    "iso8859_10": "iso885910",
    "iso8859_13": "iso885913",
    "iso8859_14": "iso885914",
    "iso8859_15": "csisolatin9 iso885915",
    "koi8_r": "koi koi8 koi8-r",
    "koi8_u": "koi8-ru",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "mac_roman": "csmacintosh mac x-mac-roman macintosh",
}


def page(text: str, attributes: str = "", head: str = "") -> str:
    return f"<html{attributes}><head>{head}<title>{text}</title></head><body><p>{text}</p></body></html>"


def some_letters(codec: str) -> str:
    """Letters that the encoding has and ASCII does not."""
    letters = []
    for code in range(0xA1, 0x3200):
        char = chr(code)
        try:
            encoded = char.encode(codec)
        except UnicodeEncodeError:
            continue
        if char.isalpha() and encoded.decode(codec) == char:
            letters.append(char)
    return " ".join(letters[:60])


@pytest.mark.parametrize(("codec", "label"), [(codec, name) for codec, text in LABELS.items() for name in text.split()])
def test_every_label_of_the_encoding_standard_is_known(codec: str, label: str) -> None:
    made = page(some_letters(codec), head=f'<meta charset="{label}">')
    assert decode(made.encode(codec)) == made
    if "." not in label:  # not a token in a header
        made = page(some_letters(codec))
        assert decode(made.encode(codec), f"text/html; charset={label.upper()}") == made


@pytest.mark.parametrize(("language", "codec"), ENCODED)
def test_the_language_of_the_site_tells_the_encoding_that_nothing_declares(language: str, codec: str) -> None:
    made = page(SENTENCES[language][0]).encode(codec, "ignore")
    assert decode(made, None, language) == made.decode(codec)


@pytest.mark.parametrize(("language", "codec"), ENCODED)
@pytest.mark.parametrize("attributes", [' lang="{}"', " class=x lang={}-XX dir=ltr", "\nLANG='{}'"])
def test_the_page_tells_its_language_where_the_site_does_not(language: str, codec: str, attributes: str) -> None:
    made = page(SENTENCES[language][0], attributes.format(language)).encode(codec, "ignore")
    assert decode(made) == made.decode(codec)


@pytest.mark.parametrize(("language", "codec"), ENCODED)
def test_the_language_of_the_page_counts_where_that_of_the_site_does_not_fit(language: str, codec: str) -> None:
    made = page(SENTENCES[language][0], f' lang="{language}"').encode(codec, "ignore")
    other = "ar" if language != "ar" else "ru"
    assert decode(made, None, other) == made.decode(codec)


def test_a_language_that_no_text_has_is_not_believed() -> None:
    made = page(SENTENCES["ar"][0] * 3, ' lang="ko"').encode("cp1256")
    assert decode(made, None, "ja") == made.decode("cp1256")


@pytest.mark.parametrize("language", ["fr", None])
def test_a_byte_order_mark_before_text_that_is_not_utf8_is_not_believed(language: str | None) -> None:
    made = page(SENTENCES["fr"][0], ' lang="fr"')
    assert decode(codecs.BOM_UTF8 + made.encode("cp1252"), None, language) == made
    assert decode(codecs.BOM_UTF8 + made.encode(), "text/html; charset=windows-1252", language) == made
