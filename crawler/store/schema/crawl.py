"""Tables of what the crawls did and remember: runs, pages, channels, hosts, sites."""

from __future__ import annotations

SCHEDULER_RUNS = """
    CREATE TABLE scheduler_runs (
        id INTEGER PRIMARY KEY,
        started TEXT NOT NULL,
        finished TEXT,               -- NULL while it runs, and for good if it was killed
        exit_code INTEGER,
        message TEXT                 -- the errors it reported
    )"""

RUNS = """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        site TEXT NOT NULL,
        scheduler_run_id INTEGER REFERENCES scheduler_runs (id),  -- the `rasid due` that started it
        started TEXT NOT NULL,
        finished TEXT,               -- NULL while it runs, and for good if it was killed
        finish_reason TEXT,          -- finished, unreachable, unusable (no channel could be used), shutdown, failed ...
        arguments TEXT NOT NULL,     -- JSON: the -a arguments
        discovered INTEGER NOT NULL DEFAULT 0,  -- URLs that were not known before
        requested INTEGER NOT NULL DEFAULT 0,   -- article pages requested; the sum of the next nine
        new INTEGER NOT NULL DEFAULT 0,
        updated INTEGER NOT NULL DEFAULT 0,
        unchanged INTEGER NOT NULL DEFAULT 0,
        duplicate INTEGER NOT NULL DEFAULT 0,
        dropped INTEGER NOT NULL DEFAULT 0,
        blocked INTEGER NOT NULL DEFAULT 0,     -- a consent or bot wall was in the place of the page
        priced INTEGER NOT NULL DEFAULT 0,      -- the site sends the page only for money (status 402)
        failed INTEGER NOT NULL DEFAULT 0,
        unfinished INTEGER NOT NULL DEFAULT 0,  -- the run stopped before their outcome; the next run requests them
        reasons TEXT NOT NULL DEFAULT '{}',     -- JSON: reason of a drop or failure -> pages
        examples TEXT NOT NULL DEFAULT '{}',    -- JSON: reason of a drop or failure -> a page
        skipped TEXT NOT NULL DEFAULT '{}',     -- JSON: why a discovered URL was not requested -> URLs
        channel_problems INTEGER NOT NULL DEFAULT 0,
        channels_unchanged INTEGER NOT NULL DEFAULT 0,  -- channels that answered 304, or with the same body
        gaps INTEGER NOT NULL DEFAULT 0,        -- channels that listed none of the newest articles of the poll before
        requests INTEGER NOT NULL DEFAULT 0,    -- all: robots.txt, channels, pages, redirects, retries
        bytes INTEGER NOT NULL DEFAULT 0,       -- of bodies, as received
        unreachable INTEGER NOT NULL DEFAULT 0, -- 1: no channel gave any answer
        unverified_hosts TEXT NOT NULL DEFAULT '{}', -- JSON: host -> what is wrong with its certificate
        outage TEXT,                            -- the reason for which all pages failed, if that was an outage
        quality TEXT NOT NULL DEFAULT '{}'      -- JSON: how many of the extracted pages have which field
    )"""

RUN_DAYS = """
    CREATE TABLE run_days (
        site TEXT NOT NULL,
        day TEXT NOT NULL,           -- on which the runs began, UTC
        runs INTEGER NOT NULL,       -- number of runs: the finished ones, and killed ones that are no longer in `runs`
        started TEXT NOT NULL,       -- the first one
        finished TEXT NOT NULL,      -- the last one
        answered TEXT,               -- end of the last complete one in which a channel answered
        discovered INTEGER NOT NULL, -- sum of the column of `runs`, like the next two
        requests INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        requested INTEGER NOT NULL,  -- sum of the column of `runs`, without the runs of an outage, like all that follow
        new INTEGER NOT NULL,
        updated INTEGER NOT NULL,
        unchanged INTEGER NOT NULL,
        duplicate INTEGER NOT NULL,
        dropped INTEGER NOT NULL,
        blocked INTEGER NOT NULL,
        priced INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        unfinished INTEGER NOT NULL,
        reasons TEXT NOT NULL,       -- JSON: reason of a drop or failure -> pages
        examples TEXT NOT NULL,      -- JSON: reason of a drop or failure -> the newest such page
        quality TEXT NOT NULL,       -- JSON: how many of the extracted pages have which field
        PRIMARY KEY (site, day)
    ) WITHOUT ROWID"""

SITE_TEMPLATES = """
    CREATE TABLE site_templates (
        site TEXT PRIMARY KEY,
        template TEXT,               -- JSON: the paths that were learnt; NULL while none is known
        since TEXT,                  -- when it was learnt
        given INTEGER NOT NULL,      -- pages that were read by it
        missed TEXT NOT NULL,        -- JSON: reason -> pages that it could not give
        checks TEXT NOT NULL,        -- the latest checked pages: 1 where both readings agreed, else 0
        state TEXT NOT NULL          -- JSON: what is known for the next template; paths and numbers, no texts
    ) WITHOUT ROWID"""

