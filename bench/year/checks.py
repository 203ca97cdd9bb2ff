"""Compares the database with what the sites published: nothing missed, nothing harmed, nothing stored twice."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from bench.year.pages import story_at, story_number
from bench.year.server import Served
from bench.year.world import START, Site, Story, copies
from crawler.ledger import Unnamed, site_ledger
from crawler.store import Store
from crawler.store.ledger import RESULTS

_SETTLED = timedelta(days=2)
"""Articles that are younger than this at the end may still be pending."""

_LISTED_WITHIN = {"single": timedelta(days=5), "monthly": timedelta(days=5), "daily": timedelta(days=40)}
"""Time within which a crawl has read the part of the sitemap that lists an article, even if its site had faults until
`quiet_days` before the end."""

_CREDIBLE_AHEAD = timedelta(hours=24)
"""NEWS_FUTURE_HOURS: a later date is not taken from the page."""

_GONE = (404, 410)


class Checks:
    """What has been compared so far; each text is compared once."""

    def __init__(self, database: Path, served: Served) -> None:
        self._database = database
        self._served = served
        self._last_change = 0
        self._last_revision = 0

    def daily(self) -> Iterator[str]:
        """Problems of what has changed since the last call."""
        with closing(self._open()) as db:
            yield from self._texts(db)
            yield from self._twice(db)

    def final(self, killed: int) -> Iterator[str]:
        """Problems at the end. `killed`: rounds whose process was killed or lost its store."""
        yield from self.daily()
        with closing(self._open()) as db:
            yield from self._missed(db)
            yield from self._unread(db)
            yield from self._facts(db)
            yield from self._copies(db)
            yield from self._runs(db, killed)
            yield from self._ledger(db)

    def unnamed(self) -> Iterator[tuple[str, Unnamed | None, int]]:
        """Site, what its ledger estimates of the articles that no channel named, and how many there are in truth."""
        with Store(self._database, create=False) as store:
            for name, site in self._served.sites.items():
                ledger = site_ledger(store, name, START.date(), self._served.now.date())
                truth = sum((name, story.number) not in self._served.announced for story in site.stories)
                yield name, ledger.unnamed, truth

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._database)
        db.row_factory = sqlite3.Row
        return db

    def _story(self, site: str, url: str) -> Story | None:
        number = story_number(url)
        stories = self._served.sites[site].stories
        is_own = url.startswith(f"{self._served.origins[site]}/")
        return stories[number - 1] if is_own and number is not None and number <= len(stories) else None

    def _texts(self, db: sqlite3.Connection) -> Iterator[str]:
        """Each text, current or earlier, must be a version that the site had published at the address."""
        rows = db.execute(
            """SELECT change, site, url, title, body FROM articles JOIN article_changes ON article_id = id
               WHERE change > ? AND NOT is_notice ORDER BY change""",
            [self._last_change],
        )
        for row in rows:
            self._last_change = row["change"]
            yield from self._harm(row["site"], row["url"], row["title"], row["body"])
        rows = db.execute(
            """SELECT revisions.id, site, url, previous FROM revisions JOIN articles ON article_id = articles.id
               WHERE revisions.id > ? ORDER BY revisions.id""",
            [self._last_revision],
        )
        for row in rows:
            self._last_revision = row["id"]
            previous = json.loads(row["previous"])
            if "body" in previous:
                yield from self._harm(row["site"], row["url"], None, previous["body"])

    def _harm(self, site: str, url: str, title: str | None, body: str) -> Iterator[str]:
        story = self._story(site, url)
        if story is None:
            yield f"harmed: {site} {url} is not the address of an article"
            return
        versions = [version for version in story.versions if version.since <= self._served.now + timedelta(hours=1)]
        if body not in {version.body for version in versions}:
            yield f"harmed: {site} {url} has a text that the site never published: {body[:60]!r} ... {body[-40:]!r}"
        elif title is not None and title not in {version.title for version in versions}:
            yield f"harmed: {site} {url} has a title that the site never published: {title!r}"

    def _twice(self, db: sqlite3.Connection) -> Iterator[str]:
        rows = db.execute("SELECT site, url FROM articles WHERE duplicate_of IS NULL AND NOT is_notice")
        counts = Counter((row["site"], story_number(row["url"])) for row in rows)
        yield from (
            f"twice: {site} article {number} is stored {n} times" for (site, number), n in counts.items() if n > 1
        )

    def _missed(self, db: sqlite3.Connection) -> Iterator[str]:
        """Each announced article is stored, or its page says truly that it is gone."""
        stored = {
            (row["site"], story_number(row["url"]))
            for row in db.execute(
                """SELECT site, url_aliases.url FROM url_aliases JOIN articles ON articles.id = article_id
                   WHERE NOT is_notice"""
            )
        }
        own = db.execute("SELECT site, url FROM articles WHERE NOT is_notice")
        stored |= {(row["site"], story_number(row["url"])) for row in own}
        outcomes = {(row["site"], story_number(row["url"])): row for row in db.execute("SELECT * FROM pages")}
        for site, story in self._settled():
            key = (site.name, story.number)
            if key in stored or key not in self._served.announced:
                continue
            page = outcomes.get(key)
            if story.removed is not None and page is not None and page["status"] in _GONE:
                continue
            if page is None and story.removed is not None and not _had_chance(db, key, self._served, story.removed):
                continue
            yield f"missed: {site.name} article {story.number} {self._explain(site, page)}"

    def _unread(self, db: sqlite3.Connection) -> Iterator[str]:
        """Each article of a sitemap is listed at last; where there is none, the overflow of the feed is recorded."""
        overflowed = {row["site"] for row in db.execute("SELECT site FROM gaps")}
        for site, story in self._settled():
            if (site.name, story.number) in self._served.announced or story.removed is not None:
                continue
            if "patchy" in self._served.faults.active(site.name, story.published):
                continue
            if site.sitemap and story.published < self._served.now - _LISTED_WITHIN[site.sitemap]:
                yield f"unread: {site.name} article {story.number} is in the sitemap, which was not read"
            if not site.sitemap and site.name not in overflowed:
                yield f"unread: {site.name} article {story.number} was not listed, and no gap is recorded"

    def _ledger(self, db: sqlite3.Connection) -> Iterator[str]:
        """The ledger has each article that the crawl has seen in a channel, and its counts add up."""
        pages = db.execute("SELECT site, url FROM pages WHERE id IN (SELECT page_id FROM listings)").fetchall()
        yield from (
            f"ledger: {row['site']} {row['url']} is of another site"
            for row in pages
            if not row["url"].startswith(f"{self._served.origins[row['site']]}/")
        )
        origins = self._served.origins
        listed = Counter((row["site"], story_at(row["url"].removeprefix(origins[row["site"]])) or 0) for row in pages)
        for site, story in self._settled():
            key = (site.name, story.number)
            is_renamed = self._served.faults.since(site.name, "renamed", self._served.now) is not None
            most = 2 if is_renamed else 1  # it was announced at both addresses
            if key in self._served.announced and not 1 <= listed[key] <= most and story.removed is None:
                yield f"ledger: {site.name} article {story.number} was announced and is in it {listed[key]} times"
        for name, number in sorted(self._served.announced_dead):
            if listed[name, number] != 1:
                yield f"ledger: {name} article {number}, which is dead, is in it {listed[name, number]} times"
        for name, number in sorted(listed):
            if (name, number) not in self._served.announced_dead and number > len(self._served.sites[name].stories):
                yield f"ledger: {name} article {number} was never announced, and is in it"
        results = " + ".join(RESULTS)
        rows = db.execute(
            f"SELECT site, day, announced, {results} AS results FROM v_ledger WHERE announced != {results}"
        )
        yield from (f"ledger: {r['site']} {r['day']} has {r['announced']} pages, {r['results']} results" for r in rows)

    def _settled(self) -> Iterator[tuple[Site, Story]]:
        for site in self._served.sites.values():
            for story in site.stories:
                if story.published < self._served.now - _SETTLED:
                    yield site, story

    def _explain(self, site: Site, page: sqlite3.Row | None) -> str:
        if page is None:
            return "was listed, but has no page"
        faults = (
            self._served.faults.active(site.name, datetime.fromisoformat(page["fetched"])) if page["fetched"] else ()
        )
        return (
            f"({page['state']}, {page['outcome']} {page['reason']} at {page['fetched']}, attempts: {page['attempts']}, "
            f"next {page['next_attempt']}; faults at that time: {', '.join(sorted(faults)) or 'none'})"
        )

    def _facts(self, db: sqlite3.Connection) -> Iterator[str]:
        """The date is that of the page, and `gone` is true."""
        for row in db.execute("SELECT site, url, published, gone, last_seen FROM articles"):
            story = self._story(row["site"], row["url"])
            if story is None:
                continue
            dated = self._served.dated(self._served.sites[row["site"]], story)
            if row["published"] is None:
                is_right = dated > datetime.fromisoformat(row["last_seen"]) + _CREDIBLE_AHEAD
            else:
                is_right = abs(datetime.fromisoformat(row["published"]) - dated) < timedelta(seconds=2)
            if not is_right:
                yield f"date: {row['site']} {row['url']} has {row['published']}, not {dated.isoformat()}"
            if row["gone"] is not None and story.version(self._served.now) is not None:
                yield f"gone: {row['site']} {row['url']} counts as gone since {row['gone']}, but the site shows it"

    def _copies(self, db: sqlite3.Connection) -> Iterator[str]:
        rows = db.execute("SELECT site, url, story_id FROM articles")
        groups = {(row["site"], story_number(row["url"])): row["story_id"] for row in rows}
        for site, story, owner, original in copies(list(self._served.sites.values())):
            one, other = groups.get((site.name, story.number)), groups.get((owner.name, original.number))
            if one is not None and other is not None and one != other:
                yield f"copy: {site.name} {story.number} is not marked as a copy of {owner.name} {original.number}"

    def _runs(self, db: sqlite3.Connection, killed: int) -> Iterator[str]:
        """Each run has an end and a reason, but for those whose process was killed."""
        (unreasoned,) = db.execute(
            "SELECT count(*) FROM runs WHERE finished IS NOT NULL AND finish_reason IS NULL"
        ).fetchone()
        (endless,) = db.execute("SELECT count(*) FROM scheduler_runs WHERE finished IS NULL").fetchone()
        (uncoded,) = db.execute(
            "SELECT count(*) FROM scheduler_runs WHERE finished IS NOT NULL AND exit_code IS NULL"
        ).fetchone()
        (lost,) = db.execute(
            """SELECT count(*) FROM runs LEFT JOIN scheduler_runs ON scheduler_runs.id = scheduler_run_id
               WHERE runs.finished IS NULL AND scheduler_runs.finished IS NOT NULL"""
        ).fetchone()
        if unreasoned or uncoded:
            yield f"runs: {unreasoned} runs without a reason, {uncoded} scheduler runs without an exit code"
        if endless > killed or lost:
            yield f"runs: {endless} scheduler runs have no end, {killed} were killed; {lost} runs of others have no end"


def _had_chance(db: sqlite3.Connection, key: tuple[str, int], served: Served, removed: datetime) -> bool:
    """Whether a crawl of the site came to its end between the first listing of an article and its removal: the one that
    read the listing may have been killed."""
    times = [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (served.announced[key], removed)]
    row = db.execute(
        "SELECT 1 FROM runs WHERE site = ? AND finish_reason = 'finished' AND started BETWEEN ? AND ?", [key[0], *times]
    ).fetchone()
    return row is not None
