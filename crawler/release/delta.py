"""What has changed between an earlier release and the articles of today."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby, repeat
from pathlib import Path
from typing import Any

from crawler.export.columns import ARTICLE_COLUMNS, EDGE_COLUMNS, RELATED_COLUMNS
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
        for number, row in enumerate(_lines(self._file), 1):
            try:
                yield {"id": int(row["id"]), "url": str(row["url"])} | dict(row)
            except (ValueError, KeyError, TypeError) as error:
                raise ExportError(f"{self._file.name}, line {number}: is no article ({error})") from error

    def related(self) -> Iterator[Row]:
        """What its articles say of others, in the order of the articles. Raises ExportError."""
        return _lines(self._file.with_name("related_articles.jsonl"))

    def edges(self) -> Iterator[Row]:
        """Its story edges. Raises ExportError."""
        return _lines(self._file.with_name("story_edges.jsonl"))


def with_related(rows: Iterable[Row], related: Iterable[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """Each article with what it says of others. Both are in the order of the articles, so that neither has to be held
    in memory."""
    groups = groupby(related, key=lambda other: other.get("article_url"))
    url, group = next(groups, (None, iter(())))
    for row in rows:
        found: list[Row] = []
        if url == row["url"]:
            found = list(group)
            url, group = next(groups, (None, iter(())))
        yield row, found


def changes(
    before: Iterable[tuple[Row, list[Row]]], now: Iterable[tuple[Row, list[Row]]], removed: Callable[[Row], None]
) -> Iterator[dict[str, Any]]:
    """The added and changed rows of `now`. What is only in `before` goes to `removed`. Both are in the order of their
    ids, each row with what it says of others: another list of these is a change, another `last_seen` alone is none."""
    earlier = iter(before)
    old = next(earlier, None)
    for row, related in now:
        while old is not None and old[0]["id"] < row["id"]:
            removed(old[0])
            old = next(earlier, None)
        if old is not None and old[0]["id"] == row["id"]:
            if old[0]["url"] != row["url"]:  # another database, or an address that has moved: it is told by its URL
                removed(old[0])
                yield {"change": "added", **row}
            elif _differs(old[0], row, ARTICLE_COLUMNS) or _differ(old[1], related):
                yield {"change": "changed", **row}
            old = next(earlier, None)
        else:
            yield {"change": "added", **row}
    while old is not None:
        removed(old[0])
        old = next(earlier, None)


def changed_edges(before: Iterable[Row], now: Iterable[Row], removed: list[dict[str, Any]]) -> Iterator[Row]:
    """The edges of `now` that are new or have changed; those that are no longer there are added to `removed`. Of the
    earlier ones only a digest is held."""
    earlier = {str(edge.get("url")): _digest(edge) for edge in before}
    for edge in now:
        if earlier.pop(edge["url"], None) != _digest(edge):
            yield edge
    removed += [{"url": url} for url in earlier]


def _lines(path: Path) -> Iterator[Row]:
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise ExportError(f"{path.name}, line {number}: is no JSON ({error})") from error
            if not isinstance(row, dict):
                raise ExportError(f"{path.name}, line {number}: is no row")
            yield row


def _differs(old: Row, row: Row, columns: Iterable[str]) -> bool:
    """Columns that the earlier release did not have yet are no change either."""
    return any(name in old and old[name] != row[name] for name in columns if name != "last_seen")


def _differ(old: list[Row], now: list[Row]) -> bool:
    return len(old) != len(now) or any(map(_differs, old, now, repeat(RELATED_COLUMNS)))


def _digest(edge: Row) -> bytes:
    said = json.dumps([edge.get(name) for name in EDGE_COLUMNS]).encode()
    return hashlib.blake2b(said, digest_size=16).digest()
