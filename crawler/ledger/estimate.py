"""How many articles no channel named, estimated from the overlap of the channels (capture and recapture).

An article is "captured" by each kind of channel that lists it. Channels of one kind count as one: the feeds of two
sections never list the same article, and that says nothing about what both miss.

The estimator is that of Chao for occasions that differ in how much they capture: model Mt in "Estimating population
size for sparse data in capture-recapture experiments", Biometrics 45, 1989. For two kinds it is that of Chapman (1951).
The interval is on a logarithmic scale, as in Chao's paper of 1987, Biometrics 43.

Assumptions: the channels list independently of each other, each article as likely as any other, and no article left
all channels before a poll. Editors who choose what goes into several channels break the first one: the estimate is then
too low. It is a lower bound rather than a count.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

_NORMAL_95 = 1.96

_MOST_OF_NONE = -math.log(0.025)
"""The largest mean of a Poisson count that is 0 in 2.5 % of the cases: what may stand behind a count of none."""


@dataclass(frozen=True, slots=True)
class Unnamed:
    """The articles that no channel named: an estimate with its 95 % interval, in articles."""

    kinds: tuple[str, ...]
    """The kinds of channels that were compared, two or more."""

    estimate: float
    low: float
    high: float


def estimate_unnamed(overlap: Mapping[frozenset[str], int]) -> Unnamed | None:
    """The estimate for articles of which each was announced by channels of just the kinds of its key. None if fewer
    than two kinds announced any: there is nothing to compare."""
    kinds = tuple(sorted(frozenset[str]().union(*(key for key, pages in overlap.items() if pages))))
    if len(kinds) < 2:
        return None
    alone = Counter({kind: overlap.get(frozenset({kind}), 0) for kind in kinds})
    by_two = sum(pages for key, pages in overlap.items() if len(key) == 2)
    singles = alone.total()
    # Pairs of articles that different kinds announced alone, for each article that just two announced.
    estimate = sum((singles - pages) * pages for pages in alone.values()) / 2 / (by_two + 1)
    if estimate == 0:
        # One kind contains the others, or all agree: none of the others' own was seen, and a few may exist.
        return Unnamed(kinds, 0.0, 0.0, _MOST_OF_NONE * max(singles, 1) / (by_two + 1))
    # The counts vary as Poisson counts do, and so does the number of those that were missed.
    variance = estimate + by_two * (estimate / (by_two + 1)) ** 2
    variance += sum(pages * ((singles - pages) / (by_two + 1)) ** 2 for pages in alone.values())
    factor = math.exp(_NORMAL_95 * math.sqrt(math.log(1 + variance / estimate**2)))
    return Unnamed(kinds, estimate, estimate / factor, estimate * factor)
