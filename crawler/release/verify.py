"""Whether a release is what it was when it was written. It may come from anywhere: nothing in it is trusted."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from crawler.release.package import PACKAGE, SUMS, sha256

_SUM = re.compile(r"([0-9a-f]{64})  ([^/\\\x00]+)")
_MAX_DESCRIPTION = 10_000_000  # bytes; a description is some kB


def problems(folder: Path) -> list[str]:
    """What is wrong with a release, a sentence each; nothing if all is well."""
    if not folder.is_dir():
        return [f"{folder} is no folder"]
    sums = _sums(folder)
    if isinstance(sums, str):
        return [sums]
    there = {path.name: path for path in sorted(folder.iterdir()) if path.name != SUMS}
    found = [f"{name} is missing" for name in sums if name not in there]
    found += [f"{name} does not belong to the release" for name in there if name not in sums]
    for name, path in there.items():
        if name not in sums:
            continue
        if path.is_symlink() or not path.is_file():
            found.append(f"{name} is no plain file")
        elif sha256(path) != sums[name]:
            found.append(f"{name} has changed: its SHA-256 is another")
    package = description(folder)
    if isinstance(package, str):
        return [*found, package]
    return found + [told for resource in package["resources"] for told in _resource_problems(folder, resource, sums)]


def description(folder: Path) -> dict[str, Any] | str:
    """The data package of a release, or what is wrong with it."""
    path = folder / PACKAGE
    try:
        if path.stat().st_size > _MAX_DESCRIPTION:
            return f"{PACKAGE} is too large to be one"
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        return f"{PACKAGE} cannot be read ({error})"
    if not isinstance(found, dict) or not isinstance(found.get("resources"), list):
        return f"{PACKAGE} is no data package"
    return found


def _sums(folder: Path) -> dict[str, str] | str:
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        return f"{folder} is no release: {SUMS} cannot be read ({error})"
    parsed = [_SUM.fullmatch(line) for line in lines]
    if not parsed or not all(parsed):
        return f"{SUMS} has a line that is none"
    return {line[2]: line[1] for line in parsed if line}


def _resource_problems(folder: Path, resource: Any, sums: dict[str, str]) -> list[str]:
    name = resource.get("path") if isinstance(resource, dict) else None
    if not isinstance(name, str) or name not in sums:
        return [f"{PACKAGE} describes {name!r}, which is no file of the release"]
    if resource.get("hash") != f"sha256:{sums[name]}":
        return [f"{name}: {PACKAGE} and {SUMS} give two SHA-256"]
    path = folder / name
    if path.is_file() and resource.get("bytes") != path.stat().st_size:
        return [f"{name} has {path.stat().st_size} bytes, {PACKAGE} says {resource.get('bytes')}"]
    return []
