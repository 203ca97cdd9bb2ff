"""Plan the next poll of a site from its profile and from what the store knows of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.profile import SiteProfile
from crawler.schedule.rhythm import HORIZON, fit, next_poll_time, poll_time_after_failures
from crawler.store import Store


def plan_next_poll(
    store: Store, profile: SiteProfile, now: datetime, *, success: bool, bounds: tuple[timedelta, timedelta]
) -> datetime:
    """When to poll the site again after a poll that has just ended. `bounds`: shortest and longest interval, for a
    profile without its own."""
    shortest = timedelta(minutes=profile.min_interval) if profile.min_interval is not None else bounds[0]
    longest = max(timedelta(minutes=profile.max_interval) if profile.max_interval is not None else bounds[1], shortest)
    if not success:
        state = store.sites.states().get(profile.name)
        return poll_time_after_failures((state.failures if state else 0) + 1, now, shortest=shortest, longest=longest)
    publishing = fit(store.sites.publications(profile.name, now - HORIZON), now, profile.timezone)
    planned = next_poll_time(
        publishing, now, shortest=shortest, longest=longest, window=store.channels.smallest_window(profile.name)
    )
    retry = store.next_attempt(profile.name, now)
    return max(min(planned, retry), now + shortest) if retry else planned


def is_due(next_look: datetime | None, now: datetime, longest: timedelta) -> bool:
    """Whether a site is due. A time further ahead than any interval was written while the clock was wrong."""
    return next_look is None or next_look <= now or next_look > now + 2 * longest + timedelta(days=1)
