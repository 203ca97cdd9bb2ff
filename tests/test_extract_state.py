"""Title, authors, section and tags in the state of a page's scripts."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from crawler.extract import extract
from crawler.extract.state_article import state_article
from crawler.items import Article

URL = "https://town.example/2031/03/the-bridge-closes"
BODY = [
    f"{day} أعلن المجلس أن الجسر الحجري القديم سيبقى مغلقا حتى نهاية الصيف المقبل، وأن العمل فيه مستمر."
    for day in "123"
]
STORY = {
    "title": "إغلاق الجسر القديم",
    "slug": "the-bridge-closes",
    "author": {"name": "هند الأحمد"},
    "section": {"name": "محليات"},
    "tags": [{"name": "جسور"}, {"name": "أنهار"}],
    "body": [{"text": text} for text in BODY],
}
OTHER = STORY | {"title": "خبر آخر عن المدينة", "slug": "another-story-of-the-town", "author": {"name": "مازن الخطيب"}}


def read(script: str, head: str = "", body: str = "") -> Article:
    html = f"<html><head>{head}</head><body><div id='app'>{body}</div>{script}</body></html>"
    return extract(html, URL)


def in_next_data(value: Any) -> str:
    return f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps({'props': {'pageProps': value}})}</script>"


def in_flight(value: Any) -> str:
    stream = f'0:["$","main",null,{json.dumps({"article": value})}]\n'
    return f"<script>self.__next_f.push({json.dumps([1, stream])})</script>"


def in_fusion(value: Any) -> str:
    arc = {
        "headlines": {"basic": "x"},
        "title": value["title"],
        "website_url": "/2031/03/the-bridge-closes/",
        "credits": {"by": [value["author"]]},
        "taxonomy": {"primary_section": value["section"], "tags": value["tags"]},
        "content_elements": value["body"],
    }
    return (
        f"<script>window.Fusion=window.Fusion||{{}};Fusion.arcSite='x';Fusion.globalContent={json.dumps(arc)};</script>"
    )


@pytest.mark.parametrize("write", [in_next_data, in_flight, in_fusion])
def test_a_page_that_is_drawn_by_scripts_has_its_fields_in_their_state(write: Any) -> None:
    article = read(write(STORY))
    assert (article.title, article.authors, article.category) == ("إغلاق الجسر القديم", ["هند الأحمد"], "محليات")
    assert (article.tags, article.paragraphs) == (["جسور", "أنهار"], BODY)
    assert {article.provenance[name] for name in ("title", "authors", "category")} == {"state"}


def test_other_articles_in_the_state_are_not_the_pages() -> None:
    assert read(in_next_data({"latest": [OTHER], "story": STORY})).authors == ["هند الأحمد"]
    assert read(in_next_data({"latest": [OTHER]})).authors == []


def test_what_the_page_shows_comes_first() -> None:
    head = "<meta name='author' content='Ada Marsh'><meta property='article:section' content='Economy'>"
    article = read(in_next_data(STORY), head, "<h1>إغلاق الجسر</h1>")
    assert (article.title, article.authors, article.category) == ("إغلاق الجسر", ["Ada Marsh"], "Economy")


def test_the_references_of_a_cache_are_replaced() -> None:
    story = {"__typename": "Story", "headline": "The bridge closes", "author": {"__ref": "Person:7"}}
    cache = {"Story:1": story, "Person:7": {"firstName": "Ada", "lastName": "Marsh"}, "ROOT_QUERY": {}}
    assert read(f"<script>window.__APOLLO_STATE__={json.dumps(cache | {'pad': 'x' * 300})}</script>").authors == []
    script = f"<script>window.__APOLLO_STATE__={json.dumps(cache | {'pad': 'x' * 300})}</script>"
    assert read(script, "<title>The bridge closes</title>").authors == ["Ada Marsh"]


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ({"authors": ["Ada Marsh", {"displayName": "Bo Stone"}]}, ["Ada Marsh", "Bo Stone"]),
        ({"byline": "<b>Ada</b> Marsh"}, ["Ada Marsh"]),
        ({"author": {"url": "/x"}}, []),
        ({"author": 7, "authors": None, "byline": [[]]}, []),
        ({"author": "https://town.example/ada"}, []),
        ({"author": "x" * 10_000}, []),
    ],
)
def test_names_are_texts_or_objects_with_one(value: dict[str, Any], authors: list[str]) -> None:
    found = state_article([{"title": "The bridge", **value, "tags": ["one"]}], URL, ["The Bridge"])
    assert found is not None
    assert found.authors == authors


def test_hostile_states_cost_no_time() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    wide = [{"title": "The bridge", "author": {"__ref": "A:1"}, "A:1": {"__ref": "A:1"}}] * 60_000
    begun = time.process_time()
    found = state_article([deep, wide], URL, ["The bridge"])
    assert found is None or found.authors == []
    assert time.process_time() - begun < 3
