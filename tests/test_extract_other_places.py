"""Dates of pages that show none near the headline: datelines, labels elsewhere, and updates."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.items import Article

URL = "https://harbour.example/news/ferry"
TITLE = "The ferry is late again"
TEXT = "".join(
    f"<p>The ferry to the {isle} island was late again, and the people on the quay had stopped asking why it was.</p>"
    for isle in ("northern", "southern", "eastern", "western")
)
PROSE = "The ferry to the islands was late again, and the people on the quay had stopped asking why."


def read(first: str = "", below: str = "", head: str = "", above: str = "") -> Article:
    article = f"<article><h1>{TITLE}</h1>{above}<div class='text'>{first}{TEXT}</div></article>{below}"
    return extract(f"<html lang='en'><head><title>{TITLE}</title>{head}</head><body>{article}</body></html>", URL)


def shown(article: Article) -> tuple[str | None, str | None]:
    """The day and the signal."""
    return article.published.date().isoformat() if article.published else None, article.published_from


# -- the dateline ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "HARBOUR TOWN, 4 March 2031 – ",
        "Harbour Town, March 4, 2031 (HNA) -- ",
        "HARBOUR, March 4, 2031 /Harbour Newswire/ -- ",
        "<b>Harbour Town</b> (4 March 2031) - ",
        "(4 March 2031) ",
        "الميناء - 4 مارس 2031 | ",
    ],
)
def test_a_dateline_is_a_date_of_publication(line: str) -> None:
    assert shown(read(f"<p>{line}{PROSE}</p>")) == ("2031-03-04", "dateline")


@pytest.mark.parametrize(
    "line",
    [
        "On 4 March 2031 – a Tuesday – it sailed at last. ",
        "Since the storm of 4 March 2031 – the worst of all – it is late. ",
        "The old pier was closed on 4 March 2031: ",
        "Harbour Town, 4 March 2031 was the day on which it sailed. ",
        "It sailed. Harbour Town, 4 March 2031 – ",
    ],
)
def test_a_day_in_a_sentence_is_no_dateline(line: str) -> None:
    assert read(f"<p>{line}{PROSE}</p>").published is None


def test_the_dateline_of_a_later_paragraph_does_not_count() -> None:
    assert read(f"<p>{PROSE}</p><p>Harbour Town, 4 March 2031 – {PROSE}</p>").published is None


# -- a label elsewhere ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "<footer><p>ferry.html - Created 4 March 2031 2:20pm</p></footer>",
        "<footer>Desk: Harbour | Date: 4 March 2031</footer>",
        "<footer><span>Editor: A. Smith, <b>published</b></span> <i>4 March 2031</i></footer>",
    ],
)
def test_a_date_after_a_label_counts_in_a_footer(line: str) -> None:
    assert shown(read(below=line)) == ("2031-03-04", "label-elsewhere")


@pytest.mark.parametrize(
    "line",
    [
        "<div class='comments'><p>A. Smith posted on 4 March 2031</p></div>",
        "<footer><p>Posted: 4 March 2031</p><p>Posted: 5 March 2031</p></footer>",
        "<footer><p>Open until 4 March 2031</p></footer>",
        f"<footer><p>The list that was published on 4 March 2031 says more than this. {PROSE}</p></footer>",
        "<footer><p>It was published. Closed on 4 March 2031</p></footer>",
    ],
)
def test_other_dates_of_a_footer_do_not(line: str) -> None:
    assert read(below=line).published is None


# -- updates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "markup"),
    [
        ("below", "<footer><p>Harbour Wiki: Ferry (last edited 2031-03-04 13:28:18 by A. Smith)</p></footer>"),
        ("head", "<meta property='article:modified_time' content='2031-03-04T10:00:00Z'>"),
        ("head", "<meta name='page-last-updated' content='2031-03-04'>"),
        ("head", '<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2031-03-04"}</script>'),
    ],
)
def test_the_date_of_an_update_is_the_last_of_all(where: str, markup: str) -> None:
    assert shown(read(**{where: markup})) == ("2031-03-04", "updated")
    assert shown(read(first="<p>Harbour Town, 2 March 2031 – It sailed. " + PROSE + "</p>", **{where: markup})) == (
        "2031-03-02",
        "dateline",
    )


@pytest.mark.parametrize(
    "line",
    [
        "<footer><p>Last edited 4 March 2031</p><p>Last edited 5 March 2031</p></footer>",
        "<div class='comments'><p>Last edited 4 March 2031</p></div>",
        "<footer><p>The timetable on the wall of the old waiting room was last updated 4 March 2031</p></footer>",
    ],
)
def test_updates_of_something_else_do_not_count(line: str) -> None:
    assert read(below=line).published is None


# -- two days -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "class='date'"])
def test_a_printed_time_of_another_day_does_not_replace_a_declared_day(name: str) -> None:
    head = "<meta property='article:published_time' content='2031-03-04'>"
    article = read(head=head, above=f"<p {name}>5 March 2031, 09:30</p>")
    assert (shown(article), article.published_precision) == (("2031-03-04", "meta:article:published_time"), "day")
    article = read(head=head, above=f"<p {name}>4 March 2031, 09:30</p>")
    assert (shown(article)[0], article.published_precision) == ("2031-03-04", "minute")
