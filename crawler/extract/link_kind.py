"""Which links of a box lead to other articles, and which to sections, topics, services and forms for sharing."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

# Chosen by hand on half A of the corpora: names of sections and topics are shorter, their addresses have no number.
_MAX_NAME_WORDS = 4
_MIN_SLUG_WORDS = 4
_DIGIT = re.compile(r"\d")
_SEPARATOR = re.compile(r"[-_+ .]+")
_SHARING = re.compile(
    r"/(?:sharer?(?:\.php|article)?|share-?offsite|intent/(?:tweet|post)|pin/create/\w+|submit|send|dialog/share)/?$",
    re.IGNORECASE,
)
_SHARING_HOSTS = re.compile(
    r"(?:^|\.)(?:facebook\.com|twitter\.com|x\.com|linkedin\.com|pinterest\.\w+|reddit\.com|t\.me|telegram\.me|vk\.com|"
    r"whatsapp\.com|wa\.me|tumblr\.com|line\.me|hatena\.ne\.jp|flipboard\.com|getpocket\.com|plus\.google\.com)$",
    re.IGNORECASE,
)


def is_no_article(title: str, url: str, page_url: str) -> bool:
    """Whether a link of a box of articles leads elsewhere: to a home page, a form for sharing, a section or a topic.

    A section is recognized by its address alone, and only where the page's own address shows that the addresses of the
    site's articles have numbers or long slugs.
    """
    parts = urlsplit(url)
    if not parts.path.strip("/") and not parts.query:
        return True
    if _SHARING_HOSTS.search(parts.hostname or "") and (parts.hostname == "wa.me" or _SHARING.search(parts.path)):
        return True
    if len(title.split()) > _MAX_NAME_WORDS or _names_article(url):
        return False
    return _names_article(page_url)


def _names_article(url: str) -> bool:
    """Whether an address has a number, or a slug of several words."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if _DIGIT.search(path) or _DIGIT.search(parts.query):
        return True
    last = path.rstrip("/").rsplit("/", 1)[-1]
    return len([word for word in _SEPARATOR.split(last) if word]) >= _MIN_SLUG_WORDS
