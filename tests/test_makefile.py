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
    return make_again(folder, *words)


def make_again(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
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
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("Rasid needs Python 3.11 or newer")


def test_a_missing_venv_module_is_reported_in_one_sentence(tmp_path: Path) -> None:
    result = make(tmp_path, "demo", fake_python(tmp_path, 'case "$2" in *venv*) exit 1;; *) exit 0;; esac'))
    assert result.returncode != 0
    (sentence,) = result.stderr.splitlines()
    assert "has no venv module: install it" in sentence
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("words", [("crawl", "SITE=nosuch"), ("sites",), ("export",), ("demo",)], ids=" ".join)
def test_make_adds_nothing_to_the_sentence_of_a_command_that_fails(tmp_path: Path, words: tuple[str, ...]) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho 'a plain sentence' >&2\nexit 3\n", "utf-8")
    python.chmod(0o755)
    make(tmp_path)  # copies the lock files, which must be older than what says that they are installed
    (tmp_path / ".venv" / ".run").touch()
    result = make_again(tmp_path, *words)
    assert result.returncode != 0
    assert result.stderr == "a plain sentence\n"


def test_make_crawl_without_a_site_says_what_to_write(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    make(tmp_path)
    for stamp in ("bin/python", ".run"):
        (tmp_path / ".venv" / stamp).touch()
    result = make_again(tmp_path, "crawl")
    assert result.returncode != 0
    assert result.stderr == "SITE is missing: make crawl SITE=bbc_arabic; make sites lists the sites\n"
