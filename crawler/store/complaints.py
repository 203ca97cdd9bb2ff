"""What was said to be wrong with sites, so that it is said once, and then once a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from crawler.store.part import Part
from crawler.store.times import from_text, to_text

_AGAIN = timedelta(days=1)


class Complaints(Part):
    """The table `complaints`."""

    def note(self, site: str, complaints: Iterable[tuple[str, str]], now: datetime) -> list[str]:
        """Keep what is wrong with a site, as rule and sentence; the rules of those that are to be told now: the new
        ones, and those that were last told a day ago. What is not among them any more is over."""
        current = dict(complaints)
        with self._writing() as db:
            told = {
                rule: from_text(moment)
                for rule, moment in db.execute(
                    "SELECT rule, last_notified FROM findings WHERE site = ?", [site]
                ).fetchall()
            }
            for rule in told.keys() - current.keys():
                db.execute("DELETE FROM findings WHERE site = ? AND rule = ?", [site, rule])
            due = [rule for rule in current if (last := told.get(rule)) is None or now - last >= _AGAIN or last > now]
            for rule in due:
                db.execute(
                    """INSERT INTO findings (site, rule, since, last_notified, message) VALUES (?, ?, ?, ?, ?)
                       ON CONFLICT (site, rule) DO UPDATE
                       SET last_notified = excluded.last_notified, message = excluded.message""",
                    [site, rule, to_text(now), to_text(now), current[rule]],
                )
        return due
