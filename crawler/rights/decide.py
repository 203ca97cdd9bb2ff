"""All that is said of a page, from its response and from the files of its host, together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.rights.page import PageSignals
from crawler.rights.robots_lines import RobotsRights, licence_url
from crawler.rights.rsl import RslDocument, parse_rsl
from crawler.rights.tdmrep import file_signals, with_priority
from crawler.usage import PageRights, Signal


@dataclass(frozen=True, kw_only=True, slots=True)
class HostRights:
    """The files of a host, as far as they are known."""

    robots: RobotsRights = field(default_factory=RobotsRights)
    tdm_rules: tuple[Any, ...] = ()
    tdm_problem: str | None = None
    """Why its tdmrep.json says nothing, or is not known."""

    tdm_file: str | None = None
    """Digest of its tdmrep.json."""


@dataclass(frozen=True, slots=True)
class LicenceFile:
    """An RSL document that a page or its robots.txt refers to."""

    document: RslDocument
    digest: str | None = None


def page_rights(
    page: PageSignals,
    host: HostRights,
    url: str,
    licences: Mapping[str, LicenceFile] | None = None,
    *,
    feed_licence: str | None = None,
) -> PageRights:
    """The signals of a page in the order of their places: status and response first, then the files. `licences`: RSL
    documents by URL; what a link to another document would say is unknown, and it has no effect. `feed_licence`: the
    RSL document that the page's entry in a feed has."""
    known = licences or {}
    signals = [*page.signals, *host.robots.signals(url)]
    for line in host.robots.licences:
        signals += [line, *_of_document(known.get(licence_url(line)), url, f"RSL document of {line.place}")]
    for place, address in page.licences:
        signals += _of_document(known.get(address), url, f"RSL document of {place}")
    if feed_licence is not None:
        signals += parse_rsl(feed_licence.encode()).signals(url, "feed entry")
    of_file = file_signals(list(host.tdm_rules), url, host.tdm_file)
    if host.tdm_problem is not None:
        of_file.append(
            Signal(kind="tdmrep", place="tdmrep.json", text="", problem=host.tdm_problem, file=host.tdm_file)
        )
    signals += with_priority(of_file, list(page.tdm_header), list(page.tdm_meta))
    return PageRights(tuple(signals))


def _of_document(licence: LicenceFile | None, url: str, place: str) -> list[Signal]:
    return licence.document.signals(url, place, licence.digest) if licence is not None else []
