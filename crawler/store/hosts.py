"""Hosts: what they ask of us, remembered between runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.store.part import Part
from crawler.store.times import from_text, to_text


@dataclass(frozen=True, kw_only=True, slots=True)
class HostFile:
    """A robots.txt or tdmrep.json as it came."""

    body: bytes
    status: int
    fetched: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Host:
    """What a host asked for."""

    not_before: datetime | None = None
    asked: datetime | None = None
    crawl_delay: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """Whether a host may be asked now, and when it was asked last: that moment, or the other's."""

    is_ours: bool
    asked: datetime


# The store knows no fractions of a second: what must not be undercut is rounded up.
_ROUND_UP = timedelta(microseconds=999_999)


class Hosts(Part):
    """The table `hosts`. A host is named as in its URLs: with its port, if they name one."""

    def host(self, name: str) -> Host:
        """What a host asked for so far."""
        with self._reading() as db:
            row = db.execute(
                "SELECT not_before, last_request, crawl_delay FROM hosts WHERE host = ?", [name]
            ).fetchone()
        if row is None:
            return Host()
        return Host(not_before=from_text(row[0]), asked=from_text(row[1]), crawl_delay=row[2] or 0.0)

    def robots(self, name: str) -> HostFile | None:
        """The last robots.txt of a host, or None."""
        return self._file(name, "robots")

    def keep_robots(self, name: str, robots: HostFile) -> None:
        """Keep a robots.txt. What it says of the distance to the next request holds from then on."""
        self._keep(name, "robots", robots, last_request=to_text(robots.fetched + _ROUND_UP))

    def tdm(self, name: str) -> HostFile | None:
        """The last tdmrep.json of a host, or None."""
        return self._file(name, "tdm")

    def keep_tdm(self, name: str, tdm: HostFile) -> None:
        """Keep a tdmrep.json."""
        self._keep(name, "tdm", tdm)

    def hold(self, name: str, not_before: datetime) -> None:
        """Keep a Retry-After."""
        with self._writing() as db:
            db.table("hosts").upsert({"host": name, "not_before": to_text(not_before + _ROUND_UP)}, pk="host")

    def take_turn(self, name: str, now: datetime, crawl_delay: float, mine: datetime | None) -> Turn:
        """Take the turn to ask a host that wants a distance between two requests, unless another process has just
        asked it. `mine`: what was noted of this process's last turn."""
        with self._writing() as db:
            row = db.execute("SELECT last_request FROM hosts WHERE host = ?", [name]).fetchone()
            asked = from_text(row[0]) if row else None
            if asked is not None and asked != mine and abs((now - asked).total_seconds()) < crawl_delay:
                return Turn(is_ours=False, asked=asked)
            text = to_text(now + _ROUND_UP)
            db.table("hosts").upsert({"host": name, "last_request": text, "crawl_delay": crawl_delay}, pk="host")
        noted = from_text(text)
        assert noted is not None
        return Turn(is_ours=True, asked=noted)

    def _file(self, name: str, kind: str) -> HostFile | None:
        with self._reading() as db:
            row = db.execute(
                f"SELECT {kind}, {kind}_status, {kind}_fetched FROM hosts WHERE host = ?", [name]
            ).fetchone()
        if row is None or row[2] is None:
            return None
        return HostFile(body=row[0], status=row[1], fetched=datetime.fromisoformat(row[2]))

    def _keep(self, name: str, kind: str, file: HostFile, **more: str | None) -> None:
        row = {kind: file.body, f"{kind}_status": file.status, f"{kind}_fetched": to_text(file.fetched)}
        with self._writing() as db:
            db.table("hosts").upsert({"host": name} | row | more, pk="host")
