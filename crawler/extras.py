"""What to do where an optional library is missing, worded for how Rasid was installed."""

from __future__ import annotations

import json
import shlex
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from crawler.home import PROJECT, Home


def extra_missing(extra: str, library: str) -> str:
    """The sentence for a library that the user did not install. `extra`: the one of pyproject.toml that has it."""
    return f"this needs {library}; install it: {install_command(extra)}"


def install_command(extra: str) -> str:
    """The command that installs an extra."""
    if Home(PROJECT).is_checkout:
        # Not `.[extra]`: that would install the project into the environment of the checkout, beside its own files.
        project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
        return f"{_python()} -m pip install {shlex.join(project['optional-dependencies'][extra])}"
    requirement = shlex.quote(_requirement(extra))
    if (Path(sys.prefix) / "uv-receipt.toml").exists():
        return f"uv tool install --force {requirement}"
    if (Path(sys.prefix) / "pipx_metadata.json").exists():
        return f"pipx install --force {requirement}"
    return f"{_python()} -m pip install {requirement}"


def _python() -> str:
    return shlex.quote(sys.executable)


def _requirement(extra: str) -> str:
    """`rasid[extra]`, with the file, folder or repository that Rasid was installed from, if it was no index."""
    try:
        origin = json.loads(distribution("rasid").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        origin = {}
    url = origin.get("url")
    if url and (vcs := origin.get("vcs_info", {}).get("vcs")):
        url = f"{vcs}+{url}"
    return f"rasid[{extra}] @ {url}" if url else f"rasid[{extra}]"
