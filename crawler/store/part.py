"""What the parts of the store share: the open database, and errors told as one sentence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from crawler.store.database import store_errors, transaction


class Part:
    """A few methods of the store on one noun. Every method that writes is one transaction; all raise StoreError."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Database]:
        with store_errors(self._path):
            yield self._db

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Database]:
        with store_errors(self._path), transaction(self._db):
            yield self._db
