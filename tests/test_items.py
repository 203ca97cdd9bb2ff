"""The JSON form of a candidate, in the database and in the archive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.items import Candidate, candidate_from_json, candidate_to_json

COMPLETE = Candidate(
    url="https://marsad.example/خبر",
    channel="feed",
    channel_url="https://marsad.example/feed",
    title="عاجل\nمن المدينة",
    published=datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC),
    published_raw="01/03/2026",
    modified=datetime(2026, 3, 2, tzinfo=UTC),
    authors=["ليلى"],
    categories=["محليات", "طقس"],
    language="ar",
)
SMALL = Candidate(url="https://marsad.example/a", channel="sitemap", channel_url="https://marsad.example/s.xml")


@pytest.mark.parametrize("candidate", [COMPLETE, SMALL])
@pytest.mark.parametrize("ensure_ascii", [True, False])
def test_a_candidate_is_read_back_as_it_was_written(candidate: Candidate, ensure_ascii: bool) -> None:
    text = candidate_to_json(candidate, ensure_ascii=ensure_ascii)
    assert candidate_from_json(text) == candidate
    assert "\n" not in text
    assert text.isascii() or not ensure_ascii


def test_what_is_not_known_is_not_written() -> None:
    assert candidate_to_json(SMALL) == (
        '{"url": "https://marsad.example/a", "channel": "sitemap", "channel_url": "https://marsad.example/s.xml"}'
    )
