"""Messages to people when something is wrong: ntfy, and a webhook. A message that cannot be sent breaks nothing.

The same text is sent once a day. What was sent is in a file beside the database, not in it: a database that cannot be
read is one of the problems that are reported.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import platform
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

from scrapy.settings import BaseSettings

from crawler import clock

SETTINGS = ("NEWS_NTFY", "NEWS_WEBHOOK")
_AGAIN = timedelta(days=1)
"""As for the findings of the health check."""

_TIMEOUT = 10.0
"""Seconds. Chosen by hand."""

_MAX_BYTES = 3_900
"""ntfy makes an attachment of a text of more than 4,096 bytes."""


class Message(NamedTuple):
    """What is wrong."""

    lines: tuple[str, ...]
    exit_code: int

    @property
    def title(self) -> str:
        """One line in ASCII, as a header of HTTP must be."""
        count = len(self.lines)
        host = platform.node().encode("ascii", "replace").decode()
        return f"Rasid on {host}: {count} problem{'s' if count != 1 else ''}"


def notify(settings: BaseSettings | Mapping[str, str], message: Message, *, again: bool = False) -> list[str]:
    """Send a message to all that the settings name, and return a sentence for each that cannot be reached. The same
    lines are not sent twice in a day, unless `again`."""
    targets = {name: str(settings[name]) for name in SETTINGS if settings[name]}
    memory = Path(str(settings["NEWS_DB"]) + ".locks") / "notified.json"
    if not targets or not message.lines or (not again and _was_sent(memory, message)):
        return []
    failures = {name: _send(url, _FORMS[name], message) for name, url in targets.items()}
    if None in failures.values():  # it has arrived somewhere
        _remember(memory, message)
    return [
        f"{name}: cannot be sent to {urlsplit(targets[name]).hostname} ({problem})"
        for name, problem in failures.items()
        if problem is not None
    ]


def _send(url: str, form: Callable[[Message], tuple[bytes, Mapping[str, str]]], message: Message) -> str | None:
    """Send a message; the problem if that fails."""
    data, headers = form(message)
    parts = urlsplit(url)
    try:
        host = parts.netloc.rpartition("@")[2]
        request = Request(
            urlunsplit((parts.scheme, host, parts.path, parts.query, parts.fragment)),
            data=data,
            headers={"User-Agent": "Rasid", **headers},
        )
        if parts.password is not None:
            pair = f"{parts.username or ''}:{parts.password}".encode()
            request.add_header("Authorization", f"Basic {base64.b64encode(pair).decode()}")
        with urlopen(request, timeout=_TIMEOUT):
            return None
    except (OSError, HTTPException, ValueError) as error:
        return str(error)


def _ntfy(message: Message) -> tuple[bytes, Mapping[str, str]]:
    text = "\n".join(message.lines).encode()
    if len(text) > _MAX_BYTES:
        text = text[:_MAX_BYTES].decode("utf-8", "ignore").encode() + " …".encode()
    return text, {"Title": message.title, "Tags": "warning", "Content-Type": "text/plain; charset=utf-8"}


def _webhook(message: Message) -> tuple[bytes, Mapping[str, str]]:
    """JSON whose `text` Slack, Mattermost and the like show; the rest is for programs."""
    data = {
        "text": "\n".join((message.title, *message.lines)),
        "title": message.title,
        "messages": list(message.lines),
        "exit_code": message.exit_code,
        "host": platform.node(),
        "time": clock.now().isoformat(timespec="seconds"),
    }
    return json.dumps(data, ensure_ascii=False).encode(), {"Content-Type": "application/json"}


_FORMS = {"NEWS_NTFY": _ntfy, "NEWS_WEBHOOK": _webhook}


def _was_sent(memory: Path, message: Message) -> bool:
    sent = _sent(memory).get(_digest(message))
    return sent is not None and timedelta() <= clock.now() - sent < _AGAIN


def _remember(memory: Path, message: Message) -> None:
    now = clock.now()
    sent = {digest: time for digest, time in _sent(memory).items() if timedelta() <= now - time < _AGAIN}
    sent[_digest(message)] = now
    with contextlib.suppress(OSError):  # it is sent again, which is better than not at all
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(json.dumps({digest: time.isoformat() for digest, time in sent.items()}), "utf-8")


def _sent(memory: Path) -> dict[str, datetime]:
    try:
        return {digest: datetime.fromisoformat(time) for digest, time in json.loads(memory.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _digest(message: Message) -> str:
    return hashlib.sha256("\n".join(message.lines).encode("utf-8", "replace")).hexdigest()
