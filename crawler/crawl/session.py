"""The session of a site that asks for a login: begun before the first request, and renewed when it has ended midway."""

from __future__ import annotations

import asyncio
import logging
from contextvars import ContextVar
from inspect import isawaitable
from typing import Protocol, Self, runtime_checkable

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from crawler.fetch.failures import FetchFailed, LoggedOut, LoginFailed
from crawler.fetch.onsite import ROBOTS_REQUEST

logger = logging.getLogger(__name__)

_IS_LOGIN, _LOGINS, _TIMES = "is_login", "logins", "times_after_login"
"""Keys of a request's meta: the login that it is part of, the number of logins before it, how often it was repeated."""

_MAX_LOGINS, _MAX_TIMES = 10, 2
"""Logins of one crawl, and how often a request is sent again. Chosen by hand: a page may ask for a login that the user
does not have, and the session may end once more while a request waits for its turn."""

_CURRENT: ContextVar[object] = ContextVar("current_login", default=None)
"""The login that runs in this context, so that its requests do not wait for it."""


@runtime_checkable
class SessionSpider(Protocol):
    """A spider that can log in."""

    async def log_in(self) -> None:
        """Begin a session."""

    def is_logged_out(self, response: Response) -> bool:
        """Whether a response shows that there is no session."""


def mark_login(request: Request) -> Request:
    """The request, marked if `log_in` sends it."""
    if (login := _CURRENT.get()) is not None:
        request.meta[_IS_LOGIN] = login
    return request


class SessionMiddleware:
    """Downloader middleware: no request of a spider with `log_in` is sent before that has ended, but its own ones and
    those for robots.txt. When a response shows that the session has ended, there is one login for all requests that
    were under way, and each of them is sent once more."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._logins = 0
        self._works = False
        """Whether a page was received in the present session."""

        self._login: asyncio.Future[None] | None = None
        self._running: object = None
        """The login that runs now. Contexts are inherited by what is started in them, and outlive it."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the session. Raises LoginFailed, CrawlStopped."""
        spider = self._spider_of(request)
        if spider is not None:
            if self._login is None:
                self._begin(spider)
            await self._session()
            if "redirect_urls" not in request.meta:  # else it belongs to the session in which the first one was sent
                request.meta[_LOGINS] = self._logins

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """The response; or its request once more, in a new session. Raises LoggedOut, LoginFailed, CrawlStopped."""
        spider = self._spider_of(request)
        is_present = request.meta.get(_LOGINS) == self._logins
        if spider is None or not spider.is_logged_out(_as_text(response)):
            self._works = self._works or (spider is not None and is_present)
            return response
        times = request.meta.get(_TIMES, 0)
        if is_present:  # else another response has shown before that the session had ended
            if not self._works and not times:
                # A wrong password. One attempt only: sites lock accounts after a few.
                self._fail(f"{response.url} asks for a login right after one")
            elif times >= _MAX_TIMES or self._logins >= _MAX_LOGINS:
                raise LoggedOut(f"{response.url} asks for a login, also right after one")
            else:
                logger.info("the session has ended (%s); logging in again", response.url)
                self._begin(spider)
        await self._session()
        meta = {name: value for name, value in request.meta.items() if not name.startswith("redirect_")}
        url = request.meta.get("redirect_urls", [request.url])[0]
        return request.replace(url=url, meta={**meta, _TIMES: times + 1}, dont_filter=True)

    def _spider_of(self, request: Request) -> SessionSpider | None:
        """The spider, if the request needs its session."""
        spider = self._crawler.spider
        login = request.meta.get(_IS_LOGIN)
        if request.meta.get(ROBOTS_REQUEST) or not isinstance(spider, SessionSpider):
            return None
        return None if login is not None and login is self._running else spider

    def _begin(self, spider: SessionSpider) -> None:
        self._logins += 1
        self._works = False
        self._login = asyncio.ensure_future(self._log_in(spider))

    def _fail(self, reason: str) -> None:
        """All requests are to fail."""
        self._login = asyncio.get_running_loop().create_future()
        self._login.set_exception(LoginFailed(reason))

    async def _session(self) -> None:
        assert self._login is not None
        await asyncio.shield(self._login)

    async def _log_in(self, spider: SessionSpider) -> None:
        """Raises LoginFailed, and what a request of it raised."""
        self._running = object()
        _CURRENT.set(self._running)  # for this task and those that it starts
        try:
            result = spider.log_in()
            if isawaitable(result):  # it may be a plain method
                await result
        except FetchFailed as error:
            if error.reason.status is None:  # the host is down, the crawl was stopped: that is the reason
                raise error.__cause__ or error from error
            raise LoginFailed(str(error)) from error
        except LoginFailed:
            raise
        except Exception as error:
            logger.exception("log_in raised")
            raise LoginFailed(f"{type(error).__name__}: {error}") from error
        finally:
            self._running = None


def _as_text(response: Response) -> Response:
    """The response with `text` and `css`, which that of a picture or an archive lacks: any may be asked about."""
    return response if isinstance(response, TextResponse) else response.replace(cls=TextResponse)
