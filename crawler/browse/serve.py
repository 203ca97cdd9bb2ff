"""Serve the database with Datasette, read-only, by default only to this machine."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from crawler.browse.metadata import as_yaml, metadata
from crawler.browse.surroundings import Surroundings
from crawler.store.database import open_database
from crawler.store.file_access import can_write

_HERE = Path(__file__).parent
_ROWS, _FACET_VALUES = 50, 12
"""Rows of a table and values of a facet beside it; links lead to the others. With 100 rows, pages of v_articles weighed
141 kB."""


def serve(database: Path, host: str, port: int, *, local_names: bool, timeout: float, around: Surroundings) -> None:
    """Run Datasette in this process until it is interrupted. `local_names`: respond only to requests for this machine,
    whatever `host` is. `timeout`: seconds to wait for a locked database, which is migrated first if it is older, so
    that it has the views. `around`: the profiles and the archive. Raises StoreError."""
    from datasette.cli import cli

    open_database(database, timeout=timeout, create=False).close()
    around.publish()
    os.environ["RASID_BROWSE_HOST"] = "localhost" if local_names else host
    shown = f"[{host}]" if ":" in host else host
    with tempfile.TemporaryDirectory() as folder:
        metadata_file = Path(folder) / "metadata.yml"
        metadata_file.write_text(as_yaml(metadata(database.stem, with_plugin=True)), "utf-8")
        limits = {"sql_time_limit_ms": 5000, "facet_time_limit_ms": 1000, "default_cache_ttl": 0, "allow_download": 0}
        # Suggestions would count each column for 50 ms, on every page of a table.
        limits |= {"suggest_facets": 0, "default_facet_size": _FACET_VALUES, "default_page_size": _ROWS}
        if not can_write(database):
            limits["num_sql_threads"] = 0  # see crawler/browse/read_only.py
        words = ["serve", str(database), "--host", host, "--port", str(port), "--metadata", str(metadata_file)]
        words += ["--plugins-dir", str(_HERE / "plugins"), "--template-dir", str(_HERE / "templates")]
        words += ["--static", f"rasid:{_HERE / 'static'}"]
        words += [word for name, value in limits.items() for word in ("--setting", name, str(value))]
        if port:
            sys.stderr.write(f"{database}: http://{shown}:{port}/-/overview (Ctrl-C to stop)\n")
        cli.main(args=words, standalone_mode=False)
