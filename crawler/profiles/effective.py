"""The effective profile of a site: each value that holds for its crawls, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

from crawler.profile import SiteProfile
from crawler.toml_file import read_toml

SETTING_OF = {
    "delay": "DOWNLOAD_DELAY",
    "min_interval": "NEWS_MIN_INTERVAL",
    "max_interval": "NEWS_MAX_INTERVAL",
    "user_agent": "USER_AGENT",
}
"""Keys that replace a setting of the project."""

_SECRET = ("headers", "cookies", "proxy")
"""Keys whose values may be passwords: they are not shown."""

_NOT_SHOWN = ("name", "moved_to")


class EffectiveValue(NamedTuple):
    """One value of a profile."""

    key: str
    value: str
    """As text; empty if nothing is set."""

    source: str
    """`profile`, the name of a setting, or `default`."""


def effective_profile(profile: SiteProfile, path: Path, settings: Mapping[str, str]) -> list[EffectiveValue]:
    """Every value of a profile, in the order of its keys. `path`: its file, which has been read. `settings`: values of
    the settings in `SETTING_OF`. Raises TomlFileError if the file has changed and is not valid any more."""
    written = read_toml(path, "")
    values = []
    for key in (field.name for field in fields(SiteProfile) if field.name not in _NOT_SHOWN):
        if key in written:
            values.append(EffectiveValue(key, _shown(key, written[key]), "profile"))
        elif SETTING_OF.get(key) in settings:
            values.append(EffectiveValue(key, settings[SETTING_OF[key]], SETTING_OF[key]))
        else:
            values.append(EffectiveValue(key, _shown(key, getattr(profile, key)), "default"))
    return values


def _shown(key: str, value: Any) -> str:
    if key in _SECRET and value and not isinstance(value, bool):
        return "(not shown)"
    if value is None or value == () or value == {} or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "\n".join(f"{name} = {_setting(item) if key == 'settings' else item}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return str(value)


def _setting(value: Any) -> str:
    """A text may be a password."""
    return str(value) if isinstance(value, bool | int | float) else "(not shown)"
