"""The two halves of a corpus's sites: rules are tuned on half A, half B shows whether they hold elsewhere."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any


def half(site: str) -> str:
    """`A` or `B`, by the first bit of the host's SHA-256: pages of a site stay together."""
    return "AB"[hashlib.sha256(site.encode()).digest()[0] & 1]


def halves_of(
    shared: Path, corpus: str, answers: Path, system: str, metrics_wanted: tuple[str, ...]
) -> tuple[str, list[dict[str, float]]]:
    """How the scorer splits sentences, and a system's figures on half A and half B, from the scores of a run."""
    sys.path.insert(0, str(shared))
    try:
        import corpora  # type: ignore[import-not-found]
        import metrics  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(shared))
    sites = {page["id"]: page["group"] for page in corpora.load(corpus, shared.parent / "corpus", answers)}
    scores = (answers / corpus / f"{system}.scores.jsonl").read_text("utf-8")
    rows: list[dict[str, Any]] = [json.loads(line) for line in scores.splitlines()]
    found = []
    for name in "AB":
        mine = [{k: v for k, v in row.items() if k != "id"} for row in rows if half(sites[row["id"]]) == name]
        total = metrics.METRICS[corpus][1](mine) if mine else {}
        found.append({metric: round(total[metric], 4) for metric in metrics_wanted if metric in total})
    return str(metrics.SENTENCES), found
