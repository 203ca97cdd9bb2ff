"""Why a request gave no page, in one word, and whether it may go better next time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from scrapy import exceptions
from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.fetch.onsite import OffSite, PrivateAddress


@dataclass(frozen=True, slots=True)
class FailureReason:
    """What the outcome says of a failed request."""

    word: str
    passing: bool
    """Whether the same request may succeed later: timeouts, connections, server errors, too many requests."""

    status: int | None = None
    detail: str = ""
    until: datetime | None = None
    """When the host wants to be asked again at the earliest, if it said so."""


class HostAsksToWait(IgnoreRequest):
    """The host said not to be asked before `until`, which is later than this crawl is ready to wait."""

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class CrawlStopped(IgnoreRequest):
    """The crawl was stopped before this request had its answer. The page stays as it was."""


class ForbiddenByRobots(IgnoreRequest):
    """robots.txt forbids the request."""


class RobotsUnreachable(IgnoreRequest):
    """Whether robots.txt allows a request cannot be known, because the server does not give it."""

    def __init__(self, message: str, status: int | None = None, cause: Exception | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.cause = cause


_BY_EXCEPTION: dict[type[Exception], tuple[str, bool]] = {
    exceptions.DownloadTimeoutError: ("timeout", True),
    exceptions.CannotResolveHostError: ("no_such_host", True),
    exceptions.DownloadConnectionRefusedError: ("connection_refused", True),
    exceptions.ResponseDataLossError: ("cut_off", True),
    exceptions.DownloadCancelledError: ("too_large", False),
    exceptions.UnsupportedURLSchemeError: ("no_web_address", False),
    exceptions.DownloadFailedError: ("connection_failed", True),
    ForbiddenByRobots: ("robots", False),
    OffSite: ("off_site", False),
    PrivateAddress: ("private_address", False),
}
# Scrapy tells these two apart by their text alone.
_BY_MESSAGE = {"max redirections": "redirect_loop", "DOWNLOAD_MAXSIZE": "too_large"}
_PASSING_STATUS = frozenset({408, 425, 429})


def failure_reason(failure: Failure) -> FailureReason:
    """What a failure that Scrapy hands to an errback means."""
    return _reason_of(failure.value)


def _reason_of(error: BaseException | None) -> FailureReason:
    if isinstance(error, HttpError):
        status = error.response.status
        return FailureReason(f"http_{status}", status in _PASSING_STATUS or status >= 500, status)
    if isinstance(error, RobotsUnreachable):
        if error.cause is not None:  # the host itself is away, private, asks to wait: that is what there is to say
            return replace(_reason_of(error.cause), detail=str(error))
        return FailureReason("robots_unreachable", True, error.status, detail=str(error))
    if isinstance(error, HostAsksToWait):
        return FailureReason("host_asks_to_wait", True, detail=str(error), until=error.until)
    if isinstance(error, CrawlStopped):
        return FailureReason("stopped", True, detail=str(error))
    if isinstance(error, exceptions.DownloadCancelledError) and "max size" not in str(error):
        return FailureReason("cancelled", True, detail=str(error))  # by the end of the crawl, not for its size
    for kind, (word, passing) in _BY_EXCEPTION.items():
        if isinstance(error, kind):
            return FailureReason(word, passing, detail=str(error))
    if isinstance(error, IgnoreRequest):
        word = next((word for sign, word in _BY_MESSAGE.items() if sign in str(error)), "refused")
        return FailureReason(word, False, detail=str(error))
    return FailureReason("download_error", True, detail=f"{type(error).__name__}: {error}")
