"""The learned template of a site: whether it still agrees with the full extraction."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.health.finding import Finding

_MIN_CHECKS = 10
"""Checked pages that must be known. Chosen by hand: of fewer, two that differ by chance would be a fifth."""

_MIN_AGREEMENT = 0.8
"""The share of the checked pages that must agree. On 20 template sites, all 60 did (bench/templates.py)."""


def judge_template(site: str, checks: str) -> Iterator[Finding]:
    """Report a site whose checked pages agree too little. `checks`: 1 for each page that agreed, else 0."""
    agreed = checks.count("1")
    if len(checks) >= _MIN_CHECKS and agreed < len(checks) * _MIN_AGREEMENT:
        yield Finding(
            site=site,
            rule="template",
            message=f"{len(checks) - agreed} of the latest {len(checks)} checked pages differ from what its learned "
            "template gives; NEWS_TEMPLATES = false in settings.toml has all pages read in full",
        )
