"""When the limits of an archive folder were last checked: a check reads the size of every file, which is thousands."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from pathlib import Path

_INTERVAL = timedelta(hours=1)
"""Between two checks of a folder by whatever crawls. Chosen by hand: what all sites archive within it may exceed
the limits."""

_NAME = ".limits-checked"


class LimitCheck:
    """A small file in the folder: the limits that held, and when they were checked."""

    def __init__(self, folder: Path, limits: str) -> None:
        """`limits`: as text; other limits are to be checked at once."""
        self._path = folder / _NAME
        self._limits = limits

    def is_due(self, now: datetime) -> bool:
        """Whether the last check was too long ago, or of other limits. A time in the future is of a wrong clock."""
        try:
            moment, _, limits = self._path.read_text("utf-8").partition(" ")
            age = now - datetime.fromisoformat(moment)
        except (OSError, ValueError, TypeError):  # never checked, or not our text
            return True
        return limits != self._limits or not timedelta(0) <= age < _INTERVAL

    def record(self, now: datetime) -> None:
        """Save that the limits have been checked. If it cannot be saved, the next crawl checks them again."""
        with contextlib.suppress(OSError):
            self._path.write_text(f"{now.isoformat()} {self._limits}", "utf-8")
