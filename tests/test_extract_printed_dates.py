"""Which of the dates that a page marks up or prints is the one of its publication."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract import extract
from crawler.items import Article, Candidate

URL = "https://harbour.example/news/ferry"
TITLE = "The ferry is late again"
TEXT = "".join(
    f"<p>The ferry to the {isle} island was late again, and the people on the quay had stopped asking why it was.</p>"
    for isle in ("northern", "southern", "eastern", "western")
)
CARDS = "".join(
    f"<li class='card'><a href='/news/{n}'>A story about something else</a> {n} May 2030 | Another section</li>"
    for n in (3, 4, 5)
)


def page(above: str = "", below: str = "", *, headline: str = f"<h1>{TITLE}</h1>", beside: str = "") -> str:
    article = f"<article><header>{headline}{above}</header><div class='text'>{TEXT}</div>{below}</article>"
    return f"<html lang='en'><head><title>{TITLE}</title></head><body><main>{article}</main>{beside}</body></html>"


def read(html: str, url: str = URL) -> Article:
    return extract(html, url)


def shown(article: Article) -> tuple[str | None, str | None]:
    """The day and the signal."""
    return article.published.date().isoformat() if article.published else None, article.published_from


MARKS = [
    "<footer><time itemprop='datePublished' datetime='2031-03-04'>yesterday</time></footer>",
    "<footer>First shown <time pubdate datetime='2031-03-04'>a while ago</time></footer>",
    "<div class='footer'><abbr itemprop='datePublished' title='2031-03-04T09:00:00Z'>09:00</abbr></div>",
    "<aside class='meta'><span itemprop='datePublished' content='2031-03-04'>last Tuesday</span></aside>",
    "<div class='sidebar'><span property='dc:date dc:created' content='2031-03-04T09:00:00Z'>Tuesday</span></div>",
    "<div class='footer'><time class='dt-published' datetime='2031-03-04'>Tuesday</time></div>",
    "<div class='footer'><abbr class='published' title='2031-03-04T09:00:00Z'>Tuesday</abbr></div>",
]


@pytest.mark.parametrize("mark", MARKS)
def test_a_date_that_is_marked_as_that_of_publication_counts_wherever_it_is(mark: str) -> None:
    assert shown(read(page(below=mark))) == ("2031-03-04", "marked")


def test_the_marked_date_of_a_comment_does_not_count() -> None:
    comment = "<div class='comments'><p><time itemprop='datePublished' datetime='2031-03-04'>4 March</time></p></div>"
    assert read(page(below=comment)).published is None


def test_a_marked_date_in_the_article_comes_before_one_elsewhere() -> None:
    teaser = "<aside><time itemprop='datePublished' datetime='2030-01-02'>2 January</time></aside>"
    html = page("<time datetime='2031-03-04'>4 March</time>", beside=teaser)
    assert shown(read(html)) == ("2031-03-04", "time")


@pytest.mark.parametrize(
    "line",
    [
        "<p>4 March 2031 | Harbour, Ferries and Bridges</p>",
        "<p>Port Ada, 4 March 2031 - from our correspondent</p>",
        "<p><img src='clock.png' alt=''> 4 March 2031</p>",
        "<p><b>On:</b> 04.03.2031 <a href='/authors/ada'>Ada Marsh of the Harbour</a></p>",
        "<table><tr><td>04 | 03 | 2031</td></tr></table>",
        "<ul class='nav meta'><li><a href='#'>4 March 2031</a></li></ul>",
    ],
)
def test_a_date_among_other_words_close_to_the_headline_is_found(line: str) -> None:
    assert shown(read(page(line)))[0] == "2031-03-04"


def test_the_dates_of_other_articles_do_not_count() -> None:
    assert read(page(beside=f"<aside><ul>{CARDS}</ul></aside>")).published is None
    assert read(page(f"<ul>{CARDS}</ul>")).published is None


def test_a_date_in_the_line_after_the_text_is_found() -> None:
    line = "<div class='post-footer'>This story was printed on 4 March 2031 by Ada Marsh</div>"
    assert shown(read(page(below=line)))[0] == "2031-03-04"


def test_without_a_headline_the_only_day_of_the_page_is_found() -> None:
    html = page("<div><em>04.03.2031 11:35</em></div>", headline="<div class='x'></div>")
    assert shown(read(html.replace(TITLE, ""))) == ("2031-03-04", "only-day")


def test_the_day_in_the_address_is_the_last_resort() -> None:
    url = "https://harbour.example/2031/03/04/ferry"
    assert shown(read(page(), url)) == ("2031-03-04", "url")
    assert shown(read(page("<p class='date'>5 March 2031</p>"), url)) == ("2031-03-05", "byline")


def test_the_day_in_the_address_overrules_a_weak_signal_of_another_day() -> None:
    article = read(page("<p>9 September 2029 was when the ferry broke</p>"), "https://harbour.example/2031/03/04/ferry")
    assert shown(article) == ("2031-03-04", "url")


def test_the_date_of_the_feed_comes_before_the_last_resorts() -> None:
    when = datetime(2031, 3, 3, 22, 30, tzinfo=UTC)
    candidate = Candidate(
        url=URL, channel="feed", channel_url=URL, published=when, published_raw="Mon, 03 Mar 2031 22:30:00 GMT"
    )
    html, url = page(), "https://harbour.example/2031/03/04/ferry"
    assert extract(html, url, candidate=candidate).published == when
    marked = page("<time itemprop='datePublished' datetime='2031-03-04'>Tuesday</time>")
    assert extract(marked, url, candidate=candidate).published == datetime(2031, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "<p class='date'>Updated: 7 March 2031, 10:15 | Published: 4 March 2031</p>",
        "<p class='date'>Last updated 7 March 2031 – posted on 4 March 2031</p>",
        "<p class='date'>Aktualisiert am 07.03.2031, veröffentlicht am 04.03.2031</p>",
        "<p class='date'>آخر تحديث: 7 مارس 2031 - نشر في 4 مارس 2031</p>",
        "<p class='date'>Обновлено 7 марта 2031 года, опубликовано 4 марта 2031 года</p>",
        "<p><time class='updated' datetime='2031-03-07'>7</time><time datetime='2031-03-04'>4 March</time></p>",
        "<p><time itemprop='dateModified' datetime='2031-03-07'>7</time><time datetime='2031-03-04'>4</time></p>",
        "<p>Updated <time datetime='2031-03-07'>7</time> Published <time datetime='2031-03-04'>4 March</time></p>",
    ],
)
def test_the_date_of_an_update_that_is_printed_first_is_not_that_of_publication(line: str) -> None:
    assert shown(read(page(line)))[0] == "2031-03-04"


def test_an_element_that_is_published_and_updated_is_the_date_of_publication() -> None:
    line = "<time class='entry-date published updated' datetime='2031-03-04'>4 March</time>"
    assert shown(read(page(line))) == ("2031-03-04", "time")


def test_the_date_of_an_update_counts_where_no_other_is_printed() -> None:
    assert shown(read(page("<p class='date'>Updated 7 March 2031</p>"))) == ("2031-03-07", "updated")


@pytest.mark.parametrize("name", ["date updated", "date modified", "date-updated"])
def test_the_class_name_of_an_update_is_its_label(name: str) -> None:
    assert shown(read(page(f"<p class='{name}'>7 March 2031</p>"))) == ("2031-03-07", "updated")


def test_the_times_in_the_footer_of_an_article_are_its_own_if_they_are_of_one_day() -> None:
    time = "<time datetime='2031-03-{}T09:00:00Z'>then</time>"
    assert shown(read(page(below=f"<footer>{time.format('04')}</footer>"))) == ("2031-03-04", "article-frame")
    assert read(page(below=f"<footer>{time.format('04')}{time.format('09')}</footer>")).published is None
    assert read(page(below=f"<footer><div class='comments'>{time.format('04')}</div></footer>")).published is None
