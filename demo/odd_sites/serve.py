"""Serve the odd sites on ports of their own: `python -m demo.odd_sites.serve` prints their addresses."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from demo.odd_sites.pages import Reply, Route
from demo.odd_sites.sites import SITES, OddSite


class ServedOddSite:
    """An odd site at its address. `requests` has the paths that were requested, in order."""

    def __init__(self, site: OddSite, url: str) -> None:
        self.site = site
        self.url = url
        """With a slash at the end."""

        built = site.build(url.rstrip("/"))
        self.routes: dict[str, Route] = {unquote(path): route for path, route in built.routes.items()}
        self.articles = {url.rstrip("/") + path for path in built.articles}
        """URLs of all articles."""

        self.requests: list[str] = []

    def reply(self, target: str, headers: dict[str, str]) -> Reply:
        """The response to a request."""
        self.requests.append(target)
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        key = unquote(parts.path)
        route = self.routes.get(f"{key}?{parts.query}") or self.routes.get(key)
        return route(headers, query) if route is not None else Reply("<h1>Page not found</h1>", status=404)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        reply = self.server.served.reply(self.path, {name.lower(): value for name, value in self.headers.items()})
        body = reply.encoded()
        self.send_response(reply.status)
        for name, value in ({"Content-Type": reply.content_type} if reply.content_type else {}).items():
            self.send_header(name, value)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    served: ServedOddSite

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing about clients that close their connection early."""


@contextmanager
def serve_odd_sites() -> Iterator[dict[str, ServedOddSite]]:
    """Serve all sites in threads of this process while the block runs: name → site. On Linux each has an address of its
    own, so that none waits for the delay between requests to another one."""
    served: dict[str, ServedOddSite] = {}
    with ExitStack() as stack:
        for number, site in enumerate(SITES, 1):
            host = f"127.7.0.{number}" if sys.platform == "linux" else "127.0.0.1"
            server = stack.enter_context(_Server((host, 0), _Handler))
            server.served = served[site.name] = ServedOddSite(site, f"http://{host}:{server.server_port}/")
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield served


def main() -> None:
    """The command: serve until SIGINT or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with serve_odd_sites() as served:
        for name, each in served.items():
            print(f"{name:<18}{each.url}  {each.site.what}", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
