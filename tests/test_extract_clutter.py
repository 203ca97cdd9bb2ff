"""Clutter among the blocks of a body: what goes, and what looks like it and stays."""

from __future__ import annotations

import pytest

from crawler.extract.body import Block
from crawler.extract.clutter import without_clutter
from crawler.extract.clutter_boxes import remove_clutter_boxes
from crawler.extract.page import parse_page
from crawler.extract.page_head import PageHead

TITLE = "The bridge closes for the summer"
TEXT = "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer."
OTHER = "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun."
LONG = f"{TEXT} {OTHER}"
HEAD = PageHead(TITLE, ["Culture", "The Far Gazette"], ["CityThe bridge closes"], ["Stephanie Holm"], "4 March 2031")


def p(text: str, kind: str = "p", *, linked: float = 0, group: int = 0) -> Block:
    return Block(text, kind, round(len(text) * linked), group)


def texts(*blocks: Block, head: PageHead = HEAD) -> list[str]:
    return [block.text for block in without_clutter(list(blocks), head)]


def goes_at_top(block: Block) -> bool:
    return texts(block, p(TEXT), p(OTHER), p(LONG)) == [TEXT, OTHER, LONG]


def goes_inside(block: Block) -> bool:
    return texts(*[p(TEXT)] * 7, block, p(OTHER)) == [*[TEXT] * 7, OTHER]


def goes_at_end(block: Block) -> bool:
    return texts(*[p(TEXT)] * 7, block) == [TEXT] * 7


# -- the top --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "block",
    [
        p("The Bridge closes – for the Summer!"),  # the title
        p("Town hall: The bridge closes for the summer", "head"),  # a kicker and the title
        p("City The bridge closes", "head"),  # another wording, with its kicker apart
        p("The Far Gazette"),  # the source
        p("7"), p("12"),  # the number of comments
        p("News", "row", linked=1),  # a section
        p("* * *"),
        p("Stephanie Holm"), p("By Stephanie Holm for the desk"),
        p("Stephanie Holm 12 45 67 89 10 11"),
        p("Stephanie Holm https://town.example/people/of/the/desk/page"),
        p("4 March 2031 in the town"), p("Updated: 5 May 2031"), p("Published • Updated:"),
        p("Published || Updated:"), p("5.5.2031"),
        p(f"Stephanie Holm is a reporter of the town desk. {OTHER}"),
        p(f"Steph Holm writes of the town and its river. {OTHER}"),
    ],
)  # fmt: skip
def test_what_the_head_of_the_page_shows_goes_at_the_top(block: Block) -> None:
    assert goes_at_top(block)


@pytest.mark.parametrize(
    "block",
    [
        p("The bridge closes for the summer and the winter"),
        p("Nothing to do with the bridge closes for the summer", "p"),  # no heading
        p("Not just anything that ends with it, but one with far too many words before it all, "
          "and then some more of them, and so on: The bridge closes for the summer", "head"),
        p("City The bridge closes"),  # no heading
        p("The bridge closes", "head"),  # another title in full may be the standfirst
        p("117 and 12 more"), p("Seven"),
        p("Five words in one link", "row", linked=1),
        p("News", linked=0.5),
        p("News", "head", linked=0.2),
        p("Stephanie Holm and five others saw it"),
        p("On 4 March 2031 the town decided, after a long night, that its bridge will be closed"),
        p("Nobody said a word of it in 2031, when five of the shops closed for good"),
        p(f"Stephanie Holm and others of the town desk saw it. {OTHER}"),
        p(f"Step Holmes writes of the town and its river. {OTHER}"),
        p(f"Anna Holm writes of the town and its river. {OTHER}"),
        p(f"Is this the end of the bridge? {OTHER}"),
    ],
)  # fmt: skip
def test_what_only_looks_like_the_head_of_the_page_stays(block: Block) -> None:
    assert not goes_at_top(block)


