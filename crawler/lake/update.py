"""Bring a lake up to date: find the files whose articles have changed, and write these files anew.

A killed update loses nothing and leaves nothing twice: the manifest lists a file before the file contains an article,
and the changes as contained when all files are complete. The next update repeats what is missing.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from crawler.export.columns import ARTICLE_COLUMNS, ARTICLE_ID, EDGE_COLUMNS, FURTHER_COLUMNS, RELATED_COLUMNS
from crawler.export.parquet import parquet_schema, parquet_value
from crawler.export.staging import ExportError
from crawler.lake.manifest import LakeFile, Manifest, read_manifest, write_manifest
from crawler.lake.target import LakeTarget
from crawler.store import ArticleFilter, Store
from crawler.store.read.articles import ChangeRange
from crawler.store.read.exports import Exports

if TYPE_CHECKING:
    import pyarrow

_CHUNK = 500
"""Articles that are read from the database with one statement. Chosen by hand."""

Partition = tuple[str, str]
"""A site, and a month like 2026-11."""


@dataclass(frozen=True, slots=True)
class LakeTable:
    """One of the tables of a lake."""

    name: str
    key: str
    """The column with the id of the article that a row belongs to."""

    columns: tuple[str, ...]
    """Without `site`, which the name of the folder has."""

    order: tuple[str, ...]
    read: Callable[[Exports, ArticleFilter], Iterator[dict[str, Any]]]

    def path(self, partition: Partition) -> str:
        """The file of a partition, as Hive names it."""
        site, month = partition
        return f"{self.name}/site={quote(site, safe='')}/month={month}/{self.name}.parquet"


TABLES = (
    LakeTable(
        "articles",
        "id",
        tuple(name for name in (*ARTICLE_COLUMNS, *FURTHER_COLUMNS) if name != "site"),
        ("id",),
        Exports.articles,
    ),
    LakeTable(
        "related_articles",
        "article_id",
        (*ARTICLE_ID, *RELATED_COLUMNS),
        ("article_id", "position"),
        Exports.related_articles,
    ),
    LakeTable(
        "story_edges",
        "article_id",
        (*ARTICLE_ID, *(name for name in EDGE_COLUMNS if name != "site")),
        ("article_id",),
        Exports.story_edges,
    ),
)
_ARTICLES = TABLES[0]


@dataclass(frozen=True, slots=True)
class LakeUpdate:
    """What an update did."""

    articles: int
    """Articles that were new or had changed."""

    files: int
    """Files that were written or deleted."""


@dataclass(slots=True)
class _Changes:
    """What is to change in a partition."""

    put: array[int] = field(default_factory=lambda: array("q"))
    """Ids of the articles that belong into it."""

    remove: set[int] = field(default_factory=set)
    """Ids of those that it contains and that do not belong into it any more."""


def update_lake(
    store: Store,
    target: LakeTarget,
    now: datetime,
    track: Callable[[Iterable[Partition]], Iterable[Partition]] = iter,
) -> LakeUpdate:
    """Write what was stored or changed since the last update. `track` sees the partitions go by. Raises ExportError,
    StoreError."""
    manifest = read_manifest(target)
    with store.exports.snapshot():
        newest = store.exports.newest_changes()
        before = manifest.changes
        if any(old > new for old, new in zip(before, newest, strict=True)):
            raise ExportError(f"{target.name}: was written from another database; choose another folder")
        if before == newest and all(file.is_complete for file in manifest.files.values()):
            return LakeUpdate(0, 0)
        ranges = ChangeRange(*zip(before, newest, strict=True))
        partitions, count = _plan(store.exports, ranges, manifest, target)
        _announce(manifest, partitions)
        write_manifest(target, manifest)
        files = sum(
            _write(store.exports, target, manifest, partition, partitions[partition])
            for partition in track(sorted(partitions))
        )
    manifest.changes, manifest.written = newest, now.isoformat(timespec="seconds")
    write_manifest(target, manifest)
    return LakeUpdate(count, files)


def _plan(
    exports: Exports, ranges: ChangeRange, manifest: Manifest, target: LakeTarget
) -> tuple[dict[Partition, _Changes], int]:
    """What is to change in each partition, and how many articles that are."""
    partitions: dict[Partition, _Changes] = defaultdict(_Changes)
    stored_before = max((file.last_id for file in manifest.files.values()), default=0)
    belongs: dict[int, tuple[Partition, bool]] = {}  # only of articles that the lake may contain already
    count = 0
    for file in manifest.files.values():
        if not file.is_complete:
            partitions[file.site, file.month] = _Changes()
    for article in exports.changed_articles(ranges):
        count += 1
        partition = article.site, article.month
        if article.id <= stored_before:
            belongs[article.id] = partition, bool(article.is_notice)
        if not article.is_notice:
            partitions[partition].put.append(article.id)
    for number, found in _find(belongs, manifest, target):
        partition, is_notice = belongs[number]
        if found != partition or is_notice:
            partitions[found].remove.add(number)
    return partitions, count


def _find(
    belongs: Mapping[int, tuple[Partition, bool]], manifest: Manifest, target: LakeTarget
) -> Iterator[tuple[int, Partition]]:
    """Where the lake has these articles now. Searched among the files of the same site, then, for those that are not
    there because their site was renamed, among all."""
    missing = set(belongs)
    sites = {partition[0] for partition, _ in belongs.values()}
    own = [file for file in manifest.files.values() if file.site in sites]
    others = [file for file in manifest.files.values() if file.site not in sites]
    for file in (*own, *others):
        if file.table != _ARTICLES.name or not missing:
            continue
        if not any(file.first_id <= number <= file.last_id for number in missing):
            continue
        table = target.read(file.path, [_ARTICLES.key])
        if table is None:  # listed by an update that was killed before it wrote it
            continue
        for number in missing.intersection(table.column(_ARTICLES.key).to_pylist()):
            yield number, (file.site, file.month)
            missing.discard(number)


def _announce(manifest: Manifest, partitions: Mapping[Partition, _Changes]) -> None:
    """List each file as incomplete, with the ids that it is going to contain, so that the next update finds them if
    this one is killed between two files."""
    for partition, changes in partitions.items():
        for table in TABLES:
            path = table.path(partition)
            file = manifest.files.get(path)
            ids = [*changes.put, *((file.first_id, file.last_id) if file is not None else ())]
            if ids:
                file = file or LakeFile(path, table.name, *partition, rows=0, bytes=0, first_id=0, last_id=0)
                manifest.files[path] = replace(file, first_id=min(ids), last_id=max(ids), is_complete=False)


def _write(exports: Exports, target: LakeTarget, manifest: Manifest, partition: Partition, changes: _Changes) -> int:
    """Write the files of a partition, or delete those that would be empty; their number."""
    return sum(_write_table(exports, target, manifest, partition, changes, table) for table in TABLES)


def _write_table(
    exports: Exports,
    target: LakeTarget,
    manifest: Manifest,
    partition: Partition,
    changes: _Changes,
    table: LakeTable,
) -> int:
    import pyarrow
    from pyarrow import compute

    path = table.path(partition)
    schema = parquet_schema(table.columns)
    parts = [_rows(exports, table, changes.put, schema)]
    # A file that is not listed is left by another program, or by an update of which nothing is known.
    kept = target.read(path) if path in manifest.files else None
    was_there = kept is not None
    if kept is not None:
        replaced = pyarrow.array([*changes.put, *changes.remove], pyarrow.int64())
        kept = kept.filter(compute.invert(compute.is_in(kept.column(table.key), replaced)))
        parts.append(_with_schema(kept, schema))
    merged = pyarrow.concat_tables(parts).sort_by([(name, "ascending") for name in table.order])
    if not merged.num_rows:
        manifest.files.pop(path, None)
        if was_there:
            target.remove(path)
        return int(was_there)
    ids = compute.min_max(merged.column(table.key)).as_py()
    size = target.replace(path, merged)
    manifest.files[path] = LakeFile(path, table.name, *partition, merged.num_rows, size, ids["min"], ids["max"])
    return 1


def _rows(exports: Exports, table: LakeTable, ids: array[int], schema: pyarrow.Schema) -> pyarrow.Table:
    """The rows of these articles from the database."""
    import pyarrow

    parts = [schema.empty_table()]
    for start in range(0, len(ids), _CHUNK):
        chosen = ArticleFilter(ids=tuple(ids[start : start + _CHUNK]), with_duplicates=True)
        rows = [{name: parquet_value(name, row[name]) for name in table.columns} for row in table.read(exports, chosen)]
        parts.append(pyarrow.Table.from_pylist(rows, schema=schema))
    return pyarrow.concat_tables(parts)


def _with_schema(table: pyarrow.Table, schema: pyarrow.Schema) -> pyarrow.Table:
    """A table of an earlier version with the columns of this one: those that it does not have are empty."""
    import pyarrow

    columns = [
        table.column(column.name).cast(column.type)
        if column.name in table.column_names
        else pyarrow.nulls(table.num_rows, column.type)
        for column in schema
    ]
    return pyarrow.table(columns, schema=schema)
