"""The languages of the interface: English, and the translations in `locales`."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

_LOCALES = Path(__file__).with_name("locales")

LANGUAGES = {"en": "English", "ar": "العربية"}
"""The code of each language, and its own name for itself."""

_RIGHT_TO_LEFT = frozenset({"ar"})
COOKIE = "rasid_language"
"""The cookie that keeps the choice of `?_lang=`."""

_MAX_ACCEPTED = 20
"""Languages of a header that are looked at: a bound for hostile requests."""


@dataclass(frozen=True, slots=True)
class Language:
    """What templates need to print text in one language."""

    code: str
    translations: gettext.NullTranslations

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return "rtl" if self.code in _RIGHT_TO_LEFT else "ltr"

    def text(self, message: str, **values: Any) -> Markup:
        """The translation of an English text; `%(name)s` in it is replaced by `values`, which are escaped."""
        return self._filled(self.translations.gettext(message), values)

    def plain(self, message: str, **values: Any) -> str:
        """The same, not escaped: for charts, which escape what they print."""
        translated = self.translations.gettext(message)
        return translated % values if values else translated

    def texts(self, one: str, many: str, number: int, **values: Any) -> Markup:
        """The translation of a text in the grammatical number of `number`, which is `%(number)s` in it."""
        return self._filled(self.translations.ngettext(one, many, number), values | {"number": self.number(number)})

    def number(self, value: float) -> str:
        """A number with the separators of the language."""
        from babel.numbers import format_decimal

        return format_decimal(value, locale=self.code)

    def share(self, value: float) -> str:
        """A share of 0 to 1 as a percentage."""
        from babel.numbers import format_percent

        return format_percent(value, locale=self.code)

    def day(self, value: date) -> str:
        """A day: `3 Mar 2031`."""
        from babel.dates import format_date

        # The medium form of Arabic has digits alone, in an order that its marks of direction turn.
        return format_date(value, "medium" if self.code == "en" else "long", locale=self._locale)

    def month(self, value: date) -> str:
        """A month with its year: `Mar 2031`."""
        from babel.dates import format_skeleton

        return format_skeleton("yMMM", value, locale=self._locale)

    def ago(self, passed: timedelta) -> str:
        """How long ago something was: `3 hours ago`."""
        from babel.dates import format_timedelta

        return format_timedelta(-passed, add_direction=True, locale=self._locale)

    @property
    def _locale(self) -> str:
        # Days of British English: CLDR's English alone is American, with the month first.
        return "en_GB" if self.code == "en" else self.code

    @staticmethod
    def _filled(message: str, values: dict[str, Any]) -> Markup:
        # Without values a percent sign is one, as in gettext of Jinja2.
        return escape(message) % values if values else escape(message)


@cache
def language(code: str) -> Language:
    """The language with this code, with its translations read from `locales`. Raises KeyError."""
    if code not in LANGUAGES:
        raise KeyError(code)
    return Language(code, _translations(code))


def lang_attribute(code: str | None) -> Markup:
    """The attribute `lang` for a text of an article; empty if its language is none that CLDR knows."""
    from babel.localedata import exists

    return Markup(' lang="{}"').format(code) if code and exists(code) else Markup("")


def _translations(code: str) -> gettext.NullTranslations:
    if code == "en":
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (_LOCALES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def language_of(request: Any) -> Language:
    """The language of a response: of `?_lang=`, of the cookie, or the first in Accept-Language that there is."""
    accepted = (request.headers.get("accept-language") or "").split(",")[:_MAX_ACCEPTED]
    preferred = [part.split(";")[0].strip().split("-")[0].lower() for part in accepted]
    wanted = (request.args.get("_lang"), request.cookies.get(COOKIE), *preferred)
    return language(next((code for code in wanted if code in LANGUAGES), "en"))
