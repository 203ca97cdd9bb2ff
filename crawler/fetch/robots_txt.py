"""robots.txt as one value: rules, crawl delay and sitemaps (RFC 9309; the last two are extensions that it allows)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from protego import Protego

from crawler.rights.robots_lines import robots_text
from crawler.urls import absolute_url

# RFC 9309, 2.2.1: a group is named by a product token. Protego compares all that is written, as "Rasid/1.0".
_USER_AGENT = re.compile(r"^([ \t]*user[ -]?agent[ \t]*:[ \t]*[\w-]+)[^\n#]*", re.IGNORECASE | re.MULTILINE)
# RFC 9309, 2.2.4: lines of other standards must not end a group, but with Protego they do, so they are removed. Not
# those that Protego knows, in its spellings, and those that belong to a group: they do end the list of its names.
_OTHER_LINE = re.compile(
    r"^[ \t]*(?!(?:user|useragent|allow|d(?:is+al+[ao]w|issalow|iasllow)|sitemaps?|site|host|crawl|request|visit|"
    r"noindex|content-(?:usage|signal))\b)[\w-]+(?:[ \t][\w-]+)?[ \t]*:[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_SITE_MAP = re.compile(r"^[ \t]*site[ \t]map(?=[ \t]*:)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RobotsTxt:
    """A parsed robots.txt."""

    sitemaps: tuple[str, ...]
    """The Sitemap lines (RFC 9309, 2.2.4) as absolute URLs, each once, in the order of the file."""

    _rules: Protego

    @classmethod
    def parse(cls, body: bytes, url: str) -> Self:
        """`url`: where the body came from. Never raises: what is not a rule is not read (RFC 9309, 2.2)."""
        rules = Protego.parse(_standard_lines(robots_text(body)))
        links = (absolute_url(link, url) for link in rules.sitemaps)
        return cls(tuple(dict.fromkeys(link for link in links if link)), rules)

    def allows(self, url: str, user_agent: str) -> bool:
        """Whether the group of a user agent allows a URL (RFC 9309, 2.2.1 and 2.2.2)."""
        return self._rules.can_fetch(url, user_agent)

    def crawl_delay(self, user_agent: str) -> float | None:
        """Seconds between two requests that the group of a user agent demands; None if it demands nothing."""
        delay = self._rules.crawl_delay(user_agent)
        return None if delay is None else float(delay)


def _standard_lines(text: str) -> str:
    """The text with what the standard says of its lines, for Protego."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _OTHER_LINE.sub("", _USER_AGENT.sub(r"\1", text))
    return _SITE_MAP.sub("sitemap", text)
