"""The pipelines between extraction and store, for pages that are extracted without a crawl."""

from __future__ import annotations

from collections.abc import Callable

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings, Settings
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.items import Article

Check = Callable[[Article], Article]
"""A pipeline's process_item; raises DropItem."""

# As they begin in ITEM_PIPELINES_BASE.
_CHECKS = ("pipelines.validate.", "pipelines.dedupe.")


def checks_of(settings: BaseSettings) -> list[Check]:
    """The pipelines validate and dedupe, loaded from the settings: the library does not import pipelines/."""
    pipelines = dict(settings.get_component_priority_dict_with_base("ITEM_PIPELINES"))
    crawler = Crawler(Spider, Settings(settings.copy_to_dict()))
    names = sorted((name for name in pipelines if name.startswith(_CHECKS)), key=lambda name: pipelines[name])
    return [build_from_crawler(load_object(name), crawler).process_item for name in names]
