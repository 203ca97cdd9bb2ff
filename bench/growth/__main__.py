"""What each command and each step of a crawl costs as the database grows: CPU time, in a table.

    python -m bench.growth [--articles 10000,100000] [--sites 10,1000] [--folder /tmp/bench] [--record]

Fills a database of each size in bulk, with profiles and archive files (bench/growth/database.py). The commands run in
processes of their own; the first row is what any command costs that reads no database. `--record` writes the figures to
bench/growth.json, from which `make docs` makes the table in docs/database.md; sizes that were not measured stay in it.
A database of a million articles takes 6 GB and some minutes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from bench.growth.measure import measure, prepare

RECORD = Path(__file__).resolve().parent.parent / "growth.json"


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", default="10000,100000")
    parser.add_argument("--sites", default="10,1000")
    parser.add_argument("--folder", type=Path, help="write the databases here, and keep them")
    parser.add_argument("--record", action="store_true", help="write the figures to bench/growth.json")
    options = parser.parse_args()
    columns: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for articles in map(int, options.articles.split(",")):
            for sites in map(int, options.sites.split(",")):
                base = (options.folder or Path(temporary)) / f"{articles}-{sites}"
                started = time.perf_counter()
                prepare(base, articles, sites)
                size = (base / "news.db").stat().st_size / 1e6
                print(f"{articles} articles, {sites} sites: {size:.0f} MB in {time.perf_counter() - started:.0f} s")
                figures = {name: f"{figure:.{2 if unit == 's' else 1}f} {unit}" for name, figure, unit in measure(base)}
                columns[f"{articles:,} / {sites:,}"] = figures | {"size of the database": f"{size:,.0f} MB"}
    print(format_columns(columns))
    if options.record:
        recorded = json.loads(RECORD.read_text()) if RECORD.exists() else {}
        RECORD.write_text(json.dumps(recorded | columns, indent=1) + "\n")


def format_columns(columns: dict[str, dict[str, str]]) -> str:
    """A table with a column for each size."""
    names = list(next(iter(columns.values())))
    lines = [f"{'articles / sites':<36}" + "".join(f"{title:>20}" for title in columns)]
    lines += [f"{name:<36}" + "".join(f"{column[name]:>20}" for column in columns.values()) for name in names]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
