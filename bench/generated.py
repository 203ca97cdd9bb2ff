"""Hundreds of thousands of generated articles, of invented words whose frequency follows Zipf's law."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.store.database import open_database
from crawler.store.times import to_text
from crawler.text import fingerprint

SITES = tuple(f"site_{n:02}" for n in range(20))
CATEGORIES = ("سياسة", "اقتصاد", "رياضة", "ثقافة", "World", "Science", None)
FIRST_DAY = datetime(2025, 11, 1, tzinfo=UTC)
ARABIC, LATIN = "ابتجحدرسشعفقكلمنهوي", "abcdefghilmnoprstu"
_COPIED = 20  # one article in N copies one of another site
_BATCH = 500


def vocabulary(letters: str, size: int, chance: random.Random) -> tuple[list[str], list[float]]:
    """Words, and their cumulative weights: the n-th word is n times rarer than the first."""
    words = ["".join(chance.choices(letters, k=chance.randint(3, 8))) for _ in range(size)]
    return words, list(itertools.accumulate(1 / (n + 2) for n in range(size)))


def article_rows(count: int, *, words: int = 300, first: int = 1) -> Iterator[dict[str, Any]]:
    """Rows of the table `articles`, the same ones each time."""
    chance = random.Random(first)
    size = min(40_000, words * 200)  # one text has few different words, many texts have many
    vocabularies = {"ar": vocabulary(ARABIC, size, chance), "en": vocabulary(LATIN, size, chance)}
    original: dict[str, Any] | None = None
    for number in range(first, first + count):
        is_copy = number % _COPIED == 0 and original is not None
        row = _row(number, chance, vocabularies, words)
        if is_copy and original is not None:
            same = ("body", "fingerprint", "language", "word_count")
            row |= {key: original[key] for key in same}
            row |= {"duplicate_of": original["id"], "story_id": original["id"]}
        elif number % _COPIED == 7:
            original = row
        yield row


def _row(number: int, chance: random.Random, vocabularies: dict[str, Any], words: int) -> dict[str, Any]:
    language = "ar" if chance.random() < 0.7 else "en"
    known, weights = vocabularies[language]
    text = chance.choices(known, cum_weights=weights, k=max(words + chance.randint(-words // 3, words // 3), 4))
    body = "\n".join(" ".join(text[at : at + 60]) for at in range(0, len(text), 60))
    site = SITES[min(int(chance.expovariate(0.15)), len(SITES) - 1)]
    published = FIRST_DAY + timedelta(seconds=chance.randrange(400 * 86_400))
    seen = to_text(published + timedelta(minutes=chance.expovariate(1 / 90)))
    url = f"https://{site.replace('_', '-')}.example/{number}"
    return {
        "id": number,
        "url": url,
        "page_url": url,
        "site": site,
        "title": " ".join(text[:9]),
        "subtitle": " ".join(text[9:20]) if chance.random() < 0.4 else None,
        "body": body,
        "authors": json.dumps([" ".join(text[2:4])] if chance.random() < 0.7 else [], ensure_ascii=False),
        "source": None,
        "category": chance.choice(CATEGORIES),
        "tags": json.dumps(text[4:7], ensure_ascii=False),
        "language": language,
        "published": to_text(published) if chance.random() < 0.97 else None,
        "published_raw": published.isoformat(),
        "published_from": "json-ld",
        "published_precision": "second",
        "modified": None,
        "image_url": f"{url}.jpg" if chance.random() < 0.8 else None,
        "word_count": len(text),
        "paywalled": 0,
        "first_seen": seen,
        "last_seen": seen,
        "duplicate_of": None,
        "story_id": number,
        "fingerprint": fingerprint(body),
        "provenance": '{"title": "h1"}',
    }


def fill(path: Path, count: int, *, words: int = 300) -> None:
    """Create a database of articles: each refers to two others, some are copies; none is in the search index yet."""
    with closing(open_database(path, timeout=30)) as db:
        rows = article_rows(count, words=words)
        while batch := list(itertools.islice(rows, _BATCH)):
            names = list(batch[0])
            copies = [(row["id"], row["duplicate_of"]) for row in batch if row["duplicate_of"]]
            with db.writing():
                sql = f"INSERT INTO articles ({', '.join(names)}) VALUES ({', '.join(':' + n for n in names)})"
                db.conn.executemany(sql, batch)
                db.conn.executemany("INSERT INTO story_edges VALUES (?, ?, 1, 5, 3600)", copies)
                related = [(row["id"], n, row["id"] - n - 1) for row in batch for n in range(2) if row["id"] > n + 1]
                db.conn.executemany(
                    """INSERT INTO related_articles (article_id, position, kind, title, url, target_id)
                       SELECT ?1, ?2, 'block', title, url, id FROM articles WHERE id = ?3""",
                    related,
                )
        db.execute("ANALYZE")
