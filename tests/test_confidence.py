"""Confidence: how sure a body is, in the article, the database, exports, and what is extracted again first."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.extract.article import extract
from crawler.items import UNSURE
from crawler.store import Store
from tests.conftest import Workplace
from tests.inprocess import Commands
from tests.made_up import HOME, an_article, put
from tests.newssite import NewsSite
from tests.test_crawl_again import text_of

URL = "https://marsad.example/news/pier.html"
TITLE = "Harbour board reopens the old north pier"
BODY = [f"{sentence} The harbour board says so on page {n}." for n, sentence in enumerate(text_of(3) * 4)]


def page(body: str, *, around: str = "", title: str = TITLE, end: str = "</body></html>") -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title><meta property="og:description" content="'
        f'The harbour board has reopened its old north pier."></head><body><article><h1>{title}</h1>{body}</article>'
        f"{around}{end}"
    )


def paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def confidence(html: str) -> float:
    found = extract(html, URL).confidence
    assert found is not None
    return found


WHOLE = page(paragraphs(BODY))
LINKS = "".join(f'<li><a href="/news/{n}.html">Another headline of the day, number {n}</a></li>' for n in range(30))


def test_a_whole_article_is_sure() -> None:
    assert 0.9 < confidence(WHOLE) <= 1


@pytest.mark.parametrize(
    "html",
    [
        page("<p>Sign in to read this.</p>"),
        page(f"<p>{BODY[0]}</p>", around=f"<div>{paragraphs([text.upper() for text in BODY])}</div>"),
        WHOLE[: WHOLE.index(BODY[1])],
        page(
            f"<p>We value your privacy. {' '.join(['Partners store information on your device.'] * 4)}</p>", title="x"
        ),
    ],
    ids=["stub", "other text", "cut off", "wall"],
)
def test_a_body_that_its_page_speaks_against_is_less_sure(html: str) -> None:
    assert confidence(html) < confidence(WHOLE) - 0.1


def test_what_has_no_body_is_not_sure_at_all() -> None:
    assert confidence("<html><body><h1>Nothing</h1></body></html>") == 0


def test_characters_of_a_wrong_encoding_make_a_body_less_sure() -> None:
    text = "Le maire a été élu, à sa façon, après une journée très agitée près de l'hôtel de ville. " * 20
    broken = text.encode().decode("cp1252")
    assert confidence(page(f"<p>{broken}</p>")) < confidence(page(f"<p>{text}</p>")) - 0.2


# -- where it is shown -------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        for path, sure in (("sure", 0.97), ("unsure", 0.31), ("of a spider", None)):
            put(opened, replace(an_article(path, f"The text of {path}."), confidence=sure))
        yield opened


@pytest.fixture
def scrapy(store: Store, capfd: pytest.CaptureFixture[str]) -> Commands:
    return Commands(store.path, capfd)


def exported(scrapy: Commands, path: Path, *words: str) -> dict[str, str]:
    """Path of each exported article → its confidence."""
    result = scrapy("export", str(path), "--plain", *words)
    assert result.code == 0, result.err
    with path.open(encoding="utf-8", newline="") as file:
        return {row["url"].removeprefix(HOME): row["confidence"] for row in csv.DictReader(file)}


def test_exports_have_it_and_leave_out_what_is_less_sure(scrapy: Commands, tmp_path: Path) -> None:
    everything = {"sure": "0.97", "unsure": "0.31", "of a spider": ""}
    assert exported(scrapy, tmp_path / "all.csv") == everything
    chosen = exported(scrapy, tmp_path / "sure.csv", "--min-confidence", "0.7")
    assert chosen == {name: sure for name, sure in everything.items() if name != "unsure"}


@pytest.mark.parametrize("value", ["1.1", "-0.1", "nan", "high", ""])
def test_a_wrong_bound_is_refused_with_one_sentence(scrapy: Commands, value: str) -> None:
    for words in (("export", "x.csv", f"--min-confidence={value}"), ("reextract", f"--below={value}")):
        result = scrapy(*words)
        assert result.code == 2
        assert "must be a number from 0 to 1" in result.err
        assert len(result.err.splitlines()) == 1


def test_show_and_extract_print_it(scrapy: Commands, tmp_path: Path) -> None:
    assert "confidence: 0.31" in scrapy("show", HOME + "unsure").out
    (tmp_path / "page.html").write_text(WHOLE, "utf-8")
    printed = scrapy("extract", str(tmp_path / "page.html"), "--url", URL).out
    assert f"confidence: {confidence(WHOLE):.2f}" in printed


def test_a_run_counts_its_articles_and_those_that_are_sure(site: NewsSite, workplace: Workplace) -> None:
    links = [site.put(f"/news/{n}.html", page(paragraphs(BODY), title=f"{TITLE} {n}")) for n in range(2)]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run("crawl", "local")
    [run] = workplace.rows("SELECT quality FROM runs")
    quality = json.loads(run["quality"])
    assert (quality["judged"], quality["sure"]) == (2, 2)
    assert all(row["confidence"] > UNSURE for row in workplace.rows("SELECT confidence FROM articles"))


def test_the_least_sure_articles_are_extracted_first_and_alone_below_a_bound(
    site: NewsSite, workplace: Workplace
) -> None:
    links = [site.put(f"/news/{n}.html", page(paragraphs(text_of(n) * 3), title=f"{TITLE} {n}")) for n in range(3)]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run("crawl", "local")
    for number, sure in ((1, 0.9), (2, 0.01), (3, 0.6)):
        workplace.change("UPDATE articles SET confidence = ? WHERE id = ?", sure, number)
    with Store(workplace.database) as opened:
        assert [archived.article_id for archived in opened.archive.articles()] == [2, 3, 1]
        assert [archived.article_id for archived in opened.archive.articles(below=0.5)] == [2]
    result = workplace.run("reextract", "--json", "--below", "0.5")
    assert json.loads(result.stdout)["articles"] == 1
    found = [row["confidence"] for row in workplace.rows("SELECT confidence FROM articles ORDER BY id")]
    assert found[1] > 0.01
    assert (found[0], found[2]) == (0.9, 0.6)
