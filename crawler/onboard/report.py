"""A survey in lines for people, at most 80 columns where words allow it, and as data for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from crawler.extract.published import published_in_page_zone
from crawler.items import ChannelKind
from crawler.onboard.choose import ChosenChannel
from crawler.onboard.found_channel import FoundChannel
from crawler.onboard.result import Survey
from crawler.onboard.samples import Sample
from crawler.text import clean, counted
from crawler.urls import readable_host, readable_url

WIDTH = 80
_SHOWN_CHARS = 140
"""Characters of the first and the last paragraph that are shown."""

_SHOWN_RELATED = 2
_KINDS: dict[ChannelKind, str] = {
    "feed": "feed",
    "news_sitemap": "news sitemap",
    "wordpress": "WordPress API",
    "section": "section page",
    "sitemap": "sitemap",
}
_STATES = {
    "wall": "a wall",
    "javascript": "nothing without JavaScript",
    "robots": "forbidden by robots.txt",
    "no_text": "no text of an article",
    "other_page": "a page of another type",
    "failed": "failed",
}


def survey_lines(survey: Survey) -> Iterator[str]:
    """What was found: the site, the channels and why they were chosen, the articles."""
    if survey.facts is not None and survey.profile is not None:
        yield from _site_lines(survey)
    if survey.choice is not None or survey.channels:
        yield ""
        yield from _channel_lines(survey)
    if survey.samples:
        yield ""
        yield "Articles"
        for sample in survey.samples:
            yield from _sample_lines(sample)
    if survey.notes:
        yield ""
        for note in survey.notes:
            yield from wrapped(f"Note: {note}.", "", "  ")


def describe_channel(one: ChosenChannel) -> str:
    """What a chosen channel contributes, on one line: its entries, the new ones, its newest and oldest date."""
    found = one.found
    if found.is_expected:
        return str(found.note)
    count = f"{found.total:,}" if found.total else f"{len(found.candidates):,}"
    parts = [f"{count} {'article' if count == '1' else 'articles'}"]
    if found.is_paged:
        parts[0] += " on its first page"
    if one.overlap:
        parts.append(f"{one.added:,} of them only here")
    if dates := found.dates():
        parts.append(f"{_day(dates[0])} to {_day(dates[-1])}")
    return ", ".join(parts)


def kind_name(kind: ChannelKind) -> str:
    """What people call a kind of channel."""
    return _KINDS[kind]


def wrapped(text: str, first: str, further: str) -> list[str]:
    """A text in lines of 80 columns, which begin with `first` and `further`. What a site sends can do nothing to the
    terminal."""
    return textwrap.wrap(
        clean(text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def survey_data(survey: Survey, name: str | None, toml: str | None) -> dict[str, Any]:
    """The survey as JSON values. `name`, `toml`: name and text of the profile, if there is one."""
    chosen = survey.choice.chosen if survey.choice is not None else []
    return {
        "address": survey.address,
        "verdict": survey.verdict,
        "reason": survey.reason or None,
        "owner": survey.owner,
        "notes": survey.notes,
        "name": name,
        "profile": toml,
        "channels": [_channel_data(found, chosen) for found in survey.channels],
        "articles": [_sample_data(sample) for sample in survey.samples],
        "requests": survey.requests,
        "seconds": round(survey.seconds, 1),
    }


def _site_lines(survey: Survey) -> Iterator[str]:
    profile, facts = survey.profile, survey.facts
    assert profile is not None
    assert facts is not None
    assert facts.zone is not None
    rows = [
        ("name", f"{profile.title} ({facts.name_from})"),
        ("address", readable_url(profile.url)),
        ("language", f"{profile.language or 'unknown'} ({facts.language_name})"),
        ("time zone", f"{profile.timezone} ({facts.zone.reason})"),
    ]
    if facts.title_suffix:
        rows.append(("titles end", f"{facts.title_suffix} (removed)"))
    if profile.hosts:
        rows.append(("other hosts", ", ".join(map(readable_host, profile.hosts))))
    if survey.pattern is not None:
        rows.append(("articles are", readable_url(survey.pattern.regex)))
    for label, value in rows:
        yield from wrapped(value, f"{label:<13}", " " * 13)


def _channel_lines(survey: Survey) -> Iterator[str]:
    yield "Channels"
    chosen = survey.choice.chosen if survey.choice is not None else []
    for one in chosen:
        yield from _channel(one.found, "+", describe_channel(one))
    for found, why in survey.choice.left_out if survey.choice is not None else ():
        yield from _channel(found, "-", f"not used: {why}")
    for found in survey.channels:
        if not found.is_usable and not found.is_expected:
            yield from _channel(found, "-", (found.problem or "It lists no article.").rstrip("."))


def _channel(found: FoundChannel, mark: str, text: str) -> Iterator[str]:
    yield f"  {mark} {_KINDS[found.channel.kind]}, {found.source}"
    yield from wrapped(readable_url(found.channel.url), "    ", "    ")
    yield from wrapped(text, "    ", "    ")


def _sample_lines(sample: Sample) -> Iterator[str]:
    article = sample.article
    if sample.state != "article" or article is None:
        yield from wrapped(f"{_STATES[sample.state]}: {readable_url(sample.candidate.url)}", "  - ", "    ")
        if sample.detail:
            yield from wrapped(sample.detail, "    ", "    ")
        return
    yield from wrapped(article.title or "(no title)", "  * ", "    ")
    yield from wrapped(_facts_of(sample), "    ", "    ")
    if article.paragraphs:
        first, last = article.paragraphs[0], article.paragraphs[-1]
        yield from wrapped(_cut(first), "    | ", "    | ")
        if len(article.paragraphs) > 1:
            yield from wrapped(_cut(last, from_end=True), "    | ", "    | ")
    yield from wrapped(_removed(sample), "    ", "    ")


def _facts_of(sample: Sample) -> str:
    article = sample.article
    assert article is not None
    local = published_in_page_zone(article)
    if local is None:
        date = "no date"
    elif article.published_precision == "day":
        date = f"{local:%Y-%m-%d} (from {article.published_from})"
    else:
        date = f"{local:%Y-%m-%d %H:%M %z} (from {article.published_from})"
    by = f"by {', '.join(article.authors)}" if article.authors else "no author"
    return "; ".join(filter(None, (date, by, article.category and f"in {article.category}", article.source)))


def _removed(sample: Sample) -> str:
    article = sample.article
    assert article is not None
    kept = len(article.body.split())
    words = counted(max(sample.words_on_page, kept), "word")
    text = f"{counted(len(article.paragraphs), 'paragraph')}, {kept} of the {words} on the page"
    if article.related:
        titles = "; ".join(filter(None, (one.title for one in article.related[:_SHOWN_RELATED])))
        text += f"; {counted(len(article.related), 'related article')}"
        text += f", like {titles}" if titles else ""
    return text


def _cut(text: str, *, from_end: bool = False) -> str:
    if len(text) <= _SHOWN_CHARS:
        return text
    if from_end:
        return "... " + text[-_SHOWN_CHARS:].partition(" ")[2]
    return text[:_SHOWN_CHARS].rpartition(" ")[0] + " ..."


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _channel_data(found: FoundChannel, chosen: list[ChosenChannel]) -> dict[str, Any]:
    one = next((each for each in chosen if each.found is found), None)
    dates = found.dates()
    return {
        "kind": found.channel.kind,
        "url": found.channel.url,
        "source": found.source,
        "chosen": one is not None,
        "items": len(found.candidates),
        "items_in_all": found.total,
        "only_here": one.added if one is not None else None,
        "documents": found.documents,
        "newest": dates[-1].isoformat() if dates else None,
        "oldest": dates[0].isoformat() if dates else None,
        "problem": found.problem,
    }


def _sample_data(sample: Sample) -> dict[str, Any]:
    article = sample.article
    data: dict[str, Any] = {"url": sample.candidate.url, "state": sample.state, "detail": sample.detail or None}
    if article is not None and sample.state == "article":
        data |= {
            "title": article.title,
            "published": article.published.isoformat() if article.published else None,
            "published_from": article.published_from,
            "authors": article.authors,
            "category": article.category,
            "language": article.language,
            "body": article.body,
            "related": [{"title": one.title, "url": one.url} for one in article.related],
        }
    return data
