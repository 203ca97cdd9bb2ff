"""Times of the store as HTML: in the zone of a site, with UTC beside."""

from __future__ import annotations

from datetime import datetime, tzinfo

from babel.dates import format_date
from markupsafe import Markup

_DAY = "2026-03-01"
_SHORT = {"ar": "d MMM y"}  # CLDR's is of numbers alone, in an order that is read in two ways
_CLDR = {"en": "en_GB"}  # as in crawler/browse/languages.py: CLDR's English alone is American
_COMMA = {"ar": "، "}  # CLDR joins day and time of Arabic by the Latin one


def time_element(text: str | None, zone: tzinfo, locale: str, *, only_day: bool = False, short: bool = False) -> Markup:
    """A time that the store has written, as <time> with the machine's form and UTC in its title. `only_day`: the source
    gave no time of day, and the stored midnight is not a time. A text that is not a time is printed as it is."""
    try:
        moment = datetime.fromisoformat(text or "")
        shown = moment.astimezone(zone) if moment.tzinfo is not None else moment
    except (ValueError, OverflowError):
        return Markup("<bdi>{}</bdi>").format(text or "")
    assert text is not None
    if only_day or len(text) == len(_DAY):
        day = text[: len(_DAY)]
        return Markup('<time datetime="{}">{}</time>').format(day, _day(moment, locale))
    printed = f"{_day(shown, locale, short=short)}{_COMMA.get(locale, ', ')}{shown:%H:%M}"
    title = f"{text[:10]} {text[11:19]} UTC"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(text, title, printed)


def _day(moment: datetime, locale: str, *, short: bool = False) -> str:
    form = _SHORT.get(locale, "medium") if short else "long"
    return format_date(moment, form, locale=_CLDR.get(locale, locale))
