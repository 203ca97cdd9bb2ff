"""Make pictures of every page at three widths, light and dark, in English and Arabic: `make shots`.

python -m bench.web.shots [DATABASE] [--folder build/shots]

Without a database that of `make demo` is taken. `index.html` in the folder shows all pictures.
"""

from __future__ import annotations

import argparse
from html import escape
from itertools import product
from pathlib import Path

from bench.web.pages import browse, chromium, pages_of
from crawler.home import PROJECT

WIDTHS = (375, 820, 1440)
_HEIGHT = 900
_THEMES = ("light", "dark")
_LANGUAGES = ("en", "ar")


def make_shots(database: Path, folder: Path) -> list[str]:
    """Write the pictures, and give their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    with browse(database) as url, chromium() as browser:
        page = browser.new_page()
        for (name, path), language, theme, width in product(pages_of(database).items(), _LANGUAGES, _THEMES, WIDTHS):
            page.set_viewport_size({"width": width, "height": _HEIGHT})
            page.goto(f"{url}{path}{'&' if '?' in path else '?'}_lang={language}&_theme={theme}")
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
    parser.add_argument("database", type=Path, nargs="?", default=PROJECT / "build" / "demo" / "news.db")
    parser.add_argument("--folder", type=Path, default=PROJECT / "build" / "shots")
    options = parser.parse_args()
    if not options.database.exists():
        raise SystemExit(f"{options.database} does not exist; make demo writes one")
    names = make_shots(options.database, options.folder)
    print(f"{len(names)} pictures: {options.folder / 'index.html'}")


if __name__ == "__main__":
    main()
