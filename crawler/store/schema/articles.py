"""Tables of what was extracted: articles, their related articles and copies, and where their pages are archived."""

from __future__ import annotations

ARTICLES = """
    CREATE TABLE articles (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,    -- canonical; the identity of the article
        page_url TEXT NOT NULL,      -- the page it is extracted from; another page that leads to it is a duplicate
        site TEXT NOT NULL,
        title TEXT NOT NULL,
        subtitle TEXT,
        body TEXT NOT NULL,          -- one paragraph a line
        structure TEXT,              -- what its paragraphs are: ## p3 -p2 ...; NULL if all are plain paragraphs
        authors TEXT NOT NULL,       -- JSON list
        source TEXT,
        category TEXT,
        tags TEXT NOT NULL,          -- JSON list
        language TEXT,               -- ISO 639-1
        published TEXT,              -- ISO 8601, UTC
        published_raw TEXT,          -- as the page wrote it
        published_from TEXT,         -- the signal it was read from
        published_precision TEXT,    -- second, minute, hour or day
        published_zone TEXT,         -- where its time zone comes from: page +02:00, profile, inferred, url, assumed
        modified TEXT,
        image_url TEXT,
        word_count INTEGER NOT NULL,
        paywalled INTEGER NOT NULL DEFAULT 0,
        confidence REAL,             -- expected F1 of the body, 0 to 1; NULL if a spider of one's own read it
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        gone TEXT,                   -- since when the site no longer shows it; it stays stored
        duplicate_of INTEGER REFERENCES articles (id),  -- the first article with the same text
        story_id INTEGER REFERENCES articles (id),      -- the first article of its story; its own id if it is that
        fingerprint TEXT NOT NULL,   -- equal for texts that are the same but for spelling marks
        provenance TEXT NOT NULL,    -- JSON: field -> where its value came from
        extractor TEXT,              -- program and library that extracted it, with their versions
        embedded_suspected INTEGER NOT NULL DEFAULT 0,  -- 1: the body may contain another article's paragraphs
        is_notice INTEGER NOT NULL DEFAULT 0  -- 1: the text is a notice that other pages of the site show too
    )"""

URL_ALIASES = """
    CREATE TABLE url_aliases (
        url TEXT PRIMARY KEY,        -- canonical form
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,          -- own, canonical (own, as its page says), page (was requested), redirect, final
        variant_key TEXT NOT NULL    -- equal for its forms with or without /amp, m., www., a last slash, https
    ) WITHOUT ROWID"""

RELATED_ARTICLES = """
    CREATE TABLE related_articles (
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,   -- order on the page
        kind TEXT NOT NULL CHECK (kind IN ('block', 'inline', 'embedded')),
        title TEXT,
        url TEXT,                    -- canonical
        text TEXT,                   -- the other article's paragraphs, where the page contained them
        target_id INTEGER REFERENCES articles (id),  -- the other article, once it is stored
        paragraph_index INTEGER,     -- body paragraphs before it; NULL if unknown, or if it is beside the body
        PRIMARY KEY (article_id, position)
    )"""

REVISIONS = """
    CREATE TABLE revisions (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        replaced TEXT NOT NULL,      -- when the newer version was seen
        kind TEXT NOT NULL,          -- update: the site changed its page; the others: we changed the row
        previous TEXT NOT NULL       -- JSON: the changed fields as they were before
    )"""

SUSPECT_TEXTS = """
    CREATE TABLE suspect_texts (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        title TEXT NOT NULL,         -- as the page shows it now
        body TEXT NOT NULL,          -- what the page shows in place of the stored text
        since TEXT NOT NULL,         -- when it showed this text first
        seen TEXT NOT NULL           -- when it showed it last
    )"""

NOTICES = """
    CREATE TABLE notices (
        id INTEGER PRIMARY KEY,
        site TEXT NOT NULL,
        body TEXT NOT NULL,          -- as the first of its pages showed it
        is_known INTEGER NOT NULL DEFAULT 0,  -- 1: several pages showed it; 0: one page, it may be that page's article
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL
    )"""

NOTICE_PAGES = """
    CREATE TABLE notice_pages (
        site TEXT NOT NULL,
        url TEXT NOT NULL,           -- of the page, as in pages
        notice_id INTEGER NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
        since TEXT NOT NULL,         -- when the page showed the notice first
        PRIMARY KEY (site, url)
    ) WITHOUT ROWID"""

STORIES = """
    CREATE TABLE stories (           -- only those with copies; an article without one is its own story
        id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,  -- articles.story_id: the first one seen
        first_id INTEGER NOT NULL REFERENCES articles (id),  -- the first one published; its site is the publisher
        articles INTEGER NOT NULL    -- number of articles in the story
    )"""

