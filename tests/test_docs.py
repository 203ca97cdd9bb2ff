"""What is documented is there, and what is there is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler import settings
from docs.generate import PAGES, commands_part, filled
from tests.conftest import PROJECT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_generated_parts_are_up_to_date(page: Path) -> None:
    text = page.read_text("utf-8")
    assert filled(text) == text, f"{page.name} is out of date: run `make docs`"


@pytest.mark.parametrize("name", [name for name in dir(settings) if name.startswith("NEWS_")])
def test_every_setting_has_its_heading(name: str) -> None:
    assert f"### `{name}`" in (PROJECT / "docs" / "usage.md").read_text("utf-8")


def test_every_command_is_in_the_usage() -> None:
    usage = (PROJECT / "docs" / "usage.md").read_text("utf-8")
    names = re.findall(r"`scrapy (\w+)", commands_part())
    assert {"crawl", "sites", "export", "extract"} <= set(names)
    assert not [name for name in names if f"scrapy {name}" not in usage]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def test_make_targets_that_the_readme_names_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"^ +make (\w+)", (PROJECT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= named
    assert not [name for name in named if f"\n{name}:" not in makefile]
