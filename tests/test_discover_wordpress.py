"""Discover from the WordPress REST API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discover import ChannelProblem, ChannelResult, discover, request_url
from crawler.profile import Channel, SiteProfile

ENDPOINT = "https://marsad.example/wp-json/wp/v2/posts"
PROFILE = SiteProfile(name="marsad", title="Marsad", url="https://marsad.example/", timezone="Asia/Damascus")


def discovered(
    posts: object,
    *,
    url: str = ENDPOINT,
    headers: Mapping[str, str] | None = None,
    since: datetime | None = None,
    endpoint: str = ENDPOINT,
) -> ChannelResult:
    body = posts if isinstance(posts, bytes) else json.dumps(posts).encode()
    return discover(Channel("wordpress", endpoint), body, PROFILE, url=url, headers=headers or {}, since=since)


def post(number: int, date: str = "2021-11-23T10:35:10") -> dict[str, object]:
    return {
        "link": f"https://marsad.example/post-{number}/",
        "date_gmt": date,
        "modified_gmt": "2021-11-24T08:00:00",
        "title": {"rendered": "قمة &#8220;القرية&#8221; <em>غدا</em> &#038; بعده"},
    }


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def test_the_fields_of_a_post_are_in_the_candidate() -> None:
    result = discovered([post(7)], headers={"x-wp-totalpages": "1"})
    [candidate] = result.candidates
    assert candidate.url == "https://marsad.example/post-7/"
    assert candidate.title == "قمة “القرية” غدا & بعده"
    assert candidate.published == datetime(2021, 11, 23, 10, 35, 10, tzinfo=UTC)
    assert candidate.published_raw == "2021-11-23T10:35:10"
    assert candidate.modified == datetime(2021, 11, 24, 8, tzinfo=UTC)
    assert (candidate.channel, candidate.channel_url) == ("wordpress", ENDPOINT)
    assert (result.children, result.problems, result.skipped) == ([], [], {})


@pytest.mark.parametrize("gmt", [None, "0000-00-00T00:00:00"])
def test_local_dates_are_read_in_the_zone_of_the_site(gmt: str | None) -> None:
    post_data = {"link": "/a/", "date_gmt": gmt, "date": "2021-11-23T12:35:10", "modified": "2021-11-23T13:00:00"}
    [candidate] = discovered([post_data]).candidates
    assert candidate.published == datetime(2021, 11, 23, 10, 35, 10, tzinfo=UTC)
    assert candidate.modified == datetime(2021, 11, 23, 11, tzinfo=UTC)


def test_the_request_asks_for_the_newest_posts_and_only_the_fields_that_are_read() -> None:
    assert request_url(Channel("wordpress", ENDPOINT)) == (
        ENDPOINT + "?per_page=100&page=1&orderby=date&order=desc&_fields=link,date_gmt,modified_gmt,title"
    )


def test_the_request_keeps_the_parameters_of_the_endpoint() -> None:
    url = request_url(
        Channel(
            "wordpress", "https://marsad.example/?rest_route=/wp/v2/posts&categories[]=3&categories[]=4&per_page=20"
        )
    )
    pairs = parse_qsl(urlsplit(url).query)
    assert pairs[:4] == [
        ("rest_route", "/wp/v2/posts"),
        ("categories[]", "3"),
        ("categories[]", "4"),
        ("per_page", "20"),
    ]
    assert dict(pairs)["page"] == "1"


@pytest.mark.parametrize("kind", ["feed", "news_sitemap", "sitemap", "section"])
def test_other_channels_are_requested_as_they_are(kind: str) -> None:
    url = "https://marsad.example/x?b=2&a=1"
    assert request_url(Channel(kind, url)) == url  # type: ignore[arg-type]


def test_the_pages_of_the_api_are_followed_one_after_the_other_to_the_last() -> None:
    channel = Channel("wordpress", ENDPOINT + "?categories=3")
    pages = []
    for _ in range(10):
        url = request_url(channel)
        pages.append(query(url))
        result = discover(channel, json.dumps([post(1)]).encode(), PROFILE, url=url, headers={"x-wp-totalpages": "3"})
        if not result.children:
            break
        [child] = result.children
        channel = child.channel
    assert [page["page"] for page in pages] == ["1", "2", "3"]
    assert all(page["categories"] == "3" and page["per_page"] == "100" for page in pages)


def test_no_page_is_requested_after_one_that_reaches_back_to_since() -> None:
    posts = [post(2, "2021-11-23T10:00:00"), post(1, "2021-11-20T10:00:00")]
    result = discovered(posts, headers={"x-wp-totalpages": "9"}, since=datetime(2021, 11, 22, tzinfo=UTC))
    assert [candidate.url for candidate in result.candidates] == ["https://marsad.example/post-2/"]
    assert result.skipped == {"too_old": 1}
    assert result.children == []


def test_a_full_page_without_a_page_count_is_reported() -> None:
    result = discovered([post(n) for n in range(100)])
    assert result.children == []
    assert result.problems == ["The response has no X-WP-TotalPages header; only this page of posts was read."]
    assert discovered([post(1)]).problems == []


@pytest.mark.parametrize("total", ["", "many", "-1", "٣", "1e9", "9" * 5000])
def test_a_page_count_that_is_none_is_not_followed(total: str) -> None:
    assert discovered([post(1)], headers={"x-wp-totalpages": total}).children == []


def test_an_empty_page_is_the_last_one_and_not_a_problem() -> None:
    assert discovered([], headers={"x-wp-totalpages": "9"}) == ChannelResult()
    assert discovered({"code": "rest_post_invalid_page_number", "message": "…"}) == ChannelResult()


def test_posts_without_a_url_of_the_site_are_counted() -> None:
    posts = [
        {"link": None},
        "x",
        None,
        7,
        {"link": "https://elsewhere.example/a"},
        {"link": "mailto:a@b"},
        {"link": "/b"},
    ]
    result = discovered([*posts, {"link": "/b", "title": 7, "date_gmt": ["x"]}, {"link": "https://marsad.example/"}])
    assert [candidate.url for candidate in result.candidates] == ["https://marsad.example/b"]
    assert result.skipped == {"invalid_url": 5, "foreign": 1, "repeated": 1, "not_article": 1}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><title>Login</title>", "HTML page"),
        (b"Forbidden", "not valid JSON"),
        (b'[{"link": "/a"', "not valid JSON"),
        (b'{"code": "rest_no_route", "message": "x"}', "error 'rest_no_route'"),
        (b'{"posts": []}', "not a list of WordPress posts"),
        (b"[" * 200_000, "nested too deeply"),
    ],
)
def test_a_document_that_is_not_a_list_of_posts_is_a_problem_of_the_channel(body: bytes, message: str) -> None:
    with pytest.raises(ChannelProblem, match=message):
        discovered(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["link", "date_gmt", "date", "modified_gmt", "title", "rendered", "code"]), inner
        )
    ),
    max_leaves=12,
)


@given(value=JSON)
@settings(max_examples=300, deadline=None)
def test_no_json_raises_anything_but_a_channel_problem(value: object) -> None:
    try:
        result = discovered(value, headers={"x-wp-totalpages": "2"})
    except ChannelProblem:
        return
    assert all(PROFILE.owns(candidate.url) for candidate in result.candidates)
