"""Rasid as a user has it: the wheel, installed into an environment of its own, away from the checkout."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from crawler.home import PROJECT

_BUILD = (sys.executable, "-m", "hatchling", "build")
_TIMEOUT = 300  # seconds; pip downloads the libraries on a machine that has none of them in its cache


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel and what it requires, and nothing else."""

    folder: Path
    dist: Path
    """The folder of the wheel and the sdist."""

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def rasid(self) -> Path:
        """The command."""
        return self.folder / "bin" / "rasid"

    def run(
        self, *words: str, cwd: Path, home: Path, timeout: float = 60, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `rasid <words>` as a new user whose folder is `home`, with a nearly empty environment."""
        variables = {"HOME": str(home), "PATH": "/usr/bin:/bin", "NEWS_EXTRACT_WORKERS": "1"} | environment
        return subprocess.run(
            [str(self.rasid), *words],
            cwd=cwd,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )


def shared(folder: Path) -> Installed:
    """The environment in a folder that several test processes share: the first one makes it."""
    with (folder / "installed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        environment, dist, done = folder / "installed", folder / "dist", folder / "installed.done"
        if not done.exists():
            build(dist)
            install(next(dist.glob("*.whl")), environment)
            done.touch()
        return Installed(environment, dist)


def build(folder: Path, *targets: str, source: Path = PROJECT) -> None:
    """Build wheel and sdist, or the targets, of a folder with the sources."""
    words = [word for target in targets for word in ("-t", target)]
    _run(*_BUILD, *words, "-d", str(folder), cwd=source)


def install(wheel: Path, folder: Path) -> None:
    """Make an environment, and install the wheel with the versions that requirements.lock pins, from pip's cache."""
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder), cwd=folder.parent)
    pip = (sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"))
    quietly = ("--quiet", "--disable-pip-version-check", "--no-compile", "--no-warn-script-location")
    _run(*pip, "install", *quietly, "--require-hashes", "-r", str(PROJECT / "requirements.lock"), cwd=folder)
    _run(*pip, "install", *quietly, "--no-deps", str(wheel), cwd=folder)
    _run(*pip, "check", cwd=folder)  # what the wheel declares is there


def _run(*words: str, cwd: Path) -> None:
    result = subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