SITES = """
    CREATE TABLE sites (
        site TEXT PRIMARY KEY,
        last_poll TEXT,              -- end of the last crawl
        last_success TEXT,           -- end of the last crawl in which a channel answered
        failures INTEGER NOT NULL DEFAULT 0,     -- crawls since then
        interval REAL,               -- seconds from the last poll to the next one
        next_poll TEXT,              -- `rasid due` does not crawl it before
        examined TEXT,               -- when `rasid due` last examined its health
        outage_since TEXT,           -- since when all its pages fail alike; NULL: they do not
        outage_reason TEXT,          -- the reason of these failures
        set_aside_tried TEXT,        -- when pages that were set aside were last tried
        rechecks INTEGER NOT NULL DEFAULT 0,     -- rechecks of its articles; the count is halved now and then
        corrections INTEGER NOT NULL DEFAULT 0,  -- rechecks that found a changed text; halved with `rechecks`
        ledger_closed TEXT           -- when days of its ledger were last closed
    )"""

CHANNELS = """
    CREATE TABLE channels (
        site TEXT NOT NULL,
        url TEXT NOT NULL,
        kind TEXT NOT NULL,          -- feed, news_sitemap, sitemap, wordpress, section
        checked TEXT NOT NULL,
        status INTEGER,              -- HTTP status of the last answer
        problem TEXT,                -- what was wrong with the last answer, or NULL
        candidates INTEGER NOT NULL, -- article URLs in the last answer
        new INTEGER NOT NULL,        -- of these, not known before
        quiet INTEGER NOT NULL DEFAULT 0,  -- consecutive good answers that listed nothing new
        last_new TEXT,               -- when it last listed a page that was not known before
        longest_silence REAL NOT NULL DEFAULT 0,  -- seconds: the longest time without such a page, at most a week
        received TEXT,               -- when it was last received whole, not as a 304
        validators_wrong TEXT,       -- when it turned out that it answers 304 although it has changed
        etag TEXT,                   -- validators of its last good answer
        last_modified TEXT,
        body_hash TEXT,
        read_as TEXT,                -- what besides the body determined the result: profile and arguments
        succeeded TEXT,              -- last answer that could be used
        failing_since TEXT,          -- first of the consecutive answers that could not be used
        completed TEXT,              -- when it and all documents that it leads to were last read
        continue_at TEXT,            -- page of an API at which the next run goes on reading its archive, or NULL
        newest TEXT,                 -- JSON: ids of the newest pages in its last answer that listed any
        foreign_hosts TEXT NOT NULL DEFAULT '{}',  -- JSON: host that is not the site's -> many of its links
        oldest_listed TEXT,          -- the oldest date in its last answer
        newest_listed TEXT,          -- the newest date in its last answer
        PRIMARY KEY (site, url)
    )"""

GAPS = """
    CREATE TABLE gaps (
        id INTEGER PRIMARY KEY,
        site TEXT NOT NULL,
        channel_url TEXT NOT NULL,
        noticed TEXT NOT NULL,
        since TEXT,                  -- the newest date that the channel had listed before
        until TEXT,                  -- the oldest date of the unknown pages that it lists now
        closed TEXT,                 -- when the channels that reach further back had been read; NULL: not yet
        closed_by TEXT,              -- their kinds; 'nothing' if the site has none that could be read
        new INTEGER                  -- pages that they listed and that were not known before
    )"""

URL_SHAPES = """
    CREATE TABLE url_shapes (
        site TEXT NOT NULL,
        shape TEXT NOT NULL,         -- of URLs, like /news/Y/N/S: crawler/url_shape.py
        articles INTEGER NOT NULL,   -- pages of this shape that were articles
        others INTEGER NOT NULL,     -- pages of this shape that were not
        PRIMARY KEY (site, shape)
    ) WITHOUT ROWID"""

PAGES = """
    CREATE TABLE pages (
        id INTEGER PRIMARY KEY,
        site TEXT NOT NULL,
        url TEXT NOT NULL,           -- canonical form
        state TEXT NOT NULL CHECK (state IN ('pending', 'set_aside', 'done', 'given_up')),
        outcome TEXT,                -- of the last request
        reason TEXT,
        status INTEGER,              -- HTTP status of the last answer
        final_url TEXT,              -- after redirects
        article_id INTEGER REFERENCES articles (id),
        discovered TEXT NOT NULL,
        last_listed TEXT NOT NULL,   -- when a channel last listed it
        fetched TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_attempt TEXT,           -- a pending page is not requested before; NULL: at once
        recheck_at TEXT,             -- when a finished page is requested again; NULL: never
        rechecks INTEGER NOT NULL DEFAULT 0,  -- since its text last changed
        gone TEXT,                   -- since when it answers 404 or 410
        etag TEXT,                   -- validators of its last good answer
        last_modified TEXT,
        body_hash TEXT,
        certificate_problem TEXT,    -- what is wrong with the certificate of its last answer, if it was accepted
        directives TEXT,             -- its robots directives: noarchive, noai, tdm ..., separated by spaces
        published TEXT,              -- according to the channel; determines the order of requests
        candidate TEXT NOT NULL,     -- JSON: everything that the channel listed with it
        UNIQUE (site, url)
    )"""

