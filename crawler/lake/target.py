"""Where a lake is: a folder, or a prefix in an object store. A file is replaced as a whole or not at all."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from crawler.export.staging import ExportError, staged_file
from crawler.extras import extra_missing

if TYPE_CHECKING:
    import pyarrow


class LakeTarget:
    """Reads and writes the files of a lake. Names are relative, with slashes."""

    def __init__(self, target: str) -> None:
        """`target`: a folder, or a URL of pyarrow's file systems, like s3://bucket/prefix?region=eu-west-1 or
        gs://bucket/prefix. Raises ExportError if pyarrow is not installed, or if it has no such file system."""
        try:
            import pyarrow
            from pyarrow import fs
        except ImportError as error:
            raise ExportError(extra_missing("parquet", f"the package pyarrow ({error})")) from error
        self.name = target
        is_url = "://" in target
        try:
            self._files, path = fs.FileSystem.from_uri(target if is_url else str(Path(target).resolve()))
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise ExportError(f"{target}: is neither a folder nor a URL of an object store ({error})") from error
        self._root = PurePosixPath(path)
        self.location = f"{self._files.type_name}:{path}"
        """Equal for equal places, however they are written."""
        self._is_local = isinstance(self._files, fs.LocalFileSystem)

    def read(self, name: str, columns: list[str] | None = None) -> pyarrow.Table | None:
        """A Parquet file, or some of its columns; None if it does not exist. Raises ExportError."""
        import pyarrow
        from pyarrow import parquet

        try:
            with self._files.open_input_file(self._path(name)) as file:
                # Not by the path: pyarrow would add the columns of the folders' names.
                return parquet.ParquetFile(file).read(columns=columns)
        except FileNotFoundError:
            return None
        except (pyarrow.ArrowException, OSError) as error:
            raise ExportError(f"{self.name}/{name}: cannot be read ({error})") from error

    def replace(self, name: str, table: pyarrow.Table) -> int:
        """Write a Parquet file in the place of one of this name, if there is one; its bytes. Raises ExportError."""
        import pyarrow
        from pyarrow import parquet

        sink = pyarrow.BufferOutputStream()
        parquet.write_table(table, sink, compression="zstd")
        content = sink.getvalue()
        if self._is_local:
            path = Path(self._path(name))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ExportError(f"{path.parent}: cannot be created ({error.strerror})") from error
            with staged_file(path) as part:
                part.write_bytes(content)
        else:
            try:  # an object appears when it is complete
                with self._files.open_output_stream(self._path(name)) as out:
                    out.write(content)
            except (pyarrow.ArrowException, OSError) as error:
                raise ExportError(f"{self.name}/{name}: cannot be written ({error})") from error
        return int(content.size)

    def remove(self, name: str) -> None:
        """Delete a file, if it exists. Raises ExportError."""
        import pyarrow

        try:
            self._files.delete_file(self._path(name))
        except FileNotFoundError:
            return
        except (pyarrow.ArrowException, OSError) as error:
            raise ExportError(f"{self.name}/{name}: cannot be deleted ({error})") from error

    def _path(self, name: str) -> str:
        return str(self._root / name)
