"""The table of docs/architecture.py holds: which part of the project imports which, and which libraries."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from docs.architecture import LEAVES, PARTS

PROJECT = Path(__file__).resolve().parent.parent
FOLDERS = sorted({part.folder.split("/")[0] for part in PARTS.values()})
# Stages that a test, a script or a notebook must be able to call without Scrapy.
WITHOUT_SCRAPY = ("discover", "extract", "similarity", "store", "export", "archive", "dates", "schedule")
WITHOUT_SQLITE = ("discover", "fetch", "extract", "similarity", "archive", "dates", "schedule", "leaves")
HEAVY = (
    "trafilatura",
    "feedparser",
    "lxml",
    "charset_normalizer",
    "warcio",
    "rich.markdown",
    "crawler.extract",
    "crawler.discover",
)
CHANGING_METHODS = {
    "add",
    "append",
    "clear",
    "discard",
    "extend",
    "insert",
    "pop",
    "popitem",
    "remove",
    "setdefault",
    "update",
}
# The standard library of newer versions of Python, modules that `make score` finds in the folder of the corpora, and
# those that the scripts in bench/speed/peers find in their own venv.
NO_LIBRARIES = {"compression", "corpora", "metrics", "fundus", "newspaper"} | sys.stdlib_module_names


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for folder in FOLDERS for path in sorted((PROJECT / folder).rglob("*.py"))}


def imports(name: str, *, top_level: bool = False) -> set[str]:
    """Full names of what a module imports, wherever the import stands; with `top_level` only what is imported when the
    module is."""
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    nodes = list(ast.iter_child_nodes(tree)) if top_level else list(ast.walk(tree))
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: write the full names of our own modules in imports"
            assert node.module
            names |= {
                f"{node.module}.{a.name}" if f"{node.module}.{a.name}" in MODULES else node.module for a in node.names
            }
    return names


IMPORTS = {name: imports(name) for name in MODULES}


def part_of(module: str) -> str:
    """The part that a module of ours belongs to. The package `crawler` itself counts as a leaf."""
    folders = {part.folder.replace("/", "."): name for name, part in PARTS.items()}
    while module not in folders:
        module = module.rpartition(".")[0]
    return folders[module]


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def modules_of(part: str) -> list[str]:
    return [module for module in MODULES if part_of(module) == part]


def test_every_folder_of_the_library_is_a_part() -> None:
    folders = {path.parent for path in (PROJECT / "crawler").glob("*/__init__.py")}
    assert {str(folder.relative_to(PROJECT)) for folder in folders} <= {part.folder for part in PARTS.values()}
    assert set(modules_of("leaves")) == {"crawler", *(f"crawler.{leaf}" for leaf in LEAVES)}


def test_arrows_of_the_table_point_down() -> None:
    order = list(PARTS)
    for name, part in PARTS.items():
        up = [other for other in part.imports if order.index(other) <= order.index(name)]
        assert not up, f"{name} → {', '.join(up)}: a part imports only parts that stand below it, so there is no circle"


@pytest.mark.parametrize("part", PARTS)
def test_a_part_imports_the_parts_that_the_table_allows(part: str) -> None:
    arrows = {
        part_of(other): f"{module} imports {other}"
        for module in modules_of(part)
        for other in sorted(IMPORTS[module])
        if other in MODULES and part_of(other) != part
    }
    wrong = [where for other, where in arrows.items() if other not in PARTS[part].imports]
    assert not wrong, (
        f"{'; '.join(wrong)}: move the code, or allow the arrow in docs/architecture.py and run `make docs`"
    )
    unused = set(PARTS[part].imports) - arrows.keys()
    assert not unused, f"{part} → {', '.join(unused)} is used no more: remove it from docs/architecture.py"


@pytest.mark.parametrize("part", PARTS)
def test_a_part_imports_the_libraries_that_the_table_allows(part: str) -> None:
    libraries = {
        other.split(".")[0] for module in modules_of(part) for other in IMPORTS[module] if other not in MODULES
    }
    assert libraries - NO_LIBRARIES - set(FOLDERS) == set(PARTS[part].libraries), "compare with docs/architecture.py"


def test_each_library_is_a_declared_dependency() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"], *(r for e in extras for r in e)]
    declared = {normalized(re.split(r"[^\w.-]", line)[0]) for line in lines}
    distributions = packages_distributions()
    libraries = {library for part in PARTS.values() for library in part.libraries}
    missing = {name for name in libraries if not declared & {normalized(d) for d in distributions.get(name, [name])}}
    assert not missing, "declare it in pyproject.toml, with its reason in docs/decisions.md, and run `make lock`"


def normalized(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


@pytest.mark.parametrize("part", WITHOUT_SCRAPY)
def test_pure_parts_do_not_import_scrapy(part: str) -> None:
    seen, waiting = set(), modules_of(part)
    while waiting:  # nor does any module of another part that they import
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            assert not [i for i in IMPORTS[module] if within(i, ("scrapy", "twisted"))], module
            waiting += IMPORTS[module] & MODULES.keys()


@pytest.mark.parametrize("part", WITHOUT_SQLITE)
def test_parts_below_the_store_do_not_import_sqlite(part: str) -> None:
    assert not [m for m in modules_of(part) if any(within(i, ("sqlite3", "sqlite_utils")) for i in IMPORTS[m])]


@pytest.mark.parametrize("name", [name for name in MODULES if within(name, ("crawler.commands", "crawler.cli"))])
def test_commands_import_nothing_heavy_until_they_run(name: str) -> None:
    seen, waiting = set(), [name]
    while waiting:  # what Scrapy imports on every call: the command's module and all that it imports
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


def test_no_modules_import_each_other_in_a_circle() -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join((*path, name))
        if name not in done:
            for other in sorted(IMPORTS[name] & MODULES.keys() - {name}):
                visit(other, (*path, name))
            done.add(name)

    for name in MODULES:
        visit(name, ())


def state_of(module: str) -> Iterator[str]:
    """The names at the top of a module that hold something which changes from one call to the next."""
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    classes = {
        node.name: " ".join(map(ast.unparse, node.decorator_list))
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
    changeable = {name for name, decorators in classes.items() if "frozen=True" not in decorators}
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
            source = ast.unparse(node.value)
            if source in ("{}", "[]", "set()", "dict()", "list()") or source.split("(")[0] in changeable:
                yield ast.unparse(targets[0])
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from names & set(changed_in(function))


def changed_in(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Names of other scopes that a function assigns to, or whose value it changes."""
    nodes = list(ast.walk(function))
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in nodes:
        if isinstance(node, ast.Global):
            yield from node.names
        value: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING_METHODS:
            value = node.func.value
        elif isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            value = node.value
        while isinstance(value, ast.Attribute | ast.Subscript):
            value = value.value
        if isinstance(value, ast.Name) and value.id not in own:
            yield value.id


@pytest.mark.parametrize("module", [m for m in MODULES if within(m, ("crawler", "spiders", "pipelines"))])
def test_modules_have_no_state(module: str) -> None:
    allowed = {
        "crawler.fetch.resolver": {"ADDRESSES"},  # the reactor has one resolver, so its rules are those of the process
        "crawler.extract": {"sys.modules[__name__].__class__"},  # does not change after the import
    }
    assert set(state_of(module)) == allowed.get(module, set())


def test_sql_stands_in_the_store_alone() -> None:
    statements = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE TABLE")
    for name, path in MODULES.items():
        if part_of(name) not in ("store", "bench"):
            text = path.read_text("utf-8")
            assert not [statement for statement in statements if statement in text], name


def test_pipelines_run_in_the_order_of_their_stages() -> None:
    from crawler.settings import ITEM_PIPELINES_BASE

    order = [name.split(".")[1] for name in sorted(ITEM_PIPELINES_BASE, key=ITEM_PIPELINES_BASE.__getitem__)]
    assert order == ["validate", "dedupe", "archive", "store"]
