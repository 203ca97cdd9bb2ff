"""Memory and time of a rendered page beside a plain one.

    python -m bench.render [--pages 60] [--record]

Crawls two local sites: the articles of one are in the HTML, on the other a script of the page fetches them as JSON.
Requests are not delayed, so only the work is measured. Prints a table in Markdown; `--record` writes it into
docs/javascript.md.

Memory is that of all processes together, as Linux shares it out among them (PSS), at its highest. Seconds are the
difference to a crawl of a tenth of the pages, so that the start does not count; those of the CPU are of all processes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from crawler.render import why_not

PROJECT = Path(__file__).resolve().parent.parent
DOCS = PROJECT / "docs" / "javascript.md"
BEGIN, END = "<!-- bench.render -->\n", "<!-- end -->"
SECONDS_BETWEEN_SAMPLES = 0.25
PARAGRAPHS = 20

SHELL = (
    "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Town News</title>"
    "<link rel='stylesheet' href='/style.css'><script defer src='/app.js'></script></head>"
    "<body><div id='app'></div></body></html>"
)
# As the frameworks do: the article of the page's own URL, from JSON, a moment after the page has loaded.
SCRIPT = """
(async () => {
  const answer = await fetch("/api" + location.pathname);
  const article = (await answer.json()).html;
  await new Promise(done => setTimeout(done, 100));
  document.getElementById("app").innerHTML = article;
})();
"""


@dataclass(slots=True)
class Crawl:
    """One crawl, measured."""

    articles: int
    requests: int
    seconds: float
    cpu: float
    """Seconds."""

    memory: dict[str, float] = field(default_factory=dict)
    """Megabytes at the highest: `all`, and each kind of process."""


class Site:
    """A local site with articles in its HTML (`plain`), or behind a script."""

    def __init__(self, pages: int, *, plain: bool) -> None:
        self.requests = 0
        self.url = ""
        self._articles = {f"/2026/{number}": article(number) for number in range(pages)}
        self._plain = plain

    def answer(self, path: str) -> tuple[str, str] | None:
        """Content type and body of a path."""
        self.requests += 1
        if path in self._articles:
            title = re.findall("<h1>(.*)</h1>", self._articles[path])[0]
            page = f"<!doctype html><html lang='en'><title>{title}</title><body>{self._articles[path]}</body></html>"
            return "text/html", page if self._plain else SHELL
        if path.removeprefix("/api") in self._articles:
            return "application/json", json.dumps({"html": self._articles[path.removeprefix("/api")]})
        items = "".join(f"<item><link>{self.url}{path}</link></item>" for path in self._articles)
        return {
            "/feed.xml": ("text/xml", f"<rss version='2.0'><channel>{items}</channel></rss>"),
            "/app.js": ("text/javascript", SCRIPT),
        }.get(path)


def article(number: int) -> str:
    """An article, with words of its own in each sentence."""
    paragraphs = "".join(
        f"<p>Report {number}.{part} says that pier {number * PARAGRAPHS + part} of the harbour opens again after "
        f"{part + 2} years, and that {number + part} ships have asked for a berth.</p>"
        for part in range(PARAGRAPHS)
    )
    return (
        f"<article><h1>The harbour opens pier {number}</h1>"
        f"<time datetime='2026-11-10T09:00:00Z'>10 November 2026</time>{paragraphs}</article>"
    )


@contextmanager
def serve(site: Site) -> Iterator[None]:
    """Serve a site on 127.0.0.1 while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = site.answer(self.path)
            kind, body = answer or ("text/plain", "")
            self.send_response(200 if answer else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def crawl(pages: int, *, plain: bool) -> Crawl:
    """Crawl a site of this many articles into a new database."""
    site = Site(pages, plain=plain)
    with tempfile.TemporaryDirectory() as name, serve(site):
        folder = Path(name)
        (folder / "sites").mkdir()
        render = "" if plain else 'render = "articles"\n'
        (folder / "sites" / "local.toml").write_text(
            f'title = "Local"\nurl = "{site.url}/"\nfeeds = ["{site.url}/feed.xml"]\n'
            f"delay = 0\nallow_private = true\n{render}"
        )
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        memory = run(folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = json.loads((folder / "result.json").read_bytes())
    return Crawl(
        articles=result["stats"].get("store/new", 0),
        requests=site.requests,
        seconds=result["stats"]["elapsed_time_seconds"],
        cpu=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        memory=memory,
    )


def run(folder: Path) -> dict[str, float]:
    """Run `rasid crawl` on the profile in a folder; its memory."""
    settings = {
        "NEWS_SITES": folder / "sites",
        "NEWS_DB": folder / "news.db",
        "NEWS_RESULT_FILE": folder / "result.json",
        "NEWS_EXTRACT_WORKERS": 1,
        "AUTOTHROTTLE_ENABLED": 0,
    }
    words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "rasid", "crawl", "local", "-L", "ERROR", *words]
    highest: dict[str, float] = defaultdict(float)
    with subprocess.Popen(command, cwd=PROJECT) as process:
        while process.poll() is None:
            memory: dict[str, float] = defaultdict(float)
            for child in descendants(process.pid):
                memory[kind_of(child)] += megabytes(child)
            memory["all"] = sum(memory.values())
            highest |= {kind: max(highest[kind], size) for kind, size in memory.items()}
            time.sleep(SECONDS_BETWEEN_SAMPLES)
    if process.returncode:
        raise SystemExit(f"rasid crawl ended with {process.returncode}")
    return highest


def descendants(root: int) -> list[int]:
    """A process and all that it started, directly or not."""
    children: dict[int, list[int]] = defaultdict(list)
    for name in os.listdir("/proc"):
        if name.isdigit() and (stat := read(f"/proc/{name}/stat")):
            children[int(stat.rpartition(")")[2].split()[1])].append(int(name))
    found = [root]
    for process in found:
        found += children[process]
    return found


def kind_of(process: int) -> str:
    """The program of a process."""
    program = os.path.basename(read(f"/proc/{process}/cmdline").partition("\0")[0])
    return next((kind for kind in ("chrom", "node") if kind in program), "python")


def megabytes(process: int) -> float:
    """The memory of a process, with its share of what others have as well."""
    found = re.search(r"^Pss: +(\d+) kB", read(f"/proc/{process}/smaps_rollup"), re.MULTILINE)
    return int(found[1]) / 1000 if found else 0.0


def read(path: str) -> str:
    """A file of /proc; empty if the process has ended."""
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""


def table(pages: int, load: float, crawls: dict[str, tuple[Crawl, Crawl]]) -> str:
    """The figures as Markdown. `load`: of the machine, by other programs. `crawls`: of few pages, and of all."""
    lines = [
        f"{pages} articles of {PARAGRAPHS} paragraphs on a local site, without a delay, on {os.cpu_count()} cores with "
        f"a load of {load:.0f} by other programs (`python -m bench.render`):",
        "",
        "| | a page | CPU a page | requests a page | memory of the crawl |",
        "|---|---|---|---|---|",
    ]
    for name, (few, many) in crawls.items():
        pages = many.articles - few.articles
        seconds, cpu = (many.seconds - few.seconds) / pages, (many.cpu - few.cpu) / pages
        requests = (many.requests - few.requests) / pages
        parts = {"Chromium": many.memory.get("chrom"), "Playwright": many.memory.get("node")}
        detail = ": " * any(parts.values()) + ", ".join(f"{part} {size:.0f} MB" for part, size in parts.items() if size)
        memory = f"{many.memory['all']:.0f} MB{detail}"
        lines.append(f"| {name} | {seconds:.2f} s | {cpu:.2f} s | {requests:.1f} | {memory} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Crawl, print, and record; 1 if an article was not stored."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--record", action="store_true", help="write the table into docs/javascript.md")
    options = parser.parse_args()
    if problem := why_not(""):
        print(problem, file=sys.stderr)
        return 1
    load = os.getloadavg()[0]
    crawls: dict[str, tuple[Crawl, Crawl]] = {}
    for name in ("plain", "rendered"):
        few, many = (crawl(pages, plain=name == "plain") for pages in (max(options.pages // 10, 2), options.pages))
        if many.articles != options.pages:
            print(f"{name}: {many.articles} of {options.pages} articles were stored", file=sys.stderr)
            return 1
        crawls[name] = few, many
    text = table(options.pages, load, crawls)
    print(text, end="")
    if options.record:
        docs = DOCS.read_text("utf-8")
        before, rest = docs.split(BEGIN)
        DOCS.write_text(before + BEGIN + text + END + rest.partition(END)[2], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
