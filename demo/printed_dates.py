"""Dates as newspapers print them: Levantine, Egyptian and double month names, Arabic-Indic digits, English."""

from __future__ import annotations

from datetime import datetime

from demo.content import Story
from demo.served_site import ServedSite

_DAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
_LEVANTINE = (
    *("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران"),
    *("تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"),
)
_EGYPTIAN = (
    *("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو"),
    *("يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
)
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_USUAL_STYLE = {"wordpress": "levantine", "ledger": "english", "agency": "zone"}
# Styles that print the time of day as well.
TIMED_STYLES = frozenset({"levantine_full", "egyptian_full", "english", "american", "zone"})


def style_of(served: ServedSite, story: Story) -> str:
    """The style in which an article's page prints its date."""
    return story.date_style or _USUAL_STYLE[served.site.engine]


def printed_date(served: ServedSite, story: Story) -> str:
    """The date of an article as its page prints it."""
    return date_in_style(served.local(story.published), style_of(served, story))


def date_in_style(moment: datetime, style: str) -> str:
    """A moment in one of the styles; content/README.md shows them."""
    levantine, egyptian = _LEVANTINE[moment.month - 1], _EGYPTIAN[moment.month - 1]
    clock = f"{moment.hour % 12 or 12:02d}:{moment.minute:02d} {'ص' if moment.hour < 12 else 'م'}"
    day, year, weekday = moment.day, moment.year, _DAYS[moment.weekday()]
    styles = {
        "levantine": f"{day} {levantine} {year}",
        "levantine_full": f"{weekday}، {day} {levantine} {year} - {clock}",
        "both": f"{weekday} {day} {levantine}/{egyptian} {year}",
        "egyptian": f"{egyptian} {day}, {year}",
        "egyptian_full": f"{weekday} {day} {egyptian} {year} {clock}",
        "digits": f"{moment:%d/%m/%Y}".translate(_ARABIC_DIGITS),
        "english": f"{day} {moment:%B %Y, %H:%M} {moment.tzname()}",
        "english_day": f"{moment:%A} {day} {moment:%B %Y}",
        "american": f"{moment:%b}. {day}, {year}, {moment:%I:%M %p}",
        "zone": f"{moment:%Y-%m-%d %H:%M} (UTC{moment:%z})",
    }
    return styles[style]
