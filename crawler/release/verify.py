"""Verify that a release is as it was written. It may come from anywhere, so nothing in it is trusted."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from crawler.release.package import PACKAGE, SUMS, sha256

_SUM = re.compile(r"([0-9a-f]{64})  ([^/\\\x00]+)")
_MAX_PACKAGE_BYTES = 10_000_000
"""A larger datapackage.json is not read; a real one has some kB."""


def find_problems(folder: Path) -> list[str]:
    """The problems of a release, one message each; empty if it is intact."""
    if not folder.is_dir():
        return [f"{folder} is not a folder"]
    sums = _sums(folder)
    if isinstance(sums, str):
        return [sums]
    present = {path.name: path for path in sorted(folder.iterdir()) if path.name != SUMS}
    problems = [f"{name} is missing" for name in sums if name not in present]
    problems += [f"{name} does not belong to the release" for name in present if name not in sums]
    for name, path in present.items():
        if name not in sums:
            continue
        if path.is_symlink() or not path.is_file():
            problems.append(f"{name} is not a regular file")
        elif sha256(path) != sums[name]:
            problems.append(f"{name} has changed: its SHA-256 differs from {SUMS}")
    package = read_package(folder)
    if isinstance(package, str):
        return [*problems, package]
    return problems + [
        problem for resource in package["resources"] for problem in _resource_problems(folder, resource, sums)
    ]


def read_package(folder: Path) -> dict[str, Any] | str:
    """The data package of a release, or a message if it cannot be read."""
    path = folder / PACKAGE
    try:
        if path.stat().st_size > _MAX_PACKAGE_BYTES:
            return f"{PACKAGE} is larger than {_MAX_PACKAGE_BYTES} bytes"
        package = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        return f"{PACKAGE} cannot be read ({error})"
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        return f"{PACKAGE} is not a data package"
    return package


def _sums(folder: Path) -> dict[str, str] | str:
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        return f"{folder} is not a release: {SUMS} cannot be read ({error})"
    parsed = [_SUM.fullmatch(line) for line in lines]
    if not parsed or not all(parsed):
        return f"{SUMS} has a line that is not a SHA-256 and a file name"
    return {line[2]: line[1] for line in parsed if line}


def _resource_problems(folder: Path, resource: Any, sums: dict[str, str]) -> list[str]:
    name = resource.get("path") if isinstance(resource, dict) else None
    if not isinstance(name, str) or name not in sums:
        return [f"{PACKAGE} describes {name!r}, which is not a file of the release"]
    if resource.get("hash") != f"sha256:{sums[name]}":
        return [f"{name}: {PACKAGE} and {SUMS} have different SHA-256 values"]
    path = folder / name
    if path.is_file() and resource.get("bytes") != path.stat().st_size:
        return [f"{name} has {path.stat().st_size} bytes, {PACKAGE} has {resource.get('bytes')}"]
    return []
