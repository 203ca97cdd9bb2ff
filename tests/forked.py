"""Commands in processes that are forked from one which has imported the project: for commands that start a reactor,
which a process can do once. A start of Python and the imports are saved each time."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parent.parent
# None of them installs a reactor.
_IMPORTED = (
    "scrapy.crawler",
    "crawler.cli.application",
    "crawler.extract",
    "spiders.news",
    "crawler.crawl.page_archive",
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class ForkedCommands:
    """Runs `scrapy <words>` and `rasid <words>`."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server

    def run(
        self,
        *words: str,
        cwd: Path = PROJECT,
        environment: Mapping[str, str] | None = None,
        program: str = "scrapy",
        typed: str = "",
    ) -> Ended:
        """Run a command to its end. `typed`: what it reads from its standard input."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "in").write_text(typed, "utf-8")
            job = {
                "words": [program, *words],
                "cwd": str(cwd),
                "folder": folder,
                "environment": dict(environment or {}),
            }
            self._server.stdin.write(json.dumps(job) + "\n")
            self._server.stdin.flush()
            code = int(self._server.stdout.readline())
            out, err = ((Path(folder) / name).read_text("utf-8", "replace") for name in ("out", "err"))
        return Ended(code, out, err)


@contextmanager
def forked_commands() -> Iterator[ForkedCommands]:
    """Commands while the block runs."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.forked"], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            yield ForkedCommands(server)
        finally:
            server.communicate()


def _serve(jobs: IO[str]) -> None:
    for name in _IMPORTED:
        importlib.import_module(name)
    importlib.import_module("crawler.cli.command_list").all_commands()
    for line in jobs:
        child = os.fork()
        if child == 0:
            _run(**json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(words: list[str], cwd: str, folder: str, environment: dict[str, str]) -> None:
    """The command, in the forked process."""
    for number, name in enumerate(("in", "out", "err")):
        os.dup2(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT if number else os.O_RDONLY), number)
    os.environ.update(environment)
    os.chdir(cwd)
    importlib.reload(sys.modules["crawler.settings"])  # it reads the environment and the folder
    sys.argv = words
    code = 1
    try:
        if words[0] == "rasid":
            code = importlib.import_module("rasid.__main__").main()
        else:
            importlib.import_module("scrapy.cmdline").execute()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    with os.fdopen(os.dup(0)) as jobs:  # sys.stdin stays unread, for the commands
        _serve(jobs)
