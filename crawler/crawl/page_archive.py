"""The archive of one crawl: the records of accepted articles, and the limits on the folder."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from scrapy.settings import BaseSettings

from crawler import __version__, clock
from crawler.archive import archive_folder
from crawler.archive.limit_check import LimitCheck
from crawler.archive.writer import ArchiveWriter, expired_files, locked
from crawler.items import Page, RecordLocation
from crawler.store import Store

logger = logging.getLogger(__name__)

_MB = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What the archive may hold; 0 means no limit."""

    file_bytes: int
    """Of one file."""

    total_bytes: int
    days: float


class PageArchive:
    """Writes records and deletes old files, all in the store's thread. A failure costs records, never an article: it
    is kept in `failure`, and the run reports it once."""

    def __init__(self, writer: ArchiveWriter, store: Store, limits: Limits) -> None:
        self.failure: Exception | None = None
        """The first one."""

        self._writer = writer
        self._store = store
        self._limits = limits
        self._files_checked = 1
        self._check = LimitCheck(writer.folder, f"{limits.total_bytes} bytes, {limits.days:g} days")

    @classmethod
    def from_settings(cls, settings: BaseSettings, store: Store, site: str) -> PageArchive | None:
        """The archive that the settings describe; None if pages are not archived."""
        folder = archive_folder(str(settings["NEWS_DB"]), str(settings["NEWS_ARCHIVE"]))
        if folder is None:
            return None
        limits = Limits(
            file_bytes=int(settings.getfloat("NEWS_ARCHIVE_FILE_MB") * _MB),
            total_bytes=int(settings.getfloat("NEWS_ARCHIVE_MB") * _MB),
            days=settings.getfloat("NEWS_ARCHIVE_DAYS"),
        )
        writer = ArchiveWriter(
            folder,
            site,
            max_bytes=limits.file_bytes,
            committed_end=store.archive.committed_end,
            software=f"Rasid/{__version__}",
            operator=str(settings["NEWS_CONTACT"]),
        )
        return cls(writer, store, limits)

    def append(self, page: Page) -> RecordLocation | None:
        """Write the record of a page; its location, None if the page has no record or cannot be written. The store
        calls it within the transaction that accepts the article."""
        if page.capture is None:
            return None
        try:
            location = self._writer.append(page)
        except OSError as error:
            self.record_failure(error)
            return None
        return location

    @property
    def has_new_file(self) -> bool:
        """Whether a file was begun since the limits were checked: a long run must not exceed them until its end."""
        return self._writer.files_opened > self._files_checked

    def close(self) -> None:
        """Close the current file, and check the limits if it is time to."""
        try:
            self._writer.close()
        except OSError as error:
            self.record_failure(error)
        if self._writer.files_opened > 1 or self._check.is_due(clock.now()):
            self.delete_outdated()

    def delete_outdated(self) -> None:
        """Delete the oldest files beyond the limits; before each file its locations in the database. Raises
        StoreError."""
        self._files_checked = max(self._writer.files_opened, 1)
        folder, limits = self._writer.folder, self._limits
        try:
            for path in expired_files(folder, max_bytes=limits.total_bytes, max_days=limits.days, now=clock.now()):
                with locked(path) as is_ours:
                    if is_ours:
                        self._store.archive.remove_file(path.name)
                        path.unlink()
            self._check.record(clock.now())
        except FileNotFoundError:  # the folder does not exist yet, or another crawl deleted the file first
            return
        except OSError as error:
            self.record_failure(error)

    def record_failure(self, error: Exception) -> None:
        """Log and keep the first failure."""
        if self.failure is None:
            self.failure = error
            logger.error(
                "archive: %s; articles are stored, but the pages of some are not archived in %s",
                error,
                self._writer.folder,
            )
