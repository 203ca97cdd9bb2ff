"""One site, one owner: a renamed profile does not crawl beside what is stored under its old name."""

from __future__ import annotations

from collections.abc import Collection

from crawler.home import program
from crawler.profile import SiteProfile
from crawler.store import Store


def renamed_site(profile: SiteProfile, names: Collection[str], store: Store) -> str | None:
    """Why a site must not be crawled: its channels were crawled for a site that has no profile any more; None if it
    may be. `names`: all sites that have a profile, valid or not."""
    if profile.moved_to:
        return None
    urls = [channel.url for channel in profile.channels()]
    former = sorted(store.channels.sites_with(urls, profile.home) - set(names))
    if not former:
        return None
    return (
        f"{profile.name}: not crawled: its channels were crawled as {former[0]}, which no longer has a profile; "
        f"run `{program()} rename-site {former[0]} {profile.name}`"
    )
