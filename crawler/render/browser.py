"""The system's Chromium: one for all crawls of this process, started by the first page that needs it. It has no network
of its own (docs/decisions.md#the-browser-has-no-network-of-its-own)."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import shutil
from typing import TYPE_CHECKING

from crawler.extras import extra_missing
from crawler.fetch.failures import RenderUnavailable

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_NOWHERE = "http://127.0.0.1:9"
"""A proxy that does not exist (port 9 is `discard`): connections that the interception of requests does not see, such
as those of WebSockets, end there."""

_END_SECONDS = 10.0
"""How long the end of the browser may take. Chosen by hand."""

_FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-gpu",
    "--disable-quic",
    # Megabytes of objects that the scripts of a page may have. Chosen by hand: the pages of news sites need 20 to 80.
    "--js-flags=--max-old-space-size=256",
)


class Browser:
    """Starts Chromium when the first crawl opens a context, and ends it when the last one has left."""

    def __init__(self, executable: str, *, pages: int) -> None:
        """`executable`: path or name; empty to search the PATH. `pages`: how many may be rendered at a time."""
        self._executable = executable
        self._lock = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._users = 0
        self.turn = asyncio.Semaphore(pages)
        """Held by each page that is being rendered."""

    @property
    def version(self) -> str:
        """As `Chromium/150.0`; empty before the start."""
        return f"Chromium/{self._chromium.version}" if self._chromium is not None else ""

    async def join(self) -> None:
        """Count a crawl that uses the browser, which must `leave` it."""
        self._users += 1

    async def leave(self) -> None:
        """End the browser if no other crawl uses it."""
        async with self._lock:
            self._users -= 1
            if self._users == 0:
                await self._end()

    async def context(self, user_agent: str) -> BrowserContext:
        """A new context: without cookies, cache and permissions. Raises RenderUnavailable."""
        async with self._lock:
            if self._chromium is None or not self._chromium.is_connected():
                await self._end()
                await self._start()
            assert self._chromium is not None
            return await self._chromium.new_context(
                user_agent=user_agent, accept_downloads=False, service_workers="block", viewport=None, no_viewport=True
            )

    async def _start(self) -> None:
        if problem := why_not(self._executable):
            raise RenderUnavailable(problem)
        from playwright.async_api import Error, async_playwright

        self._playwright = await async_playwright().start()
        try:
            self._chromium = await self._playwright.chromium.launch(
                executable_path=find_chromium(self._executable),
                args=list(_FLAGS),
                proxy={"server": _NOWHERE, "bypass": "<-loopback>"},
                chromium_sandbox=os.geteuid() != 0,  # Chromium refuses to start with it as root
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except Error as error:
            await self._end()
            raise RenderUnavailable(f"Chromium cannot be started: {error.message.splitlines()[0]}") from error

    async def _end(self) -> None:
        chromium, playwright = self._chromium, self._playwright
        self._chromium = self._playwright = None
        with contextlib.suppress(Exception):  # either may have ended, as after Ctrl-C
            async with asyncio.timeout(_END_SECONDS):
                if chromium is not None and chromium.is_connected():
                    await chromium.close()
                if playwright is not None:
                    await playwright.stop()


def find_chromium(configured: str) -> str | None:
    """The path of the browser; None if there is none. `configured`: its path or name, empty to search the PATH."""
    return next(filter(None, map(shutil.which, (configured,) if configured else _NAMES)), None)


def why_not(configured: str) -> str | None:
    """What is missing for rendering, and how to install it; None if nothing is. `configured`: NEWS_CHROMIUM."""
    if importlib.util.find_spec("playwright") is None:
        return extra_missing("render", "Playwright")
    if find_chromium(configured) is not None:
        return None
    if configured:
        return f"NEWS_CHROMIUM={configured!r} is no program; give the path of Chromium or Chrome"
    return "this needs Chromium, and none is on the PATH; install it (apt install chromium) or set NEWS_CHROMIUM"
