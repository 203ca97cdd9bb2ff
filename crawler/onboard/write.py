"""The text of a new profile, with a comment on everything that was concluded and not read."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from crawler.onboard.choose import ChosenChannel
from crawler.onboard.found_channel import FoundChannel
from crawler.onboard.report import describe_channel
from crawler.onboard.result import Survey
from crawler.profile import CHANNEL_KEYS
from crawler.text import clean, counted, fold
from crawler.urls import host_of

_KEY_OF_KIND = {kind: key for key, kind in CHANNEL_KEYS.items()}
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "gov", "gob", "edu", "ac", "or", "ne", "go"})


def profile_name(url: str, taken: Collection[str]) -> str:
    """A name for the profile of a home page that is not taken: its host without www. and the top-level domain, with
    the domain if that name is taken, or with a number."""
    parts = urlsplit(url)
    labels = host_of(url).removeprefix("www.").split(".")
    if len(labels) == 1 or labels[-1].isdigit():
        short = long = "_".join(["site", *labels, *([str(parts.port)] if parts.port else [])])
    else:
        end = 2 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 1
        short, long = "_".join(labels[:-end]), "_".join(labels)
    folder = "_".join(part for part in parts.path.split("/") if part and "." not in part)
    for base in (short, long):
        name = re.sub(r"[^a-z0-9]+", "_", fold(f"{base}_{folder}")).strip("_") or "site"
        name = name if name[0].isalpha() else f"site_{name}"
        if name not in taken:
            return name
    return next(f"{name}_{number}" for number in range(2, len(taken) + 3) if f"{name}_{number}" not in taken)


def profile_text(survey: Survey, now: datetime) -> str:
    """The profile that a survey found, as TOML. The survey's verdict must be `ok`."""
    return "\n".join(_lines(survey, now)) + "\n"


def _lines(survey: Survey, now: datetime) -> Iterator[str]:
    profile, facts, choice = survey.profile, survey.facts, survey.choice
    assert profile is not None
    assert facts is not None
    assert choice is not None
    assert facts.zone is not None
    yield f"# Found by `add` on {now:%Y-%m-%d} with {counted(survey.requests, 'request')}."
    for note in survey.notes:
        yield f"# Note: {clean(note)}."
    yield f"title = {_quoted(profile.title)}  # {facts.name_from}"
    yield f"url = {_quoted(profile.url)}"
    if profile.language:
        yield f"language = {_quoted(profile.language)}  # {facts.language_name}"
    yield f"# {facts.zone.reason}. It is used for dates that are printed without a time zone."
    yield f"timezone = {_quoted(profile.timezone)}"
    if profile.hosts:
        yield "# Further hosts of the site: of its feeds, or of the pages that they list."
        yield f"hosts = [{', '.join(map(_quoted, profile.hosts))}]"
    if profile.allow_private:
        yield "# The site is on a private network."
        yield "allow_private = true"
    if profile.render:
        yield "# The scripts of the articles are run in Chromium."
        yield f"render = {_quoted(str(profile.render))}"
    yield ""
    yield from _channels(choice.chosen, choice.left_out)
    if profile.article_url is not None and survey.pattern is not None:
        yield f"# Learnt from {survey.pattern.articles} addresses of articles; it matches {survey.pattern.matched}."
        yield f"article_url = {_literal(profile.article_url.pattern)}"


def _channels(chosen: list[ChosenChannel], left_out: list[tuple[FoundChannel, str]]) -> Iterator[str]:
    for kind, key in _KEY_OF_KIND.items():
        group = [one for one in chosen if one.found.channel.kind == kind]
        if group:
            yield f"{key} = ["
            for one in group:
                yield f"  {_quoted(one.found.channel.url)},  # {describe_channel(one)}"
            yield "]"
    archives = [
        (found, why) for found, why in left_out if found.channel.kind == "sitemap" and why.startswith("an archive")
    ]
    if archives:
        yield "# For older articles, remove the # before these lines: a crawl then reads"
        for _, why in archives:
            yield f"# {why}."
        yield f"# sitemaps = [{', '.join(_quoted(found.channel.url) for found, _ in archives)}]"


def _quoted(text: str) -> str:
    """A TOML basic string, which has the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _literal(pattern: str) -> str:
    """A TOML literal string, in which a backslash is one."""
    return f"'{pattern}'" if "'" not in pattern and pattern.isprintable() else _quoted(pattern)
