"""What a profile sets for its site: below the settings of the site's own spider class, above those of the project."""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.settings import BaseSettings

from crawler.environment import with_variables
from crawler.profile import SiteProfile

PRIORITY = 25
"""Between Scrapy's priorities `project` (20) and `spider` (30):
docs/decisions.md#the-settings-of-a-profile-are-below-those-of-its-class"""


class OfProfile(Spider):
    """Base of the spider of each site, before the site's own class: applies the profile first, so that whatever
    `custom_settings` and `update_settings` of the class say takes precedence."""

    profile: SiteProfile

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Called by Scrapy."""
        apply_profile(settings, cls.profile)
        super().update_settings(settings)


def apply_profile(settings: BaseSettings, profile: SiteProfile) -> None:
    """Set what a profile says. A table adds to what is set. Raises KeyError for a variable that is not set."""
    for name, value in _settings_of(profile).items():
        now = settings[name]
        is_table = isinstance(value, dict) and isinstance(now, dict | BaseSettings)
        settings.set(name, {**now, **value} if is_table else value, priority=PRIORITY)


def _settings_of(profile: SiteProfile) -> dict[str, Any]:
    """Scrapy's settings in which a profile differs from crawler/settings.py."""
    settings: dict[str, Any] = {}
    if profile.delay is not None:
        settings |= {"DOWNLOAD_DELAY": profile.delay, "AUTOTHROTTLE_START_DELAY": profile.delay}
    if profile.cookies is not True:
        settings["COOKIES_ENABLED"] = bool(profile.cookies)
    if profile.user_agent is not None:
        settings["USER_AGENT"] = with_variables(profile.user_agent)
    if not profile.verify_certificates:
        settings["DOWNLOAD_VERIFY_CERTIFICATES"] = False
    if profile.render:
        # Otherwise the pages that are fetched meanwhile would delay each request of a page that is being rendered.
        settings["CONCURRENT_REQUESTS"] = 1
    own = {name: with_variables(value) if isinstance(value, str) else value for name, value in profile.settings.items()}
    return settings | own
