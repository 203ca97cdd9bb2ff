"""dedupe: what an article is compared by."""

from __future__ import annotations

from crawler.text import fingerprint
from pipelines.dedupe import DedupePipeline
from tests.made_up import an_article


def test_an_article_goes_on_with_the_fingerprint_of_its_body() -> None:
    article = an_article(text="الفقرة الأولى.\nالفقرة الثانية.")
    article.fingerprint = None
    assert DedupePipeline().process_item(article) is article
    assert article.fingerprint == fingerprint("الفقرة الأولى.\nالفقرة الثانية.")


def test_two_articles_with_the_same_text_have_the_same_fingerprint_whatever_their_title() -> None:
    one = an_article("a", text="إنّ المشروعَ جاهز.\nنعم!", title="One")
    other = an_article("b", text="إن المشروع\nجاهز نعم", title="Other", authors=["سلمى"])
    for article in (one, other):
        article.fingerprint = None
        DedupePipeline().process_item(article)
    assert one.fingerprint == other.fingerprint


def test_an_article_that_changed_has_another_fingerprint() -> None:
    article = an_article(text="ثلاثة جرحى")
    before = DedupePipeline().process_item(article).fingerprint
    article.paragraphs = ["أربعة جرحى"]
    assert DedupePipeline().process_item(article).fingerprint != before
