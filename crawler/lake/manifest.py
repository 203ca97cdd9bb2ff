"""The manifest of a lake: its files, and the changes of the database that they contain. Written last, as one file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from crawler.export.staging import ExportError
from crawler.lake.target import LakeTarget

NAME = "manifest.parquet"

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A file of the lake: a row of the manifest."""

    path: str
    table: str
    site: str
    month: str
    rows: int
    bytes: int
    first_id: int
    """The smallest id of an article in the file."""

    last_id: int
    is_complete: bool = True
    """False while an update writes the file; if it is killed, the next one writes the file again."""


@dataclass(slots=True)
class Manifest:
    """What a lake contains."""

    changes: tuple[int, int, int] = (0, 0, 0)
    """Numbers of the last changes of articles, related articles and story edges that it contains."""

    written: str | None = None
    """ISO 8601, UTC."""

    files: dict[str, LakeFile] = field(default_factory=dict)
    """By path."""

    def of_site(self, site: str) -> Iterator[LakeFile]:
        """The files of a site."""
        return (file for file in self.files.values() if file.site == site)

    def rows(self, table: str) -> int:
        """The rows of a table."""
        return sum(file.rows for file in self.files.values() if file.table == table)


def read_manifest(target: LakeTarget) -> Manifest:
    """The manifest; an empty one if the lake is new. Raises ExportError."""
    table = target.read(NAME)
    if table is None:
        return Manifest()
    try:
        about: dict[str, Any] = json.loads(table.schema.metadata[b"rasid"])
        if about["format"] != _FORMAT:
            raise ExportError(f"{target.name}/{NAME}: was written by a newer version; update this program")
        files = [LakeFile(**row) for row in table.to_pylist()]
        articles, related, edges = map(int, about["changes"])
    except (KeyError, TypeError, ValueError) as error:
        raise ExportError(
            f"{target.name}/{NAME}: is not the manifest of a lake ({error}); choose another folder"
        ) from error
    return Manifest((articles, related, edges), about["written"], {file.path: file for file in files})


def write_manifest(target: LakeTarget, manifest: Manifest) -> None:
    """Replace the manifest. Raises ExportError."""
    import pyarrow

    about = {"format": _FORMAT, "changes": manifest.changes, "written": manifest.written}
    schema = pyarrow.schema(
        list(_columns(pyarrow)),
        metadata={"rasid": json.dumps(about)},
    )
    rows: Iterable[dict[str, Any]] = (asdict(manifest.files[path]) for path in sorted(manifest.files))
    target.replace(NAME, pyarrow.Table.from_pylist(list(rows), schema=schema))


def _columns(pyarrow: Any) -> Iterator[tuple[str, Any]]:
    types = {"str": pyarrow.string(), "int": pyarrow.int64(), "bool": pyarrow.bool_()}
    return ((name, types[kind]) for name, kind in LakeFile.__annotations__.items())
