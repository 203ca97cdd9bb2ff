"""Hosts: their robots.txt, and the time between two requests, remembered between runs and shared by processes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.store.database import Database
from crawler.store.times import from_text, to_text

HostRow = dict[str, bytes | str | int | float | None]
"""A row of the table."""

# Times are stored in whole seconds: a time before which no request may be sent is rounded up.
_ROUND_UP = timedelta(microseconds=999_999)


@dataclass(frozen=True, kw_only=True, slots=True)
class HostFile:
    """A robots.txt or tdmrep.json as received."""

    body: bytes
    status: int
    fetched: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Host:
    """The limits that a host has set, and the last request to it."""

    not_before: datetime | None = None
    last_request: datetime | None = None
    crawl_delay: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """Whether a request may be sent to a host now."""

    is_ours: bool
    last_request: datetime
    """The request that took the slot: this one, or that of another process."""


class Hosts:
    """The table `hosts`. The name of a host is that in its URLs: with the port, if they have one."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, name: str) -> Host:
        """The limits of a host as far as they are known."""
        with self._db.reading():
            row = self._db.execute(
                "SELECT not_before, last_request, crawl_delay FROM hosts WHERE host = ?", [name]
            ).fetchone()
        if row is None:
            return Host()
        return Host(not_before=from_text(row[0]), last_request=from_text(row[1]), crawl_delay=row[2] or 0.0)

    def robots(self, name: str) -> HostFile | None:
        """The last robots.txt of a host, or None."""
        return self._file(name, "robots")

    def record_robots(self, name: str, robots: HostFile) -> None:
        """Save a robots.txt. Its crawl delay counts from this request on."""
        self._record_file(name, "robots", robots, last_request=to_text(robots.fetched + _ROUND_UP))

    def tdm(self, name: str) -> HostFile | None:
        """The last tdmrep.json of a host, or None."""
        return self._file(name, "tdm")

    def record_tdm(self, name: str, tdm: HostFile) -> None:
        """Save a tdmrep.json."""
        self._record_file(name, "tdm", tdm)

    def record_retry_after(self, name: str, not_before: datetime) -> None:
        """Save the time of a Retry-After header."""
        self._upsert(name, {"not_before": to_text(not_before + _ROUND_UP)})

    def reserve_slot(self, name: str, now: datetime, crawl_delay: float, own_last: datetime | None) -> Slot:
        """Reserve the next request to a host that requires a delay between two, unless another process has sent one
        within that delay. `own_last`: the `last_request` of this process's last slot."""
        with self._db.writing():
            row = self._db.execute("SELECT last_request FROM hosts WHERE host = ?", [name]).fetchone()
            last_request = from_text(row[0]) if row else None
            is_recent = last_request is not None and abs((now - last_request).total_seconds()) < crawl_delay
            if last_request is not None and is_recent and last_request != own_last:
                return Slot(is_ours=False, last_request=last_request)
            text = to_text(now + _ROUND_UP)
            self._upsert(name, {"last_request": text, "crawl_delay": crawl_delay})
        return Slot(is_ours=True, last_request=datetime.fromisoformat(text))

    def all(self) -> list[HostRow]:
        """Everything that is known of all hosts, for `add`."""
        with self._db.reading():
            return list(self._db.table("hosts").rows)

    def add(self, rows: Iterable[HostRow]) -> None:
        """Save what another database knows of hosts."""
        with self._db.writing():
            self._db.table("hosts").upsert_all(rows, pk="host")

    def _file(self, name: str, kind: str) -> HostFile | None:
        with self._db.reading():
            row = self._db.execute(
                f"SELECT {kind}, {kind}_status, {kind}_fetched FROM hosts WHERE host = ?", [name]
            ).fetchone()
        if row is None or row[2] is None:
            return None
        return HostFile(body=row[0], status=row[1], fetched=datetime.fromisoformat(row[2]))

    def _record_file(self, name: str, kind: str, file: HostFile, **more: str | None) -> None:
        row: HostRow = {kind: file.body, f"{kind}_status": file.status, f"{kind}_fetched": to_text(file.fetched)}
        self._upsert(name, row | more)

    def _upsert(self, name: str, row: HostRow) -> None:
        with self._db.writing():
            self._db.table("hosts").upsert({"host": name} | row, pk="host")
