"""What belongs to a body, where its markup hides it, and what does not."""

from __future__ import annotations

import json

import pytest

from crawler.extract import extract
from crawler.extract.body import texts_of
from crawler.extract.hydration import state_blocks
from crawler.items import Article

URL = "https://island.example/news/mill"
LINES = [
    f"The {part} of the old mill has been taken down, numbered and carried to the yard behind the parish hall."
    for part in ("roof", "wheel", "floor", "wall")
]
TEXT = "".join(f"<p>{line}</p>" for line in LINES)


def read(body: str, head: str = "", above: str = "") -> Article:
    return extract(f"<html lang='en'><head>{head}</head><body>{above}<h1>The mill moves</h1>{body}</body></html>", URL)


def test_a_standfirst_of_several_sentences_begins_the_body() -> None:
    lead = "Ada Quay. The mill leaves its place after two hundred years. It will stand by the harbour from autumn on."
    article = read(f"<div class='standfirst'>{lead}</div><div class='article-body'>{TEXT}</div>")
    assert article.paragraphs == [lead, *LINES]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("<div class='tile'><span class='dek'>{text}</span></div>", ""),
        ("", "<div class='tile'><span class='dek'>{text}</span></div>"),
    ],
    ids=["above the headline", "below the text"],
)
def test_the_subtitle_of_another_article_is_not_the_standfirst(above: str, below: str) -> None:
    text = "Critics say the tower is too high. That is because nobody has measured it."
    article = read(f"<div>{TEXT}</div>{below.format(text=text)}", above=above.format(text=text))
    assert text not in article.paragraphs
    assert article.subtitle is None


def test_an_abstract_of_several_sentences_is_the_subtitle() -> None:
    abstract = "The ferry goes to sea after two hundred years. Its owner says why."
    article = read(f"<p class='articleabstract'>{abstract}</p><div class='article-body'>{TEXT}</div>")
    assert article.subtitle == abstract
    assert abstract not in article.paragraphs


def test_a_standfirst_of_one_sentence_is_the_subtitle() -> None:
    article = read(f"<div class='standfirst'>After two hundred years it goes to sea</div><div>{TEXT}</div>")
    assert article.subtitle == "After two hundred years it goes to sea"
    assert article.paragraphs == LINES


def test_a_heading_in_a_nameless_element_between_paragraphs_is_kept() -> None:
    article = read(
        f"<article>{TEXT}<div class='subheadline'>Where it will stand</div>{TEXT.replace('old', 'new')}</article>"
    )
    assert article.paragraphs[4] == "Where it will stand"
    assert article.subtitle is None


def test_a_drop_cap_is_part_of_its_word() -> None:
    rest = TEXT.replace("<p>The", "<p><span class='drop-cap'>T</span>he", 1)
    assert read(f"<article>{rest}</article>").paragraphs == LINES


def test_a_table_of_data_stays_one_row_a_line() -> None:
    table = "<table><tr><td>Roof</td><td>12 t</td></tr><tr><td>Wheel</td><td>3 t</td></tr></table>"
    assert read(f"<article>{TEXT}{table}{TEXT.replace('old', 'new')}</article>").paragraphs[4:6] == [
        "Roof | 12 t",
        "Wheel | 3 t",
    ]


def test_a_quote_that_says_something_new_stays() -> None:
    quote = "<blockquote>I shall miss the noise more than the flour.</blockquote>"
    assert "I shall miss the noise more than the flour." in read(f"<article>{TEXT}{quote}{TEXT}</article>").paragraphs


def test_labels_with_links_at_the_end_go_and_the_last_sentence_stays() -> None:
    end = "<p>Tag: <a href='/t/mills'>mills of the island</a></p><p>Topic: <a href='/t/h'>harbour</a></p>"
    assert read(f"<article>{TEXT}{end}</article>").paragraphs == LINES


def test_a_hidden_box_that_repeats_the_text_stays_hidden() -> None:
    article = read(f"<div class='s'><div>{TEXT}</div><div class='mobile' style='display:none'>{TEXT}</div></div>")
    assert article.paragraphs == LINES


