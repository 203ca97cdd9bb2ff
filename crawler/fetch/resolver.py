"""Host names → addresses, and none that is private: a name on the web must not lead into our own network.

The address that is checked is the one that is connected to, so that a name which leads elsewhere at the second look
(DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.urls import host_of

# The reactor has one resolver, whatever spiders run: hosts for which one of them may go to a private address.
PRIVATE_HOSTS: set[str] = set()
# Hosts whose address was refused; what the reactor tells of it is only that there is none.
REFUSED_HOSTS: set[str] = set()


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
    """Scrapy's resolver, with the check."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        PRIVATE_HOSTS.update(host_of(address) for address in getproxies().values())

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802  (Twisted's)
        """The address of a host. Fails with DNSLookupError for a private one."""
        return super().getHostByName(name, timeout).addCallback(self._public, name)

    @staticmethod
    def _public(address: Any, name: str) -> Any:
        host = name.decode("ascii") if isinstance(name, bytes) else name
        if host in PRIVATE_HOSTS or is_public(address):
            return address
        REFUSED_HOSTS.add(host)
        raise DNSLookupError(f"{host} leads to the private address {address}")
