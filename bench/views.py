"""How long typical queries of the views take among many articles, and which index answers them.

python -m bench.views [--articles 100000] [--folder /tmp/bench]
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.generated import fill

# Query → the index that answers it; no query may read the texts of all articles or sort them.
QUESTIONS = {
    "SELECT * FROM v_articles ORDER BY published DESC LIMIT 100": "articles_published",
    "SELECT * FROM v_articles WHERE site = 'site_01' ORDER BY published DESC LIMIT 100": "articles_site",
    "SELECT * FROM v_articles WHERE category = 'World' ORDER BY published DESC LIMIT 100": "articles_category",
    "SELECT * FROM v_articles WHERE language = 'ar' ORDER BY published DESC LIMIT 100": "articles_language",
    "SELECT * FROM v_articles WHERE confidence < 0.7 ORDER BY confidence LIMIT 100": "articles_unsure",
    "SELECT * FROM v_articles WHERE day = '2026-03-01'": "articles_day",
    "SELECT * FROM v_articles WHERE day >= '2026-11-30'": "articles_day",
    "SELECT site, count(*) FROM (SELECT * FROM v_articles) GROUP BY site": "articles_site",
    "SELECT language, count(*) FROM (SELECT * FROM v_articles) GROUP BY language": "articles_language",
    "SELECT category, count(*) FROM (SELECT * FROM v_articles) GROUP BY category": "articles_category",
    "SELECT day, count(*) FROM (SELECT * FROM v_articles) GROUP BY day": "articles_day",
    "SELECT * FROM v_daily_counts": "articles_day",
    "SELECT * FROM v_daily_counts WHERE day >= '2026-11-30'": "articles_day",
    "SELECT * FROM v_stories LIMIT 100": "articles_story",
    "SELECT * FROM v_stories WHERE story_id = 7": "articles_story",
    "SELECT * FROM v_related WHERE article_id = 7": "sqlite_autoindex_related_articles_1",
    "SELECT * FROM v_related WHERE target_id = 7": "related_articles_target",
    "SELECT * FROM v_related WHERE url = 'x'": "related_articles_url",
}


def answered_by(db: sqlite3.Connection, question: str) -> tuple[str | None, list[str]]:
    """Which index of QUESTIONS the plan of a query uses, and its steps that sort or read whole tables."""
    plan: list[str] = [step for *_, step in db.execute(f"EXPLAIN QUERY PLAN {question}")]
    index = next((name for step in plan for name in [QUESTIONS[question]] if f"INDEX {name} " in f"{step} "), None)
    sorts = [step for step in plan if "TEMP B-TREE" in step and "count(DISTINCT)" not in step]
    # v_daily_counts reads what the index has returned; v_stories reads the table in its own order, up to LIMIT.
    inner = ("SCAN v_", "SCAN story")
    return index, sorts + [
        step for step in plan if step.startswith("SCAN") and "INDEX" not in step and not step.startswith(inner)
    ]


def main() -> None:
    """Run the bench and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="write the database here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = (options.folder or Path(temporary)) / f"{options.articles}.db"
        if not path.exists():
            fill(path, options.articles)
        with closing(sqlite3.connect(path)) as db:
            for question in QUESTIONS:
                took = []
                for _ in range(3):
                    started = time.perf_counter()
                    rows = len(db.execute(question).fetchall())
                    took.append(time.perf_counter() - started)
                index, wrong = answered_by(db, question)
                line = f"{statistics.median(took) * 1000:8.1f} ms {rows:6} rows  {index}  {question}"
                print("\n".join([line, *(f"         NOT BY AN INDEX: {step}" for step in wrong)]), flush=True)


if __name__ == "__main__":
    main()
