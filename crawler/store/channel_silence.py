"""The silence of a channel: whether it lists nothing new, or its server answers 304 although it has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from crawler.store.times import from_text, to_text

_RECEIVE_AFTER, _RECEIVE_CHILD_AFTER = timedelta(days=1), timedelta(days=7)
"""A channel that has been silent for longer than ever before is received whole this often. The children of an index
less often: they are many, and old ones are silent for good. Chosen by hand; no measurement."""

_LONGEST_SILENCE = timedelta(days=7)
"""A longer silence is not remembered: it would keep a frozen channel unnoticed for as long. Chosen by hand."""

_DISTRUST = timedelta(days=30)
"""For how long no validators are sent to a channel whose validators were wrong. Chosen by hand; no measurement."""

_LATE = timedelta(hours=1)
"""A page may be listed this long after its date. If it is listed later, the 304 before was wrong. Chosen by hand."""


def must_be_received_whole(row: dict[str, Any], now: datetime, *, is_child: bool) -> bool:
    """Whether a channel is to be received whole: its validators were wrong, or may be, because it has been silent for
    longer than ever before."""
    wrong, received = from_text(row["validators_wrong"]), from_text(row["received"])
    if wrong is not None and now - wrong < _DISTRUST:
        return True
    wait = _RECEIVE_CHILD_AFTER if is_child else _RECEIVE_AFTER
    return _is_silent_as_never_before(row, now) and received is not None and now - received >= wait


def silence_columns(
    before: dict[str, Any], new_dates: Iterable[datetime | None], now: datetime, *, is_conditional: bool
) -> dict[str, Any]:
    """The columns on the silence of a channel whose last row is `before`, and whether it was the fault of a server that
    answers 304 forever. `new_dates`: of the listed pages that were not known before."""
    if not before or before["last_new"] is None:
        return {"last_new": to_text(now)}
    dates = list(new_dates)
    if not dates:
        return {}
    last_new, checked = datetime.fromisoformat(before["last_new"]), datetime.fromisoformat(before["checked"])
    is_late = any(date is None or date < checked - _LATE for date in dates)
    was_unchanged = before["status"] == HTTPStatus.NOT_MODIFIED and not is_conditional
    if was_unchanged and is_late and _is_silent_as_never_before(before, now):
        return {"last_new": to_text(now), "validators_wrong": to_text(now)}
    silence = max(min(now - last_new, _LONGEST_SILENCE).total_seconds(), before["longest_silence"])
    return {"last_new": to_text(now), "longest_silence": silence}


def _is_silent_as_never_before(row: dict[str, Any], now: datetime) -> bool:
    last_new = from_text(row["last_new"])
    return last_new is not None and now - last_new > timedelta(seconds=row["longest_silence"])
