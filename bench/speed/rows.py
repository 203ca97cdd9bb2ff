"""The rows of the table. Each can be measured alone."""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.speed.crawls import Figures, crawl_ours, crawl_plain, figures
from bench.speed.extraction import extract_alone
from bench.speed.newsrooms import BUILT, PROJECT, NotBuilt, pages_of_few_templates, pages_of_many_templates
from bench.speed.processes import run
from bench.speed.serve import served
from bench.speed.small import poll_quiet_sites

_LATENCY_MS = 100
_SERIES = 10
"""How many times as many pages the row `many` has. Each of its texts is served ten times as often as in `cold`, that is
under twenty addresses."""

PEERS = BUILT / "peers"
"""The venv of the peers."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A measurement that takes part in each round, or only in the first one."""

    name: str
    what: str
    measure: Callable[[int], Figures]
    """Takes the number of pages."""
    plain: str | None = None
    """The row it is compared with."""
    seconds: float
    """What a round takes with 1,000 pages on two cores, for the estimate."""
    once: bool = False


def few(pages: int) -> int:
    """Pages of each of the twenty sites: 40 if there are 1,000 pages."""
    return max(pages * 40 // 1_000, 2)


def _fetch(pages: int) -> Figures:
    return crawl_plain(pages_of_many_templates(pages), extract=False)


def _plain(pages: int) -> Figures:
    return crawl_plain(pages_of_many_templates(pages))


def _cold(pages: int) -> Figures:
    with tempfile.TemporaryDirectory() as home:
        return crawl_ours(pages_of_many_templates(pages), Path(home))


def _latency(pages: int) -> Figures:
    with tempfile.TemporaryDirectory() as home:
        return crawl_ours(pages_of_many_templates(pages), Path(home), latency_ms=_LATENCY_MS)


def _many(pages: int) -> Figures:
    with tempfile.TemporaryDirectory() as home:
        return crawl_ours(pages_of_many_templates(pages * _SERIES, 2 * _SERIES), Path(home))


def _extract(pages: int) -> Figures:
    return extract_alone(pages_of_many_templates(pages))


def _template_fetch(pages: int) -> Figures:
    return crawl_plain(pages_of_few_templates(few(pages))[0], extract=False)


def _template_plain(pages: int) -> Figures:
    return crawl_plain(pages_of_few_templates(few(pages))[0])


def _warm(pages: int) -> Figures:
    with tempfile.TemporaryDirectory() as home:
        return crawl_ours(pages_of_few_templates(few(pages))[0], Path(home))


def _known(pages: int) -> Figures:
    first, other = pages_of_few_templates(few(pages))
    with tempfile.TemporaryDirectory() as home:
        crawl_ours(first, Path(home))
        return crawl_ours(other, Path(home))


def _template_extract(pages: int) -> Figures:
    return extract_alone(pages_of_few_templates(few(pages))[0])


def _peer(name: str, pages: int) -> Figures:
    """The figures of a peer. Raises NotBuilt where it is not installed."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        raise NotBuilt(f"{PEERS} is missing: `make bench-peers` installs the peers")
    newsroom = pages_of_many_templates(pages)
    with tempfile.TemporaryDirectory() as folder, served(newsroom) as server:
        source, target = Path(folder) / "in.json", Path(folder) / "out.jsonl"
        urls = [article["url"] for article in newsroom.articles]
        source.write_text(json.dumps({"sites": newsroom.sites, "urls": urls}), "utf-8")
        script = PROJECT / "bench" / "speed" / "peers" / f"{name}_peer.py"
        cost = run([str(python), str(script), str(source), str(target)], cwd=Path(folder))
        found = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
        return figures(newsroom, cost, server.requests(), [(row["title"] or "", row["text"] or "") for row in found])


def _peer_row(name: str, what: str, seconds: float) -> Row:
    return Row(name=name, what=what, measure=functools.partial(_peer, name), plain="plain", seconds=seconds, once=True)


ROWS = {
    row.name: row
    for row in (
        Row(name="fetch", what="Scrapy, requests only", measure=_fetch, plain="plain", seconds=5),
        Row(name="plain", what="plain Scrapy and trafilatura", measure=_plain, plain="plain", seconds=40),
        Row(name="cold", what="Rasid", measure=_cold, plain="plain", seconds=25),
        Row(name="latency", what=f"Rasid, {_LATENCY_MS} ms latency", measure=_latency, plain="plain", seconds=25),
        Row(name="extract", what="Rasid's extraction alone", measure=_extract, plain="plain", seconds=16),
        Row(
            name="template-fetch",
            what="Scrapy, requests only",
            measure=_template_fetch,
            plain="template-plain",
            seconds=4,
        ),
        Row(
            name="template-plain",
            what="plain Scrapy and trafilatura",
            measure=_template_plain,
            plain="template-plain",
            seconds=22,
        ),
        Row(name="warm", what="Rasid, from an empty database", measure=_warm, plain="template-plain", seconds=20),
        Row(
            name="known", what="Rasid, after a crawl of other pages", measure=_known, plain="template-plain", seconds=36
        ),
        Row(
            name="template-extract",
            what="Rasid's extraction alone",
            measure=_template_extract,
            plain="template-plain",
            seconds=9,
        ),
        Row(name="small", what="idle poll and start", measure=lambda _pages: poll_quiet_sites(), seconds=25),
        Row(
            name="many",
            what=f"Rasid, {_SERIES} times the pages, each text under {2 * _SERIES} addresses",
            measure=_many,
            plain="plain",
            seconds=230,
            once=True,
        ),
        _peer_row("fundus", "fundus, every paragraph", 15),
        _peer_row("newspaper", "newspaper4k", 80),
        _peer_row("trafilatura", "trafilatura's command line", 30),
    )
}
