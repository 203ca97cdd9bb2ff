"""Site profiles: reads and validates the files `sites/<name>.toml`."""

from __future__ import annotations

from pathlib import Path

from crawler.home import docs_page, program
from crawler.profile import ProfileError, SiteProfile
from crawler.profiles.reader import ProfileReader
from crawler.toml_file import TomlFileError, read_toml
from crawler.urls import variant_key

__all__ = ["read_profile", "read_profiles"]


def read_profile(path: Path) -> SiteProfile:
    """Read and validate one profile. Raises ProfileError."""
    try:
        return ProfileReader(path, read_toml(path, docs_page("profiles"))).profile()
    except TomlFileError as error:
        raise ProfileError(str(error)) from error


def read_profiles(folder: Path) -> tuple[dict[str, SiteProfile], dict[str, str]]:
    """Read all profiles of a folder: the valid ones by name, and the error messages of the others by name. Of two
    profiles for one site, the second one in the order of the alphabet is an error."""
    profiles: dict[str, SiteProfile] = {}
    problems: dict[str, str] = {}
    owners: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            profile = read_profile(path)
            _check_owner(profile, owners)
            profiles[path.stem] = profile
        except ProfileError as error:
            problems[path.stem] = str(error)
    return profiles, problems


def _check_owner(profile: SiteProfile, owners: dict[str, str]) -> None:
    """Raise ProfileError if an earlier profile has the same home page or the same channel. `owners`: URL → the profile
    that has it."""
    urls = {url: f"url = {url!r}" for url in [profile.url]}
    urls |= {channel.url: f"{channel.kind} {channel.url!r}" for channel in profile.channels()}
    for url, what in urls.items():
        owner = owners.get(variant_key(url))
        if owner is not None:
            raise ProfileError(
                f"{profile.name}.toml: {what} belongs to {owner}.toml as well. A site has one profile: delete one of "
                f"the two. If {owner} was renamed to {profile.name}, delete {owner}.toml and run `{program()} "
                f"rename-site {owner} {profile.name}`. If they are parts of one site, give each the URL and channels "
                "of its section"
            )
    owners |= {variant_key(url): profile.name for url in urls}
