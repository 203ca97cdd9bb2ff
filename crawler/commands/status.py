"""rasid status: the latest crawls and the state of every site."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from typing import Any

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import NewsCommand, Option, print_error, profiles_missing
from crawler.cli.terminal import Column, print_table, shown_time
from crawler.colours import paint
from crawler.crawl.exit_code import UNHEALTHY
from crawler.crawl.from_settings import open_store
from crawler.health import Finding, examine_sites
from crawler.items import OUTCOMES
from crawler.profile import SiteProfile
from crawler.profiles import read_profiles

_SITES = (
    Column("site", "name"),
    Column("last article", "time"),
    Column("last success", "time", left_out=2),
    Column("interval", left_out=5),
    Column("next poll", "time", left_out=1),
    Column("per day (7)", "number", left_out=4),
    Column("(28)", "number", left_out=6),
    Column("pending", "number", left_out=3),
    Column("state"),
)
_RUNS = (
    Column("started", "time"),
    Column("site", "name"),
    Column("finish_reason", left_out=3),
    Column("seconds", "number", left_out=4),
    Column("requests", "number", left_out=5),
    Column("kB", "number", left_out=6),
    *(Column(outcome, "number", left_out=0 if outcome == "new" else 2) for outcome in OUTCOMES),
    Column("gaps", "number", left_out=1),
    Column("errors", least=12),
)


class Command(NewsCommand):
    """Reads the database and changes nothing. Ends with 1 if a profile is broken or there is none, with 3 if a site is
    unhealthy."""

    summary = "Show the latest crawls and the state of every site"
    description = (
        "Print the latest crawls with their costs and outcomes, then the state of each site with its last and next "
        "poll."
    )
    options = (
        Option("--json", action="store_true", help='print JSON: {"sites", "runs", "scheduler_runs"}'),
        Option("--runs", type=int, default=10, metavar="N", help="number of crawls to show (default: 10)"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the tables, or JSON."""
        if args or opts.runs < 0:
            raise UsageError("takes no arguments; --runs N sets the number of crawls, 0 or more", print_help=False)
        assert self.settings is not None
        profiles, problems = read_profiles(self.sites_folder)
        now = clock.now()
        with open_store(self.settings, create=False) as store:
            findings = examine_sites(store, (p for p in profiles.values() if p.enabled), now)
            states = store.sites.overview(now)
            sites = [
                site_row(name, profiles.get(name), states.get(name, {}), findings, problems.get(name))
                for name in sorted(profiles.keys() | states.keys() | problems.keys())
            ]
            runs = [run_row(run) for run in store.runs.latest(opts.runs)]
            scheduler_runs = store.runs.latest_scheduler_runs(max(opts.runs, 1))
        missing = profiles_missing(self.sites_folder, profiles)
        if missing is not None and not problems:
            print_error(missing)
        self.exitcode = 1 if problems or missing else UNHEALTHY if findings else 0
        if opts.json:
            tables = {"sites": sites, "runs": runs, "scheduler_runs": scheduler_runs[: opts.runs]}
            print(json.dumps(tables, ensure_ascii=False, indent=1))
            return
        if runs:
            names = tuple(column.name for column in _RUNS)
            print_table(
                _RUNS, [_cells(run, names) for run in runs], ["yellow" if _is_bad(run) else None for run in runs]
            )
            print()
        if scheduler_runs and scheduler_runs[0]["exit_code"]:
            print(_failed_scheduler_run(scheduler_runs[0]), end="\n\n")
        print_table(_SITES, _site_rows(sites), ["red" if site["problems"] else None for site in sites])
        for site in sites:
            for problem in site["problems"]:
                print(f"{paint(site['site'], 'red')}: {problem}")


def site_row(
    name: str, profile: SiteProfile | None, state: dict[str, Any], findings: list[Finding], problem: str | None
) -> dict[str, Any]:
    """The state of a site, as a JSON object."""
    problems = [finding.message for finding in findings if finding.site == name]
    return {
        "site": name,
        "has_profile": profile is not None or problem is not None,
        "enabled": profile is not None and profile.enabled,
        "articles": state.get("articles", 0),
        "last_article": state.get("last_article"),
        "last_crawl": state.get("last_crawl"),
        "last_success": state.get("last_success"),
        "failures": state.get("failures", 0),
        "interval_minutes": round(state["interval"] / 60, 1) if state.get("interval") is not None else None,
        "next_poll": state.get("next_poll"),
        "articles_a_day_7": round((state.get("week") or 0) / 7, 1),
        "articles_a_day_28": round((state.get("month") or 0) / 28, 1),
        "pending": state.get("pending", 0),
        "problems": (problem.splitlines() if problem else []) + problems,
    }


def run_row(run: dict[str, Any]) -> dict[str, Any]:
    """The costs and outcomes of a crawl, as a JSON object. Errors are grouped by reason, each with an example."""
    started, finished = (datetime.fromisoformat(run[name]) if run[name] else None for name in ("started", "finished"))
    return {
        **{
            name: run[name]
            for name in ("id", "scheduler_run_id", "site", "started", "finished", "discovered", "requested")
        },
        "finish_reason": run["finish_reason"] or "killed or still running",
        "seconds": (finished - started).total_seconds() if started and finished else None,
        **{name: run[name] for name in ("requests", "bytes", *OUTCOMES, "unfinished", "gaps", "channels_unchanged")},
        "channel_problems": run["channel_problems"],
        "errors": {
            reason: {"pages": count, "example": run["examples"].get(reason)} for reason, count in run["reasons"].items()
        },
        "skipped": run["skipped"],
        "unverified_hosts": run["unverified_hosts"],
    }


def _cells(run: dict[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    errors = ", ".join(f"{error['pages']} {reason}" for reason, error in run["errors"].items())
    shown = run | {"kB": round(run["bytes"] / 1000), "errors": errors}
    return tuple("" if shown[name] in (None, 0) else str(shown[name]) for name in names)


def _failed_scheduler_run(run: dict[str, Any]) -> str:
    message = "; ".join((run["message"] or "").splitlines())
    return f"the last `due` ({shown_time(run['started'])}) ended with exit code {run['exit_code']}: {message}".rstrip(
        ": "
    )


def _state(site: dict[str, Any]) -> str:
    if site["failures"]:
        return f"no usable answer in {site['failures']} polls" if site["failures"] > 1 else "no usable answer"
    return "ok" if site["last_success"] else "not crawled yet"


def _is_bad(run: dict[str, Any]) -> bool:
    return bool(run["errors"] or run["channel_problems"] or run["finish_reason"] != "finished")


def _site_rows(sites: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for site in sites:
        state = "unhealthy" if site["problems"] else _state(site)
        interval = "" if site["interval_minutes"] is None else f"{site['interval_minutes']:g} min"
        moments = (
            site["last_article"] or "never",
            site["last_success"] or "never",
            interval,
            site["next_poll"] or ("now" if site["has_profile"] else "never"),
        )
        numbers = (str(site["articles_a_day_7"]), str(site["articles_a_day_28"]), str(site["pending"] or ""))
        state = state if site["enabled"] else "not enabled" if site["has_profile"] else "no profile"
        rows.append((site["site"], *moments, *numbers, state))
    return rows
