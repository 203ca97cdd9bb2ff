"""The private names of Scrapy that we use exist in the installed version and do what we use them for."""

from __future__ import annotations

import ast
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.conftest import PROJECT

# crawler/scrapyext/private.py was read against the source of these. Read it against a newer one before adding it here.
VERSIONS = ("2.19",)


def test_scrapy_is_a_version_for_which_the_private_names_were_checked() -> None:
    assert version("Scrapy").startswith(VERSIONS), (
        "this Scrapy is new to us: compare crawler/scrapyext/private.py with its source, then add the version here"
    )


@pytest.mark.parametrize("folder", ["crawler", "spiders", "pipelines"])
def test_private_names_of_scrapy_are_used_in_one_module_alone(folder: str) -> None:
    for path in sorted((PROJECT / folder).rglob("*.py")):
        if path != PROJECT / "crawler/scrapyext/private.py":
            assert not list(private_uses(path)), path


def private_uses(path: Path) -> list[str]:
    """Imports from scrapy.core, and uses of a private name of an object that is not `self` or `cls`, in modules that
    import Scrapy."""
    tree = ast.parse(path.read_text("utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    if not any(module.split(".")[0] == "scrapy" for module in modules):
        return []
    uses = [module for module in modules if module.startswith("scrapy.core")]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and re.match(r"_[^_]", node.attr):
            of_ours = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            uses += [] if of_ours else [ast.unparse(node)]
    return uses
