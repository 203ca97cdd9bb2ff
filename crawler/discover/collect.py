"""From the entries of a document to candidates: absolute, the site's own, each once, dated, newest first."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit, urlunsplit

from crawler.dates.read import DAY_SPAN, ReadDate, read_date
from crawler.discover.found import MAX_ENTRIES, Entry, Found, Source
from crawler.items import Candidate
from crawler.text import clean
from crawler.urls import absolute_url, canonical_url

_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)


def collect(entries: Iterable[Entry], source: Source, found: Found) -> None:
    """Put the entries' candidates into `found`, newest first, and count what is left out."""
    seen: set[str] = set()
    homes = {_home_key(source.profile.home), _home_key(source.profile.url)}
    unread = iter(entries)
    for entry in islice(unread, MAX_ENTRIES):
        candidate = _candidate(entry, source, found)
        if candidate is None:
            continue
        try:
            key = canonical_url(candidate.url)
        except ValueError:
            found.skip("invalid_url")
            continue
        if _home_key(key) in homes or not (entry.trusted or source.profile.is_article_url(candidate.url)):
            found.skip("not_article")
        elif key in seen:
            found.skip("repeated")
        else:
            seen.add(key)
            candidate.url = _decoded_once(candidate.url, key)
            found.candidates.append(candidate)
    if next(unread, None) is not None:
        found.problems.append(f"The document has more than {MAX_ENTRIES:,} entries; the rest was not read.")
    found.candidates.sort(key=lambda candidate: newest_first(candidate.published or candidate.modified))


def own_url(link: str, source: Source, found: Found) -> str | None:
    """A link of the document as an absolute URL of the site, where the site is served now; None, counted, if not so."""
    url = absolute_url(link, source.url)
    if url is None:
        found.skip("invalid_url")
        return None
    url = source.profile.here(url)
    if not source.profile.owns(url):
        found.skip("foreign")
        return None
    return url


def channel_date(text: str | None, timezone: str) -> ReadDate | None:
    """A date as a channel writes it; None for the dates that mean "none": 0000-00-00, and the epoch of a zero."""
    text = clean(text or "")
    if not text or text.startswith("0000"):
        return None
    read = read_date(text, timezone=timezone, zone_from="profile")
    return read if read and read.value.year > 1970 else None


def is_too_old(read: ReadDate | None, since: datetime | None) -> bool:
    """Whether a date is surely before `since`: one that names only the day counts until its end in any zone."""
    if read is None or since is None:
        return False
    return read.value + (DAY_SPAN if read.precision == "day" else timedelta()) < since


def newest_first(date: datetime | None) -> float:
    """A sort key: the newest first, the unknown last."""
    return -date.timestamp() if date else float("inf")


def plain_text(text: str | None) -> str | None:
    """A title or name without HTML. Entities are resolved twice: titles that were escaped twice are common in feeds."""
    if not text:
        return None
    for _ in range(2):
        if "<" in text:
            text = _TAG.sub("", text)
        if "&" in text:
            text = html.unescape(text)
    return clean(text) or None


def _candidate(entry: Entry, source: Source, found: Found) -> Candidate | None:
    url = own_url(entry.link, source, found)
    if url is None:
        return None
    timezone = entry.timezone or source.profile.timezone
    published, modified = channel_date(entry.published, timezone), channel_date(entry.modified, timezone)
    if published is None and entry.fallback and entry.fallback.year > 1970:
        published = ReadDate(entry.fallback, "second", entry.published or "", "assumed")
    if is_too_old(published or modified, source.since):
        found.skip("too_old")
        return None
    return Candidate(
        url=url,
        channel=source.channel.kind,
        channel_url=source.channel.url,
        title=plain_text(entry.title),
        published=published.value if published else None,
        published_raw=clean(entry.published or "") or None,
        modified=modified.value if modified else None,
        authors=_names(entry.authors),
        categories=_names(entry.categories),
        language=_language(entry.language),
    )


def _names(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(name for text in texts if (name := plain_text(text))))


def _language(tag: str | None) -> str | None:
    match = _LANGUAGE.fullmatch((tag or "").strip())
    return match[1].lower() if match else None


def _home_key(url: str) -> str:
    """What the home page's addresses have in common: with and without TLS, www. and the last slash."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _decoded_once(url: str, key: str) -> str:
    """The URL to request: a path that was percent-encoded twice, which no server knows, as its key has it."""
    if "%25" not in url:
        return url
    parts, path = urlsplit(url), urlsplit(key).path
    return url if parts.path.count("%25") == path.count("%25") else urlunsplit(parts._replace(path=path))
