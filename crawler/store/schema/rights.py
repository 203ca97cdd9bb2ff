"""Tables of what sites say of the uses of their pages, with the evidence."""

from __future__ import annotations

RIGHTS_FILES = """
    CREATE TABLE rights_files (
        url TEXT NOT NULL,           -- of a robots.txt, tdmrep.json or RSL document
        digest TEXT NOT NULL,        -- of the body; the signals in `rights` refer to it
        body BLOB NOT NULL,          -- as received
        status INTEGER NOT NULL,     -- HTTP status
        first_fetched TEXT NOT NULL,
        last_fetched TEXT NOT NULL,
        PRIMARY KEY (url, digest)
    )"""

# The same is said of most pages of a site: it is stored once.
RIGHTS = """
    CREATE TABLE rights (
        id INTEGER PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE, -- of the signals
        signals TEXT NOT NULL,       -- JSON: each signal with its kind, place, exact text, effects, problem and file
        search TEXT NOT NULL,        -- reserved, allowed or unknown: for search results
        ai_train TEXT NOT NULL,      -- the same for the training of generative AI models
        tdm TEXT NOT NULL,           -- the same for text and data mining
        all_uses TEXT NOT NULL       -- the same for every use of every part
    )"""

PAGE_RIGHTS = """
    CREATE TABLE page_rights (
        page_id INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
        rights_id INTEGER NOT NULL REFERENCES rights (id),
        since TEXT NOT NULL,         -- first fetch of the page that said this
        last_seen TEXT NOT NULL,     -- last fetch of the page that said this
        is_current INTEGER NOT NULL, -- 0: a later fetch said something else, or nothing
        PRIMARY KEY (page_id, rights_id)
    ) WITHOUT ROWID"""

SCHEMA = (RIGHTS_FILES, RIGHTS, PAGE_RIGHTS)
