"""What many tests share: a local site, and the project's commands run as a user runs them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.installed import Installed, shared
from tests.newssite import NewsSite, serve

PROJECT = Path(__file__).resolve().parent.parent
os.environ.pop("RASID_HOME", None)  # of whoever runs the tests


@dataclass
class Workplace:
    """A folder with profiles and a database of its own, and the commands run on them."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "news.db"

    def profile(self, name: str, text: str) -> None:
        """Write sites/<name>.toml."""
        (self.folder / "sites").mkdir(exist_ok=True)
        (self.folder / "sites" / f"{name}.toml").write_text(text, "utf-8")

    def site_profile(self, site: NewsSite, name: str = "local", **keys: Any) -> None:
        """Write a profile for a local site that is crawled without a delay."""
        home = site.url if name == "local" else f"{site.url}{name}/"  # a site has one profile
        lines = [f'title = "Local"\nurl = "{home}"\ndelay = 0\nallow_private = true']
        lines += [f"{key} = {value if isinstance(value, str) else repr(value)}" for key, value in keys.items()]
        self.profile(name, "\n".join(lines) + "\n")

    def start(self, *words: str, cwd: Path = PROJECT, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
        """Start `scrapy <words>`."""
        ours = {
            "NEWS_SITES": str(self.folder / "sites"),
            "NEWS_DB": str(self.database),
            "NEWS_EXTRACT_WORKERS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", *words],
            cwd=cwd,
            env=os.environ | ours | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    def run(self, *words: str, cwd: Path = PROJECT, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run `scrapy <words>` to its end."""
        with self.start(*words, cwd=cwd) as process:
            try:
                out, err = process.communicate(timeout=timeout)
            except BaseException:
                process.kill()
                raise
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Rows of the database."""
        with closing(sqlite3.connect(self.database)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, values)]

    def change(self, sql: str, *values: Any) -> None:
        """Change the database, as time or somebody else would."""
        with closing(sqlite3.connect(self.database)) as db, db:
            db.execute(sql, values)

    def pages(self) -> dict[str, str]:
        """Path of each page → its outcome, with the reason where there is one."""
        records = self.rows("SELECT url, state, outcome, reason FROM pages")
        return {"/" + r["url"].split("/", 3)[3]: r["reason"] or r["outcome"] or r["state"] for r in records}


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    """An empty workplace."""
    return Workplace(tmp_path)


@pytest.fixture
def site() -> Iterator[NewsSite]:
    """An empty local site."""
    with serve() as newssite:
        yield newssite


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an environment of its own, made once for all test processes."""
    folder = tmp_path_factory.getbasetemp()
    return shared(folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder)
