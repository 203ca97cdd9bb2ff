"""robots.txt as one value: rules, crawl delay and sitemaps (RFC 9309; the last two are extensions that it allows)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from protego import Protego

from crawler.urls import absolute_url


@dataclass(frozen=True, slots=True)
class RobotsTxt:
    """A parsed robots.txt."""

    sitemaps: tuple[str, ...]
    """The Sitemap lines (RFC 9309, 2.2.4) as absolute URLs, each once, in the order of the file."""

    _rules: Protego

    @classmethod
    def parse(cls, body: bytes, url: str) -> Self:
        """`url`: where the body came from. Never raises: what is not a rule is not read (RFC 9309, 2.2)."""
        # RFC 9309, 2.3: the file is UTF-8.
        rules = Protego.parse(body.decode("utf-8-sig", "ignore"))
        links = (absolute_url(link, url) for link in rules.sitemaps)
        return cls(tuple(dict.fromkeys(link for link in links if link)), rules)

    def allows(self, url: str, user_agent: str) -> bool:
        """Whether the group of a user agent allows a URL (RFC 9309, 2.2.1 and 2.2.2)."""
        return self._rules.can_fetch(url, user_agent)

    def crawl_delay(self, user_agent: str) -> float | None:
        """Seconds between two requests that the group of a user agent demands; None if it demands nothing."""
        delay = self._rules.crawl_delay(user_agent)
        return None if delay is None else float(delay)