def test_a_bio_begins_with_the_whole_name_of_an_author() -> None:
    bio = p(f"Anna Maria Holm is a reporter of the town desk. {OTHER}")
    assert texts(bio, p(TEXT), head=PageHead(TITLE, authors=["Anna Maria Holm"])) == [TEXT]
    for name in ("Anna", "Anna Maria", "Anna Berg Holm"):
        assert texts(bio, p(TEXT), head=PageHead(TITLE, authors=[name])) == [bio.text, TEXT]


def test_a_byline_needs_a_known_author_and_few_other_words() -> None:
    line = p("Stephanie Holm is here")
    assert goes_at_top(line)
    assert texts(line, p(TEXT), head=PageHead(TITLE)) == [line.text, TEXT]
    assert texts(p(""), p(TEXT), head=PageHead("")) == [TEXT]
    nameless = PageHead(TITLE, authors=["…"])
    assert texts(p("Town plan of a port"), p(TEXT), head=nameless) == ["Town plan of a port", TEXT]


def test_short_lines_before_the_headline_go_with_it_and_a_paragraph_stays() -> None:
    assert texts(p("Around the river"), p(TITLE), p(TEXT)) == [TEXT]
    assert texts(p(LONG), p(TITLE), p(TEXT)) == [LONG, TEXT]
    twice = texts(p("Around the river"), p(TITLE), p(TITLE), p("In short."), p(TEXT), head=PageHead(TITLE))
    assert twice == [TITLE, "In short.", TEXT]


def test_a_short_title_is_not_found_behind_a_kicker_and_the_top_ends() -> None:
    assert texts(p("All that: the bridge", "head"), p(TEXT), head=PageHead("The bridge")) != [TEXT]
    far = [*[p(TEXT)] * 6, p(TITLE), p("4 March 2031"), p(OTHER)]
    assert texts(*far) == [*[TEXT] * 6, TITLE, "4 March 2031", OTHER]


# -- inside ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "block",
    [
        p("* * *"), p("Advertisement"),
        p("The ferry gets a new engine", linked=1),
        p("Stephanie Holm", "item", linked=1),
        p("The ferry gets a new engine", "head", linked=0.5),
        p("You may also like"),
        p("Read also: the ferry gets a new engine today", linked=0.6),
        p("Photo: Anna Berg"), p("Page 2 of 5"),
        p("Sign up for our newsletter"),
        p("Found a mistake? Tell us."), p("Did you like this article? Then give us five stars."),
        p("Fehler gefunden? Jetzt melden."), p("Hat Ihnen dieser Artikel gefallen? Dann helfen Sie uns."),
        p("Vous avez repéré une erreur ? Écrivez-nous."), p("هل أعجبك هذا المقال؟"), p("هل وجدت خطأ؟ أخبرنا"),
        p("The crane lifts a beam of the mill Credit: Anna Berg/The Town"), p("Ein Kran am Morgen. (Foto: Anna Berg)"),
        p("رافعة في الصباح تصوير: آنا"), p("A crane in the morning. © The Town / ANNA BERG"),
        p("If you enjoyed this article, tell your friends."), p("We want to hear what you think of it."),
        p("Never miss the latest news by signing up to our newsletter today!"), p("Zum Newsletter anmelden"),
        p("Wenn Ihnen unser Artikel gefallen hat: Helfen Sie uns."), p("5 min read"), p("Reading time: 3 minutes"),
        p("Lesezeit 4 Min."), p("وقت القراءة: 3 دقائق"), p("Ten tekst przeczytasz w 2 minuty"),
    ],
)  # fmt: skip
def test_lines_of_links_labels_credits_and_calls_go(block: Block) -> None:
    assert goes_inside(block)


