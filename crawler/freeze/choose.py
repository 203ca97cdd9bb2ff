"""Which pages of a site are saved, and where they are: in the archive, or still to be requested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawler.archive.reader import RecordError, read_archived_page
from crawler.freeze.page_files import FrozenPage, frozen_page
from crawler.items import Candidate, Capture, Page
from crawler.store import Store, StoredPage
from crawler.urls import canonical_url

_STORED_FOR_EACH = 10
"""Newest articles that are looked at for each that is taken: some are saved already. Chosen by hand."""


@dataclass(slots=True)
class Choice:
    """The pages to save."""

    archived: list[Page] = field(default_factory=list)
    """Those that need no request; each has its capture."""

    candidates: list[Candidate] = field(default_factory=list)
    """Those to request."""

    saved: list[FrozenPage] = field(default_factory=list)
    """Those that are saved already."""

    problems: list[str] = field(default_factory=list)
    """Records that cannot be read. Their pages are requested."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known that could be saved, so that the channels must say what there is."""
        return not (self.archived or self.candidates or self.saved)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """What is stored of a site: the database, and the archive's folder if there is one."""

    store: Store
    archive: Path | None
    max_bytes: int
    """Of a page."""

    def page(self, stored: StoredPage, site: str) -> Page | None:
        """The archived page; None if it is not archived. Raises RecordError."""
        if stored.location is None or self.archive is None:
            return None
        archived = read_archived_page(self.archive / stored.location.file, stored.location, max_bytes=self.max_bytes)
        headers = [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in archived.headers
        ]
        return Page(
            url=canonical_url(stored.candidate.url),
            site=site,
            final_url=archived.url,
            status=archived.status,
            fetched=archived.fetched,
            capture=Capture(headers=headers, body=archived.body, candidate=archived.candidate or stored.candidate),
        )


def choose(folder: Path, site: str, urls: Sequence[str], *, newest: int, stored: Stored | None) -> Choice:
    """The pages at these URLs; without URLs, those of the `newest` stored articles that are not saved yet. `folder`:
    that of all sites. Raises StoreError."""
    choice = Choice()
    for page in _stored_or_new(site, urls, newest * _STORED_FOR_EACH, stored):
        frozen = frozen_page(folder, site, page.candidate.url)
        if frozen.exists:
            choice.saved.append(frozen)
        elif urls or len(choice.archived) + len(choice.candidates) < newest:
            _add(choice, page, site, stored)
    return choice


def _stored_or_new(site: str, urls: Sequence[str], count: int, stored: Stored | None) -> Iterator[StoredPage]:
    if not urls:
        yield from stored.store.archive.newest(site, count) if stored is not None else ()
    for url in dict.fromkeys(urls):
        known = stored.store.archive.page(site, canonical_url(url)) if stored is not None else None
        # Nothing is known of it but its URL, as of a page in a sitemap.
        yield known or StoredPage(Candidate(url=url, channel="sitemap", channel_url=""), None)


def _add(choice: Choice, page: StoredPage, site: str, stored: Stored | None) -> None:
    try:
        archived = stored.page(page, site) if stored is not None else None
    except RecordError as error:
        choice.problems.append(f"{page.candidate.url} is requested: {error}")
        archived = None
    if archived is not None:
        choice.archived.append(archived)
    else:
        choice.candidates.append(page.candidate)
