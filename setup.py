"""What `scrapyd-deploy` calls to build the egg that it uploads: docs/neighbours.md. pip and `make dist` do not use it.

Python imports the modules of an egg out of the zip file. Ours are not modules of the egg, but files in it, which
`deploy/rasid_egg.py` unpacks on the server: profiles, templates and data must be files.
"""

from __future__ import annotations

import argparse
import ast
import zipfile
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
FOLDERS = ("crawler", "spiders", "pipelines", "sites")
SETTINGS = "rasid_egg"


def main() -> None:
    """Write the egg. Other commands of a setup.py, as `clean`, have nothing to do."""
    parser = argparse.ArgumentParser(description="Build an egg for scrapyd.")
    parser.add_argument("command", choices=("bdist_egg", "clean"))
    parser.add_argument("-d", "--dist-dir", type=Path, default=PROJECT / "build" / "dist")
    parser.add_argument("-a", "--all", action="store_true", help="for clean; does nothing")
    arguments = parser.parse_args()
    if arguments.command == "bdist_egg":
        arguments.dist_dir.mkdir(parents=True, exist_ok=True)
        write_egg(arguments.dist_dir / f"rasid-{version()}.egg")


def write_egg(path: Path) -> None:
    """Write code, profiles and data of this checkout as an egg."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as egg:
        egg.writestr("EGG-INFO/PKG-INFO", f"Metadata-Version: 2.1\nName: rasid\nVersion: {version()}\n")
        egg.writestr("EGG-INFO/entry_points.txt", f"[scrapy]\nsettings = {SETTINGS}\n")
        egg.write(PROJECT / "deploy" / f"{SETTINGS}.py", f"{SETTINGS}.py")
        for file in files():
            egg.write(file, f"project/{file.relative_to(PROJECT)}")


def files() -> Iterator[Path]:
    """The files of the project that a crawl needs."""
    for folder in FOLDERS:
        for file in sorted((PROJECT / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


def version() -> str:
    """The version of the checkout, without importing it: scrapyd-client may have an environment of its own."""
    for node in ast.parse((PROJECT / "crawler" / "__init__.py").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__":
            return str(ast.literal_eval(node.value))
    raise SystemExit("crawler/__init__.py has no __version__")


if __name__ == "__main__":
    main()
