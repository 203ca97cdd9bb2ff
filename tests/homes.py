"""A home with spiders of its own, and the command `rasid` run in it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from crawler.home import create_home
from tests.conftest import PROJECT
from tests.forked import ForkedCommands


@dataclass
class SpiderHome:
    """A home whose `spiders/` a test fills. Its spiders may request 127.0.0.1, without a delay."""

    folder: Path
    commands: ForkedCommands
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        create_home(self.folder)
        (self.folder / "spiders").mkdir(exist_ok=True)
        self.settings("NEWS_ALLOW_PRIVATE = true\nDOWNLOAD_DELAY = 0\n")

    @property
    def database(self) -> Path:
        """The database file, which need not exist."""
        return self.folder / "news.db"

    def settings(self, text: str) -> None:
        """Write settings.toml."""
        (self.folder / "settings.toml").write_text(dedent(text), "utf-8")

    def spider(self, name: str, code: str) -> None:
        """Write spiders/<name>.py."""
        (self.folder / "spiders" / f"{name}.py").write_text(dedent(code), "utf-8")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `rasid <words>` in the home."""
        ended = self.commands.run(*words, cwd=self.folder, environment=self._environment, program="rasid")
        return subprocess.CompletedProcess(words, ended.code, ended.out, ended.err)

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the home."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=os.environ | self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def _environment(self) -> dict[str, str]:
        return {"PYTHONPATH": f"{PROJECT}", "NEWS_EXTRACT_WORKERS": "1"} | self.environment

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Rows of the database."""
        with closing(sqlite3.connect(self.database)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, values)]
