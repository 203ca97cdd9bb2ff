"""The container of the article where its names do not show it, or hide it."""

from __future__ import annotations

import pytest

from crawler.extract import extract

URL = "https://far.example/2031/03/bridge"
TEXT = (
    "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer.",
    "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun.",
    "The engineer said that the repair needs dry weather, eleven weeks of work and a crane in the river bed.",
    "A ferry carries walkers and bicycles across the river until the works end, and the county pays the fare.",
)
LEAD = "Two of the five arches are cracked, and nobody knows since when: the last examination was ten years ago."
PARTS = (
    f"<p>{TEXT[0]}</p><p>{TEXT[1]}</p><h3>What the engineer found</h3><p>{TEXT[2]}</p>"
    f"<ul><li>The north arch</li><li>The south arch</li></ul><p>{TEXT[3]}</p>"
)
WHOLE = [*TEXT[:2], "What the engineer found", TEXT[2], "The north arch", "The south arch", TEXT[3]]


def page(rest: str) -> str:
    return (
        "<html lang='en'><head><title>The bridge closes</title></head><body><div class='w1'><div class='w2'>"
        f"<h1>The bridge closes</h1>{rest}</div></div><div class='w3'><p>The Far Gazette</p></div></body></html>"
    )


def test_headings_and_lists_of_a_container_without_a_known_name_are_kept() -> None:
    assert extract(page(f"<div class='x7'>{PARTS}</div>"), URL).paragraphs == WHOLE


def test_a_caption_above_a_nameless_container_is_still_read() -> None:
    caption = "Anna Holm, 20, on the bridge of the town, from which she fell into the river in the last week of May."
    found = extract(page(f"<div class='p1'><p>{caption}</p></div><div class='x7'>{PARTS}</div>"), URL).paragraphs
    assert [caption, *TEXT] == [text for text in found if len(text) > 80]


def test_an_article_in_a_container_that_is_named_a_teaser_is_read() -> None:
    found = extract(page(f"<div class='article-body'><div class='article__teaser'>{PARTS}</div></div>"), URL)
    assert found.paragraphs == WHOLE


def test_the_lead_that_is_named_a_teaser_is_kept() -> None:
    rest = f"<article><div class='teaser-text'>{LEAD}</div><div class='x7'>{PARTS}</div></article>"
    assert extract(page(rest), URL).paragraphs == [LEAD, *WHOLE]


@pytest.mark.parametrize(
    "teaser",
    [
        "<div class='teaser-text'>{text} <a href='/2031/03/arches'>More</a></div>",
        "<a href='/2031/03/arches'><div class='teaser-text'>{text}</div></a>",
    ],
)
def test_the_teaser_of_another_article_is_not_the_lead(teaser: str) -> None:
    rest = f"<article>{teaser.format(text=LEAD)}<div class='x7'>{PARTS}</div></article>"
    assert extract(page(rest), URL).paragraphs == WHOLE


def test_a_teaser_below_the_text_is_not_the_lead() -> None:
    rest = f"<article><div class='x7'>{PARTS}</div><div class='teaser-text'>{LEAD}</div></article>"
    assert extract(page(rest), URL).paragraphs == WHOLE


@pytest.mark.parametrize("around", ["<div><ul>{}</ul></div>", "<div><ol>{}</ol></div>", "<div>{}</div>"])
@pytest.mark.parametrize("holder", ["div", "aside"])
def test_headings_of_entries_in_containers_without_a_name_are_kept(around: str, holder: str) -> None:
    entry = "<div>" if around == "<div>{}</div>" else "<li>"
    entries = "".join(
        f"{entry}<h2>{n}. A place to see</h2><p></p><p>{line}</p>{entry.replace('<', '</')}"
        for n, line in enumerate(TEXT)
    )
    found = extract(page(f"<div><{holder}><div>{around.format(entries)}</div></{holder}></div>"), URL).paragraphs
    assert found == [part for n, line in enumerate(TEXT) for part in (f"{n}. A place to see", line)]


def test_a_named_container_of_one_line_inside_the_text_is_not_the_text() -> None:
    inside = f"{PARTS}<div class='entry-content'><p>Photos: Anna Holm</p></div><p>{LEAD}</p>"
    found = extract(page(f"<div class='x7'>{inside}</div>"), URL).paragraphs
    assert found[: len(WHOLE)] == WHOLE