def test_state_of_scripts_is_not_looked_into_where_the_page_shows_its_text() -> None:
    state = json.dumps({"blocks": [{"text": line.replace("mill", "tower")} for line in LINES * 3]})
    article = read(f"<article>{TEXT}</article><script type='application/json'>{state}</script>")
    assert article.paragraphs == LINES


def test_other_articles_in_the_state_are_not_the_text() -> None:
    state = {"story": [{"html": f"<p>{line}</p>"} for line in LINES], "related": [{"text": line * 4} for line in LINES]}
    assert texts_of(state_blocks([state], "The mill moves")) == LINES


def _portable(*spans: str, style: str = "normal") -> dict[str, object]:
    return {"_type": "block", "style": style, "children": [{"_type": "span", "text": span} for span in spans]}


def test_a_paragraph_of_portable_text_is_put_together_from_its_spans() -> None:
    halves = [(line[: len(line) // 2], line[len(line) // 2 :]) for line in LINES]
    body = [
        _portable("Why now?", style="h2"),
        *(_portable(*half) for half in halves),
        {"_type": "image", "alt": "A mill"},
    ]
    assert texts_of(state_blocks([{"page": {"title": "The mill moves", "body": body}}], "The mill moves")) == [
        "Why now?",
        *LINES,
    ]


def test_portable_text_of_another_shape_gives_nothing() -> None:
    wrong = [
        {"_type": "block"},
        {"_type": "block", "children": "text"},
        {"_type": "block", "children": [None, 7, {"text": 3}]},
    ]
    assert texts_of(state_blocks([{"body": wrong * 100}], "")) == []


def test_days_below_the_first_paragraph_are_a_timetable() -> None:
    days = ["Tuesday, April 22, 2014 at 1:00 PM", "Monday, November 25, 2013 at 3:00 PM"]
    shown = "".join(f"<p>{day}</p>" for day in days)
    first, *rest = LINES
    page = f"<article><p>{first}</p>{shown}{''.join(f'<p>{line}</p>' for line in rest)}</article>"
    assert read(page).paragraphs == [first, *days, *rest]


def test_one_day_below_the_standfirst_is_the_date_of_the_article() -> None:
    first, *rest = LINES
    page = (
        f"<article><p>{first}</p><p>Tuesday, April 22, 2014</p>{''.join(f'<p>{line}</p>' for line in rest)}</article>"
    )
    assert read(page).paragraphs == LINES


def test_a_state_with_a_short_text_gives_nothing() -> None:
    assert texts_of(state_blocks([None, {}, {"a": ["A few words of text only"]}], "")) == []


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our newsletter and never miss a stone of it.",
        "Want more of the harbour? Follow us on Instagram and Facebook.",
        "If you are on the Island News app, click here to watch it live.",
        "Sie mögen Mühlen? Dann abonnieren Sie den täglichen Newsletter der Insel.",
        "تابعونا على تليغرام لتصلكم أخبار الجزيرة أولا بأول",
        "للاشتراك في قناتنا على واتساب اضغطوا هنا",
        "この記事は会員限定です。",
        "To view this content you need to allow cookies of the video site.",
        "Ich bin damit einverstanden, dass mir der externe Inhalt angezeigt wird. " + "Mehr Informationen dazu. " * 9,
        "See more of the mill:",
    ],
)
def test_calls_and_walls_among_the_paragraphs_are_no_text(line: str) -> None:
    assert read(f"<article>{TEXT}<p>{line}</p></article>").paragraphs == LINES


@pytest.mark.parametrize(
    "line",
    [
        "Facebook and Instagram were down for an hour while the mill was carried away, islanders say.",
        "The islanders follow the stones on Twitter, where the parish writes of every cart.",
        "اشترك في حمل الحجارة ثلاثون رجلا من أهل الجزيرة ولم يصب أحد منهم بأذى",
        "أعلنت الشركة أن تطبيق الجزيرة تعطل ساعة كاملة يوم نقل الطاحونة إلى الميناء",
        "This is how the carter put it when the last stone was on the ferry and the yard was empty:",
    ],
)
def test_news_of_such_channels_are_text(line: str) -> None:
    article = read(f"<article>{TEXT}<p>{line}</p>{TEXT.replace('old', 'new')}</article>")
    assert article.paragraphs[4] == line


def test_windows_that_open_over_the_page_are_no_text() -> None:
    window = "<div class='save-modal'><p>The page was kept in your folder of islands.</p></div>"
    assert read(f"<article>{window}{TEXT}</article>").paragraphs == LINES


@pytest.mark.parametrize(
    ("markup", "begins"),
    [
        ("<span class='drop-cap'>T</span> <span>he last stone went by ferry</span>", "The last stone"),
        (
            "<span class='drop-cap'><span class='drop-cap-in'>T</span></span>he last stone went by ferry",
            "The last stone",
        ),
        ("<span class='drop-cap'>I</span> saw the last stone go by ferry", "I saw"),
        ("<span class='drop-cap'>A</span> stone was left behind", "A stone"),
    ],
)
def test_a_drop_cap_is_joined_to_its_word_and_a_word_of_one_letter_to_none(markup: str, begins: str) -> None:
    rest = " at noon, and the yard behind the parish hall has been empty ever since that hour of the day."
    assert read(f"<article><p>{markup}{rest}</p>{TEXT}</article>").paragraphs[0].startswith(begins)


def live_blog(entries: list[dict[str, object]], **other: object) -> str:
    node = {"@type": "LiveBlogPosting", "url": URL, "liveBlogUpdate": entries, **other}
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


ENTRIES: list[dict[str, object]] = [
    {
        "@type": "BlogPosting",
        "headline": f"The {time} report",
        "articleBody": f"<p>At {time} the crane lifted a beam of the mill.</p><p>The crowd of {time} was silent.</p>",
    }
    for time in ("noon", "midday", "evening")
]
SHOWN = [
    line
    for time in ("noon", "midday", "evening")
    for line in (
        f"The {time} report",
        f"At {time} the crane lifted a beam of the mill.",
        f"The crowd of {time} was silent.",
    )
]


@pytest.mark.parametrize("own", [True, False], ids=["the article", "another node with its URL"])
def test_entries_of_a_live_blog_that_a_script_would_show_follow_the_text(own: bool) -> None:
    article = {"@type": "NewsArticle", "url": URL, "headline": "The mill moves"}
    head = live_blog(ENTRIES)
    if not own:
        head = f"<script type='application/ld+json'>{json.dumps(article)}</script>{head}"
    assert read(f"<article>{TEXT}</article>", head).paragraphs == [*LINES, *SHOWN]


def test_entries_of_a_live_blog_that_the_page_shows_are_not_repeated() -> None:
    shown = "".join(f"<div><h2>{entry['headline']}</h2>{entry['articleBody']}</div>" for entry in ENTRIES[:2])
    article = read(f"<article>{TEXT}{shown}</article>", live_blog(ENTRIES))
    assert article.paragraphs == [*LINES, *SHOWN[:6]]


def test_entries_of_the_live_blog_of_another_page_are_not_the_text() -> None:
    head = live_blog(ENTRIES, url="https://island.example/news/harbour")
    article = {"@type": "NewsArticle", "url": URL, "headline": "The mill moves"}
    head = f"<script type='application/ld+json'>{json.dumps(article)}</script>{head}"
    assert read(f"<article>{TEXT}</article>", head).paragraphs == LINES


@pytest.mark.parametrize("updates", ["text", 5, [None, "x", {"articleBody": 5}], {"articleBody": []}, [[]]])
def test_entries_of_a_live_blog_that_are_no_entries_are_nothing(updates: object) -> None:
    article = read(f"<article>{TEXT}</article>", live_blog(updates))  # type: ignore[arg-type]
    assert article.paragraphs == LINES


def test_headings_that_are_the_text_of_a_list_of_pictures_are_kept_to_the_last() -> None:
    entries = "".join(f"<div><h2>{line}</h2></div>" for line in LINES)
    article = read(f"<article><p>{LINES[0][:-1]} again.</p><p>{LINES[1][:-1]} again.</p>{entries}</article>")
    assert article.paragraphs[2:] == LINES


def test_one_heading_at_the_end_is_not_the_text() -> None:
    article = read(
        f"<article>{TEXT}<h2>What the harbour has to do with all of this, and why it matters.</h2></article>"
    )
    assert article.paragraphs == LINES
