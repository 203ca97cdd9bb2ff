"""How we introduce ourselves to a site."""

from __future__ import annotations

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from crawler import __version__

_PRIORITY = "command"
"""Above the default, to which Scrapy's runner sets the settings of a crawler back; below the add-ons, which come
later."""


def set_user_agent(settings: BaseSettings) -> None:
    """Set the User-Agent header, unless the user has set USER_AGENT anywhere: product token, version and whom to write
    to, in the form that large search engines use, because some servers refuse every other form."""
    if (settings.getpriority("USER_AGENT") or 0) <= SETTINGS_PRIORITIES[_PRIORITY]:
        agent = f"Mozilla/5.0 (compatible; Rasid/{__version__}; +{settings['NEWS_CONTACT']})"
        settings.set("USER_AGENT", agent, priority=_PRIORITY)
