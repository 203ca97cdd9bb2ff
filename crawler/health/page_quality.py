"""Page quality: missing fields, text lengths, response times, and the share of pages without an article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import comb
from typing import Any

from crawler.health.finding import Finding
from crawler.profile import SiteProfile

# All thresholds below were chosen by hand, so that the made-up histories of tests/test_health_rules.py cause no false
# alarm; no measurement on real sites.
_MIN_RECENT_PAGES, _MIN_EARLIER_PAGES = 5, 20
"""The pages of the newest runs that are judged, at least this number, and the earlier pages that they are compared
with."""

_RECENT, _EARLIER = timedelta(days=14), timedelta(days=28)
"""Age of the oldest run that counts as recent, and of the oldest one that counts at all."""

_MIN_FALL = 0.4
"""A share must have fallen by more than this."""

_MAX_CHANCE = 0.001
"""Probability, at most, that chance alone explains the fall."""

_MAX_SHARE = 0.98
"""A share of 1 counts as this one: even a site whose pages have all had a title may publish one without."""

_SHORTER = 0.4
"""The mean text length must have fallen below this part of the earlier one."""

_SLOWER, _SLOW_MS = 5.0, 3000
"""The mean response time must have risen to more than this multiple of the earlier one, and above this time."""

_FIELDS = {"title": "headline", "body": "text", "date": "date", "authors": "author"}
_SELECTORS = {"date": "published"}
_BLOCKS = ("wall", "suspect_text", "http_401", "http_403", "http_429", "http_451")


def judge_pages(profile: SiteProfile, runs: list[dict[str, Any]], now: datetime) -> Iterator[Finding]:
    """Compare the pages of the newest runs with the earlier ones; without the runs of an outage."""
    recent, before = _split([run for run in runs if not run["outage"]], now)
    if recent:
        yield from _pages(profile, recent, before)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Totals of several runs, oldest first."""

    runs: list[dict[str, Any]]
    quality: Counter[str]
    reasons: Counter[str]
    requested: int
    dropped: int
    failed: int

    def share(self, field: str) -> float:
        """The share of the pages that have a field."""
        return self.quality[field] / max(self.quality["pages"], 1)


def _sum(runs: list[dict[str, Any]]) -> _Sums:
    quality: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for run in runs:
        quality.update({name: count for name, count in run["quality"].items() if isinstance(count, int)})
        reasons.update(run["reasons"])
    return _Sums(
        runs, quality, reasons, *(sum(run[name] for run in runs) for name in ("requested", "dropped", "failed"))
    )


