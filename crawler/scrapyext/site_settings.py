"""Settings of which each crawl of many has its copy."""

from __future__ import annotations

import copy
from typing import Any, Self

from scrapy.settings import BaseSettings, Settings, SettingsAttribute

_IMMUTABLE = frozenset({str, int, float, bool, bytes, type, type(None)})


class CopiedSettings(Settings):
    """Settings that are copied fast: Scrapy's copy took a fifth of the time of a poll without anything new."""

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """The same settings, in objects of their own."""
        made = cls.__new__(cls)
        BaseSettings.__init__(made)
        made.attributes = _copied(settings)
        return made

    def copy(self) -> Self:
        """Called by Scrapy for each crawl. A change of the copy changes nothing here."""
        return self.of(self)


def _copied(settings: BaseSettings) -> dict[str, SettingsAttribute]:
    return {name: _copy(attribute) for name, attribute in settings.attributes.items()}


def _copy(attribute: SettingsAttribute) -> SettingsAttribute:
    value: Any = attribute.value
    if type(value) not in _IMMUTABLE:  # isinstance with BaseSettings, which is an ABC, takes longer than all the rest
        if isinstance(value, BaseSettings):
            nested = BaseSettings()
            nested.attributes, value = _copied(value), nested
        else:
            value = copy.deepcopy(value)
    made = SettingsAttribute.__new__(SettingsAttribute)
    made.value, made.priority = value, attribute.priority
    return made
