"""Make pictures of every page at three widths, light and dark, in English and Arabic: `make shots`.

python -m bench.web.shots [DATABASE] [--folder build/shots]

Without a database, a made-up collection is taken. `index.html` in the folder shows all pictures.
"""

from __future__ import annotations

import argparse
import tempfile
from html import escape
from itertools import product
from pathlib import Path

from bench.web.collection import fill_collection, write_profiles
from bench.web.pages import browse, chromium, pages_of
from crawler import clock
from crawler.home import PROJECT

WIDTHS = (375, 820, 1440)
_HEIGHT = 900
_THEMES = ("light", "dark")
_LANGUAGES = ("en", "ar")


def make_shots(database: Path, folder: Path, *, sites: Path | None = None, only: str = "") -> list[str]:
    """Write the pictures, and give their names. `sites`: folder of the profiles; `only`: what the names of pages begin
    with."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    with browse(database, sites) as served, chromium() as browser:
        page = browser.new_page()
        pages = {name: path for name, path in pages_of(database).items() if name.startswith(only)}
        for (name, path), language, theme, width in product(pages.items(), _LANGUAGES, _THEMES, WIDTHS):
            page.set_viewport_size({"width": width, "height": _HEIGHT})
            page.goto(f"{served.url}{path}{'&' if '?' in path else '?'}_lang={language}&_theme={theme}")
            shot = f"{name}_{language}_{theme}_{width}.png"
            page.screenshot(path=folder / shot, full_page=True)
            names.append(shot)
    pictures = "".join(
        f'<figure><figcaption>{escape(name)}</figcaption><a href="{name}"><img src="{name}" height="400"></a></figure>'
        for name in names
    )
    (folder / "index.html").write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><title>Pages</title>'
        f"<style>body {{ display: flex; flex-wrap: wrap }}</style>{pictures}",
        "utf-8",
    )
    return names


def main() -> None:
    """Make the pictures, and print where they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path, nargs="?")
    parser.add_argument("--only", default="", help="only pages whose name begins with this")
    parser.add_argument("--folder", type=Path, default=PROJECT / "build" / "shots")
    options = parser.parse_args()
    if options.database and not options.database.exists():
        raise SystemExit(f"{options.database} does not exist")
    with tempfile.TemporaryDirectory() as temporary:
        database = options.database or Path(temporary) / "news.db"
        sites = None
        if options.database is None:
            sites = Path(temporary) / "sites"
            sites.mkdir()
            write_profiles(sites)
            fill_collection(database, clock.now())
        names = make_shots(database, options.folder, sites=sites, only=options.only)
    print(f"{len(names)} pictures: {options.folder / 'index.html'}")


if __name__ == "__main__":
    main()
