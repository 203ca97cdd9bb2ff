"""The posts of a WordPress REST API (wp/v2/posts), newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.discover.document import Document, json_text, read_json
from crawler.discover.result import MAX_QUOTE, ChannelProblem, ChannelResult, ChildDocument, DocumentContext, Entry
from crawler.profile import Channel
from crawler.text import clean

# 100 is the largest number that WordPress allows; `_fields` keeps the HTML of the posts out of the response.
_PARAMETERS = {
    "per_page": "100",
    "page": "1",
    "orderby": "date",
    "order": "desc",
    "_fields": "link,date_gmt,modified_gmt,title",
}


def posts_url(url: str, *, page: int | None = None) -> str:
    """The URL of one page of posts. Parameters that the URL of the endpoint already has are kept."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if page is not None:
        pairs = [(name, value) for name, value in pairs if name != "page"] + [("page", str(page))]
    present = {name for name, _ in pairs}
    pairs += [(name, value) for name, value in _PARAMETERS.items() if name not in present]
    return urlunsplit(parts._replace(query=urlencode(pairs, safe=",")))


def page_before(url: str) -> str:
    """The URL of the page of posts before this one; of the first page, itself. Since that page was requested, deleted
    posts may have moved those of this page onto it."""
    return posts_url(url, page=max(_page_of(url) - 1, 1))


def wordpress_entries(
    document: Document, context: DocumentContext, headers: Mapping[str, str], result: ChannelResult
) -> Iterator[Entry]:
    """The posts of one page. The next page is added to `result.children`, unless this one reaches back to `since`."""
    posts = _posts(document)
    yield from (entry for post in posts if (entry := _entry(post, result)))
    if not posts or result.skipped.get("too_old"):  # newest first: all further posts are older
        return
    total, page = _number(headers.get("x-wp-totalpages")), _page_of(context.url)
    if total is None and len(posts) >= int(_PARAMETERS["per_page"]):
        result.problems.append("The response has no X-WP-TotalPages header; only this page of posts was read.")
    if total is not None and page < total:
        following = Channel(context.channel.kind, posts_url(context.channel.url, page=page + 1))
        result.children.append(ChildDocument(channel=following, is_next=True))


def _posts(document: Document) -> list[Any]:
    data = read_json(document.text)
    if isinstance(data, list):
        return data
    code = data.get("code") if isinstance(data, dict) else None
    if code == "rest_post_invalid_page_number":  # posts were deleted after the page before was sent
        return []
    if isinstance(code, str):
        raise ChannelProblem(f"The WordPress API returned the error {clean(code)[:MAX_QUOTE]!r}.")
    raise ChannelProblem("The document is JSON but not a list of WordPress posts.")


def _entry(post: Any, result: ChannelResult) -> Entry | None:
    if not isinstance(post, dict) or not isinstance(post.get("link"), str):
        result.skip("invalid_url")
        return None
    title = post.get("title")
    published = json_text(post.get("date_gmt"))
    # A profile may request other fields. Local dates are in the time zone of the profile.
    in_gmt = published is not None and not published.startswith("0000")
    return Entry(
        link=post["link"],
        is_trusted=True,
        title=json_text(title.get("rendered") if isinstance(title, dict) else title),
        published=published if in_gmt else json_text(post.get("date")),
        modified=json_text(post.get("modified_gmt")) if in_gmt else json_text(post.get("modified")),
        timezone="UTC" if in_gmt else None,
    )


def _page_of(url: str) -> int:
    """The number of the page, from the URL after redirects."""
    return _number(dict(parse_qsl(urlsplit(url).query)).get("page")) or 1


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None
