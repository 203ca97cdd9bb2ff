"""Find the site of an archived page: its profile decides how the page is extracted."""

from __future__ import annotations

from crawler.archive.reader import ArchivedPage
from crawler.profile import SiteProfile
from crawler.urls import host_of, origin_of


class SiteOfPage:
    """Finds the profile of a page. A page of an unknown site gets a minimal profile with the name of its host."""

    def __init__(self, profiles: dict[str, SiteProfile]) -> None:
        self._profiles = profiles
        self._by_origin: dict[str, SiteProfile] = {}

    def has(self, name: str) -> bool:
        """Whether there is a valid profile with this name."""
        return name in self._profiles

    def find(self, page: ArchivedPage) -> SiteProfile:
        """The profile that the page was crawled with, else the one that owns its URL, else a minimal one."""
        profile = self._profiles.get(page.site or "")
        if profile is not None:
            return profile if profile.owns(page.url) else profile.at(page.url)
        origin = origin_of(page.url)
        if origin not in self._by_origin:
            self._by_origin[origin] = self._owner(page.url)
        return self._by_origin[origin]

    def _owner(self, url: str) -> SiteProfile:
        owner = next((profile for profile in self._profiles.values() if profile.owns(url)), None)
        if owner is not None:
            return owner
        host = host_of(url).removeprefix("www.")
        return SiteProfile(name=host, title=host, url=origin_of(url) + "/")
