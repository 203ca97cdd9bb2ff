"""The schema as an append-only list of migrations. Never edit a released one: add the next."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("rasid")


@migrations()
def m001_runs_channels_pages(db: Database) -> None:
    """What the crawls did, where they looked, and every URL they ever heard of."""
    db.execute("""
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            site TEXT NOT NULL,
            started TEXT NOT NULL,
            finished TEXT,               -- NULL while it runs, and for good if it was killed
            ended TEXT,                  -- why it ended: finished, shutdown, failed ...
            arguments TEXT NOT NULL,     -- JSON: what -a said
            discovered INTEGER NOT NULL DEFAULT 0,  -- URLs never heard of before
            requested INTEGER NOT NULL DEFAULT 0,   -- article pages asked for; the sum of the next seven
            new INTEGER NOT NULL DEFAULT 0,
            updated INTEGER NOT NULL DEFAULT 0,
            unchanged INTEGER NOT NULL DEFAULT 0,
            duplicate INTEGER NOT NULL DEFAULT 0,
            dropped INTEGER NOT NULL DEFAULT 0,
            failed INTEGER NOT NULL DEFAULT 0,
            unfinished INTEGER NOT NULL DEFAULT 0,  -- the run was stopped before their end; the next one takes them up
            reasons TEXT NOT NULL DEFAULT '{}',     -- JSON: reason of a drop or failure -> pages
            skipped TEXT NOT NULL DEFAULT '{}',     -- JSON: why a discovered URL was not asked for -> URLs
            channel_problems INTEGER NOT NULL DEFAULT 0
        )""")
    db.execute("CREATE INDEX runs_site ON runs (site, started)")
    db.execute("""
        CREATE TABLE channels (
            site TEXT NOT NULL,
            url TEXT NOT NULL,
            kind TEXT NOT NULL,          -- feed, news_sitemap, sitemap, wordpress, section
            checked TEXT NOT NULL,
            status INTEGER,              -- HTTP status of the last answer
            problem TEXT,                -- why the last answer was of no use, or NULL
            candidates INTEGER NOT NULL, -- article URLs in the last answer
            new INTEGER NOT NULL,        -- of these, never heard of before
            PRIMARY KEY (site, url)
        )""")
    db.execute("""
        CREATE TABLE pages (
            id INTEGER PRIMARY KEY,
            site TEXT NOT NULL,
            url TEXT NOT NULL,           -- canonical form
            state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'given_up')),
            outcome TEXT,                -- of the last request
            reason TEXT,
            status INTEGER,              -- HTTP status of the last answer
            final_url TEXT,              -- after redirects
            article_id INTEGER REFERENCES articles (id),
            discovered TEXT NOT NULL,
            advertised TEXT NOT NULL,    -- when a channel last named it
            fetched TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            published TEXT,              -- what the channel said; decides the order of requests
            candidate TEXT NOT NULL,     -- JSON: all that the channel said of it
            UNIQUE (site, url)
        )""")
    db.execute("CREATE INDEX pages_pending ON pages (site, published DESC, id) WHERE state = 'pending'")
    db.execute("CREATE INDEX pages_article ON pages (article_id)")
    db.execute("CREATE INDEX pages_url ON pages (url)")
    db.execute("CREATE INDEX pages_final_url ON pages (final_url)")


@migrations()
def m002_articles(db: Database) -> None:
    """What was extracted: the current text of each article, its earlier ones, and what it says of others."""
    db.execute("""
        CREATE TABLE articles (
            id INTEGER PRIMARY KEY,
            url TEXT NOT NULL UNIQUE,    -- canonical; the identity of the article
            page_url TEXT NOT NULL,      -- the page it is extracted from; another page that leads to it is a duplicate
            site TEXT NOT NULL,
            title TEXT NOT NULL,
            subtitle TEXT,
            body TEXT NOT NULL,          -- one paragraph a line
            authors TEXT NOT NULL,       -- JSON list
            source TEXT,
            category TEXT,
            tags TEXT NOT NULL,          -- JSON list
            language TEXT,               -- ISO 639-1
            published TEXT,              -- ISO 8601, UTC
            published_raw TEXT,          -- as the page wrote it
            published_from TEXT,         -- the signal it was read from
            published_precision TEXT,    -- second, minute or day
            modified TEXT,
            image_url TEXT,
            word_count INTEGER NOT NULL,
            paywalled INTEGER NOT NULL DEFAULT 0,
            first_seen TEXT NOT NULL,
            last_seen TEXT NOT NULL,
            duplicate_of INTEGER REFERENCES articles (id),  -- the first article with the same text
            story_id INTEGER REFERENCES articles (id),      -- the first article of its story; its own id if it is that
            fingerprint TEXT NOT NULL,   -- equal for texts that are the same but for spelling marks
            provenance TEXT NOT NULL     -- JSON: field -> where its value came from
        )""")
    db.execute("CREATE INDEX articles_fingerprint ON articles (fingerprint)")
    db.execute("CREATE INDEX articles_site ON articles (site, published)")
    db.execute("CREATE INDEX articles_published ON articles (published)")
    db.execute("CREATE INDEX articles_duplicate_of ON articles (duplicate_of)")
    db.execute("CREATE INDEX articles_story ON articles (story_id)")
    db.execute("""
        CREATE TABLE related_articles (
            article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,   -- order on the page
            kind TEXT NOT NULL CHECK (kind IN ('block', 'inline', 'embedded')),
            title TEXT,
            url TEXT,                    -- canonical
            text TEXT,                   -- the other article's paragraphs, where the page carried them
            target_id INTEGER REFERENCES articles (id),  -- the other article, once it is stored
            PRIMARY KEY (article_id, position)
        )""")
    db.execute("CREATE INDEX related_articles_url ON related_articles (url)")
    db.execute("CREATE INDEX related_articles_target ON related_articles (target_id)")
    db.execute("""
        CREATE TABLE revisions (
            id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            replaced TEXT NOT NULL,      -- when the newer version was seen
            kind TEXT NOT NULL,          -- update: the site changed its page
            previous TEXT NOT NULL       -- JSON: the changed fields as they were before
        )""")
    db.execute("CREATE INDEX revisions_article ON revisions (article_id, id)")


@migrations()
def m010_passages(db: Database) -> None:
    """The memory that tells embedded texts, what a site repeats, and copies."""
    db.execute("""
        CREATE TABLE passages (
            mark INTEGER NOT NULL,       -- of a line, or of a sentence, that copies share (similarity/sentences.py)
            article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,   -- the paragraph, from 0
            PRIMARY KEY (mark, article_id, position)
        ) WITHOUT ROWID""")
    db.execute("CREATE INDEX passages_article ON passages (article_id)")
    db.execute("""
        CREATE TABLE boilerplate (
            site TEXT NOT NULL,
            mark INTEGER NOT NULL,       -- of the line, as in passages
            line TEXT NOT NULL,          -- as one of the pages has it
            articles INTEGER NOT NULL,   -- how many had it when it was learnt
            learnt TEXT NOT NULL,
            PRIMARY KEY (site, mark)
        )""")
    db.execute(
        # 1: a pointer whose article is not stored is followed by paragraphs that may be that article's
        "ALTER TABLE articles ADD COLUMN embedded_suspected INTEGER NOT NULL DEFAULT 0"
    )
    # how many paragraphs of the body stand before it; NULL if it stands beside the body, or that is not known
    db.execute("ALTER TABLE related_articles ADD COLUMN place INTEGER")


@migrations()
def m011_stories(db: Database) -> None:
    """What copies are copies of, and how near."""
    db.execute("""
        CREATE TABLE story_edges (
            article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            copy_of INTEGER NOT NULL REFERENCES articles (id),  -- the article it was found to share its text with
            similarity REAL NOT NULL,    -- share of the shorter one's sentences that are the other's; 1 if all are
            shared_sentences INTEGER NOT NULL,
            lag INTEGER                  -- seconds it was published after the first of its story; negative if before
        )""")
    db.execute("CREATE INDEX story_edges_copy_of ON story_edges (copy_of)")
    db.execute("""
        CREATE TABLE stories (           -- only those with copies; an article without one is its own story
            id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,  -- articles.story_id: the first one seen
            first_id INTEGER NOT NULL REFERENCES articles (id),  -- the first one published; its site is the publisher
            articles INTEGER NOT NULL    -- how many articles the story has
        )""")


@migrations()
def m012_url_aliases(db: Database) -> None:
    """Every address under which an article was ever met."""
    db.execute("""
        CREATE TABLE url_aliases (
            url TEXT PRIMARY KEY,        -- canonical form
            article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,          -- own, canonical (own, as its page says), page (was asked), redirect, final
            twin_key TEXT NOT NULL       -- equal for its forms with or without /amp, m., www., a last slash, https
        ) WITHOUT ROWID""")
    db.execute("CREATE INDEX url_aliases_twin_key ON url_aliases (twin_key)")
    db.execute("CREATE INDEX url_aliases_article ON url_aliases (article_id)")


@migrations()
def m040_archive(db: Database) -> None:
    """Where the pages are kept that the articles were extracted from."""
    db.execute("""
        CREATE TABLE archive (
            id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            file TEXT NOT NULL,          -- name in the archive's folder; full path of a file elsewhere
            offset INTEGER NOT NULL,     -- of the WARC record in the file, in bytes
            length INTEGER NOT NULL,     -- of the compressed record
            digest TEXT NOT NULL,        -- of the page's bytes: sha1 in base32
            fetched TEXT NOT NULL,
            current INTEGER NOT NULL,    -- 1: the stored text was extracted from it; 0: an earlier version of the page
            UNIQUE (file, offset)
        )""")
    db.execute("CREATE UNIQUE INDEX archive_current ON archive (article_id) WHERE current = 1")
    db.execute("CREATE INDEX archive_article ON archive (article_id)")
