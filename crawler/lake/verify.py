"""Compare the files of a lake with its manifest."""

from __future__ import annotations

from crawler.export.staging import ExportError
from crawler.lake.manifest import LakeFile, read_manifest
from crawler.lake.target import LakeTarget
from crawler.lake.update import TABLES


def find_problems(target: LakeTarget) -> list[str]:
    """A sentence for each file that is missing, damaged, or has other rows than the manifest says. Raises ExportError
    if there is no lake, or its manifest cannot be read."""
    manifest = read_manifest(target)
    if manifest.written is None:
        raise ExportError(f"{target.name}: contains no complete lake")
    keys = {table.name: table.key for table in TABLES}
    return [problem for file in manifest.files.values() if (problem := _problem(target, file, keys[file.table]))]


def _problem(target: LakeTarget, file: LakeFile, key: str) -> str | None:
    try:
        table = target.read(file.path, [key])
    except ExportError as error:
        return str(error)
    if table is None:
        return f"{file.path}: does not exist"
    if table.num_rows != file.rows:
        return f"{file.path}: has {table.num_rows} rows, not {file.rows}"
    return None
