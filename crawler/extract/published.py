"""The dates of publication and modification, with the text as printed, its signal and its precision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice

from lxml.html import HtmlElement

from crawler.dates.read import DAY_SPAN, ReadDate, find_date, read_date
from crawler.extract.class_names import MAX_READ_ELEMENTS, class_and_id
from crawler.extract.jsonld import text_value
from crawler.extract.page import ParsedPage, element_text
from crawler.items import Article
from crawler.text import clean, word_set

_META_NAMES = (
    "article:published_time",
    "article:published:time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "publish-date",
    "publish_date",
    "publishdate",
    "pubdate",
    "publication_date",
    "published_at",
    "date",
    "article.published",
    "article_date_original",
    "datecreated",
    "article.created",
    "displaydate",
    "og:pubdate",
    "article:post_date",
)
_MODIFIED_NAMES = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "article:updated_time",
)
_DATE_NAME = re.compile(
    r"date|time(?![a-z]*-?to)|publish|(?:^|[-_ ])(?:pub|posted\w*|created|when|meta|\w*info|byline)(?:$|[-_ ])",
    re.IGNORECASE,
)
_TEXT_TAGS = word_set("span div p time li a em small strong abbr h2 h3 h4 h5 h6 td b i font dd")
_HAS_YEAR_OR_RELATIVE = re.compile(r"(?:19|20|١٩|٢٠|۱۳|۱۴)[\d]{2}|\d\.\d\d\.\d\d|\bago\b|منذ|قبل|پیش")
_NOT_PUBLISHED = re.compile(
    r"today|modif|updat|current|now|clock|copyright|footer|comment|event|reading|read-?time|widget", re.IGNORECASE
)
_ELSEWHERE = word_set("nav footer aside")
_OTHER_PLACE = re.compile(
    r"comment|sidebar|(?:^| )(?:(?:site|page|main|global|top)[-_]?)?header(?:$| )|"
    r"(?:^|[-_ ])(?:top-?bar|masthead|menu|nav|navbar|today|weather|ticker|breaking|footer|widget)(?:$|[-_ ])",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(
    r"\s*(?:date|published|publication date|datum|veröffentlicht|erschienen|publié le|fecha|publicado|data|tarih|"
    r"yayın tarihi|تاريخ النشر|التاريخ|تاريخ|نشر في|تاریخ انتشار|تاریخ|дата)\b",
    re.IGNORECASE,
)
_DAY_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?=[/_-]|$)")
# A system that keeps no time of day writes midnight.
_MIDNIGHT = re.compile(r"[T ]00:00(?::00)?(?:\.0+)?(?![:.\d])")
_FULLY_EXACT = 4
# The numbers below were chosen by hand; no measurement of a single one is recorded. `make score` shows a change in
# `date_day` and `date_instant` of fundus_tests, newspaper4k and arabic. Lengths are in characters.
_MAX_DATE = 160
_MIN_DATE_SHARE = 0.6
"""An element without the class name of a date must be one: a date among other words is part of the story."""

_MAX_UNNAMED, _MAX_UNNAMED_CHILDREN = 5, 2
_MAX_LABELLED, _MAX_LABELLED_CHILDREN, _MAX_LABELS = 60, 2, 10
"""A text that begins with a word for date: its length, its children, and how many of them are read."""


@dataclass(slots=True)
class Published:
    """A date and the signal that gave it."""

    date: ReadDate
    signal: str
    conflict: str | None = None
    """Signal and date of another value more than a day away, if the page has one."""


def find_published(page: ParsedPage, fetched: datetime | None) -> Published | None:
    """The date of the most exact among the signals that agree.

    The signals are in the order of `_candidates`. A later one replaces the first if it agrees on the day and is more
    exact. If two machine-readable signals are more than a day apart, the day on which most of them agree wins, the day
    in the URL being one of them; otherwise the order decides. See
    docs/decisions.md#the-day-that-most-signals-agree-on-wins.
    """
    machine_readable = list(_machine_readable(page, fetched))
    rivals = [published for published in machine_readable if "creat" not in published.signal]
    has_conflict = any(not _same_day(published.date, rivals[0].date) for published in rivals)
    best = _most_agreed(rivals, page) if has_conflict else None
    for candidate in _candidates(page, fetched, machine_readable):
        more_exact = best is None or _exactness(candidate.date) > _exactness(best.date)
        if best is None or (more_exact and _same_day(candidate.date, best.date)):
            best = candidate
        if _exactness(best.date) == _FULLY_EXACT:
            break
    if best is not None and has_conflict:
        other = next(published for published in rivals if not _same_day(published.date, best.date))
        best.conflict = f"{other.signal} {other.date.value.isoformat()}"
    return best


def zone_of(date: ReadDate) -> str:
    """Where the time zone of a date comes from and its offset: `page +02:00`, `profile +03:00`, `assumed +00:00`."""
    minutes = round(date.offset.total_seconds() / 60)
    return f"{date.zone_from} {'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def published_in_page_zone(article: Article) -> datetime | None:
    """The instant `article.published` in the time zone of the page."""
    zone = re.search(r"([+-])(\d\d):(\d\d)$", article.provenance.get("published_zone", ""))
    if article.published is None or zone is None:
        return article.published
    offset = timedelta(hours=int(zone[2]), minutes=int(zone[3])) * (-1 if zone[1] == "-" else 1)
    return article.published.astimezone(timezone(offset))


def find_modified(page: ParsedPage) -> datetime | None:
    """The date of the last modification that the page declares."""
    texts = [text_value(page.article.get("dateModified")), text_value(page.web_page.get("dateModified"))]
    texts += [value for name in _MODIFIED_NAMES for value in page.meta.get(name, ())[:1]]
    for text in texts:
        if text and (date := _read(text, page, None)):
            return date.value
    return None


def _most_agreed(conflicting: list[Published], page: ParsedPage) -> Published:
    """The date on whose day most signals agree; of several such days, the first."""
    days = [published.date.value for published in conflicting]
    if (match := _DAY_IN_URL.search(page.url)) and (day := read_date("-".join(match.groups()))):
        days.append(day.value)
    return max(conflicting, key=lambda one: sum(abs(one.date.value - day) <= DAY_SPAN for day in days))


def _exactness(date: ReadDate) -> int:
    """How exact a date is: a day, a midnight, an hour, a time of day, and that with a zone of its own."""
    if date.precision == "day":
        return 0
    if _MIDNIGHT.search(date.raw):
        return 1
    if date.precision == "hour":
        return 2
    return _FULLY_EXACT if date.zone_from == "page" else 3


def _same_day(one: ReadDate, other: ReadDate) -> bool:
    """Whether two readings can be of one instant."""
    return abs(one.value - other.value) <= DAY_SPAN


def _machine_readable(page: ParsedPage, fetched: datetime | None) -> Iterator[Published]:
    """All dates in linked data and head; they are cheap to read."""
    for text, signal in _signals(page):
        if text and (date := _read(text, page, fetched)):
            yield Published(date, signal)


def _candidates(page: ParsedPage, fetched: datetime | None, machine_readable: list[Published]) -> Iterator[Published]:
    yield from machine_readable
    for element in page.tree.iter("time"):
        if not _is_elsewhere(element, page):
            text = element.get("datetime") or element.get("content") or element_text(element)
            if date := _read(text, page, fetched):
                yield Published(date, "time")
    for element in page.tree.xpath("//*[@itemprop='datePublished'][not(self::meta or self::time)]")[:MAX_READ_ELEMENTS]:
        if date := _read(element.get("content") or element.get("datetime") or element_text(element), page, fetched):
            yield Published(date, "time")
    for element, signal in _date_elements(page):
        text = element_text(element) if signal == "byline" else clean(element.text or "")
        date = _find(text, page, fetched) if 0 < len(text) <= _MAX_DATE else None
        if date and (signal == "byline" or len(date.raw) >= len(text) * _MIN_DATE_SHARE):
            yield Published(date, signal)
    for text in islice(_labelled(page), _MAX_LABELS):
        if date := _find(text, page, fetched):
            yield Published(date, "label")


def _signals(page: ParsedPage) -> Iterator[tuple[str, str]]:
    for element in page.selected("published"):
        if isinstance(element, HtmlElement):
            yield (element.get("datetime") or element.get("content") or element_text(element)), "selector"
    yield text_value(page.article.get("datePublished")), "json-ld"
    for name in _META_NAMES:
        for value in page.meta.get(name, ())[:1]:
            yield value, f"meta:{name}"
    yield text_value(page.article.get("dateCreated")), "json-ld:created"
    yield text_value(page.web_page.get("datePublished")), "json-ld"


def _date_elements(page: ParsedPage) -> Iterator[tuple[HtmlElement, str]]:
    """Elements near the headline with the class name of a date, nearest first; then those with a year in their text."""
    unnamed = []
    for element in page.near_headline(_TEXT_TAGS):
        name = class_and_id(element)
        is_named = bool(_DATE_NAME.search(name))
        if not is_named and (
            len(element) > _MAX_UNNAMED_CHILDREN or not _HAS_YEAR_OR_RELATIVE.search(element.text or "")
        ):
            continue
        if _NOT_PUBLISHED.search(name) or _is_elsewhere(element, page):
            continue
        if is_named:
            yield element, "byline"
        else:
            unnamed.append(element)
    for element in unnamed[:_MAX_UNNAMED]:
        yield element, "near-headline"


def _labelled(page: ParsedPage) -> Iterator[str]:
    """Short texts anywhere that begin with a word for date, as "Datum 28.04.2023" in a list of facts."""
    for element in page.tree.iter("li", "p", "div", "span", "td", "dd", "dt"):
        begins = (element.text or "") + (element[0].text or "" if len(element) else "")
        if len(element) <= _MAX_LABELLED_CHILDREN and _DATE_LABEL.match(begins):
            text = element_text(element)
            if len(text) <= _MAX_LABELLED and not _is_elsewhere(element, page):
                yield text


def _is_elsewhere(element: HtmlElement, page: ParsedPage) -> bool:
    """Whether an element belongs to the site's header or footer, a ticker, a comment or another article's card."""
    around = set(page.headline.iterancestors()) if page.headline is not None else set()
    articles = 0
    for ancestor in element.iterancestors():
        if ancestor in around:  # what contains the headline too belongs to the article
            break
        if ancestor.tag in _ELSEWHERE or _OTHER_PLACE.search(class_and_id(ancestor)):
            return True
        articles += ancestor.tag == "article"
    return articles > 1 or (articles == 1 and any(holder.tag == "article" for holder in around))


def _read(text: str, page: ParsedPage, fetched: datetime | None) -> ReadDate | None:
    if page.profile:
        return read_date(text, timezone=page.profile.timezone, now=fetched, zone_from="profile")
    return read_date(text, now=fetched)


def _find(text: str, page: ParsedPage, fetched: datetime | None) -> ReadDate | None:
    if page.profile:
        return find_date(text, timezone=page.profile.timezone, now=fetched, zone_from="profile")
    return find_date(text, now=fetched)
