"""Extensions of Scrapy that are off and cost much to import."""

from __future__ import annotations

from scrapy.settings import BaseSettings

_PARTS = {"REMOTE_CONTROL_ENABLED": "scrapy.extensions.remote_control.RemoteControl"}
"""Setting → what it switches on. The remote control imports aiohttp: 0.08 s of CPU time in each crawl."""


class UnusedParts:
    """Add-on, called after those of the user: leaves out what would be imported to find that it is off."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy, when all other settings are known."""
        for name, path in _PARTS.items():
            if not settings.getbool(name):
                settings["EXTENSIONS_BASE"][path] = None
