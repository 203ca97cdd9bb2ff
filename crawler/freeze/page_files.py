"""The files of frozen pages: `tests/sites/<site>/<page>.warc.gz` beside `<page>.json`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawler.archive.reader import ArchivedPage, read_archive
from crawler.archive.record import response_record
from crawler.export.staging import ExportError, staged_file
from crawler.freeze.expected import Expected
from crawler.items import Capture, Page
from crawler.urls import canonical_or_none

PAGE_SUFFIX = ".warc.gz"
EXPECTED_SUFFIX = ".json"

_NEEDED_HEADERS = (b"content-type", b"content-language", b"x-archive-rendered")
"""Headers of a response that are saved: what decodes it, and whether it was rendered. The others may hold cookies."""

_SLUG_LETTERS = 48
"""Letters of a URL in the name of its file. Chosen by hand: the whole name fits into a line of a listing, and in any
script into the 255 bytes that a name may have."""

_HASH_DIGITS = 8


class FrozenError(Exception):
    """A frozen page that cannot be read or written; the message names its file."""


@dataclass(frozen=True, slots=True)
class FrozenPage:
    """A frozen page: two files with one name."""

    folder: Path
    """That of its site."""

    name: str
    """The name of both files, without the suffix."""

    @property
    def site(self) -> str:
        """Name of the site."""
        return self.folder.name

    @property
    def page_file(self) -> Path:
        """The page as it was received: one WARC record."""
        return self.folder / f"{self.name}{PAGE_SUFFIX}"

    @property
    def expected_file(self) -> Path:
        """The expected article."""
        return self.folder / f"{self.name}{EXPECTED_SUFFIX}"

    @property
    def exists(self) -> bool:
        """Whether both files exist. A process that was killed leaves the page alone."""
        return self.page_file.is_file() and self.expected_file.is_file()

    def read_page(self, max_bytes: int) -> ArchivedPage:
        """The page. `max_bytes`: a larger one is an error. Raises FrozenError."""
        try:
            record = next(read_archive(self.page_file, max_bytes=max_bytes), None)
        except OSError as error:
            raise FrozenError(f"{self.page_file}: cannot be read ({error.strerror})") from error
        if isinstance(record, ArchivedPage):
            return record
        problem = f"{record.reason.replace('_', ' ')} {record.detail}".rstrip() if record else "it is empty"
        raise FrozenError(f"{self.page_file}: is not a frozen page: {problem}")

    def read_expected(self) -> Expected:
        """The expected article. Raises FrozenError."""
        try:
            expected = json.loads(self.expected_file.read_text("utf-8"))
        except OSError as error:
            raise FrozenError(f"{self.expected_file}: cannot be read ({error.strerror})") from error
        except (ValueError, RecursionError) as error:
            raise FrozenError(f"{self.expected_file}: is not valid JSON: {error}") from error
        if not isinstance(expected, dict):
            raise FrozenError(f"{self.expected_file}: must be a JSON object with the fields of the article")
        return expected

    def write_page(self, page: Page) -> None:
        """Save a page, whose capture is set. The file is written completely or not at all. Raises FrozenError."""
        assert page.capture is not None
        headers = [(name, value) for name, value in page.capture.headers if name.lower() in _NEEDED_HEADERS]
        headers.append((b"Content-Length", str(len(page.capture.body)).encode("ascii")))
        capture = Capture(headers=headers, body=page.capture.body, candidate=page.capture.candidate)
        record = Page(
            url=page.url,
            site=page.site,
            final_url=page.final_url,
            status=page.status,
            fetched=page.fetched,
            capture=capture,
        )
        _write(self.page_file, response_record(record))

    def remove_page(self) -> None:
        """Delete the page's file: nothing is expected of it. Raises FrozenError."""
        try:
            self.page_file.unlink(missing_ok=True)
        except OSError as error:
            raise FrozenError(f"{self.page_file}: cannot be deleted ({error.strerror})") from error

    def write_expected(self, expected: Expected) -> None:
        """Save what is expected of the page. Raises FrozenError."""
        # Each paragraph is on a line of its own, and not escaped: a diff of two versions is readable.
        _write(self.expected_file, (json.dumps(expected, ensure_ascii=False, indent=1) + "\n").encode())


def frozen_page(folder: Path, site: str, url: str) -> FrozenPage:
    """The frozen page of a URL, whether it exists or not. `folder`: that of all sites."""
    canonical = canonical_or_none(url) or url
    last = next((part for part in reversed(urlsplit(url).path.split("/")) if part), "")
    slug = re.sub(r"[\W_]+", "-", unquote(last).lower().partition(".")[0])[:_SLUG_LETTERS].strip("-")
    digest = hashlib.sha256(canonical.encode()).hexdigest()[:_HASH_DIGITS]
    return FrozenPage(folder / site, f"{slug or 'page'}-{digest}")


def frozen_pages(folder: Path, site: str | None = None) -> list[FrozenPage]:
    """The frozen pages of a site (None: of all sites), by name; also those of which one file is missing. Raises
    FrozenError."""
    try:
        return sorted(_found(folder, site), key=lambda page: (page.site, page.name))
    except OSError as error:
        raise FrozenError(f"{error.filename}: cannot be read ({error.strerror})") from error


def _found(folder: Path, site: str | None) -> Iterator[FrozenPage]:
    if not folder.is_dir():
        return
    folders = [folder / site] if site is not None else [path for path in folder.iterdir() if path.is_dir()]
    for each in folders:
        names = {
            path.name.removesuffix(suffix)
            for path in (each.iterdir() if each.is_dir() else ())
            for suffix in (PAGE_SUFFIX, EXPECTED_SUFFIX)
            if path.name.endswith(suffix) and not path.name.startswith(".")
        }
        yield from (FrozenPage(each, name) for name in names)


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with staged_file(path) as part:
            part.write_bytes(data)
    except OSError as error:
        raise FrozenError(f"{path}: cannot be written ({error.strerror})") from error
    except ExportError as error:
        raise FrozenError(str(error)) from error
