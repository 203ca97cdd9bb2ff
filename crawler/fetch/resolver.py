"""Host names → addresses that are not private: a name on the web must not lead into our own network.

The reactor connects to the address that was checked here, so that a name which leads elsewhere at a second lookup (DNS
rebinding) cannot bypass the check.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.urls import host_of


@dataclass(frozen=True, slots=True)
class AddressRules:
    """Which hosts may have private addresses."""

    allowed: set[str] = field(default_factory=set)
    """Hosts for which a spider of this process may connect to a private address."""

    refused: set[str] = field(default_factory=set)
    """Hosts whose address was refused. The reactor only reports that there is no address."""


# One object for the process: the reactor has one resolver, whatever spiders run.
ADDRESSES = AddressRules()


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet at large."""
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not ip.is_multicast


def is_private_literal(host: str) -> bool:
    """Whether a URL's host is an IP address, and one that is not public."""
    try:
        return not is_public(host)
    except ValueError:
        return False


class PublicOnlyResolver(CachingThreadedResolver):
    """Scrapy's resolver with a check of the address."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        ADDRESSES.allowed.update(host_of(address) for address in getproxies().values())

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802  (Twisted's)
        """The address of a host. Fails with DNSLookupError for a private one."""
        return super().getHostByName(name, timeout).addCallback(self._public, name)

    @staticmethod
    def _public(address: Any, name: str) -> Any:
        host = name.decode("ascii") if isinstance(name, bytes) else name
        if host in ADDRESSES.allowed or is_public(address):
            return address
        ADDRESSES.refused.add(host)
        raise DNSLookupError(f"{host} leads to the private address {address}")
