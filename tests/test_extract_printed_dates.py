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


SIDEBAR = "<div class='sidebar'><div class='{}'>{}<p><time datetime='2031-03-04'>4 March</time></p></div></div>"


def test_a_time_that_is_alone_in_a_sidebar_is_the_articles() -> None:
    assert shown(read(page(beside=SIDEBAR.format("facts", "")))) == ("2031-03-04", "lone-time")


@pytest.mark.parametrize(
    "beside",
    [
        SIDEBAR.format("card", "<a href='/news/3'>A story about something else</a>"),
        SIDEBAR.format("card", "<h4>A story about something else</h4>"),
        SIDEBAR.format("comments", ""),
        SIDEBAR.format("weather", ""),
        "<div class='topbar'><time datetime='2031-03-04'>4 March</time></div>",
        SIDEBAR.format("facts", "") + SIDEBAR.format("facts", "").replace("2031-03-04", "2031-03-05"),
    ],
)
def test_the_time_of_a_card_a_comment_or_the_pages_header_is_not(beside: str) -> None:
    assert read(page(beside=beside)).published is None


@pytest.mark.parametrize(
    "mark",
    [
        "<cite>By us <abbr title='2031-03-04T09:40:40Z'>1 hr 4 mins ago</abbr></cite>",
        "<p>By us <relative-time datetime='2031-03-04T09:40:40Z'>an hour ago</relative-time></p>",
        "<p>By us <time-ago datetime='2031-03-04T09:40:40Z'>an hour ago</time-ago></p>",
        "<p>By us <span data-date='2031-03-04T09:40:40Z'>an hour ago</span></p>",
        "<p>By us <span data-publish-time='2031-03-04 09:40:40'>an hour ago</span></p>",
        "<p class='date' title='2031-03-04T09:40:40Z'>an hour ago</p>",
    ],
)
def test_an_attribute_has_the_date_that_is_shown_in_words(mark: str) -> None:
    assert read(page(mark)).published == datetime(2031, 3, 4, 9, 40, 40, tzinfo=UTC)


@pytest.mark.parametrize("name", ["data-end-date", "data-updated-time", "data-event-date", "data-current-time", "alt"])
def test_an_attribute_with_another_purpose_has_not(name: str) -> None:
    assert read(page(f"<p>By us <span {name}='2031-03-04T09:40:40Z'>an hour ago</span></p>")).published is None


@pytest.mark.parametrize("line", ["Press release of 4 March 2031 | Northport", "Mitteilung vom 4.3.2031 – Nordhafen"])
def test_a_date_between_words_and_a_separator_is_found(line: str) -> None:
    assert shown(read(page(f"<p>{line}</p>"))) == ("2031-03-04", "beside-headline")


def test_a_date_among_the_words_of_a_caption_is_not() -> None:
    assert read(page("<p>The ferry on 4 March 2031 at the quay</p>")).published is None


def test_the_only_time_of_day_on_a_page_is_that_of_its_article() -> None:
    beside = "<div><dl><dd>Harbour desk</dd><dd>2031-03-04 15:24</dd></dl></div>"
    assert shown(read(page(beside=beside))) == ("2031-03-04", "only-day")
    assert read(page(beside=beside.replace(" 15:24", ""))).published is None
    assert read(page(beside=beside + beside.replace("03-04", "03-05"))).published is None


def test_the_only_day_may_be_all_that_an_element_with_the_name_of_a_date_holds() -> None:
    beside = "<div class='story_date'><p>4 March 2031</p></div>"
    assert shown(read(page(beside=beside))) == ("2031-03-04", "only-day")


SCRIPTS = [
    '<script>window.__STATE__ = {"story": {"publishedAt": "2031-03-04T09:00:00Z", "views": 3}};</script>',
    "<script>var page_article_date = '2031-03-04', page_views = 3;</script>",
    "<script>dataLayer = [{'publicationDate': '2031-03-04 09:00'}];</script>",
    '<script>self.load("{\\"datePublished\\":\\"2031-03-04\\"}")</script>',
    "<div data-props='{&quot;publish_date&quot;:&quot;2031-03-04&quot;}'></div>",
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_has_the_date_where_nothing_else_has(script: str) -> None:
    assert shown(read(page(below=script))) == ("2031-03-04", "script")
    assert shown(read(page("<p class='date'>7 March 2031</p>", script))) == ("2031-03-07", "byline")


def test_scripts_with_the_dates_of_several_articles_say_nothing() -> None:
    other = '<script>{"other": {"publishedAt": "2031-02-01T09:00:00Z"}}</script>'
    assert read(page(below=SCRIPTS[0] + other)).published is None
    many = "<script>" + '{"publishedAt": "2031-02-01"},' * 101 + "</script>"
    assert read(page(below=many)).published is None


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://harbour.example/2031/3/4/ferry", "2031-03-04"),
        ("https://harbour.example/diary/20310304.html", "2031-03-04"),
        ("https://harbour.example/show?day=2031-03-04&id=3", "2031-03-04"),
        ("https://harbour.example/2089096-ferry", None),
        ("https://harbour.example/20310399-ferry", None),
        ("https://harbour.example/2031/13/4/ferry", None),
        ("https://harbour.example/story-2031-03-04", None),
        ("https://harbour.example/2031/3/ferry", None),
    ],
)
def test_the_address_holds_a_day_in_several_forms(address: str, day: str | None) -> None:
    article = read(page(), address)
    assert (article.published and article.published.date().isoformat()) == day


def test_the_canonical_address_holds_the_day_where_the_requested_one_does_not() -> None:
    link = "<link rel='canonical' href='https://harbour.example/2031/03/04/ferry'>"
    html = page().replace("<title>", link + "<title>")
    assert shown(read(html, "https://harbour.example/r/1")) == ("2031-03-04", "url")


def test_a_date_near_the_headline_does_not_count_against_the_day_in_the_address() -> None:
    html = page("<div>Tuesday, 4 February 2031 at 14:30</div>")
    assert shown(read(html)) == ("2031-02-04", "near-headline")
    assert shown(read(html, "https://harbour.example/2031/03/04/ferry")) == ("2031-03-04", "url")
