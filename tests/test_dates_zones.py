"""Time zones of machine-readable dates, as feeds write them: IANA names, abbreviations, and broken ones."""

from __future__ import annotations

import pytest

from crawler.dates.read import read_date

TEXTS = [
    ("Fri, 31 Mar 2023 20:19:00 America/Los_Angeles", "2023-04-01 03:19:00", "page"),
    ("Fri, 31 Mar 2023 20:19:00 Europe/Paris", "2023-03-31 18:19:00", "page"),
    ("2023-03-31T20:19:00[Europe/Berlin]", "2023-03-31 18:19:00", "page"),
    ("2023-03-31T20:19:00+02:00[Europe/Berlin]", "2023-03-31 18:19:00", "page"),
    ("31 Mar 2023 20:19 Etc/UTC", "2023-03-31 20:19:00", "page"),
    ("Fri, 31 Mar 2023 20:19:00 Mars/Olympus", "2023-03-31 17:19:00", "profile"),
    ("Fri, 31 Mar 2023 20:19:00 AKDT", "2023-04-01 04:19:00", "page"),
    ("Fri, 31 Mar 2023 20:19:00 HST", "2023-04-01 06:19:00", "page"),
    ("Fri, 31 Mar 2023 20:19:00 XYZ", "2023-03-31 17:19:00", "profile"),
    ("Fri, 31 Mar 2023 20:19:00 +0530:00", "2023-03-31 17:19:00", "profile"),
    ("Fri, 31 Mar 2023 20:19:00 +24:00", "2023-03-31 17:19:00", "profile"),
    ("Fri, 31 Mar 2023 20:19:00 GMT+99", "2023-03-31 17:19:00", "profile"),
    ("Fri, 31 Mar 2023 20:19:00 +00:00Z", "2023-03-31 20:19:00", "page"),
    ("Fri, 31 Mar 2023 20:19:00 -0700 (PDT)", "2023-04-01 03:19:00", "page"),
    ("Fri, 31 Mar 2023 20:19:00 +05:3", "2023-03-31 17:19:00", "profile"),
    ("Fri, 31 Mar 2023 20:19:00 +2", "2023-03-31 18:19:00", "page"),
    ("Fri, 31 Mar 2023 20:19:00 ?0200", "2023-03-31 17:19:00", "profile"),
    ("2023-03-31T20:19:00+25:00", "2023-03-31 17:19:00", "profile"),
    ("2023-03-31T20:19:00+0530:00", "2023-03-31 17:19:00", "profile"),
    ("2023-03-31T20:19:00+2:00", "2023-03-31 18:19:00", "page"),
    ("2023-03-31T20:19:00ZZ", "2023-03-31 17:19:00", "profile"),
    ("2023-03-31T20:19:00+", "2023-03-31 17:19:00", "profile"),
    ("2023-03-31T20:19:00+00:00:00", "2023-03-31 17:19:00", "profile"),
    ("2023-03-31T20:19:60Z", "2023-03-31 20:19:59", "page"),
    ("ven., 31 mars 2023 20:19:00 +0200", "2023-03-31 18:19:00", "page"),
    ("vie, 31 mar 2023 20:19:00 +0200", "2023-03-31 18:19:00", "page"),
    ("Vr, 31 mrt 2023 20:19:00 +0200", "2023-03-31 18:19:00", "page"),
    ("Fri, 31 Mar 2023 20:19:00 UT", "2023-03-31 20:19:00", "page"),
    ("2023-03-31CET20:19:00+0100", "2023-03-31 19:19:00", "page"),
    ("2023-03-31EDT20:19:00", "2023-04-01 00:19:00", "page"),
    ("Fri, 31 Mar 2023 20:19:00 E. Europe Standard Time", "2023-03-31 17:19:00", "profile"),
]


@pytest.mark.parametrize(("text", "instant", "zone_from"), TEXTS)
def test_a_broken_zone_costs_the_zone_and_not_the_date(text: str, instant: str, zone_from: str) -> None:
    date = read_date(text, timezone="Asia/Riyadh", zone_from="profile")
    assert date is not None
    assert (date.value.strftime("%Y-%m-%d %H:%M:%S"), date.zone_from, date.raw) == (instant, zone_from, text)


@pytest.mark.parametrize(
    "text",
    [
        "31 March 2023, 10:30-11:45",
        "31 March 2023 20:19:00 and then the ferry was late again for the rest of the year",
        "20:19:00 +9900",
        "Fri, 31 Mar 1823 20:19:00 XYZ",
        "99 Mar 2023 20:19:00 XYZ",
        "31 Mar 2023 ../../etc/passwd",
    ],
)
def test_other_texts_are_no_dates(text: str) -> None:
    assert read_date(text) is None


def test_a_name_that_is_no_zone_opens_no_file() -> None:
    date = read_date("31 Mar 2023 20:19:00 Etc/../../../etc/passwd", timezone="Asia/Riyadh", zone_from="profile")
    assert date is None or date.zone_from == "profile"
