"""`make browse`: Datasette on the database, read-only, for this machine alone unless told otherwise."""

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

_HERE = Path(__file__).parent


def main() -> int:
    """Serve until interrupted; 1 if it cannot be done, with a sentence that says why."""
    parser = argparse.ArgumentParser(prog="make browse ARGS=...", description=__doc__)
    parser.add_argument("database", nargs="?", type=Path, default=Path(settings.NEWS_DB), help="default: NEWS_DB")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen at; another one shows all to its network"
    )
    parser.add_argument("--port", type=int, default=8001, help="0 for any that is free")
    options = parser.parse_args()
    if importlib.util.find_spec("datasette") is None:
        print_error("browsing needs Datasette: .venv/bin/pip install 'datasette>=0.65,<0.66'")
        return 1
    try:  # brings an older file up to date, so that the views are there
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
        described = Path(folder) / "metadata.yml"
        described.write_text(as_yaml(metadata(database.stem, with_plugin=True)), "utf-8")
        limits = {"sql_time_limit_ms": 5000, "facet_time_limit_ms": 1000, "default_cache_ttl": 0, "allow_download": 0}
        words = ["serve", str(database), "--host", host, "--port", str(port), "--metadata", str(described)]
        words += ["--plugins-dir", str(_HERE / "plugins"), "--template-dir", str(_HERE / "templates")]
        words += ["--static", f"rasid:{_HERE / 'static'}"]
        words += [word for name, value in limits.items() for word in ("--setting", name, str(value))]
        if port:
            print_error(f"{database}: http://{shown}:{port}/-/overview (Ctrl-C ends it)")
        cli.main(args=words, standalone_mode=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
