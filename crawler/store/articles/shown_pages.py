"""Pages that show one text: whether they should show different articles, so that the text is a notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.items import Article
from crawler.similarity.overlap import are_related_titles, title_words
from crawler.similarity.similarity import MIN_WORDS
from crawler.store.articles.urls import found_url
from crawler.urls import is_home, variant_key

MANY_PAGES = 5
"""Pages with unrelated titles that must show a text, whatever they have else. Chosen by hand; no article of the real
sites in docs/decisions.md is a notice by it."""

_MIN_TITLE_WORDS = 3
"""A title of the channel with fewer words ("Video", "Read more") says too little to be missed on the page."""


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page that shows a text."""

    url: str
    title: str | None
    """The channel's title, otherwise the page's."""

    is_listed: bool
    """Whether it is the channel's."""

    is_doubtful: bool
    """Whether the page lacks what an article has."""

    has_same_figures: bool = True
    """Whether the text is the same with its figures."""

    article_id: int | None = None


def has_other_title(article: Article, title: str | None) -> bool:
    """Whether the page is another than the one that its channel announced under this title."""
    if article.page and is_home(found_url(article)) and not is_home(article.page.url):
        return True
    is_own = article.title and not article.provenance.get("title", "").startswith("channel")
    return title is not None and not (is_own and are_related_titles(title, article.title or ""))


def is_shown_by_many(page: ShownPage, others: Sequence[ShownPage], own: Article, *, needed: int) -> bool:
    """Whether enough pages of different articles show one text, so that it is a notice."""
    if page.is_doubtful and all(other.is_doubtful for other in others):
        return _count_different(page, others, needed) >= needed
    if len(own.body.split()) < MIN_WORDS:  # all that the page of a video has
        return False
    others = [other for other in others if other.has_same_figures]  # and are no tables or reports of figures
    return _count_different(page, others, MANY_PAGES) >= MANY_PAGES


def _count_different(page: ShownPage, others: Sequence[ShownPage], needed: int) -> int:
    """The number of pages of different articles, up to `needed`."""
    different = [page]
    for other in others:
        if len(different) < needed and all(are_different(other, one) for one in different):
            different.append(other)
    return len(different)


def are_different(page: ShownPage, other: ShownPage) -> bool:
    """Whether two pages should show different articles, by their addresses and titles."""
    if variant_key(page.url) == variant_key(other.url) or _last_segment(page.url) == _last_segment(other.url):
        return False
    if page.is_doubtful and other.is_doubtful and not (page.is_listed and other.is_listed):
        return True  # their own titles are those of the notice
    return not are_related_titles(page.title or "", other.title or "")


def _last_segment(url: str) -> str:
    parts = urlsplit(url)
    return parts.path.rstrip("/").rpartition("/")[2] + parts.query


def useful_title(title: str | None) -> str | None:
    """A title that the channel gives; None if it says too little to be missed on the page."""
    return title if title and len(title_words(title)) >= _MIN_TITLE_WORDS else None


def page_url(article: Article) -> str:
    """The URL of the page that an article was extracted from, as in the table `pages`."""
    return article.page.url if article.page else article.url
