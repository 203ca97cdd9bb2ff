"""Cookies for the time of one crawl of one site, for walls that set a cookie and redirect back to the page."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

# nginx (large_client_header_buffers) and Apache (LimitRequestFieldSize) refuse a request with a header of over 8 KB.
_MAX_BYTES = 8000


class SiteCookiesMiddleware(CookiesMiddleware):
    """Scrapy's middleware without the list of public suffixes, which tldextract downloads when the first cookie is
    received: in the reactor's thread, from a host of its own. It prevents that a cookie for all of `.co.uk` is sent to
    other sites, but no other site has this jar: each crawl has its own middleware, and requests no other host.

    The settings (COOKIES_ENABLED) and the request meta (`cookiejar`, `dont_merge_cookies`) are those of Scrapy's.
    """

    def process_request(self, request: Request) -> Request | Response | None:  # type: ignore[override]  # its decorator
        """Add the cookies of the site."""
        if request.cookies or request.meta.get("dont_merge_cookies", False):
            return super().process_request(request)
        request.headers.pop("Cookie", None)
        self._jar(request).add_cookie_header(request)
        return None

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Keep the cookies of the response. All are dropped when they are longer than servers accept."""
        if "Set-Cookie" in response.headers and not request.meta.get("dont_merge_cookies", False):
            jar = self._jar(request)
            jar.extract_cookies(response, request)
            if sum(len(cookie.name) + len(cookie.value or "") for cookie in jar) > _MAX_BYTES:
                jar.clear()
        return response

    def _jar(self, request: Request) -> CookieJar:
        return self.jars[request.meta.get("cookiejar")]
