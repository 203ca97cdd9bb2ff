"""Boxes that are removed before the body is read, and containers with such names that stay."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from tests.test_extract_frame import TEXT, URL

PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXT)
OPINION = "I do not believe a word of what the council says, and the ferry is always late, as everybody knows here."


def page(inside: str = "", below: str = "", above: str = "") -> str:
    """A page with a box inside the text, below it, or between headline and text."""
    half = len(PARAGRAPHS) // 2
    at = PARAGRAPHS.index("<p>", half)
    text = f"{PARAGRAPHS[:at]}{inside}{PARAGRAPHS[at:]}"
    return (
        "<html lang='en'><head><title>The bridge closes</title></head><body><main><article><h1>The bridge closes</h1>"
        f"{above}<div class='entry-content'>{text}</div>{below}</article></main></body></html>"
    )


def comments(name: str) -> str:
    entry = f"<div><b>Otto</b> <time>2031-03-04T10:11:12Z</time><p>{OPINION}</p></div>"
    return f"<div {name}>{entry * 5}</div>"


BOXES = {
    "outbrain": (
        "<div class='ob-widget ob-grid'><div>Shop 1</div><div>Seven lamps that nobody in your street knows</div>"
        "<ul><li>Misleading</li><li>Repetitive</li></ul></div>"
    ),
    "taboola": "<div id='taboola-below-article'><div class='videoCube'><span>Eight chairs for you</span></div></div>",
    "recirculation": "<div class='article-recirc'><ul><li>Why the ferry is late</li><li>On arches</li></ul></div>",
    "comments by class": comments("class='user-comments'"),
    "comments by id": comments("id='sf_comment_list'"),
    "comments in one word": comments("class='allComments show'"),
    "comments in German": comments("class='kommentarModul'"),
    "sign-up form": (
        "<section><h3>The River Letter</h3><p>Every Friday: what moves the two banks, in five minutes.</p>"
        "<form><input type='email' name='email'><button>Sign up</button></form></section>"
    ),
    "wall": (
        "<div class='app-access-wall'><h3>More of our content</h3><ul><li>All articles of the gazette</li>"
        "<li>Fewer advertisements</li></ul><p>First month for one crown. Cancel at any time.</p></div>"
    ),
    "key points": (
        "<div class='key-points'><h2>Key points</h2><ul><li>The bridge is closed since noon.</li>"
        "<li>The ferry carries walkers.</li></ul></div>"
    ),
}


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES.keys())
@pytest.mark.parametrize("place", ["inside", "below", "above"])
def test_a_box_is_no_part_of_the_body(box: str, place: str) -> None:
    assert extract(page(**{place: box}), URL).paragraphs == list(TEXT)


@pytest.mark.parametrize("name", ["class='recirc'", "class='paywall'", "id='taboola-feed'", "class='key-points'"])
def test_a_container_of_that_name_that_holds_the_text_stays(name: str) -> None:
    html = (
        "<html lang='en'><head><title>The bridge closes</title></head><body><h1>The bridge closes</h1>"
        f"<div {name}><div>{PARAGRAPHS}</div></div></body></html>"
    )
    assert extract(html, URL).paragraphs == list(TEXT)


def test_a_wall_around_a_part_of_the_text_stays() -> None:
    rest = " ".join([OPINION] * 6)
    assert rest in extract(page(inside=f"<div class='paywall'><p>{rest}</p></div>"), URL).paragraphs


def test_a_form_beside_a_short_text_takes_no_text_with_it() -> None:
    form = "<form><input name='email'></form>"
    html = (
        "<html lang='en'><head><title>The bridge closes</title></head><body><h1>The bridge closes</h1>"
        f"<div class='x1'><p>{TEXT[0]}</p>{form}</div></body></html>"
    )
    assert extract(html, URL).paragraphs == [TEXT[0]]
