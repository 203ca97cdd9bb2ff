"""One text on many addresses of a site is a notice: no article, learnt, and forgotten when the articles are there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.generated import ARABIC, LATIN, vocabulary
from crawler.items import Article, Outcome, PageResult
from crawler.schedule.revisit import RevisitPolicy
from crawler.store import ArticleFilter, Store
from tests.made_up import HOME, NOW, SITE, a_candidate, an_article, enqueue, later, put, row, rows
from tests.test_store_suspect import NOTICE, REWRITTEN, signed

SUBSCRIBE = (
    "Subscribe to continue reading. This report is reserved for readers with an account. Choose one of our offers to "
    "get access to all reports, analyses and commentaries of our newsroom on all of your devices, every day and at any "
    "time. You can cancel whenever you like. Questions are answered by our readers' service between eight and six."
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    policy = RevisitPolicy(recheck_ages=(timedelta(days=1), timedelta(days=7)))
    with Store(tmp_path / "news.db", policy=policy) as store:
        yield store


class Newsroom:
    """Articles with words of their own, in one language."""

    def __init__(self, letters: str = LATIN) -> None:
        self._chance = random.Random(3)
        self._words, self._weights = vocabulary(letters, 20_000, self._chance)

    def title(self) -> str:
        return " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=7))

    def text(self) -> str:
        return "\n".join(" ".join(self._chance.choices(self._words, k=30)) + "." for _ in range(4))


def first(store: Store, path: str, shown: Article, title: str | None, *, hours: float = 0) -> Outcome:
    """A page that a feed lists under a title is requested, and shows something; the outcome."""
    now = later(hours=hours)
    enqueue(store, a_candidate(path, title=title), now=now)
    result = PageResult(page=shown.page, article=shown) if shown.page else None
    assert result is not None
    store.record_outcomes([result], now)
    assert result.outcome is not None
    return result.outcome


def notice(path: str, text: str = NOTICE, title: str = "Port Ellory News", **fields: Any) -> Article:
    return an_article(path, text, title=title, **fields)


def stored(store: Store) -> set[str]:
    """Paths of the articles that an export has."""
    found = store.exports.articles(ArticleFilter(with_duplicates=True))
    return {article["url"].removeprefix(HOME) for article in found}


@pytest.mark.parametrize("letters", [LATIN, ARABIC])
@pytest.mark.parametrize("text", [NOTICE, SUBSCRIBE])
def test_a_notice_in_place_of_a_new_article_is_not_stored_and_the_article_is_when_it_is_there(
    store: Store, letters: str, text: str
) -> None:
    room = Newsroom(letters)
    titles = {path: room.title() for path in "abcd"}
    for path, title in titles.items():
        assert first(store, path, notice(path, text), title) == "blocked"
    pages = rows(store.path, "SELECT state, reason, next_attempt > fetched AS waits, article_id FROM pages")
    assert pages == [{"state": "pending", "reason": "suspect_text", "waits": 1, "article_id": None}] * 4
    assert rows(store.path, "SELECT id FROM articles") == []
    assert row(store.path, "SELECT is_known FROM notices") == {"is_known": 1}
    for path, title in titles.items():
        assert first(store, path, signed(path, room.text(), title=title), title, hours=9) == "new"
    assert stored(store) == set(titles)
    assert rows(store.path, "SELECT * FROM notice_pages") == []
    assert rows(store.path, "SELECT * FROM revisions") == []


def test_a_single_page_without_date_authors_and_its_title_is_accepted_when_it_lasts(store: Store) -> None:
    for hours in (0, 10, 45):
        assert (
            first(store, "a", notice("a", REWRITTEN), "Strike at the harbour of the capital", hours=hours) == "blocked"
        )
    assert first(store, "a", notice("a", REWRITTEN), "Strike at the harbour of the capital", hours=74) == "new"
    assert rows(store.path, "SELECT * FROM notices") == []


def test_a_clock_that_is_far_ahead_for_one_run_makes_no_article_of_a_single_notice(store: Store) -> None:
    for hours in (0, 10, 400 * 24):
        assert first(store, "a", notice("a"), "Strike at the harbour of the capital", hours=hours) == "blocked"


def test_the_home_page_of_a_site_without_articles_yet_is_a_notice_at_the_second_address(store: Store) -> None:
    room = Newsroom()
    titles = {path: room.title() for path in "abc"}
    home = "\n".join(f"{title}.\n{room.text()}" for title in titles.values())
    for path, title in titles.items():  # the page has no title of its own
        first(store, path, notice(path, home, title=title, provenance={"title": "channel:feed"}), title)
    assert stored(store) == set()


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        (notice("a", REWRITTEN), None),  # of a sitemap without titles
        (notice("a", REWRITTEN), "Read more"),
        (notice("a", REWRITTEN, title="Strike: harbour closed, says union"), "Union closes the harbour: strike"),
        (signed("a", REWRITTEN, title="Live"), "Council vote on the new stadium"),  # it has a date
        (notice("a", "Dockers begin their strike at midnight, says the union.", title="News"), "Dockers begin strike"),
    ],
    ids=["no_title", "short_title", "other_words", "dated", "in_the_text"],
)
def test_a_page_that_may_be_an_article_is_stored_at_once(store: Store, shown: Article, title: str | None) -> None:
    assert first(store, "a", shown, title) == "new"


def test_times_and_reference_numbers_do_not_hide_a_notice(store: Store) -> None:
    room = Newsroom()
    for n in range(6):
        text = f"{NOTICE}\nآخر تحديث 14:{n:02} المرجع {n * 7919:x}f{n}"
        assert first(store, f"p{n}", notice(f"p{n}", text), room.title(), hours=n) == "blocked"
    assert row(store.path, "SELECT count(*) AS n FROM notices") == {"n": 1}
    assert row(store.path, "SELECT count(*) AS n FROM notice_pages") == {"n": 6}


def test_one_text_under_the_titles_and_dates_of_many_articles_is_a_notice(store: Store) -> None:
    room = Newsroom()
    titles = {f"p{n}": room.title() for n in range(60)}
    outcomes = []
    for n, (path, title) in enumerate(titles.items()):
        shown = signed(path, SUBSCRIBE, title=title, published=later(hours=n))
        outcomes.append(first(store, path, shown, title, hours=n))
    assert outcomes == ["new", *["duplicate"] * 3, *["blocked"] * 56]
    assert stored(store) == set(), "the first four are not articles either"
    assert store.exports.removal_reason(HOME + "p0") == "notice"
    assert store.search.find("subscribe", ArticleFilter(with_duplicates=True), 9) == []
    marked = rows(store.path, "SELECT duplicate_of, story_id = id AS alone FROM articles WHERE is_notice")
    assert marked == [{"duplicate_of": None, "alone": 1}] * 4
    assert rows(store.path, "SELECT * FROM stories") == rows(store.path, "SELECT * FROM story_edges") == []
    due = {page.url.removeprefix(HOME) for page in store.pages.rechecks(SITE, later(hours=60))}
    assert due == {"p0", "p1", "p2", "p3"}
    assert first(store, "p0", signed("p0", SUBSCRIBE, title=titles["p0"]), titles["p0"], hours=61) == "blocked"
    for n, (path, title) in enumerate(titles.items()):
        outcome = first(store, path, signed(path, room.text(), title=title), title, hours=70)
        assert outcome == ("updated" if n < 4 else "new")
    assert stored(store) == set(titles)
    assert rows(store.path, "SELECT * FROM revisions") == [], "what was stored before was no version of the article"
    assert rows(store.path, "SELECT id FROM articles WHERE is_notice OR duplicate_of") == []


def test_a_notice_with_a_date_of_its_own_is_one_at_the_third_address(store: Store) -> None:
    room = Newsroom()
    shown = [signed(path, SUBSCRIBE, title="Sign in", published=NOW) for path in "abcd"]
    assert [
        first(store, article.page.url.removeprefix(HOME), article, room.title()) for article in shown if article.page
    ] == [
        "new",
        "duplicate",
        "blocked",
        "blocked",
    ]
    assert stored(store) == set()


def test_what_copied_a_text_that_turns_out_to_be_a_notice_is_an_article_of_its_own(store: Store) -> None:
    room = Newsroom()
    for n in range(4):
        title = room.title()
        first(store, f"p{n}", signed(f"p{n}", SUBSCRIBE, title=title), title)
    put(store, signed("other", SUBSCRIBE, site="other", title="An agency tells how to subscribe"))
    title = room.title()
    assert first(store, "p4", signed("p4", SUBSCRIBE, title=title), title) == "blocked"
    assert stored(store) == {"other"}
    other = row(store.path, "SELECT duplicate_of, story_id = id AS alone FROM articles WHERE site = 'other'")
    assert other == {"duplicate_of": None, "alone": 1}


def test_the_notice_at_a_recheck_is_known_at_a_first_fetch(store: Store) -> None:
    room = Newsroom()
    put(store, signed("a", room.text()))
    assert put(store, an_article("a", NOTICE), later(hours=1)) == "blocked"
    assert first(store, "b", notice("b"), room.title(), hours=1) == "blocked"
    assert row(store.path, "SELECT is_known FROM notices") == {"is_known": 1}


@pytest.mark.parametrize("target", ["", "login"])
def test_a_redirect_of_every_page_to_the_home_page_or_a_login_stores_nothing(store: Store, target: str) -> None:
    room = Newsroom()
    for path in ("news/a", "news/b", "news/c"):
        shown = an_article(target, SUBSCRIBE, at=path, title="Port Ellory News")
        assert shown.page is not None
        shown.page.final_url, shown.page.redirects = HOME + target, [HOME + path]
        assert first(store, path, shown, room.title() if target else None) == "blocked"
    assert rows(store.path, "SELECT id FROM articles") == []


# What shares its text with another page and is an article.


def test_a_story_at_two_addresses_of_a_site_and_a_renamed_one_stay_copies(store: Store) -> None:
    room = Newsroom()
    for n in range(6):
        title, text = room.title(), room.text()
        assert first(store, f"sport/{n}", signed(f"sport/{n}", text, title=title), title) == "new"
        assert first(store, f"local/x{n}", signed(f"local/x{n}", text, title=title), title) == "duplicate"
        assert first(store, f"2026/{n}.html", an_article(f"2026/{n}.html", text, title=title), title) == "duplicate"
        assert first(store, f"print/{n}", notice(f"print/{n}", text, title="Print this page"), title) == "duplicate"
    assert rows(store.path, "SELECT * FROM notices") == []


def test_one_agency_text_under_four_headlines_stays_a_story_and_so_do_regional_editions(store: Store) -> None:
    room = Newsroom()
    text = room.text()
    outcomes = []
    for n in range(4):
        title = room.title()
        outcomes.append(first(store, f"p{n}", signed(f"p{n}", text, title=title), title))
    for n, place in enumerate(("Ellory", "Marrow", "Quint", "Sorrel", "Tamsin", "Ulver", "Veld")):
        title = f"Storm warning for the whole coast near {place}"
        outcomes.append(first(store, f"r{n}", signed(f"r{n}", SUBSCRIBE, title=title), title))
    assert outcomes == ["new", *["duplicate"] * 3, "new", *["duplicate"] * 6]
    assert rows(store.path, "SELECT * FROM notices") == []


def test_short_texts_of_video_pages_and_reports_of_figures_stay(store: Store) -> None:
    room = Newsroom()
    for n in range(8):
        title = room.title()
        assert first(store, f"v{n}", signed(f"v{n}", "الفيديو قيد التحميل", title=title), title) == "new"
        figures = "\n".join(f"Gauge {m * n} at {n * 17 + m} reads {n * m + 3} of {m} with {n} open." for m in range(9))
        title = room.title()
        assert first(store, f"t{n}", signed(f"t{n}", figures, title=title), title) in ("new", "duplicate")
    assert rows(store.path, "SELECT * FROM notices") == []


def test_an_article_that_quotes_a_notice_is_no_notice(store: Store) -> None:
    room = Newsroom()
    for path in "ab":
        first(store, path, notice(path, SUBSCRIBE), room.title())
    title = room.title()
    assert first(store, "c", signed("c", f"{room.text()}\n{SUBSCRIBE}", title=title), title) == "new"


def test_a_site_whose_articles_have_neither_date_nor_authors_is_stored(store: Store) -> None:
    room = Newsroom()
    for n in range(9):
        assert first(store, f"p{n}", an_article(f"p{n}", room.text(), title=room.title()), None) == "new"


def test_a_notice_that_was_not_seen_for_a_month_is_forgotten(store: Store) -> None:
    room = Newsroom()
    for path in "ab":
        first(store, path, notice(path), room.title())
    for path in "cd":
        first(store, path, notice(path, SUBSCRIBE), room.title(), hours=24 * 40)
    assert [found["body"] for found in rows(store.path, "SELECT body FROM notices")] == [SUBSCRIBE]
