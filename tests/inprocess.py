"""The project's commands run inside the test's own process: a start of Python and Scrapy saved each time."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from scrapy.cmdline import execute
from scrapy.utils.project import get_project_settings

from tests.conftest import PROJECT


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str


class Commands:
    """Runs `scrapy <words>` on one database. For commands that crawl nothing, and so start no reactor."""

    def __init__(
        self,
        database: Path,
        capfd: pytest.CaptureFixture[str],
        sites: Path | None = None,
        home: Path | None = None,
    ) -> None:
        """`sites`: the folder of the profiles, `home`: the home, in place of the project's."""
        self.database = database
        self._sites = sites
        self._home = home
        self._capfd = capfd

    def __call__(self, *words: str) -> Result:
        """Run a command to its end."""
        settings = get_project_settings()
        settings.set("NEWS_DB", str(self.database), "cmdline")
        if self._sites is not None:
            settings.set("NEWS_SITES", str(self._sites), "cmdline")
        if self._home is not None:
            settings.set("NEWS_HOME", str(self._home), "project")
        self._capfd.readouterr()
        before = os.getcwd()
        os.chdir(PROJECT)
        try:
            execute(["scrapy", *words], settings)
        except SystemExit as end:
            out, err = self._capfd.readouterr()
            return Result(int(end.code or 0), out, err)
        finally:
            os.chdir(before)
            logging.disable(logging.NOTSET)  # `extract` disables it for its process
        raise AssertionError("scrapy.cmdline.execute always exits")
