"""Set-up on a fresh clone, on a machine where something is missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import PROJECT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(PROJECT / "Makefile", folder)
    for lock in PROJECT.glob("requirements*.lock"):
        shutil.copy(lock, folder)
    return subprocess.run(["make", *words], cwd=folder, capture_output=True, text=True, check=False)


def fake_python(folder: Path, script: str) -> str:
    path = folder / "fake-python"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return f"PYTHON={path}"


def test_make_alone_lists_the_targets(tmp_path: Path) -> None:
    result = make(tmp_path)
    assert result.returncode == 0
    for target in ("demo", "test", "check", "crawl", "export", "bench", "score"):
        assert f"  make {target} " in result.stdout
    assert not (tmp_path / ".venv").exists()


def test_an_old_python_is_reported_in_one_sentence(tmp_path: Path) -> None:
    result = make(tmp_path, "demo", fake_python(tmp_path, "exit 1"))
    assert result.returncode != 0
    assert "Rasid needs Python 3.11 or newer" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_venv_module_is_reported_in_one_sentence(tmp_path: Path) -> None:
    result = make(tmp_path, "demo", fake_python(tmp_path, 'case "$2" in *venv*) exit 1;; *) exit 0;; esac'))
    assert result.returncode != 0
    assert "has no venv module: install it" in result.stderr
    assert not (tmp_path / ".venv").exists()
