"""Every profile is a spider: `rasid list` and `rasid crawl <site>` read sites/*.toml. A class in spiders/ with
`standalone = True` is not a site and needs no profile: it can be crawled, and is not listed."""

from __future__ import annotations

import builtins
import importlib
import logging
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object
from scrapy.utils.spider import iter_spider_classes

from crawler.home import program
from crawler.profile import SiteProfile
from crawler.profiles import read_profiles

logger = logging.getLogger(__name__)

_SPIDER = "spiders.news.NewsSpider"


class ProfileSpiderLoader:
    """Makes a spider class of each valid profile. A broken one is in `problems` by name and affects no other site."""

    def __init__(self, folder: Path, modules: builtins.list[str]) -> None:
        self.folder = folder
        self.profiles, self.problems = read_profiles(folder)
        self._modules = modules
        self._by_name: dict[str, type[Spider]] | None = None

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Called by Scrapy for every command."""
        return cls(Path(str(settings["NEWS_SITES"])), settings.getlist("SPIDER_MODULES"))

    def list(self) -> builtins.list[str]:
        """Names of all sites that can be crawled."""
        return sorted(self.profiles)

    def has(self, spider_name: str) -> bool:
        """Whether there is a profile with this name, broken or not, or a spider that needs none."""
        return spider_name in {*self.profiles, *self.problems} or spider_name in self._standalone_spiders()

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of a site. Raises KeyError with the problem if there is none."""
        if spider_name in self.problems:
            raise KeyError(self.problems[spider_name])
        if spider_name not in self.profiles:
            if spider_name in self._standalone_spiders():
                return self._standalone_spiders()[spider_name]
            raise KeyError(f"unknown site {spider_name}; `{program()} list` lists the sites")
        profile = self.profiles[spider_name]
        base = self._odd_spiders().get(spider_name) or load_object(_SPIDER)
        attributes = {"name": spider_name, "profile": profile, "custom_settings": settings_of(profile)}
        return type(f"{spider_name.title().replace('_', '')}Spider", (base,), attributes)

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """Names of the sites that the request's URL belongs to."""
        return [name for name, profile in self.profiles.items() if profile.owns(request.url)]

    def _odd_spiders(self) -> dict[str, type[Spider]]:
        """Classes in spiders/ for sites that a profile cannot describe, by name. A module that cannot be imported is
        left out."""
        return {name: spider for name, spider in self._classes().items() if not getattr(spider, "standalone", False)}

    def _standalone_spiders(self) -> dict[str, type[Spider]]:
        return {name: spider for name, spider in self._classes().items() if getattr(spider, "standalone", False)}

    def _classes(self) -> dict[str, type[Spider]]:
        if self._by_name is None:
            modules = [module for package in self._modules for module in _importable_modules(package)]
            self._by_name = {spider.name: spider for module in modules for spider in iter_spider_classes(module)}
        return self._by_name


def _importable_modules(package: str) -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        try:
            yield importlib.import_module(info.name)
        except Exception:
            logger.exception(
                "%s cannot be imported; sites with a spider in it are crawled by the generic spider", info.name
            )


def settings_of(profile: SiteProfile) -> dict[str, Any]:
    """Scrapy's settings in which a profile differs from crawler/settings.py."""
    settings: dict[str, Any] = {}
    if profile.delay is not None:
        settings |= {"DOWNLOAD_DELAY": profile.delay, "AUTOTHROTTLE_START_DELAY": profile.delay}
    if not profile.cookies:
        settings["COOKIES_ENABLED"] = False
    if not profile.verify_certificates:
        settings["DOWNLOAD_VERIFY_CERTIFICATES"] = False
    if profile.render:
        # Otherwise the pages that are fetched meanwhile would delay each request of a page that is being rendered.
        settings["CONCURRENT_REQUESTS"] = 1
    return settings
