"""What the commands share in which a person gives a URL: shell, fetch, view, parse.

Such a URL is requested whatever its address: who types the address of a test server wants its page. The check of
addresses holds for everything else, so for redirects and links of the page as well, and for crawls:
docs/decisions.md#an-address-that-is-typed-is-requested.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings
from scrapy.spiderloader import SpiderLoaderProtocol
from scrapy.utils.datatypes import SequenceExclude
from twisted.python.failure import Failure
from w3lib.url import is_url

from crawler.cli.check_settings import check_identity, check_settings
from crawler.crawl.arguments import ArgumentError, CrawlArguments
from crawler.fetch.failures import reason_of
from crawler.fetch.resolver import ADDRESSES
from crawler.fetch.user_agent import set_user_agent
from crawler.profile import ProfileError
from crawler.urls import origin_of

if TYPE_CHECKING:
    from crawler.crawl.trial import SiteSpider

ABOVE_SPIDERS = (SETTINGS_PRIORITIES["spider"] + SETTINGS_PRIORITIES["cmdline"]) // 2
"""Priority of a command's settings that no spider changes, and that -s changes."""

_SHOWN = 5
"""Names that a message lists at most. Chosen by hand."""

_LOCAL_SCHEMES = ("file", "data")
"""No crawl has handlers for them: a channel must not make us read files."""

ALL_BUT_REDIRECTS = SequenceExclude(range(300, 400))
"""The `handle_httpstatus_list` of a request whose response is shown whatever its status, after redirects."""

_REFUSED_REQUESTS = "crawler.crawl.plain_run.RefusedRequests"


def typed_url(text: str) -> str:
    """The URL of an argument. Raises UsageError for what is none."""
    if not is_url(text):
        raise UsageError("give one URL that begins with http://, https:// or file://", print_help=False)
    return checked_url(text)


def checked_url(url: str) -> str:
    """The URL itself. Raises UsageError for one that cannot be requested."""
    try:
        parts = urlsplit(Request(url).url)
        if parts.scheme in ("http", "https") and (parts.port == 0 or not parts.hostname):
            raise ValueError("it has no host" if not parts.hostname else "port 0")
    except ValueError as error:
        raise UsageError(f"{url}: is not a valid URL: {error}", print_help=False) from error
    return url


def allow_typed(url: str) -> None:
    """Let this process request the origin of a URL, whatever its address and site."""
    ADDRESSES.typed.add(origin_of(url))


def prepare_settings(settings: BaseSettings) -> None:
    """Set what all these commands need: files can be read, and a site learns who requests a page. Raises UsageError for
    a setting with an invalid value."""
    check_settings(settings)
    check_identity(settings)
    scrapys = default_settings.DOWNLOAD_HANDLERS_BASE
    handlers = {scheme: scrapys[scheme] for scheme in _LOCAL_SCHEMES} | settings.getdict("DOWNLOAD_HANDLERS")
    settings.set("DOWNLOAD_HANDLERS", handlers, priority=ABOVE_SPIDERS)
    set_user_agent(settings)
    # The command reports a missing response itself.
    settings.set("RETRY_GIVE_UP_LOG_LEVEL", "INFO", priority=ABOVE_SPIDERS)
    middlewares = settings.getdict("DOWNLOADER_MIDDLEWARES") | {_REFUSED_REQUESTS: None}
    settings.set("DOWNLOADER_MIDDLEWARES", middlewares, priority=ABOVE_SPIDERS)


def spider_for(loader: SpiderLoaderProtocol, url: str, name: str | None) -> type[Spider] | None:
    """The spider that is called `name`, else the one that owns the URL; None if none does. Raises UsageError for an
    unknown name, a broken profile, and several owners."""
    if name is None:
        owners = loader.find_by_request(Request(url))
        if len(owners) > 1:
            some = ", ".join(sorted(owners)[:_SHOWN])
            raise UsageError(f"{url} belongs to several sites ({some}); choose one with --spider", print_help=False)
        name = owners[0] if owners else None
    try:
        return loader.load(name) if name is not None else None
    except KeyError as error:
        raise UsageError(str(error.args[0]), print_help=False) from error


def with_start(spider: type[Spider], start: Callable[[Any], AsyncIterator[Any]]) -> type[Spider]:
    """The spider with other first requests. The class itself stays as it is."""
    # The module says whose spider it is: a plain one has Scrapy's settings.
    return type(spider.__name__, (spider,), {"start": start, "__module__": spider.__module__})


def check_arguments(spider: type[Spider], raw_arguments: dict[str, str]) -> None:
    """Raises UsageError for arguments (-a) that a site's spider does not take."""
    try:
        arguments = CrawlArguments.parse(raw_arguments)
        if arguments.url:
            cast("SiteSpider", spider).profile.at(arguments.url)
    except (ArgumentError, ProfileError) as error:
        raise UsageError(str(error), print_help=False) from error


def problem_of_failure(failure: Failure) -> str:
    """As `problem_of`, for the URL that was requested before any redirect."""
    request: Request = failure.request  # type: ignore[attr-defined]
    return problem_of(request.meta.get("redirect_urls", [request.url])[0], failure.value)


def problem_of(url: str, error: BaseException | None) -> str:
    """What prevented the response, in one sentence that says what to do."""
    reason = reason_of(error)
    if reason.code.startswith("robots_dis") or reason.code == "robots":
        return f"{url}: robots.txt forbids it; -s ROBOTSTXT_OBEY=0 requests it all the same"
    if reason.code == "private_address":
        target = reason.detail.removeprefix("robots.txt: ").split(" ")[0]
        return f"{url}: leads to {target}, on a private network; to request that page, give its own URL"
    return f"{url}: {reason.code.replace('_', ' ')}: {reason.detail}".rstrip(": ")
