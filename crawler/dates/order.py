"""Whether numeric dates have the month before the day, as other dates of the same page or site prove it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_NUMERIC = re.compile(r"(?<![\d/-])(\d\d?)([/-])(\d\d?)\2((?:19|20)\d\d)(?![\d/-])")


def proven_orders(text: str, day: tuple[int, int, int] | None = None) -> Iterator[bool]:
    """For each numeric date of a text that one order alone can be, whether the month is first.

    `day`: a year, month and day that one of the dates is known to be.
    """
    for match in _NUMERIC.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        readings = {True: (year, first, second), False: (year, second, first)}
        possible = [order for order, (_, month, of_month) in readings.items() if month <= 12 and of_month <= 31]
        if day in readings.values() and first != second:
            possible = [order for order in possible if readings[order] == day]
        if len(possible) == 1:
            yield possible[0]


def order_of_all(texts: Iterable[str]) -> bool | None:
    """Whether the month is first in all dates of these texts that prove an order; None if there is none or not one."""
    proven = {order for text in texts for order in proven_orders(text)}
    return proven.pop() if len(proven) == 1 else None
