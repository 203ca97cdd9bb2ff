"""When a site is polled next, from what its profile allows and what the store knows of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.profile import SiteProfile
from crawler.schedule.rhythm import HORIZON, fit, next_poll_time, poll_time_after_failures
from crawler.store import Store


def finish_poll(
    store: Store,
    profile: SiteProfile,
    now: datetime,
    *,
    success: bool,
    bounds: tuple[timedelta, timedelta],
    rounds: int = 1,
    has_unread: bool = False,
) -> None:
    """Record a poll that has just ended, and when the next one is due, and close days of the ledger. `success`: whether
    a channel could be used. `bounds`: shortest and longest interval, for a profile without its own. `rounds`: the polls
    in which each of its channels has its turn. `has_unread`: whether some have never had it."""
    next_poll = plan_next_poll(
        store, profile, now, success=success, bounds=bounds, rounds=rounds, has_unread=has_unread
    )
    store.sites.record_poll(profile.name, now, success=success, next_poll=next_poll)
    if success:
        store.ledger.close_days(profile.name, now)


def plan_next_poll(
    store: Store,
    profile: SiteProfile,
    now: datetime,
    *,
    success: bool,
    bounds: tuple[timedelta, timedelta],
    rounds: int = 1,
    has_unread: bool = False,
) -> datetime:
    """When the site is due after a poll that has just ended; arguments as in `finish_poll`."""
    shortest = timedelta(minutes=profile.min_interval) if profile.min_interval is not None else bounds[0]
    longest = max(timedelta(minutes=profile.max_interval) if profile.max_interval is not None else bounds[1], shortest)
    if not success:
        state = store.sites.state(profile.name)
        return poll_time_after_failures((state.failures if state else 0) + 1, now, shortest=shortest, longest=longest)
    if has_unread:
        return now + shortest
    is_read = any(channel.url == profile.home for channel in profile.channels())
    # The home page may have been read once, as a witness: it is not a channel.
    window = store.channels.smallest_window(profile.name, without="" if is_read else profile.home)
    publishing = fit(store.sites.publications(profile.name, now - HORIZON), now, profile.timezone)
    planned = next_poll_time(
        publishing, now, shortest=shortest, longest=longest, window=window and max(window // rounds, 1)
    )
    retry = store.pages.next_attempt(profile.name, now)
    return max(min(planned, retry), now + shortest) if retry else planned


def is_due(next_poll: datetime | None, now: datetime, longest: timedelta) -> bool:
    """Whether a site is due. A time further ahead than any interval was written under a wrong clock."""
    return next_poll is None or next_poll <= now or next_poll > now + 2 * longest + timedelta(days=1)
