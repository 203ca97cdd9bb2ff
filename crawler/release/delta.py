"""The differences between an earlier release and the present articles."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby, repeat
from pathlib import Path
from typing import Any

from crawler.export.columns import ARTICLE_COLUMNS, EDGE_COLUMNS, RELATED_COLUMNS
from crawler.export.staging import ExportError
from crawler.release.verify import find_problems, read_package

Row = Mapping[str, Any]

_MAX_REPORTED = 3
"""Problems of an earlier release that an error message lists."""


class Previous:
    """An earlier release, verified."""

    def __init__(self, folder: Path, filters: str) -> None:
        """`filters`: the filters of the new release, which must be the same. Raises ExportError."""
        problems = find_problems(folder)
        if problems:
            raise ExportError(f"--delta {folder}: the release is not intact ({'; '.join(problems[:_MAX_REPORTED])})")
        package = read_package(folder)
        assert isinstance(package, dict)
        self._file = folder / "articles.jsonl"
        if "previous" in package or not self._file.exists():
            raise ExportError(f"--delta {folder}: must be a full release with articles.jsonl, not a delta")
        if package.get("filters") != filters:
            raise ExportError(
                f"--delta {folder}: was written with other filters ({package.get('filters')}); use the same ones"
            )
        self.name = str(package.get("name"))
        self.created = package.get("created")

    def rows(self) -> Iterator[Row]:
        """Its articles, in the order of their ids. Raises ExportError."""
        for number, row in enumerate(_lines(self._file), 1):
            try:
                yield {"id": int(row["id"]), "url": str(row["url"])} | dict(row)
            except (ValueError, KeyError, TypeError) as error:
                raise ExportError(f"{self._file.name}, line {number}: is not an article ({error})") from error

    def related(self) -> Iterator[Row]:
        """The related articles of its articles, in the order of the articles. Raises ExportError."""
        return _lines(self._file.with_name("related_articles.jsonl"))

    def edges(self) -> Iterator[Row]:
        """Its story edges. Raises ExportError."""
        return _lines(self._file.with_name("story_edges.jsonl"))


def with_related(rows: Iterable[Row], related: Iterable[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """Each article with its related articles. Both are in the order of the articles, so that neither has to fit into
    memory."""
    groups = groupby(related, key=lambda other: other.get("article_url"))
    url, group = next(groups, (None, iter(())))
    for row in rows:
        own: list[Row] = []
        if url == row["url"]:
            own = list(group)
            url, group = next(groups, (None, iter(())))
        yield row, own


def diff_articles(
    before: Iterable[tuple[Row, list[Row]]], now: Iterable[tuple[Row, list[Row]]], removed: Callable[[Row], None]
) -> Iterator[dict[str, Any]]:
    """The added and changed rows of `now`. `removed` is called with each row that is only in `before`. Both are in the
    order of their ids, each row with its related articles. A change of these counts as a change of the article; another
    `last_seen` alone does not."""
    earlier = iter(before)
    old = next(earlier, None)
    for row, related in now:
        while old is not None and old[0]["id"] < row["id"]:
            removed(old[0])
            old = next(earlier, None)
        if old is not None and old[0]["id"] == row["id"]:
            if old[0]["url"] != row["url"]:  # another database, or the article's URL has changed
                removed(old[0])
                yield {"change": "added", **row}
            elif _differs(old[0], row, ARTICLE_COLUMNS) or _related_differ(old[1], related):
                yield {"change": "changed", **row}
            old = next(earlier, None)
        else:
            yield {"change": "added", **row}
    while old is not None:
        removed(old[0])
        old = next(earlier, None)


def diff_edges(before: Iterable[Row], now: Iterable[Row], removed: list[dict[str, Any]]) -> Iterator[Row]:
    """The edges of `now` that are new or have changed. Edges that no longer exist are added to `removed`. Only a digest
    of each earlier edge is held in memory."""
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
                raise ExportError(f"{path.name}, line {number}: is not valid JSON ({error})") from error
            if not isinstance(row, dict):
                raise ExportError(f"{path.name}, line {number}: is not a JSON object")
            yield row


def _differs(old: Row, row: Row, columns: Iterable[str]) -> bool:
    """Whether a column differs. Columns that the earlier release did not have are ignored."""
    return any(name in old and old[name] != row[name] for name in columns if name != "last_seen")


def _related_differ(old: list[Row], now: list[Row]) -> bool:
    return len(old) != len(now) or any(map(_differs, old, now, repeat(RELATED_COLUMNS)))


def _digest(edge: Row) -> bytes:
    text = json.dumps([edge.get(name) for name in EDGE_COLUMNS]).encode()
    return hashlib.blake2b(text, digest_size=16).digest()
