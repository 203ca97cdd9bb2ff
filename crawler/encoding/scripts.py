"""How text of a language looks, and how it was encoded before UTF-8."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Strange letters that a byte without a meaning counts as: single ones occur, in text of another encoding many do.
# Chosen by hand.
_BROKEN_WEIGHT = 5


@dataclass(frozen=True, slots=True)
class Script:
    """The letters of a language beyond ASCII."""

    codecs: tuple[str, ...]
    """The usual one first: it wins where two fit alike."""

    text: re.Pattern[str]
    """What such letters look like in text. Of a script of its own two at least: a single one may be a sign."""

    def fit(self, text: str) -> int | None:
        """How well a text looks: its letters that are as they should be, less those that are not; None if most are not
        as they should be."""
        good = sum(map(len, self.text.findall(text)))
        strange = sum(_strangeness(char) for char in self.text.sub("", text) if char > "\x7f")
        return good - strange if strange < good or strange == 0 else None


def _strangeness(char: str) -> int:
    """How much a character that does not look like text speaks against the encoding. C1 controls show that a byte has
    another meaning."""
    return _BROKEN_WEIGHT if char == "\ufffd" else int(char.isalpha() or char < "\xa0")


def _latin(codecs: tuple[str, ...], letters: str) -> Script:
    """A language with these letters beside those of ASCII, which are around them."""
    capitals = "".join(letter for letter in letters.upper() if not letter.isascii())
    both = f"[{letters}{capitals}]"
    return Script(codecs, re.compile(f"{both}+(?=[A-Za-z])|(?<=[A-Za-z]){both}+"))


_ARABIC = re.compile("[\u0600-\u06ff]{2,}")
# KOI8-R read as windows-1251 is Cyrillic too, but with the cases exchanged.
_CYRILLIC = re.compile("[\u0400-\u042f\u0490]?[\u0430-\u045f\u0491]{2,}")
_WESTERN = _latin(("cp1252",), "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿœšžß")
_CENTRAL = ("cp1250", "iso8859_2")
_SERBIAN = "čćđšž"

SCRIPTS = {
    "ar": Script(("cp1256", "iso8859_6"), _ARABIC),
    **dict.fromkeys(("fa", "ur", "ps", "ku"), Script(("cp1256",), _ARABIC)),
    **dict.fromkeys(("ru", "be", "bg", "mk", "kk"), Script(("cp1251", "koi8_r"), _CYRILLIC)),
    "uk": Script(("cp1251", "koi8_u"), _CYRILLIC),
    "el": Script(("cp1253", "iso8859_7"), re.compile("[\u0370-\u03ff]{2,}")),
    "he": Script(("cp1255",), re.compile("[\u0590-\u05ff]{2,}")),
    "th": Script(("cp874",), re.compile("[\u0e00-\u0e7f]{2,}")),
    "ja": Script(("cp932", "euc_jp"), re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff00-\uff60]{2,}")),
    "ko": Script(("cp949",), re.compile("[\uac00-\ud7a3]{2,}")),
    "tr": _latin(("cp1254",), "âçğıîöşûüİ"),
    "pl": _latin(_CENTRAL, "ąćęłńóśźż"),
    "cs": _latin(_CENTRAL, "áčďéěíňóřšťúůýž"),
    "sk": _latin(_CENTRAL, "áäčďéíĺľňóôŕšťúýž"),
    "hu": _latin(_CENTRAL, "áéíóöőúüű"),
    "ro": _latin(_CENTRAL, "âăîşţ"),
    **dict.fromkeys(("hr", "bs", "sl"), _latin(_CENTRAL, _SERBIAN)),
    "lt": _latin(("cp1257",), "ąčęėįšųūž"),
    "lv": _latin(("cp1257",), "āčēģīķļņšūž"),
    "et": _latin(("cp1257",), "äõöüšž"),
    **dict.fromkeys(("da", "de", "en", "es", "fi", "fr", "is", "it", "nb", "nl", "no", "pt", "sv"), _WESTERN),
}
