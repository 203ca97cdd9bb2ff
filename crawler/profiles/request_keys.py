"""The keys of a profile that say how its requests look: headers, cookies, user_agent, proxy.

No error message shows a value of theirs: it may be a password.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from crawler.environment import template_problem
from crawler.profile import SiteCookie
from crawler.toml_file import TomlValues
from crawler.urls import host_of, on_hosts

# RFC 9110, 5.6.2: the characters of names of headers and cookies.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# RFC 6265, 4.1.1: the characters of a cookie's value.
_COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]*")
_MAX_COOKIE_BYTES = 4000
"""Of all cookies of a profile. Servers accept 8 kB in a header, and the site's own cookies need room as well."""

# Header → why a profile cannot set it.
_OTHER_KEYS = {
    "cookie": "use the key cookies",
    "user-agent": "use the key user_agent",
    "proxy-authorization": "use the key proxy, like http://user:$PASSWORD@proxy.example:3128",
    "if-none-match": "each request has its own",
    "if-modified-since": "each request has its own",
    "host": "it follows from the URL of each request",
    "content-length": "it follows from each request",
    "transfer-encoding": "it follows from each request",
    "connection": "it follows from each request",
}
_COOKIE_KEYS = ("name", "value", "host", "path")


class Shown(Enum):
    """What an error message shows in place of a value that may be secret."""

    HIDDEN = "…"

    def __repr__(self) -> str:
        return str(self.value)


def read_headers(values: TomlValues) -> dict[str, str]:
    """The table `headers`."""
    headers: dict[str, str] = {}
    for name, value in _table(values, "headers", 'headers = { "X-Name" = "value" }').items():
        key = f"headers.{name}"
        if not _TOKEN.fullmatch(name):
            values.fail(key, Shown.HIDDEN, "is not a name of a header; use letters, digits and hyphens")
        elif reason := _OTHER_KEYS.get(name.lower()):
            values.fail(key, Shown.HIDDEN, f"cannot be set here: {reason}")
        elif name.lower() in map(str.lower, headers):
            values.fail(key, Shown.HIDDEN, "is there twice; upper and lower case are the same")
        elif _is_text(values, key, value):
            headers[name] = value
    return headers


def read_cookies(values: TomlValues, own: frozenset[str] | None) -> bool | tuple[SiteCookie, ...]:
    """The key `cookies`: true, false, a table of names and values, or a list of tables. `own`: the site's hosts."""
    given = values.data.get("cookies", True)
    if isinstance(given, bool):
        return given
    if isinstance(given, dict):
        given = [{"name": name, "value": value} for name, value in given.items()]
    elif not isinstance(given, list) or not all(isinstance(cookie, dict) for cookie in given):
        hint = 'must be true, false, or a table like cookies = { session = "$SESSION" }'
        values.fail("cookies", Shown.HIDDEN, hint)
        return True
    cookies = tuple(_cookies(values, given, own))
    if sum(len(cookie.name) + len(cookie.value) for cookie in cookies) > _MAX_COOKIE_BYTES:
        values.fail("cookies", Shown.HIDDEN, f"are longer than {_MAX_COOKIE_BYTES} characters, which servers refuse")
    return cookies or True


def _cookies(values: TomlValues, given: list[dict[str, Any]], own: frozenset[str] | None) -> Iterator[SiteCookie]:
    for cookie in given:
        name, host, path = cookie.get("name"), cookie.get("host"), cookie.get("path", "/")
        key = f"cookies.{name}"
        values.check_keys(dict.fromkeys(cookie, Shown.HIDDEN), _COOKIE_KEYS, "cookies.")
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            values.fail(key, Shown.HIDDEN, "needs a name of letters, digits, hyphens and underscores")
        elif not _is_text(values, key, cookie.get("value")):
            continue
        elif not _COOKIE_VALUE.fullmatch(cookie["value"]):
            values.fail(key, Shown.HIDDEN, "has a space, comma, semicolon, quote or backslash; percent-encode it")
        elif not isinstance(path, str) or not path.startswith("/") or ";" in path:
            values.fail(f"{key}.path", path, "must begin with /")
        elif host is not None and (not isinstance(host, str) or not host_of(f"https://{host}/")):
            values.fail(f"{key}.host", host, "must be a host name, like www.example.org")
        elif host is not None and own is not None and not on_hosts(f"https://{host}/", own):
            values.fail(
                f"{key}.host", host, f"is not one of the site's own hosts; add it to hosts, like hosts = [{host!r}]"
            )
        else:
            yield SiteCookie(name=name, value=cookie["value"], host=host, path=path)


def read_user_agent(values: TomlValues) -> str | None:
    """The key `user_agent`."""
    agent = values.text("user_agent")
    if not agent or not _is_text(values, "user_agent", agent):
        return None
    return agent


def read_proxy(values: TomlValues) -> str | None:
    """The key `proxy`."""
    proxy = values.data.get("proxy")
    if proxy is None or not _is_text(values, "proxy", proxy):
        return None
    try:
        parts = urlsplit(proxy)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_url = False
    if not is_url and not proxy.startswith("$"):
        values.fail("proxy", Shown.HIDDEN, "must be a URL like http://proxy.example:3128")
        return None
    return str(proxy)


def _table(values: TomlValues, key: str, like: str) -> dict[str, Any]:
    table = values.data.get(key, {})
    if isinstance(table, dict):
        return table
    values.fail(key, Shown.HIDDEN, f"must be a table, like {like}")
    return {}


def _is_text(values: TomlValues, key: str, value: object) -> bool:
    """Whether a value can be sent in a header; if not, the problem is recorded."""
    if not isinstance(value, str) or not value:
        problem: str | None = "must be a text in quotes"
    elif _CONTROL.search(value):
        problem = "has a line break or another control character"
    else:
        problem = template_problem(value)
    if problem:
        values.fail(key, Shown.HIDDEN, problem)
    return problem is None
