"""The floor under the extraction's quality: what counts as a fall, and what happens without the corpora."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.halves import half
from bench.score import Fall, falls, table, with_times
from tests.conftest import PROJECT


def figures(**ours: float) -> dict[str, object]:
    return {"pages": 80, "sentences": "regex", "ours": ours, "trafilatura": {"f1": 0.9595}}


def test_a_figure_that_falls_by_more_than_noise_is_named() -> None:
    assert list(falls({"aeb": figures(f1=0.960)}, {"aeb": figures(f1=0.974)})) == [Fall("aeb", "f1", 0.974, 0.960)]


def test_rounding_and_rises_are_no_falls() -> None:
    assert not list(falls({"aeb": figures(f1=0.9735)}, {"aeb": figures(f1=0.974)}))
    assert not list(falls({"aeb": figures(f1=0.99)}, {"aeb": figures(f1=0.974)}))


def test_a_rise_of_leaks_and_of_cpu_is_a_fall() -> None:
    fallen = falls({"arabic": figures(leaks=0.2, cpu_ratio=1.3)}, {"arabic": figures(leaks=0.0, cpu_ratio=0.9)})
    assert [fall.metric for fall in fallen] == ["leaks", "cpu_ratio"]


def test_a_corpus_that_was_never_recorded_cannot_fall() -> None:
    assert not list(falls({"aeb": figures(f1=0.5)}, {}))


def test_a_rise_of_lost_bodies_and_wrong_days_is_a_fall() -> None:
    fallen = falls(
        {"postlight": figures(body_lost=0.1, other_date_wrong=0.2)},
        {"postlight": figures(body_lost=0.05, other_date_wrong=0.1)},
    )
    assert [fall.metric for fall in fallen] == ["body_lost", "other_date_wrong"]


def test_figures_of_a_kind_are_counted_on_the_pages_of_that_kind() -> None:
    found = figures(date_day=0.9, seen_date_day=0.8) | {"kinds": {"news": 60, "other": 5, "seen": 15}}
    shown = table({"htmldate": found})
    assert "| htmldate | 60 | date_day |" in shown
    assert "| htmldate | 15 | seen_date_day |" in shown


def test_the_table_shows_the_peers_on_each_half() -> None:
    halves = {"ours": [{"f1": 0.98}, {"f1": 0.97}], "trafilatura": [{"f1": 0.96}, {"f1": 0.95}]}
    shown = table({"aeb": figures(f1=0.974) | {"halves": halves}})
    assert "| 0.9740 | 0.9595 |  | 0.9800 | 0.9600 |  | 0.9700 | 0.9500 |  |" in shown


def test_a_run_without_times_keeps_the_recorded_ones() -> None:
    before = {"ours": {"f1": 0.9, "cpu_ms": 18.1, "cpu_ratio": 0.84}, "trafilatura": {"cpu_ms": 21.2, "cpu_ratio": 1.0}}
    kept = with_times(figures(f1=0.95), before | {"cpu_ratios": [0.84]})
    assert kept["ours"] == {"f1": 0.95, "cpu_ms": 18.1, "cpu_ratio": 0.84}
    assert kept["trafilatura"]["cpu_ms"] == 21.2


def test_the_table_has_trafilatura_beside_ours() -> None:
    assert "| aeb | 80 | f1 | 0.9740 | 0.9595 |" in table({"aeb": figures(f1=0.974)})


def test_pages_of_a_site_stay_in_one_half() -> None:
    sites = [f"{name}.example" for name in "abcdefghijklmnopqrst"]
    assert {half(site) for site in sites} == {"A", "B"}
    assert [half(site) for site in sites] == [half(site) for site in sites]


def test_without_the_corpora_nothing_is_scored_and_nothing_fails(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.score", "--shared", str(tmp_path)]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 0
    assert "nothing scored" in result.stdout
