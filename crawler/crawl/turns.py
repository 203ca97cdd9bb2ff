"""Which documents are due in a run, and whose turn it is if they are more than a run may request."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from crawler import clock
from crawler.dates.read import DAY_SPAN
from crawler.discover import ChildDocument
from crawler.profile import Channel
from crawler.store import ChannelState, Reading

# Of an index with more children than a run may request, this part of the requests is for the children that come first:
# the newest ones. The others take turns. So do the channels of a profile. Chosen by hand; no measurement.
_FIRST_SHARE = 1 / 4
# If the profile has more channels than a run may request, this part of the requests is left to the documents that they
# lead to. Chosen by hand; no measurement.
_CHILD_SHARE = 1 / 4
# A child that lists nothing new rests for NEWS_SITEMAP_HOURS, then twice as long each time, up to this time. Chosen by
# hand: the archive of an old year hardly changes.
_LONGEST_REST = timedelta(days=30)
# A sitemap of which a document failed is requested again after this part of NEWS_SITEMAP_HOURS: with the default of 24
# after an hour. Chosen by hand; no measurement.
_RETRY_SHARE = 24
_NEVER = datetime.min.replace(tzinfo=UTC)

Readings = Mapping[str, Reading]
"""URL of a document → when it was last requested."""


def is_sitemap_due(state: ChannelState, age: timedelta) -> bool:
    """Whether a sitemap beside fresher channels, which is requested once in `age`, is to be requested again."""
    last = state.completed
    if last is None:
        last, age = state.succeeded, age / _RETRY_SHARE
    return last is None or not timedelta() <= clock.now() - last < age


def may_have_changed(child: ChildDocument, state: ChannelState) -> bool:
    """Whether a child sitemap may list articles that it did not list when it was last read."""
    if state.succeeded is None or state.problem is not None or child.modified is None:
        return True
    latest = child.modified + DAY_SPAN if child.modified.time() == time() else child.modified
    return latest > state.succeeded


def most_channels(room: int) -> int:
    """How many channels of a profile a run requests that may request this number of documents."""
    return max(int(room * (1 - _CHILD_SHARE)), 1)


def rounds(channels: int, most: int) -> int:
    """In how many runs each of more channels than a run requests has its turn."""
    first = int(most * _FIRST_SHARE)
    return math.ceil((channels - first) / (most - first))


def channels_in_turn(channels: Sequence[Channel], readings: Readings, most: int) -> list[Channel]:
    """Of a profile's channels the ones to request in this run: those that come first, because their kind is the most
    up-to-date, and of the others those that were never requested, then those that were not for the longest time."""
    first = int(most * _FIRST_SHARE)
    others = sorted(channels[first:], key=lambda channel: _last(channel, readings))
    return [*channels[:first], *others][:most]


def children_in_turn(
    children: Sequence[ChildDocument], readings: Readings, room: int, *, rest: timedelta, takes_first: bool
) -> list[ChildDocument]:
    """The children of an index in the order of their requests: those that come first, if `takes_first`, then the others
    in turn if they are more than `room`. Left out are those that rest: for `rest` after they listed nothing new."""
    first = max(int(room * _FIRST_SHARE), 1) if takes_first else 0
    others = [child for child in children[first:] if not _rests(child, readings.get(child.channel.url), rest)]
    if len(children) > room:
        others.sort(key=lambda child: _last(child.channel, readings))
    return [*children[:first], *others]


def _last(channel: Channel, readings: Readings) -> datetime:
    reading = readings.get(channel.url)
    return reading.checked if reading else _NEVER


def _rests(child: ChildDocument, reading: Reading | None, rest: timedelta) -> bool:
    """Whether a child sitemap without a date listed nothing new when it was read, and is not read again yet."""
    if reading is None or child.modified is not None:
        return False
    doublings = min(reading.quiet, _LONGEST_REST.days)
    return timedelta() <= clock.now() - reading.checked < min(rest / 2 * 2.0**doublings, _LONGEST_REST)
