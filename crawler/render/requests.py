"""The requests of a page that is being rendered: answered by our own downloads, or refused."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response

from crawler.fetch.failures import reason_of
from crawler.fetch.onsite import PAGE_RESOURCE
from crawler.profile import SiteProfile

if TYPE_CHECKING:
    from playwright.async_api import Request as BrowserRequest
    from playwright.async_api import Route

logger = logging.getLogger(__name__)

_WANTED = frozenset({"script", "xhr", "fetch"})
_DATA = frozenset({"xhr", "fetch"})
_METHODS = frozenset({"GET", "POST"})

_MAX_REQUESTS = 100
"""Requests that a page may make besides its document. Chosen by hand: more than a page needs for its text."""

_SECONDS = 10
"""Seconds that a request of a page may take. Chosen by hand: a slow server of another host must not cost the page."""

_MAX_SCRIPT_BYTES = 20_000_000
"""Scripts that are kept for the next pages of the site. Chosen by hand; a site's own scripts have 1 to 5 MB."""

# Those of the browser that must reach the server. Cookies, language and user agent are those of all our requests.
_PASSED_ON = frozenset({"accept", "authorization", "content-type", "origin", "referer", "x-requested-with"})
# Those of the response that describe the connection or the compressed body.
_NOT_PASSED_BACK = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"})


class Scripts:
    """The scripts of a site, requested once a crawl."""

    def __init__(self) -> None:
        self._responses: dict[str, Response] = {}
        self._bytes = 0

    def get(self, url: str) -> Response | None:
        """The response that was kept for a URL."""
        return self._responses.get(url)

    def keep(self, url: str, response: Response) -> None:
        """Keep a response, if there is room."""
        if response.status == HTTPStatus.OK and self._bytes + len(response.body) <= _MAX_SCRIPT_BYTES:
            self._responses[url] = response
            self._bytes += len(response.body)


class PageRequests:
    """Answers the requests of one page."""

    def __init__(
        self,
        document: Response,
        profile: SiteProfile,
        download: Callable[[Request], Awaitable[Response]],
        scripts: Scripts,
    ) -> None:
        """`document`: the page as it was received; it is not requested again."""
        self.url = document.url
        self.failed = ""
        """The first URL of the site's own data that could not be requested, and why: the page is not complete."""

        self._document = document
        self._profile = profile
        self._download = download
        self._scripts = scripts
        self._pending: set[str] = set()
        self._requests = 0
        self._was_active = False
        self._is_document_sent = False
        self._has_ended = False

    @property
    def state(self) -> str:
        """What the page waits for, for a message."""
        return f"waiting for {min(self._pending)}" if self._pending else "its scripts still run"

    def take_activity(self) -> bool:
        """Whether a request is pending, or one was since the last call."""
        was_active, self._was_active = self._was_active, False
        return was_active or bool(self._pending)

    def end(self) -> None:
        """Refuse what is still asked for."""
        self._has_ended = True

    async def answer(self, route: Route) -> None:
        """Called by the browser for each request of the page."""
        from playwright.async_api import Error

        with contextlib.suppress(Error):  # the page was closed meanwhile
            await self._answer(route, route.request)

    async def _answer(self, route: Route, request: BrowserRequest) -> None:
        if request.is_navigation_request():
            if self._is_document_sent:  # a frame, or a script that leads elsewhere: the page stays
                await route.abort("aborted")
                return
            self._is_document_sent = True
            await _fulfil(route, self._document)
        elif request.resource_type == "stylesheet":
            # Empty, not refused: scripts wait for their style sheets, and some give up without them.
            await route.fulfill(status=200, content_type="text/css", body="")
        elif self._has_ended or not self._is_wanted(request):
            await route.abort("blockedbyclient")
        else:
            await self._send(route, request)

    def _is_wanted(self, request: BrowserRequest) -> bool:
        self._requests += 1
        return (
            request.resource_type in _WANTED
            and request.method in _METHODS
            # What changes something on other hosts, or reports to them, is not needed for a text.
            and (request.method == "GET" or self._profile.owns(request.url))
            and request.url.startswith(("http://", "https://"))
            and self._requests <= _MAX_REQUESTS
        )

    async def _send(self, route: Route, request: BrowserRequest) -> None:
        is_script = request.resource_type == "script"
        response = self._scripts.get(request.url) if is_script else None
        if response is None:
            self._pending.add(request.url)
            self._was_active = True
            try:
                response = await self._download(self._our_request(request))
            except Exception as error:  # robots.txt, a private address, a timeout: whatever prevents a request
                logger.info("not requested for %s: %s (%s)", self.url, request.url, error or type(error).__name__)
                is_data = request.resource_type in _DATA and self._profile.owns(request.url)
                if is_data and reason_of(error).is_transient:
                    self.failed = self.failed or f"{request.url} ({error or type(error).__name__})"
                await route.abort("failed")
                return
            finally:
                self._pending.discard(request.url)
                self._was_active = True
            if is_script:
                self._scripts.keep(request.url, response)
        await _fulfil(route, response)

    def _our_request(self, request: BrowserRequest) -> Request:
        return Request(
            self._profile.here(request.url),
            method=request.method,
            headers={name: value for name, value in request.headers.items() if name in _PASSED_ON},
            body=request.post_data_buffer or b"",
            meta={PAGE_RESOURCE: True, "max_retry_times": 0, "download_timeout": _SECONDS},
        )


async def _fulfil(route: Route, response: Response) -> None:
    headers = {
        name.decode("latin-1"): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
        if name.decode("latin-1").lower() not in _NOT_PASSED_BACK
    }
    await route.fulfill(status=response.status, headers=headers, body=response.body)
