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
                for rule, moment in db.execute("SELECT rule, told FROM complaints WHERE site = ?", [site]).fetchall()
            }
            for rule in told.keys() - current.keys():
                db.execute("DELETE FROM complaints WHERE site = ? AND rule = ?", [site, rule])
            due = [rule for rule in current if (last := told.get(rule)) is None or now - last >= _AGAIN or last > now]
            for rule in due:
                db.execute(
                    """INSERT INTO complaints (site, rule, began, told, sentence) VALUES (?, ?, ?, ?, ?)
                       ON CONFLICT (site, rule) DO UPDATE SET told = excluded.told, sentence = excluded.sentence""",
                    [site, rule, to_text(now), to_text(now), current[rule]],
                )
        return due