# A feed lists the same pages at each poll: numbers, because these rows are the most of all.
LISTING_CHANNELS = """
    CREATE TABLE listing_channels (
        id INTEGER PRIMARY KEY,
        site TEXT NOT NULL,
        url TEXT NOT NULL,           -- of the channel in the profile; a child sitemap belongs to its index
        kind TEXT NOT NULL,          -- as in `channels`
        since TEXT NOT NULL,         -- when it first listed a page
        last_added TEXT NOT NULL,    -- when it last listed a page that it had not listed before
        longest_pause REAL NOT NULL DEFAULT 0,  -- seconds: the longest time without such a page, at most a week
        UNIQUE (site, url)
    )"""

LISTINGS = """
    CREATE TABLE listings (
        page_id INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
        channel_id INTEGER NOT NULL REFERENCES listing_channels (id) ON DELETE CASCADE,
        PRIMARY KEY (page_id, channel_id)
    ) WITHOUT ROWID"""

LEDGER_DAYS = """
    CREATE TABLE ledger_days (
        site TEXT NOT NULL,
        day TEXT NOT NULL,
        counts TEXT NOT NULL,        -- JSON: the counts of v_ledger when the day was closed
        closed TEXT NOT NULL,        -- when it was closed, for the last time if it was reopened
        reopened TEXT,               -- why it was reopened before that
        PRIMARY KEY (site, day)
    ) WITHOUT ROWID"""

HOSTS = """
    CREATE TABLE hosts (
        host TEXT PRIMARY KEY,       -- with its port, if the URL has one
        not_before TEXT,             -- Retry-After: no request before
        last_request TEXT,
        crawl_delay REAL,            -- seconds, from robots.txt
        robots BLOB,                 -- robots.txt as received
        robots_status INTEGER,
        robots_fetched TEXT,
        tdm BLOB,                    -- /.well-known/tdmrep.json as received: reservations of text and data mining
        tdm_status INTEGER,
        tdm_fetched TEXT
    )"""

FINDINGS = """
    CREATE TABLE findings (
        site TEXT NOT NULL,
        rule TEXT NOT NULL,
        since TEXT NOT NULL,         -- when the problem was first found
        last_notified TEXT NOT NULL, -- when it was last reported
        message TEXT NOT NULL,
        problem_since TEXT,          -- since when there is the problem, as far as that is known
        example TEXT,                -- URL of a page or channel that shows it
        PRIMARY KEY (site, rule)
    )"""

DOUBTFUL_SPANS = """
    CREATE TABLE doubtful_spans (
        site TEXT PRIMARY KEY,
        since TEXT NOT NULL,         -- begin of the first run whose pages are doubtful
        until TEXT,                  -- when the health rules no longer found it; NULL: they still do
        rules TEXT NOT NULL,         -- the rules that found it, separated by spaces
        mended TEXT                  -- when its pages were extracted again, if articles have changed by that
    ) WITHOUT ROWID"""

INDEXES = """
    CREATE INDEX runs_site ON runs (site, started);
    CREATE INDEX runs_started ON runs (started);
    CREATE INDEX scheduler_runs_started ON scheduler_runs (started);
    CREATE INDEX runs_scheduler_run ON runs (scheduler_run_id);
    CREATE INDEX gaps_open ON gaps (site) WHERE closed IS NULL;
    CREATE INDEX gaps_unfilled ON gaps (site, closed) WHERE closed_by = 'nothing';
    CREATE INDEX pages_pending ON pages (site, published DESC, id) WHERE state = 'pending';
    CREATE INDEX pages_set_aside ON pages (site, published DESC, id) WHERE state = 'set_aside';
    CREATE INDEX pages_waiting ON pages (site, next_attempt) WHERE state = 'pending';
    CREATE INDEX pages_recheck_at ON pages (site, recheck_at) WHERE recheck_at IS NOT NULL;
    CREATE INDEX pages_discovered ON pages (site, discovered);
    CREATE INDEX listings_channel ON listings (channel_id);
    CREATE INDEX pages_article ON pages (article_id);
    CREATE INDEX pages_url ON pages (url);
    CREATE INDEX pages_final_url ON pages (final_url)"""

SCHEMA = (
    SCHEDULER_RUNS,
    RUNS,
    RUN_DAYS,
    SITES,
    SITE_TEMPLATES,
    CHANNELS,
    GAPS,
    URL_SHAPES,
    PAGES,
    LISTING_CHANNELS,
    LISTINGS,
    LEDGER_DAYS,
    HOSTS,
    FINDINGS,
    DOUBTFUL_SPANS,
    *INDEXES.split(";"),
)
