"""Sites on 127.0.0.1 for crawls that are measured: each has a feed of new articles, or one without any."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.growth.database import make_text

_FIRST_TEXT = 2_000_000
"""Number of the first text: no stored article has it."""


def article_page(number: int) -> str:
    """A page with an article that is not stored."""
    text = "".join(f"<p>{line.capitalize()}.</p>" for line in make_text(_FIRST_TEXT + number).split("\n"))
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>Served report {number}</title>'
        '<meta property="article:published_time" content="2026-11-10T08:30:00Z"></head>'
        f"<body><main><article><h1>Served report {number}</h1>{text}</article></main></body></html>"
    )


def feed(origin: str, count: int) -> str:
    """A feed with the first articles."""
    links = "".join(f"<item><link>{origin}/{n}.html</link></item>" for n in range(count))
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{links}</channel></rss>'


@contextmanager
def served(articles: int) -> Iterator[str]:
    """The origin of a server with a number of articles; /quiet/NAME is a feed without any."""
    pages = [article_page(n).encode() for n in range(articles)]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, status = "text/xml", 200
            if self.path == "/feed" or self.path.startswith("/quiet/"):
                body = feed(origin, articles if self.path == "/feed" else 0).encode()
            elif self.path.endswith(".html"):
                kind, body = "text/html; charset=utf-8", pages[int(self.path.strip("/").removesuffix(".html"))]
            else:
                kind, status, body = "text/plain", 404, b""
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield origin
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_served_profiles(folder: Path, origin: str, quiet: int) -> list[str]:
    """Profiles of a site with new articles (`served`) and of some without; the names of the latter."""
    names = [f"quiet_{n:03}" for n in range(quiet)]
    for name, path in {"served": "feed", **{name: f"quiet/{name}" for name in names}}.items():
        (folder / f"{name}.toml").write_text(
            f'title = "{name}"\nurl = "{origin}/{name}/"\nlanguage = "en"\nfeeds = ["{origin}/{path}"]\n'
            "allow_private = true\ndelay = 0\n"
        )
    return names
