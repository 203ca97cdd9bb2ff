"""MkDocs calls this for every page of the site (`hooks` in mkdocs.yml)."""

from __future__ import annotations

import re
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

_ARABIC = "_ar.md"


def on_page_markdown(markdown: str, **_: object) -> str:
    """Remove the backslash of `\\|` in code: GitHub needs it in tables, and MkDocs would show it."""
    return re.sub(r"`[^`\n]*`", lambda code: code[0].replace(r"\|", "|"), markdown)


def on_page_context(context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: object) -> dict[str, Any]:
    """Set language and direction of the page: the theme has them only for the whole site."""
    is_arabic = page.file.src_uri.endswith(_ARABIC)
    config.theme["language"] = "ar" if is_arabic else "en"
    config.theme["direction"] = "rtl" if is_arabic else "ltr"
    return context
