"""What a page says of its uses together with the files of its host, as each page is fetched.

robots.txt is the copy by which the crawl was allowed. RSL documents are requested where one is named, and cached as
robots.txt is; tdmrep.json is requested only if a setting asks for it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler import clock
from crawler.crawl.store_thread import StoreThread
from crawler.crawl.tdm import PATH, TdmFiles, TdmUnknown
from crawler.fetch.failures import CrawlStopped, reason_of
from crawler.fetch.onsite import RIGHTS_FILE
from crawler.fetch.response import all_headers
from crawler.items import Candidate, Page
from crawler.rights.decide import HostRights, LicenceFile, page_rights
from crawler.rights.page import PageSignals, read_page
from crawler.rights.robots_lines import licence_url, read_robots
from crawler.rights.rsl import MAX_BYTES, RslDocument, parse_rsl
from crawler.rights.tdmrep import file_rules
from crawler.store.hosts import HostFile
from crawler.urls import netloc_of
from crawler.user_settings import parts_of

MAX_LICENCES = 5
"""RSL documents that are requested for the pages of a site in a crawl: most sites have one. Chosen by hand."""

_AGENT = "Rasid"


@dataclass(frozen=True, slots=True)
class _Host:
    """The files of a host; RSL documents by the URL as written."""

    rights: HostRights
    licences: dict[str, str]
    """URL as written in robots.txt → absolute URL."""


class RightsReader:
    """Reads the rights of the pages of one crawl."""

    def __init__(
        self,
        crawler: Crawler,
        thread: StoreThread,
        *,
        agent: str,
        max_age: timedelta,
        tdm: TdmFiles | None,
        tdm_is_respected: bool,
    ) -> None:
        """`agent`: the product token for which groups of robots.txt are. `max_age`: an older RSL document is requested
        again. `tdm`: None if tdmrep.json is not requested."""
        self._crawler = crawler
        self._thread = thread
        self._agent = agent
        self._max_age = max_age
        self._tdm = tdm
        self._tdm_is_respected = tdm_is_respected
        self._hosts: dict[str, asyncio.Future[_Host]] = {}
        self._licences: dict[str, asyncio.Future[LicenceFile]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, thread: StoreThread) -> Self:
        """For the settings of a crawler."""
        settings = crawler.settings
        is_respected = "tdm" in parts_of(settings["NEWS_RESPECT_DIRECTIVES"])
        tdm = TdmFiles.from_crawler(crawler, thread) if is_respected or settings.getbool("NEWS_TDM_FILES") else None
        return cls(
            crawler,
            thread,
            agent=str(settings["ROBOTSTXT_USER_AGENT"] or _AGENT),
            max_age=timedelta(hours=settings.getfloat("NEWS_ROBOTS_HOURS")),
            tdm=tdm,
            tdm_is_respected=is_respected,
        )

    async def read(self, response: Response, page: Page, candidate: Candidate) -> None:
        """Set the rights and the robots directives of a page. Raises TdmUnknown if the host's tdmrep.json is not known
        and reservations are respected; CrawlStopped, StoreError."""
        assert page.fetched is not None
        signals = read_page(all_headers(response), response.body, url=response.url, now=page.fetched)
        host = await self._host(response.url)
        rights = await self._with_tdm(host.rights, response.url)
        documents = await self._documents(signals, host)
        page.rights = page_rights(signals, rights, response.url, documents, feed_licence=candidate.licence)
        is_reserved = any(
            signal.kind == "tdmrep" and signal.effects.get("tdm") == "reserved" for signal in page.rights.signals
        )
        page.directives = tuple(sorted(signals.directives | ({"tdm"} if is_reserved else set())))

    async def _host(self, url: str) -> _Host:
        host = netloc_of(url)
        if host not in self._hosts:
            self._hosts[host] = asyncio.ensure_future(self._read_host(url, host))
        return await asyncio.shield(self._hosts[host])

    async def _read_host(self, url: str, host: str) -> _Host:
        robots = await self._thread.call(self._thread.store.hosts.robots, host)
        if robots is None:  # robots.txt is not obeyed, and so not requested
            return _Host(HostRights(), {})
        address = f"{urlsplit(url).scheme}://{host}/robots.txt"
        found = read_robots(robots.body, self._agent)
        if not found.rules and not found.licences:
            return _Host(HostRights(), {})
        digest = await self._thread.call(self._thread.store.rights.record_file, address, robots)
        found = read_robots(robots.body, self._agent, digest)
        licences = {licence_url(line): _absolute(licence_url(line), address) for line in found.licences}
        return _Host(HostRights(robots=found), licences)

    async def _with_tdm(self, rights: HostRights, url: str) -> HostRights:
        if self._tdm is None:
            return rights
        try:
            body = await self._tdm.file(url)
        except TdmUnknown as error:
            if self._tdm_is_respected:
                raise
            return replace(rights, tdm_problem=f"not known: {error}")
        if not body.strip():
            return rights
        address = f"{urlsplit(url).scheme}://{netloc_of(url)}{PATH}"
        file = HostFile(body=body, status=200, fetched=clock.now())
        digest = await self._thread.call(self._thread.store.rights.record_file, address, file)
        rules, problem = file_rules(body)
        return replace(rights, tdm_rules=tuple(rules), tdm_problem=problem, tdm_file=digest)

    async def _documents(self, page: PageSignals, host: _Host) -> dict[str, LicenceFile]:
        """The RSL documents that a page and its robots.txt name, by the URL as written."""
        named = dict([*host.licences.items(), *((url, url) for _, url in page.licences)])
        found = {}
        for written, url in named.items():
            if (licence := await self._licence(url)) is not None:
                found[written] = licence
        return found

    async def _licence(self, url: str) -> LicenceFile | None:
        if urlsplit(url).scheme not in ("http", "https"):
            return None
        if url not in self._licences:
            if len(self._licences) >= MAX_LICENCES:
                return None
            self._licences[url] = asyncio.ensure_future(self._read_licence(url))
        return await asyncio.shield(self._licences[url])

    async def _read_licence(self, url: str) -> LicenceFile:
        cached = await self._thread.call(self._thread.store.rights.file, url)
        if cached is not None and timedelta() <= clock.now() - cached[0].fetched < self._max_age:
            return _parsed(*cached)
        meta = {"dont_obey_robotstxt": True, RIGHTS_FILE: True, "download_maxsize": MAX_BYTES, "max_retry_times": 0}
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))
        except CrawlStopped:
            raise
        except Exception as error:  # whatever Scrapy raises for a request that fails
            problem = f"not known: {reason_of(error).code}"
            return _parsed(*cached) if cached is not None else LicenceFile(RslDocument(problem=problem))
        if response.status != 200:
            problem = f"not known: HTTP {response.status}"
            return _parsed(*cached) if cached is not None else LicenceFile(RslDocument(problem=problem))
        file = HostFile(body=response.body, status=response.status, fetched=clock.now())
        return _parsed(file, await self._thread.call(self._thread.store.rights.record_file, url, file))


def _parsed(file: HostFile, digest: str) -> LicenceFile:
    return LicenceFile(parse_rsl(file.body), digest)


def _absolute(url: str, base: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return ""
