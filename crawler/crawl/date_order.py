"""The order of day and month in a site's numeric dates, as its stored articles prove it."""

from __future__ import annotations

from dataclasses import replace

from crawler.dates.order import order_of_all
from crawler.profile import SiteProfile
from crawler.store import Store


def with_proven_order(profile: SiteProfile, store: Store) -> SiteProfile:
    """The profile with the order that the printed dates of the site's last articles prove, if it gives none itself.

    3/5/2024 can be read in two ways; 3/25/2024 on another page of the site cannot. Raises StoreError.
    """
    if profile.dates is not None:
        return profile
    is_month_first = order_of_all(store.articles.printed_dates(profile.name))
    return profile if is_month_first is None else replace(profile, dates="mdy" if is_month_first else "dmy")