STORY_EDGES = """
    CREATE TABLE story_edges (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        copy_of INTEGER NOT NULL REFERENCES articles (id),  -- the article whose text it shares
        similarity REAL NOT NULL,    -- share of the shorter one's sentences that the other has too; 1 if all
        shared_sentences INTEGER NOT NULL,
        lag INTEGER                  -- seconds it was published after the first of its story; negative if before
    )"""

PASSAGES = """
    CREATE TABLE passages (
        hash INTEGER NOT NULL,       -- of a line, or a shingle hash of a sentence (similarity/sentences.py)
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,   -- the paragraph, from 0
        PRIMARY KEY (hash, article_id, position)
    ) WITHOUT ROWID"""

BOILERPLATE = """
    CREATE TABLE boilerplate (
        site TEXT NOT NULL,
        hash INTEGER NOT NULL,       -- of the line, as in passages
        line TEXT NOT NULL,          -- as one of the pages has it
        articles INTEGER NOT NULL,   -- number of articles that had it when it was learned
        learned TEXT NOT NULL,
        PRIMARY KEY (site, hash)
    )"""

LINE_CHECKS = """
    CREATE TABLE line_checks (
        site TEXT NOT NULL,
        hash INTEGER NOT NULL,       -- of a line, as in passages
        articles INTEGER NOT NULL,   -- number of articles with the line from which on it may be boilerplate of the site
        PRIMARY KEY (site, hash)
    ) WITHOUT ROWID"""

ARCHIVE = """
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
    )"""

SITE_COUNTS = """
    CREATE TABLE site_counts (
        site TEXT PRIMARY KEY,
        articles INTEGER NOT NULL    -- number of its rows in `articles`, without notices
    ) WITHOUT ROWID"""

# Triggers, so that the counts are right whoever adds, deletes or moves articles: to count a million takes a while.
_COUNT_ONE_MORE = """INSERT INTO site_counts VALUES (new.site, 1)
            ON CONFLICT (site) DO UPDATE SET articles = articles + 1;"""
_COUNT_ONE_LESS = """UPDATE site_counts SET articles = articles - 1 WHERE site = old.site;
        DELETE FROM site_counts WHERE site = old.site AND articles = 0;"""
COUNT_TRIGGERS = (
    f"""CREATE TRIGGER articles_count_insert AFTER INSERT ON articles WHEN NOT new.is_notice
        BEGIN {_COUNT_ONE_MORE} END""",
    f"""CREATE TRIGGER articles_count_delete AFTER DELETE ON articles WHEN NOT old.is_notice
        BEGIN {_COUNT_ONE_LESS} END""",
    f"""CREATE TRIGGER articles_count_leave AFTER UPDATE OF site, is_notice ON articles
        WHEN NOT old.is_notice AND (new.is_notice OR old.site IS NOT new.site) BEGIN {_COUNT_ONE_LESS} END""",
    f"""CREATE TRIGGER articles_count_join AFTER UPDATE OF site, is_notice ON articles
        WHEN NOT new.is_notice AND (old.is_notice OR old.site IS NOT new.site) BEGIN {_COUNT_ONE_MORE} END""",
)

INDEXES = """
    CREATE INDEX articles_fingerprint ON articles (fingerprint);
    CREATE INDEX articles_site ON articles (site, published, is_notice);
    CREATE INDEX articles_first_seen ON articles (site, first_seen, published);
    CREATE INDEX articles_published ON articles (published);
    CREATE INDEX articles_duplicate_of ON articles (duplicate_of);
    CREATE INDEX articles_page_url ON articles (page_url);
    CREATE INDEX articles_gone ON articles (id) WHERE gone IS NOT NULL;
    CREATE INDEX url_aliases_variant_key ON url_aliases (variant_key);
    CREATE INDEX url_aliases_article ON url_aliases (article_id);
    CREATE INDEX related_articles_url ON related_articles (url);
    CREATE INDEX related_articles_target ON related_articles (target_id);
    CREATE INDEX revisions_article ON revisions (article_id, id);
    CREATE INDEX revisions_update ON revisions (article_id) WHERE kind = 'update';
    CREATE INDEX suspect_texts_seen ON suspect_texts (seen);
    CREATE INDEX notices_site ON notices (site, last_seen);
    CREATE INDEX notice_pages_notice ON notice_pages (notice_id);
    CREATE INDEX story_edges_copy_of ON story_edges (copy_of);
    CREATE INDEX passages_article ON passages (article_id);
    CREATE UNIQUE INDEX archive_current ON archive (article_id) WHERE current = 1;
    CREATE INDEX archive_article ON archive (article_id)"""

SCHEMA = (
    ARTICLES, URL_ALIASES, RELATED_ARTICLES, REVISIONS, SUSPECT_TEXTS, NOTICES, NOTICE_PAGES, STORIES, STORY_EDGES,
    PASSAGES, BOILERPLATE, LINE_CHECKS, ARCHIVE, SITE_COUNTS, *COUNT_TRIGGERS, *INDEXES.split(";"),
)  # fmt: skip
