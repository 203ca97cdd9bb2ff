"""Copies among many articles: precision and recall on labelled pairs, and what an insert costs as the store grows.

    python -m bench.copies labelled [--rounds 2]
    python -m bench.copies growth [--articles 100000] [--database FILE]

`labelled` stores the pairs of bench/pairs.py and prints what is found of each kind. `growth` stores generated articles
through the Store in batches of 50, as a crawl does, and prints every 10,000: CPU milliseconds an article, the size of
the file, and how many copies and false copies there are. Their words follow Zipf's law over 40,000 words; four in five
are new stories of 150 to 350 words, one in ten a copy of one of the last 20,000 with a tenth of its words edited, one
in twenty an issue of a recurring notice (bench/notices.py), one in twenty a follow-up that quotes a fifth of another.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from bisect import bisect
from collections import Counter, deque
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from bench.notices import NOTICES, word_list
from bench.pairs import COPIES, OTHERS, Pair, pairs
from crawler import clock
from crawler.items import Article, Page, PageResult
from crawler.store import Store
from crawler.text import fingerprint

_START = datetime(2026, 1, 1, tzinfo=UTC)
_BATCH = 50
_WORDS = 40_000
_REMEMBERED = 20_000
_SYLLABLES = word_list("ba da fo ga he in ka lo mu na or pe qui ra su ta ul ve wa xi yo ze")


def main() -> None:
    """Run the chosen benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    labelled = commands.add_parser("labelled")
    labelled.add_argument("--rounds", type=int, default=2)
    growth = commands.add_parser("growth")
    growth.add_argument("--articles", type=int, default=100_000)
    growth.add_argument("--database", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.command == "labelled":
            judge(list(pairs(options.rounds)), Path(folder))
        else:
            grow(options.articles, options.database or Path(folder) / "news.db")


# -- labelled --------------------------------------------------------------------------------------------------------


def judge(pairs: list[Pair], folder: Path) -> tuple[float, float]:
    """Print what is found of each kind. Precision and recall."""
    count = Counter(pair.kind for pair in pairs)
    found = {kind: sum(found_in(pairs, kind, folder)) for kind in count}
    right, wrong = sum(found[kind] for kind in COPIES), sum(found[kind] for kind in OTHERS)
    precision, recall = right / max(1, right + wrong), right / sum(count[kind] for kind in COPIES)
    for kind in count:
        print(f"{kind:<10} {'copy' if kind in COPIES else 'no copy':<8} found {found[kind]:>4} of {count[kind]}")
    print(f"{len(pairs)} pairs, precision {precision:.4f}, recall {recall:.4f}")
    return precision, recall


def found_in(pairs: list[Pair], kind: str, folder: Path) -> list[bool]:
    """For each pair of a kind whether its second text is marked as a copy of the first, among all texts of the kind.

    A notice counts as found when it is marked as a copy of anything. A follow-up also contains the whole of another
    stored story: a copy that is found there is correct.
    """
    of_kind = [pair for pair in pairs if pair.kind == kind]
    with Store(folder / f"{kind}.db", boilerplate_pages=0) as store:
        for half in ("first", "second"):
            articles = []
            for number, pair in enumerate(of_kind):
                story = pair.first if half == "first" else pair.second
                articles.append(an_article(f"{number}/{half}", half, story.title, list(story.paragraphs)))
            store_articles(store, articles)
        path = store.path
    with closing(sqlite3.connect(path)) as db:
        marked = dict(
            db.execute("""SELECT a.url, o.url FROM story_edges AS e JOIN articles AS a ON a.id = e.article_id
                          JOIN articles AS o ON o.id = e.copy_of""").fetchall()
        )
    found = []
    for number, pair in enumerate(of_kind):
        url = marked.get(f"https://example.org/{number}/second")
        # A copy may be marked as a copy of another copy. A text that is not a copy shares half of its text with others.
        is_known = url is not None and (kind in COPIES or url.endswith("/first"))
        copied = of_kind[int(url.split("/")[3])].first if url and is_known else None
        is_notice = kind in ("template", "table", "live")
        found.append((url is not None and is_notice) or (copied is not None and copied == pair.first))
    return found


# -- growth ----------------------------------------------------------------------------------------------------------


def grow(articles: int, path: Path) -> None:
    """Store generated articles and print the costs."""
    source = Source(random.Random(1))
    with Store(path) as store:
        spent = 0.0
        for stored in range(0, articles, _BATCH):
            batch = [source.article(stored + number) for number in range(_BATCH)]
            begun = time.process_time()
            store_articles(store, batch)
            spent += time.process_time() - begun
            if (stored + _BATCH) % 10_000 == 0 or stored + _BATCH >= articles:
                print(
                    f"{stored + _BATCH:>7} articles  {_last(spent, stored + _BATCH)}  {_stored(path, source)}",
                    flush=True,
                )
                spent = 0.0


def _last(spent: float, stored: int) -> str:
    count = 10_000 if stored % 10_000 == 0 else stored % 10_000
    return f"{spent / count * 1000:.2f} ms CPU each"


def _stored(path: Path, source: Source) -> str:
    """The copies in the database, compared with those that were generated."""
    size = sum(file.stat().st_size for file in path.parent.glob(path.name + "*")) / 1e6
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute(
            """SELECT a.url, o.url FROM story_edges AS e JOIN articles AS a ON a.id = e.article_id
               JOIN articles AS o ON o.id = a.duplicate_of"""
        ).fetchall()
        passages = db.execute("SELECT count(*) FROM passages").fetchone()[0]
    stories = source.stories
    false = sum(stories[_number(copy)] != stories[_number(first)] for copy, first in rows)
    return f"{size:.0f} MB  {passages} passages  copies found {len(rows) - false} of {source.copies}  false {false}"


def _number(url: str) -> int:
    return int(url.rsplit("/", 1)[1])


@dataclass
class Source:
    """An endless source of articles."""

    chance: random.Random
    stories: list[int] = field(default_factory=list)
    """For each article the number of the first one of its story."""

    copies: int = 0

    def __post_init__(self) -> None:
        self._words = [self._word(number) for number in range(_WORDS)]
        self._weights = list(accumulate(1 / (rank + 10) for rank in range(_WORDS)))
        self._kept: deque[tuple[int, list[str]]] = deque(maxlen=_REMEMBERED)

    def article(self, number: int) -> Article:
        """The next one."""
        kind = self.chance.random()
        title = self._sentence(8)
        story = number
        if kind < 0.8 or not self._kept:
            lines = self._story()
        elif kind < 0.9:
            story, original = self.chance.choice(self._kept)
            lines = [self._edit(line) for line in original] + [self._sentence(20)]
            self.copies += 1
        elif kind < 0.95:
            title, notice = self.chance.choice(NOTICES[self.chance.choice(["en", "ar"])])(self.chance)
            lines = list(notice)
        else:
            _, quoted = self.chance.choice(self._kept)
            lines = [*self._story(), *quoted[: max(1, len(quoted) // 5)]]
        self.stories.append(story)
        if kind < 0.8:
            self._kept.append((number, lines))
        site = f"site{self.chance.randrange(20)}"
        published = _START + timedelta(minutes=5 * number)
        return an_article(str(number), site, title, lines, published)

    def _story(self) -> list[str]:
        lines: list[str] = []
        length_left = self.chance.randint(150, 350)
        while length_left > 0:
            length = self.chance.randint(8, 30)
            lines.append(self._sentence(length))
            length_left -= length
        return lines

    def _sentence(self, length: int) -> str:
        total = self._weights[-1]
        words = [self._words[bisect(self._weights, self.chance.random() * total)] for _ in range(length)]
        return " ".join(words).capitalize() + "."

    def _edit(self, line: str) -> str:
        words = line.split()
        for at in range(1, len(words) - 1):
            if self.chance.random() < 0.1:
                words[at] = self._words[self.chance.randrange(200)]
        return " ".join(words)

    def _word(self, number: int) -> str:
        syllables = []
        number += len(_SYLLABLES)
        while number:
            number, at = divmod(number, len(_SYLLABLES))
            syllables.append(_SYLLABLES[at])
        return "".join(syllables)


def an_article(path: str, site: str, title: str, lines: list[str], published: datetime | None = None) -> Article:
    """An article as it comes out of dedupe."""
    url = f"https://example.org/{path}"
    article = Article(url=url, site=site, title=title, paragraphs=lines, published=published)
    article.page = Page(url=url, site=site, final_url=url)
    article.fingerprint = fingerprint(article.body)
    return article


def store_articles(store: Store, articles: list[Article]) -> None:
    """Store articles in one transaction."""
    results = [PageResult(page=article.page, article=article) for article in articles if article.page is not None]
    store.record_outcomes(results, clock.now())


if __name__ == "__main__":
    main()
