"""What the settings configure: the store, its clock check, the policy of rechecks, the poll intervals."""

from __future__ import annotations

from datetime import timedelta

from scrapy.settings import BaseSettings

from crawler import clock
from crawler.fetch.throttle import Throttle
from crawler.schedule.revisit import RevisitPolicy
from crawler.store import Store, StoreError
from crawler.user_settings import parts_of


def open_store(settings: BaseSettings, *, create: bool = True) -> Store:
    """The store that the settings name. Raises StoreError."""
    return Store(
        settings["NEWS_DB"],
        timeout=settings.getfloat("NEWS_DB_TIMEOUT"),
        policy=revisit_policy(settings),
        boilerplate_pages=settings.getint("NEWS_BOILERPLATE_PAGES"),
        create=create,
    )


def check_clock(store: Store, settings: BaseSettings) -> str | None:
    """Correct the times that a clock which was ahead wrote in earlier runs; a sentence about it, None if there are
    none. Raises StoreError if the present clock is behind them: all times would be written wrong."""
    slack, now = settings.getfloat("NEWS_CLOCK_HOURS"), clock.now()
    future = store.future_times.find(now)
    if future is None:
        return None
    if future.are_wrong or not slack:
        count = store.future_times.correct(now)
        return (
            f"the clock was ahead in an earlier crawl, up to {future.newest:%Y-%m-%d %H:%M} UTC: {count} times after "
            f"the present were set to it, {now:%Y-%m-%d %H:%M} UTC"
        )
    if future.newest - now > timedelta(hours=slack):
        raise StoreError(
            f"the clock shows {now:%Y-%m-%d %H:%M} UTC, but {store.path} has crawls up to "
            f"{future.newest:%Y-%m-%d %H:%M} UTC; set the clock, or use -s NEWS_CLOCK_HOURS=0 once if it is right"
        )
    return None


def interval_bounds(settings: BaseSettings) -> tuple[timedelta, timedelta]:
    """The shortest and the longest interval between two polls of a site."""
    return (
        timedelta(minutes=settings.getfloat("NEWS_MIN_INTERVAL")),
        timedelta(minutes=settings.getfloat("NEWS_MAX_INTERVAL")),
    )


def revisit_policy(settings: BaseSettings) -> RevisitPolicy:
    """When pages are requested again. Raises ValueError for ages that are not numbers."""
    hours = sorted(float(age) for age in parts_of(settings["NEWS_RECHECK_HOURS"]))
    return RevisitPolicy(
        max_attempts=settings.getint("NEWS_MAX_ATTEMPTS"),
        first_retry=timedelta(minutes=settings.getfloat("NEWS_RETRY_MINUTES")),
        young=timedelta(days=settings.getfloat("NEWS_YOUNG_DAYS")),
        robots_wait=timedelta(days=settings.getfloat("NEWS_ROBOTS_WAIT_DAYS")),
        recheck_ages=tuple(timedelta(hours=age) for age in hours),
    )


def make_throttle(settings: BaseSettings) -> Throttle:
    """The state of all hosts, for one process."""
    return Throttle(
        max_crawl_delay=settings.getfloat("NEWS_MAX_CRAWL_DELAY"),
        max_retry_after=settings.getfloat("NEWS_MAX_RETRY_AFTER_HOURS") * 3600,
    )
