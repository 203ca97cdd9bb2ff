"""Render pages of one site: each in a page of its own, in a context that is replaced after some pages."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response

from crawler.fetch.failures import RenderFailed
from crawler.profile import SiteProfile
from crawler.render.browser import Browser
from crawler.render.requests import PageRequests, Scripts

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

RENDERED = "X-Archive-Rendered"
"""Header of a rendered response, with the browser: the archive shows by it that the body is not what was sent."""

_PAGES_OF_CONTEXT = 50
"""Pages after which a context is replaced, because what it keeps grows. Chosen by hand."""

_QUIET_SECONDS, _POLL_SECONDS = 0.5, 0.05
"""A page is finished when it has requested nothing for so long. Chosen by hand: scripts that show their data wait for
an animation frame or two (0.03 s), some for a timer of 0.1 to 0.3 s."""

_CLOSE_SECONDS = 5.0
"""How long a page may take to close. Chosen by hand."""

_SCROLLS = 3
"""How often the list of a section page is scrolled to its end for more. Chosen by hand: what a list adds in an hour
between two polls is in its first screens."""

# Headers that are not true of the rendered document. The validators are the shell's, which is often the same for all.
_NOT_OF_THE_RENDERED = ("ETag", "Last-Modified", "Content-Length", "Content-Encoding", "Content-Security-Policy")


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderLimits:
    """Bounds of one page."""

    seconds: float
    """From the start of the page to its rendered document; the waits for the host's delay are part of it."""

    max_bytes: int
    """Of the rendered document; 0 for no limit."""


class Renderer:
    """The pages of one crawl."""

    def __init__(
        self,
        browser: Browser,
        profile: SiteProfile,
        download: Callable[[Request], Awaitable[Response]],
        *,
        user_agent: str,
        limits: RenderLimits,
    ) -> None:
        """`download`: sends a request with the robots.txt, delay and address check of all others."""
        self._browser = browser
        self._profile = profile
        self._download = download
        self._user_agent = user_agent
        self._limits = limits
        self._scripts = Scripts()
        self._context: BrowserContext | None = None
        self._rendered = 0
        self._has_joined = False

    async def render(self, response: Response, *, is_list: bool) -> Response:
        """The response with the document as it is when the page's scripts have run, in UTF-8. A list is scrolled for
        more. Raises RenderUnavailable, RenderFailed."""
        from playwright.async_api import Error

        if not self._has_joined:
            self._has_joined = True
            await self._browser.join()
        async with self._browser.turn:
            requests = PageRequests(response, self._profile, self._download, self._scripts)
            page = None
            try:
                async with asyncio.timeout(self._limits.seconds):
                    page = await self._new_page()
                    html = await self._document(page, requests, is_list=is_list)
            except TimeoutError as error:
                raise RenderFailed(f"not finished after {self._limits.seconds:g} s, {requests.state}") from error
            except Error as error:
                raise RenderFailed(f"the browser gave no page: {error.message.splitlines()[0]}") from error
            finally:
                requests.end()
                if page is not None:
                    await self._close(page)
        return self._as_response(response, html)

    async def close(self) -> None:
        """Leave the browser; must be called once when the crawl ends."""
        await self._close_context()
        if self._has_joined:
            await self._browser.leave()

    async def _new_page(self) -> Page:
        if self._context is not None and self._rendered >= _PAGES_OF_CONTEXT:
            await self._close_context()
        if self._context is None:
            self._context = await self._browser.context(self._user_agent)
            self._rendered = 0
            # What belongs to no page of ours, such as windows that a page opens; a page's own route has precedence.
            await self._context.route("**/*", lambda route: route.abort("aborted"))
            await self._context.route_web_socket("**/*", lambda socket: socket.close())
        self._rendered += 1
        return await self._context.new_page()

    async def _document(self, page: Page, requests: PageRequests, *, is_list: bool) -> str:
        await page.route("**/*", requests.answer)
        await page.goto(requests.url, wait_until="domcontentloaded", timeout=0)
        await self._quiet(requests)
        links = -1
        for _ in range(_SCROLLS if is_list else 0):
            # The number changes when a further part of the list was added.
            if (now := await page.evaluate("document.links.length")) == links:
                break
            links = now
            await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
            await self._quiet(requests)
        if requests.failed:
            raise RenderFailed(f"{requests.failed} was not sent to the page")
        return await page.content()

    @staticmethod
    async def _quiet(requests: PageRequests) -> None:
        """Return when the page has requested nothing for a moment."""
        quiet = 0.0
        while quiet < _QUIET_SECONDS:
            await asyncio.sleep(_POLL_SECONDS)
            quiet = 0.0 if requests.take_activity() else quiet + _POLL_SECONDS

    def _as_response(self, response: Response, html: str) -> Response:
        body = html.encode("utf-8", "replace")
        if 0 < self._limits.max_bytes < len(body):
            raise RenderFailed(f"the rendered document has {len(body)} bytes, more than DOWNLOAD_MAXSIZE")
        headers = response.headers.copy()
        for name in _NOT_OF_THE_RENDERED:
            headers.pop(name, None)
        headers["Content-Type"] = "text/html; charset=utf-8"
        headers[RENDERED] = self._browser.version
        return response.replace(body=body, headers=headers, encoding="utf-8")

    async def _close(self, page: Page) -> None:
        """Close a page; one that does not react is ended with its context."""
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await page.close()
        except Exception:  # a page that loops, a browser that has crashed
            await self._close_context()

    async def _close_context(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            with contextlib.suppress(Exception):  # the browser may have ended, and takes its contexts with it
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await context.close()
