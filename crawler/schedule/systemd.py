"""The job as a systemd service and timer."""

from __future__ import annotations

from crawler.schedule.crontab import Job

_SERVICE = """\
# {where}/rasid.service
[Unit]
Description=Rasid: crawl the news sites that are due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
{environment}ExecStart={command}
# The first signal stops the crawl within seconds; fetched pages are stored.
KillMode=mixed
TimeoutStopSec=60
Nice=10
"""

_TIMER = """\
# {where}/rasid.timer
[Unit]
Description=Rasid: crawl the news sites that are due, every {every} minutes

[Timer]
OnBootSec=1min
OnUnitActiveSec={every}min
RandomizedDelaySec=20

[Install]
WantedBy=timers.target
"""

_WHERE = "~/.config/systemd/user"


def service(job: Job) -> str:
    """The text of rasid.service."""
    environment = "".join(
        f"Environment={_quoted(f'{name}={value}')}\n" for name, value in sorted(job.environment.items())
    )
    command = " ".join(_quoted(word) for word in job.command)
    return _SERVICE.format(where=_WHERE, folder=_escaped(job.folder), environment=environment, command=command)


def timer(job: Job) -> str:
    """The text of rasid.timer."""
    return _TIMER.format(where=_WHERE, every=job.every)


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """Quote a word of ExecStart or Environment (systemd.syntax(7)), so that specifiers and variables are not
    expanded."""
    word = _escaped(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return word if word and not set(word) & set(" \t'\"\\;") else f'"{word}"'
