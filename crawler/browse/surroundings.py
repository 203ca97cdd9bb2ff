"""What the pages need beside the database: the profiles of the sites, and the archive."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.profile import SiteProfile
from crawler.profiles import read_profiles

_SITES, _ARCHIVE, _BYTES = "RASID_BROWSE_SITES", "RASID_BROWSE_ARCHIVE", "RASID_BROWSE_PAGE_BYTES"
_SETTINGS = "RASID_BROWSE_SETTINGS"
_PAGE_BYTES = 10_000_000
"""Bytes of an archived page, where no setting says another number."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where they are. Datasette loads the plugin by its path, so that the environment carries this to it."""

    sites: Path | None = None
    """Folder of the profiles."""

    archive: Path | None = None
    """Folder of the archive; None if pages are not archived."""

    page_bytes: int = _PAGE_BYTES
    """Larger archived pages are not shown."""

    settings: Mapping[str, str] = field(default_factory=dict)
    """Values of the settings that hold where a profile sets none; see crawler/profiles/effective.py."""

    def publish(self) -> None:
        """Make this the surroundings of the pages of this process."""
        os.environ[_SITES] = str(self.sites or "")
        os.environ[_ARCHIVE] = str(self.archive or "")
        os.environ[_BYTES] = str(self.page_bytes)
        os.environ[_SETTINGS] = json.dumps(dict(self.settings))


def surroundings() -> Surroundings:
    """The surroundings of this process."""
    sites, archive = (os.environ.get(name) for name in (_SITES, _ARCHIVE))
    page_bytes = int(os.environ.get(_BYTES) or _PAGE_BYTES)
    return Surroundings(
        Path(sites) if sites else None,
        Path(archive) if archive else None,
        page_bytes,
        json.loads(os.environ.get(_SETTINGS) or "{}"),
    )


def profiles() -> dict[str, SiteProfile]:
    """The valid profiles by the name of their site; they are read again when a file has changed."""
    folder = surroundings().sites
    if folder is None or not folder.is_dir():
        return {}
    files = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.toml") if path.is_file()))
    return _read(folder, files)


def site_zone(site: str) -> tzinfo:
    """The time zone of a site's profile; UTC without one."""
    return zone_of(profiles().get(site))


def zone_of(profile: SiteProfile | None) -> tzinfo:
    """The time zone of a profile; UTC without one."""
    try:
        return ZoneInfo(profile.timezone) if profile is not None else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@lru_cache(maxsize=1)
def _read(folder: Path, files: tuple[tuple[str, int], ...]) -> dict[str, SiteProfile]:
    """`files`: names and times of change, so that a change is noticed."""
    return read_profiles(folder)[0] if files else {}
