"""validate: an Article passes, or its page is dropped with a reason. One DropItem subclass per reason."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler import clock
from crawler.items import PUBLISHED_IN_FUTURE, Article

logger = logging.getLogger(__name__)


class NotAnArticle(DropItem):
    """Base class; `reason` is the reason of the outcome."""

    reason: ClassVar[str]


class ListPage(NotAnArticle):
    """A section or home page: it links to articles and is not one."""

    reason = "list_page"


class Blocked(NotAnArticle):
    """A consent or bot wall in place of the article."""

    reason = "wall"


class OtherPage(NotAnArticle):
    """A gallery, a video page or an error page that was served with status 200."""

    reason = "other_page"


class NotNews(NotAnArticle):
    """A page that declares another type: a product, an episode of a podcast, "About us"."""

    reason = "not_news"


class NoTitle(NotAnArticle):
    """Neither the page nor its channel has a headline."""

    reason = "no_title"


class NoBody(NotAnArticle):
    """The page has no paragraph of text."""

    reason = "no_body"


class BodyTooShort(NotAnArticle):
    """The body is shorter than NEWS_MIN_BODY_CHARS."""

    reason = "body_too_short"


_PAGE_TYPES: dict[str, type[NotAnArticle]] = {
    "list": ListPage,
    "blocked": Blocked,
    "gallery": OtherPage,
    "other": NotNews,
    "error": OtherPage,
}


class ValidatePipeline:
    """Passes articles that are complete enough to be stored, and all other items."""

    def __init__(self, *, min_body_chars: int, future: timedelta) -> None:
        self._min_body_chars = min_body_chars
        self._future = future

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(
            min_body_chars=crawler.settings.getint("NEWS_MIN_BODY_CHARS"),
            future=timedelta(hours=crawler.settings.getfloat("NEWS_FUTURE_HOURS")),
        )

    def process_item(self, item: Any) -> Any:
        """The item itself. Raises a subclass of NotAnArticle."""
        if not isinstance(item, Article):
            return item
        if item.page_type != "article":
            raise _PAGE_TYPES[item.page_type](f"page type {item.page_type}")
        if not item.title:
            raise NoTitle("no headline was found")
        if not item.paragraphs:
            raise NoBody("no text was found")
        if len(item.body) < self._min_body_chars:
            raise BodyTooShort(f"the body has {len(item.body)} characters, {self._min_body_chars} are required")
        if item.published is not None and item.published > clock.now() + self._future:
            _withdraw_date(item, item.published)
        return item


def _withdraw_date(article: Article, published: datetime) -> None:
    """An article cannot be from the future, but its text is no less an article: it is stored without the date, which
    stays in `published_raw` and is recorded as wrong."""
    logger.info("published %s, which is in the future; stored without it: %s", published.isoformat(), article.url)
    article.provenance[PUBLISHED_IN_FUTURE] = f"{article.published_from} {published.isoformat()}"
    article.provenance.pop("published", None)
    article.published = article.published_from = article.published_precision = article.published_zone = None
