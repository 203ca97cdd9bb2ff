"""The line for cron, and a crontab with or without it. Pure text: the command reads and writes it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What is to be run, told so that it needs nothing of its surroundings."""

    folder: str
    """The checkout, absolute."""

    python: str
    """Its interpreter, absolute."""

    every: int = 5
    """Minutes; a divisor of 60, or so many hours that divide the day."""

    environment: dict[str, str] = field(default_factory=dict)
    """Settings of ours that were given by environment."""

    words: tuple[str, ...] = ()
    """The command, as ("due", "-L", "ERROR")."""

    @property
    def command(self) -> list[str]:
        """The command line, word by word."""
        return [self.python, "-m", "scrapy", *self.words]


def cron_line(job: Job) -> str:
    """The crontab's line."""
    minutes, hours = divmod(job.every, 60)[::-1]
    when = f"0 */{hours} * * *" if hours > 1 else "0 * * * *" if hours else f"*/{minutes} * * * *"
    when = when.replace("*/1 ", "* ").replace("*/24 ", "0 ")
    settings = "".join(f"{name}={shlex.quote(value)} " for name, value in sorted(job.environment.items()))
    command = f"cd {shlex.quote(job.folder)} && {settings}exec {shlex.join(job.command)}"
    return f"{when} {command.replace('%', chr(92) + '%')}"  # cron takes a bare % for the end of the command


def with_job(crontab: str, job: Job) -> str:
    """A crontab with the job's line between its markers: in the place of an earlier one, else at the end. Every other
    line is as it was."""
    begin, end = _markers(job)
    block = f"{begin}\n{cron_line(job)}\n{end}\n"
    found = _block(crontab, job)
    if found is None:
        return crontab + ("" if not crontab or crontab.endswith("\n") else "\n") + block
    return crontab[: found[0]] + block + crontab[found[1] :]


def without_job(crontab: str, job: Job) -> str:
    """A crontab without the job's line and its markers."""
    found = _block(crontab, job)
    return crontab if found is None else crontab[: found[0]] + crontab[found[1] :]


def _markers(job: Job) -> tuple[str, str]:
    return f"# >>> rasid {job.folder} >>>", f"# <<< rasid {job.folder} <<<"


def _block(crontab: str, job: Job) -> tuple[int, int] | None:
    """Where the job's lines stand; None if they do not, or their end is missing."""
    begin, end = _markers(job)
    lines = crontab.splitlines(keepends=True)
    texts = [line.rstrip("\r\n") for line in lines]
    if begin not in texts or end not in texts[texts.index(begin) :]:
        return None
    first = texts.index(begin)
    last = texts.index(end, first)
    start = sum(map(len, lines[:first]))
    return start, start + sum(map(len, lines[first : last + 1]))
