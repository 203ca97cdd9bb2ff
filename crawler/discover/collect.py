"""Entries of a document → candidates: absolute URLs of the site, each once, dated, newest first."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit, urlunsplit

from crawler.dates.read import DAY_SPAN, ReadDate, read_date
from crawler.discover.result import MAX_ENTRIES, ChannelResult, DocumentContext, Entry
from crawler.items import Candidate
from crawler.profile import SiteProfile
from crawler.text import clean
from crawler.urls import absolute_url, canonical_url, host_of

_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
# The year of the timestamp 0, which means "no date".
_NO_DATE_YEAR = 1970
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)


def collect(entries: Iterable[Entry], context: DocumentContext, result: ChannelResult) -> None:
    """Put the entries' candidates into `result`, newest first, and count what is left out."""
    seen: set[str] = set()
    homes = {_home_key(context.profile.home), _home_key(context.profile.url)}
    unread = iter(entries)
    for entry in islice(unread, MAX_ENTRIES):
        candidate = _candidate(entry, context, result)
        if candidate is None:
            continue
        try:
            key = canonical_url(candidate.url)
        except ValueError:
            result.skip("invalid_url")
            continue
        if _home_key(key) in homes or not (entry.is_trusted or context.profile.is_article_url(candidate.url)):
            result.skip("not_article")
        elif key in seen:
            result.skip("repeated")
        else:
            seen.add(key)
            candidate.url = _decoded_once(candidate.url, key)
            result.candidates.append(candidate)
    if next(unread, None) is not None:
        result.problems.append(f"The document has more than {MAX_ENTRIES:,} entries; the rest was not read.")
    result.order = [candidate.url for candidate in result.candidates]
    result.candidates.sort(key=lambda candidate: newest_first(candidate.published or candidate.modified))


def site_url(link: str, context: DocumentContext, result: ChannelResult) -> str | None:
    """A link of the document as an absolute URL, where the site is served now. None, and counted, if it is not a URL of
    the site."""
    url = absolute_url(link, context.url)
    if url is None:
        result.skip("invalid_url")
        return None
    url = context.profile.here(url)
    if not context.profile.owns(url):
        result.skip_foreign(host_of(url))
        return None
    return url


def channel_date(text: str | None, profile: SiteProfile, timezone: str | None = None) -> ReadDate | None:
    """A date as written in a channel; None for those that mean "no date": 0000-00-00, and 1970 for the timestamp 0.

    `timezone`: of the channel, if it says so; else it is the profile's.
    """
    text = clean(text or "")
    if not text or text.startswith("0000"):
        return None
    read = read_date(
        text,
        timezone=timezone or profile.timezone,
        zone_from="profile",
        language=profile.language,
        month_first=profile.dates == "mdy" if profile.dates else None,
    )
    return read if read and read.value.year > _NO_DATE_YEAR else None


def is_too_old(read: ReadDate | None, since: datetime | None) -> bool:
    """Whether a date is certainly before `since`. A date without a time may be any moment of its day, in any zone."""
    if read is None or since is None:
        return False
    return read.value + (DAY_SPAN if read.precision == "day" else timedelta()) < since


def newest_first(date: datetime | None) -> float:
    """A sort key: the newest first, those without a date last."""
    return -date.timestamp() if date else float("inf")


def plain_text(text: str | None) -> str | None:
    """A title or name without HTML. Entities are decoded twice: titles that were escaped twice are common in feeds."""
    if not text:
        return None
    for _ in range(2):
        if "<" in text:
            text = _TAG.sub("", text)
        if "&" in text:
            text = html.unescape(text)
    return clean(text) or None


def _candidate(entry: Entry, context: DocumentContext, result: ChannelResult) -> Candidate | None:
    url = site_url(entry.link, context, result)
    if url is None:
        return None
    published = channel_date(entry.published, context.profile, entry.timezone)
    modified = channel_date(entry.modified, context.profile, entry.timezone)
    if published is None and entry.fallback and entry.fallback.year > _NO_DATE_YEAR:
        published = ReadDate(entry.fallback, "second", entry.published or "", "assumed")
    if is_too_old(published or modified, context.since):
        result.skip("too_old")
        return None
    return Candidate(
        url=url,
        channel=context.channel.kind,
        channel_url=context.channel.url,
        title=plain_text(entry.title),
        published=published.value if published else None,
        published_raw=clean(entry.published or "") or None,
        modified=modified.value if modified else None,
        authors=_names(entry.authors),
        categories=_names(entry.categories),
        language=_language(entry.language),
        licence=entry.licence,
    )


def _names(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(name for text in texts if (name := plain_text(text))))


def _language(tag: str | None) -> str | None:
    match = _LANGUAGE.fullmatch((tag or "").strip())
    return match[1].lower() if match else None


def _home_key(url: str) -> str:
    """The same for all URLs of the home page: with and without TLS, www. and the last slash."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _decoded_once(url: str, key: str) -> str:
    """The URL to request. If its path was percent-encoded twice, which no server accepts, the path of its key."""
    if "%25" not in url:
        return url
    parts, path = urlsplit(url), urlsplit(key).path
    return url if parts.path.count("%25") == path.count("%25") else urlunsplit(parts._replace(path=path))
