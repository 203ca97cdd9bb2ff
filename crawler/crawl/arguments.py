"""What can be said with `-a` to a crawl."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self, get_args

from crawler.items import ChannelKind

ARGUMENTS = {
    "url": "an address that stands in for the site's own, as a test server's: -a url=http://127.0.0.1:8000/",
    "since": "leave out what a channel dates earlier: -a since=2026-01-01",
    "max_articles": "request at most so many article pages: -a max_articles=50",
    "channel": f"ask only channels of one kind ({', '.join(get_args(ChannelKind))}): -a channel=feed",
    "force": "fetch what the channels name even if it is known: -a force=1",
}
ARGUMENT_HELP = "; ".join(f"{name}: {text}" for name, text in ARGUMENTS.items())


class ArgumentError(ValueError):
    """A `-a` that cannot be used; the message says what to write."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlArguments:
    """The arguments of one crawl, checked."""

    url: str | None = None
    since: datetime | None = None
    max_articles: int | None = None
    channel: ChannelKind | None = None
    force: bool = False

    @classmethod
    def parse(cls, given: dict[str, str]) -> Self:
        """From the strings of the command line. Raises ArgumentError."""
        check_names(given, ARGUMENTS)
        channel = given.get("channel")
        kind = next((kind for kind in get_args(ChannelKind) if kind == channel), None)
        if channel is not None and kind is None:
            raise ArgumentError(f"-a channel={channel}: must be one of {', '.join(get_args(ChannelKind))}")
        return cls(
            url=given.get("url"),
            since=parse_moment(given["since"], "-a since") if "since" in given else None,
            max_articles=whole_number(given["max_articles"]) if "max_articles" in given else None,
            channel=kind,
            force=yes_or_no(given.get("force", "0")),
        )


def check_names(given: Iterable[str], known: Iterable[str]) -> None:
    """Raise ArgumentError for the first name that is not known."""
    names = tuple(known)
    for name in given:
        if name not in names:
            raise ArgumentError(f"-a {name}: there is no such argument; there are {', '.join(names)}")


def parse_moment(text: str, option: str) -> datetime:
    """A date or time in ISO 8601, taken as UTC where it names no zone. Raises ArgumentError that names the option."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the latter at the ends of the calendar
        raise ArgumentError(f"{option} {text!r}: write a date like 2026-01-31 or 2026-01-31T18:00:00Z") from None


def whole_number(text: str) -> int:
    """The value of max_articles. Raises ArgumentError."""
    if not text.isdecimal() or len(text) > 18:
        raise ArgumentError(f"-a max_articles={text}: write a whole number, like 50")
    return int(text)


def yes_or_no(text: str) -> bool:
    """The value of force. Raises ArgumentError."""
    answer = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(text.lower())
    if answer is None:
        raise ArgumentError(f"-a force={text}: write 1 or 0")
    return answer