def _split(runs: list[dict[str, Any]], now: datetime) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The newest runs that together have enough pages, and the runs before them; two empty lists if there are too
    few."""
    pages, first = 0, len(runs)
    while first and pages < _MIN_RECENT_PAGES and now - runs[first - 1]["started"] < _RECENT:
        first -= 1
        pages += runs[first]["requested"] - runs[first]["unfinished"]
    before = [run for run in runs[:first] if now - run["started"] < _EARLIER]
    if pages < _MIN_RECENT_PAGES or sum(run["requested"] for run in before) < _MIN_EARLIER_PAGES:
        return [], []
    return runs[first:], before


def _pages(profile: SiteProfile, recent: list[dict[str, Any]], before: list[dict[str, Any]]) -> Iterator[Finding]:
    now, past = _sum(recent), _sum(before)
    fields = [*_fields(profile, now, past)]
    yield from fields
    shares = {
        "blocked": (sum(now.reasons[r] for r in _BLOCKS), sum(past.reasons[r] for r in _BLOCKS), "were refused"),
        "failed": (now.failed, past.failed, "could not be fetched"),
        "dropped": (now.dropped, past.dropped, "are not articles"),
    }
    for rule, (bad, bad_before, what) in shares.items():
        if bad and _has_fallen(now.requested - bad, now.requested, 1 - bad_before / max(past.requested, 1)):
            reason = _top(now.reasons, rule)
            if not (rule == "dropped" and fields):  # they were dropped because of the missing field
                yield Finding(
                    site=profile.name,
                    rule=rule,
                    since=_since(now, past, partial(_is_bad, rule=rule, reason=reason)),
                    example=_example(now, reason),
                    message=f"{bad} of its last {now.requested} pages {what} ({reason.replace('_', ' ')}), "
                    f"{bad_before} of {past.requested} earlier ones",
                )
            break  # a refused page has failed as well
    yield from _lengths(profile, now, past)
    yield from _confidence(profile, now, past)


def _fields(profile: SiteProfile, now: _Sums, past: _Sums) -> Iterator[Finding]:
    pages, pages_before = now.quality["pages"], past.quality["pages"]
    if pages < _MIN_RECENT_PAGES or pages_before < _MIN_EARLIER_PAGES:
        return
    for field, word in _FIELDS.items():
        share = past.share(field)
        if not _has_fallen(now.quality[field], pages, share):
            continue
        key = _SELECTORS.get(field, field)
        way_out = (
            f"check selectors.{key} in" if key in profile.selectors else "if the site was redesigned, add a selector to"
        )
        example = next((run["quality"]["without"].get(field) for run in reversed(now.runs) if run["quality"]), None)
        yield Finding(
            site=profile.name,
            rule=field,
            since=_since(now, past, partial(_lacks, field=field, below=share - _MIN_FALL)),
            example=example,
            message=f"{pages - now.quality[field]} of its last {pages} pages have no {word}, "
            f"{pages_before - past.quality[field]} of {pages_before} earlier ones; {way_out} sites/{profile.name}.toml",
        )


def _lengths(profile: SiteProfile, now: _Sums, past: _Sums) -> Iterator[Finding]:
    if min(now.quality["body"], past.quality["body"]) >= _MIN_RECENT_PAGES:
        length, length_before = (sums.quality["chars"] / sums.quality["body"] for sums in (now, past))
        if length < length_before * _SHORTER and past.quality["body"] >= _MIN_EARLIER_PAGES:
            yield Finding(
                site=profile.name,
                rule="body_length",
                since=_since(now, past, partial(_is_short, below=length_before * _SHORTER)),
                message=f"its texts have become short: {length:.0f} characters on average, {length_before:.0f} earlier",
            )
    if min(now.quality["timed"], past.quality["timed"]) >= _MIN_RECENT_PAGES:
        took, took_before = (sums.quality["milliseconds"] / sums.quality["timed"] for sums in (now, past))
        if took > max(took_before * _SLOWER, _SLOW_MS):
            yield Finding(
                site=profile.name,
                rule="slow",
                since=now.runs[0]["started"],
                message=f"its pages take {took / 1000:.1f} s to load on average, {took_before / 1000:.1f} s earlier",
            )


def _confidence(profile: SiteProfile, now: _Sums, past: _Sums) -> Iterator[Finding]:
    judged, judged_before = now.quality["judged"], past.quality["judged"]
    if judged < _MIN_RECENT_PAGES or judged_before < _MIN_EARLIER_PAGES:
        return
    share = past.quality["sure"] / judged_before
    if _has_fallen(now.quality["sure"], judged, share):
        yield Finding(
            site=profile.name,
            rule="confidence",
            since=_since(now, past, partial(_is_unsure, below=share - _MIN_FALL)),
            example=next((page for run in reversed(now.runs) if (page := run["quality"]["without"].get("sure"))), None),
            message=f"{judged - now.quality['sure']} of its last {judged} texts are unsure, "
            f"{judged_before - past.quality['sure']} of {judged_before} earlier ones; if the site was redesigned, add "
            f"a selector to sites/{profile.name}.toml",
        )


def _has_fallen(good: int, pages: int, share_before: float) -> bool:
    """Whether the share of good pages has fallen far, and further than chance would explain (binomial test)."""
    if not pages or good / pages >= share_before - _MIN_FALL:
        return False
    share = min(share_before, _MAX_SHARE)
    chance = sum(comb(pages, n) * share**n * (1 - share) ** (pages - n) for n in range(good + 1))
    return chance < _MAX_CHANCE


def _since(now: _Sums, past: _Sums, is_bad: Callable[[dict[str, Any]], bool]) -> datetime:
    """When the oldest of the consecutive bad runs began."""
    since: datetime = now.runs[-1]["started"]
    for run in reversed([*past.runs, *now.runs]):
        if not run["requested"]:
            continue
        if not is_bad(run):
            break
        since = run["started"]
    return since


def _lacks(run: dict[str, Any], *, field: str, below: float) -> bool:
    quality = run["quality"]
    return bool(quality.get(field, 0) / (quality.get("pages") or 1) < below)


def _is_unsure(run: dict[str, Any], *, below: float) -> bool:
    quality = run["quality"]
    return bool(quality.get("sure", 0) / (quality.get("judged") or 1) < below)


def _is_short(run: dict[str, Any], *, below: float) -> bool:
    quality = run["quality"]
    return bool(quality.get("chars", 0) / (quality.get("body") or 1) < below)


def _is_bad(run: dict[str, Any], *, rule: str, reason: str) -> bool:
    bad = run["reasons"].get(reason, 0) if rule == "blocked" else run[rule]
    return bool(bad / run["requested"] > _MIN_FALL)


def _top(reasons: Counter[str], rule: str) -> str:
    fitting = {reason: count for reason, count in reasons.items() if rule != "blocked" or reason in _BLOCKS}
    return max(fitting, key=lambda reason: fitting[reason], default="")


def _example(sums: _Sums, reason: str) -> str | None:
    return next((run["examples"][reason] for run in reversed(sums.runs) if reason in run["examples"]), None)
