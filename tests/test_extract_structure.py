"""What the extraction keeps of a body's structure, on each way to a body, and that the store keeps it with the text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.extract import extract
from crawler.items import Article
from crawler.profile import SiteProfile
from crawler.store import ArticleFilter, Store
from tests.made_up import HOME, an_article, later, put, row, rows

URL = "https://town.example/1"
LINES = [
    "The miller of Harrow has moved his mill a second time, because the river has moved as well since the flood.",
    "He took the stones first, then the wheel, and left the roof to the swallows until the end of the summer.",
    "Neighbours lent him nine horses for it, and the horses were thanked with apples from the miller's garden.",
    "The old place is a meadow now, and nobody who walks there would believe that bread once began in this spot.",
]
ARABIC = [
    "افتتح المجلس البلدي يوم الاثنين الجسر الجديد الذي يصل بين ضفتي النهر بعد عامين من العمل المتواصل فيه.",
    "وقال المهندس المسؤول إن الجسر يتحمل مرور ألف شاحنة في اليوم، وإن طوله يبلغ ثلاثمئة متر وعرضه عشرين مترا.",
    "وأضاف أن المرحلة الثانية ستبدأ في الربيع المقبل وتشمل رصيفا للمشاة ومسارا للدراجات على جانبي الجسر.",
]


def page(body: str, head: str = "") -> str:
    return f"<html><head><title>The mill moves</title>{head}</head><body>{body}</body></html>"


def read(body: str, head: str = "", *, selector: str | None = None) -> Article:
    selectors = {"body": selector} if selector else {}
    profile = SiteProfile(name="town", title="Town", url="https://town.example/", selectors=selectors)
    return extract(page(body, head), URL, profile)


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


RICH = (
    f"<article><h1>The mill moves</h1>{paragraphs(LINES[0])}<h3>Why it <em>moves</em></h3>{paragraphs(LINES[1])}"
    f"<blockquote>{paragraphs(LINES[2], 'He will not move it a third time.')}</blockquote>"
    "<ul><li>The stones weigh two tons</li><li>The wheel is of oak<ol><li>Twelve spokes of it are new</li>"
    "<li>Six are as old as the mill</li></ol></li></ul>"
    "<table><tr><th>Year</th><th>Place</th></tr><tr><td>1901</td><td>the ford</td></tr></table>"
    f"<h4>What is left</h4>{paragraphs(LINES[3])}</article>"
)
RICH_STRUCTURE = "p ## p >p +p -p2 +.p2 ^ | ### p"


def test_the_structure_of_a_page_is_kept() -> None:
    article = read(RICH)
    assert article.structure == RICH_STRUCTURE
    assert "## Why it moves\n\n" in article.body_markdown
    assert f"> {LINES[2]}\n>\n> He will not move it a third time.\n\n" in article.body_markdown
    assert "- The wheel is of oak\n  1. Twelve spokes of it are new\n  2. Six are as old as" in article.body_markdown
    assert "| Year | Place |\n| --- | --- |\n| 1901 | the ford |" in article.body_markdown


def test_a_selector_of_the_profile_gives_the_same_structure_without_the_cells_of_tables() -> None:
    article = read(RICH.replace("<h1>The mill moves</h1>", ""), selector="//article")
    assert article.structure == RICH_STRUCTURE.replace("^ |", "p3")


def test_the_container_around_a_whole_body_is_no_quote_and_no_item() -> None:
    assert read(f"<article><blockquote>{paragraphs(*LINES)}</blockquote></article>").structure is None
    assert (
        read(f"<div class=t><ul><li>{paragraphs(*LINES)}</li></ul></div>", selector="//*[@class='t']").structure is None
    )


def test_a_table_of_one_column_lays_out_the_page() -> None:
    rows_ = "".join(f"<tr><td>{line}</td></tr>" for line in LINES)
    assert read(f"<article>{paragraphs(*LINES)}<table>{rows_}</table></article>").structure is None


def test_words_quoted_in_a_sentence_are_no_quote() -> None:
    article = read(f"<article>{paragraphs(LINES[0], 'He said <q>never again</q> and went away with it.', *LINES)}")
    assert ">" not in (article.structure or "")


@pytest.mark.parametrize("selector", [None, "//article"])
def test_preformatted_text_is_code_and_no_quote(selector: str | None) -> None:
    command = "<pre>rsync --archive  mill/ <b>meadow</b>/</pre>"
    body = f"<article>{paragraphs(*LINES[:2])}{command}<blockquote><p>{LINES[2]}</p></blockquote>{paragraphs(LINES[3])}"
    assert read(f"{body}</article>", selector=selector).structure == "p2 ` >p p"


def test_levels_of_subheadings_begin_at_the_second() -> None:
    body = "".join(f"<h{level}>Part {n}</h{level}><p>{LINES[n]}</p>" for n, level in enumerate((5, 4, 5, 4)))
    assert read(f"<article><h1>The mill moves</h1>{body}</article>").structure == "### p ## p ### p ## p"


def test_a_paragraph_added_before_and_a_signature_taken_away_shift_nothing() -> None:
    quote = f"<blockquote>{paragraphs(LINES[2])}</blockquote>"
    body = f"<article><h1>The mill moves</h1>{paragraphs(*LINES[:2])}{quote}{paragraphs(LINES[3], 'Maria Olsen')}"
    article = read(body)
    roles = dict(zip(article.paragraphs, (article.structure or "").replace("p2", "p p").split(), strict=True))
    assert roles[LINES[2]] == ">p"


def test_arabic_text_keeps_its_structure_and_its_bytes() -> None:
    article = extract(
        f"<html lang=ar dir=rtl><title>الجسر</title><article><h1>الجسر</h1><p>{ARABIC[0]}</p><h2>أرقام</h2>"
        f"<ul><li>{ARABIC[1]}</li><li>{ARABIC[2]}</li></ul></article>",
        URL,
    )
    assert article.paragraphs == [ARABIC[0], "أرقام", *ARABIC[1:]]
    assert article.body_markdown == f"{ARABIC[0]}\n\n## أرقام\n\n- {ARABIC[1]}\n- {ARABIC[2]}"


# -- texts of linked data and scripts ---------------------------------------------------------------------------------


def test_html_in_linked_data_gives_its_structure() -> None:
    schema_body = f"<p>{LINES[0]}</p><h2>Why now?</h2><p>{LINES[1]}</p><ul><li>{LINES[2]}</li><li>{LINES[3]}</li></ul>"
    node = json.dumps({"@type": "NewsArticle", "headline": "The mill moves", "articleBody": schema_body * 2})
    article = read("<p>Loading</p>", f"<script type='application/ld+json'>{node}</script>")
    assert article.structure == "p ## p -p2 p ## p -p2"


def test_plain_text_in_linked_data_is_of_plain_paragraphs() -> None:
    node = json.dumps({"@type": "NewsArticle", "headline": "The mill moves", "articleBody": "\n".join(LINES * 2)})
    article = read("<p>Loading</p>", f"<script type='application/ld+json'>{node}</script>")
    assert (len(article.paragraphs), article.structure) == (8, None)


def test_the_headline_of_an_entry_of_a_live_blog_is_a_subheading() -> None:
    updates = [{"@type": "BlogPosting", "headline": f"Hour {n}", "articleBody": line} for n, line in enumerate(LINES)]
    node = json.dumps({"@type": "LiveBlogPosting", "headline": "The mill moves", "liveBlogUpdate": updates})
    article = read(f"<article><p>{LINES[0]}</p></article>", f"<script type='application/ld+json'>{node}</script>")
    assert [line for line in article.body_markdown.split("\n") if line.startswith("#")] == [
        "## Hour 1", "## Hour 2", "## Hour 3",
    ]  # fmt: skip


def test_html_in_the_state_of_a_script_gives_its_structure() -> None:
    state = {
        "story": {"content": f"<p>{LINES[0]}</p><h3>Why?</h3><p>{LINES[1]}</p><blockquote>{LINES[2]}</blockquote>"}
    }
    article = read(f"<div id=app></div><script type='application/json'>{json.dumps(state)}</script>")
    assert (article.paragraphs[1], article.structure) == ("Why?", "p ## p >p")


def test_portable_text_gives_its_structure() -> None:
    styles: list[dict[str, object]] = [
        {"style": "normal"}, {"style": "h2"}, {"style": "blockquote"}, {"style": "normal", "listItem": "bullet"},
        {"style": "normal", "listItem": "number"}, {"style": 7, "listItem": []},
    ]  # fmt: skip
    blocks = [
        {"_type": "block", "children": [{"text": f"{n} {LINES[n % 4]}"}], **style} for n, style in enumerate(styles)
    ]
    article = read(f"<div id=app></div><script type='application/json'>{json.dumps({'body': blocks})}</script>")
    assert article.structure == "p ## >p -p .p p"


# -- hostile pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["ul><li", "blockquote", "ol><li", "q", "dl><dd"])
def test_a_hundred_nested_containers_end_at_the_sixth(tag: str) -> None:
    article = read(f"<div class=t>{paragraphs(LINES[0])}{f'<{tag}>' * 100}{LINES[1]}</div>", selector="//*[@class='t']")
    assert LINES[1] in article.paragraphs
    assert len(article.structure or "") < 20


# -- the store --------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db", boilerplate_pages=5) as opened:
        yield opened


def structures(store: Store) -> list[str | None]:
    return [each["structure"] for each in rows(store.path, "SELECT structure FROM articles ORDER BY id")]


def test_exports_and_details_have_the_markdown(store: Store) -> None:
    put(store, an_article("a", "One *line*\nTwo", structure="p -p"))
    exported = next(iter(store.exports.articles(ArticleFilter())))
    assert exported["body_markdown"] == "One \\*line\\*\n\n- Two"
    detail = store.articles.detail(1)
    assert detail is not None
    assert (detail["body_markdown"], detail["structure"]) == (exported["body_markdown"], "p -p")


def test_a_line_that_a_site_repeats_is_taken_out_of_the_structure_too(store: Store) -> None:
    box = "Subscribe to our newsletter to get every new thing in the morning."
    for number in range(7):
        text = [f"{number} {line} {number}" for line in LINES]
        put(store, an_article(f"a{number}", "\n".join([*text[:2], box, *text[2:]]), structure="## p -p >p .p"))
    assert structures(store) == ["## p >p .p"] * 7
    previous = row(store.path, "SELECT previous->>'structure' AS structure FROM revisions WHERE article_id = 1")
    assert previous["structure"] == "## p -p >p .p"


def test_a_text_of_another_article_is_taken_out_of_the_structure_too(store: Store) -> None:
    other = [f"Another {line}" for line in ARABIC]
    put(store, an_article("other", "\n".join(other), title="Another bridge", published=later(days=-2)))
    host = [*LINES, "Another bridge", *other]
    put(store, an_article("host", "\n".join(host), structure="p >p -p p ## p3", published=later(days=-1)))
    stored = row(store.path, "SELECT body, structure FROM articles WHERE url = ?", HOME + "host")
    assert stored == {"body": "\n".join(LINES), "structure": "p >p -p p"}


def test_a_new_structure_alone_makes_no_revision_and_an_export_has_it(store: Store) -> None:
    put(store, an_article("a", "One\nTwo"))
    before = store.exports.newest_changes()[0]
    assert put(store, an_article("a", "One\nTwo", structure="## p"), later(hours=1)) == "unchanged"
    assert structures(store) == ["## p"]
    assert rows(store.path, "SELECT * FROM revisions") == []
    assert store.exports.newest_changes()[0] > before


def test_an_earlier_version_keeps_its_structure(store: Store) -> None:
    put(store, an_article("a", "\n".join(LINES), structure="p ## p2"))
    assert put(store, an_article("a", "\n".join(LINES[:3]), structure="p -p2"), later(hours=1)) == "updated"
    detail = store.articles.detail(1)
    assert detail is not None
    assert [version["structure"] for version in detail["versions"]] == ["p ## p2", "p -p2"]
