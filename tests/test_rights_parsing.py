"""The parsers of rights signals: what servers may send, compared with an independent parser, and what it costs."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import cast

import http_sf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.rights.decide import HostRights, page_rights
from crawler.rights.page import read_page
from crawler.rights.robots_lines import read_robots
from crawler.rights.rsl import parse_rsl
from crawler.rights.structured import parse_dictionary
from crawler.rights.tdmrep import file_rules
from crawler.usage import Signal
from tests.test_rights_table import NOW, URL, cases, rights_of

ALPHABET = 'train-ai=n, search=y;()"\\:?@%*1.\t ÿ'


@given(st.text(ALPHABET, max_size=30) | st.sampled_from([row["signals"].partition(": ")[2] for row in cases()]))
@example('a=1.5;b="x\\"y" , c=(1 2;d "e");f=?1, g=:YQ==:, h=@1, i=%"%c3%a9"')
@settings(max_examples=600, deadline=None)
def test_dictionaries_are_parsed_as_the_reference_parser_does(text: str) -> None:
    text = text.rstrip("\t ")  # the reference parser reads over a tab at the end, which RFC 9651 does not
    try:
        reference = http_sf.parse(text.encode("latin-1"), tltype="dictionary")
    except (http_sf.StructuredFieldError, UnicodeError):
        reference = None
    try:
        ours = parse_dictionary(text)
    except ValueError:
        ours = None
    if reference is None:
        assert ours is None or _is_lenient(text)
        return
    assert isinstance(reference, dict)
    values = {key: cast(tuple[object, object], member)[0] for key, member in reference.items()}
    assert ours == {key: str(value) if isinstance(value, http_sf.Token) else None for key, value in values.items()}


def _is_lenient(text: str) -> bool:
    """What is inside a byte sequence or a display string is not decoded: it is not a preference in any case."""
    return any(part in text for part in ('%"', "=:"))


@given(st.binary(max_size=300), st.binary(max_size=300), st.text(max_size=100))
@settings(max_examples=200, deadline=None)
def test_nothing_that_a_server_sends_raises(body: bytes, file: bytes, value: str) -> None:
    headers = [(name, value) for name in ("X-Robots-Tag", "Content-Usage", "Link", "TDM-Reservation", "tdm-policy")]
    head = b'<meta name=robots content="' + body + b'"><link rel=license href="' + body + b'">"license": {"url": "'
    rules, problem = file_rules(file)
    host = HostRights(robots=read_robots(file, "Rasid"), tdm_rules=tuple(rules), tdm_problem=problem)
    rights = page_rights(read_page(headers, head + body, url=URL, now=NOW), host, URL)
    rights.as_json()
    parse_rsl(file).signals(URL, "x")
    parse_rsl(b"<rsl><content>" + body + b"</content></rsl>").signals(URL, "x")


@pytest.mark.parametrize(
    "text",
    [
        "header Content-Usage: " + "a=" * 50_000,
        "header Content-Usage: " + 'a="' + "\\" * 50_000,
        "header Content-Usage: " + "a=(" + "1 " * 50_000,
        "header Link: " + "<a>;b" * 10_000,
        "meta robots=" + "noai," * 20_000,
        "robots " + "User-agent: * | Content-Usage: /" + "*a" * 40_000 + "b$ train-ai=n",
        "robots " + "Content-Usage: / train-ai=n | " * 20_000,
        'tdmrep [{"location": "/' + "a*" * 40_000 + 'b$", "tdm-reservation": 1}]',
        "tdmrep " + "[" * 100_000,
        "rsl " + "<rsl>" * 20_000,
    ],
    ids=lambda text: text[:30],
)
def test_values_that_are_meant_to_take_long_do_not(text: str) -> None:
    begin = time.process_time()
    rights_of(text)
    assert time.process_time() - begin < 2


def test_a_page_costs_a_fraction_of_a_millisecond() -> None:
    head = "".join(f'<meta property="og:key{number}" content="value {number}">' for number in range(60))
    links = "".join(f'<a href="/news/{number}.html">Headline {number}</a>' for number in range(400))
    page = f'<html><head>{head}<meta name="robots" content="noai"><link rel="license" href="/terms">'
    body = (page + "</head>" + links + "<p>Text of the article.</p>" * 4_000).encode()
    lines = "\n".join(f"User-agent: bot{number}\nDisallow: /" for number in range(100))
    robots = read_robots(f"{lines}\nUser-agent: *\nContent-Signal: ai-train=no".encode(), "Rasid")
    headers = [("X-Robots-Tag", "noarchive"), ("Content-Usage", "train-ai=n"), *[(f"X-{n}", "v") for n in range(20)]]
    host, now = HostRights(robots=robots), datetime.now(UTC)

    def cost() -> float:
        begin = time.process_time()
        for _ in range(100):
            page_rights(read_page(headers, body, url=URL, now=now), host, URL).as_json()
        return (time.process_time() - begin) / 100

    assert min(cost() for _ in range(5)) < 0.001, "0.18 ms were measured; a loaded machine takes longer"


def test_a_signal_is_shown_without_what_would_act_on_a_terminal() -> None:
    page = read_page([("Content-Usage", "\x1b[2Jtrain-ai=n\r\n\x07")], b"", url=URL, now=NOW)
    [signal] = page.signals
    assert signal.text == "\x1b[2Jtrain-ai=n\r\n\x07", "the evidence is exact"
    assert str(signal).isprintable()
    assert str(Signal(kind="robots", place="meta robots", text="\u202enoai\u200f")).isprintable()
