"""The arrows of docs/design.md: who may import whom."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PARTS = ("crawler", "spiders", "pipelines", "demo", "bench")
# Stages that a test, a script or a notebook must be able to call without Scrapy.
WITHOUT_SCRAPY = ("crawler.discover", "crawler.extract", "crawler.store", "crawler.export", "crawler.archive")
LEAVES = (
    "crawler.items",
    "crawler.profile",
    "crawler.urls",
    "crawler.dates",
    "crawler.dates.printed",
    "crawler.dates.vocabulary",
    "crawler.text",
    "crawler.clock",
)
HEAVY = (
    "trafilatura",
    "feedparser",
    "lxml",
    "charset_normalizer",
    "pebble",
    "warcio",
    "crawler.extract",
    "crawler.discover",
)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for part in PARTS for path in sorted((PROJECT / part).rglob("*.py"))}


def imports(name: str, *, top_level: bool = False) -> set[str]:
    """Full names of what a module imports; with `top_level` only what is imported when the module is."""
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    nodes = list(ast.iter_child_nodes(tree)) if top_level else list(ast.walk(tree))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {
                f"{node.module}.{a.name}" if f"{node.module}.{a.name}" in MODULES else node.module for a in node.names
            }
    return found


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


@pytest.mark.parametrize("name", [name for name in MODULES if within(name, ("crawler",))])
def test_crawler_imports_neither_spiders_nor_pipelines(name: str) -> None:
    assert not [i for i in imports(name) if within(i, ("spiders", "pipelines", "demo", "bench", "tests"))]


@pytest.mark.parametrize("name", [name for name in MODULES if within(name, WITHOUT_SCRAPY)])
def test_pure_stages_do_not_import_scrapy(name: str) -> None:
    assert not [i for i in imports(name) if within(i, ("scrapy", "twisted"))]


@pytest.mark.parametrize("name", LEAVES)
def test_leaves_import_only_leaves_of_ours(name: str) -> None:
    assert not [i for i in imports(name) if within(i, ("crawler",)) and not within(i, LEAVES)]


@pytest.mark.parametrize("name", [name for name in MODULES if within(name, ("crawler.commands", "crawler.cli"))])
def test_commands_import_nothing_heavy_until_they_run(name: str) -> None:
    seen, waiting = set(), [name]
    while waiting:  # what Scrapy imports on every call: the command's module and all that it pulls in
        module = waiting.pop()
        if module in seen or module not in MODULES:
            continue
        seen.add(module)
        heavy = [i for i in imports(module, top_level=True) if within(i, HEAVY)]
        assert not heavy, f"{module} imports {heavy}"
        waiting += imports(module, top_level=True)


def test_the_store_is_opened_without_libraries_that_only_happen_to_be_installed() -> None:
    program = "import sys, crawler.store; sys.exit(str({'pandas', 'numpy'} & sys.modules.keys() or ''))"
    result = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.stderr.strip() in ("", "set()")


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {name: {i for i in imports(name, top_level=True) if i in MODULES and i != name} for name in MODULES}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join((*path, name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_sql_stands_in_the_store_alone() -> None:
    statements = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE TABLE")
    for name, path in MODULES.items():
        if not within(name, ("crawler.store", "bench")):
            text = path.read_text("utf-8")
            assert not [statement for statement in statements if statement in text], name


def test_the_clock_alone_reads_the_time() -> None:
    for name, path in MODULES.items():
        if name != "crawler.clock":
            assert not re.search(
                r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(", path.read_text("utf-8")
            ), name


def test_pipelines_run_in_the_order_of_their_stages() -> None:
    from crawler.settings import ITEM_PIPELINES

    order = [name.split(".")[1] for name in sorted(ITEM_PIPELINES, key=ITEM_PIPELINES.__getitem__)]
    assert order == ["validate", "dedupe", "archive", "store"]
