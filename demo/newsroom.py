"""Serve the demo newsroom: `python -m demo.newsroom [--host 127.0.0.1] [--port 0] [--port-file FILE] [--log FILE]`.

One line is printed for each site, like `demo_ar http://127.0.0.1:40123/`; then it serves until SIGTERM or SIGINT.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, TextIO
from urllib.parse import parse_qsl, unquote, urlsplit

from demo.answer import Answer
from demo.content import read_content
from demo.routes import Route, not_found, routes_of
from demo.served_site import ServedSite

_IDLE_SECONDS = 30  # an idle connection is closed after this time


class Request(NamedTuple):
    """One request and the status of its response."""

    method: str
    target: str
    """Path and query, as received."""

    status: int
    headers: dict[str, str]
    """The request's, names in lower case."""


class Newsroom(dict[str, str]):
    """Site name → URL with a trailing slash. `requests` has the requests that each site has received."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: dict[str, list[Request]] = {}


@contextmanager
def serve_newsroom(*, host: str = "127.0.0.1", port: int = 0, log: TextIO | None = None) -> Iterator[Newsroom]:
    """Serve the three sites in threads of this process while the block runs.

    With `port` 0 the system selects free ports; otherwise the sites take that port and the next ones. Every request
    is a line in `log`, if it is given.
    """
    content = read_content()
    newsroom = Newsroom()
    with ExitStack() as stack:
        servers: dict[str, SiteServer] = {}
        for offset, name in enumerate(content.sites):
            server = SiteServer((host, port + offset if port else 0), name, log)
            stack.callback(server.server_close)
            servers[name] = server
            newsroom[name] = f"http://{host}:{server.server_port}/"
            newsroom.requests[name] = server.requests
        for name, server in servers.items():
            server.open(ServedSite(content, content.sites[name], newsroom))
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), name=name)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield newsroom


class SiteServer(ThreadingHTTPServer):
    """One site on its port."""

    daemon_threads = False

    def __init__(self, address: tuple[str, int], name: str, log: TextIO | None) -> None:
        self.name = name
        self.log = log
        self.requests: list[Request] = []
        self.served: ServedSite | None = None
        self.routes: dict[str, Route] = {}
        self._connections: set[socket.socket] = set()
        super().__init__(address, _Handler)  # last: if the port is taken, this calls server_close

    def open(self, served: ServedSite) -> None:
        """Create the site's pages; they need the URLs of all sites."""
        self.served = served
        self.routes = routes_of(served)

    def answer(self, target: str) -> Answer:
        """The response for a path and query."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        if route := self.routes.get(path):
            return route(dict(parse_qsl(parts.query, keep_blank_values=True)))
        assert self.served is not None
        other = path.rstrip("/") if path.endswith("/") else path + "/"
        if other in self.routes:  # WordPress adds the slash, the other two remove it
            bare = parts.path.rstrip("/")
            location = self.served.url(bare if path.endswith("/") else bare + "/")
            query = f"?{parts.query}" if parts.query else ""
            return Answer("", status=301, headers={"Location": location + query})
        return not_found(self.served)

    def note(self, request: Request) -> None:
        """Record a request."""
        self.requests.append(request)
        if self.log:
            print(self.name, request.status, request.method, unquote(request.target), file=self.log, flush=True)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Record the connection, so that closing the server also closes those that clients keep alive."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a closed connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Close the port and every connection, and wait for their threads."""
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the client was faster
                continue
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing about clients that close their connection early."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    server: SiteServer

    def do_GET(self) -> None:
        answer = self.server.answer(self.path)
        body = answer.text.encode()
        headers = {"Content-Type": answer.content_type, "Vary": "Accept-Encoding", **answer.headers}
        status = answer.status
        if status == 200:
            headers["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
            if answer.changed:
                headers["Last-Modified"] = format_datetime(answer.changed.astimezone(UTC), usegmt=True)
            if self._is_known(headers["ETag"], answer.changed):
                status, body = 304, b""
        if body and _accepts_gzip(self.headers.get("Accept-Encoding", "")):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, mtime=0)
        self._send(status, headers, body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.close_connection = True  # the body of the form is not read
        self._send(405, {"Allow": "GET, HEAD", "Connection": "close"}, b"")

    def _is_known(self, etag: str, changed: datetime | None) -> bool:
        """RFC 9110, 13.2.2: If-None-Match decides; only without it does If-Modified-Since."""
        if known := self.headers.get("If-None-Match"):
            tags = re.findall(r'(?:W/)?("[^"]*")', known)
            return known.strip() == "*" or etag.removeprefix("W/") in tags
        since = self.headers.get("If-Modified-Since")
        if not since or not changed:
            return False
        try:
            return changed.replace(microsecond=0) <= parsedate_to_datetime(since).astimezone(UTC)
        except ValueError:
            return False

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.server.note(Request(self.command, self.path, status, {k.lower(): v for k, v in self.headers.items()}))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        """The Server header, without the version of Python."""
        return "demo-newsroom"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr: the log has the requests."""


def _accepts_gzip(header: str) -> bool:
    codings = [part.replace(" ", "").lower().partition(";") for part in header.split(",")]
    return any(name in ("gzip", "*") and quality not in ("q=0", "q=0.0") for name, _, quality in codings)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m demo.newsroom", description="Serve the demo newsroom.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--port", type=int, default=0, help="port of the first site, the others take the next ones; 0: any free ports"
    )
    parser.add_argument("--port-file", type=Path, help="write the printed lines to this file too")
    parser.add_argument("--log", type=Path, help="add a line for every request to this file")
    options = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as stack:
        log = stack.enter_context(options.log.open("a", encoding="utf-8")) if options.log else None
        try:
            newsroom = stack.enter_context(serve_newsroom(host=options.host, port=options.port, log=log))
        except OSError as error:
            parser.exit(1, f"{options.host} port {options.port}: {error.strerror}; choose another one with --port\n")
        lines = "".join(f"{name} {address}\n" for name, address in newsroom.items())
        if options.port_file:
            _write_whole(options.port_file, lines)
        print(lines, end="", flush=True)
        stop.wait()


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader who waits for it never sees an incomplete one."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)


if __name__ == "__main__":
    main()
