"""Choose the channels that together find most articles with fewest requests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypedDict

from crawler.items import ChannelKind
from crawler.onboard.find_channels import MAX_SECTIONS
from crawler.onboard.found_channel import FoundChannel

MIN_GAIN = 0.02
"""Share of all known articles that a channel must add. This and the numbers below were chosen by hand on the odd sites
of demo/oddsites."""

MAX_ARCHIVE = 20_000
"""Entries of a sitemap; a larger one is left to the user, because its first crawl takes hours."""

MAX_DOCUMENTS = 50
_STEP: dict[ChannelKind, int] = {"feed": 0, "news_sitemap": 0, "wordpress": 0, "section": 1, "sitemap": 2}
# Of two channels with the same articles the first kind says more about each of them.
_ORDER: dict[ChannelKind, int] = {"feed": 0, "news_sitemap": 1, "wordpress": 2, "section": 3, "sitemap": 4}


class ChannelUrls(TypedDict):
    """The keys of a profile that list its channels."""

    feeds: tuple[str, ...]
    news_sitemaps: tuple[str, ...]
    wordpress_apis: tuple[str, ...]
    sections: tuple[str, ...]
    sitemaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChosenChannel:
    """A channel of the profile, and why it is one."""

    found: FoundChannel
    added: int
    """Articles that no channel chosen before lists."""

    overlap: int
    """Articles that channels chosen before list as well."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen channels in the order of their gain, and why the others were left out."""

    chosen: list[ChosenChannel]
    left_out: list[tuple[FoundChannel, str]]
    known: int
    """Different articles that all channels together list."""

    def channels(self) -> ChannelUrls:
        """The URLs of the chosen channels, as the keys of a profile."""
        urls: defaultdict[ChannelKind, list[str]] = defaultdict(list)
        for one in self.chosen:
            urls[one.found.channel.kind].append(one.found.channel.url)
        return ChannelUrls(
            feeds=tuple(urls["feed"]),
            news_sitemaps=tuple(urls["news_sitemap"]),
            wordpress_apis=tuple(urls["wordpress"]),
            sections=tuple(urls["section"]),
            sitemaps=tuple(urls["sitemap"]),
        )


def choose(channels: Sequence[FoundChannel], kept: Collection[str] = ()) -> Choice:
    """Greedy cover in three steps: channels with dates, which list everything that is new; section pages for what those
    leave out; sitemaps for what is older. `kept`: URLs of channels that are chosen in any case."""
    usable = [found for found in channels if found.is_usable]
    keys = {id(found): found.keys() for found in usable}
    universe = set().union(*keys.values()) if keys else set()
    covered: set[str] = set()
    chosen: list[ChosenChannel] = []
    left_out: list[tuple[FoundChannel, str]] = []
    rest = list(usable)
    for one in [one for one in usable if one.requested in kept]:
        new = keys[id(one)] - covered
        chosen.append(ChosenChannel(one, len(new), len(keys[id(one)]) - len(new)))
        covered |= keys[id(one)]
        rest.remove(one)
    while rest:
        step = min(_STEP[one.channel.kind] for one in rest)
        group = [one for one in rest if _STEP[one.channel.kind] == step]
        best = max(group, key=lambda one: (_gain(one, keys[id(one)] - covered), -_ORDER[one.channel.kind]))
        new = keys[id(best)] - covered
        rest.remove(best)
        if reason := _reason_against(best, len(new), len(universe), chosen):
            left_out.append((best, reason))
            continue
        chosen.append(ChosenChannel(best, len(new), len(keys[id(best)]) - len(new)))
        covered |= keys[id(best)]
    if any(one.found.source == "menu" for one in chosen):
        chosen += [ChosenChannel(found, 0, 0) for found in channels if found.is_expected]
    return Choice(chosen, left_out, len(universe))


def _gain(found: FoundChannel, new: set[str]) -> float:
    """New articles for each request, with the number that the site gives for what was not read."""
    share = len(new) / max(len(found.candidates), 1)
    return share * max(found.total or 0, len(found.candidates)) / found.documents


def _reason_against(found: FoundChannel, new: int, known: int, chosen: list[ChosenChannel]) -> str | None:
    unread = (found.total or 0) - len(found.candidates)
    if chosen and new < max(1, known * MIN_GAIN) and not (found.channel.kind == "sitemap" and unread > 0 and new):
        names = {one.found.channel.kind for one in chosen}
        return f"adds {new} of {known} articles to the {' and '.join(sorted(names))} above".replace("_", " ")
    if found.channel.kind == "section" and sum(one.found.channel.kind == "section" for one in chosen) >= MAX_SECTIONS:
        return f"more than {MAX_SECTIONS} section pages"
    has_fresh = any(one.found.channel.kind != "sitemap" for one in chosen)
    pages = found.total or len(found.candidates)
    if found.channel.kind == "sitemap" and any((one.found.total or 0) >= pages for one in chosen):
        return "the WordPress API lists as many articles"
    if found.channel.kind == "sitemap" and has_fresh and (pages > MAX_ARCHIVE or found.documents > MAX_DOCUMENTS):
        return f"an archive of about {pages:,} pages in {found.documents:,} documents"
    return None
