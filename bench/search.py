"""What the search index costs each stored article, and how long a query takes, among many articles.

    python -m bench.search [--articles 100000] [--folder /tmp/bench]

Stores generated articles in batches as a crawl does, with the index and without, interleaved, and prints milliseconds
of CPU an article for each tenth of them, their ratio, the size of both files, and the time of some queries.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.generated import article_rows
from crawler.store import ArticleFilter, Store
from crawler.store.database import Database, open_database
from crawler.store.search.index import SearchIndex

_BATCH = 50  # as NEWS_BATCH_SIZE


def main() -> None:
    """Run the bench and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="write the databases here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        indexed, plain = folder / "indexed.db", folder / "plain.db"
        store_articles(indexed, plain, options.articles)
        print(f"{indexed.stat().st_size / 1e6:8.0f} MB with the index, {plain.stat().st_size / 1e6:.0f} MB without")
        ask(indexed)


def store_articles(indexed: Path, plain: Path, count: int) -> None:
    """Fill both files and print the cost of each tenth."""
    rows = article_rows(count)
    with (
        closing(open_database(indexed, timeout=30)) as with_index,
        closing(open_database(plain, timeout=30)) as without,
    ):
        for name in ("insert", "update", "delete"):
            without.execute(f"DROP TRIGGER articles_search_{name}")
        for tenth in range(1, 11):
            spent = {True: 0.0, False: 0.0}
            done = 0
            while done < count // 10 and (batch := list(itertools.islice(rows, _BATCH))):
                for db, is_indexed in ((with_index, True), (without, False)):
                    started = time.process_time()
                    write(db, batch, is_indexed)
                    spent[is_indexed] += time.process_time() - started
                done += len(batch)
            ours, bare = spent[True] / done * 1000, spent[False] / done * 1000
            print(
                f"{tenth * count // 10:8} articles: {bare:5.2f} ms an article without the index, {ours:5.2f} with it: "
                f"the index costs {ours - bare:5.2f} ms, ratio {ours / bare:4.1f}",
                flush=True,
            )


def write(db: Database, batch: list[dict[str, object]], is_indexed: bool) -> None:
    """One transaction, as a crawl's."""
    names = list(batch[0])
    sql = f"INSERT INTO articles ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})"
    with db.writing():
        db.conn.executemany(sql, batch)
        if is_indexed:
            SearchIndex(db).add_pending()


def ask(path: Path) -> None:
    """Print how long queries take: for the most frequent word, rare ones, a phrase, a prefix."""
    with Store(path) as store:
        frequent, *_ = sorted(sample := words_of(store), key=sample.count, reverse=True)
        rare = sample[-1]
        queries = (frequent, rare, f"{frequent} {rare}", f'"{" ".join(sample[:2])}"', f"{frequent[:2]}*")
        for query in queries:
            took = []
            for _ in range(5):
                started = time.process_time()
                found = store.search.find(query, ArticleFilter(with_duplicates=True), 10)
                took.append(time.process_time() - started)
            print(f"{statistics.median(took) * 1000:8.1f} ms for 10 of {query!r} ({len(found)} shown)")


def words_of(store: Store) -> list[str]:
    """The words of the first article."""
    first = next(iter(store.exports.articles(ArticleFilter(with_duplicates=True))))
    return str(first["body"]).split()


if __name__ == "__main__":
    main()
