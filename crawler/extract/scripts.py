"""The scripts of a page that hold data: the state of a JavaScript application, a stream of React, a data layer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from crawler.extract.flight import flight_values, is_flight

# Bounds for time and memory, chosen by hand, far above the state of any article; no measurement is recorded.
_MAX_CHARS = 5_000_000
_MIN_STATE = 250
"""Characters: a shorter script holds no article."""

_MAX_LAYER = 40_000
"""Characters of a script with a data layer; a longer one is a program that reads it."""

_NAME_CHARS = 200
"""Characters of a script within which the name that a state is assigned to ends."""

_MAX_ASSIGNED = 20
"""Values that one script assigns."""

_ASSIGNED = re.compile(
    r"\s*(?:var\s+|let\s+|const\s+)?(?:window|self|globalThis)?\.?\[?[\"']?[\w$]*\b[\"']?\]?\s*=\s*"
    r"(?=[{\[]|JSON\.parse\()"
)
_NAMED = re.compile(r"(?:\b__[A-Z][A-Z_]+__[\"']?\]?|\bFusion\.globalContent)\s*=\s*(?=[{\[]|JSON\.parse\()")
"""The names that frameworks give to a state, wherever in a script they stand."""

_NAMED_ENDS = ("__=", "__ =", '__"]=', "__']=", "globalContent=", "globalContent =")
_PARSED = re.compile(r"JSON\.parse\(\s*(?=\")")
_LAYERS = ("dataLayer", "utag_data", "digitalData", "_sf_async_config")


class DataScripts:
    """The scripts of a page that hold data. They are parsed on first use."""

    def __init__(self) -> None:
        self.states: list[str] = []
        """JSON by its type, or values assigned to a name."""

        self.flight: list[str] = []
        """Pieces of a stream of React, in order."""

        self.layers: list[str] = []
        """What the page tells the tools that count its visits."""

        self._values: list[Any] | None = None

    def __bool__(self) -> bool:
        return bool(self.states or self.flight)

    def values(self) -> list[Any]:
        """The values of the states and of the stream: objects, lists and texts. Malformed ones are left out."""
        if self._values is None:
            self._values = [value for state in self.states for value in _values(state)] + flight_values(self.flight)
        return self._values


def data_scripts(tree: HtmlElement) -> DataScripts:
    """The scripts of a page that hold data, linked data left out."""
    found = DataScripts()
    for script in tree.iter("script"):
        text = script.text
        kind = (script.get("type") or "").lower()
        if not text or len(text) > _MAX_CHARS or "ld+json" in kind:
            continue
        if is_flight(text):
            found.flight.append(text)
            continue
        if len(text) <= _MAX_LAYER and any(name in text for name in _LAYERS):
            found.layers.append(text)
        if len(text) >= _MIN_STATE and ("json" in kind or script.get("id") == "__NEXT_DATA__" or _is_state(text)):
            found.states.append(text)
    return found


def _is_state(text: str) -> bool:
    return bool(_ASSIGNED.match(text[:_NAME_CHARS])) or (
        any(end in text for end in _NAMED_ENDS) and _NAMED.search(text) is not None
    )


def _values(state: str) -> Iterator[Any]:
    """The values in a script: the whole of it, the one assigned at its beginning, or those with known names."""
    start = _ASSIGNED.match(state[:_NAME_CHARS])
    begins = len(state) - len(state.lstrip())
    if start or state[begins : begins + 1] in ("{", "["):
        places = [start.end() if start else begins]
    else:
        places = [match.end() for match in islice(_NAMED.finditer(state), _MAX_ASSIGNED)]
    decoder = json.JSONDecoder(strict=False)
    for place in places:
        try:
            if text := _PARSED.match(state, place):
                yield json.loads(decoder.raw_decode(state, text.end())[0], strict=False)
            else:
                yield decoder.raw_decode(state, place)[0]
        except (ValueError, TypeError, RecursionError):
            continue
