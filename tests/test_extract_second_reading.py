"""A page whose first reading gives hardly any text is read a second time, without the cuts."""

from __future__ import annotations

from crawler.extract.article import extract

URL = "https://town.example/2031/03/bridge"
SENTENCES = (
    "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer.",
    "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun.",
    "An engineer had found cracks in two of the five arches when the water of the river stood low in January.",
    "The repair will cost four million, and a third of that will come from the fund for the heritage of the region.",
    "Buses will take the motorway until September, which makes the way to the hospital twenty minutes longer.",
)
TEXT = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
CARDS = "".join(f"<li><a href='/a/{n}'>Bridge number {n} of the river and its long story</a></li>" for n in range(20))


def paragraphs(body: str) -> list[str]:
    page = f"<html lang='en'><head><title>The old bridge stays closed</title></head><body>{body}</body></html>"
    return extract(page, URL).paragraphs


def test_an_article_in_a_box_that_was_taken_for_related_articles_is_found() -> None:
    found = paragraphs(f"<h1>The old bridge stays closed</h1><div class='more-stories'>{TEXT}<ul>{CARDS}</ul></div>")
    assert [line for line in found if line in SENTENCES] == list(SENTENCES)


def test_a_long_list_of_links_is_the_article_where_nothing_else_is() -> None:
    items = "".join(
        f"<li><a href='/a/{n}'>Bridge number {n} of the long river</a>, of 18{n:02}</li>" for n in range(30)
    )
    found = paragraphs(f"<h1>The bridges of the river</h1><article><ul>{items}</ul></article>")
    assert "Bridge number 7 of the long river, of 1807" in found


def test_a_short_text_stays_where_the_page_has_no_more() -> None:
    short = "The bridge was opened to walkers again at noon, and nobody had to wait for the ferry."
    assert paragraphs(f"<h1>The old bridge opens</h1><article><p>{short}</p></article>") == [short]
