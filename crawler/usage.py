"""What a site says of the uses of a page, as signals, and the decision that follows from them.

A signal is one statement with its place and its exact text. Whatever cannot be understood is a signal as well, with the
problem and without an effect: nothing here raises for what a server sends.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Use = Literal["search", "ai-train", "tdm", "all"]
USES: tuple[Use, ...] = ("search", "ai-train", "tdm", "all")
"""Uses that can be decided: showing in search results, training of generative AI models, text and data mining, and
every use of every part."""

Scope = Literal["search", "ai-train", "tdm", "other"]
"""What a signal can speak of. `other`: a use or a part that counts for `all` only, like images."""

Decision = Literal["reserved", "allowed", "unknown"]
Preference = Literal["reserved", "allowed"]
Effects = Mapping[Scope, Preference]

DIRECTIVES = ("noindex", "nofollow", "noarchive", "nosnippet", "noai", "noimageai", "nocache", "tdm")
"""The directives that pages are recorded with, and that NEWS_RESPECT_DIRECTIVES may list."""

MAX_TEXT = 500
"""Characters of a signal's text that are kept. Chosen by hand; real ones have fewer than 200."""

MAX_SIGNALS = 50
"""Signals of a page of each kind that are read: nobody says more by hand. Chosen by hand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One statement about the uses of a page."""

    kind: str
    """The convention that it follows: content-usage, content-signal, rsl, tdmrep, robots, licence or status."""

    place: str
    """Where it stands: `robots.txt line 4`, `header X-Robots-Tag`, `meta robots`, `tdmrep.json rule 2`."""

    text: str
    """The exact text, as far as MAX_TEXT. Bytes of a header or a page are characters of Latin-1."""

    effects: Effects = field(default_factory=dict)
    problem: str | None = None
    """Why it is not understood, or what else keeps it from having an effect."""

    file: str | None = None
    """Digest of the robots.txt, tdmrep.json or RSL document that it was read from (table `rights_files`)."""

    def __str__(self) -> str:
        """For people: the place and the text, and the problem. Controls and direction marks are replaced."""
        text = f"{self.place}: {self.text}" + (f" ({self.problem})" if self.problem else "")
        return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)

    def as_dict(self) -> dict[str, Any]:
        """For JSON; other than the text, what is empty is left out."""
        values = {
            "kind": self.kind,
            "place": self.place,
            "text": self.text,
            "effects": dict(sorted(self.effects.items())),
            "problem": self.problem,
            "file": self.file,
        }
        return {name: value for name, value in values.items() if value or name == "text"}


@dataclass(frozen=True, slots=True)
class PageRights:
    """All signals of a page at one fetch."""

    signals: tuple[Signal, ...] = ()

    def decision(self, use: Use) -> Decision:
        """What holds for a use. If any signal reserves it, it is reserved; otherwise, if any allows it, it is allowed;
        otherwise it is unknown (draft-ietf-aipref-vocab-08, Combining Preferences). `all` is reserved if any use or
        part is, and allowed if each use is."""
        if use == "all":
            if any("reserved" in signal.effects.values() for signal in self.signals):
                return "reserved"
            each = [self.decision(other) for other in USES if other != "all"]
            return "allowed" if set(each) == {"allowed"} else "unknown"
        said = {preference for signal in self.signals for scope, preference in signal.effects.items() if scope == use}
        return "reserved" if "reserved" in said else "allowed" if "allowed" in said else "unknown"

    def reasons(self, use: Use) -> list[Signal]:
        """The signals that decide on a use."""
        decision = self.decision(use)
        return [
            signal
            for signal in self.signals
            if any(preference == decision for scope, preference in signal.effects.items() if use in ("all", scope))
        ]

    def as_json(self) -> str:
        """The signals as a JSON list: equal for pages of which the same is said."""
        return json.dumps([signal.as_dict() for signal in self.signals], separators=(",", ":"))


def signals_from_json(text: str) -> PageRights:
    """Parse the output of `as_json`."""
    return PageRights(tuple(Signal(**values) for values in json.loads(text)))


def shortened(text: str) -> str:
    """A signal's text, not longer than MAX_TEXT."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def merged_effects(all_effects: Iterable[Effects]) -> dict[Scope, Preference]:
    """The effects of several statements together: `reserved` wins."""
    merged: dict[Scope, Preference] = {}
    for effects in all_effects:
        for scope, preference in effects.items():
            if merged.get(scope) != "reserved":
                merged[scope] = preference
    return merged
