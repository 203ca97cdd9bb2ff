"""Dates: texts that must be parsed, with instant and precision, and texts that must not be taken for a date."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import vocabulary
from crawler.dates.folding import split_words
from crawler.dates.read import ReadDate, find_date, read_date
from crawler.dates.tokens import token_kinds
from crawler.text import clean

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ZONE = "Asia/Riyadh"  # three hours ahead of UTC, all the year


def read(text: str) -> ReadDate | None:
    return read_date(text, timezone=ZONE, now=NOW, zone_from="profile")


def find(text: str) -> ReadDate | None:
    return find_date(text, timezone=ZONE, now=NOW, zone_from="profile")


def shown(date_: ReadDate | None) -> str | None:
    """A date in the form of the tables below: with its precision, in UTC, and with `!` if the text has a time zone."""
    if date_ is None:
        return None
    form = {"day": "%Y-%m-%d", "hour": "%Y-%m-%d %Hh", "minute": "%Y-%m-%d %H:%M", "second": "%Y-%m-%d %H:%M:%S"}[
        date_.precision
    ]
    return date_.value.strftime(form) + ("!" if date_.zone_from == "page" else "")


MACHINE = [
    ("2021-11-23T12:35:10+00:00", "2021-11-23 12:35:10!"),
    ("2021-11-23T12:35:10Z", "2021-11-23 12:35:10!"),
    ("2021-11-23t12:35:10z", "2021-11-23 12:35:10!"),
    ("2021-11-23T12:35:10.123456+0200", "2021-11-23 10:35:10!"),
    ("2021-11-23T12:35:10,5-05:00", "2021-11-23 17:35:10!"),
    ("2021-11-23T12:35+03", "2021-11-23 09:35!"),
    ("2021-11-23T12:35:10", "2021-11-23 09:35:10"),
    ("2021-11-23 12:35", "2021-11-23 09:35"),
    ("2021-11-23T24:00", "2021-11-23 21:00"),
    ("  2021-11-23\n", "2021-11-23"),
    ("20211123", "2021-11-23"),
    ("20211123T123510Z", "2021-11-23 12:35:10!"),
    ("2021-W47-2", "2021-11-23"),
    ("2021W472T1235Z", "2021-11-23 12:35!"),
    ("2021-327", "2021-11-23"),
    ("1606134910", "2020-11-23 12:35:10!"),
    ("1606134910123", "2020-11-23 12:35:10!"),
    ("20211123123510", "2021-11-23 09:35:10"),
    ("2020-08-24 09:23:00 +0000 UTC", "2020-08-24 09:23:00!"),
    ("2020-08-24 09:23:00 -05:00", "2020-08-24 14:23:00!"),
    ("Tue, 23 Nov 2021 12:35:10 +0300", "2021-11-23 09:35:10!"),
    ("Tue, 23 Nov 2021 12:35:10 GMT", "2021-11-23 12:35:10!"),
    ("Tue, 23 Nov 2021 12:35 EST", "2021-11-23 17:35!"),
    ("Mon, 24 Aug 20 09:23:00 GMT", "2020-08-24 09:23:00!"),
    ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06 08:49:37!"),
    ("Mon Aug 24 09:23:00 EDT 2020", "2020-08-24 13:23:00!"),
    ("Mon Aug 24 09:23:00 2020", "2020-08-24 06:23:00"),
    ("2020-Aug-24", "2020-08-24"),
    ("Thu Nov 05 2020 10:11:12 GMT+0300 (Arabian Standard Time)", "2020-11-05 07:11:12!"),
    ("\u200f2021-11-23\u200e", "2021-11-23"),
]
ARABIC = [
    ("الإثنين، 24 أغسطس 2020 09:23 ص", "2020-08-24 06:23"),
    ("الأربعاء، 07 أكتوبر 2020 - 12:09 م", "2020-10-07 09:09"),
    ("الأربعاء، 07 أكتوبر 2020 - 12:09 ص", "2020-10-06 21:09"),
    ("الجمعة 24 نيسان / أبريل 2020 09:22 مساءً", "2020-04-24 18:22"),
    ("الأربعاء، 28 آب/اغسطس 2013", "2013-08-28"),
    ("24 يناير (كانون الثاني) 2021", "2021-01-24"),
    ("٢٤ كانون الثاني/يناير ٢٠٢١ 22:10", "2021-01-24 19:10"),
    ("3 تشرين الأول 2021", "2021-10-03"),
    ("3 تشرين ثاني ٢٠٢١", "2021-11-03"),
    ("الجمعة 8 فيفري 2019", "2019-02-08"),
    ("السبت 17 جويلية 2021 الساعة 18:00", "2021-07-17 15:00"),
    ("2 أوت 2021", "2021-08-02"),
    ("17 غشت 2021", "2021-08-17"),
    ("10:30 17 شتنبر 2021", "2021-09-17 07:30"),
    ("5 دجنبر 2021", "2021-12-05"),
    ("الثلاثاء ١ / ١٢ / ٢٠٢٠", "2020-12-01"),
    ("٢٤‏/٠٨‏/٢٠٢٠", "2020-08-24"),
    ("2020/12/25 - 1:59 صباحًا", "2020-12-24 22:59"),
    ("ديسمبر 25, 2020", "2020-12-25"),
    ("أغسطس 24, 2020 الساعة 3:15 م", "2020-08-24 12:15"),
    ("أغـسـطـس 24, 2020", "2020-08-24"),
    ("٥ أُغُسْطُس ٢٠٢٠", "2020-08-05"),
    ("17:27 17.03.2020 GMT", "2020-03-17 17:27!"),
    ("GMT 17:27 17.03.2020", "2020-03-17 17:27!"),
    ("24 أغسطس 2020 10:30 بتوقيت غرينتش", "2020-08-24 10:30!"),
    ("24 أغسطس 2020 10:30 ص بتوقيت مكة المكرمة", "2020-08-24 07:30!"),
    ("24 يناير 2020 10:30 بتوقيت القاهرة", "2020-01-24 08:30!"),
    ("24 أغسطس 2020 الساعة 11 ليلا", "2020-08-24 20:00"),
    ("24 أغسطس 2020 1:30 ظهرا", "2020-08-24 10:30"),
    ("12/02/2021م 10:15 م", "2021-02-12 19:15"),
    ("١٢/٠١/٢٠٢٦", "2026-01-12"),
    ("الأحد 5 رجب 1442 هـ الموافق 21 فبراير 2021", "2021-02-21"),
    ("الأحد 21 فبراير 2021م - 9 رجب 1442هـ", "2021-02-21"),
    ("5 رجب 1442 هـ", "2021-02-17"),
    ("10 ذو الحجة 1441هـ", "2020-07-31"),
    ("1 جمادى الآخرة 1442", "2021-01-14"),
]
PERSIAN_AND_URDU = [
    ("۱۳۹۹/۰۲/۲۱", "2020-05-10"),
    ("1399-02-21T10:30:00+03:30", "2020-05-10 07:00:00!"),
    ("۲۱ اردیبهشت ۱۳۹۹ ساعت ۱۰:۳۰", "2020-05-10 07:30"),
    ("سه‌شنبه ۲۳ اردیبهشت ۱۳۹۹ - ۱۰:۳۰", "2020-05-12 07:30"),
    ("پنج شنبه ۳۰ اسفند ۱۳۹۹", "2021-03-20"),
    ("۱۲ حمل ۱۴۰۰", "2021-04-01"),
    ("۱۰ مه ۲۰۲۰ ۵:۳۰ ب.ظ", "2020-05-10 14:30"),
    ("۱۲ فروری ۲۰۲۱", "2021-02-12"),
]
EUROPEAN = [
    ("25.04.202414:05 Uhr", "2024-04-25 11:05"),
    ("Do 25.04.24 | 14:07 Uhr", "2024-04-25 11:07"),
    ("25.04.24, 14:05 Uhr", "2024-04-25 11:05"),
    ("Mittwoch, 25.04.24", "2024-04-25"),
    ("31.12.99, 23:59 Uhr", "1999-12-31 20:59"),
    ("March 3, 2024", "2024-03-03"),
    ("Mar. 3, 2024, 2:05 PM ET", "2024-03-03 19:05!"),
    ("July 3, 2024, 2:05 PM ET", "2024-07-03 18:05!"),
    ("March 3, 2024 at 2:05 p.m. EST", "2024-03-03 19:05!"),
    ("3 Mar 2024 11:20 CET", "2024-03-03 10:20!"),
    ("3rd of March, 2024", "2024-03-03"),
    ("12:00 AM, January 2, 2024", "2024-01-01 21:00"),
    ("January 2, 2024 9pm", "2024-01-02 18:00"),
    ("09:20, 10 March 2024 (UTC+03:00)", "2024-03-10 06:20!"),
    ("10:30 - 24/08/2020", "2020-08-24 07:30"),
    ("Tuesday 5 March 2024 11.20 GMT", "2024-03-05 11:20!"),
    ("Tuesday, November 23, 2021 - 12:35", "2021-11-23 09:35"),
    ("01/25/2024", "2024-01-25"),
    ("8/24/2020 9:23:11 PM", "2020-08-24 18:23:11"),
    ("12/01/2024", "2024-01-12"),
    ("Tuesday, 03/05/2024", "2024-03-05"),  # 3 May was a Friday
    ("Friday, 03/05/2024", "2024-05-03"),
    ("3 mars 2024 à 14h05", "2024-03-03 11:05"),
    ("Le 1er août 2024 à 14 h 05", "2024-08-01 11:05"),
    ("vendredi 23 févr. 2024", "2024-02-23"),
    ("3. März 2024, 14:05 Uhr", "2024-03-03 11:05"),
    ("Dienstag, 05.03.2024, 11.20 Uhr", "2024-03-05 08:20"),
    ("3 de marzo de 2024", "2024-03-03"),
    ("1º de setiembre del 2024, 2:05 p. m.", "2024-09-01 11:05"),
    ("terça-feira, 3 de março de 2024 às 14:05", "2024-03-03 11:05"),
    ("3 marzo 2024 alle 14.05", "2024-03-03 11:05"),
    ("3 Mart 2024 14:05", "2024-03-03 11:05"),
    ("3 KASIM 2024", "2024-11-03"),
    ("3 ŞUBAT 2024 Cumartesi", "2024-02-03"),
    ("zondag 3 maart 2024 om 14:05 uur", "2024-03-03 11:05"),
    ("2020.08.24", "2020-08-24"),
    ("11.15.2019 10:09 AM", "2019-11-15 07:09"),
    ("Nov 18, 2019 @17:26", "2019-11-18 14:26"),
    ("wtorek, 11 maja 2021, 20:28", "2021-05-11 17:28"),
    ("15 сентября 2021", "2021-09-15"),
    ("5 maj 2021", "2021-05-05"),
    ("24.08.2020 | 09:23", "2020-08-24 06:23"),
]
# NOW is a Tuesday, 15:00 in ZONE
RELATIVE = [
    ("قبل 19 دقيقة", "2026-11-24 11:41!"),
    ("منذ 3 ساعات", "2026-11-24 09h!"),
    ("منذ ٣ ساعات", "2026-11-24 09h!"),
    ("منذ ساعتين", "2026-11-24 10h!"),
    ("منذ ساعة واحدة", "2026-11-24 11h!"),
    ("منذ خمس دقائق", "2026-11-24 11:55!"),
    ("منذ حوالي 3 ساعات", "2026-11-24 09h!"),
    ("منذ يومين", "2026-11-22"),
    ("منذ أسبوع", "2026-11-17"),
    ("قبل ١٢ يومًا", "2026-11-12"),
    ("الآن", "2026-11-24 12:00!"),
    ("اليوم", "2026-11-24"),
    ("أمس", "2026-11-23"),
    ("الأمس، الساعة 10:30 م", "2026-11-23 19:30"),
    ("أول أمس", "2026-11-22"),
    ("3 hours ago", "2026-11-24 09h!"),
    ("an hour ago", "2026-11-24 11h!"),
    ("about 5 mins ago", "2026-11-24 11:55!"),
    ("3h ago", "2026-11-24 09h!"),
    ("14 hours ago", "2026-11-23 22h!"),
    ("قبل 14 ساعة", "2026-11-23 22h!"),
    ("30 hours ago", "2026-11-23 06h!"),
    ("90 minutes ago", "2026-11-24 10:30!"),
    ("2 days ago", "2026-11-22"),
    ("yesterday", "2026-11-23"),
    ("Yesterday at 14:05", "2026-11-23 11:05"),
    ("today, 2:05 pm", "2026-11-24 11:05"),
    ("۳ ساعت پیش", "2026-11-24 09h!"),
    ("il y a 3 heures", "2026-11-24 09h!"),
    ("vor 2 Tagen", "2026-11-22"),
    ("hace 5 minutos", "2026-11-24 11:55!"),
    ("3 saat önce", "2026-11-24 09h!"),
]
NO_DATE = [
    *["", " ", "-", "now", "news", "قرار رقم 5 لعام 2021", "2021", "© 2021", "March 2024", "آذار 2024", "5 March"],
    *["2021-11", "2021-W47", "11/2021", "1.2.2021.5", "2021.1.2", "192.168.1.1", "10.12.2020.1", "v1.2.3.2021"],
    *["+963 11 234 5678", "0112345678", "011 2345678", "555-1234", "$1,200.50", "12.50 €", "3 - 2", "24:00"],
    *["31 February 2021", "31/02/2021", "2021-02-30", "13/13/2021", "0/1/2021", "2021-13-01"],
    *["24 August 1985", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00", "0", "0000000000", "2 December 2026"],
    *["2031-01-01", "9999-12-31T23:59:59-12:00", "1606134910123456", "3 March 2024 - 5 March 2024"],
    *["24 August 2020 25:61", "24 August 2020 10:30 +99:00", "24 August 2020 10:30-11:45", "March/April 3 2024"],
    *["منذ سنة", "منذ شهرين", "2 months ago", "hours ago", "منذ ساعات", "5 minutes", "99999 days ago"],
    *["9999 weeks ago", "USA Today", "اليوم السابع", "31 رجب 1442", "1442/07/09", "30 Esfand 1399", "05/03/24"],
    *[
        "5 Shawwal",
        "رجب 1442",
        "the 5 of 2021",
        "1,2,2021",
        "10 2020 11",
        "24.08.20",
        "20.08.24 10:30",
        "Published March 3, 2024",
    ],
]
BYLINES = [
    ("نشر في: الإثنين، 24 أغسطس 2020 09:23 ص - كتب فلان", "2020-08-24 06:23", "الإثنين، 24 أغسطس 2020 09:23 ص"),
    ("كتب: فلان | الجمعة 24 نيسان / أبريل 2020 09:22 مساءً | دمشق", "2020-04-24 18:22", None),
    ("Published on March 3, 2024 by Joe Doe", "2024-03-03", "March 3, 2024"),
    ("By John Smith | March 5, 2024 | 3 min read", "2024-03-05", "March 5, 2024"),
    ("Published: 3 March 2024. Updated: 5 March 2024", "2024-03-03", "3 March 2024"),
    ("Updated 10 March 2024 at 11:20 GMT+3", "2024-03-10 08:20!", "10 March 2024 at 11:20 GMT+3"),
    ("بغداد/ 12 شباط 2021 - 10:00", "2021-02-12 07:00", "12 شباط 2021 - 10:00"),
    ("Publié le 3 mars 2024 à 14h05 et mis à jour", "2024-03-03 11:05", "3 mars 2024 à 14h05"),
    ("x 2021-11-23T12:35:10.123-05:00 y", "2021-11-23 17:35:10!", "2021-11-23T12:35:10.123-05:00"),
    ("x 2021-11-23T12:35-05:00 y", "2021-11-23 17:35!", "2021-11-23T12:35-05:00"),
    ("في 5 رجب 1442 هـ - 21 فبراير 2021 | الرياض", "2021-02-21", "21 فبراير 2021"),
    ("31 February 2021, then 1 March 2021", "2021-03-01", "1 March 2021"),
    ("born 24 August 1985, wrote 1 March 2021", "2021-03-01", "1 March 2021"),
    ("and last updated 2013-12-30 16:42:01-05", "2013-12-30 21:42:01!", "2013-12-30 16:42:01-05"),
    ("/June 12, 2020 9:49 am EST", "2020-06-12 14:49!", "June 12, 2020 9:49 am EST"),
    ("(محدثة GMT 17:49 17.03.2020)", "2020-03-17 17:49!", "GMT 17:49 17.03.2020"),
    ("October 15, 2018/0 Comments/in News", "2018-10-15", "October 15, 2018"),
    ("25.04.2023 40:24 min", "2023-04-25", "25.04.2023"),
    ("24 August 2020 10:30-11:45", "2020-08-24 07:30", "24 August 2020 10:30"),
    ("2020/08/24 10:30 +12 تعليقا", "2020-08-24 07:30", "2020/08/24 10:30"),
    ("نشر أمس", "2026-11-23", "نشر أمس"),
    ("نشر منذ 3 ساعات", "2026-11-24 09h!", "نشر منذ 3 ساعات"),
    ("Updated: yesterday at 14:05", "2026-11-23 11:05", "Updated: yesterday at 14:05"),
]
NO_DATE_WITHIN = [
    *["Today", "اليوم", "Yesterday | Opinion", "24/08/2020 10:30-11:45"],
    *[
        "كتب فلان",
        "© 2021 كل الحقوق محفوظة",
        "قرار رقم 5 لعام 2021 بشأن المياه",
        "call 0112345678",
        "USA Today, New York",
    ],
    *["صحفي سوري منذ 5 سنوات", "صحفي منذ 3 أيام هنا", "a writer, 3 hours ago, said", "اليوم السابع - كتب فلان"],
    *["version 1.2.2021.5 is out", "https://site.example/2021/03/05/1234", "https://site.example/2021/03/05/title"],
    *["May 2024, 3 people", "5 March at home", "1606134910 views", "20211123 items", "x" * 290 + " 3 March 2024"],
]


@pytest.mark.parametrize(("text", "expected"), MACHINE + ARABIC + PERSIAN_AND_URDU + EUROPEAN + RELATIVE)
def test_a_date_is_read_to_its_instant_and_precision(text: str, expected: str) -> None:
    assert shown(read(text)) == expected


@pytest.mark.parametrize(("text", "expected"), [("04 DEC 19", "2019-12-04"), ("24 Aug 20", "2020-08-24")])
def test_a_year_of_two_digits_behind_a_month_is_read_where_it_is_the_whole_text(text: str, expected: str) -> None:
    assert shown(read(text)) == expected
    assert find(f"{text} people were hurt") is None


@pytest.mark.parametrize("text", NO_DATE)
def test_a_text_that_is_not_a_full_date_gives_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(("text", "expected", "raw"), BYLINES)
def test_a_byline_gives_its_first_plausible_date_as_printed(text: str, expected: str, raw: str | None) -> None:
    result = find(text)
    assert shown(result) == expected
    assert raw is None or (result is not None and result.raw == raw)


@pytest.mark.parametrize("text", NO_DATE_WITHIN)
def test_a_text_without_a_full_date_gives_none(text: str) -> None:
    assert find(text) is None


@pytest.mark.parametrize(("text", "expected"), ARABIC + PERSIAN_AND_URDU + EUROPEAN)
def test_a_date_is_found_as_it_is_read(text: str, expected: str) -> None:
    assert shown(find(f"{text} | Ali")) == expected


@pytest.mark.parametrize(("text", "expected"), RELATIVE)
def test_a_relative_date_is_none_without_the_time_of_fetching(text: str, expected: str) -> None:
    assert read_date(text) is None
    assert find_date(text) is None


def test_the_raw_text_is_the_printed_text_without_direction_marks() -> None:
    date_ = read(" \u200f٢٤ أغسطس\n ٢٠٢٠\u200e ")
    assert date_ is not None
    assert date_.raw == "٢٤ أغسطس ٢٠٢٠"


def test_a_zone_of_the_page_outdoes_the_callers() -> None:
    without = read_date("24/08/2020 10:30", timezone="America/New_York", zone_from="profile")
    with_zone = read_date("24/08/2020 10:30 GMT", timezone="America/New_York", zone_from="profile")
    assert (without and without.zone_from) == "profile"
    assert shown(without) == "2020-08-24 14:30"
    assert shown(with_zone) == "2020-08-24 10:30!"


def test_summer_time_of_the_callers_zone_counts() -> None:
    assert shown(read_date("24/08/2020 10:30", timezone="Europe/Berlin")) == "2020-08-24 08:30"
    assert shown(read_date("24/01/2020 10:30", timezone="Europe/Berlin")) == "2020-01-24 09:30"


def test_yesterday_is_the_day_before_in_the_pages_zone() -> None:
    late = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)  # the 25th in Riyadh
    assert shown(read_date("أمس", now=late)) == "2026-11-23"
    assert shown(read_date("أمس", now=late, timezone=ZONE)) == "2026-11-24"


def test_a_date_two_days_ahead_is_read_and_one_three_days_ahead_is_not() -> None:
    assert shown(read("2026-11-26")) == "2026-11-26"
    assert read("2026-11-27") is None
    assert shown(read_date("2026-11-27")) == "2026-11-27"


def test_a_number_that_the_length_limit_cuts_in_two_is_not_read() -> None:
    assert find("x " * 145 + " 2021-10-12") is not None
    assert find("x " * 145 + "y2021-10-12") is None
    assert find(" " * 1193 + "2021-10-12") is None


@pytest.mark.parametrize("names", [vocabulary.GREGORIAN, vocabulary.JALALI, vocabulary.HIJRI])
def test_each_line_of_month_names_has_twelve(names: tuple[str, ...]) -> None:
    assert {len(line.split()) for line in names} == {12}


@pytest.mark.parametrize("names", [vocabulary.GREGORIAN, vocabulary.JALALI, vocabulary.HIJRI, vocabulary.WEEKDAYS])
def test_no_name_is_that_of_two_months_or_weekdays(names: tuple[str, ...]) -> None:
    pairs = {(word, number) for line in names for number, word in enumerate(split_words(line))}
    assert len({word for word, _ in pairs}) == len(pairs)


@pytest.mark.parametrize("line", vocabulary.GREGORIAN)
def test_every_gregorian_month_name_is_read(line: str) -> None:
    for number, name in enumerate(line.split(), start=1):
        assert shown(read(f"7 {name.replace('_', ' ')} 2021")) == f"2021-{number:02}-07"


@pytest.mark.parametrize("piece", ["1/", "1 ", "م ", "9:59 ", "1 March ", "كانون ", "(", "ﷺ", "- , ", "1:11:11 ", "T"])
def test_hostile_texts_are_not_slow(piece: str) -> None:
    start = time.perf_counter()
    for length in (190, 1_000, 1_000_000):
        read(piece * (length // len(piece)))
        find(piece * (length // len(piece)))
    assert time.perf_counter() - start < 1


FORMS = ["%Y-%m-%d", "%d/%m/%Y", "%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%a, %d %b %Y"]
DAYS = st.dates(date(1990, 1, 1), date(2026, 11, 24))
ZONES = st.sampled_from(["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Tehran", "America/St_Johns", ZONE])


@given(DAYS, st.sampled_from(FORMS), ZONES)
def test_a_printed_day_never_shifts(day: date, form: str, zone: str) -> None:
    for date_ in (read_date(day.strftime(form), timezone=zone), find_date(day.strftime(form), timezone=zone)):
        assert date_ is not None
        assert (date_.value, date_.precision) == (datetime(day.year, day.month, day.day, tzinfo=UTC), "day")


@given(
    st.datetimes(datetime.fromisoformat("1990-01-02"), datetime.fromisoformat("2026-11-24")),
    st.integers(-12 * 60, 14 * 60),
)
def test_an_iso_instant_is_read_as_it_was_written(at: datetime, offset: int) -> None:
    written = at.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=offset))).isoformat()
    date_ = read(written)
    assert date_ is not None
    assert date_.value == at.replace(tzinfo=UTC)
    assert date_.zone_from == "page"


UNIT_WORDS = [word for forms in vocabulary.UNITS.values() for line in forms for word in split_words(line)]
WORDS = st.sampled_from(
    [
        *token_kinds(),
        *split_words(" ".join(vocabulary.NUMBERS.values())),
        *UNIT_WORDS,
        *"0123456789٣۴/-.:،+()TZ",
        "2021",
        "ago",
    ]
)
DATE_LIKE = st.lists(WORDS | st.integers(0, 99999).map(str), max_size=14)
GLUE = st.sampled_from(["", " ", "/", "-"])


@given(st.text(max_size=400) | st.builds(lambda glue, words: glue.join(words), GLUE, DATE_LIKE), ZONES)
def test_no_text_raises_and_what_is_read_is_plausible(text: str, zone: str) -> None:
    for date_ in (read_date(text, timezone=zone, now=NOW), find_date(text, timezone=zone, now=NOW)):
        if date_ is not None:
            assert date_.value.utcoffset() == timedelta(0)
            assert datetime(1989, 12, 31, tzinfo=UTC) < date_.value <= NOW + timedelta(days=2)
            assert date_.raw in clean(text)
