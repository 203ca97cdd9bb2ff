"""CPU of the extraction alone: each page of a newsroom once, in one process, without any knowledge of its site.

    python -m bench.speed.extraction FOLDER URLS

URLS is a file with the addresses of the pages, one a line. Prints JSON: milliseconds and whether the words of the page
were found.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psutil

from bench.speed.crawls import Figures, figures
from bench.speed.newsrooms import PROJECT, Newsroom, read_newsroom
from bench.speed.processes import Cost
from crawler.encoding.charset import decode
from crawler.extract import extract

_WARM_UP = 3


def extract_alone(newsroom: Newsroom) -> Figures:
    """The figures of a process that extracts the pages. Its seconds are CPU seconds of the extraction."""
    with tempfile.TemporaryDirectory() as folder:
        urls = Path(folder) / "urls"
        urls.write_text("\n".join(article["url"] for article in newsroom.articles), "utf-8")
        command = [sys.executable, "-m", "bench.speed.extraction", str(newsroom.folder), str(urls)]
        done = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    spent = found["seconds"]
    cost = Cost(seconds=sum(spent), main=0.0, workers=sum(spent), memory=found["memory"])
    return figures(newsroom, cost, 0, found["articles"]) | {"median": median(spent) * 1000}


def main(folder: str, urls: str) -> None:
    """Extract, and print the result."""
    newsroom = read_newsroom(Path(folder))
    by_url = {article["url"]: article for article in newsroom.articles}
    articles = [by_url[url] for url in Path(urls).read_text("utf-8").splitlines()]
    for article in articles[:_WARM_UP]:
        _extract(newsroom, article)
    seconds, found = [], []
    for article in articles:
        took, title, text = _extract(newsroom, article)
        seconds.append(took)
        found.append((title, text))
    memory = psutil.Process().memory_full_info().pss / 1e6
    print(json.dumps({"seconds": seconds, "articles": found, "memory": memory}))


def _extract(newsroom: Newsroom, article: dict[str, str]) -> tuple[float, str, str]:
    page = newsroom.page(article)
    content_type = "text/html; charset=utf-8" if article["path"].endswith(".html") else "text/html"
    started = time.process_time()
    made = extract(decode(page, content_type), article["url"])
    return time.process_time() - started, made.title or "", made.body or ""


if __name__ == "__main__":
    main(*sys.argv[1:])
