"""TLS certificates are verified. A profile may accept those that cannot be; which ones that were is recorded."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from OpenSSL import SSL
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings, default_settings
from scrapy.utils.misc import build_from_crawler, load_object
from service_identity import VerificationError
from twisted.web.client import ResponseFailed

from crawler.urls import netloc_of

UNVERIFIED_HOSTS = "unverified_hosts"
"""Key of a request's meta: hosts whose responses were accepted without verification, redirects included, and why."""

_SETTING = "DOWNLOAD_VERIFY_CERTIFICATES"


class CertificateNotVerified(IgnoreRequest):
    """The host's certificate cannot be verified, and the profile does not accept that. Nothing was sent to it."""


class TlsProblem(NamedTuple):
    """Why there is no verified connection."""

    text: str
    is_certificate: bool
    """Whether the certificate is the reason."""


class VerifyingHandler:
    """Download handler around Scrapy's. With DOWNLOAD_VERIFY_CERTIFICATES off, it is two of them: every host is first
    tried with verification, so that what is accepted without it is known, and nothing is once the host is in order."""

    def __init__(self, verifying: Any, accepting: Any | None) -> None:
        """`accepting`: None if no certificate may be accepted without verification. Scrapy exports no type for both."""
        self._verifying = verifying
        self._accepting = accepting
        self._accepted: dict[str, str] = {}
        """Hosts of this crawl without a verified connection, and why."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Around Scrapy's own handler for https: it does http as well."""
        handler = load_object(default_settings.DOWNLOAD_HANDLERS_BASE["https"])
        if crawler.settings.getbool(_SETTING):
            return cls(build_from_crawler(handler, crawler), None)
        verifying: Any = _VerifyingCrawler(crawler)
        return cls(build_from_crawler(handler, verifying), build_from_crawler(handler, crawler))

    async def download_request(self, request: Request) -> Response:
        """The response. Raises CertificateNotVerified, and what Scrapy's handler raises."""
        host = netloc_of(request.url)
        if host in self._accepted:
            return await self._accept(request, host, self._accepted[host])
        try:
            response: Response = await self._verifying.download_request(request)
        except DownloadFailedError as error:
            problem = tls_problem(error)
            if problem is not None and self._accepting is not None:
                return await self._accept(request, host, problem.text)
            if problem is not None and problem.is_certificate:
                raise CertificateNotVerified(
                    f"certificate of {host}: {problem.text}; verify_certificates = false in the profile accepts it"
                ) from error
            raise
        return response

    async def close(self) -> None:
        """Called by Scrapy."""
        await self._verifying.close()
        if self._accepting is not None:
            await self._accepting.close()

    async def _accept(self, request: Request, host: str, problem: str) -> Response:
        assert self._accepting is not None
        response: Response = await self._accepting.download_request(request)
        self._accepted[host] = problem
        request.meta[UNVERIFIED_HOSTS] = {**request.meta.get(UNVERIFIED_HOSTS, {}), host: problem}
        return response


def certificate_problem(response: Response) -> str | None:
    """The hosts on the way to a response whose certificates were accepted without verification, and why; None if there
    are none."""
    unverified: dict[str, str] = response.meta.get(UNVERIFIED_HOSTS, {})
    return "; ".join(f"{host}: {problem}" for host, problem in unverified.items()) or None


def tls_problem(error: DownloadFailedError) -> TlsProblem | None:
    """Why a request failed, if TLS is the reason."""
    cause = error.__cause__
    for failure in cause.reasons if isinstance(cause, ResponseFailed) else ():
        if isinstance(failure.value, VerificationError):
            return TlsProblem("issued for another host", is_certificate=True)
        if isinstance(failure.value, SSL.Error):
            # A list of (library, function, reason). With "certificate verify failed" OpenSSL does not say why it did.
            reasons = [entry[-1] for entry in failure.value.args[0]] if failure.value.args else []
            if "certificate verify failed" in reasons:
                return TlsProblem("expired, or not signed by a known authority", is_certificate=True)
            return TlsProblem("; ".join(reasons) or "TLS failed", is_certificate=False)
    return None


class _VerifyingCrawler:
    """A crawler for the handler that verifies, whatever the crawl's own settings are."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.settings = Settings()
        self.settings.update(crawler.settings)
        self.settings.set(_SETTING, True, "cmdline")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._crawler, name)
