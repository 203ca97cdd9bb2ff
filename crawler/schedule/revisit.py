"""When a page is asked again: soon and then ever later, after a failure as well as to see whether it was changed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

# Of ten second looks at articles, one finds a changed text: what is assumed of a site until it has shown its own share.
_USUAL_SHARE = 0.1
_USUAL_LOOKS = 10
# A site that corrects much is looked at in half the time, one that corrects nothing in four times the time.
_SOONEST, _LATEST = 0.5, 4.0


@dataclass(frozen=True, kw_only=True, slots=True)
class RevisitPolicy:
    """The settings behind it."""

    max_attempts: int = 10
    """Requests that a page gets while its failures look passing."""

    first_retry: timedelta = timedelta(minutes=10)
    longest_retry: timedelta = timedelta(days=1)
    look_ages: tuple[timedelta, ...] = ()
    """Ages of an article at which it is looked at again; ascending, none: never."""

    def retry_at(
        self, failures: int, now: datetime, *, chance: Callable[[float, float], float] = random.uniform
    ) -> datetime:
        """When to try again after so many failures in a row: three times as long after each, a quarter more or less,
        so that what failed together does not come back together."""
        wait = min(self.first_retry * 3.0 ** min(failures - 1, 12), self.longest_retry)
        return now + wait * chance(0.75, 1.25)

    def look_at(self, born: datetime, now: datetime, pace: float = 1.0) -> datetime | None:
        """When an article is looked at next; None: never again. `born`: its publication. `pace`: see `look_pace`."""
        ages = (age * pace for age in self.look_ages)
        return next((born + age for age in ages if age <= self.look_ages[-1] and born + age > now), None)


def look_pace(looks: int, corrections: int) -> float:
    """What the ages of second looks are multiplied by, given how many looks at a site found a changed text."""
    share = (corrections + _USUAL_SHARE * _USUAL_LOOKS) / (looks + _USUAL_LOOKS)
    return min(max(_USUAL_SHARE / share, _SOONEST), _LATEST)
