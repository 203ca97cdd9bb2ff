"""The process of a single worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.extract.workers.single import SingleWorker, WorkerNotStarted
from tests.conftest import PROJECT

PROGRAM = """
import os
from crawler.extract.workers.single import SingleWorker

with SingleWorker(lambda _: os.getpid(), 60) as worker:
    print(worker.call(None), flush=True)
    os._exit(0)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_worker_ends_when_the_process_that_started_it_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        worker = int(started.stdout.readline())
        started.wait()
        end = time.monotonic() + 20
        while (is_left := _is_running(worker)) and time.monotonic() < end:
            time.sleep(0.02)
        if is_left:
            os.kill(worker, signal.SIGKILL)
    assert not is_left


KILLED = """
import os, sys, threading, time
from crawler.extract.workers.single import SingleWorker

def work(seconds):
    print(os.getpid(), flush=True)
    time.sleep(seconds)
    return "x" * 10

if __name__ == "__main__":
    worker = SingleWorker(work, 60)
    worker.call(0)
    threading.Thread(target=worker.call, args=(float(sys.argv[1]),), daemon=True).start()
    sys.stdin.readline()
    if sys.argv[2] == "unread":
        os.kill(os.getpid(), 19)  # SIGSTOP: the answer arrives and is not read
    os._exit(0)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("answer", ["not sent", "unread"])
def test_a_worker_whose_parent_was_killed_ends_without_a_traceback(answer: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(KILLED)
    command = [sys.executable, str(program), "0.3", answer]
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    errors = tmp_path / "stderr"
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment
        ) as started,
    ):
        assert started.stdout is not None
        assert started.stdin is not None
        worker = int(started.stdout.readline())
        assert int(started.stdout.readline()) == worker
        started.stdin.write("\n")
        started.stdin.flush()
        if answer == "unread":
            time.sleep(0.6)  # the worker has answered
        started.kill()
        started.wait()
        end = time.monotonic() + 20
        while _is_running(worker) and time.monotonic() < end:
            time.sleep(0.02)
    assert not _is_running(worker)
    assert errors.read_text() == ""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_dies_at_its_start_is_not_the_fault_of_the_argument() -> None:
    with SingleWorker(str, 60, prepare=die) as worker, pytest.raises(WorkerNotStarted, match="exit code -9"):
        worker.call(1)


def test_no_worker_is_started_after_it_was_killed_for_good() -> None:
    worker = SingleWorker(str, 60)
    assert worker.call(1) == "1"
    worker.kill()
    with pytest.raises(WorkerNotStarted, match="closed"):
        worker.call(2)
    worker.close()


def _is_running(process_id: int) -> bool:
    """Whether a process is still running. A zombie is not."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
