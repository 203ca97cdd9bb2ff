"""How we introduce ourselves to a site."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from crawler import __version__


def user_agent(settings: BaseSettings) -> str:
    """The User-Agent header: product token, version and whom to write to, in the form that large search engines use,
    because some servers refuse every other form."""
    return f"Mozilla/5.0 (compatible; Rasid/{__version__}; +{settings['NEWS_CONTACT']})"
