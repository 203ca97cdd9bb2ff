"""`make browse`: serve the database with Datasette, read-only, by default only to this machine."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
from pathlib import Path

from crawler import settings
from crawler.browse.metadata import as_yaml, metadata
from crawler.cli.base import print_error
from crawler.store import StoreError
from crawler.store.database import open_database
from crawler.store.file_access import can_write

_HERE = Path(__file__).parent


def main() -> int:
    """Serve until interrupted. Returns 1, after an error message, if that is not possible."""
    parser = argparse.ArgumentParser(prog="make browse ARGS=...", description=__doc__)
    parser.add_argument("database", nargs="?", type=Path, default=Path(settings.NEWS_DB), help="default: NEWS_DB")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; any other than the default serves the database to its network",
    )
    parser.add_argument("--port", type=int, default=8001, help="port to listen on (default: 8001); 0 for any free port")
    options = parser.parse_args()
    if importlib.util.find_spec("datasette") is None:
        print_error("make browse needs Datasette; install it: .venv/bin/pip install 'datasette>=0.65,<0.66'")
        return 1
    try:  # migrates an older file, so that it has the views
        open_database(options.database, timeout=float(settings.NEWS_DB_TIMEOUT), create=False).close()
    except StoreError as error:
        print_error(str(error))
        return 1
    return serve(options.database, options.host, options.port)


def serve(database: Path, host: str, port: int) -> int:
    """Run Datasette in this process."""
    from datasette.cli import cli

    os.environ["RASID_BROWSE_HOST"] = host
    shown = f"[{host}]" if ":" in host else host
    with tempfile.TemporaryDirectory() as folder:
        metadata_file = Path(folder) / "metadata.yml"
        metadata_file.write_text(as_yaml(metadata(database.stem, with_plugin=True)), "utf-8")
        limits = {"sql_time_limit_ms": 5000, "facet_time_limit_ms": 1000, "default_cache_ttl": 0, "allow_download": 0}
        if not can_write(database):
            limits["num_sql_threads"] = 0  # see crawler/browse/read_only.py
        words = ["serve", str(database), "--host", host, "--port", str(port), "--metadata", str(metadata_file)]
        words += ["--plugins-dir", str(_HERE / "plugins"), "--template-dir", str(_HERE / "templates")]
        words += ["--static", f"rasid:{_HERE / 'static'}"]
        words += [word for name, value in limits.items() for word in ("--setting", name, str(value))]
        if port:
            print_error(f"{database}: http://{shown}:{port}/-/overview (Ctrl-C to stop)")
        cli.main(args=words, standalone_mode=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
