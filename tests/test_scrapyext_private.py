"""The private names of Scrapy that we use stand in one module, which was checked for the installed version."""

from __future__ import annotations

import ast
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.conftest import PROJECT

# crawler/scrapyext/private.py was read against the source of these. Read it against a newer one before adding it here.
VERSIONS = ("2.19",)
PRIVATE = PROJECT / "crawler/scrapyext/private.py"


def test_scrapy_is_a_version_for_which_the_private_names_were_checked() -> None:
    assert version("Scrapy").startswith(VERSIONS), (
        "this Scrapy is new to us: compare crawler/scrapyext/private.py with its source, then add the version here"
    )


@pytest.mark.parametrize("folder", ["crawler", "spiders", "pipelines"])
def test_private_names_of_scrapy_are_used_in_one_module_alone(folder: str) -> None:
    for path in sorted((PROJECT / folder).rglob("*.py")):
        if path != PRIVATE:
            assert not private_uses(path), path


def test_the_check_sees_the_uses_of_that_module() -> None:
    assert private_uses(PRIVATE) == ["crawler.engine._slot", "downloader._process_queue"]


def private_uses(path: Path) -> list[str]:
    """Imports of scrapy.core and of private modules, and uses of private names that a module does not define itself, if
    it imports Scrapy."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    modules = [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    if not any(module.split(".")[0] == "scrapy" for module in modules):
        return []
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    defined |= {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
    imported = [module for module in modules if re.match(r"scrapy\.(core\b|.*\b_)", module)]
    attributes = [node for node in nodes if isinstance(node, ast.Attribute) and re.match(r"_[^_]", node.attr)]
    return imported + [ast.unparse(node) for node in attributes if node.attr not in defined]
