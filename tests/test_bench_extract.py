"""The benchmark of the extraction by step."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

from bench.speed.newsrooms import PROJECT

PAGE = "<html><head><title>The bridge opens</title></head><body><h1>The bridge opens</h1>" + "".join(
    f"<p>Paragraph {number} says what the council decided about the bridge over the river, and when it opens.</p>"
    for number in range(6)
)


def _bench(shared: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.extract", "--shared", str(shared), *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)


def test_each_step_of_a_page_has_its_time_and_the_steps_add_up(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    with gzip.open(tmp_path / "corpus" / "own.jsonl.gz", "wt", encoding="utf-8") as lines:
        for number in range(3):
            lines.write(json.dumps({"id": number, "url": f"https://daily.example/{number}", "html": PAGE}) + "\n")
    done = _bench(tmp_path, "--slowest", "1")
    assert done.returncode == 0, done.stderr
    cells = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")]
    means = {step: float(mean) for step, mean, *_ in cells[1:]}
    assert done.stdout.startswith("3 pages")
    assert means["parse"] > 0
    assert means["body: trafilatura"] > 0
    assert means["trafilatura alone"] > 0
    whole = means.pop("whole extraction")
    assert abs(sum(means.values()) - means["trafilatura alone"] - whole) < 0.2  # rounding of some twenty steps
    assert "https://daily.example/" in done.stdout.splitlines()[-1]


def test_without_corpora_nothing_is_measured(tmp_path: Path) -> None:
    done = _bench(tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"no corpora at {tmp_path}")
