"""The benchmark of sections: what a page shows against what it declares."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

from bench.speed.newsrooms import PROJECT

MENU = "<nav><a href='/economy/'>Economy</a><a href='/sport/'>Sport</a></nav><h1>The rates rise again</h1>"


def _page(head: str) -> str:
    return f"<html><head><title>The rates rise again</title>{head}</head><body>{MENU}<p>Text.</p></body></html>"


def test_the_declared_section_is_taken_away_and_compared_with_what_is_found(tmp_path: Path) -> None:
    heads = ("Economy", "Money, economy", "Town", "")
    (tmp_path / "corpus").mkdir()
    with gzip.open(tmp_path / "corpus" / "own.jsonl.gz", "wt", encoding="utf-8") as lines:
        for number, section in enumerate(heads):
            html = _page(f"<meta property='article:section' content='{section}'>" if section else "")
            page = {"id": number, "group": "daily.example", "url": "https://daily.example/economy/rates", "html": html}
            lines.write(json.dumps(page) + "\n")
    command = [sys.executable, "-m", "bench.sections", "--shared", str(tmp_path), "--corpus", "own,absent"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    first, _, figures = done.stdout.partition("\n")
    assert first.startswith("absent.jsonl.gz: no such corpus")
    (half,) = json.loads(figures).values()
    assert half == {
        "found": 1.0,
        "alike": 0.6667,
        "alike_of_found": 0.6667,
        "found_else": 1.0,
        "declared": 3,
        "others": 1,
    }
