"""A database and a home with everything that the pages of sites, runs and the ledger show."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.crawl.site_templates import stored_site
from crawler.extract.templates.site import SiteTemplate
from crawler.store import Store
from crawler.store.findings import RecordedFinding
from crawler.store.templates import StoredTemplate
from crawler.store.times import to_text
from tests.browsing import QUOTED, SCRIPT
from tests.made_up import FEED, HOME, SITE, a_candidate, an_article, enqueue, fail, put

NOW = datetime.now(UTC).replace(microsecond=0)  # the pages show the last days
TODAY = f"{NOW:%Y-%m-%d}"
SITEMAP = HOME + "sitemap.xml"
ODD_NAMES = ["a/b", "x y?z#1", "موقع", SCRIPT, "..", "%2F", "a&b=c", "\u202egnp"]
PROFILE = """title = "The Example"
url = "https://example.org/"
timezone = "Asia/Damascus"
feeds = ["https://example.org/feed"]
min_interval = 7
[headers]
Authorization = "secret-token"
"""
PATHS = ["/-/sites", "/-/site/example", "/-/runs", "/-/run/1", "/-/run/due/1", "/-/ledger", "/-/ledger?site=example",
         "/-/ledger/pages?site=example"]  # fmt: skip


def ago(**delta: float) -> datetime:
    return NOW - timedelta(**delta)


def crawl(store: Store, site: str, when: datetime, *, scheduler_run: int | None = None, **counts: Any) -> None:
    """Record a crawl of 90 seconds."""
    number = store.runs.begin(site, {"tag": "x"}, when, scheduler_run_id=scheduler_run)
    store.runs.finish(number, counts, "finished", when + timedelta(seconds=90))


def poll(store: Store, site: str, when: datetime, *, success: bool = True) -> None:
    store.sites.record_poll(site, when, success=success, next_poll=when + timedelta(hours=1))


def fill(path: Path) -> None:
    """`example` has all that there is to show; `gone` has no profile, `down` fails, `silent` is unhealthy."""
    quality = {"pages": 8, "title": 8, "body": 6, "date": 4, "authors": 2, "judged": 4, "sure": 3}
    with Store(path) as store:
        due = store.runs.begin_scheduler_run(ago(hours=3))
        crawl(store, SITE, ago(hours=3), scheduler_run=due, requested=8, new=5, dropped=2, failed=1, quality=quality,
              reasons={"no_body": 2, "http_404": 1}, examples={"http_404": HOME + "lost"}, bytes=2_500_000)  # fmt: skip
        crawl(store, "down", ago(hours=3), scheduler_run=due, unreachable=1)
        store.runs.finish_scheduler_run(due, ago(hours=2), exit_code=3, message="down: no channel answers")
        crawl(store, "gone", ago(hours=2), requested=1, new=1)
        for name in ("a", "b", "c"):
            put(store, an_article(name, f"Text of {name}.", published=ago(hours=5)), ago(hours=4))
        enqueue(store, *(a_candidate(path) for path in ("lost", "waits")), now=ago(hours=4))
        both = [a_candidate("a", channel="sitemap", channel_url=SITEMAP)]
        store.channels.record_answer(SITE, "sitemap", SITEMAP, both, ago(hours=4), status=200)
        fail(store, "lost", retry=False, reason="http_404")
        for site in (SITE, "gone", "silent"):
            poll(store, site, ago(hours=2))
        poll(store, "down", ago(hours=2), success=False)
        finding = RecordedFinding(site="silent", rule="silent", message=f"nothing new {SCRIPT}", since=ago(days=3))
        store.findings.record({"silent": [finding], SITE: [], "down": []}, ago(hours=1))
        store.templates.save(stored_site(SITE, SiteTemplate(checks="111")))
        store.templates.save(StoredTemplate(site="down", state="["))
    with closing(sqlite3.connect(path)) as db, db:
        add_stale(db)
        db.execute(
            """INSERT INTO gaps (site, channel_url, noticed, since, until, closed, closed_by, new)
               VALUES (?, ?, ?, ?, ?, ?, 'nothing', 2)""",
            [SITE, FEED, to_text(ago(hours=4)), to_text(ago(hours=9)), to_text(ago(hours=6)), to_text(ago(hours=3))],
        )
        for name in ODD_NAMES:
            db.execute("INSERT INTO sites (site, last_poll) VALUES (?, ?)", [name, to_text(NOW)])
            db.execute(
                """INSERT INTO runs (site, started, finished, finish_reason, arguments, reasons, examples)
                   VALUES (?1, ?2, ?3, ?1, ?4, ?5, ?6)""",
                [name, to_text(ago(days=1)), "soon", json.dumps({QUOTED: QUOTED}), json.dumps({SCRIPT: 1}),
                 json.dumps({SCRIPT: "javascript:alert(1)"})],
            )  # fmt: skip


def add_stale(db: sqlite3.Connection) -> None:
    """The site `stale`, whose feed has listed nothing new for five days; its sitemap listed twenty articles."""
    urls = {"feed": "https://stale.example/feed", "sitemap": "https://stale.example/sitemap.xml"}
    added = {"feed": ago(days=5), "sitemap": ago(hours=1)}
    for kind, url in urls.items():
        db.execute(
            """INSERT INTO channels (site, url, kind, checked, status, candidates, new, succeeded)
               VALUES ('stale', ?1, ?2, ?3, 200, 30, 0, ?3)""",
            [url, kind, to_text(NOW)],
        )
        db.execute(
            """INSERT INTO listing_channels (site, url, kind, since, last_added, longest_pause)
               VALUES ('stale', ?, ?, ?, ?, 7200)""",
            [url, kind, to_text(ago(days=40)), to_text(added[kind])],
        )
    for number in range(40):
        found = ago(days=10) + timedelta(hours=6 * number, minutes=-5)
        db.execute(
            """INSERT INTO pages (site, url, state, outcome, status, discovered, last_listed, published, candidate)
               VALUES ('stale', ?1, 'done', 'new', 200, ?2, ?2, ?2, '{}')""",
            [f"https://stale.example/{number}", to_text(found)],
        )
        db.execute(
            """INSERT INTO listings SELECT last_insert_rowid(), id FROM listing_channels
               WHERE site = 'stale' AND (kind = 'sitemap' OR ?)""",
            [found < added["feed"]],
        )
    db.execute(
        "INSERT INTO sites (site, last_poll, last_success, next_poll) VALUES ('stale', ?1, ?1, ?1)", [to_text(NOW)]
    )


def make_home(folder: Path) -> Path:
    """A home with the profiles of some sites, one of them broken and one not enabled."""
    (folder / "settings.toml").touch()
    (folder / "sites").mkdir()
    (folder / "sites" / "example.toml").write_text(PROFILE, "utf-8")
    for name in ("down", "silent", "fresh", "stale"):
        url = f"https://{name}.example/"
        profile = f'title = "{name}"\nurl = "{url}"\n' + (f'feeds = ["{url}feed"]\n' if name == "stale" else "")
        (folder / "sites" / f"{name}.toml").write_text(profile, "utf-8")
    (folder / "sites" / "off.toml").write_text('title = "off"\nurl = "https://off.example/"\nenabled = false\n')
    (folder / "sites" / "broken.toml").write_text("title = <script>\n")
    (folder / "sites" / "dangling.toml").symlink_to(folder / "nothing")
    (folder / "sites" / "folder.toml").mkdir()
    return folder
