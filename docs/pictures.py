"""Make the pictures of the documentation: `python -m docs.pictures`. Needs Chromium, LibreOffice and pdftoppm.

Terminal: what the commands print is drawn as SVG by rich. Browser: Chromium photographs `rasid browse`. Excel:
LibreOffice prints the table. All of it is real output, on the English and the Arabic site of the demo newsroom. The
pictures are committed: make them again when the output has changed.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import openpyxl
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from rich.console import Console
from rich.text import Text

from crawler.home import PROJECT, create_home
from demo.newsroom import serve_newsroom
from docs.transcript import WIDTH, Desk

FOLDER = PROJECT / "docs" / "pictures"
_LINES = 48
"""A longer output is cut: a picture must fit a screen."""

# The first columns and rows of the table, and how much of the printed page they take.
_PRINTED = "A1:F8"
_PRINTED_PIXELS = 330

_START_SECONDS = 30
_WINDOW = "1060,570"

# rich's own form, without the fonts that it would load from elsewhere.
_FORM = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""

PAGES = {"overview": "/-/overview", "article": "/-/article/1"}
PAGES_ARABIC = {"article_ar": "/-/article/1?_lang=ar"}
"""Name of the picture → the page of `rasid browse`."""

_ADD, _EVERY = "rasid add {address}", "rasid every morning --excel ~/news.xlsx"
ENGLISH = {"add": _ADD, "": _EVERY, "search": "rasid search harbour"}
ARABIC = {"": _ADD, " ": _EVERY}
"""Name of the picture → the command, in the order in which they are run; one without a picture only prepares."""


def main() -> int:
    """Make all pictures; 1 if a program is missing."""
    tools = {name: shutil.which(name) for name in ("chromium", "soffice", "pdftoppm")}
    if missing := [name for name, path in tools.items() if path is None]:
        print(f"not installed: {', '.join(missing)}", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with serve_newsroom() as newsroom:
        picture_site(newsroom["demo_en"], "larkmoor", ENGLISH, PAGES, "table")
        picture_site(newsroom["demo_ar"], "wadi", ARABIC, PAGES_ARABIC, "table_ar")
    return 0


def picture_site(site: str, name: str, screens: dict[str, str], pages: dict[str, str], table: str) -> None:
    """Make the pictures of a user who has this site alone."""
    address = f"https://www.{name}.example/"
    with tempfile.TemporaryDirectory() as folder:
        user = Path(folder)
        desk = Desk(user, [sys.executable, "-m", "rasid"], site, name=name, address=address)
        home = create_home(user / ".local" / "share" / "rasid")
        home.settings_file.write_text("DOWNLOAD_DELAY = 0\n")
        desk.environment |= {"RASID_HOME": str(home.folder), "PYTHONPATH": str(PROJECT)}
        for picture, command in screens.items():
            line = command.format(address=address)
            screen = desk.run(line)
            if picture.strip():
                draw(FOLDER / f"{picture}.svg", line, screen.text)
        photograph(desk, home.database, pages)
        print_table(user / "news.xlsx", FOLDER / f"{table}.png")


def draw(path: Path, line: str, output: str) -> None:
    """Write a picture of a terminal with a command and its output."""
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    lines = [f"\x1b[1m$ {line}\x1b[0m", *output.split("\n")]
    if len(lines) > _LINES:
        lines = [*lines[:_LINES], "…"]
    for line_of_output in lines:
        text = Text.from_ansi(line_of_output)
        for part in text.divide(range(WIDTH, len(text), WIDTH)):  # as a terminal does it
            console.print(part)
    drawn = console.export_svg(title="rasid", code_format=_FORM, unique_id=path.stem)
    path.write_text(re.sub(r"[ \t]+$", "", drawn, flags=re.M), "utf-8")


def photograph(desk: Desk, database: Path, pages: dict[str, str]) -> None:
    """Write pictures of the pages of `rasid browse`."""
    port = _free_port()
    server = subprocess.Popen([*desk.program, "browse", str(database), "--port", str(port)], env=desk.environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}/")
        for picture, page in pages.items():
            target = FOLDER / f"{picture}.png"
            words = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={_WINDOW}",
                     f"--user-data-dir={desk.folder / 'chromium'}", f"--screenshot={target}"]  # fmt: skip
            subprocess.run(["chromium", *words, f"http://127.0.0.1:{port}{page}"], check=True, capture_output=True)
    finally:
        server.terminate()
        server.wait()


def print_table(excel: Path, picture: Path) -> None:
    """Write a picture of the first rows and columns of an Excel file, in its own direction."""
    book = openpyxl.load_workbook(excel)
    for other in book.worksheets[1:]:
        other.sheet_state = "hidden"
    sheet = book.worksheets[0]
    sheet.print_area = _PRINTED
    sheet.print_options.gridLines = sheet.print_options.headings = True
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.1, right=0.1, top=0.1, bottom=0.1, header=0, footer=0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book.save(folder / "table.xlsx")
        office = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "pdf"]
        subprocess.run([*office, "table.xlsx"], cwd=folder, check=True, capture_output=True)
        words = [
            "pdftoppm",
            "-png",
            "-gray",
            "-r",
            "100",
            "-H",
            str(_PRINTED_PIXELS),
            "-singlefile",
            "table.pdf",
            "table",
        ]
        subprocess.run(words, cwd=folder, check=True)
        shutil.copy(folder / "table.png", picture)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            urllib.request.urlopen(url).close()
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


if __name__ == "__main__":
    sys.exit(main())
