"""Commands as a reader of the tutorial runs them: at a terminal, in a home of their own, against the demo newsroom.

The newsroom is at a port of this machine. The tutorial calls it https://www.larkmoor.example/, and so do the outputs.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import termios
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ADDRESS = "https://www.larkmoor.example/"
"""What the tutorials call the demo's English site."""

NAME = "larkmoor"
"""What `rasid add` calls a site with that address."""

WIDTH = 80
"""Columns of the terminal."""

_READER = "/home/mona"
_QUESTION = b"[Y/n] "
_CRONTAB = """#!/bin/sh
[ "$1" = -l ] || exec cat > {table}
[ -f {table} ] || { echo "no crontab for mona" >&2; exit 1; }
exec cat {table}
"""
"""A crontab program that keeps its table in a file."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a command has left on its terminal, with colours."""

    code: int
    text: str

    @property
    def plain(self) -> str:
        """Without colours."""
        return re.sub(r"\x1b\[[0-9;]*m|[\u2066-\u2069]", "", self.text)


class Desk:
    """A user with an empty folder, a crontab of her own and a site that is in fact on this machine."""

    def __init__(
        self, folder: Path, program: Sequence[str], site: str, *, name: str = NAME, address: str = ADDRESS
    ) -> None:
        """`site`: the URL of the site, which is called `name` and `address` in what is typed and printed."""
        self.folder = folder
        self.program = program
        self.site = site
        self.name = name
        self.address = address
        self._add_crontab()
        self.environment = {
            "HOME": str(folder),
            "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "TZ": "Europe/London",
        }

    def _add_crontab(self) -> None:
        program = self.folder / "bin" / "crontab"
        program.parent.mkdir(parents=True)
        program.write_text(_CRONTAB.replace("{table}", str(self.folder / "bin" / "table")))
        program.chmod(0o755)

    def run(self, line: str) -> Screen:
        """Run a line of the tutorial, like `rasid sites`, and answer its questions with yes."""
        words = [
            word.replace("~", str(self.folder)) for word in shlex.split(line.removeprefix("rasid "), comments=True)
        ]
        if words[0] == "add":  # by itself, the name would have the port
            words += ["--name", self.name, "-s", "DOWNLOAD_DELAY=0"]
        words = [word.replace(self.address, self.site) for word in words]
        code, written = self._at_terminal([*self.program, *words])
        lines = [line.rsplit("\r\x1b[K", 1)[-1].rstrip() for line in written.replace("\r\n", "\n").split("\n")]
        return Screen(code, self._as_the_reader_sees_it("\n".join(lines)).rstrip())

    def _at_terminal(self, words: Sequence[str]) -> tuple[int, str]:
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
        process = subprocess.Popen(
            words, cwd=self.folder, env=self.environment, stdin=follower, stdout=follower, stderr=follower
        )
        os.close(follower)
        written, answered = b"", 0
        try:
            while block := _read(leader):
                written += block
                if written.count(_QUESTION) > answered:
                    answered += 1
                    os.write(leader, b"y\n")
            return process.wait(60), written.decode()
        finally:
            process.kill()
            process.wait()
            os.close(leader)

    def _as_the_reader_sees_it(self, text: str) -> str:
        text = text.replace(shlex.join(self.program), f"{_READER}/.local/bin/rasid")
        text = text.replace(str(self.folder), _READER).replace(self.site, self.address)
        return text.replace(self.site.rstrip("/"), self.address.rstrip("/"))


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # EIO on Linux, when the last process has closed the terminal
        return b""
