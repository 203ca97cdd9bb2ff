"""Export files: written beside their target and put in its place when whole."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from crawler.export.rows import CsvRows, JsonLinesRows

FORMATS = (".csv", ".jsonl")


class ExportError(ValueError):
    """An export that cannot be made; the message says what to do instead."""


def export_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], target: str, *, excel: bool = False) -> int:
    """Write rows to a file, by its suffix, or as CSV to standard output for `-`; how many there were.

    The file is whole or is not there: an earlier one of that name stays as it was until the new one is complete.
    `excel` begins a CSV with the byte-order mark that Excel needs to read UTF-8. Raises ExportError.
    """
    suffix = ".csv" if target == "-" else Path(target).suffix.lower()
    if suffix not in FORMATS:
        raise ExportError(f"{target}: the name must end in {' or '.join(FORMATS)}, or be - for CSV to standard output")
    if excel and suffix != ".csv":
        raise ExportError("--excel goes with .csv files alone")
    count = 0
    with _standard_output(excel) if target == "-" else _replacing(Path(target), excel) as out:
        writer = CsvRows(out, columns) if suffix == ".csv" else JsonLinesRows(out, columns)
        for row in rows:
            writer.write(row)
            count += 1
    return count


@contextlib.contextmanager
def _replacing(target: Path, excel: bool) -> Iterator[TextIO]:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    except OSError as error:
        raise ExportError(f"{target}: cannot be written ({error.strerror})") from error
    try:
        with open(descriptor, "w", encoding=_encoding(excel), newline="") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, 0o666 & ~_umask())  # mkstemp makes it readable to its owner alone
        os.replace(name, target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        if isinstance(error, OSError):  # no room on the disk, or a folder has the target's name
            raise ExportError(f"{target}: cannot be written ({error.strerror})") from error
        raise


@contextlib.contextmanager
def _standard_output(excel: bool) -> Iterator[TextIO]:
    with open(os.dup(sys.stdout.fileno()), "w", encoding=_encoding(excel), newline="") as out:
        yield out


def _encoding(excel: bool) -> str:
    return "utf-8-sig" if excel else "utf-8"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
