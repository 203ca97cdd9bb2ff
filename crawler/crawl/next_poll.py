"""The next look at a site, from what its profile allows and the store knows of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.profile import SiteProfile
from crawler.schedule.rhythm import HORIZON, after_failures, learn, next_look
from crawler.store import Store


def plan_next_look(
    store: Store, profile: SiteProfile, now: datetime, *, success: bool, bounds: tuple[timedelta, timedelta]
) -> datetime:
    """When the site is due again after a look that has just ended. `bounds`: shortest and longest interval, for a
    profile that names none of its own."""
    shortest = timedelta(minutes=profile.min_interval) if profile.min_interval is not None else bounds[0]
    longest = max(timedelta(minutes=profile.max_interval) if profile.max_interval is not None else bounds[1], shortest)
    if not success:
        state = store.sites.states().get(profile.name)
        return after_failures((state.failures if state else 0) + 1, now, shortest=shortest, longest=longest)
    rhythm = learn(store.sites.publications(profile.name, now - HORIZON), now, profile.timezone)
    planned = next_look(
        rhythm, now, shortest=shortest, longest=longest, window=store.channels.smallest_window(profile.name)
    )
    retry = store.next_attempt(profile.name, now)
    return max(min(planned, retry), now + shortest) if retry else planned


def is_due(next_look: datetime | None, now: datetime, longest: timedelta) -> bool:
    """Whether a site's time has come. One that lies further ahead than any interval was written by a wrong clock."""
    return next_look is None or next_look <= now or next_look > now + 2 * longest + timedelta(days=1)
