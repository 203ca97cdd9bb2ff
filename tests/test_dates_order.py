"""Numeric dates that can be read in two ways: which number is the day, and which the year."""

from __future__ import annotations

import pytest

from crawler.dates.read import find_date, read_date
from crawler.extract import extract
from crawler.profile import DateOrder, SiteProfile

TEXT = "".join(
    f"<p>The {n} house by the harbour was sold again, and nobody in the street knew the buyer.</p>" for n in "abcd"
)


def day(text: str, **options: bool | str | None) -> str | None:
    date = read_date(text, **options)  # type: ignore[arg-type]
    return date.value.date().isoformat() if date else None


@pytest.mark.parametrize(
    ("text", "month_first", "expected"),
    [
        ("03/05/2031", None, "2031-05-03"),
        ("03/05/2031", True, "2031-03-05"),
        ("03-05-2031", True, "2031-03-05"),
        ("03.05.2031", True, "2031-05-03"),
        ("13/05/2031", True, "2031-05-13"),
        ("05/13/2031", False, "2031-05-13"),
        ("Wed 03/05/2031", False, "2031-03-05"),
        ("Saturday 03/05/2031", True, "2031-05-03"),
        ("03/05/2031 5:00 PM ET", None, "2031-03-05"),
        ("03/05/2031 17:00 CST", None, "2031-03-05"),
        ("03/05/2031 17:00 CET", None, "2031-05-03"),
        ("03/05/2031 5:00 PM ET", False, "2031-05-03"),
    ],
)
def test_the_month_is_first_where_the_text_or_its_site_says_so(
    text: str, month_first: bool | None, expected: str
) -> None:
    assert day(text, month_first=month_first) == expected


def test_the_month_is_first_in_a_time_zone_of_the_united_states() -> None:
    assert day("03/05/2031 10:00", timezone="America/Chicago") == "2031-03-05"
    assert day("03/05/2031 10:00", timezone="America/Toronto") == "2031-05-03"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("25.04.24", "de", "2024-04-25"),
        ("4/5/24, 10:30", "es", "2024-05-04"),
        ("5/28/24", "en", "2024-05-28"),
        ("25.04.24", None, None),
        ("25.04.24", "ja", None),
        ("25.04.24", "hu", None),
        ("2.0.24", "de", None),
        ("25.04.24.1", "de", None),
    ],
)
def test_two_digits_are_a_year_where_the_language_never_begins_with_it(
    text: str, language: str | None, expected: str | None
) -> None:
    assert day(text, language=language) == expected


def test_a_date_with_two_digits_of_the_year_is_found_among_words() -> None:
    found = find_date("Ada Marsh | 28.09.24 10:30 | Port", language="de")
    assert found is not None
    assert (found.value.isoformat(" ", "minutes"), found.raw) == ("2024-09-28 10:30+00:00", "28.09.24 10:30")
    assert find_date("Release 2.9.24 of the harbour's map", language="de") is None


def published(
    html: str = "", *, lang: str = "en", url: str = "https://harbour.example/sold", **profile: str
) -> str | None:
    order: DateOrder | None = "mdy" if profile.get("dates") == "mdy" else "dmy" if profile.get("dates") else None
    site = SiteProfile(name="h", title="H", url=url, timezone=profile.get("timezone", "UTC"), dates=order)
    body = f"<article><h1>A house is sold</h1><p class='date'>03/05/2031</p>{TEXT}</article>{html}"
    article = extract(f"<html lang='{lang}'><body>{body}</body></html>", url, site if profile else None)
    return article.published.date().isoformat() if article.published else None


def test_the_profile_says_the_order_of_a_sites_dates() -> None:
    assert published(dates="mdy") == "2031-03-05"
    assert published(dates="dmy", lang="en-US") == "2031-05-03"


def test_other_dates_of_the_page_prove_the_order() -> None:
    assert published("<aside><span>02/27/2031</span></aside>") == "2031-03-05"
    assert published("<aside><span>27/02/2031</span></aside>", lang="en-US") == "2031-05-03"
    assert published("<aside><span>27/02/2031</span> <span>02/27/2031</span></aside>") == "2031-05-03"


def test_the_day_in_the_address_proves_the_order() -> None:
    assert published(url="https://harbour.example/2031/03/05/sold") == "2031-03-05"
    assert published(url="https://harbour.example/2031/05/03/sold", lang="en-US") == "2031-05-03"


def test_american_english_prints_the_month_first_unless_the_site_is_elsewhere() -> None:
    assert published() == "2031-05-03"
    assert published(lang="en-US") == "2031-03-05"
    assert published(lang="en-US", timezone="Europe/London") == "2031-05-03"
    assert published(timezone="America/New_York") == "2031-03-05"
