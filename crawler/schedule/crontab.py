"""The crontab line, and a crontab with or without it. Pure text: the command reads and writes the crontab."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A job with everything that it needs: cron provides no environment."""

    home: str
    """Absolute path of the home. A crontab has one job for a home."""

    folder: str
    """Absolute path of the folder to start in."""

    program: tuple[str, ...]
    """The program with its absolute path, and the words before the command."""

    every: int = 5
    """Minutes: a divisor of 60, or a number of full hours that divides a day."""

    environment: dict[str, str] = field(default_factory=dict)
    """NEWS_ settings from the environment."""

    words: tuple[str, ...] = ()
    """The command, like ("due", "-L", "ERROR")."""

    @property
    def command(self) -> list[str]:
        """The command line as a list of words."""
        return [*self.program, *self.words]


def cron_line(job: Job) -> str:
    """The line for the crontab."""
    minutes, hours = divmod(job.every, 60)[::-1]
    when = f"0 */{hours} * * *" if hours > 1 else "0 * * * *" if hours else f"*/{minutes} * * * *"
    when = when.replace("*/1 ", "* ").replace("*/24 ", "0 ")
    settings = "".join(f"{name}={shlex.quote(value)} " for name, value in sorted(job.environment.items()))
    command = f"cd {shlex.quote(job.folder)} && {settings}exec {shlex.join(job.command)}"
    return f"{when} {command.replace('%', chr(92) + '%')}"  # cron reads an unescaped % as the end of the command


def interval_of(line: str) -> int | None:
    """The minutes between two runs of a line that `cron_line` wrote; None if it was changed to something else."""
    minute, hour, *days = [*line.split(), "", ""][:5]
    number = {"*": 1, "0": 0}.get(minute) if not minute.startswith("*/") else int(minute[2:] or 0)
    if days != ["*"] * 3 or number is None:
        return None
    if number:
        return number if hour == "*" else None
    return {"*": 60, "0": 1440}.get(hour) if not hour.startswith("*/") else 60 * int(hour[2:] or 0)


def line_of(crontab: str, job: Job) -> str | None:
    """The line of a job in a crontab; None if there is none."""
    span = _find_block(crontab, job)
    lines = crontab[span[0] : span[1]].splitlines() if span is not None else []
    return next((line for line in lines if line.strip() and not line.startswith("#")), None)


def with_job(crontab: str, job: Job) -> str:
    """Add the job's line to a crontab, between two markers: in place of an earlier one, else at the end. All other
    lines are unchanged."""
    begin, end = _markers(job)
    block = f"{begin}\n{cron_line(job)}\n{end}\n"
    span = _find_block(crontab, job)
    if span is None:
        return crontab + ("" if not crontab or crontab.endswith("\n") else "\n") + block
    return crontab[: span[0]] + block + crontab[span[1] :]


def without_job(crontab: str, job: Job) -> str:
    """Remove the job's line and its markers from a crontab."""
    span = _find_block(crontab, job)
    return crontab if span is None else crontab[: span[0]] + crontab[span[1] :]


def _markers(job: Job) -> tuple[str, str]:
    return f"# >>> rasid {job.home} >>>", f"# <<< rasid {job.home} <<<"


def _find_block(crontab: str, job: Job) -> tuple[int, int] | None:
    """Start and end of the job's lines; None if there are none, or if the end marker is missing."""
    begin, end = _markers(job)
    lines = crontab.splitlines(keepends=True)
    texts = [line.rstrip("\r\n") for line in lines]
    if begin not in texts or end not in texts[texts.index(begin) :]:
        return None
    first = texts.index(begin)
    last = texts.index(end, first)
    start = sum(map(len, lines[:first]))
    return start, start + sum(map(len, lines[first : last + 1]))
