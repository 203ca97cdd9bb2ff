"""What a command costs: seconds, CPU of its process and of the workers, and memory of all of them together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

_INTERVAL = 0.5
"""Seconds between two looks at the memory. Chosen by hand: a look costs about 3 ms a process."""

_SET_CHILD_SUBREAPER = 36  # of prctl(2)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one command and its child processes."""

    seconds: float
    main: float
    """CPU seconds of the process itself."""
    workers: float
    """CPU seconds of its child processes, of all generations."""
    memory: float
    """Megabytes of all of them at the highest look. A page that n processes share counts one n-th in each (PSS)."""


class Failed(RuntimeError):
    """The command ended with another exit code than 0."""


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "SCRAPY_SETTINGS_MODULE"}


def run(command: list[str], *, cwd: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end. Raises Failed, with the end of what it wrote to its standard error."""
    adopt_orphans()
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        # Compiled modules are kept, as for any user; where they are not, each start compiles all of ours.
        # Scrapy finds the settings of the project of the folder, not those that a variable names.
        env={**_environment(), "PYTHONDONTWRITEBYTECODE": "", **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    looks = _Looks(process.pid)
    errors = threading.Thread(target=looks.read, args=(process,))
    errors.start()
    looks.start()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    own = psutil.Process(process.pid).cpu_times()  # of the zombie; after the wait they are one sum
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    looks.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    main = own.user + own.system
    workers = max(usage.ru_utime + usage.ru_stime - main, 0.0) + looks.wait_for_orphans()
    errors.join()
    if process.returncode:
        raise Failed(f"{' '.join(command[:6])} ... ended with {process.returncode}: {looks.errors[-2000:]}")
    return Cost(seconds=seconds, main=main, workers=workers, memory=looks.memory / 1e6)


def adopt_orphans() -> None:
    """Have processes whose parent ended become children of this one, so that their CPU is counted (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class _Looks:
    """A thread that looks at the memory of a process and its children from time to time."""

    def __init__(self, pid: int) -> None:
        self.memory = 0.0
        self.errors = ""
        self._pid = pid
        self._seen: set[int] = set()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look_again)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None
        with process.stderr as stream:
            self.errors = stream.read().decode("utf-8", "replace")

    def wait_for_orphans(self) -> float:
        """CPU seconds of the children that the process left behind, once they have ended."""
        used = 0.0
        for pid in self._seen:
            with contextlib.suppress(ChildProcessError):  # its own parent has waited for it
                _, _, usage = os.wait4(pid, 0)
                used += usage.ru_utime + usage.ru_stime
        return used

    def _look_again(self) -> None:
        while not self._stopped.wait(_INTERVAL):
            with contextlib.suppress(psutil.Error):
                self._look()

    def _look(self) -> None:
        top = psutil.Process(self._pid)
        total = 0.0
        for process in [top, *top.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                total += process.memory_full_info().pss
                if process.pid != self._pid:
                    self._seen.add(process.pid)
        self.memory = max(self.memory, total)
