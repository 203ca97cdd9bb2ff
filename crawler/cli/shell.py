"""Scrapy's shell, which reports in one sentence that no response was received."""

from __future__ import annotations

from typing import Any

from scrapy import Request, Spider
from scrapy.shell import Shell
from twisted.python.failure import Failure
from w3lib.url import any_to_uri

from crawler.cli.at_prompt import ALL_BUT_REDIRECTS, allow_typed, problem_of
from crawler.cli.base import print_error


class NotFetched(Exception):
    """The URL of the command line gave no response, and the code of -c needs one. The message says why."""


class NewsShell(Shell):
    """What Scrapy's shell does, and: a private address may be fetched, a failure is one sentence, and the help lists
    what is ours."""

    _is_starting = False

    def start(self, url: str | None = None, *args: Any, **kwargs: Any) -> None:
        """Called by the command. Raises NotFetched."""
        self._is_starting = url is not None
        super().start(url, *args, **kwargs)

    def fetch(
        self,
        request_or_url: Request | str,
        spider: Spider | None = None,
        redirect: bool = True,
        **kwargs: Any,
    ) -> None:
        """`fetch` in the console; also called for the URL of the command line. Raises what Scrapy's raises, but
        NotFetched for the URL of the command line."""
        is_first, self._is_starting = self._is_starting, False
        request = _request(request_or_url, redirect=redirect, **kwargs)
        allow_typed(request.url)
        failures: list[BaseException | None] = []
        request.errback = _recording(failures, request.errback)
        try:
            super().fetch(request, spider)
        except Exception as error:
            if not is_first:  # a loop of the user's own may catch it
                raise
            failures.append(error)
            self.populate_vars(None, request, self.spider)
        if failures:
            problem = problem_of(request.url, failures[0])
            if is_first and self.code:
                raise NotFetched(problem)
            print_error(problem)

    def get_help(self) -> str:
        """The names of the console. An article would be printed in its whole length."""
        article = self.vars.pop("article", None)
        text = super().get_help()
        self.vars["article"] = article
        sure = "" if article is None or article.confidence is None else f" (confidence {article.confidence:.2f})"
        title = "none" if article is None else f"that of the response: {article.title}{sure}"
        return f"{text}[s]   extract(response)           The article of a page\n[s]   article          {title}\n"


def _request(request_or_url: Request | str, *, redirect: bool, **kwargs: Any) -> Request:
    """The request that Scrapy's shell makes of a URL; another request unchanged."""
    if isinstance(request_or_url, Request):
        return request_or_url
    statuses: dict[str, Any] = {"handle_httpstatus_all": True}
    if redirect:
        statuses = {"handle_httpstatus_list": ALL_BUT_REDIRECTS}
    request = Request(any_to_uri(request_or_url), dont_filter=True, **kwargs)
    request.meta.update(statuses)
    return request


def _recording(failures: list[BaseException | None], errback: Any) -> Any:
    """An errback that keeps what went wrong, and then calls the one that the request had."""

    def record(failure: Failure) -> Any:
        failures.append(failure.value)
        return errback(failure) if errback is not None else failure

    return record
