"""The job as a launch agent of macOS."""

from __future__ import annotations

import plistlib

from crawler.schedule.crontab import Job
from crawler.schedule.systemd import unit_name


def agent_name(job: Job) -> str:
    """The label of the agent, and the name of its file without `.plist`: one for each home."""
    return f"local.{unit_name(job)}"


def agent(job: Job) -> str:
    """The text of the property list."""
    return plistlib.dumps(
        {
            "Label": agent_name(job),
            "ProgramArguments": job.command,
            "WorkingDirectory": job.folder,
            "EnvironmentVariables": dict(job.environment),
            "StartInterval": job.every * 60,
            "RunAtLoad": True,
            "ProcessType": "Background",
        }
    ).decode()
