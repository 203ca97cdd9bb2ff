"""The crawling process as the simulation sees it: started, given times, killed, kept from its disk."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bench.year.faults import MachineFault
from bench.year.pages import ARTICLE_URL, SECTION
from bench.year.server import Served
from bench.year.world import START

_PROJECT = Path(__file__).resolve().parent.parent.parent
_DISK_BYTES = 60_000
"""No file can grow over this on a full disk; SQLite's files are larger after the first day."""

_AHEAD = {"clock_ahead": timedelta(hours=10), "clock_far": timedelta(days=400)}


@dataclass(frozen=True)
class Ended:
    """How a round ended."""

    exit_code: int
    message: str


class Crawl:
    """Rounds of `rasid due`, in a process that is started again when it has ended."""

    def __init__(self, folder: Path, served: Served, settings: dict[str, str]) -> None:
        self.database = folder / "news.db"
        self._log = (folder / "crawl.log").open("a", encoding="utf-8")
        self._served = served
        self._process: subprocess.Popen[str] | None = None
        self._environment = os.environ | {
            "NEWS_DB": str(self.database),
            "NEWS_SITES": str(folder / "sites"),
            "NEWS_DB_TIMEOUT": "1",
            "NEWS_BATCH_SECONDS": "0.02",
            **settings,
        }
        (folder / "sites").mkdir(exist_ok=True)
        for name, origin in served.origins.items():
            (folder / "sites" / f"{name}.toml").write_text(_profile(served, name, origin), "utf-8")

    def round(self, now: datetime, fault: MachineFault | None) -> Ended:
        """One round at a time, with a fault of the machine."""
        kind = fault.kind if fault is not None else ""
        process = self._running(now)
        self._served.requests = 0
        timers: list[threading.Timer] = []
        if fault is not None and kind in ("kill", "worker"):
            kill = process.kill if kind == "kill" else lambda: _kill_children(process.pid)
            self._served.on_request = lambda number: _later(timers, fault.delay, kill, number == fault.request)
        self._served.is_network_down = kind == "network"
        if kind == "full_disk":
            _limit_files(process.pid, _DISK_BYTES)
        try:
            if kind == "locked":
                with closing(sqlite3.connect(self.database, isolation_level=None)) as db:
                    db.execute("BEGIN IMMEDIATE")
                    return self._send(process, now)
            return self._send(process, now + _AHEAD.get(kind, timedelta()))
        finally:
            self._served.on_request = lambda _: None
            self._served.is_network_down = False
            for timer in timers:
                timer.cancel()
                timer.join()
            if kind == "full_disk" and process.poll() is None:
                _limit_files(process.pid, resource.RLIM_INFINITY)

    def stop(self) -> None:
        """End the process; the next round starts another."""
        if self._process is not None and self._process.stdin is not None:
            self._process.communicate(timeout=60)
        self._process = None

    def close(self) -> None:
        """End the process at once, and its log."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._log.close()

    def _running(self, now: datetime) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.year.scheduler"],
                cwd=_PROJECT,
                env=self._environment | {"NEWS_NOW": now.isoformat()},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                text=True,
            )
        return self._process

    def _send(self, process: subprocess.Popen[str], clock: datetime) -> Ended:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{clock.isoformat()}\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = process.stdout.readline()  # it could not open the store, and said so
        answer = json.loads(line) if line else {"exit_code": process.wait(60) or 1, "message": ""}
        if not line or answer["exit_code"] == 1:
            self._process = None
            process.stdin.close()
            process.stdout.close()
            process.wait(60)
        return Ended(**answer)


def _later(timers: list[threading.Timer], seconds: float, call: Callable[[], None], is_time: bool) -> None:
    if is_time:
        timers.append(threading.Timer(seconds, call))
        timers[-1].start()


def _kill_children(process: int) -> None:
    """Kill the extraction workers of a process."""
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # they have ended
            for child in children.read_text().split():
                os.kill(int(child), signal.SIGKILL)


def _limit_files(process: int, size: int) -> None:
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _profile(served: Served, name: str, origin: str) -> str:
    site = served.sites[name]
    sitemap = "sitemap.xml" if site.sitemap == "single" else "index.xml"
    sitemaps = f'sitemaps = ["{origin}/{sitemap}"]\n' if site.sitemap else ""
    has_section = "sectioned" in served.faults.active(name, START)
    sections = f'sections = ["{origin}{SECTION}"]\n' if has_section else ""
    return (
        f'title = "{name}"\nurl = "{origin}/"\nlanguage = "{site.language}"\nallow_private = true\ndelay = 0\n'
        f"feeds = [\"{origin}/feed.xml\"]\n{sitemaps}{sections}article_url = '{ARTICLE_URL}'\n"
    )
