"""The settings of plain spiders: Scrapy's defaults where ours are made for sites with a profile.

docs/plain_spiders.md lists which of ours hold for both.
"""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings, default_settings

from crawler.fetch.user_agent import set_user_agent
from crawler.scrapyext.spider_modules import is_plain
from crawler.settings import defaults, set_by_user

# What politeness and safety do not need. The others of crawler/settings.py hold for plain spiders as well.
_SCRAPYS = (
    "AUTOTHROTTLE_ENABLED",
    "AUTOTHROTTLE_START_DELAY",
    "CONCURRENT_ITEMS",
    "DEFAULT_REQUEST_HEADERS",
    "DOWNLOAD_TIMEOUT",
    "DOWNLOAD_WARNSIZE",
    "DUPEFILTER_CLASS",
    "METAREFRESH_MAXDELAY",
    "REDIRECT_MAX_TIMES",
    "RETRY_GIVE_UP_LOG_LEVEL",
    "SCHEDULER_MEMORY_QUEUE",
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE",
)
# Ours in place of Scrapy's, and Scrapy's that are off.
_MIDDLEWARES = (
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware",
    "crawler.fetch.meta_refresh.DeclaredMetaRefreshMiddleware",
    "scrapy.downloadermiddlewares.retry.RetryMiddleware",
    "crawler.fetch.retry.AnsweringHostsRetryMiddleware",
)


class PlainSpiderSettings:
    """Add-on. What the command line, the user's settings and the spider itself set takes precedence."""

    def __init__(self, crawler: Crawler) -> None:
        self._spider = crawler.spidercls

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy, after the spider's own `update_settings`."""
        if not is_plain(self._spider):
            return
        for name in _SCRAPYS:
            if name not in set_by_user and settings[name] == defaults[name]:
                settings.set(name, getattr(default_settings, name), priority="project")
        scrapys, middlewares = default_settings.DOWNLOADER_MIDDLEWARES_BASE, settings["DOWNLOADER_MIDDLEWARES_BASE"]
        for path in _MIDDLEWARES:
            middlewares[path] = scrapys.get(path)
        set_user_agent(settings)
