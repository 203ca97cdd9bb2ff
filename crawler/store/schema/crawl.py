"""Migrations of what crawls remember of pages, channels, hosts and sites. Append-only, as articles.py."""

from __future__ import annotations

from sqlite_utils import Database

from crawler.store.schema.articles import migrations


@migrations()
def m020_frontier(db: Database) -> None:
    """When a page is asked again: after a failure, and to see whether its article was changed."""
    for column in (
        "next_attempt TEXT",  # a pending page is not asked before; NULL: at once
        "look_again TEXT",  # a finished page is asked again then; NULL: never
        "looks INTEGER NOT NULL DEFAULT 0",  # second looks since its text last changed
        "etag TEXT",  # validators of its last good answer
        "last_modified TEXT",
        "body_hash TEXT",
        "gone TEXT",  # since when it answers 404 or 410
        "restrictions TEXT",  # what it asks of robots: noarchive, noai, tdm ..., with spaces between
    ):
        db.execute(f"ALTER TABLE pages ADD COLUMN {column}")
    db.execute("CREATE INDEX pages_look_again ON pages (site, look_again) WHERE look_again IS NOT NULL")
    db.execute("ALTER TABLE articles ADD COLUMN gone TEXT")  # since when the site no longer shows it; it stays stored


@migrations()
def m021_channels(db: Database) -> None:
    """What makes a second look at a channel cheap, and what tells that it named too little."""
    for column in (
        "etag TEXT",  # validators of its last good answer
        "last_modified TEXT",
        "body_hash TEXT",
        "read_as TEXT",  # what besides the body decided what was read of it: profile and arguments
        "succeeded TEXT",  # last answer that could be used
        "failing_since TEXT",  # first of the answers in a row that could not
        "completed TEXT",  # when it and all documents that it leads to were last read
        "newest TEXT",  # JSON: ids of the newest pages that it named last
        "oldest_named TEXT",  # the oldest date in its last answer
        "newest_named TEXT",
    ):
        db.execute(f"ALTER TABLE channels ADD COLUMN {column}")
    db.execute("""
        CREATE TABLE gaps (
            id INTEGER PRIMARY KEY,
            site TEXT NOT NULL,
            channel_url TEXT NOT NULL,
            noticed TEXT NOT NULL,
            since TEXT,                  -- the newest that the channel had named before
            until TEXT,                  -- the oldest that it names now
            closed TEXT,                 -- when the channels that reach further back had been read; NULL: not yet
            closed_by TEXT,              -- their kinds; 'nothing' if the site has none that could be read
            found INTEGER                -- pages that they named and that were not known
        )""")
    db.execute("CREATE INDEX gaps_open ON gaps (site) WHERE closed IS NULL")


@migrations()
def m022_hosts(db: Database) -> None:
    """What hosts ask of us, remembered between runs."""
    db.execute("""
        CREATE TABLE hosts (
            host TEXT PRIMARY KEY,       -- with its port, if the URL names one
            not_before TEXT,             -- Retry-After: no request before
            asked TEXT,                  -- the last request
            crawl_delay REAL,            -- seconds, from robots.txt
            robots BLOB,                 -- robots.txt as it came
            robots_status INTEGER,
            robots_fetched TEXT
        )""")


@migrations()
def m023_sites(db: Database) -> None:
    """When each site is looked at, and how that went."""
    db.execute("""
        CREATE TABLE sites (
            site TEXT PRIMARY KEY,
            last_look TEXT,              -- end of the last crawl
            last_success TEXT,           -- end of the last crawl in which a channel answered
            failures INTEGER NOT NULL DEFAULT 0,     -- crawls since then
            interval REAL,               -- seconds from the last look to the next one
            next_look TEXT,              -- scrapy due leaves it alone before
            looks INTEGER NOT NULL DEFAULT 0,        -- second looks at its articles; halved now and then, so that
            corrections INTEGER NOT NULL DEFAULT 0   -- recent ones count most, as how many of them found a changed text
        )""")


@migrations()
def m024_run_records(db: Database) -> None:
    """What a crawl cost and how good its pages were; which crawls one `scrapy due` ran."""
    db.execute("""
        CREATE TABLE rounds (
            id INTEGER PRIMARY KEY,
            started TEXT NOT NULL,
            finished TEXT,               -- NULL while it runs, and for good if it was killed
            exit_code INTEGER,
            said TEXT                    -- what it said was wrong
        )""")
    for column in (
        "round_id INTEGER REFERENCES rounds (id)",
        "requests INTEGER NOT NULL DEFAULT 0",  # all of them: robots.txt, channels, pages, redirects, second tries
        "bytes INTEGER NOT NULL DEFAULT 0",  # of bodies, as they were received
        "channels_unchanged INTEGER NOT NULL DEFAULT 0",  # answered with 304, or the same body
        "gaps INTEGER NOT NULL DEFAULT 0",  # channels that named nothing which they had named before
        "unreachable INTEGER NOT NULL DEFAULT 0",  # not one channel gave any answer
        "examples TEXT NOT NULL DEFAULT '{}'",  # JSON: reason of a drop or failure -> a page
        "quality TEXT NOT NULL DEFAULT '{}'",  # JSON: of the pages that were extracted, how many have what
    ):
        db.execute(f"ALTER TABLE runs ADD COLUMN {column}")
    db.execute("CREATE INDEX runs_round ON runs (round_id)")


@migrations()
def m025_complaints(db: Database) -> None:
    """What is wrong with sites, so that it is said once and then once a day, not in every run."""
    db.execute("""
        CREATE TABLE complaints (
            site TEXT NOT NULL,
            rule TEXT NOT NULL,
            began TEXT NOT NULL,         -- when it was first noticed
            told TEXT NOT NULL,          -- when it was last said
            sentence TEXT NOT NULL,
            PRIMARY KEY (site, rule)
        )""")


@migrations()
def m026_blocked(db: Database) -> None:
    """A consent or bot wall is an outcome of its own; it was a drop with the reason `blocked`."""
    db.execute("ALTER TABLE runs ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0")
    for column in ("reasons", "examples"):
        was = f"json_extract({column}, '$.blocked')"
        renamed = f"json_remove(json_set({column}, '$.wall', {was}), '$.blocked')"
        db.execute(f"UPDATE runs SET {column} = {renamed} WHERE {was} IS NOT NULL")
    walls = "json_extract(reasons, '$.wall')"
    db.execute(f"UPDATE runs SET blocked = {walls}, dropped = dropped - {walls} WHERE {walls} IS NOT NULL")
    db.execute("UPDATE pages SET outcome = 'blocked', reason = 'wall' WHERE outcome = 'dropped' AND reason = 'blocked'")


@migrations()
def m027_tdm(db: Database) -> None:
    """The file in which a host reserves its paths from text and data mining, kept as its robots.txt is."""
    for column in ("tdm BLOB", "tdm_status INTEGER", "tdm_fetched TEXT"):
        db.execute(f"ALTER TABLE hosts ADD COLUMN {column}")
