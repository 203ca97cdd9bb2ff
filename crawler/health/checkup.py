"""The health of all sites: what the store knows of them, judged by the rules beside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crawler.health.finding import Complaint
from crawler.health.pages import judge_pages
from crawler.health.reach import reach
from crawler.health.silence import silence
from crawler.profile import SiteProfile
from crawler.store import Store
from crawler.store.history import SiteHistory
from crawler.store.sites import SiteState


def examine_sites(store: Store, profiles: Iterable[SiteProfile], now: datetime) -> list[Complaint]:
    """What is wrong with these sites, by name."""
    states = store.sites.states()
    return [
        complaint
        for profile in sorted(profiles, key=lambda profile: profile.name)
        for complaint in examine(profile, states.get(profile.name), store.history.site(profile.name, now), now)
    ]


def new_complaints(
    store: Store, profiles: Iterable[SiteProfile], now: datetime
) -> tuple[list[Complaint], list[Complaint]]:
    """What is wrong with these sites, and of that what was not said within a day."""
    profiles = list(profiles)
    found = examine_sites(store, profiles, now)
    told = []
    for profile in profiles:
        of_site = {c.rule: c for c in found if c.site == profile.name}
        due = store.complaints.note(profile.name, [(rule, c.sentence) for rule, c in of_site.items()], now)
        told += [of_site[rule] for rule in due]
    return found, told


def examine(profile: SiteProfile, state: SiteState | None, history: SiteHistory, now: datetime) -> list[Complaint]:
    """What is wrong with a site; nothing, if it is what it was or has not yet shown what it is."""
    return [
        *reach(profile, state, history, now),
        *judge_pages(profile, history.runs, now),
        *silence(profile, history, now),
    ]
