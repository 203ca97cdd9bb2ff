"""Robots directives: X-Robots-Tag and meta robots, for all robots or for ours."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.usage import Effects, Signal, merged_effects, shortened

ROBOT_NAMES = ("robots", "rasid")
"""Which robots a directive is for: all, or ours."""

# What each reserves. `other` stands for the uses and parts that count only for `all`.
_EFFECTS: dict[str, Effects] = {
    "noindex": {"search": "reserved"},  # Google, Robots meta tag specifications; draft-illyes-repext
    "noarchive": {"other": "reserved"},  # no copy may be offered
    "nocache": {"other": "reserved"},  # the same, of Bing
    "nosnippet": {"other": "reserved"},  # no text in results; nor, with Google, as input of AI answers
    "noai": {"ai-train": "reserved"},  # DeviantArt: in no dataset for AI
    "noimageai": {"other": "reserved"},  # the same for images
    "noimageindex": {"other": "reserved"},
}
_WITHOUT_EFFECT = frozenset(
    {"nofollow", "index", "follow", "all", "archive", "snippet", "notranslate", "indexifembedded", "noodp", "noydir"}
)
# "none" is short for these two.
_NONE = ("noindex", "nofollow")
_WITH_VALUE = re.compile(r"(max-snippet|max-image-preview|max-video-preview|unavailable_after)\s*:\s*(.*)", re.DOTALL)
# In a header a robot's name may stand before the directives. These names are those of directives with a value.
_VALUED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
_ROBOT = re.compile(r"\s*([\w-]+)\s*:(.*)", re.DOTALL)
# Dates have commas: "Saturday, 25-Jun-30 15:00:00 UTC".
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,\s*", re.IGNORECASE)


def header_directives(value: str, now: datetime) -> tuple[Signal | None, frozenset[str]]:
    """An X-Robots-Tag header: its signal, and its directives. None if it is for another robot. `now`: when the page was
    fetched, for `unavailable_after`."""
    named = _ROBOT.fullmatch(value)
    if named is None or named[1].lower() in _VALUED:
        return read_directives("header X-Robots-Tag", value, now)
    if named[1].lower() not in ROBOT_NAMES:
        return None, frozenset()
    return read_directives("header X-Robots-Tag", named[2], now, text=value)


def read_directives(place: str, value: str, now: datetime, text: str | None = None) -> tuple[Signal, frozenset[str]]:
    """A list of directives: its signal, and those that it contains, in lower case. What is unknown has no effect."""
    words: set[str] = set()
    effects: list[Effects] = []
    problems: list[str] = []
    for part in filter(None, (each.strip().lower() for each in _WEEKDAY.sub("", value).split(","))):
        if (valued := _WITH_VALUE.fullmatch(part)) is not None:
            effect, problem = _valued_effect(valued[1], valued[2].strip(), now)
            effects.append(effect)
            problems += [problem] if problem else []
            continue
        for word in _NONE if part == "none" else (part,):
            words.add(word)
            effects.append(_EFFECTS.get(word, {}))
            if word not in _EFFECTS and word not in _WITHOUT_EFFECT:
                problems.append(f"ignored: {shortened(word)}")
    signal = Signal(
        kind="robots",
        place=place,
        text=shortened((text if text is not None else value).strip()),
        effects=merged_effects(effects),
        problem=shortened("; ".join(problems)) or None,
    )
    return signal, frozenset(words)


def _valued_effect(name: str, value: str, now: datetime) -> tuple[Effects, str | None]:
    if name == "max-snippet":
        if not re.fullmatch(r"-?\d{1,9}", value):
            return {}, f"ignored: max-snippet: {shortened(value)}"
        return ({"other": "reserved"} if int(value) == 0 else {}), None  # 0 is nosnippet
    if name == "unavailable_after":
        moment = _moment(value)
        if moment is None:
            return {}, f"ignored: unavailable_after: {shortened(value)}"
        return ({"search": "reserved"} if now > moment else {}), None
    return {}, None


def _moment(text: str) -> datetime | None:
    """A date as in RFC 822, RFC 850 or ISO 8601; in UTC if it has no zone."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text.upper().replace("UTC", "GMT") if parse is parsedate_to_datetime else text.upper())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return None
