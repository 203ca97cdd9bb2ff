"""The job as a systemd service and timer."""

from __future__ import annotations

import re

from crawler.schedule.crontab import Job

_SERVICE = """\
[Unit]
Description=Rasid: crawl the news sites that are due, in {home}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
{environment}ExecStart={command}
# 3: finished, but a site is unhealthy, which is reported.
SuccessExitStatus=3
# The first signal stops the crawl within seconds; fetched pages are stored.
KillMode=mixed
TimeoutStopSec=60
Nice=10
"""

_TIMER = """\
[Unit]
Description=Rasid: crawl the news sites that are due, in {home}

[Timer]
OnCalendar={when}
# Runs once after the machine was off at that time.
Persistent=true
RandomizedDelaySec=20

[Install]
WantedBy=timers.target
"""


def unit_name(job: Job) -> str:
    """The name of the units, without a suffix: one for each home."""
    return "rasid-" + (re.sub(r"[^A-Za-z0-9]+", "-", job.home).strip("-") or "root")


def service(job: Job) -> str:
    """The text of the service."""
    environment = "".join(
        f"Environment={_quoted(f'{name}={value}')}\n" for name, value in sorted(job.environment.items())
    )
    command = " ".join(_quoted(word) for word in job.command)
    return _SERVICE.format(
        home=_escaped(job.home), folder=_escaped(job.folder), environment=environment, command=command
    )


def timer(job: Job) -> str:
    """The text of the timer."""
    minutes, hours = divmod(job.every, 60)[::-1]
    when = f"0/{hours}:00" if hours > 1 else "*:00" if hours else f"*:0/{minutes}"
    return _TIMER.format(home=_escaped(job.home), when=when.replace("0/24", "00"))


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """Quote a word of ExecStart or Environment (systemd.syntax(7)), so that specifiers and variables are not
    expanded."""
    word = _escaped(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return word if word and not set(word) & set(" \t'\"\\;") else f'"{word}"'
