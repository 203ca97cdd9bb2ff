"""Commands run at a terminal, as a person sees them."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import PROJECT

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ISOLATES = re.compile("[\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Screen:
    """What a command wrote to its terminal."""

    code: int
    raw: str

    @property
    def text(self) -> str:
        """Without colours, movements of the cursor and isolates."""
        return _ISOLATES.sub("", _ESCAPES.sub("", self.raw))


def at_terminal(folder: Path, *words: str, width: int = 80, environment: dict[str, str] | None = None) -> Screen:
    """Run `scrapy <words>` on the profiles and the database of a folder, at a terminal of this width."""
    ours = {"NEWS_SITES": str(folder / "sites"), "NEWS_DB": str(folder / "news.db"), "TERM": "xterm-256color"}
    ended = {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}
    inherited = {name: value for name, value in os.environ.items() if name not in ended}
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", *words],
        cwd=PROJECT,
        env=inherited | ours | (environment or {}),
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    written = b""
    try:
        while block := _read(leader):
            written += block
        return Screen(process.wait(60), written.decode().replace("\r\n", "\n"))
    finally:
        process.kill()
        process.wait()
        os.close(leader)


def _read(leader: int) -> bytes:
    """What was written; empty when the last process has closed the terminal."""
    try:
        return os.read(leader, 65536)
    except OSError:  # EIO on Linux
        return b""
