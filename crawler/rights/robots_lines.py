"""The lines of robots.txt that are not about crawling: Content-Usage, Content-Signal and License."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from crawler.rights.paths import matches, path_of, uniform
from crawler.rights.preferences import signal_effects, usage_effects
from crawler.usage import MAX_SIGNALS, Signal, shortened

MAX_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least 500 KiB must be read. The rest is not: Protego takes half a second for 500 KiB."""

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

MAX_RULES = 1000
"""Rules and License lines that are read. Chosen by hand."""

_PRODUCT_TOKEN = re.compile(r"[\w-]+|\*")
# Rules of a group: after one, the next user-agent line begins another group (RFC 9309, 2.2).
_RULES = frozenset({"allow", "disallow", "crawl-delay", "noindex", "content-usage", "content-signal"})
_PARSERS = {"content-usage": usage_effects, "content-signal": signal_effects}


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    line: int
    text: str
    path: str
    value: str


@dataclass(slots=True)
class _Group:
    agents: list[str] = field(default_factory=list)
    rules: list[_Rule] = field(default_factory=list)
    is_open: bool = True
    """Whether a user-agent line still adds to it."""


@dataclass(frozen=True, slots=True)
class RobotsRights:
    """What a robots.txt says of uses to one robot."""

    rules: tuple[_Rule, ...] = ()
    licences: tuple[Signal, ...] = ()
    """Its License lines (RSL 1.0): like Sitemap lines, they belong to no group."""

    file: str | None = None
    """Digest of the file."""

    def signals(self, url: str) -> list[Signal]:
        """What it says of a URL. Of each kind, the rules with the longest path that matches count, all of them if there
        are several (draft-ietf-aipref-attach-04, Content-Usage Rule Semantics)."""
        path = path_of(url)
        found: list[Signal] = []
        for kind in _PARSERS:
            fitting = [rule for rule in self.rules if rule.kind == kind and matches(rule.path, path)]
            longest = max((_length(rule.path) for rule in fitting), default=0)
            found += [self._signal(rule) for rule in fitting if _length(rule.path) == longest]
        return found

    def _signal(self, rule: _Rule) -> Signal:
        effects, problem = _PARSERS[rule.kind](rule.value)
        return Signal(
            kind=rule.kind,
            place=f"robots.txt line {rule.line}",
            text=rule.text,
            effects=effects,
            problem=problem,
            file=self.file,
        )


def read_robots(body: bytes, agent: str, file: str | None = None) -> RobotsRights:
    """The lines that are for a robot with a product token: those of its groups, or of the groups for `*` if it has none
    (RFC 9309, 2.2.1)."""
    groups, licences = _groups(body, file)
    chosen = [group for group in groups if agent.lower() in group.agents] or [
        group for group in groups if "*" in group.agents
    ]
    rules = (rule for group in chosen for rule in group.rules)
    return RobotsRights(tuple(rules)[:MAX_RULES], tuple(licences[:MAX_SIGNALS]), file)


def robots_text(body: bytes) -> str:
    """RFC 9309, 2.3: the file is UTF-8. A file that is not, and says so, is not taken for one without rules."""
    if len(body) >= MAX_BYTES:
        body = body[:MAX_BYTES].rpartition(b"\n")[0]  # half a rule is another rule
    return body.decode("utf-16" if body.startswith(_UTF16_MARKS) else "utf-8-sig", "ignore")


def _groups(body: bytes, file: str | None) -> tuple[list[_Group], list[Signal]]:
    groups: list[_Group] = []
    licences: list[Signal] = []
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", robots_text(body)), 1):
        line = raw.partition("#")[0]
        name, colon, value = line.partition(":")
        name, value = "-".join(name.lower().split()), value.strip()
        if not colon:
            continue
        if name in ("user-agent", "useragent"):
            if not groups or not groups[-1].is_open:
                groups.append(_Group())
            token = _PRODUCT_TOKEN.match(value)
            groups[-1].agents += [token[0].lower()] if token else []
        elif name in ("license", "licence"):
            licences.append(
                Signal(kind="rsl", place=f"robots.txt line {number}", text=shortened(line.strip()), file=file)
            )
        elif name in _RULES and groups:
            groups[-1].is_open = False
            if name in _PARSERS:
                path, preference = _path_and_preference(value)
                groups[-1].rules.append(_Rule(name, number, shortened(line.strip()), path, preference))
    return groups, licences


def _path_and_preference(value: str) -> tuple[str, str]:
    """A rule without a path, as in earlier drafts and on most sites, is for all paths."""
    if not value.startswith("/"):
        return "/", value
    path, *rest = value.split(None, 1)
    return path, rest[0] if rest else ""


def _length(path: str) -> int:
    """Bytes of the encoded path."""
    return len(uniform(path))


def licence_url(signal: Signal) -> str:
    """The URL in a License line."""
    return signal.text.partition(":")[2].strip()
