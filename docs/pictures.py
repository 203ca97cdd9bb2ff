"""Make the pictures of the documentation: `python -m docs.pictures`, with Chromium for those of the browser.

Terminal: what the commands print is drawn as SVG by rich. Browser: Chromium photographs `rasid browse`. All of it is
real output, on the sites of the demo newsroom. The pictures are committed: make them again when the output has changed.
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

from rich.console import Console
from rich.text import Text

from crawler.home import PROJECT, create_home
from demo.newsroom import serve_newsroom
from docs.transcript import Desk

FOLDER = PROJECT / "docs" / "pictures"
WIDTH = 80
_LINES = 48
"""A longer output is cut: a picture must fit a screen."""

_START_SECONDS = 30
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_WINDOW = "1100,640"

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

SCREENS = {
    "add": "rasid add https://www.larkmoor.example/",
    "": "rasid every morning --excel ~/news.xlsx",
    "search": "rasid search harbour",
}
"""Name of the picture → the command, in the order in which they are run; one without a picture only prepares."""

PAGES = {"overview": "/-/overview", "article": "/-/article/1"}
"""Name of the picture → the page of `rasid browse`."""


def main() -> int:
    """Make all pictures; 1 if there is no browser."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, serve_newsroom() as newsroom:
        user = Path(name)
        desk = Desk(user, [sys.executable, "-m", "rasid"], newsroom["demo_en"], width=WIDTH)
        home = create_home(user / ".local" / "share" / "rasid")
        home.settings_file.write_text("DOWNLOAD_DELAY = 0\n")
        desk.environment |= {"RASID_HOME": str(home.folder), "PYTHONPATH": str(PROJECT)}
        for picture, line in SCREENS.items():
            screen = desk.run(line)
            if picture:
                draw(FOLDER / f"{picture}.svg", line, screen.text)
        browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
        if browser is None:
            print("no pictures of the browser: install Chromium", file=sys.stderr)
            return 1
        photograph(browser, desk, home.database)
    return 0


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


def photograph(browser: str, desk: Desk, database: Path) -> None:
    """Write pictures of the pages of `rasid browse`."""
    port = _free_port()
    server = subprocess.Popen([*desk.program, "browse", str(database), "--port", str(port)], env=desk.environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}/")
        for picture, page in PAGES.items():
            target = FOLDER / f"{picture}.png"
            words = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={_WINDOW}",
                     f"--user-data-dir={desk.folder / 'chromium'}", f"--screenshot={target}"]  # fmt: skip
            subprocess.run([browser, *words, f"http://127.0.0.1:{port}{page}"], check=True, capture_output=True)
    finally:
        server.terminate()
        server.wait()


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
