"""Names of encodings that browsers know and Python does not (Encoding Standard, "Names and labels")."""

from __future__ import annotations

import codecs

# Codec → labels, with underscores. `x-user-defined` is windows-1252 where a page declares it (HTML Standard).
_LABELS = {
    "utf-8": "unicode_1_1_utf_8 unicode11utf8 unicode20utf8 x_unicode20utf8",
    "big5hkscs": "cn_big5 x_x_big5",
    "cp874": "dos_874 iso885911",
    "cp949": "cseuckr csksc56011987 iso_ir_149 ks_c_5601_1989 ksc_5601 windows_949",
    "cp1250": "x_cp1250",
    "cp1251": "x_cp1251",
    "cp1252": "x_cp1252 iso88591 ansi_x3 x_user_defined",
    "cp1253": "x_cp1253",
    "cp1254": "x_cp1254 iso88599",
    "cp1255": "x_cp1255",
    "cp1256": "x_cp1256",
    "cp1257": "x_cp1257",
    "cp1258": "x_cp1258",
    "euc_jp": "cseucpkdfmtjapanese x_euc_jp",
    "gb18030": "csgb2312 gb_2312 x_gbk",
    "iso8859_2": "iso88592",
    "iso8859_3": "iso88593",
    "iso8859_4": "iso88594",
    "iso8859_5": "iso88595",
    "iso8859_6": "csiso88596e csiso88596i iso_8859_6_e iso_8859_6_i iso88596",
    "iso8859_7": "iso88597 sun_eu_greek",
    "iso8859_8": "csiso88598e csiso88598i iso_8859_8_e iso_8859_8_i iso88598 logical visual",
    "iso8859_10": "iso885910",
    "iso8859_13": "iso885913",
    "iso8859_14": "iso885914",
    "iso8859_15": "csisolatin9 iso885915",
    "koi8_r": "koi koi8",
    "koi8_u": "koi8_ru",
    "mac_cyrillic": "x_mac_cyrillic x_mac_ukrainian",
    "mac_roman": "csmacintosh mac x_mac_roman",
}
_CODEC = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}


def teach_labels() -> None:
    """Make these labels known to Python, and so to w3lib, which finds a document's label and asks Python for it."""
    codecs.register(_search)


def _search(name: str) -> codecs.CodecInfo | None:
    codec = _CODEC.get(name.replace("-", "_"))
    return codecs.lookup(codec) if codec is not None else None
