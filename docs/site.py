"""MkDocs calls this for every page of the site (`hooks` in mkdocs.yml)."""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

_ARABIC = "_ar.md"


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: object) -> dict[str, Any]:
    """Set language and direction of the page: the theme has them only for the whole site."""
    is_arabic = page.file.src_uri.endswith(_ARABIC)
    config.theme["language"] = "ar" if is_arabic else "en"
    config.theme["direction"] = "rtl" if is_arabic else "ltr"
    return context
