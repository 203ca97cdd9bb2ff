"""Which addresses a host may lead to, of both families, and sites that have an IPv6 address."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from scrapy.resolver import dnscache
from twisted.internet.address import IPv4Address, IPv6Address

from crawler.fetch.resolver import ADDRESSES, PublicOnlyResolver, is_private_literal
from tests.conftest import Workplace
from tests.newssite import serve


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.9.9",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12:3456::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1.2.3.4",
        "2002:7f00:1::",
        "2002:c0a8:1::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "100::1",
    ],
)
def test_addresses_of_private_networks_are_recognized(host: str) -> None:
    assert is_private_literal(host)


@pytest.mark.parametrize(
    "host",
    [
        "93.184.216.34",
        "2606:2800:220:1::1",
        "::ffff:93.184.216.34",
        "64:ff9b::93.184.216.34",
        "2002:5db8:d822::1",
        "example.org",
        "localhost",
    ],
)
def test_public_addresses_and_names_are_not_private(host: str) -> None:
    assert not is_private_literal(host)


class Reactor:
    """Has a resolver with the addresses of a test: no test queries a name server."""

    def __init__(self, *addresses: str) -> None:
        self.nameResolver = self
        self.addresses = addresses

    def resolveHostName(self, receiver: Any, name: str, port: int, *_: object) -> Any:  # noqa: N802
        """Hand over the addresses."""
        receiver.resolutionBegan(None)
        for address in self.addresses:
            receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, port))
        receiver.resolutionComplete()


class Receiver:
    """Collects what it gets."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.is_complete = False

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        """Nothing."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        """Collect an address with its port."""
        self.got.append(f"{address.host} {address.port}")

    def resolutionComplete(self) -> None:  # noqa: N802
        """The end."""
        self.is_complete = True


def resolve(name: str, *addresses: str) -> list[str]:
    receiver = Receiver()
    reactor: Any = Reactor(*addresses)
    PublicOnlyResolver(reactor, 10).resolveHostName(receiver, name, 443)
    assert receiver.is_complete
    return receiver.got


def test_a_name_leads_to_its_public_addresses_of_both_families() -> None:
    dnscache.clear()
    addresses = ("2606:2800:220:1::1", "::1", "93.184.216.34", "10.0.0.7")
    public = ["2606:2800:220:1::1 443", "93.184.216.34 443"]
    assert resolve("both.example", *addresses) == public
    assert resolve("both.example") == public, "from the cache, through the same check"
    assert "both.example" not in ADDRESSES.refused


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "64:ff9b::7f00:1", "fec0::7"])
def test_a_public_name_leads_to_no_private_address(address: str) -> None:
    dnscache.clear()
    ADDRESSES.refused.clear()
    assert resolve("rebound.example", address) == []
    assert "rebound.example" in ADDRESSES.refused


def test_a_host_that_may_be_private_is_recognized_however_it_is_written() -> None:
    dnscache.clear()
    ADDRESSES.allowed.update(("::1", "xn--mgbh0fb.example"))
    try:
        assert resolve("::1", "::1") == ["::1 443"]
        assert resolve("مثال.example", "10.0.0.7") == ["10.0.0.7 443"]
    finally:
        ADDRESSES.allowed.clear()


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_a_site_at_an_ipv6_address_is_crawled_if_its_profile_allows_that(workplace: Workplace) -> None:
    with serve("::1") as site:
        assert site.url.startswith("http://[::1]:")
        site.put("/robots.txt", "User-agent: *\nDisallow: /private/\n", "text/plain")
        links = [
            site.article("/news/1.html", "One"),
            site.answer("/news/2.html", lambda handler: handler.redirect("/private/2.html")),
        ]
        feed = site.feed("/feed.xml", links)
        text = f'title = "T"\nurl = "{site.url}"\nfeeds = ["{feed}"]\ndelay = 0\n'
        workplace.profile("six", text)
        refused = workplace.run("crawl", "six", "-s", "RETRY_TIMES=0")
        assert "private_address" in refused.stderr
        assert site.seen == []
        workplace.profile("six", text + "allow_private = true\n")
        result = workplace.run("crawl", "six", "-s", "RETRY_TIMES=0")
        assert result.returncode == 0, result.stderr
        assert workplace.pages() == {"/news/1.html": "new", "/news/2.html": "robots"}
        assert site.paths().count("/robots.txt") == 1
        (article,) = workplace.rows("SELECT url FROM articles")
        assert article["url"] == links[0]
