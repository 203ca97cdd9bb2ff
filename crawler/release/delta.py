"""What has changed between an earlier release and the articles of today."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crawler.export.columns import ARTICLE_COLUMNS
from crawler.export.staging import ExportError
from crawler.release.verify import description, problems

Row = Mapping[str, Any]


class Previous:
    """An earlier release, checked."""

    def __init__(self, folder: Path, filters: str) -> None:
        """`filters`: those of the new release, which must be the same. Raises ExportError."""
        wrong = problems(folder)
        if wrong:
            raise ExportError(f"--delta {folder}: is no whole release ({'; '.join(wrong[:3])})")
        package = description(folder)
        assert isinstance(package, dict)
        self._file = folder / "articles.jsonl"
        if "previous" in package or not self._file.exists():
            raise ExportError(f"--delta {folder}: name a full release that has articles.jsonl, not a delta")
        if package.get("filters") != filters:
            raise ExportError(f"--delta {folder}: it was made with other filters ({package.get('filters')})")
        self.name = str(package.get("name"))
        self.created = package.get("created")

    def rows(self) -> Iterator[Row]:
        """Its articles, in the order of their numbers. Raises ExportError."""
        with self._file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    row = json.loads(line)
                    yield {"id": int(row["id"]), "url": str(row["url"])} | row
                except (ValueError, KeyError, TypeError) as error:
                    raise ExportError(f"{self._file.name}, line {number}: is no article ({error})") from error


def changes(before: Iterable[Row], now: Iterable[Row], removed: Callable[[Row], None]) -> Iterator[dict[str, Any]]:
    """The added and changed rows of `now`. What is only in `before` goes to `removed`. Both are in the order of their
    ids, so that neither has to be held in memory. Another `last_seen` alone is no change."""
    earlier = iter(before)
    old = next(earlier, None)
    for row in now:
        while old is not None and old["id"] < row["id"]:
            removed(old)
            old = next(earlier, None)
        if old is not None and old["id"] == row["id"]:
            if old["url"] != row["url"]:  # another database, or an address that has moved: it is told by its URL
                removed(old)
                yield {"change": "added", **row}
            elif _differs(old, row):
                yield {"change": "changed", **row}
            old = next(earlier, None)
        else:
            yield {"change": "added", **row}
    while old is not None:
        removed(old)
        old = next(earlier, None)


def _differs(old: Row, row: Row) -> bool:
    """Columns that the earlier release did not have yet are no change either."""
    return any(name in old and old[name] != row[name] for name in ARTICLE_COLUMNS if name != "last_seen")
