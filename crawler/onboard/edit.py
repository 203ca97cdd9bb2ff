"""Change the file of a profile and keep its comments."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import tomlkit
from tomlkit.items import Array

from crawler.onboard.compare import ProfileChange
from crawler.profiles import read_profile

_LITERAL = "article_url"
"""A regular expression, which is written without escapes."""


def changed_text(text: str, changes: Iterable[ProfileChange]) -> str:
    """The text of a profile with changes. Raises tomlkit's ParseError for a text that is not TOML."""
    document = tomlkit.parse(text)
    for change in changes:
        for key, value in change.values.items():
            is_literal = key == _LITERAL and "'" not in value
            document[key] = tomlkit.string(value, literal=is_literal)
        for key in change.removed.keys() | change.added.keys():
            urls = document.get(key)
            if not isinstance(urls, Array):
                urls = tomlkit.array()
                urls.multiline(True)
                document[key] = urls
            for url in change.removed.get(key, ()):
                if url in urls:
                    urls.remove(url)
            for url in change.added.get(key, ()):
                if url not in urls:
                    urls.append(url)
            if not urls:
                del document[key]
    return tomlkit.dumps(document)


def check_text(name: str, text: str) -> None:
    """Raise ProfileError if a text is not a valid profile of this name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.toml"
        path.write_text(text, "utf-8")
        read_profile(path)
