"""Gzip that strangers made: read as far as it goes, up to a size."""

from __future__ import annotations

import gzip
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.encoding.gunzip import Gunzipped, gunzip

LIMIT = 1_000_000
DATA = random.Random(1).randbytes(5000) * 2


def test_members_are_joined_and_padding_behind_them_is_ignored() -> None:
    packed = gzip.compress(DATA[:3000]) + gzip.compress(DATA[3000:])
    assert gunzip(packed, LIMIT) == Gunzipped(DATA)
    assert gunzip(packed + bytes(5000), LIMIT) == Gunzipped(DATA)


@pytest.mark.parametrize("body", [b"", b"\x1f", b"<urlset/>", bytes(100)])
def test_a_body_that_is_not_gzip_is_returned_as_it_is(body: bytes) -> None:
    assert gunzip(body, LIMIT) == Gunzipped(body)


@pytest.mark.parametrize("packed", [gzip.compress(DATA)[:-500], gzip.compress(DATA) + gzip.compress(DATA)[:2000]])
def test_a_body_that_was_cut_off_is_read_up_to_its_end(packed: bytes) -> None:
    result = gunzip(packed, LIMIT)
    assert result.problem == "cut_off"
    assert len(result.data) > 4000
    assert (DATA * 2).startswith(result.data)


def test_a_damaged_body_is_read_up_to_the_damage() -> None:
    packed = bytearray(gzip.compress(DATA))
    packed[4000:4004] = b"\xff\xff\xff\xff"
    packed[-8:] = bytes(8)
    result = gunzip(bytes(packed), LIMIT)
    assert result.problem == "damaged"
    assert DATA.startswith(result.data[:2500])


def test_a_bomb_stops_soon_after_the_limit() -> None:
    bomb = gzip.compress(bytes(300_000_000), compresslevel=1)
    began = time.process_time()
    result = gunzip(bomb, LIMIT)
    assert LIMIT < len(result.data) < LIMIT + 1_100_000
    assert time.process_time() - began < 2


def test_many_tiny_members_are_read_quickly() -> None:
    began = time.process_time()
    gunzip(gzip.compress(b"") * 300_000, LIMIT)
    assert time.process_time() - began < 2


@given(st.binary(), st.integers(min_value=0, max_value=50))
def test_no_body_raises(tail: bytes, cut: int) -> None:
    gunzip(gzip.compress(b"news")[:cut] + tail, LIMIT)
