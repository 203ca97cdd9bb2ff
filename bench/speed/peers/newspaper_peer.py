"""newspaper4k, with its own threads. It downloads no images."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from newspaper import Article
from newspaper.mthreading import fetch_news

_THREADS = 16  # as CONCURRENT_REQUESTS of Scrapy


def main(source: str, target: str) -> None:
    """Fetch and parse all pages."""
    urls = json.loads(Path(source).read_text("utf-8"))["urls"]
    with Path(target).open("w", encoding="utf-8") as file:
        for article in fetch_news([Article(url, fetch_images=False) for url in urls], threads=_THREADS):
            file.write(json.dumps({"title": article.title, "text": article.text}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
