"""Settings of Scrapy, tried in crawls of a site."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import PROJECT
from tests.settings_cases import CASES


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | None]:
    """Name of each case → what was wrong."""
    file = tmp_path_factory.mktemp("settings") / "results.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.settings_crawls", str(file)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert file.exists(), done.stderr
    return dict(json.loads(file.read_text("utf-8")))


@pytest.mark.parametrize("name", CASES)
def test_setting_has_its_effect(name: str, results: dict[str, str | None]) -> None:
    assert results[name] is None, results[name]
