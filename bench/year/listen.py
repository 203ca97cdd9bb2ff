"""The HTTP servers of the made-up sites: a port for each host, on IPv4 or IPv6, with one site or two."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from typing import Any, ClassVar

from bench.year.server import Served, request_of
from bench.year.world import Site


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # head and body in one packet
    timeout = 60
    served: ClassVar[Served]
    sites: ClassVar[list[Site]]
    """Of this host. The robots.txt is that of the first."""

    def do_GET(self) -> None:
        site = next((site for site in self.sites if self.path.startswith(f"{site.prefix}/")), self.sites[0])
        request = request_of(self.path, site.prefix, self.headers.get("If-None-Match"), self.headers.get("Cookie"))
        answer = self.served.answer(site, request)
        if answer is None:
            self.close_connection = True
            return
        data = answer.body.encode()
        self.send_response_only(answer.status)
        self.send_header("Content-Type", f"{answer.kind}; charset=utf-8")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Killed processes leave connections."""


class _Server6(_Server):
    address_family = socket.AF_INET6


@contextmanager
def listen(served: Served) -> Iterator[None]:
    """Serve all sites while the block runs."""
    with ExitStack() as stack:
        for _, group in groupby(served.sites.values(), key=lambda site: site.host):
            sites = list(group)
            handler = type("Handler", (_Handler,), {"served": served, "sites": sites})
            server, host = _bound(handler, is_ipv6=sites[0].is_ipv6)
            stack.enter_context(server)
            threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True).start()
            stack.callback(server.shutdown)
            for site in sites:
                served.origins[site.name] = f"http://{host}:{server.server_port}{site.prefix}"
        yield


def _bound(handler: type[_Handler], *, is_ipv6: bool) -> tuple[_Server, str]:
    """A server, and its host as URLs have it. A machine without IPv6 has the site on IPv4."""
    if is_ipv6:
        try:
            return _Server6(("::1", 0), handler), "[::1]"
        except OSError:
            pass
    return _Server(("127.0.0.1", 0), handler), "127.0.0.1"
