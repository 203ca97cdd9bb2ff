"""validate: an article goes on as it is, or its page is dropped for one reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from crawler.items import Article, PageType
from pipelines import validate
from pipelines.validate import NotAnArticle, ValidatePipeline
from tests.made_up import an_article

PIPELINE = ValidatePipeline(min_body_chars=80, future=timedelta(hours=24))


def reason_for(article: Article) -> str:
    with pytest.raises(NotAnArticle) as caught:
        PIPELINE.process_item(article)
    assert str(caught.value), "the log says why"
    return caught.value.reason


def test_a_whole_article_goes_on_untouched() -> None:
    article = an_article(published=datetime.now(UTC), authors=["سلمى"])
    before = repr(article)
    assert PIPELINE.process_item(article) is article
    assert repr(article) == before


def test_an_article_without_a_date_goes_on() -> None:
    article = an_article(published=None)
    assert PIPELINE.process_item(article) is article


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"page_type": "list"}, "list_page"),
        ({"page_type": "blocked"}, "wall"),
        ({"page_type": "gallery"}, "other_page"),
        ({"page_type": "error"}, "other_page"),
        ({"page_type": "other"}, "not_news"),
        ({"title": None}, "no_title"),
        ({"title": ""}, "no_title"),
        ({"paragraphs": []}, "no_body"),
        ({"paragraphs": ["س" * 79]}, "body_too_short"),
    ],
)
def test_a_page_is_dropped_for_its_reason(fields: dict[str, Any], reason: str) -> None:
    assert reason_for(an_article(**fields)) == reason


@pytest.mark.parametrize("kind", get_args(PageType))
def test_no_kind_of_page_is_forgotten(kind: PageType) -> None:
    article = an_article(page_type=kind)
    if kind == "article":
        assert PIPELINE.process_item(article) is article
    else:
        assert reason_for(article)


def test_the_limits_themselves_are_allowed() -> None:
    for fields in ({"paragraphs": ["س" * 80]}, {"published": datetime.now(UTC) + timedelta(hours=23.9)}):
        article = an_article(**fields)
        assert PIPELINE.process_item(article) is article


def test_an_article_that_is_dated_in_the_future_goes_on_without_the_date() -> None:
    published = datetime.now(UTC) + timedelta(hours=30)
    article = an_article(
        published=published,
        published_raw="tomorrow",
        published_from="json-ld",
        published_precision="minute",
        provenance={"published": "json-ld", "title": "h1"},
    )
    assert PIPELINE.process_item(article) is article
    assert (article.published, article.published_from, article.published_precision) == (None, None, None)
    assert article.published_raw == "tomorrow"
    assert article.provenance == {"published_in_future": f"json-ld {published.isoformat()}", "title": "h1"}


def test_what_a_page_is_counts_before_what_it_lacks() -> None:
    assert reason_for(an_article(page_type="blocked", title=None, paragraphs=[])) == "wall"


def test_the_limits_come_from_the_settings() -> None:
    crawler = get_crawler(settings_dict={"NEWS_MIN_BODY_CHARS": "5", "NEWS_FUTURE_HOURS": "9000000"})
    pipeline = ValidatePipeline.from_crawler(crawler)
    article = an_article(paragraphs=["12345"], published=datetime(2999, 1, 1, tzinfo=UTC))
    assert pipeline.process_item(article) is article


def test_scrapy_counts_each_reason_by_a_class_of_its_own() -> None:
    reasons = [made for made in vars(validate).values() if isinstance(made, type) and issubclass(made, NotAnArticle)]
    reasons.remove(NotAnArticle)
    assert len({made.reason for made in reasons}) == len(reasons)
    assert all(issubclass(made, DropItem) for made in reasons)
