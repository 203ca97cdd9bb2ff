"""The words of printed dates: zones as the IANA database has them, numbers and units as the languages count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crawler.dates import vocabulary
from crawler.dates.read import find_date, read_date

NOW = datetime(2026, 11, 24, 12, 0, 31, 500, tzinfo=UTC)  # a Tuesday

# Abbreviation → a place that has it, and the month in which it does.
ABBREVIATIONS = {
    "AKST": ("America/Anchorage", 1),
    "AKDT": ("America/Anchorage", 7),
    "HST": ("Pacific/Honolulu", 1),
    **{"EST": ("America/New_York", 1), "EDT": ("America/New_York", 7), "CST": ("America/Chicago", 1)},
    **{"CDT": ("America/Chicago", 7), "MST": ("America/Denver", 1), "MDT": ("America/Denver", 7)},
    **{"PST": ("America/Los_Angeles", 1), "PDT": ("America/Los_Angeles", 7), "BST": ("Europe/London", 7)},
    **{"WET": ("Europe/Lisbon", 1), "WEST": ("Europe/Lisbon", 7), "CET": ("Europe/Paris", 1)},
    **{"CEST": ("Europe/Paris", 7), "MEZ": ("Europe/Berlin", 1), "MESZ": ("Europe/Berlin", 7)},
    **{"EET": ("Europe/Helsinki", 1), "EEST": ("Europe/Helsinki", 7), "MSK": ("Europe/Moscow", 1)},
    **{"TRT": ("Europe/Istanbul", 1), "GST": ("Asia/Dubai", 1), "PKT": ("Asia/Karachi", 1)},
    **{"WIB": ("Asia/Jakarta", 1), "SGT": ("Asia/Singapore", 1), "HKT": ("Asia/Hong_Kong", 1)},
    **{"JST": ("Asia/Tokyo", 1), "KST": ("Asia/Seoul", 1), "AEST": ("Australia/Sydney", 7)},
    **{"AEDT": ("Australia/Sydney", 1), "NZST": ("Pacific/Auckland", 7), "NZDT": ("Pacific/Auckland", 1)},
    **{"CAT": ("Africa/Maputo", 1), "SAST": ("Africa/Johannesburg", 1), "WAT": ("Africa/Lagos", 1)},
    **{"EAT": ("Africa/Nairobi", 1), "UTC": ("UTC", 1), "GMT": ("UTC", 7), "Z": ("UTC", 7)},
}
# Minutes ahead of UTC in January 2021.
PLACES = {
    **{"مكة": 180, "السعودية": 180, "الرياض": 180, "بغداد": 180, "الدوحة": 180, "موسكو": 180},
    **{"القاهرة": 120, "مصر": 120, "دمشق": 120, "سوريا": 120, "القدس": 120, "فلسطين": 120, "بيروت": 120},
    **{"الإمارات": 240, "أبوظبي": 240, "دبي": 240, "تونس": 60, "الجزائر": 60, "طهران": 210},
}


def instant(text: str) -> datetime | None:
    """The instant of a text on a page fetched at NOW, from a site five hours ahead of UTC."""
    date = read_date(text, timezone="Asia/Karachi", now=NOW)
    return date.value if date else None


@pytest.mark.parametrize("name", ABBREVIATIONS)
def test_an_abbreviated_zone_is_as_far_from_utc_as_the_places_that_use_it(name: str) -> None:
    place, month = ABBREVIATIONS[name]
    assert instant(f"2021-{month:02}-07 10:30 {name}") == datetime(2021, month, 7, 10, 30, tzinfo=ZoneInfo(place))


@pytest.mark.parametrize("month", [1, 7])
@pytest.mark.parametrize(("name", "of"), [("ET", "EST"), ("CT", "CST"), ("MT", "MST"), ("PT", "PST")])
def test_an_american_zone_without_a_season_follows_the_season(name: str, of: str, month: int) -> None:
    zone = ZoneInfo(ABBREVIATIONS[of][0])
    assert instant(f"7 {'Jan' if month == 1 else 'July'} 2021, 10:30 {name}") == datetime(
        2021, month, 7, 10, 30, tzinfo=zone
    )


@pytest.mark.parametrize("place", PLACES)
def test_the_time_of_a_place_is_as_far_from_utc_as_the_place(place: str) -> None:
    expected = datetime(2021, 1, 7, 10, 30, tzinfo=UTC) - timedelta(minutes=PLACES[place])
    assert instant(f"7 يناير 2021 10:30 بتوقيت {place}") == expected


def test_every_zone_of_the_vocabulary_is_tested_here() -> None:
    assert set(vocabulary.ZONE_PLACES) == set(PLACES)
    assert {name for name, zone in vocabulary.ZONES.items() if zone and not isinstance(zone, str)} <= set(ABBREVIATIONS)


@pytest.mark.parametrize(
    ("counting", "sentence"),
    [
        ("one two three four five six seven eight nine ten", "{} minutes ago"),
        ("une deux trois quatre cinq six sept huit neuf dix", "il y a {} minutes"),
        ("einer zwei drei vier fünf sechs sieben acht neun zehn", "vor {} Minuten"),
        ("un dos tres cuatro cinco seis siete ocho nueve diez", "hace {} minutos"),
        ("bir iki üç dört beş altı yedi sekiz dokuz on", "{} minuto önce"),
        ("واحدة اثنين ثلاث أربع خمس ست سبع ثماني تسع عشر", "منذ {} دقائق"),
        ("واحد اثنين ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة", "قبل {} دقائق"),
        ("یک دو سه چهار پنج شش هفت هشت نه ده", "{} دقیقه پیش"),
    ],
    ids=["en", "fr", "de", "es", "tr", "ar", "ar_masculine", "fa"],
)
def test_number_words_count_from_one_to_ten(counting: str, sentence: str) -> None:
    read = [instant(sentence.format(word)) for word in counting.split()]
    assert read == [NOW.replace(second=0, microsecond=0) - timedelta(minutes=n) for n in range(1, 11)]


@pytest.mark.parametrize(
    ("texts", "ago"),
    [
        ("90 seconds ago|90 secs ago|منذ 90 ثانية|قبل 90 ثواني|il y a 90 seconde|vor 90 Sekunde", {"seconds": 90}),
        ("منذ دقيقتين|2 min ago|2 mins ago|2m ago|vor 2 Minuten|hace 2 minutos|۲ دقیقه پیش", {"minutes": 2}),
        ("منذ ساعتين|2 hrs ago|2 hr ago|il y a 2 heures|vor 2 Stunden|hace 2 horas|2 saat önce", {"hours": 2}),
        ("an hour ago|one hour ago|a hour ago|منذ ساعة|vor einer Stunde|hace una hora|il y a une heure", {"hours": 1}),
    ],
    ids=["seconds", "minutes", "hours", "an_hour"],
)
def test_hours_and_less_are_counted_back_to_the_minute(texts: str, ago: dict[str, int]) -> None:
    expected = (NOW - timedelta(**ago)).replace(second=0, microsecond=0)
    assert {text: instant(text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), expected)


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        ("today|اليوم|امروز|aujourd’hui|heute|hoy|oggi|hoje|bugün|vandaag|آج", 24),
        ("yesterday|أمس|دیروز|hier|gestern|ayer|ieri|ontem|dün|gisteren|1 day ago|منذ يوم", 23),
        ("أول أمس|أمس الأول|منذ يومين|2 days ago|vor 2 Tagen|hace 2 días|il y a 2 jours|2 gün önce", 22),
        ("a week ago|منذ أسبوع|vor einer Woche|hace una semana|il y a une semaine|bir hafta önce", 17),
        ("منذ أسبوعين|2 weeks ago|vor 2 Wochen|hace 2 semanas|il y a 2 semaines|۲ هفته پیش|منذ 14 يوما", 10),
    ],
    ids=["today", "yesterday", "two_days", "week", "two_weeks"],
)
def test_days_and_weeks_are_whole_days(texts: str, day: int) -> None:
    expected = datetime(2026, 11, day, tzinfo=UTC)
    assert {text: instant(text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), expected)


@pytest.mark.parametrize(
    "text", ["just now", "الآن", "منذ لحظات", "قبل لحظات", "à l’instant", "همین الان", "gerade eben"]
)
def test_just_now_is_when_the_page_was_fetched(text: str) -> None:
    assert instant(text) == NOW.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        *[(f"12:05 {word}", 0) for word in ("am", "a.m.", "ص", "صباحا", "فجرا", "ق.ظ", "ليلا")],
        *[(f"9:05 {word}", 9) for word in ("am", "ص", "صباحًا", "قبل الظهر", "صبح")],
        *[(f"12:05 {word}", 12) for word in ("pm", "م", "ظهرا", "ب.ظ")],
        *[(f"9:05 {word}", 21) for word in ("pm", "p.m.", "م", "مساء", "بعد الظهر", "ليلا", "عصر")],
        ("5:05 ليلا", 5), ("6:05 ليلا", 18), ("11:05 ليلا", 23), ("13:05 م", 13), ("23:05 pm", 23),
    ],
)  # fmt: skip
def test_the_part_of_the_day_tells_which_of_two_hours_is_meant(text: str, hour: int) -> None:
    assert instant(f"7 أغسطس 2020 {text} GMT") == datetime(2020, 8, 7, hour, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("offset", "minutes"),
    [("+03:00", 180), ("-03:30", -210), ("+0545", 345), ("+14:00", 840), ("+14:59", 899), ("-01", -60), ("+00:59", 59)],
)
def test_an_offset_behind_seconds_is_counted_in_hours_and_minutes(offset: str, minutes: int) -> None:
    assert instant(f"7 August 2020 10:30:00 {offset}") == datetime(2020, 8, 7, 10, 30, tzinfo=UTC) - timedelta(
        minutes=minutes
    )


@pytest.mark.parametrize("offset", ["+15:00", "+03:60", "-0399", "+1460"])
def test_an_offset_that_no_clock_has_costs_the_offset(offset: str) -> None:
    assert instant(f"7 August 2020 10:30:00 {offset}") == instant("7 August 2020 10:30:00")


@pytest.mark.parametrize(
    "text",
    [
        *["Mon Aug 32 09:23:00 EDT 2020", "2020-Aug-32", "Sunday, 06-Nov-94 08:61:37 GMT", "Mon, 24 Aug 2050 GMT"],
        *["2021-W54-1", "2021-367", "2021-02-30T10:00Z", "20211323123510", "160613491", "16061349101"],
    ],
)
def test_what_no_calendar_or_clock_shows_is_not_a_date(text: str) -> None:
    assert instant(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1368/10/11", datetime(1990, 1, 1, tzinfo=UTC)),
        ("1368/10/10", None),
        ("1405/01/01", datetime(2026, 3, 21, tzinfo=UTC)),
        ("1410/01/01", None),
        ("1442/07/09", None),
    ],
)
def test_a_year_in_figures_is_jalali_from_1368_to_1409(text: str, day: datetime | None) -> None:
    assert instant(text) == day


def test_a_year_of_two_digits_from_50_on_is_of_the_last_century_and_never_guessed() -> None:
    years = {year: read_date(f"Sunday, 06-Nov-{year} 08:49:37 GMT") for year in ("49", "50", "51", "94")}
    assert {year: date and date.value.year for year, date in years.items()} == {
        "49": 2049,
        "50": None,
        "51": None,
        "94": 1994,
    }


def test_no_year_before_1990_is_read() -> None:
    assert instant("1990-01-01") == datetime(1990, 1, 1, tzinfo=UTC)
    assert instant("1989-12-31") is None
    assert instant("31 December 1989") is None


def test_a_date_has_two_hundred_characters_at_most() -> None:
    assert instant("3 March 2024".rjust(200, "-")) == datetime(2024, 3, 3, tzinfo=UTC)
    assert instant("3 March 2024".rjust(201, "-")) is None


def test_the_beginning_of_a_long_byline_is_read() -> None:
    date = find_date(f"3 March 2024, {'by one of the many ' * 20}")
    assert date is not None
    assert (date.raw, date.value) == ("3 March 2024", datetime(2024, 3, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("كتب فلان: 24 كانون الثاني 2021 - 10:30 بتوقيت بيروت | دمشق", "24 كانون الثاني 2021 - 10:30 بتوقيت بيروت"),
        ("دمشق، كانون الثاني 24، 2021", "كانون الثاني 24، 2021"),
        ("Ali | الاثنين 5 جمادى الآخرة 1442 | x", "الاثنين 5 جمادى الآخرة 1442"),
        ("Par X, le 1er août 2024 à 14 h 05, Paris", "1er août 2024 à 14 h 05"),
        ("Von X (3. März 2024, 14:05 Uhr)", "3. März 2024, 14:05 Uhr"),
    ],
)
def test_the_raw_date_of_a_byline_is_what_is_printed_and_no_more(text: str, raw: str) -> None:
    date = find_date(text)
    assert date is not None
    assert date.raw == raw


@pytest.mark.parametrize(
    "label",
    [
        "Published",
        "Posted on",
        "Last updated:",
        "Updated -",
        "Publié",
        "Mis à jour -",
        "نشر في",
        "تم النشر",
        "آخر تحديث:",
        "بتاريخ",
    ],
)
def test_a_relative_date_is_found_behind_a_label(label: str) -> None:
    date = find_date(f"{label} 3 hours ago", now=NOW)
    assert date is not None
    assert date.value == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
