"""The command line of trafilatura: it downloads and extracts a list of pages, without a pause between two requests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import trafilatura


def main(source: str, target: str) -> None:
    """Download and extract all pages."""
    urls = json.loads(Path(source).read_text("utf-8"))["urls"]
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        usual = (Path(trafilatura.__file__).parent / "settings.cfg").read_text("utf-8")
        (base / "settings.cfg").write_text(usual.replace("SLEEP_TIME = 5.0", "SLEEP_TIME = 0"), "utf-8")
        (base / "urls").write_text("\n".join(urls), "utf-8")
        words = ["-i", str(base / "urls"), "--json", "--with-metadata", "-o", str(base / "out")]
        words += ["--config-file", str(base / "settings.cfg"), "--parallel", str(os.cpu_count() or 1)]
        subprocess.run([str(Path(sys.executable).parent / "trafilatura"), *words], check=True)
        with Path(target).open("w", encoding="utf-8") as file:
            for path in (base / "out").rglob("*.json"):
                found = json.loads(path.read_text("utf-8"))
                file.write(json.dumps({"title": found.get("title"), "text": found.get("text")}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
