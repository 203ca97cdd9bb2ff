"""Host names → IPv4 and IPv6 addresses that are not private: a name on the web must not lead into our own network.

The reactor connects to the address that was checked here, so that a name which leads elsewhere at a second lookup (DNS
rebinding) cannot bypass the check.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.request import getproxies

from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostResolution

from crawler.urls import host_of

# RFC 4291, 2.4: all unicast addresses of the internet are in this block so far (IANA's IPv6 address space). Site-local,
# unique-local and link-local ones, IPv4-compatible ones and local-use NAT64 (64:ff9b:1::/48) are outside.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# RFC 6052, 2.1: a translator sends these to the IPv4 address in the last 32 bits.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class AddressRules:
    """Which hosts may have private addresses."""

    allowed: set[str] = field(default_factory=set)
    """Hosts for which a spider of this process may connect to a private address."""

    refused: set[str] = field(default_factory=set)
    """Hosts whose addresses were all refused. The reactor only reports that there is no address."""

    typed: set[str] = field(default_factory=set)
    """Origins of the URLs that a person gave at the prompt (`fetch`, `shell` ...): these may be private, on any port,
    and of any site. No crawl has any."""


# One object for the process: the reactor has one resolver, whatever spiders run.
ADDRESSES = AddressRules()


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet at large. An IPv6 address that contains an IPv4 address (mapped,
    NAT64, 6to4) is judged by that one: packets to it end there."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _ipv4_in(ip)
        if inner is None:
            return ip in _GLOBAL_UNICAST and ip.is_global
        ip = inner
    return ip.is_global and not ip.is_multicast


def is_private_literal(host: str) -> bool:
    """Whether a URL's host is an IP address, and one that is not public."""
    try:
        return not is_public(host)
    except ValueError:
        return False


class PublicOnlyResolver(CachingHostnameResolver):
    """Scrapy's resolver for both families with a check of the addresses. The reactor tries those that it gets one after
    the other, a moment apart (RFC 8305)."""

    def __init__(self, reactor: ReactorBase, cache_size: int) -> None:
        super().__init__(reactor, cache_size)
        ADDRESSES.allowed.update(host_of(address) for address in getproxies().values())

    def resolveHostName(  # noqa: N802  (Twisted's)
        self,
        resolutionReceiver: Any,  # noqa: N803  (mypy cannot read the methods of zope's interfaces)
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Hand the addresses of a host to the receiver, without the private ones if the host must not have any."""
        receiver: Any = _PublicOnlyReceiver(resolutionReceiver, hostName)
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


class _PublicOnlyReceiver:
    """An IResolutionReceiver that passes on what the resolver finds, without the addresses that are not allowed."""

    def __init__(self, receiver: Any, name: str) -> None:
        self._receiver = receiver
        # Twisted decodes punycode; the rules have hosts as URLs have them.
        self._host = host_of(f"//[{name}]" if ":" in name else f"//{name}")
        self._allowed = self._refused = 0

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        if self._host in ADDRESSES.allowed or is_public(address.host):
            self._allowed += 1
            self._receiver.addressResolved(address)
        else:
            self._refused += 1

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._refused and not self._allowed:
            ADDRESSES.refused.add(self._host)
        self._receiver.resolutionComplete()


def _ipv4_in(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour
