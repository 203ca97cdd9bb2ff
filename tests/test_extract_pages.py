"""Frozen pages of our own writing: what each one's JSON names must come out of its HTML."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.extract import extract
from crawler.items import Article
from crawler.profile import SiteProfile

PAGES = Path(__file__).parent / "pages"
CASES = sorted(path.stem for path in PAGES.glob("*.json"))


@pytest.mark.parametrize("case", CASES)
def test_page_gives_what_its_json_says(case: str) -> None:
    expected: dict[str, Any] = json.loads((PAGES / f"{case}.json").read_text("utf-8"))
    article = read(case, expected.pop("args"))
    for text in expected.pop("contains", []):
        assert text in article.paragraphs
    assert {field: shown(article, field) for field in expected} == expected


def read(case: str, args: dict[str, str]) -> Article:
    html = (PAGES / f"{case}.html").read_text("utf-8")
    fetched = datetime.fromisoformat(args["fetched"]) if "fetched" in args else None
    return extract(html, args["url"], profile(args), fetched=fetched)


def profile(args: dict[str, str]) -> SiteProfile | None:
    if "timezone" not in args:
        return None
    return SiteProfile(name="a_site", title="A Site", url=args["url"], timezone=args["timezone"])


def shown(article: Article, field: str) -> Any:
    """A field as JSON has it."""
    value = getattr(article, field)
    if field == "related":
        return [[related.kind, related.title, related.url] for related in value]
    return value.isoformat() if isinstance(value, datetime) else value
