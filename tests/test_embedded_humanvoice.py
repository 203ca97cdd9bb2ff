"""Pages that carry other articles whole: the seven variants of the reference article, crawled in both orders."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from crawler.extract import extract
from crawler.items import Article, Page, PageResult
from crawler.store import Store
from tests.conftest import PROJECT, Workplace
from tests.made_up import NOW

FOLDER = PROJECT.parent / "shared" / "humanvoice"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs ../shared/humanvoice beside the project")

VARIANTS = sorted(path.stem for path in (FOLDER / "variants").glob("*.html")) if FOLDER.is_dir() else []
CONTROLS = ("v6_control_teasers", "v10_control_marker_alone")
MAIN = f"(?:روسيا-تعلن|{quote('روسيا-تعلن')})"  # how a pattern meets the address, with letters or without


@contextmanager
def served(variant: str) -> Iterator[str]:
    command = [sys.executable, str(FOLDER / "serve.py"), "--variant", str(FOLDER / "variants" / f"{variant}.html")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


def crawl(folder: Path, variant: str, order: str) -> Workplace:
    """Crawl the site; `host_first` and `host_last` take two crawls."""
    workplace = Workplace(folder)
    profile = (PROJECT / "sites" / "humanvoice.toml").read_text("utf-8")
    begin = "article_url = '^https?://[^/]+/"
    alone = profile.replace(begin, f"{begin}(?={MAIN})")
    others = profile.replace(begin, f"{begin}(?!{MAIN})")
    first = {"host_first": [alone], "host_last": [others], "at_once": []}[order]
    with served(variant) as address:
        for text in [*first, profile]:
            workplace.profile("humanvoice", text)
            words = ["crawl", "humanvoice", "-a", f"url={address}", "-s", "DOWNLOAD_DELAY=0"]
            # The profile's article_url holds for what section pages link.
            words += ["-a", "channel=section"] if text is not profile else []
            result = workplace.run(*words, "-s", "AUTOTHROTTLE_ENABLED=0")
            assert result.returncode == 0, result.stderr
            assert "Traceback" not in result.stderr
    return workplace


def stored(folder: Path, variant: str, order: str) -> Workplace:
    """Extract the site's pages and store them one by one, without a crawl."""
    workplace = Workplace(folder)
    site = json.loads((FOLDER / "site_truth.json").read_text("utf-8"))
    main, *others = [
        an_extracted(
            FOLDER / "variants" / f"{variant}.html" if number == 101 else FOLDER / "site" / "posts" / f"{number}.html",
            url,
        )
        for number, url in ((post["id"], post["url"]) for post in site)
    ]
    half = len(others) // 2
    orders = {
        "host_first": [main, *others],
        "host_last": [*others, main],
        "host_between": [*others[:1], main, *others[1:]],
        "backwards": [main, *reversed(others)],
        "embedded_last": [*others[half:], main, *others[:half]],
    }
    with Store(workplace.database) as store:
        for article in orders[order]:
            assert article.page is not None
            store.record_outcomes([PageResult(page=article.page, article=article)], NOW)
    return workplace


def an_extracted(path: Path, url: str) -> Article:
    article = extract(path.read_text("utf-8"), url, fetched=NOW)
    article.site = "humanvoice"
    article.page = Page(url=article.url, site="humanvoice", final_url=article.url)
    return article


CRAWLS = [
    *((variant, "at_once") for variant in VARIANTS),
    *(("v0_jannah", f"host_{when}") for when in ("first", "last")),
]


@pytest.mark.parametrize(("variant", "order"), CRAWLS)
def test_a_crawled_page_is_what_its_truth_says(tmp_path: Path, variant: str, order: str) -> None:
    check(crawl(tmp_path, variant, order), variant, order)


@pytest.mark.parametrize("order", ["host_first", "host_last", "host_between", "backwards", "embedded_last"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_order_in_which_articles_come_makes_no_difference(tmp_path: Path, variant: str, order: str) -> None:
    check(stored(tmp_path, variant, order), variant, order)


def path_of(url: str) -> str:
    return urlsplit(url).path


def check(workplace: Workplace, variant: str, order: str) -> None:
    """Compare the reference article's row, and what it says of others, with the truth."""
    truth = json.loads((FOLDER / "variants" / f"{variant}.truth.json").read_text("utf-8"))
    (row,) = workplace.rows("SELECT * FROM articles WHERE title = ?", truth["title"])
    related = workplace.rows(
        """SELECT r.*, t.title AS target FROM related_articles AS r LEFT JOIN articles AS t ON t.id = r.target_id
           WHERE r.article_id = ? ORDER BY r.position""",
        row["id"],
    )
    body = row["body"].split("\n")
    assert [paragraph for paragraph in body if paragraph not in truth["optional_in_body"]] == truth["body"]
    assert (row["title"], row["category"], row["language"]) == (truth["title"], truth["category"], truth["language"])
    assert truth["author"] in (row["source"], *json.loads(row["authors"] or "[]"))
    if truth["published"]:
        assert row["published"].startswith(truth["published"])
    else:  # the page says "3 hours ago", and what day it was when it was kept
        assert not row["published"].startswith("2021-11-24")
        assert row["published_raw"] == truth["published_printed"] or row["published_from"].startswith("channel:")
    assert not [text for text in truth["must_not_in_body"] if text in row["body"]]

    embedded = [other for other in related if other["kind"] == "embedded"]
    assert [(other["title"], other["text"].split("\n")) for other in embedded] == [
        (true["title"], true["paragraphs"]) for true in truth["related"]
    ]
    for other, true in zip(embedded, truth["related"], strict=True):
        assert other["target"] == true["title"]
        assert other["paragraph_index"] == len(body)
        assert true["url"] is None or path_of(other["url"]) == path_of(true["url"])

    for kind, key in ("block", "related_cards"), ("inline", "related_inline_cards"):
        values = {(other["title"], path_of(other["url"])) for other in related if other["kind"] == kind}
        assert values == {(card["title"], path_of(card["url"])) for card in truth.get(key, [])}

    cards = {card["title"] for key in ("related_cards", "related_inline_cards") for card in truth.get(key, [])}
    texts = [row["body"], row["subtitle"] or "", *(other["text"] or "" for other in related)]
    texts += [other["title"] or "" for other in related if other["title"] not in cards]
    assert not [word for word in truth["must_not_anywhere"] for text in texts if word in text]

    assert len(workplace.rows("SELECT id FROM articles")) == 6
    assert not workplace.rows("SELECT id FROM articles WHERE duplicate_of IS NOT NULL")
    assert not row["embedded_suspected"]
    revisions = workplace.rows("SELECT article_id, kind FROM revisions")
    assert all(revision == {"article_id": row["id"], "kind": "embedded"} for revision in revisions)
    if variant in CONTROLS or order == "host_last":
        assert not revisions
    elif order == "host_first":
        assert revisions
