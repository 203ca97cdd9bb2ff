"""Items of a spider of one's own that count as articles: which do, and how their fields become those of an Article.

docs/plain_spiders.md has the rule for the authors of spiders.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time
from typing import Any, get_args

from crawler.items import Article, Page, PageType, Precision, RelatedArticle, RelatedKind
from crawler.text import clean
from crawler.urls import absolute_url, canonical_url

FROM_ITEM = "item"
"""`published_from` of a date of which a spider does not say where it stands."""

_MAX_SHOWN = 100
"""Characters of a value in a message. Chosen by hand."""


class ItemError(ValueError):
    """A field of an item cannot be that of an article; the message names the field and the value."""


def is_article(item: Mapping[str, Any]) -> bool:
    """Whether an item counts as an article: it has `url`, `title`, and `body` or `paragraphs`."""
    return "url" in item and "title" in item and ("body" in item or "paragraphs" in item)


def article_fields() -> list[str]:
    """The names of the fields that an item may have to become an article."""
    return sorted(_READ)


def article_of(item: Mapping[str, Any], site: str) -> Article:
    """The article with the fields of an item that counts as one. `site`: its site if the item has none. Raises
    ItemError."""
    if "body" in item and "paragraphs" in item:
        raise ItemError("body and paragraphs: an article has one of them, not both")
    unknown = next((name for name in item if name not in _READ), None)
    if unknown is not None:
        raise ItemError(
            f"{unknown} = {_shown(item[unknown])}: no field of an article; those are {', '.join(article_fields())}"
        )
    article = Article(url="", site=site)
    for name, value in item.items():
        setattr(article, "paragraphs" if name == "body" else name, _read(name, value))
    return _complete(article, item.get("published"))


def complete(article: Article) -> Article:
    """An Article that a spider has made itself, its fields read as those of other items. Raises ItemError."""
    published = article.published
    for name in (each.name for each in fields(article)):
        if name in _READ:
            setattr(article, name, _read(name, getattr(article, name)))
    return _complete(article, published)


def _complete(article: Article, published: object) -> Article:
    """`published`: as the item has it."""
    if article.published is not None:
        article.published_from = article.published_from or FROM_ITEM
        article.published_precision = article.published_precision or ("day" if _is_day(published) else "second")
    return article


def _read(name: str, value: object) -> Any:
    try:
        return _READ[name](value)
    except ItemError as error:
        raise ItemError(f"{name} = {_shown(value)}: {error}") from None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"


def _text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ItemError("must be a text")
    return clean(value) or None if value else None


def _required_text(value: object) -> str:
    text = _text(value)
    if text is None:
        raise ItemError("must be a text that is not empty")
    return text


def _url(value: object) -> str:
    try:
        return canonical_url(_required_text(value))
    except ValueError:
        raise ItemError("must be an absolute http or https URL") from None


def _optional_url(value: object) -> str | None:
    text = _text(value)
    if text is None or (url := absolute_url(text, "")) is not None:
        return text and url
    raise ItemError("must be an absolute http or https URL")


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise ItemError("must be a list of texts")
    return [text for text in map(clean, value) if text]


def _paragraphs(value: object) -> list[str]:
    if isinstance(value, list | tuple) and all(isinstance(text, str) for text in value):
        return _body("\n".join(value))
    return _texts(value)


def _body(value: object) -> list[str]:
    if value is not None and not isinstance(value, str):
        raise ItemError("must be a text with one paragraph per line")
    return [line for line in map(clean, (value or "").splitlines()) if line]


def _moment(value: object) -> datetime | None:
    problem = "must be a datetime with a time zone, a date, or such a text in ISO 8601, like 2026-11-28T09:30:00+02:00"
    if value is None or value == "":
        return None
    if _is_day(value):
        day = date.fromisoformat(value) if isinstance(value, str) else value
        assert isinstance(day, date)
        return datetime.combine(day, time(), UTC)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ItemError(problem) from None
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise ItemError(problem)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # in the year 1 or 9999
        raise ItemError(problem) from None


def _is_day(value: object) -> bool:
    """Whether a value is a date without a time."""
    if isinstance(value, str):
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
        return True
    return isinstance(value, date) and not isinstance(value, datetime)


def _flag(value: object) -> bool:
    if value not in (None, False, True):
        raise ItemError("must be True or False")
    return bool(value)


def _confidence(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ItemError("must be a number from 0 to 1")
    return float(value)


def _one_of(values: tuple[str, ...], default: str | None) -> Callable[[object], str | None]:
    def read(value: object) -> str | None:
        if value is None:
            return default
        if value not in values:
            raise ItemError(f"must be one of {', '.join(values)}")
        return str(value)

    return read


def _related(value: object) -> list[RelatedArticle]:
    problem = "must be a list of RelatedArticle, or of dicts with kind, title, url"
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise ItemError(problem)
    related = []
    for position, each in enumerate(value):
        try:
            each = each if isinstance(each, RelatedArticle) else RelatedArticle(**{"position": position, **each})
        except TypeError:
            raise ItemError(problem) from None
        if each.kind not in get_args(RelatedKind) or not (each.title is None or isinstance(each.title, str)):
            raise ItemError(problem)
        each.url = _optional_url(each.url)
        related.append(each)
    return related


def _provenance(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(text, str) for pair in value.items() for text in pair):
        raise ItemError("must be a dict of texts")
    return value


def _page(value: object) -> Page | None:
    if value is not None and not isinstance(value, Page):
        raise ItemError("must be a Page of crawler.items")
    return value


# Field of an item → what makes it that of an Article; `body` becomes `paragraphs`. Each raises ItemError.
_READ: dict[str, Callable[[object], Any]] = {
    "url": _url,
    "site": _required_text,
    "title": _text,
    "subtitle": _text,
    "body": _body,
    "paragraphs": _paragraphs,
    "structure": _text,
    "authors": _texts,
    "source": _text,
    "category": _text,
    "tags": _texts,
    "language": _text,
    "published": _moment,
    "published_raw": _text,
    "published_from": _text,
    "published_zone": _text,
    "published_precision": _one_of(get_args(Precision), None),
    "modified": _moment,
    "image_url": _optional_url,
    "page_type": _one_of(get_args(PageType), "article"),
    "paywalled": _flag,
    "confidence": _confidence,
    "related": _related,
    "provenance": _provenance,
    "page": _page,
}
