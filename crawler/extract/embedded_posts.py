"""Posts of social networks that an article quotes: part of its text, although their containers have names of embeds."""

from __future__ import annotations

from crawler.extract.class_names import name_pattern
from crawler.extract.page import ParsedPage, element_text

# The class names that the networks' own embedding markup has.
_POST = name_pattern(
    "twitter-(?:tweet|video)|instagram-media|tiktok-embed|bluesky-embed|mastodon-embed|reddit-embed-bq|reddit-card|"
    "text-post-media"
)
_NAMES = ("class", "id", "style", "role", "aria-hidden", "hidden")
_NEVER_RENAMED = ("body", "main", "article", "td")
_MAX_POSTS = 200
"""A bound for the time: no article quotes more. Chosen by hand."""


def keep_embedded_posts(page: ParsedPage) -> None:
    """Take the class and id from quoted posts and from the containers that hold nothing else.

    trafilatura removes containers named `embed`, and figures. Measured:
    docs/decisions.md#quoted-posts-belong-to-the-text.
    """
    for post in page.class_names.matching(_POST)[:_MAX_POSTS]:
        if post.tag != "blockquote":
            continue
        text = element_text(post)
        for element in (post, *post.iterancestors()):
            if element.tag in _NEVER_RENAMED or element_text(element) != text:
                break
            for name in _NAMES:
                element.attrib.pop(name, None)
            if element.tag == "figure":
                element.tag = "div"
