"""Security headers for every response: nothing is loaded from elsewhere, and text of articles never runs as a
script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from crawler.browse.appearance import cookies_of

Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""No page has a script or loads anything from elsewhere. A response with a policy of its own keeps that."""

_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def guarded(app: Asgi, hosts: frozenset[str] | None) -> Asgi:
    """Wrap the application. `hosts`: the only host names it responds to; None for any.

    The check prevents DNS rebinding: another site can make its own name resolve to 127.0.0.1 to read what is served
    there, but its requests still have its own name.
    """

    async def respond(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
        if hosts is not None and host.rsplit(":", 1)[0] not in hosts and host not in hosts:
            await send({"type": "http.response.start", "status": 421, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Served only to this machine.\n"})
            return
        if scope["path"] == "/":
            front = b"/-/overview" + (b"?" + scope["query_string"] if scope["query_string"] else b"")
            await send({"type": "http.response.start", "status": 302, "headers": [(b"location", front)]})
            await send({"type": "http.response.body", "body": b""})
            return

        async def send_guarded(event: dict[str, Any]) -> None:
            if event["type"] == "http.response.start":
                own = event.get("headers", [])
                if all(name.lower() != b"content-security-policy" for name, _ in own):
                    own = [*own, (b"content-security-policy", _POLICY.encode())]
                choices = [(b"set-cookie", cookie.encode()) for cookie in cookies_of(scope["query_string"])]
                event = event | {"headers": [*own, *_HEADERS, *choices]}
            await send(event)

        await app(scope, receive, send_guarded)

    return respond


def allowed_hosts(host: str) -> frozenset[str] | None:
    """The host names in requests to a server that listens on this address; None for any."""
    return _LOOPBACK if host in {"127.0.0.1", "localhost", "::1"} else None