@pytest.mark.parametrize(
    "block",
    [
        p("Three more words", linked=1),
        p("The ferry gets a new engine.", linked=1), p("“The ferry gets a new engine.”", linked=1),
        p("— The ferry on the river (@ferry) 4 May 2031", "quote", linked=1),
        p("The ferry gets a new engine", "row", linked=1),
        p("The ferry gets a new engine", "item", linked=0.9, group=2),
        p("Write to us at desk@town.example", linked=1), p("See www.town.example for all of it", linked=1),
        p(LONG, linked=0.9),
        p("The ferry gets a new engine", "head", linked=0.3),
        p("Related"),  # one word may be a heading of the article's own
        p("You may also like this bridge"),
        p("Read the ferry gets a new engine today all", linked=0.6),  # a weak pointer
        p(f"Photo: Anna Berg shows how it was. {LONG}"),
        p(f"Sign up for our newsletter. {LONG} {LONG}"),
        p(f"They said: page 2 of 5. {LONG}"),
        p(f"Found a mistake? So did the council. {LONG}"), p("She found a mistake in the bill and paid it."),
        p("Reading time is what we lack, said the mayor of the town on Monday."), p("It is a 5 min read at most."),
        p("We want to, said the mayor."), p("The sign © means that it is theirs: nobody may copy it."),
        p("He took the photo: nobody else was there."), p(f"The picture has a credit: Anna Berg. {LONG}"),
        p("On the mill and its photo: Anna Berg", "head"),
        p("A heading of the article", "head"),
    ],
)  # fmt: skip
def test_lines_that_only_look_like_clutter_stay(block: Block) -> None:
    if block.kind == "item":
        assert texts(p(TEXT), block, p("An item of the article", "item", group=2), p(OTHER))[1] == block.text
    else:
        assert not goes_inside(block)


def test_cards_below_a_heading_go_until_a_paragraph_comes() -> None:
    card, teaser = p("The ferry gets a new engine", linked=0.5), p("It is faster than the old one was.")
    for heading in ("Related stories", "More from the town", "Related stories of the river"):
        assert texts(p(TEXT), p(heading, "head"), card, teaser, card, p(LONG + LONG), p(OTHER)) == [
            TEXT,
            LONG + LONG,
            OTHER,
        ]
    assert texts(p(TEXT), p("Related stories", "head"), card, teaser, teaser, p(OTHER)) == [TEXT, teaser.text, OTHER]
    for block in (p("Related stories"), p("Related stories of all the towns of the river", "head")):
        assert card.text in texts(p(TEXT), block, card, p(OTHER))
    long_heading = p("Related stories of " + "x" * 60, "head")
    assert card.text in texts(p(TEXT), long_heading, card, p(OTHER))


def test_a_list_of_links_goes_and_a_list_with_one_item_of_text_stays() -> None:
    link, item = p("A link to the ferry", "item", linked=0.5, group=1), p("Bring a boat", "item", group=1)
    assert texts(p(TEXT), link, link, p(OTHER)) == [TEXT, OTHER]
    assert texts(p(TEXT), link, item, p(OTHER)) == [TEXT, link.text, item.text, OTHER]
    other_list = p("A walk on the bank", "item", group=2)
    assert texts(p(TEXT), link, other_list, p(OTHER)) == [TEXT, other_list.text, OTHER]
    assert texts(p(TEXT), p("A row of the table", "row", linked=0.5), p(OTHER))[1] == "A row of the table"


def test_a_quote_that_repeats_a_paragraph_goes_and_others_stay() -> None:
    quote = p("the old stone bridge will stay closed", "quote")
    assert texts(p(TEXT), quote, p(OTHER)) == [TEXT, OTHER]
    assert texts(p(TEXT), p("the bridge will open", "quote"), p(OTHER))[1] == "the bridge will open"
    assert texts(p(TEXT), p("the old stone bridge", "quote"), p(OTHER))[1] == "the old stone bridge"
    assert texts(p(LONG + LONG), p(LONG + TEXT, "quote"), p(OTHER))[1] == LONG + TEXT
    assert texts(p(TEXT), *[quote] * 51, p(OTHER)) == [TEXT, *[quote.text] * 51, OTHER]


