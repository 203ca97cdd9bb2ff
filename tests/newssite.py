"""A small news site on 127.0.0.1 that can misbehave: what a test puts under a path is what a crawl gets there."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

Answer = Callable[["Handler"], None]

PARAGRAPHS = (
    "The harbour board of Port Ellory said on Tuesday that the old north pier will open again before winter.",
    "Engineers spent eleven months replacing the timber piles, a task that two earlier contractors had given up.",
    "Fishing crews, who had to land their catch on the far side of the bay, welcomed the news with some relief.",
)


@dataclass
class Seen:
    """One request that reached the site."""

    path: str
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)


class NewsSite:
    """The site; `url` ends with a slash. Paths are given with their letters, not percent-encoded."""

    def __init__(self, origin: str) -> None:
        self.url = f"{origin}/"
        self.seen: list[Seen] = []
        self._answers: dict[str, Answer] = {}

    def put(self, path: str, body: bytes | str, content_type: str = "text/html; charset=utf-8", **kwargs: Any) -> str:
        """Answer a path with a body; gives the path's absolute URL. See Handler.reply for the keywords."""
        return self.answer(path, lambda handler: handler.reply(body, content_type, **kwargs))

    def answer(self, path: str, answer: Answer) -> str:
        """Answer a path in some way of your own; gives the path's absolute URL."""
        self._answers[path] = answer
        return self.url + path.lstrip("/")

    def article(self, path: str, title: str, *, paragraphs: tuple[str, ...] = PARAGRAPHS, **kwargs: Any) -> str:
        """Put an article; gives its absolute URL."""
        return self.put(path, article_page(title, paragraphs), **kwargs)

    def feed(self, path: str, links: list[str]) -> str:
        """Put an RSS feed that names the links, newest first, an hour apart."""
        items = "".join(
            f"<item><title>Item {n}</title><link>{link.replace('&', '&amp;')}</link>"
            f"<pubDate>Tue, 10 Nov 2026 {23 - n % 24:02}:{59 - n // 24:02}:00 +0000</pubDate></item>"
            for n, link in enumerate(links)
        )
        return self.put(path, f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>', "text/xml")

    def paths(self) -> list[str]:
        """The paths requested so far, in order, readable."""
        return [unquote(seen.path) for seen in self.seen]

    def find(self, path: str) -> Answer | None:
        """What answers a requested path."""
        return self._answers.get(unquote(path.split("?")[0]))


class Handler(BaseHTTPRequestHandler):
    """One request; the tools with which an answer is given."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    site: NewsSite
    sent = ""
    """The body of a POST request."""

    def do_GET(self) -> None:
        self.site.seen.append(Seen(self.path, {k.lower(): v for k, v in self.headers.items()}))
        answer = self.site.find(self.path)
        if answer is None:
            self.reply("<h1>Nothing here</h1>", status=404)
        else:
            answer(self)

    def do_POST(self) -> None:
        """The same, with the body of the request."""
        self.sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.do_GET()
        self.sent = ""  # the next request of the connection has another

    def reply(
        self,
        body: bytes | str,
        content_type: str | None = "text/html; charset=utf-8",
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        """Answer. `length`: a Content-Length that lies; the connection is closed after the body."""
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        if content_type is not None:
            self.send_header("Content-Type", content_type)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)
        if length is not None:
            self.close_connection = True

    def redirect(self, location: str, status: int = 302) -> None:
        """Answer with a redirect."""
        self.reply("", status=status, headers={"Location": location})

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def serve(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[NewsSite]:
    """A site that is served while the block runs. `tls`: by https, with the certificate of this context."""

    class SiteHandler(Handler):
        pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Clients hang up in the middle here; that is the point."""

    server = Server((host, 0), SiteHandler)
    if tls is not None:
        # The handshake is the handler's, in its own thread: a client that refuses the certificate stops no other.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    name = f"[{host}]" if ":" in host else host
    SiteHandler.site = NewsSite(f"{'http' if tls is None else 'https'}://{name}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield SiteHandler.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def article_page(title: str, paragraphs: tuple[str, ...] = PARAGRAPHS, *, charset: str = "", lang: str = "en") -> str:
    """A plain article page."""
    meta = f'<meta charset="{charset}">' if charset else ""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head>{meta}<title>{title}</title>'
        '<meta property="article:published_time" content="2026-11-10T08:30:00+00:00"></head>'
        f"<body><main><article><h1>{title}</h1>{text}</article></main></body></html>"
    )
