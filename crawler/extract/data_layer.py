"""The section in a data layer: what a page tells the tools that count its visits."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SECTION = re.compile(
    r"[\"']?\b(?:page|site|main|content|primary|article)?[_-]?"
    r"(?:section|category|rubrik|ressort|sections)[\"']?\s*[:=]\s*([\"'])([^\"'\\<>{}]{2,60})\1",
    re.IGNORECASE,
)
"""A key with a text, in JSON as in JavaScript: `'pageSection': 'Local'`, `_sf_async_config.sections = "Local,Town"`."""

_FOREIGN = re.compile(r"(?:event|device|distributor|timing|product|user|ad|video)[\w.-]{0,10}$", re.IGNORECASE)
_MACHINE = re.compile(
    r"[:=\[\]%]|^(?:article|artikel|json|content|page|news[_-]article|n/?a|none|null|undefined|id_)\w*$"
)
_MAX_SECTIONS = 6
"""Values that are looked at. Chosen by hand."""


def layer_sections(layers: list[str]) -> Iterator[str]:
    """The sections that the scripts with data layers name, in order, as written there: often in small letters."""
    found = 0
    for layer in layers:
        for match in _SECTION.finditer(layer):
            if _FOREIGN.search(layer[max(0, match.start() - 20) : match.start()].strip("\"' .")):
                continue
            for name in match[2].split(","):
                if found < _MAX_SECTIONS and not _MACHINE.search(name.strip()):
                    found += 1
                    yield name.strip()
                break
