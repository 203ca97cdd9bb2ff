"""The benchmark of learned templates."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

from bench.speed.newsrooms import PROJECT
from tests.templated import page, story, url

SCORE = """
def score_record(page, out):
    return {"body4_f1": float(page["truth"] in (out["text"] or "")), "title": float(out["title"] == page["title"])}
"""


def _bench(corpus: Path, shared: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.templates", str(corpus), "--shared", str(shared), *words]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)


def test_pages_by_template_are_scored_beside_the_full_extraction_and_a_redesign_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "score").mkdir()
    (tmp_path / "score" / "metrics.py").write_text(SCORE)
    with gzip.open(tmp_path / "pages.jsonl.gz", "wt", encoding="utf-8") as lines:
        for number in range(18):
            told = story(number)
            record = {
                "id": number,
                "group": "local",
                "url": url(number),
                "html": page(told, name="story" if number < 15 else "report"),
                "truth": told.paragraphs[-1],
                "title": told.title,
                "made": {"variant": number},
            }
            lines.write(json.dumps(record) + "\n")
    done = _bench(tmp_path / "pages.jsonl.gz", tmp_path, "--changed-from", "15", "--verbose")
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| pages by template")]
    assert len(rows) == 1
    assert " | 1.0000 | " in rows[0]
    assert "container: " not in done.stdout  # the template was retired
    assert "wrong and not noticed (F1 0.05 below the full extraction): 0 []" in done.stdout
    assert "the change was noticed on page: {1: 1}; wrong pages after it: 0" in done.stdout
    none = _bench(tmp_path / "pages.jsonl.gz", tmp_path, "--only", "other,third")
    assert (none.returncode, none.stdout) == (1, "")
    assert none.stderr.endswith("has no page of these sites\n")


def test_without_a_corpus_it_says_so(tmp_path: Path) -> None:
    done = _bench(tmp_path / "none.jsonl.gz", tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
