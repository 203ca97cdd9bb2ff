"""Robots directives of pages, and reservations of hosts."""

from __future__ import annotations

import pytest

from crawler.rights.decide import HostRights, page_rights
from crawler.rights.page import read_page
from crawler.rights.tdmrep import file_rules
from tests.made_up import NOW

URL = "https://example.org/"


def directives(headers: list[tuple[str, str]], body: bytes) -> tuple[str, ...]:
    return tuple(sorted(read_page(headers, body, url=URL, now=NOW).directives))


def is_reserved(file: bytes, url: str, headers: list[tuple[str, str]] | None = None, body: bytes = b"") -> bool:
    rules, problem = file_rules(file)
    host = HostRights(tdm_rules=tuple(rules), tdm_problem=problem)
    return page_rights(read_page(headers or [], body, url=url, now=NOW), host, url).decision("tdm") == "reserved"


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ([("X-Robots-Tag", "noindex, NoArchive")], "", ("noarchive", "noindex")),
        ([("X-Robots-Tag", "noindex"), ("x-robots-tag", "noai, noimageai")], "", ("noai", "noimageai", "noindex")),
        ([("X-Robots-Tag", "otherbot: noindex")], "", ()),
        ([("X-Robots-Tag", "rasid: none")], "", ("nofollow", "noindex")),
        ([("X-Robots-Tag", "unavailable_after: 25 Jun 2030 15:00:00 GMT, noarchive")], "", ("noarchive",)),
        ([], '<meta name="robots" content="index, follow, noai">', ("noai",)),
        ([], "<META CONTENT='noarchive' NAME=Robots>", ("noarchive",)),
        ([], '<meta name="googlebot" content="noindex">', ()),
        ([], '<meta name="robots" content="max-image-preview:large">', ()),
        ([], "<meta " * 50_000, ()),
        ([("X-Robots-Tag", ":::,,")], "\x00<meta name=robots content>", ()),
    ],
)
def test_directives_of_a_page_are_read_from_headers_and_meta(
    headers: list[tuple[str, str]], body: str, expected: tuple[str, ...]
) -> None:
    assert directives(headers, body.encode()) == expected


@pytest.mark.parametrize(
    ("by_file", "header", "meta", "reserved"),
    [
        (True, None, None, True),
        (True, "0", None, False),
        (True, "0", "1", True),
        (False, "1", "0", False),
        (False, "1", None, True),
        (True, "perhaps", "", True),
        (False, None, None, False),
    ],
)
def test_a_header_overrides_the_hosts_file_and_a_meta_element_both(
    by_file: bool, header: str | None, meta: str | None, reserved: bool
) -> None:
    headers = [] if header is None else [("TDM-Reservation", header)]
    body = b"" if meta is None else f'<meta name="tdm-reservation" content="{meta}">'.encode()
    file = b'[{"location": "/", "tdm-reservation": 1}]' if by_file else b""
    assert is_reserved(file, URL, headers, body) is reserved


RULES = """[
    {"location": "/free/*.html$", "tdm-reservation": 0},
    {"location": "/free/", "tdm-reservation": 1, "tdm-policy": "https://example.org/policy.json"},
    {"location": "/%D8%B3%D9%8A%D8%A7%D8%B3%D8%A9/", "tdm-reservation": "1"},
    {"location": "/a*b*c$", "tdm-reservation": 1},
    {"location": 5}, "nonsense",
    {"location": "/*print=1", "tdm-reservation": 1}
]"""


@pytest.mark.parametrize(
    ("path", "reserved"),
    [
        ("free/one.html", False),
        ("free/one.html?page=2", True),
        ("free/", True),
        ("Free/", False),
        ("سياسة/1", True),
        ("%d8%b3ياسة/1", True),
        ("a1b2c", True),
        ("abc", True),
        ("a1b2c3", False),
        ("acb", False),
        ("news/1?print=1", True),
        ("news/1", False),
        ("", False),
    ],
)
def test_of_the_rules_of_a_host_the_first_that_fits_a_path_holds(path: str, reserved: bool) -> None:
    assert is_reserved(RULES.encode(), f"https://example.org/{path}") is reserved


@pytest.mark.parametrize(
    "file", [b"", b"<html>Not found</html>", b"null", b"[[]]", b"{", b"[" * 100_000, b"\xff\xfe", b'{"location": "/x"}']
)
def test_a_file_that_is_not_a_list_of_rules_reserves_nothing(file: bytes) -> None:
    assert not is_reserved(file, "https://example.org/a")


def test_a_pattern_that_is_meant_to_take_long_does_not() -> None:
    pattern = "/" + "a*" * 40_000 + "b$"
    file = f'[{{"location": "{pattern}", "tdm-reservation": 1}}]'.encode()
    assert not is_reserved(file, "https://example.org/" + "a" * 60_000)