def test_paragraphs_that_are_links_are_the_text_where_all_of_it_is() -> None:
    lines = [p(f"{TEXT[:-1]}, as line {number} says at some length", linked=1) for number in range(5)]
    assert texts(*lines) == [line.text for line in lines]
    short = p("The ferry gets a new engine", linked=1)
    assert texts(short, short, short, p(TEXT)) == [TEXT]
    assert texts(lines[0], p(TEXT), p(OTHER), p(LONG)) == [TEXT, OTHER, LONG], "one teaser among paragraphs"


# -- the end --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "block",
    [
        p("Two words", linked=0.9), p("More of it", "head"), p("© 2031 The Town"), p("Stephanie Holm"),
        p(f"Stephanie Holm is a reporter. {LONG}"), p("Source: The Far Gazette"), p("And now this:"), p("And this："),
        p("Tags: bridges, rivers", linked=0.7), p("Reporting by Anna Berg; editing by Bo Stone"),
    ],
)  # fmt: skip
def test_what_closes_a_page_goes_at_the_end(block: Block) -> None:
    assert goes_at_end(block)
    assert texts(block) in ([block.text], [])


@pytest.mark.parametrize(
    "block",
    [
        p("Two words", linked=0.5), p("Two words", "row", linked=0.9), p("town.org/bridge", linked=1),
        p(f"© 2031 The Town. {LONG}"),
        p(f"Stephanie Holm is a reporter. {LONG} {LONG} {LONG}"),
        p(f"{TEXT} And now this:"), p("Tags: bridges", linked=0.2),
        p("A label of more than thirty characters: x", linked=0.1),
        p("Reporting by Anna Berg."), p("Reporting by the whole of the town desk"),
        p("Reporting by Anna (in the town)"), p(f"Reporting by {'Anna Berg, ' * 12}Bo Stone"), p("Reporting by"),
        p("Anna"), p("https://town.example", linked=0.75), p(LONG, linked=1),
    ],
)  # fmt: skip
def test_the_last_sentences_of_an_article_stay(block: Block) -> None:
    assert not goes_at_end(block)


def test_one_block_always_stays() -> None:
    assert texts(p("More of it", "head")) == ["More of it"]


def test_a_box_that_is_the_whole_page_is_never_removed() -> None:
    page = parse_page(f"<html class='share'><body class='print'><p>{TEXT}</p></body></html>", "https://town.example/a")
    assert page is not None
    remove_clutter_boxes(page)
    assert TEXT in page.tree.text_content()


# -- key points -----------------------------------------------------------------------------------------------------

POINTS = [p("The bridge closes on Monday", "item", group=1), p("Ferry carries walkers until autumn", "item", group=1)]


@pytest.mark.parametrize("top", [[], [p("In short", "head")]], ids=["alone", "with a heading"])
def test_key_points_above_the_first_paragraph_go(top: list[Block]) -> None:
    assert texts(*top, *POINTS, p(LONG), p(LONG)) == [LONG, LONG]


def test_key_points_printed_with_bullets_go() -> None:
    assert texts(p("• Bridge closed since noon"), p("• Ferry carries walkers"), p(LONG), p(LONG)) == [LONG, LONG]


def test_lists_that_are_no_key_points_stay() -> None:
    own = [block.text for block in POINTS]
    assert texts(p(LONG), *POINTS, p(LONG)) == [LONG, *own, LONG]  # below a paragraph
    assert texts(POINTS[0], p(LONG), p(LONG)) == [own[0], LONG, LONG]  # one point
    assert texts(*POINTS, p(TEXT)) == [*own, TEXT]  # hardly any text
    sentences = [p(f"{text}.", "item", group=1) for text in own]
    assert texts(*sentences, p(LONG), p(LONG)) == [f"{text}." for text in own] + [LONG, LONG]  # sentences
