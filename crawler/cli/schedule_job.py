"""The job that runs `due` unattended, and the schedulers that it can be installed in."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from crawler.cli.schedulers import Crontab, Scheduler, SchedulerError, SystemdTimer
from crawler.home import Home, program, unattended_command
from crawler.profile import SiteProfile
from crawler.schedule.crontab import Job
from crawler.text import counted

DEFAULT_MINUTES = 5
_MAX_SECONDS = 3 * 60 * 60
"""A run is stopped after this time: if something hangs, the next run continues. Chosen by hand."""

_SHOWN_SITES = 10


def job_of(home: Home, every: int = DEFAULT_MINUTES, ping: str | None = None) -> Job:
    """The job that runs `due` in the home. `every`: minutes. NEWS_ settings of the environment are part of it."""
    words = ["due", "-L", "ERROR", "--max-time", str(_MAX_SECONDS)]
    folder, start = unattended_command(home)
    return Job(
        home=str(home.folder),
        folder=str(folder),
        program=tuple(start),
        every=every,
        environment={name: _absolute(name, value) for name, value in os.environ.items() if name.startswith("NEWS_")},
        words=(*words, "--ping", ping) if ping else tuple(words),
    )


def choose_scheduler(job: Job, *, systemd: bool = False) -> Scheduler:
    """systemd if it is requested; otherwise cron, otherwise systemd. Raises SchedulerError, with an alternative, if
    neither is available."""
    timer = SystemdTimer(job)
    if systemd:
        if not timer.is_there():
            raise SchedulerError(
                "systemd does not run for you (`systemctl --user`); without --systemd, cron is used, and "
                f"`{program()} schedule --print systemd` prints the units"
            )
        return timer
    for scheduler in (Crontab(job), timer):
        if scheduler.is_there():
            return scheduler
    if sys.platform == "darwin":
        raise SchedulerError(
            f"no crontab; `{program()} schedule --print launchd` prints a launch agent and where it goes"
        )
    raise SchedulerError(
        "there is neither cron nor a systemd that runs for you; install cron (Debian and Ubuntu: apt install cron), or "
        f"let another scheduler run `{program()} due` every {counted(job.every, 'minute')}"
    )


def crawl_plan(profiles: Iterable[SiteProfile], bounds: tuple[float, float]) -> list[str]:
    """What the job crawls and how often, in lines. `bounds`: minutes between two polls, of profiles without their
    own."""
    enabled = [profile for profile in profiles if profile.enabled]
    if not enabled:
        return ["it crawls nothing yet: no site is added"]
    when = "it is due, as often as it publishes" if len(enabled) == 1 else "they are due, as often as they publish"
    lines = [f"it crawls {counted(len(enabled), 'site')} when {when}:"]
    for profile in enabled[:_SHOWN_SITES]:
        least, most = profile.min_interval or bounds[0], profile.max_interval or bounds[1]
        lines.append(f"  {profile.name}: every {least:g} to {most:g} minutes")
    if len(enabled) > _SHOWN_SITES:
        lines.append(f"  and {len(enabled) - _SHOWN_SITES} more; `{program()} sites` lists them")
    return lines


def _absolute(name: str, value: str) -> str:
    """The value of a setting with its path made absolute: cron and systemd start in another folder."""
    return os.path.abspath(value) if name in ("NEWS_DB", "NEWS_SITES") else value
