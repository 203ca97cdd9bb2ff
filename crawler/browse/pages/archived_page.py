"""The archived page of an article, as it was, without scripts and without the network."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from crawler.browse.pages.page import read, render
from crawler.browse.replay import POLICY, ReplayError, replay
from crawler.browse.surroundings import surroundings
from crawler.store.read.archived import archived_records


async def archived_page(request: Any, datasette: Any) -> Any:
    """The page that the stored text was extracted from; with `?record=`, another one of the same article."""
    from datasette import Response

    number = int(request.url_vars["id"])

    records = await read(datasette, lambda db: archived_records(db, number))
    chosen = request.args.get("record")
    record = next((each for each in records if chosen is None or str(each.id) == chosen), None)
    around = surroundings()
    if record is None or around.archive is None:
        return await render(
            datasette, request, "not_archived", {"number_text": str(number)}, status=404, headers=_FRAMED
        )
    show = partial(replay, around.archive, record.location, max_bytes=around.page_bytes, language=record.language)
    try:
        page = await asyncio.to_thread(show)
    except ReplayError as error:
        context = {"number_text": str(number), "problem": str(error)}
        return await render(datasette, request, "not_archived", context, status=404, headers=_FRAMED)
    headers = {"content-security-policy": POLICY, "x-dns-prefetch-control": "off"}
    return Response.html(page, headers=headers)


# Our own page in the place of the archived one: without scripts as well, and only our own pages frame it.
_FRAMED = {
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'self'",
}
