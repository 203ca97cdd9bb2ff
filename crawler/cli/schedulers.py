"""Where the job of a home is installed: the user's crontab, or systemd's units of the user."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from crawler import clock
from crawler.exporting.time_zone import local_zone
from crawler.schedule.crontab import Job, cron_line, interval_of, line_of, with_job, without_job
from crawler.schedule.systemd import service, timer, unit_name

_TIMEOUT = 30.0
"""Seconds for a program of the system. Chosen by hand."""


class SchedulerError(Exception):
    """A scheduler that cannot be used, in one sentence."""


class Scheduler(Protocol):
    """One of the schedulers of the system, for one job."""

    name: str

    def is_there(self) -> bool:
        """Whether the system has it."""

    def install(self) -> list[str]:
        """Install the job, and return what was done; empty if it is installed already. Raises SchedulerError."""

    def remove(self) -> bool:
        """Remove the job; False if it was not installed. Raises SchedulerError."""

    def state(self) -> tuple[str, datetime | None] | None:
        """How often the job runs, and when next, None if that is not known; None if it is not installed. Raises
        SchedulerError."""


class Crontab:
    """The user's crontab. Only the lines between the job's markers are changed."""

    name = "cron"

    def __init__(self, job: Job) -> None:
        self._job = job

    def is_there(self) -> bool:
        """Whether cron is installed."""
        return shutil.which("crontab") is not None

    def install(self) -> list[str]:
        """Add the line, in place of an earlier one of this home."""
        before = self._read()
        after = with_job(before, self._job)
        if after == before:
            return []
        self._write(after)
        return [f"added to your crontab: {cron_line(self._job)}"]

    def remove(self) -> bool:
        """Remove the line."""
        before = self._read()
        after = without_job(before, self._job)
        if after != before:
            self._write(after)
        return after != before

    def state(self) -> tuple[str, datetime | None] | None:
        """From the line in the crontab."""
        line = line_of(self._read(), self._job) if self.is_there() else None
        if line is None:
            return None
        minutes = interval_of(line)
        return (" ".join(line.split()[:5]), None) if minutes is None else (every(minutes), _next_run(minutes))

    def _read(self) -> str:
        result = _run("crontab", "-l", check=False)
        if result.returncode and b"no crontab" not in result.stderr.lower():
            raise SchedulerError(f"crontab: {_message(result)}")
        return "" if result.returncode else result.stdout.decode("utf-8", "surrogateescape")

    def _write(self, text: str) -> None:
        _run("crontab", "-", text=text.encode("utf-8", "surrogateescape"))


class SystemdTimer:
    """A service and a timer of the user's systemd."""

    name = "systemd"

    def __init__(self, job: Job) -> None:
        self._job = job
        configuration = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        self._folder = configuration / "systemd" / "user"
        self._unit = unit_name(job)

    def is_there(self) -> bool:
        """Whether the user's systemd runs."""
        if shutil.which("systemctl") is None:
            return False
        return _run("systemctl", "--user", "show-environment", check=False).returncode == 0

    def install(self) -> list[str]:
        """Write the units and start the timer."""
        texts = {"service": service(self._job), "timer": timer(self._job)}
        files = {self._folder / f"{self._unit}.{suffix}": text for suffix, text in texts.items()}
        if all(path.exists() and path.read_text("utf-8") == text for path, text in files.items()) and self._is_active():
            return []
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for path, text in files.items():
                path.write_text(text, "utf-8")
        except OSError as error:
            raise SchedulerError(f"{self._folder}: cannot be written ({error.strerror})") from error
        _run("systemctl", "--user", "daemon-reload")
        _run("systemctl", "--user", "enable", "--now", f"{self._unit}.timer")
        return [*(f"wrote {path}" for path in files), f"started {self._unit}.timer", *self._linger_hint()]

    def remove(self) -> bool:
        """Stop the timer and delete the units."""
        files = [self._folder / f"{self._unit}.{suffix}" for suffix in ("timer", "service")]
        if not any(path.exists() for path in files):
            return False
        _run("systemctl", "--user", "disable", "--now", f"{self._unit}.timer")
        for path in files:
            path.unlink(missing_ok=True)
        _run("systemctl", "--user", "daemon-reload")
        return True

    def state(self) -> tuple[str, datetime | None] | None:
        """From systemd itself."""
        path = self._folder / f"{self._unit}.timer"
        if not path.exists():
            return None
        when = next((line for line in path.read_text("utf-8").splitlines() if line.startswith("OnCalendar=")), "")
        if not self._is_active():
            return f"{when}, but {self._unit}.timer is not active", None
        shown = _run("systemctl", "--user", "show", f"{self._unit}.timer", "--property=NextElapseUSecRealtime",
                     "--value", "--timestamp=unix", check=False).stdout.decode()  # fmt: skip
        seconds = shown.strip().removeprefix("@")
        return when, datetime.fromtimestamp(int(seconds), local_zone()) if seconds.isdecimal() else None

    def _is_active(self) -> bool:
        return _run("systemctl", "--user", "is-active", f"{self._unit}.timer", check=False).returncode == 0

    def _linger_hint(self) -> list[str]:
        if shutil.which("loginctl") is None:
            return []
        user = Path.home().owner()
        shown = _run("loginctl", "show-user", user, "--property=Linger", "--value", check=False)
        if shown.stdout.decode().strip() == "yes":
            return []
        return [f"it runs only while you are logged in; `loginctl enable-linger {user}` makes it run always"]


def every(minutes: int) -> str:
    """An interval in words."""
    if minutes % 60:
        return f"every {minutes} minutes" if minutes > 1 else "every minute"
    return f"every {minutes // 60} hours" if minutes > 60 else "every hour"


def _next_run(minutes: int) -> datetime:
    """cron's next run, at a multiple of the interval since midnight."""
    now = clock.now().astimezone(local_zone())
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    step = timedelta(minutes=minutes)
    return midnight + ((now - midnight) // step + 1) * step


def _run(*words: str, text: bytes | None = None, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    try:
        result = subprocess.run(
            words, input=text, stdin=None if text is not None else subprocess.DEVNULL, capture_output=True,
            check=False, timeout=_TIMEOUT,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SchedulerError(f"{words[0]}: {getattr(error, 'strerror', None) or error}") from error
    if check and result.returncode:
        raise SchedulerError(f"{words[0]}: {_message(result)}")
    return result


def _message(result: subprocess.CompletedProcess[bytes]) -> str:
    lines = result.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"it ended with {result.returncode}"
