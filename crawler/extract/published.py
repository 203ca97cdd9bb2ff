"""When it was published and changed, with what was printed, where, and how exactly it was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice

from lxml.html import HtmlElement

from crawler.dates.read import DAY_SPAN, ReadDate, find_date, read_date
from crawler.extract.class_names import class_and_id
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
_MAX_DATE_CHARS = 160
_MAX_LABELLED, _MOST_LABELLED = 60, 10


@dataclass(slots=True)
class Published:
    """A date and the signal it was read from."""

    date: ReadDate
    signal: str
    conflict: str | None = None
    """Signal and date of another that is more than a day away, if the page has one."""


def find_published(page: ParsedPage, fetched: datetime | None) -> Published | None:
    """The date that the most exact of the agreeing signals gives.

    Signals stand in the order of `_candidates`. A later one replaces the first if it agrees on the day and is more
    exact. Where two of those for machines are more than a day apart, the day that more of the page's signals, its
    address among them, agree on wins; else the order.
    """
    said = list(_machine_readable(page, fetched))
    rivals = [found for found in said if "creat" not in found.signal]
    at_odds = any(not _same_day(found.date, rivals[0].date) for found in rivals)
    best = _most_agreed(rivals, page) if at_odds else None
    for found in _candidates(page, fetched, said):
        if best is None or (_exactness(found.date) > _exactness(best.date) and _same_day(found.date, best.date)):
            best = found
        if _exactness(best.date) == _FULLY_EXACT:
            break
    if best is not None and at_odds:
        other = next(found for found in rivals if not _same_day(found.date, best.date))
        best.conflict = f"{other.signal} {other.date.value.isoformat()}"
    return best


def zone_of(date: ReadDate) -> str:
    """Where a date's time zone came from and what it is: `page +02:00`, `profile +03:00`, `assumed +00:00`."""
    minutes = round(date.offset.total_seconds() / 60)
    return f"{date.zone_from} {'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def published_in_page_zone(article: Article) -> datetime | None:
    """When it was published, by the clock of the page: the same instant as `article.published`."""
    zone = re.search(r"([+-])(\d\d):(\d\d)$", article.provenance.get("published_zone", ""))
    if article.published is None or zone is None:
        return article.published
    offset = timedelta(hours=int(zone[2]), minutes=int(zone[3])) * (-1 if zone[1] == "-" else 1)
    return article.published.astimezone(timezone(offset))


def _most_agreed(said: list[Published], page: ParsedPage) -> Published:
    """Of dates that conflict, the one on whose day the most signals agree; of several, the first."""
    days = [found.date.value for found in said]
    if (match := _DAY_IN_ADDRESS.search(page.url)) and (day := read_date("-".join(match.groups()))):
        days.append(day.value)
    return max(said, key=lambda found: sum(abs(found.date.value - day) <= DAY_SPAN for day in days))


def find_modified(page: ParsedPage) -> datetime | None:
    """When the page says its article was last changed."""
    texts = [text_value(page.article.get("dateModified")), text_value(page.web_page.get("dateModified"))]
    texts += [value for name in _MODIFIED_NAMES for value in page.meta.get(name, ())[:1]]
    for text in texts:
        if text and (date := _read(text, page, None)):
            return date.value
    return None


_FULLY_EXACT = 4
_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?=[/_-]|$)")
# A system that keeps no time of day writes midnight.
_MIDNIGHT = re.compile(r"[T ]00:00(?::00)?(?:\.0+)?(?![:.\d])")


def _exactness(date: ReadDate) -> int:
    if date.precision == "day":
        return 0
    if _MIDNIGHT.search(date.raw):
        return 1
    return 2 + 2 * (date.zone_from == "page")


def _same_day(one: ReadDate, other: ReadDate) -> bool:
    """Whether two readings can be of one instant: a day without time and zone covers a day and a half."""
    return abs(one.value - other.value) <= DAY_SPAN


def _machine_readable(page: ParsedPage, fetched: datetime | None) -> Iterator[Published]:
    """What linked data and head say; they are cheap to read, so all of them are."""
    for text, signal in _signals(page):
        if text and (date := _read(text, page, fetched)):
            yield Published(date, signal)


def _candidates(page: ParsedPage, fetched: datetime | None, said: list[Published]) -> Iterator[Published]:
    yield from said
    for element in page.tree.iter("time"):
        if not _is_elsewhere(element, page):
            text = element.get("datetime") or element.get("content") or element_text(element)
            if date := _read(text, page, fetched):
                yield Published(date, "time")
    for element in page.tree.xpath("//*[@itemprop='datePublished'][not(self::meta or self::time)]")[:3]:
        if date := _read(element.get("content") or element.get("datetime") or element_text(element), page, fetched):
            yield Published(date, "time")
    for element, signal in _date_elements(page):
        text = element_text(element) if signal == "byline" else clean(element.text or "")
        date = _find(text, page, fetched) if 0 < len(text) <= _MAX_DATE_CHARS else None
        # An element that is not named like a date must be one: a date among other words is part of the story.
        if date and (signal == "byline" or len(date.raw) >= len(text) * 0.6):
            yield Published(date, signal)
    for text in islice(_labelled(page), _MOST_LABELLED):
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
    """Elements near the headline that are named like a date, the nearest first; then any short text there."""
    unnamed = []
    for element in page.near_headline(_TEXT_TAGS):
        name = class_and_id(element)
        is_named = bool(_DATE_NAME.search(name))
        if not is_named and (len(element) > 2 or not _HAS_YEAR_OR_RELATIVE.search(element.text or "")):
            continue
        if _NOT_PUBLISHED.search(name) or _is_elsewhere(element, page):
            continue
        if is_named:
            yield element, "byline"
        else:
            unnamed.append(element)
    for element in unnamed[:5]:
        yield element, "near-headline"


def _labelled(page: ParsedPage) -> Iterator[str]:
    """Short texts anywhere that a word for date begins, as "Datum 28.04.2023" in a list of facts."""
    for element in page.tree.iter("li", "p", "div", "span", "td", "dd", "dt"):
        if len(element) <= 2 and _DATE_LABEL.match(
            (element.text or "") + (element[0].text or "" if len(element) else "")
        ):
            text = element_text(element)
            if len(text) <= _MAX_LABELLED and not _is_elsewhere(element, page):
                yield text


def _is_elsewhere(element: HtmlElement, page: ParsedPage) -> bool:
    """Whether an element belongs to the site's frame, a ticker, a comment or the card of another article."""
    around = set(page.headline.iterancestors()) if page.headline is not None else set()
    articles = 0
    for ancestor in element.iterancestors():
        if ancestor in around:  # what holds the headline as well is no other place
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
