"""The arguments of a crawl (-a)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from crawler.crawl.arguments import ARGUMENT_HELP, ArgumentError, CrawlArguments, parse_moment
from crawler.items import ChannelKind


def test_nothing_said_restricts_nothing() -> None:
    assert CrawlArguments.parse({}) == CrawlArguments(
        url=None, since=None, max_articles=None, channel=None, force=False
    )


def test_all_arguments_are_parsed() -> None:
    raw = {
        "url": "http://127.0.0.1:8000/",
        "since": "2026-01-31",
        "max_articles": "50",
        "channel": "feed",
        "force": "1",
    }
    assert CrawlArguments.parse(raw) == CrawlArguments(
        url="http://127.0.0.1:8000/",
        since=datetime(2026, 1, 31, tzinfo=UTC),
        max_articles=50,
        channel="feed",
        force=True,
    )


def test_arguments_of_a_scheduler_are_left_to_it() -> None:
    assert CrawlArguments.parse({"_job": "26d1b1a6d6f111e0be5c001e648c57f8"}) == CrawlArguments()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"sinse": "2026-01-01"}, r"-a sinse: unknown argument; the arguments are url, since, max_articles"),
        ({"channel": "rss"}, r"-a channel=rss: must be one of feed, news_sitemap"),
        ({"channel": ""}, r"-a channel=: must be one of feed"),
        (
            {"since": "soon"},
            r"-a since 'soon': must be a date like 2026-01-31, 2026-01, 2026, yesterday, 7 days, last week, or",
        ),
        ({"since": "31.1.2026"}, r"-a since '31\.1\.2026': must be a date like"),
        ({"since": "2026-02-30"}, r"-a since '2026-02-30': must be a date like"),
        ({"since": ""}, r"-a since '': must be a date like"),
        ({"since": "0001-01-01T00:00:00+14:00"}, r"-a since '0001-.*: must be a date like"),
        ({"max_articles": "many"}, r"-a max_articles=many: must be a whole number, like 50"),
        ({"max_articles": "-1"}, r"-a max_articles=-1: must be a whole number"),
        ({"max_articles": "1.5"}, r"-a max_articles=1\.5: must be a whole number"),
        ({"max_articles": "²"}, r"-a max_articles=²: must be a whole number"),
        ({"max_articles": "9" * 5000}, r"-a max_articles=9+: must be a whole number"),
        ({"max_articles": ""}, r"-a max_articles=: must be a whole number"),
        ({"force": "maybe"}, r"-a force=maybe: must be 1 or 0"),
        ({"force": ""}, r"-a force=: must be 1 or 0"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_invalid_argument_is_reported_with_its_value_and_what_to_write(raw: dict[str, str], message: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{message}"):
        CrawlArguments.parse(raw)


@pytest.mark.parametrize("kind", get_args(ChannelKind))
def test_every_kind_of_channel_can_be_read_alone(kind: str) -> None:
    assert CrawlArguments.parse({"channel": kind}).channel == kind


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T18:00:00Z", datetime(2026, 1, 31, 18, tzinfo=UTC)),
        ("2026-01-31 18:00", datetime(2026, 1, 31, 18, tzinfo=UTC)),
        ("2026-01-31T18:00:00+03:00", datetime(2026, 1, 31, 15, tzinfo=UTC)),
    ],
)
def test_a_moment_is_in_utc(text: str, moment: datetime) -> None:
    assert parse_moment(text, "--since") == moment
    assert parse_moment(text, "--since").tzinfo is UTC


def test_an_invalid_date_is_reported_with_its_option() -> None:
    with pytest.raises(ArgumentError, match=r"^--until 'x'"):
        parse_moment("x", "--until")


@pytest.mark.parametrize(("word", "forced"), [("1", True), ("true", True), ("YES", True), ("0", False), ("no", False)])
def test_force_takes_the_usual_words(word: str, forced: bool) -> None:
    assert CrawlArguments.parse({"force": word}).force is forced


def test_max_articles_may_be_nothing_at_all() -> None:
    assert CrawlArguments.parse({"max_articles": "0"}).max_articles == 0


def test_the_help_names_every_argument_and_how_to_write_it() -> None:
    for name in CrawlArguments.__dataclass_fields__:
        assert f"{name}: " in ARGUMENT_HELP
        assert f"-a {name}=" in ARGUMENT_HELP
