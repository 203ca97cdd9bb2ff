"""Which channel documents are requested in a run, without a crawl."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import clock
from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.channels import Discovery
from crawler.crawl.stats import CrawlStats
from crawler.crawl.store_thread import StoreThread
from crawler.discover import ChannelResult, ChildDocument
from crawler.fetch.failures import FailureReason
from crawler.items import Validators
from crawler.profile import Channel, SiteProfile
from crawler.store import EnqueueResult, Store, StoreError
from tests.made_up import HOME, NOW, SITE, Collected

NOTHING = EnqueueResult(0, 0, frozenset())
VALIDATORS = Validators(etag='"1"')


@pytest.fixture
def thread(tmp_path: Path) -> Iterator[StoreThread]:
    with StoreThread(lambda: Store(tmp_path / "news.db")) as opened:
        yield opened


def a_discovery(thread: StoreThread, max_documents: int = 100) -> Discovery:
    profile = SiteProfile(name=SITE, title="Example", url=HOME, sitemaps=(HOME + "a.xml", HOME + "b.xml"))
    return Discovery(
        thread=thread,
        stats=CrawlStats(Collected()),
        profile=profile,
        arguments=CrawlArguments(),
        max_documents=max_documents,
        sitemap_age=timedelta(days=1),
        pages_back=25,
    )


def test_a_document_that_two_channels_list_at_the_same_time_is_requested_once(thread: StoreThread) -> None:
    requested: list[str] = []

    async def read(discovery: Discovery, parent: Channel) -> None:
        child = ChildDocument(channel=Channel("sitemap", HOME + "child.xml"))
        if await discovery.should_request(child, parent, NOTHING):
            discovery.begin(child.channel)
            requested.append(parent.url)

    async def crawl() -> None:
        discovery = a_discovery(thread)
        channels = await discovery.first_channels()
        for channel in channels:
            discovery.begin(channel)
        await asyncio.gather(*(read(discovery, channel) for channel in channels))

    asyncio.run(crawl())
    assert len(requested) == 1


def test_no_more_documents_are_requested_than_the_limit(thread: StoreThread) -> None:
    async def crawl() -> tuple[list[bool], CrawlStats]:
        discovery = a_discovery(thread, max_documents=2)
        root = Channel("sitemap", HOME + "a.xml")
        discovery.begin(root)
        decisions = []
        for n in range(3):
            child = ChildDocument(channel=Channel("sitemap", f"{HOME}{n}.xml"))
            decisions.append(await discovery.should_request(child, root, NOTHING))
            if decisions[-1]:
                discovery.begin(child.channel)
        return decisions, discovery.stats

    decisions, stats = asyncio.run(crawl())
    assert decisions == [True, False, False]
    assert stats.skipped == {"channel_page_over_limit": 2}


def test_a_document_is_finished_whatever_happens_while_it_is_handled(thread: StoreThread) -> None:
    async def crawl() -> None:
        discovery = a_discovery(thread)
        for error in (StoreError("the disk is full"), LookupError("a mistake in a spider")):
            channel = Channel("feed", HOME + "feed.xml")
            discovery.begin(channel)
            assert not discovery.finished.is_set()
            try:
                async with discovery.finishing(channel):
                    raise error
            except LookupError:
                assert not isinstance(error, StoreError)
            assert discovery.finished.is_set()

    asyncio.run(crawl())


@pytest.mark.parametrize("error", [StoreError("the database was locked"), LookupError("a mistake in a spider"), None])
def test_a_channel_counts_as_read_only_if_all_documents_that_it_leads_to_are_stored(
    thread: StoreThread, error: Exception | None
) -> None:
    async def crawl() -> bool:
        discovery, root = a_discovery(thread), Channel("sitemap", HOME + "a.xml")
        child = ChildDocument(channel=Channel("sitemap", HOME + "child.xml"), modified=NOW)
        result, index = ChannelResult(), ChannelResult(children=[child])
        discovery.begin(root)
        async with discovery.finishing(root):
            await record(discovery, root, index)
            assert await discovery.should_request(child, root, NOTHING)
            discovery.begin(child.channel)
        with contextlib.suppress(LookupError):
            async with discovery.finishing(child.channel):
                if error is not None:
                    raise error
                await record(discovery, child.channel, result)
        return (await discovery.state(root)).validators == VALIDATORS

    assert asyncio.run(crawl()) == (error is None)


async def record(discovery: Discovery, channel: Channel, result: ChannelResult) -> None:
    """Commit what a document lists, as the spider does."""
    answer, completion = discovery.thread.store.channels.record_answer, discovery.completion(VALIDATORS, result)
    await discovery.thread.call(
        answer, SITE, "sitemap", channel.url, [], clock.now(), status=200, completion=completion
    )
    discovery.record_read(channel, VALIDATORS, result, NOTHING)


def test_a_site_is_unreachable_if_no_channel_gives_any_response(thread: StoreThread) -> None:
    discovery = a_discovery(thread)
    channel = Channel("feed", HOME + "feed.xml")
    assert not discovery.is_unreachable, "nothing was requested yet"
    discovery.record_failure(channel, FailureReason("timeout", True))
    assert discovery.is_unreachable
    discovery.record_failure(channel, FailureReason("http_500", True, 500))
    assert not discovery.is_unreachable, "an error is a response"
