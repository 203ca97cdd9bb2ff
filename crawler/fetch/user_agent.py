"""How we introduce ourselves to a site."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from crawler import __version__


def user_agent(settings: BaseSettings) -> str:
    """The User-Agent header: name, version and whom to write to."""
    return f"Rasid/{__version__} (+{settings['NEWS_CONTACT']})"
