"""nginx, which serves the sites of a newsroom from compressed files, and the requests that it received."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.speed.newsrooms import PORT, Newsroom

_ECHO = tuple(
    Path(folder) / "ngx_http_echo_module.so" for folder in ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules")
)
_SECONDS_TO_START = 10.0


class NotServed(RuntimeError):
    """The sites cannot be served; the message says what is missing."""


@dataclass(frozen=True)
class Server:
    """A running nginx."""

    log: Path

    def requests(self) -> int:
        """Requests so far."""
        return len(self.log.read_bytes().splitlines()) if self.log.exists() else 0


@contextmanager
def served(newsroom: Newsroom, *, latency_ms: int = 0) -> Iterator[Server]:
    """The sites, each at its own address, until the end of the `with`. `latency_ms`: before each response.

    Raises NotServed.
    """
    program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None:
        raise NotServed("nginx is missing (Debian and Ubuntu: apt install nginx-light)")
    with tempfile.TemporaryDirectory(prefix="rasid-nginx-") as folder:
        base = Path(folder)
        (base / "nginx.conf").write_text(_configuration(newsroom, base, latency_ms), "utf-8")
        process = subprocess.Popen([program, "-p", base, "-c", base / "nginx.conf"], stderr=subprocess.DEVNULL)
        try:
            _wait_for(newsroom.sites[0]["ip"], process)
            yield Server(base / "access.log")
        finally:
            process.terminate()
            process.wait()


def _wait_for(ip: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while True:
        if process.poll() is not None:
            raise NotServed(f"nginx ended with {process.returncode}: is port {PORT} in use on {ip}?")
        try:
            socket.create_connection((ip, PORT), timeout=1).close()
        except OSError as error:
            if time.monotonic() > deadline:
                raise NotServed(f"nginx does not answer on {ip}:{PORT}: {error}") from error
            time.sleep(0.02)
        else:
            return


def _configuration(newsroom: Newsroom, base: Path, latency_ms: int) -> str:
    module, place = "", ""
    if latency_ms:
        found = next((path for path in _ECHO if path.exists()), None)
        if found is None:
            raise NotServed("nginx cannot delay responses (Debian and Ubuntu: apt install libnginx-mod-http-echo)")
        module = f"load_module {found};\n"
        place = f"location / {{ echo_sleep {latency_ms / 1000:.3f}; echo_exec @files; }} location @files {{ }}"
    root = newsroom.folder / "sites"
    servers = "\n".join(
        f"  server {{ listen {site['ip']}:{PORT} backlog=1024; root {root / site['host']}; {place} }}"
        for site in newsroom.sites
    )
    paths = "".join(
        f"  {name}_temp_path {base}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""  # its worker reads the files of whoever started the bench
    # As most sites do: compressed pages, a charset for those that are UTF-8 (.htm are the others), ETag and
    # Last-Modified. Only the compressed file is on the disk.
    return f"""{user}{module}daemon off; worker_processes 1; pid {base}/pid; error_log {base}/error.log warn;
events {{ worker_connections 8192; }}
http {{
  types {{ "text/html; charset=utf-8" html; text/html htm; application/xml xml; text/plain txt; }}
  default_type text/html;
  log_format bench '$host $request_method $status $uri';
  access_log {base}/access.log bench;
{paths}  sendfile on; tcp_nopush on; keepalive_timeout 65; keepalive_requests 100000; server_tokens off;
  gzip_static always; gunzip on;
{servers}
}}
"""
