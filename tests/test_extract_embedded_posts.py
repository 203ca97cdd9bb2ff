"""Posts of social networks that an article quotes belong to its text."""

from __future__ import annotations

import pytest

from crawler.extract.article import extract

URL = "https://town.example/2031/03/bridge"
TEXT = "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer."
OTHER = "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun."
POST = "We heard of it from the radio and nobody had asked a single shop what these months will mean."


def paragraphs(middle: str) -> list[str]:
    body = f"<article><h1>The bridge closes</h1><p>{TEXT}</p><p>{OTHER}</p>{middle}<p>{OTHER} {TEXT}</p></article>"
    return extract(f"<html><body>{body}</body></html>", URL).paragraphs


@pytest.mark.parametrize(
    "markup",
    [
        f"<div class='tweet-embed embed'><blockquote class='twitter-tweet'><p>{POST}</p></blockquote></div>",
        f"<figure><div class='embedded'><blockquote class='bluesky-embed'><p>{POST}</p></blockquote></div></figure>",
        f"<blockquote class='instagram-media' style='display:none'><p>{POST}</p></blockquote>",
    ],
)
def test_a_quoted_post_is_part_of_the_text(markup: str) -> None:
    assert POST in paragraphs(markup)


def test_a_widget_that_holds_more_than_the_post_goes() -> None:
    markup = (
        f"<div class='widget'><p>Follow all of it</p><blockquote class='twitter-tweet'><p>{POST}</p></blockquote></div>"
    )
    assert POST not in paragraphs(markup)
