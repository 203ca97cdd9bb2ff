"""The values of Content-Usage (IETF AIPREF) and of Content-Signal (contentsignals.org)."""

from __future__ import annotations

from collections.abc import Callable

from crawler.rights.structured import parse_dictionary
from crawler.usage import Effects, Preference, Scope, Signal, shortened

# draft-ietf-aipref-vocab-08, Usage Category Labels. `ai-use`, the input of a generative model, is none of our uses.
_USAGE: dict[str, Scope] = {"train-ai": "ai-train", "search": "search", "ai-use": "other"}
_USAGE_VALUES: dict[str | None, Preference] = {"y": "allowed", "n": "reserved"}
# contentsignals.org. `use` says how content may be shown, and nothing of the three.
_SIGNALS: dict[str, Scope] = {"ai-train": "ai-train", "search": "search", "ai-input": "other"}
_SIGNAL_VALUES: dict[str | None, Preference] = {"yes": "allowed", "no": "reserved"}

Parsed = tuple[Effects, str | None]
"""What a value means, and what is wrong with it."""


def usage_effects(value: str) -> Parsed:
    """The preferences in a Content-Usage value. A value that is not a Dictionary, a label that is unknown, and a value
    other than the Tokens y and n, say nothing (draft-ietf-aipref-vocab-08, Processing Algorithm)."""
    try:
        members = parse_dictionary(value)
    except ValueError as error:
        return {}, str(error)
    effects = {
        _USAGE[label]: _USAGE_VALUES[word]
        for label, word in members.items()
        if label in _USAGE and word in _USAGE_VALUES
    }
    ignored = [label for label, word in members.items() if label not in _USAGE or word not in _USAGE_VALUES]
    return effects, _ignored(ignored, is_empty=not members)


def signal_effects(value: str) -> Parsed:
    """The preferences in a Content-Signal value: `search=yes, ai-train=no`. Each restriction is an express reservation
    under Article 4 of Directive (EU) 2019/790, as the policy text of contentsignals.org says: of text and data mining.
    Of a name that occurs more than once, the restriction counts."""
    effects: dict[Scope, Preference] = {}
    ignored: list[str] = []
    for member in filter(None, (part.strip() for part in value.split(","))):
        name, _, word = (part.strip().lower() for part in member.partition("="))
        scope, preference = _SIGNALS.get(name), _SIGNAL_VALUES.get(word)
        if scope is None or preference is None:
            ignored.append(member)
        elif effects.get(scope) != "reserved":
            effects[scope] = preference
    if "reserved" in effects.values():
        effects["tdm"] = "reserved"
    return effects, _ignored(ignored, is_empty=not value.strip(" \t,"))


def _ignored(labels: list[str], *, is_empty: bool) -> str | None:
    if is_empty:
        return "says nothing"
    return f"ignored: {shortened(', '.join(labels))}" if labels else None


def usage_header(values: list[str]) -> Signal:
    """The Content-Usage header of a response: its lines are one Dictionary (RFC 9651, 4.2)."""
    value = ", ".join(values)
    return _signal("content-usage", "header Content-Usage", value, value, usage_effects)


def _signal(kind: str, place: str, text: str, value: str, parse: Callable[[str], Parsed]) -> Signal:
    effects, problem = parse(value)
    return Signal(kind=kind, place=place, text=shortened(text), effects=effects, problem=problem)
