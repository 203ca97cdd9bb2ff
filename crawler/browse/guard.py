"""What every answer tells the browser: nothing from elsewhere is loaded, and no text of an article is a script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

# Our own pages have no script at all. Datasette's have some inside the page.
_COMMON = "default-src 'none'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_OURS = f"{_COMMON}; style-src 'self'"
_DATASETTES = f"{_COMMON}; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; connect-src 'self'"
OUR_PATHS = ("/-/overview", "/-/search", "/-/article/")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def guarded(app: Asgi, hosts: frozenset[str] | None) -> Asgi:
    """The application with these headers. `hosts`: the only names it answers to, None for any. A page of another site
    can make its own name lead to 127.0.0.1 and read what is served there; it cannot change the name it asks for."""

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        asked = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
        if hosts is not None and asked.rsplit(":", 1)[0] not in hosts and asked not in hosts:
            await send({"type": "http.response.start", "status": 421, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"This is served to this machine alone.\n"})
            return
        policy = _OURS if scope["path"].startswith(OUR_PATHS) else _DATASETTES

        async def send_guarded(event: dict[str, Any]) -> None:
            if event["type"] == "http.response.start":
                said = {
                    b"content-security-policy": policy.encode(),
                    b"x-content-type-options": b"nosniff",
                    b"referrer-policy": b"no-referrer",
                }
                event = event | {"headers": [*event.get("headers", []), *said.items()]}
            await send(event)

        await app(scope, receive, send_guarded)

    return answer


def allowed_hosts(host: str) -> frozenset[str] | None:
    """The names under which a server that listens at this address may be asked."""
    return _LOOPBACK if host in {"127.0.0.1", "localhost", "::1"} else None
