"""What an export or a release leaves out because it is reserved, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.cli.base import print_error
from crawler.cli.terminal import shown_beside
from crawler.store import ArticleFilter, Store
from crawler.text import counted
from crawler.usage import Use
from crawler.user_settings import parts_of

_REASONS = 10
"""Reasons that are printed; the card of a release has all of them. Chosen by hand."""


def reserved_lines(store: Store, article_filter: ArticleFilter) -> list[str]:
    """How many articles a filter leaves out as reserved, and why; empty if it is for no use. Raises QueryError."""
    if article_filter.usage is None:
        return []
    number, reasons = store.rights.reserved(article_filter, article_filter.usage)
    lines = [f"left out: {counted(number, 'article')} reserved for {article_filter.usage}"]
    lines += [f"  {each.articles} of {each.site}: {shown_beside(each.reason)}" for each in reasons[:_REASONS]]
    if len(reasons) > _REASONS:
        lines.append(f"  and {counted(len(reasons) - _REASONS, 'further reason')}")
    return lines


def print_tdm_note(use: Use | None, settings: Mapping[str, Any]) -> None:
    """Say that a kind of reservation was not looked for."""
    is_respected = "tdm" in parts_of(settings["NEWS_RESPECT_DIRECTIVES"])
    if use not in (None, "search") and not settings["NEWS_TDM_FILES"] and not is_respected:
        print_error("not looked for: reservations in tdmrep.json; NEWS_TDM_FILES = true requests these files")
