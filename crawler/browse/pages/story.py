"""The page of a story: its articles across sites in the order of time, and what each changed."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from crawler.browse.differences import difference
from crawler.browse.languages import language_of
from crawler.browse.pages.page import is_link, read, render
from crawler.browse.pages.printing import bounded, printing
from crawler.store.database import Database
from crawler.store.read.story import MAX_ARTICLES, Stories, Story
from crawler.text import direction

_COMPARED_CHARS = 2_000_000
"""Characters of all texts of a story that are compared; the texts after them are only named. Chosen by hand: some 500
articles of usual length."""


async def story_page(request: Any, datasette: Any) -> Any:
    """A story. The number of any of its articles leads to it."""
    from datasette import Response

    number = int(request.url_vars["id"])

    def question(db: Database) -> tuple[int | None, Story | None]:
        story_id = Stories(db).story_of(number)
        return story_id, Stories(db).story(story_id) if story_id == number else None

    story_id, story = await read(datasette, question)
    if story_id is not None and story_id != number:
        return Response.redirect(f"/-/story/{story_id}")
    if story is None:
        return await render(datasette, request, "missing", {"number_text": str(number)}, status=404)
    first = next((row for row in story.articles if row["id"] == story.first_id), story.articles[0])
    context: dict[str, Any] = {"story": story, "first": first, "events": _events(story, first), "most": MAX_ARTICLES}
    context |= {"is_link": is_link, "direction_of": direction}
    return await render(datasette, request, "story", context | printing(language_of(request).code))


def _events(story: Story, first: dict[str, Any]) -> list[dict[str, Any]]:
    """What happened, in the order of time: each article, and each change of one."""
    room, events = _COMPARED_CHARS, []
    for row in story.articles:
        moment = row["published"] or row["first_seen"]
        row["similarity"] = bounded(row["similarity"], 0, 1)
        event = {"kind": "published", "moment": moment, "article": row, "lag": _lag(first, moment)}
        if row is not first:
            room -= len(row["body"])
            event["is_same"] = row["body"] == first["body"]
            event["changes"] = difference(first["body"], row["body"]) if room > 0 else None
        events.append(event)
        for before, after in pairwise(row["versions"]):
            if after["kind"] == "update":
                room -= len(after["body"])
                events.append(_change(first, row, before, after, is_compared=room > 0))
    return sorted(events, key=lambda event: (event["moment"], event["article"]["id"], event["kind"] == "changed"))


def _change(
    first: dict[str, Any], row: dict[str, Any], before: dict[str, Any], after: dict[str, Any], *, is_compared: bool
) -> dict[str, Any]:
    """The change of an article from one version to the next."""
    return {
        "kind": "changed",
        "moment": after["seen"],
        "article": row,
        "lag": _lag(first, after["seen"]),
        "title": after["title"],
        "title_changes": difference(before["title"], after["title"]) if before["title"] != after["title"] else [],
        "changes": difference(before["body"], after["body"]) if is_compared else None,
    }


def _lag(first: dict[str, Any], moment: str) -> float | None:
    """Seconds since the first article was published; None if one of the times is not valid."""
    try:
        begin = datetime.fromisoformat(first["published"] or first["first_seen"])
        return (datetime.fromisoformat(moment) - begin).total_seconds()
    except (ValueError, TypeError):
        return None
