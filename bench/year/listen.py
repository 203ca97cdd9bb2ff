"""The HTTP servers of the made-up sites: a port for each host, on IPv4 or IPv6, with one site or two."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from bench.year.certificates import make_certificate
from bench.year.server import STALLED, Served, request_of
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
        if answer is STALLED:
            self.rfile.read(1)  # until the client gives up
        if answer is None or answer is STALLED:
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
    context: Callable[[], ssl.SSLContext] | None = None
    """Gives the present certificate of a site by https."""

    def get_request(self) -> tuple[socket.socket, Any]:
        """The next connection."""
        connection, address = super().get_request()
        if self.context is not None:  # the handshake is the handler's, in its own thread
            connection = self.context().wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Killed processes leave connections."""


class _Server6(_Server):
    address_family = socket.AF_INET6


@contextmanager
def listen(served: Served, authorities: Path) -> Iterator[None]:
    """Serve all sites while the block runs. `authorities`: file to write, for those who verify certificates."""
    with ExitStack() as stack:
        certificates = _Certificates(served, Path(stack.enter_context(TemporaryDirectory())), authorities)
        for _, group in groupby(served.sites.values(), key=lambda site: site.host):
            sites = list(group)
            handler = type("Handler", (_Handler,), {"served": served, "sites": sites})
            server, host = _bound(handler, is_ipv6=sites[0].is_ipv6)
            if sites[0].is_tls:
                server.context = partial(certificates.context, sites[0])
            stack.enter_context(server)
            threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True).start()
            stack.callback(server.shutdown)
            for site in sites:
                scheme = "https" if site.is_tls else "http"
                served.origins[site.name] = f"{scheme}://{host}:{server.server_port}{site.prefix}"
        yield


class _Certificates:
    """A valid certificate of 127.0.0.1, and one that has expired."""

    def __init__(self, served: Served, folder: Path, authorities: Path) -> None:
        self._served = served
        root = make_certificate("Root of the simulation", is_authority=True)
        authorities.write_bytes(root.pem())
        self._valid = make_certificate("127.0.0.1", root, ip="127.0.0.1").context(folder)
        self._expired = make_certificate("127.0.0.1", root, days=-1, ip="127.0.0.1").context(folder)

    def context(self, site: Site) -> ssl.SSLContext:
        """With the certificate that a site has now."""
        faults = self._served.faults.active(site.name, self._served.now)
        if "certificate" not in faults:
            return self._valid
        self._served.met["certificate"] += 1
        return self._expired


def _bound(handler: type[_Handler], *, is_ipv6: bool) -> tuple[_Server, str]:
    """A server, and its host as URLs have it. A machine without IPv6 has the site on IPv4."""
    if is_ipv6:
        try:
            return _Server6(("::1", 0), handler), "[::1]"
        except OSError:
            pass
    return _Server(("127.0.0.1", 0), handler), "127.0.0.1"
