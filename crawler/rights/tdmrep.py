"""TDM Reservation Protocol (W3C community group, final report): the file of a host, headers and meta elements."""

from __future__ import annotations

import json
from typing import Any

from crawler.rights.paths import matches, path_of
from crawler.usage import Effects, Signal, shortened

# A reservation is of all text and data mining (Article 4 of Directive (EU) 2019/790), and so of training.
_EFFECTS: dict[str, Effects] = {
    "1": {"tdm": "reserved", "ai-train": "reserved"},
    "0": {"tdm": "allowed", "ai-train": "allowed"},
}
_ERROR = "not 0 or 1: as if it were not there"


def reservation(place: str, value: str) -> Signal:
    """A `tdm-reservation`. Every other value than 0 and 1 is a protocol error, and counts as unset."""
    text = value.strip()
    return Signal(
        kind="tdmrep",
        place=place,
        text=shortened(f"tdm-reservation: {text}"),
        effects=_EFFECTS.get(text, {}),
        problem=None if text in _EFFECTS else _ERROR,
    )


def policy(place: str, value: str) -> Signal:
    """A `tdm-policy`: the URL of a policy or a contact. It allows nothing by itself."""
    return Signal(kind="tdmrep", place=place, text=shortened(f"tdm-policy: {value.strip()}"))


def file_rules(body: bytes) -> tuple[list[Any], str | None]:
    """The rules of a tdmrep.json, and what is wrong with it. Any other file has none."""
    try:
        rules = json.loads(body) if body.strip() else []
    except (ValueError, RecursionError):
        return [], "not valid JSON: it reserves nothing"
    return (rules if isinstance(rules, list) else [rules]), None


def file_signals(rules: list[Any], url: str, file: str | None = None) -> list[Signal]:
    """What the first rule that matches the URL says; the most specific rule is the first in sequence."""
    path = path_of(url)
    for number, rule in enumerate(rules, 1):
        location = rule.get("location") if isinstance(rule, dict) else None
        if isinstance(location, str) and matches(location, path):
            text = json.dumps(rule, ensure_ascii=False)
            value = str(rule.get("tdm-reservation"))
            return [
                Signal(
                    kind="tdmrep",
                    place=f"tdmrep.json rule {number}",
                    text=shortened(text),
                    effects=_EFFECTS.get(value, {}),
                    problem=None if value in _EFFECTS else _ERROR,
                    file=file,
                )
            ]
    return []


def with_priority(of_file: list[Signal], of_header: list[Signal], of_meta: list[Signal]) -> list[Signal]:
    """A header overrides the file, and a meta element both (final report, Processing Priority). What is overridden is
    kept, without its effect; a protocol error overrides nothing."""
    kept: list[Signal] = []
    winner: Signal | None = None
    for signals in (of_meta, of_header, of_file):
        decided = [signal for signal in signals if signal.effects]
        for signal in signals:
            if not signal.effects or winner is None:
                kept.append(signal)
            else:
                kept.append(_overridden(signal, winner.place))
        winner = winner or (decided[0] if decided else None)
    return kept


def _overridden(signal: Signal, place: str) -> Signal:
    return Signal(
        kind=signal.kind, place=signal.place, text=signal.text, problem=f"overridden by {place}", file=signal.file
    )
