"""Cookies for the time of one crawl of one site, for walls that set a cookie and redirect back to the page."""

from __future__ import annotations

import logging
from http.cookiejar import Cookie

from scrapy import Request
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from crawler.environment import with_variables
from crawler.fetch.site_headers import profile_of
from crawler.profile import SiteCookie
from crawler.urls import host_of

logger = logging.getLogger(__name__)

# nginx (large_client_header_buffers) and Apache (LimitRequestFieldSize) refuse a request with a header of over 8 KB.
_MAX_BYTES = 8000

_OF_PROFILE = "of_profile"
"""Attribute of the cookies that the profile sets."""


class SiteCookiesMiddleware(CookiesMiddleware):
    """Scrapy's middleware without the list of public suffixes, which tldextract downloads when the first cookie is
    received: in the reactor's thread, from a host of its own. It prevents that a cookie for all of `.co.uk` is sent to
    other sites, but no other site has this jar: each crawl has its own middleware, and requests no other host.

    The settings (COOKIES_ENABLED, COOKIES_DEBUG) and the request meta (`cookiejar`, `dont_merge_cookies`) are those of
    Scrapy's.
    """

    def process_request(self, request: Request) -> Request | Response | None:  # type: ignore[override]  # its decorator
        """Add the cookies of the site."""
        if request.meta.get("dont_merge_cookies", False):
            return None
        jar = self._jar(request)  # before Scrapy's method makes one without the cookies of the profile
        if request.cookies:
            return super().process_request(request)
        request.headers.pop("Cookie", None)
        jar.add_cookie_header(request)
        self._log("Sending cookies to: %s\n%s", request, request.headers.getlist("Cookie"))
        return None

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Keep the cookies of the response. All are dropped when they are longer than servers accept."""
        if "Set-Cookie" in response.headers and not request.meta.get("dont_merge_cookies", False):
            jar = self._jar(request)
            self._log("Received cookies from: %s\n%s", response, response.headers.getlist("Set-Cookie"))
            jar.extract_cookies(response, request)
            _replace_own(jar, response, request)
            if sum(len(cookie.name) + len(cookie.value or "") for cookie in jar) > _MAX_BYTES:
                jar.clear()
                self._add_own(jar)
        return response

    def _log(self, message: str, source: Request | Response, cookies: list[bytes]) -> None:
        """With COOKIES_DEBUG, log the cookies of a request or response, as Scrapy's middleware does."""
        if self.debug and cookies:
            logger.debug(message, source, "\n".join(cookie.decode("latin-1") for cookie in cookies))

    def _jar(self, request: Request) -> CookieJar:
        key = request.meta.get("cookiejar")
        if key not in self.jars:
            self._add_own(self.jars[key])
        return self.jars[key]

    def _add_own(self, jar: CookieJar) -> None:
        """Add the cookies of the profile, for the hosts of the site. A site may replace them, as when it renews a
        session."""
        profile = profile_of(self.crawler)
        if profile is None:
            return
        for cookie in profile.own_cookies:
            for host in (cookie.host,) if cookie.host and not profile.moved_to else profile.own_hosts:
                jar.set_cookie(_made(cookie, host, is_secure=profile.home.startswith("https:")))


def _replace_own(jar: CookieJar, response: Response, request: Request) -> None:
    """Remove the cookies of the profile that the site has just set itself. With another domain or path than the
    profile's, there would be two of one name."""
    renewed = {cookie.name for cookie in jar.make_cookies(response, request)}
    host = host_of(request.url)
    for cookie in list(jar):
        is_own = cookie.has_nonstandard_attr(_OF_PROFILE)
        if is_own and cookie.name in renewed and f".{host}".endswith(f".{cookie.domain.lstrip('.')}"):
            jar.clear(cookie.domain, cookie.path, cookie.name)


def _made(cookie: SiteCookie, host: str, *, is_secure: bool) -> Cookie:
    """A cookie for a host and its subdomains. An IP address and a name without a dot have none."""
    has_subdomains = "." in host and not host.replace(".", "").isdigit()
    domain = f".{host}" if has_subdomains else host if "." in host or ":" in host else f"{host}.local"
    return Cookie(
        version=0,
        name=cookie.name,
        value=with_variables(cookie.value),
        port=None,
        port_specified=False,
        domain=domain,
        domain_specified=has_subdomains,
        domain_initial_dot=has_subdomains,
        path=cookie.path,
        path_specified=True,
        secure=is_secure,
        expires=None,
        discard=True,
        comment=None,
        comment_url=None,
        rest={_OF_PROFILE: ""},
    )
