"""The pipelines between extraction and store, for pages that are extracted without a crawl."""

from __future__ import annotations

from collections.abc import Callable

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings, Settings
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.items import Article
from crawler.profile import SiteProfile

Check = Callable[[Article], Article]
"""A pipeline's process_item; raises DropItem."""

# As they begin in ITEM_PIPELINES_BASE.
_CHECKS = ("pipelines.validate.", "pipelines.dedupe.")


class SiteChecks:
    """The pipelines validate and dedupe, loaded from the settings: the library does not import pipelines/. A profile
    may change settings of ours for its site, such as the length of an article."""

    def __init__(self, settings: BaseSettings) -> None:
        self._settings = settings
        self._made: dict[str, list[Check]] = {}

    def of(self, profile: SiteProfile | None) -> list[Check]:
        """The checks of a site, in their order; None for a page of no known site."""
        # The others are for requests, and may need variables of the environment.
        own = {name: value for name, value in (profile.settings if profile else {}).items() if name.startswith("NEWS_")}
        key = repr(sorted(own.items()))
        if key not in self._made:
            settings = Settings(self._settings.copy_to_dict())
            settings.setdict(own)
            self._made[key] = _checks_of(settings)
        return self._made[key]


def _checks_of(settings: Settings) -> list[Check]:
    pipelines = dict(settings.get_component_priority_dict_with_base("ITEM_PIPELINES"))
    names = [name for name in pipelines if isinstance(name, str) and name.startswith(_CHECKS)]
    crawler = Crawler(Spider, settings)
    return [
        build_from_crawler(load_object(name), crawler).process_item for name in sorted(names, key=pipelines.__getitem__)
    ]
