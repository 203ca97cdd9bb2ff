"""Lists of other articles with titles and teasers, without a name or a heading that says so."""

from __future__ import annotations

import pytest

from crawler.extract.article import extract

URL = "https://town.example/2031/03/bridge"
TEXT = (
    "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer.",
    "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun.",
    "An engineer had found cracks in two of the five arches when the water of the river stood low in January.",
)
TEASER = (
    "The ferry of the town has carried people over the river since 1902, and its old engine was loud and slow, says"
)
ARTICLE = "".join(f"<p>{sentence}</p>" for sentence in TEXT)


def cards(item: str, count: int = 5, teaser: str = TEASER) -> str:
    """Cards in this markup; `{url}`, `{title}` and `{teaser}` are replaced."""
    filled = (item.format(url=f"/a/{n}", title=f"The ferry gets engine {n}", teaser=teaser) for n in range(count))
    return "".join(filled)


def page(below: str) -> str:
    top = f"<h1>The old bridge stays closed</h1><div>{ARTICLE}</div>"
    return f"<html lang='en'><head><title>The bridge</title></head><body><div>{top}{below}</div></body></html>"


@pytest.mark.parametrize(
    "item",
    [
        "<li><h3><a href='{url}'>{title}</a></h3><p>{teaser}</p></li>",
        "<li><a href='{url}'><h3>{title}</h3></a><p>{teaser}</p></li>",
        "<div><img><div><h4><a href='{url}'>{title}</a></h4><p>{teaser}</p></div></div>",
    ],
)
def test_a_list_of_linked_headings_with_teasers_is_related_and_not_body(item: str) -> None:
    article = extract(page(f"<section>{cards(item)}</section>"), URL)
    assert article.paragraphs == list(TEXT)
    assert [other.title for other in article.related] == [f"The ferry gets engine {n}" for n in range(5)]


@pytest.mark.parametrize(
    "below",
    [
        cards("<li><h3><a href='https://shop.example{url}'>{title}</a></h3><p>{teaser}</p></li>"),  # other sites
        cards("<li><h3><a href='{url}'>{title}</a></h3><p>{teaser}</p></li>", 2),  # too few
        cards("<li><h3>{title}</h3><p>{teaser} <a href='{url}'>here</a></p></li>"),  # the heading has no link
        cards("<li><h3><a href='{url}'>{title}</a></h3><p>{teaser}</p></li>", teaser=f"{TEASER} and " * 8),  # entries
    ],
    ids=["links to other sites", "two cards", "headings without links", "long entries"],
)
def test_entries_of_the_article_itself_stay(below: str) -> None:
    found = extract(page(f"<ul>{below}</ul>"), URL)
    assert any(TEASER in paragraph for paragraph in found.paragraphs)


def test_an_article_that_is_such_a_list_is_kept() -> None:
    item = "<li><h3><a href='{url}'>{title}</a></h3><p>{teaser}</p></li>"
    html = f"<html><body><h1>The week in our town</h1><p>All of it.</p><ul>{cards(item)}</ul></body></html>"
    assert any(TEASER in paragraph for paragraph in extract(html, URL).paragraphs)
