"""The learned templates of one crawl: read from the store with the first page of a site, written as they change."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from crawler import clock
from crawler.crawl.store_thread import StoreThread
from crawler.extract.templates.task import TemplateTask, TemplateUse
from crawler.extract.version import extractor
from crawler.profile import SiteProfile
from crawler.store import StoreError
from crawler.store.templates import StoredTemplate
from crawler.text import fingerprint

if TYPE_CHECKING:
    from crawler.extract.templates.site import SiteTemplate

logger = logging.getLogger(__name__)

_SAVE_EVERY = 50
"""Pages after which the record is saved, so that a crawl that is killed loses at most these. A template is saved when
it is learnt. Chosen by hand: one small write among as many articles costs nothing."""


class SiteTemplates:
    """Templates of the sites of one crawl: one site, or those of a replayed archive."""

    def __init__(self, store_thread: StoreThread, *, is_on: bool) -> None:
        self._thread = store_thread
        self._is_on = is_on
        self._sites: dict[str, SiteTemplate] = {}
        self._lock = threading.Lock()
        """Held while a site's template is read or changed: threads ask for tasks."""

        self._unsaved: dict[str, int] = {}

    async def decider(self, url: str, profile: SiteProfile) -> Callable[[], TemplateTask] | None:
        """What decides, when a worker is free for a page, what it does with it besides the extraction; None if nothing.
        It may be called in any thread. The profile's selector for the body wins."""
        if not self._is_on or "body" in profile.selectors:
            return None
        if profile.name not in self._sites:
            try:
                stored = await self._thread.call(self._thread.store.templates.get, profile.name)
            except StoreError:  # the crawl ends, see StoreThread
                return None
            self._sites.setdefault(profile.name, _site_of(stored, profile))
        return partial(self._task, profile.name, url)

    def _task(self, name: str, url: str) -> TemplateTask:
        with self._lock:
            return self._sites[name].task(url)

    async def record(self, use: TemplateUse, profile: SiteProfile) -> None:
        """Take in how a page was read."""
        site = self._sites[profile.name]
        before, problem = site.learnt, site.problem
        with self._lock:
            site.record(use, clock.now())
        self._unsaved[profile.name] = self._unsaved.get(profile.name, 0) + 1
        if site.learnt != before:
            logger.info("%s: learnt template %d", profile.name, site.learnt)
        elif site.problem != problem:
            logger.info("%s: no template: %s", profile.name, site.problem)
        elif self._unsaved[profile.name] < _SAVE_EVERY:
            return
        with contextlib.suppress(StoreError):  # the crawl ends, see StoreThread
            await self._save(profile.name)

    async def save(self) -> None:
        """Save what has changed. Raises StoreError."""
        for name in list(self._unsaved):
            await self._save(name)

    async def _save(self, name: str) -> None:
        self._unsaved.pop(name, None)
        await self._thread.call(self._thread.store.templates.save, stored_site(name, self._sites[name]))


def _site_of(stored: StoredTemplate | None, profile: SiteProfile) -> SiteTemplate:
    """What is stored, if it was learnt with the present program and profile."""
    from crawler.extract.templates.site import SiteTemplate  # heavy; a crawl without new pages needs none of it

    key = fingerprint(json.dumps([extractor(), sorted(profile.selectors.items())], default=str))
    empty = SiteTemplate(profile=key)
    if stored is None:
        return empty
    try:
        site = read_site(stored)
    except ValueError as error:
        logger.warning("%s: the stored template is damaged (%s); it is learnt again", profile.name, error)
        return empty
    return site if site.profile == key else SiteTemplate(profile=key, learnt=site.learnt, checks=site.checks)


def read_site(stored: StoredTemplate) -> SiteTemplate:
    """What is stored of a site. Raises ValueError if it is damaged."""
    from crawler.extract.templates.site import site_from_json

    return site_from_json(stored.template, stored.since, stored.given, stored.missed, stored.checks, stored.state)


def stored_site(name: str, site: SiteTemplate) -> StoredTemplate:
    """What is stored of a site."""
    from crawler.extract.templates.site import state_to_json

    return StoredTemplate(
        site=name,
        template=site.text,
        since=site.since if site.template else None,
        given=site.given,
        missed=json.dumps(dict(site.missed), ensure_ascii=False),
        checks=site.checks,
        state=state_to_json(site),
    )
