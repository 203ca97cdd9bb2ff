"""Asides, footers, comments and sidebars: removed before the body is read, unless the article itself stands in one."""

from __future__ import annotations

import pytest

from crawler.extract.article import extract

URL = "https://town.example/2031/03/bridge"
SENTENCES = (
    "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer.",
    "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun.",
    "An engineer had found cracks in two of the five arches when the water of the river stood low in January.",
    "The repair will cost four million, and a third of that will come from the fund for the heritage of the region.",
    "Buses will take the motorway until September, which makes the way to the hospital twenty minutes longer.",
    "A ferry for people on foot will cross the river every quarter of an hour from six in the morning until ten.",
    "The mayor said that she would rather lose an election than send a school bus over arches that might fall.",
    "The last repair of the bridge was finished in the spring of 1961, and it was planned to last for fifty years.",
    "Two members of the council voted against the plan because the shops had asked for a temporary bridge of steel.",
)
ARTICLE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
TITLE = "<title>The old bridge stays closed</title>"
H1 = "<h1>The old bridge stays closed</h1>"
ABOUT = (
    "<p>The town post has been printed since 1902 and is read by every second household on both banks of the river.</p>"
)


def paragraphs(body: str) -> list[str]:
    return extract(f"<html><head>{TITLE}</head><body>{body}</body></html>", URL).paragraphs


@pytest.mark.parametrize(
    "body",
    [
        f"<div><header>{H1}</header></div><aside class='main'>{ARTICLE}</aside>",
        f"<article><header>{H1}</header><footer class='meta'><p>Monday</p>{ARTICLE}</article>",
        f"<main>{H1}<button><i></i>Share{ARTICLE}</main>",
        f"<footer>{H1}{ARTICLE}</footer>",
        f"{ABOUT * 9}<article>{H1}<footer>{ARTICLE}</footer></article>{ABOUT * 9}",
    ],
    ids=[
        "aside",
        "footer that is never closed",
        "button that is never closed",
        "footer with headline",
        "in its article",
    ],
)
def test_an_element_that_holds_the_article_is_kept(body: str) -> None:
    assert [p for p in paragraphs(body) if p in SENTENCES] == list(SENTENCES)


def test_a_long_footer_of_an_article_is_kept_whatever_stands_above_it() -> None:
    found = paragraphs(f"<article><header>{H1}</header><div>{ABOUT * 4}</div><footer>{ARTICLE * 2}</footer></article>")
    assert set(SENTENCES) <= set(found)


@pytest.mark.parametrize("tag", ["aside", "footer"])
def test_a_longer_aside_or_footer_beside_an_article_is_removed(tag: str) -> None:
    short = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:4])
    beside = f"<{tag}>{ABOUT * 9}</{tag}>"
    assert paragraphs(f"{H1}<div>{short}</div>{beside}") == list(SENTENCES[:4])
    assert paragraphs(f"{beside}{H1}<div>{short}</div>") == list(SENTENCES[:4])


def test_text_counts_in_whatever_element_it_stands() -> None:
    lines = "<br><br>".join(SENTENCES)
    assert paragraphs(f"<div>{H1}</div><aside><div>{lines}</div></aside>") == list(SENTENCES)


NAMES = ["sidebar", "related", "comments", "comment-list", "widget", "footer"]
STANDFIRST = "<p>The shops on both banks fear for their customers, and nobody knows yet whether a ferry will come.</p>"
READER = "<p>I cross the bridge each morning on my way to work, and I have never seen anybody look at its arches.</p>"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_does_not_remove_the_article(name: str) -> None:
    beside = f"<div class='more'>{ABOUT * 3}</div>"
    for box in (f"<div class='{name}'>{ARTICLE}</div>", f"<aside class='{name}'><h2>Why</h2>{ARTICLE}</aside>"):
        found = paragraphs(f"<main>{H1}{box}{beside}</main>")
        assert [text for text in found if text in SENTENCES] == list(SENTENCES)


def test_a_column_may_follow_a_standfirst() -> None:
    found = paragraphs(f"<div>{H1}{STANDFIRST * 2}</div><aside>{ARTICLE}</aside>")
    assert found[-9:] == list(SENTENCES)


def test_paragraphs_with_containers_of_their_own_are_a_column() -> None:
    wrapped = "".join(f"<section class='text'><div><p>{sentence}</p></div></section>" for sentence in SENTENCES)
    assert paragraphs(f"{H1}<div class='comments'>{wrapped}</div>") == list(SENTENCES)


def test_comments_below_a_headline_without_text_are_no_article() -> None:
    entry = f"<div class='entry'><div>A reader</div><div>two hours ago</div>{READER}{READER}</div>"
    assert not any("cross the bridge" in text for text in paragraphs(f"{H1}<div class='comments'>{entry * 9}</div>"))


@pytest.mark.parametrize("box", ["aside", "footer"])
def test_a_box_beside_a_short_article_in_a_known_container_is_removed(box: str) -> None:
    short = f"<div class='article-body'><p>{SENTENCES[0]}</p></div>"
    assert paragraphs(f"<div>{H1}{short}</div><{box}>{ABOUT * 9}</{box}>") == list(SENTENCES[:1])


def test_containers_in_containers_by_the_thousand_take_no_time() -> None:
    deep = f"{H1}{'<div class=comments><span>x</span>' * 5000}{ARTICLE}"
    assert isinstance(paragraphs(deep), list)
