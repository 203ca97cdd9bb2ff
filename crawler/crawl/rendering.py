"""Pages that a request asks to have rendered, between the download and the spider."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from crawler.crawl.context import context_of
from crawler.crawl.shutdown import shutdown_of
from crawler.fetch.capture import CONTENT_ENCODING
from crawler.fetch.failures import RenderUnavailable
from crawler.render import Renderer, RenderLimits

RENDER = "render"
"""Key of a request's meta: `page`, or `list` for one that is scrolled for more."""

RenderKind = Literal["page", "list"]


class RenderMiddleware:
    """Downloader middleware, the last one that sees a response. The request counts as one in progress until the page is
    rendered, so that no other is sent meanwhile."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._renderer: Renderer | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        return middleware

    async def process_response(self, request: Request, response: Response) -> Response:
        """The rendered page; the response itself if it is none, or was not to be rendered. Raises RenderUnavailable,
        RenderFailed, CrawlStopped."""
        kind: RenderKind | None = request.meta.get(RENDER)
        if kind is None or response.status != HTTPStatus.OK or not isinstance(response, HtmlResponse):
            return response
        if self._renderer is None:
            self._renderer = self._new_renderer()
        rendering = self._renderer.render(response, is_list=kind == "list")
        rendered = await shutdown_of(self._crawler).limit(rendering)
        self._crawler.stats.inc_value("render/pages")
        request.meta[CONTENT_ENCODING] = []  # the rendered body is not compressed
        return rendered

    async def spider_closed(self) -> None:
        """Signal."""
        if self._renderer is not None:
            await self._renderer.close()

    def _new_renderer(self) -> Renderer:
        settings, context = self._crawler.settings, context_of(self._crawler)
        if context is None:
            raise RenderUnavailable("pages are rendered in a crawl only")
        return Renderer(
            context.browser,
            self._crawler.spider.profile,  # type: ignore[union-attr]
            self._download,
            user_agent=str(settings["USER_AGENT"]),
            limits=RenderLimits(
                seconds=settings.getfloat("NEWS_RENDER_SECONDS"), max_bytes=settings.getint("DOWNLOAD_MAXSIZE")
            ),
        )

    async def _download(self, request: Request) -> Response:
        """The response to a request of a page."""
        self._crawler.stats.inc_value("render/requests")
        response: Response = await self._crawler.engine.download_async(request)
        return response
