"""Named exports that are due: each is written once for its moment, however often and by whomever this is run.

An export is written for the last of its moments that has passed: once for all that passed while the machine was off.
Its file replaces the earlier one when it is complete, and then its state is saved. A process that is killed between the
two leaves the state as it was: the next run writes the same file again, with the later changes in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from crawler import clock
from crawler.crawl.lock import SiteLock
from crawler.export import ExportError, check_folder
from crawler.exporting.named import NamedExport
from crawler.exporting.request import ExportRequest, Written, has_edges, has_related, write_files
from crawler.store import ExportStateError, QueryError, Store
from crawler.store.scheduled_exports import ScheduledState, since_last_name

_PATIENCE = timedelta(hours=1)
"""Chosen by hand: longer than most crawls, and short for who waits for the file."""

Prepare = Callable[[ExportRequest], ExportRequest]


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """How an export ended."""

    name: str
    written: Written | None = None
    problem: str | None = None
    is_news: bool = True
    """Whether the problem is to be reported now."""


def is_due(export: NamedExport, state: ScheduledState | None, now: datetime) -> bool:
    """Whether a moment of the export has passed without its file."""
    return state is None or state.due is None or export.times.last(now) > state.due


def write_due(
    store: Store, exports: dict[str, NamedExport], prepare: Prepare, *, others_crawl: bool = False
) -> Iterator[ExportOutcome]:
    """Write the exports that are due, one after the other. `prepare`: makes a request ready, like the search index for
    its filter; may raise ExportError. `others_crawl`: another process crawls sites that are due; it writes the export
    after that, and is not waited for longer than an hour. Raises StoreError."""
    states, now = store.scheduled_exports.states() if exports else {}, clock.now()
    for name, export in exports.items():
        if is_due(export, states.get(name), now) and not (others_crawl and now - export.times.last(now) < _PATIENCE):
            yield from _write_once(store, export, prepare)


def _write_once(store: Store, export: NamedExport, prepare: Prepare) -> Iterator[ExportOutcome]:
    # The lock of a site whose name no site can have: another process that writes the export is not waited for.
    lock = SiteLock(store.path, f"export.{export.name}")
    if not lock.acquire():
        return
    try:
        now = clock.now()
        if is_due(export, store.scheduled_exports.states().get(export.name), now):  # it may just have been written
            yield ExportOutcome(export.name, written=_write(store, export, prepare, export.times.last(now)))
    except (ExportError, QueryError, ExportStateError) as error:
        is_news = store.scheduled_exports.record_problem(export.name, str(error), clock.now())
        yield ExportOutcome(export.name, problem=str(error), is_news=is_news)
    finally:
        lock.release()


def _write(store: Store, export: NamedExport, prepare: Prepare, due: datetime) -> Written:
    request = prepare(export.request(due))
    for file in filter(None, (request.target, request.related)):
        check_folder(Path(file))
    article_filter, changes = request.article_filter, None
    with store.exports.snapshot():
        if not export.may_be_empty and next(store.exports.articles(article_filter), None) is None:
            raise ExportError("no article matches; the earlier file stays")
        if export.since_last:
            changes = store.exports.changes_since(
                since_last_name(export.name),
                article_filter,
                with_related=has_related(request),
                with_edges=has_edges(request),
            )
        request = replace(request, article_filter=replace(article_filter, changes=changes))
        first, *_ = write_files(store, request)
    contents = (article_filter, changes) if changes is not None else None
    store.scheduled_exports.record_written(export.name, due, first.file, first.rows, clock.now(), contents=contents)
    return first
