"""Why a request returned no page: a code, and whether the same request may succeed later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from scrapy import exceptions
from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.fetch.certificates import CertificateNotVerified
from crawler.fetch.onsite import OffSite, PrivateAddress


@dataclass(frozen=True, slots=True)
class FailureReason:
    """Why a request failed."""

    code: str
    """The reason in the page's outcome, as `timeout` or `http_404`."""

    is_transient: bool
    """Whether the same request may succeed later: timeouts, connections, server errors, too many requests."""

    status: int | None = None
    detail: str = ""
    until: datetime | None = None
    """The host demands that no request is sent before."""


class HostAsksToWait(IgnoreRequest):
    """The host demands no request before `until`, and this crawl does not wait that long."""

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class CrawlStopped(IgnoreRequest):
    """The crawl was stopped before the response was received. The page stays pending."""


class ForbiddenByRobots(IgnoreRequest):
    """robots.txt forbids the request."""


class ForbiddenSite(ForbiddenByRobots):
    """robots.txt forbids the whole site: often an error that is corrected within a day."""


class RobotsUnreachable(IgnoreRequest):
    """The server does not send its robots.txt, so that nothing may be requested."""

    def __init__(self, message: str, status: int | None = None, cause: Exception | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.cause = cause


class RenderUnavailable(IgnoreRequest):
    """There is no browser, or it cannot be started. The page is not taken as it is without its scripts."""


class RenderFailed(IgnoreRequest):
    """The browser did not give the page: it took too long, its data was not sent, or its scripts crashed it."""


LOGIN_FAILED = "login_failed"
"""Reason of requests that were not sent because the login failed, and not because the host is down."""


class LoginFailed(IgnoreRequest):
    """The spider could not log in, so that nothing is requested."""


class LoggedOut(IgnoreRequest):
    """The site asks for a login in place of the page, also after one."""


class FetchFailed(Exception):
    """A spider's own request gave no page. Not an IgnoreRequest: the page for which it was sent is to fail with it."""

    def __init__(self, url: str, reason: FailureReason) -> None:
        super().__init__(f"{url}: {reason.code} {reason.detail}".rstrip())
        self.reason = reason


# Exception → code and whether it is transient.
_BY_EXCEPTION: dict[type[Exception], tuple[str, bool]] = {
    exceptions.DownloadTimeoutError: ("timeout", True),
    exceptions.CannotResolveHostError: ("no_such_host", True),
    exceptions.DownloadConnectionRefusedError: ("connection_refused", True),
    exceptions.ResponseDataLossError: ("cut_off", True),
    exceptions.DownloadCancelledError: ("too_large", False),
    exceptions.UnsupportedURLSchemeError: ("no_web_address", False),
    exceptions.DownloadFailedError: ("connection_failed", True),
    ForbiddenSite: ("robots_disallow_all", False),  # not transient: the server did answer
    ForbiddenByRobots: ("robots", False),
    OffSite: ("off_site", False),
    CertificateNotVerified: ("certificate", True),
    RenderUnavailable: ("render_unavailable", True),
    RenderFailed: ("render_failed", True),
    LoginFailed: (LOGIN_FAILED, True),
    LoggedOut: ("logged_out", True),
    PrivateAddress: ("private_address", False),
}
# Scrapy raises the same exception for both; only the messages differ.
_BY_MESSAGE = {"max redirections": "redirect_loop", "DOWNLOAD_MAXSIZE": "too_large"}
_TRANSIENT_STATUS = frozenset({408, 425, 429})


def failure_reason(failure: Failure) -> FailureReason:
    """The reason of a failure that Scrapy passes to an errback."""
    return reason_of(failure.value)


def reason_of(error: BaseException | None) -> FailureReason:
    """The reason of an exception that a request raised."""
    if isinstance(error, FetchFailed):
        return error.reason
    if isinstance(error, HttpError):
        status = error.response.status
        return FailureReason(f"http_{status}", status in _TRANSIENT_STATUS or status >= 500, status)
    if isinstance(error, RobotsUnreachable):
        if error.cause is not None:  # the host is unreachable, private, demands a wait: that is the reason
            return replace(reason_of(error.cause), detail=str(error))
        return FailureReason("robots_unreachable", True, error.status, detail=str(error))
    if isinstance(error, HostAsksToWait):
        return FailureReason("host_asks_to_wait", True, detail=str(error), until=error.until)
    if isinstance(error, CrawlStopped):
        return FailureReason("stopped", True, detail=str(error))
    if isinstance(error, exceptions.DownloadCancelledError) and "max size" not in str(error):
        return FailureReason("cancelled", True, detail=str(error))  # because the crawl ended, not because of the size
    for kind, (code, is_transient) in _BY_EXCEPTION.items():
        if isinstance(error, kind):
            return FailureReason(code, is_transient, detail=str(error))
    if isinstance(error, IgnoreRequest):
        code = next((code for part, code in _BY_MESSAGE.items() if part in str(error)), "refused")
        return FailureReason(code, False, detail=str(error))
    return FailureReason("download_error", True, detail=f"{type(error).__name__}: {error}")
