"""A spider that sets what its profile sets too."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from spiders.news import NewsSpider


class HastySpider(NewsSpider):
    """For the profile `hasty`."""

    name = "hasty"
    custom_settings = {"DOWNLOAD_DELAY": 0.5, "COOKIES_ENABLED": True}  # noqa: RUF012  # as in Scrapy's documentation

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Sets one more."""
        super().update_settings(settings)
        settings.set("DOWNLOAD_TIMEOUT", 7, priority="spider")
