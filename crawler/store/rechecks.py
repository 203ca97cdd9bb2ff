"""Second looks at stored articles: when, and what they find. All of it runs inside the write transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from crawler.items import PageResult
from crawler.schedule.revisit import RevisitPolicy, look_pace
from crawler.store.times import from_text, to_text

# After a "modified" of a channel that turned out to be no change, the next one is believed so much later, and so on
# twice as long: some feeds date every item with the moment of the request.
_BELIEVED_AFTER = timedelta(hours=1)
# So many looks at a site's articles tell how often it corrects itself; older ones count half.
_REMEMBERED_LOOKS = 200
# A page that has gone is asked once more, for it may have been a mistake of the server.
_CONFIRM_GONE = timedelta(days=1)


def was_modified(modified: datetime | None, fetched: datetime | None, looked: int, now: datetime) -> bool:
    """Whether a channel's word that a page was modified is reason to look at it again."""
    if modified is None or fetched is None or not fetched < modified <= now + timedelta(days=1):
        return False
    return now - fetched >= _BELIEVED_AFTER * 2.0 ** min(looked, 12)


def after_answer(
    db: Database,
    before: dict[str, Any],
    result: PageResult,
    article_id: int | None,
    now: datetime,
    policy: RevisitPolicy,
) -> dict[str, Any]:
    """What an answer changes in its page's row, besides the outcome: validators, directives, the next look."""
    page = result.page
    change: dict[str, Any] = {}
    if page.body_hash is not None:  # not for a 304, after which the earlier ones hold
        change["directives"] = " ".join(page.directives) or None
        # What was dropped must be read again, also when only the extraction has changed by then.
        kept = result.outcome != "dropped"
        for name in ("etag", "last_modified", "body_hash"):
            change[name] = getattr(page, name) if kept else None
    is_look = before["state"] == "done"
    if is_look:
        corrected = result.outcome == "updated"
        change |= {"attempts": 0, "rechecks": 0 if corrected else before["rechecks"] + 1}
        _count_look(db, page.site, corrected=corrected)
        if result.article is None and article_id is not None and result.outcome == "unchanged":
            db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", [to_text(now), article_id])
    return change | {"recheck_at": _next_look(db, page.site, before, article_id, now, policy)}


def gone(before: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What changes in the row of a page whose article the site no longer has."""
    if before["gone"]:
        return {"gone": before["gone"], "recheck_at": None, "state": "done"}
    return {"gone": to_text(now), "recheck_at": to_text(now + _CONFIRM_GONE), "state": "done"}


def note_gone(db: Database, article_id: int | None, since: str | None) -> None:
    """Mark an article as gone from its site, or as there again."""
    if article_id is not None:
        db.execute("UPDATE articles SET gone = ? WHERE id = ? AND gone IS NOT ?", [since, article_id, since])


def _next_look(
    db: Database, site: str, before: dict[str, Any], article_id: int | None, now: datetime, policy: RevisitPolicy
) -> str | None:
    if article_id is None or not policy.look_ages:
        return None
    published, precision = db.execute(
        "SELECT published, published_precision FROM articles WHERE id = ?", [article_id]
    ).fetchone()
    # A date that names only the day says nothing about the hours that follow the publication.
    said = from_text(published if precision != "day" else None) or from_text(before["published"])
    born = min(said or from_text(before["discovered"]) or now, now)
    looks, corrections = db.execute("SELECT rechecks, corrections FROM sites WHERE site = ?", [site]).fetchone() or (
        0,
        0,
    )
    return to_text(policy.look_at(born, now, look_pace(looks, corrections)))


def _count_look(db: Database, site: str, *, corrected: bool) -> None:
    db.execute("INSERT INTO sites (site) VALUES (?) ON CONFLICT (site) DO NOTHING", [site])
    db.execute(
        "UPDATE sites SET rechecks = rechecks + 1, corrections = corrections + ? WHERE site = ?", [int(corrected), site]
    )
    db.execute(
        "UPDATE sites SET rechecks = rechecks / 2, corrections = corrections / 2 WHERE site = ? AND rechecks >= ?",
        [site, _REMEMBERED_LOOKS],
    )
