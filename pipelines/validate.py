"""validate: an Article goes on, or its page is dropped with a reason. One DropItem subclass a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler import clock
from crawler.items import Article


class NotAnArticle(DropItem):
    """Base of the reasons; `reason` is what the outcome says."""

    reason: ClassVar[str]


class ListPage(NotAnArticle):
    """A section or home page: links to articles, no article."""

    reason = "list_page"


class Blocked(NotAnArticle):
    """A consent or bot wall stood where the article should be."""

    reason = "wall"


class OtherPage(NotAnArticle):
    """A gallery, a video page or an error page that was served with status 200."""

    reason = "other_page"


class NoTitle(NotAnArticle):
    """Nothing on the page or in its channel gives a headline."""

    reason = "no_title"


class NoBody(NotAnArticle):
    """No paragraph of text was found."""

    reason = "no_body"


class BodyTooShort(NotAnArticle):
    """Less text than NEWS_MIN_BODY_CHARS."""

    reason = "body_too_short"


class DateInFuture(NotAnArticle):
    """Published later than NEWS_FUTURE_HOURS from now: no date of an article."""

    reason = "date_in_future"


_PAGE_TYPES: dict[str, type[NotAnArticle]] = {
    "list": ListPage,
    "blocked": Blocked,
    "gallery": OtherPage,
    "error": OtherPage,
}


class ValidatePipeline:
    """Lets articles pass that are whole enough to be stored."""

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

    def process_item(self, item: Article) -> Article:
        """The item itself. Raises a subclass of NotAnArticle."""
        if item.page_type != "article":
            raise _PAGE_TYPES[item.page_type](f"it is a page of type {item.page_type}")
        if not item.title:
            raise NoTitle("no headline was found")
        if not item.paragraphs:
            raise NoBody("no text was found")
        if len(item.body) < self._min_body_chars:
            raise BodyTooShort(f"{len(item.body)} characters of text, {self._min_body_chars} are needed")
        if item.published is not None and item.published > clock.now() + self._future:
            raise DateInFuture(f"published {item.published.isoformat()} lies in the future")
        return item
