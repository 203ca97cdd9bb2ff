"""Columns that contain JSON. Another tool may have written anything into them."""

from __future__ import annotations

import json
from typing import Any


def json_list(text: str | None) -> list[Any]:
    """The list in a column; empty if it contains none."""
    value = _value(text)
    return value if isinstance(value, list) else []


def json_object(text: str | None) -> dict[str, Any]:
    """The object in a column; empty if it contains none."""
    value = _value(text)
    return value if isinstance(value, dict) else {}


def _value(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except (ValueError, TypeError, RecursionError):
        return None
