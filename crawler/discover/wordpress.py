"""The posts of a WordPress REST API (wp/v2/posts), newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.discover.document import Document, read_json, text_in
from crawler.discover.found import ChannelProblem, Entry, Follow, Found, Source
from crawler.profile import Channel
from crawler.text import clean

# 100 is the most that WordPress allows; `_fields` keeps the posts' whole HTML out of the answer.
_PARAMETERS = {
    "per_page": "100",
    "page": "1",
    "orderby": "date",
    "order": "desc",
    "_fields": "link,date_gmt,modified_gmt,title",
}


def posts_url(url: str, *, page: int | None = None) -> str:
    """The address of one page of posts. Parameters that the endpoint's URL already has are kept."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if page is not None:
        pairs = [(name, value) for name, value in pairs if name != "page"] + [("page", str(page))]
    given = {name for name, _ in pairs}
    pairs += [(name, value) for name, value in _PARAMETERS.items() if name not in given]
    return urlunsplit(parts._replace(query=urlencode(pairs, safe=",")))


def wordpress_entries(document: Document, source: Source, headers: Mapping[str, str], found: Found) -> Iterator[Entry]:
    """The posts of one page; the next page goes to `found.follow` unless this one already reaches back to `since`."""
    posts = _posts(document)
    yield from (entry for post in posts if (entry := _entry(post, found)))
    if not posts or found.skipped.get("too_old"):  # newest first: after an old post come only older ones
        return
    total, page = _number(headers.get("x-wp-totalpages")), _page_of(source.url)
    if total is None and len(posts) >= int(_PARAMETERS["per_page"]):
        found.problems.append("There is no X-WP-TotalPages header; only this page of posts was read.")
    if total is not None and page < total:
        following = Channel(source.channel.kind, posts_url(source.channel.url, page=page + 1))
        found.follow.append(Follow(channel=following))


def _posts(document: Document) -> list[Any]:
    data = read_json(document.text)
    if isinstance(data, list):
        return data
    code = data.get("code") if isinstance(data, dict) else None
    if code == "rest_post_invalid_page_number":  # posts were deleted since the page before told how many there are
        return []
    if isinstance(code, str):
        raise ChannelProblem(f"The WordPress API answers with the error {clean(code)[:80]!r}.")
    raise ChannelProblem("The document is JSON, but no list of WordPress posts.")


def _entry(post: Any, found: Found) -> Entry | None:
    if not isinstance(post, dict) or not isinstance(post.get("link"), str):
        found.skip("invalid_url")
        return None
    title = post.get("title")
    published = text_in(post.get("date_gmt"))
    # Without GMT dates (a profile may ask for other fields): the local ones, for which the profile's zone is meant.
    in_gmt = published is not None and not published.startswith("0000")
    return Entry(
        link=post["link"],
        trusted=True,
        title=text_in(title.get("rendered") if isinstance(title, dict) else title),
        published=published if in_gmt else text_in(post.get("date")),
        modified=text_in(post.get("modified_gmt")) if in_gmt else text_in(post.get("modified")),
        timezone="UTC" if in_gmt else None,
    )


def _page_of(url: str) -> int:
    """The page that was answered, by the address that it came from in the end."""
    return _number(dict(parse_qsl(urlsplit(url).query)).get("page")) or 1


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None
