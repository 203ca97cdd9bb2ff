"""Whether a site's pages are what they were: their fields, lengths and times, and how many come to nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import comb
from typing import Any

from crawler.health.finding import Complaint
from crawler.profile import SiteProfile

# Pages that are judged: those of the newest runs, until there are so many; against so many earlier ones at least.
_FEWEST_RECENT, _FEWEST_BEFORE = 5, 20
_RECENT, _BEFORE = timedelta(days=14), timedelta(days=28)
# How far a share must have fallen, and how likely chance may be at most.
_FALL, _CHANCE = 0.4, 0.001
# Nothing is certain: even a site whose pages have all had a title may have one without.
_SUREST = 0.98
_SHORTER, _SLOWER, _SLOW_MS = 0.4, 5.0, 3000
_FIELDS = {"title": "headline", "body": "text", "date": "date", "authors": "author"}
_SELECTORS = {"date": "published"}
_BLOCKS = ("wall", "http_401", "http_403", "http_429", "http_451")


def judge_pages(profile: SiteProfile, runs: list[dict[str, Any]], now: datetime) -> Iterator[Complaint]:
    """What is wrong with the pages of the newest runs, measured by the earlier ones."""
    recent, before = _split(runs, now)
    if recent:
        yield from _pages(profile, recent, before)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Counts over several runs, oldest first."""

    runs: list[dict[str, Any]]
    quality: Counter[str]
    reasons: Counter[str]
    requested: int
    dropped: int
    failed: int

    def share(self, field: str) -> float:
        """Share of the pages that have a field."""
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
    """The newest runs with enough pages between them to judge, and the runs before; empty if there are too few."""
    pages, at = 0, len(runs)
    while at and pages < _FEWEST_RECENT and now - runs[at - 1]["started"] < _RECENT:
        at -= 1
        pages += runs[at]["requested"] - runs[at]["unfinished"]
    before = [run for run in runs[:at] if now - run["started"] < _BEFORE]
    if pages < _FEWEST_RECENT or sum(run["requested"] for run in before) < _FEWEST_BEFORE:
        return [], []
    return runs[at:], before


def _pages(profile: SiteProfile, recent: list[dict[str, Any]], before: list[dict[str, Any]]) -> Iterator[Complaint]:
    now, past = _sum(recent), _sum(before)
    fields = [*_fields(profile, now, past)]
    yield from fields
    shares = {
        "blocked": (sum(now.reasons[r] for r in _BLOCKS), sum(past.reasons[r] for r in _BLOCKS), "are refused to us"),
        "failed": (now.failed, past.failed, "do not come"),
        "dropped": (now.dropped, past.dropped, "are no articles any more"),
    }
    for rule, (bad, bad_before, what) in shares.items():
        if bad and _has_fallen(now.requested - bad, now.requested, 1 - bad_before / max(past.requested, 1)):
            reason = _top(now.reasons, rule)
            if not (rule == "dropped" and fields):  # they were dropped for what they lack
                yield Complaint(
                    site=profile.name,
                    rule=rule,
                    since=_since(now, past, partial(_is_bad, rule=rule, reason=reason)),
                    example=_example(now, reason),
                    sentence=f"{bad} of its last {now.requested} pages {what} ({reason.replace('_', ' ')}), "
                    f"{bad_before} of {past.requested} before",
                )
            break  # a refused page failed as well
    yield from _lengths(profile, now, past)


def _fields(profile: SiteProfile, now: _Sums, past: _Sums) -> Iterator[Complaint]:
    pages, pages_before = now.quality["pages"], past.quality["pages"]
    if pages < _FEWEST_RECENT or pages_before < _FEWEST_BEFORE:
        return
    for field, word in _FIELDS.items():
        share = past.share(field)
        if not _has_fallen(now.quality[field], pages, share):
            continue
        key = _SELECTORS.get(field, field)
        cause = f"selectors.{key} of" if key in profile.selectors else "if the site was redesigned, add a selector to"
        example = next((run["quality"]["without"].get(field) for run in reversed(now.runs) if run["quality"]), None)
        yield Complaint(
            site=profile.name,
            rule=field,
            since=_since(now, past, partial(_lacks, field=field, below=share - _FALL)),
            example=example,
            sentence=f"{pages - now.quality[field]} of its last {pages} pages have no {word}, "
            f"{pages_before - past.quality[field]} of {pages_before} before; look at {cause} sites/{profile.name}.toml",
        )


def _lengths(profile: SiteProfile, now: _Sums, past: _Sums) -> Iterator[Complaint]:
    if min(now.quality["body"], past.quality["body"]) >= _FEWEST_RECENT:
        length, length_before = (sums.quality["chars"] / sums.quality["body"] for sums in (now, past))
        if length < length_before * _SHORTER and past.quality["body"] >= _FEWEST_BEFORE:
            yield Complaint(
                site=profile.name,
                rule="body_length",
                since=now.runs[0]["started"],
                sentence=f"its texts have become short: {length:.0f} characters on average, {length_before:.0f} before",
            )
    if min(now.quality["timed"], past.quality["timed"]) >= _FEWEST_RECENT:
        took, took_before = (sums.quality["milliseconds"] / sums.quality["timed"] for sums in (now, past))
        if took > max(took_before * _SLOWER, _SLOW_MS):
            yield Complaint(
                site=profile.name,
                rule="slow",
                since=now.runs[0]["started"],
                sentence=f"its pages take {took / 1000:.1f} s to come, {took_before / 1000:.1f} s before",
            )


def _has_fallen(good: int, pages: int, share_before: float) -> bool:
    """Whether fewer pages are good than chance would explain, and far fewer than before."""
    if not pages or good / pages >= share_before - _FALL:
        return False
    share = min(share_before, _SUREST)
    chance = sum(comb(pages, n) * share**n * (1 - share) ** (pages - n) for n in range(good + 1))
    return chance < _CHANCE


def _since(now: _Sums, past: _Sums, is_bad: Callable[[dict[str, Any]], bool]) -> datetime:
    """When the first of the runs began that have been bad since then."""
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


def _is_bad(run: dict[str, Any], *, rule: str, reason: str) -> bool:
    bad = run["reasons"].get(reason, 0) if rule == "blocked" else run[rule]
    return bool(bad / run["requested"] > _FALL)


def _top(reasons: Counter[str], rule: str) -> str:
    fitting = {reason: count for reason, count in reasons.items() if rule != "blocked" or reason in _BLOCKS}
    return max(fitting, key=lambda reason: fitting[reason], default="")


def _example(sums: _Sums, reason: str) -> str | None:
    return next((run["examples"][reason] for run in reversed(sums.runs) if reason in run["examples"]), None)
