"""The benchmark of false alarms: it counts the findings of the rule, so false alarms would show."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from bench.rhythm import NEWSROOMS, START, publications
from bench.silence import days_until_noticed, false_alarms
from crawler.health import silence


def test_a_rule_without_its_patience_cries_wolf_and_the_benchmark_counts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = publications(NEWSROOMS[1], 200, random.Random(0))
    assert false_alarms(moments, 200, 6) == 0
    monkeypatch.setattr(silence, "_HOLIDAY", timedelta())
    monkeypatch.setattr(silence, "_LONGER", 1.0)
    assert false_alarms(moments, 200, 6) > 0


def test_a_site_that_stops_is_noticed_after_days_not_weeks() -> None:
    moments = publications(NEWSROOMS[1], 110, random.Random(0))
    assert 1 <= days_until_noticed(moments, START + timedelta(days=100)) <= 4
    assert days_until_noticed(moments[:10], START + timedelta(days=100)) == 60, "too little is known of it to tell"
