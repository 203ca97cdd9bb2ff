"""The profiles of the sites beside the database, as far as a page needs them."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from crawler.browse.surroundings import surroundings
from crawler.profile import PROFILE_NAME, ProfileError, SiteProfile
from crawler.profiles import read_profile
from crawler.profiles.effective import EffectiveValue, effective_profile
from crawler.toml_file import TomlFileError

_CACHED = 20_000
"""Files of which is remembered whether their site is enabled: more than anybody has."""


def enabled_by_name() -> dict[str, bool] | None:
    """Name of each profile → whether its site is crawled by `rasid due`; None without a folder of profiles. Costs
    a look at each file, and reads those that have changed since the last time."""
    folder = surroundings().sites
    if folder is None:
        return None
    try:
        with os.scandir(folder) as files:
            found = [file for file in files if file.name.endswith(".toml") and file.is_file()]
    except OSError:
        return {}
    return {file.name.removesuffix(".toml"): _is_enabled(file.path, _version(file)) for file in found}


def profile_of(site: str) -> SiteProfile | str | None:
    """The profile of a site, or what is wrong with its file; None if there is none."""
    folder = surroundings().sites
    if folder is None or not PROFILE_NAME.fullmatch(site):  # a name in the database may be anything, like ../x
        return None
    path = folder / f"{site}.toml"
    try:
        return read_profile(path) if path.exists() else None
    except ProfileError as error:
        return str(error)
    except OSError:  # a name that is too long for a file
        return None


def effective_of(profile: SiteProfile) -> list[EffectiveValue]:
    """The values of a profile and where they come from; none if its file was changed meanwhile and is not valid."""
    around = surroundings()
    try:
        path = around.sites and around.sites / f"{profile.name}.toml"
        return effective_profile(profile, path, around.settings) if path else []
    except (TomlFileError, OSError):
        return []


def _version(file: os.DirEntry[str]) -> tuple[int, int]:
    """Changes when the file does."""
    try:
        status = file.stat()
    except OSError:  # deleted meanwhile
        return 0, 0
    return status.st_mtime_ns, status.st_size


@lru_cache(_CACHED)
def _is_enabled(path: str, version: tuple[int, int]) -> bool:
    """`version`: of the file; another one is read again. A file that is not valid counts as enabled: it is to be
    mended."""
    try:
        if b"enabled" not in Path(path).read_bytes():
            return True
        return read_profile(Path(path)).enabled
    except (OSError, ProfileError):
        return True
