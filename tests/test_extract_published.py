"""Which date a page was published on, where its signals differ, and whose clock that is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract import extract
from crawler.extract.workers.jsonl import article_as_json
from crawler.items import Article, Candidate
from crawler.profile import SiteProfile

URL = "https://harbour.example/news/ferry"
TEXT = "".join(
    f"<p>The ferry to the {isle} island was late again, and the people on the quay had stopped asking why it was.</p>"
    for isle in ("northern", "southern", "eastern", "western")
)


def read(head: str = "", body: str = "", *, url: str = URL, timezone: str | None = None) -> Article:
    profile = SiteProfile(name="harbour", title="Harbour", url=URL, timezone=timezone) if timezone else None
    article = f"<article><h1>The ferry is late again</h1>{body}<div class='text'>{TEXT}</div></article>"
    return extract(f"<html lang='en'><head>{head}</head><body>{article}</body></html>", url, profile)


def linked(date: str) -> str:
    node = f'{{"@type":"NewsArticle","headline":"The ferry is late again","datePublished":"{date}"}}'
    return f'<script type="application/ld+json">{node}</script>'


def meta(date: str) -> str:
    return f'<meta property="article:published_time" content="{date}">'


def test_signals_that_are_days_apart_are_recorded_as_a_conflict() -> None:
    article = read(linked("2031-03-04T09:00:00Z") + meta("2031-03-09T09:00:00Z"))
    assert article.published == datetime(2031, 3, 4, 9, tzinfo=UTC)
    assert article.provenance["published_conflict"] == "meta:article:published_time 2031-03-09T09:00:00+00:00"


def test_in_a_conflict_the_day_in_the_address_decides() -> None:
    address = "https://harbour.example/2031/03/09/ferry"
    article = read(linked("2031-03-12T09:00:00Z") + meta("2031-03-09T08:00:00Z"), url=address)
    assert article.published == datetime(2031, 3, 9, 8, tzinfo=UTC)
    assert article.provenance["published_conflict"] == "json-ld 2031-03-12T09:00:00+00:00"


def test_signals_of_one_day_are_no_conflict() -> None:
    article = read(linked("2031-03-04") + meta("2031-03-04T23:30:00+02:00"))
    assert "published_conflict" not in article.provenance


def test_the_day_a_page_was_created_is_no_conflict() -> None:
    node = '{"@type":"NewsArticle","datePublished":"2031-03-04T09:00:00Z","dateCreated":"2031-02-01T09:00:00Z"}'
    assert "published_conflict" not in read(f'<script type="application/ld+json">{node}</script>').provenance


def test_a_printed_time_replaces_the_midnight_of_a_system_that_keeps_none() -> None:
    article = read(linked("2031-03-04T00:00:00+02:00"), "<span class='date'>4 March 2031, 14:20 CET</span>")
    assert article.published == datetime(2031, 3, 4, 13, 20, tzinfo=UTC)


def test_midnight_stands_where_nothing_else_is_said() -> None:
    assert read(linked("2031-03-04T00:00:00+02:00")).published == datetime(2031, 3, 3, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "timezone", "zone"),
    [
        ("2031-03-04T09:00:00+05:30", None, "page +05:30"),
        ("2031-03-04T09:00:00-03:00", "Asia/Riyadh", "page -03:00"),
        ("2031-03-04 09:00", "Asia/Riyadh", "profile +03:00"),
        ("2031-03-04 09:00", None, "assumed"),
    ],
)
def test_it_is_told_where_the_time_zone_came_from(date: str, timezone: str | None, zone: str) -> None:
    assert read(meta(date), timezone=timezone).published_zone == zone


def test_lines_of_json_give_the_pages_own_clock() -> None:
    assert article_as_json(read(meta("2031-03-04T09:00:00+05:30")))["published"] == "2031-03-04T09:00:00+05:30"


def test_a_labelled_date_far_from_the_headline_is_found_where_nothing_else_is() -> None:
    article = read(body="<ul class='facts'></ul>")
    assert article.published is None
    html = f"<html><body><h1>The ferry is late again</h1><div><div>{TEXT}</div></div>"
    html += "<div><ul class='facts'><li><b>Datum</b> 28.04.2031</li></ul></div></body></html>"
    result = extract(html, URL)
    assert (result.published, result.published_from) == (datetime(2031, 4, 28, tzinfo=UTC), "label")


def test_a_date_of_two_digits_under_the_headline_is_found() -> None:
    article = read(body="<div class='line'><div>Do 25.04.24 | 14:07 Uhr | Von <span>Ada Marsh</span></div></div>")
    assert article.published == datetime(2024, 4, 25, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("metadata", "printed", "zone", "shown"),
    [
        ("2031-03-04T02:11:03+00:00", "March 3, 2031 9:11 PM", "inferred -05:00", "2031-03-03T21:11:03-05:00"),
        ("2031-03-04T09:00:00Z", "4 March 2031, 14:30", "inferred +05:30", "2031-03-04T14:30:00+05:30"),
        ("2031-03-04T09:00:00Z", "4 March 2031, 09:00", "page +00:00", "2031-03-04T09:00:00+00:00"),
        ("2031-03-04T09:00:00Z", "4 March 2031, 14:20", "page +00:00", "2031-03-04T09:00:00+00:00"),
        ("2031-03-04T09:00:00Z", "5 March 2031, 09:00", "page +00:00", "2031-03-04T09:00:00+00:00"),
        ("2031-03-04T09:00:00Z", "4 March 2031", "page +00:00", "2031-03-04T09:00:00+00:00"),
        ("2031-03-04T09:00:00Z", "Updated 4 March 2031, 14:30", "page +00:00", "2031-03-04T09:00:00+00:00"),
        ("2031-03-04T09:00:00+02:00", "4 March 2031, 14:30", "page +02:00", "2031-03-04T09:00:00+02:00"),
    ],
)
def test_the_zone_of_a_page_is_inferred_from_two_times_of_one_instant(
    metadata: str, printed: str, zone: str, shown: str
) -> None:
    article = read(meta(metadata), f"<span class='date'>{printed}</span>")
    assert article.published == datetime.fromisoformat(metadata)
    assert (article.published_zone, article_as_json(article)["published"]) == (zone, shown)


@pytest.mark.parametrize(
    ("metadata", "zone", "shown"),
    [
        ("2031-03-03T23:11:59+00:00", "url +01:00", "2031-03-04T00:11:59+01:00"),
        ("2031-03-05T02:18:00Z", "url -03:00", "2031-03-04T23:18:00-03:00"),
        ("2031-03-05T11:00:00Z", "page +00:00", "2031-03-05T11:00:00+00:00"),
        ("2031-03-04T23:00:00Z", "page +00:00", "2031-03-04T23:00:00+00:00"),
        ("2031-03-05T02:18:00+05:00", "page +05:00", "2031-03-05T02:18:00+05:00"),
    ],
)
def test_a_day_beside_that_in_utc_in_the_address_shows_the_side_of_the_zone(
    metadata: str, zone: str, shown: str
) -> None:
    article = read(meta(metadata), url="https://harbour.example/2031/03/04/ferry")
    assert article.published == datetime.fromisoformat(metadata)
    assert (article.published_zone, article_as_json(article)["published"]) == (zone, shown)


def test_an_element_with_the_same_instant_gives_the_zone_of_the_page() -> None:
    time = "<time datetime='2031-03-03T21:11:03-05:00'>3 March 2031</time>"
    article = read(meta("2031-03-04T02:11:03+00:00"), time)
    assert article.published == datetime(2031, 3, 4, 2, 11, 3, tzinfo=UTC)
    assert (article.published_zone, article_as_json(article)["published"]) == (
        "page -05:00",
        "2031-03-03T21:11:03-05:00",
    )
    other = read(meta("2031-03-04T02:11:03+00:00"), time.replace("21:11", "22:11"))
    assert other.published_zone == "page +00:00"


@pytest.mark.parametrize("language", ["", "<meta property='og:locale' content='de_DE'>"])
def test_two_digits_are_a_year_where_only_the_text_shows_the_language(language: str) -> None:
    text = (
        "<p>Die Fähre zu der Insel ist auch in dieser Woche nicht für alle Gäste der Stadt mit dem Boot gefahren.</p>"
    )
    html = (
        f"<head>{language}</head><article><h1>Die Fähre ist zu spät</h1><p class='date'>17.7.11</p>{text * 6}</article>"
    )
    article = extract(f"<html>{html}</html>", URL)
    assert article.published == datetime(2011, 7, 17, tzinfo=UTC)


def test_elements_beside_each_other_are_separate_words() -> None:
    line = "<div class='date'><span>4 مارس 2031 01:05 م</span><span>كتبت ليلى</span></div>"
    assert read(body=line).published == datetime(2031, 3, 4, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize("timezone", [None, "Asia/Riyadh", "America/New_York"])
def test_lines_of_json_give_a_day_where_the_page_gives_no_more(timezone: str | None) -> None:
    line = article_as_json(read(meta("2031-03-04"), timezone=timezone))
    assert line["published"] == "2031-03-04"
    assert line["published_zone"].startswith("assumed" if timezone is None else "profile")


def test_the_zone_of_a_channels_date_is_known() -> None:
    when = datetime(2031, 3, 4, 9, tzinfo=UTC)

    def zone(raw: str, timezone: str | None = None) -> str | None:
        candidate = Candidate(url=URL, channel="feed", channel_url=URL, published=when, published_raw=raw)
        site = SiteProfile(name="harbour", title="Harbour", url=URL, timezone=timezone) if timezone else None
        html = f"<html><body><article><h1>The ferry is late again</h1>{TEXT}</article></body></html>"
        return extract(html, URL, site, candidate=candidate).published_zone

    assert zone("Tue, 04 Mar 2031 10:00:00 +0100") == "page +01:00"
    assert zone("2031-03-04 12:00:00", "Asia/Riyadh") == "profile +03:00"
    assert zone("2031-03-04 09:00:00") == "assumed"
    assert zone("next week") is None
