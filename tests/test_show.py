"""scrapy show, and the versions of an article."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import RelatedArticle
from crawler.similarity.diff import diff_sentences, format_diff
from crawler.store import Store
from tests.conftest import Workplace
from tests.made_up import HOME, NOW, an_article, improve, later, put, rows
from tests.newssite import PARAGRAPHS

TEXT = "\n".join(PARAGRAPHS)
STRUCTURE = " ".join(["##", *["-p"] * (len(PARAGRAPHS) - 1)])
EMBEDDED = [
    "A cat that lived on the ferry for eleven years has moved in with its captain in Port Ellory.",
    "Passengers had signed a letter in which they asked that the cat be counted as crew.",
]
FIELDS = ("title", "subtitle", "body", "authors", "source", "category", "published", "language")
# Stored with each change of those; a change of these alone is stored with the next one.
BESIDE = ("tags", "modified", "image_url", "published_raw", "published_from", "paywalled", "extractor")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """Article 1 with four versions, one of each kind; article 2 copies it; article 3 is embedded in it."""
    workplace = Workplace(tmp_path_factory.mktemp("show"))
    with Store(workplace.database) as store:
        stored = f"{TEXT}\nFerry cat goes ashore\n" + "\n".join(EMBEDDED)
        put(store, an_article("pier", stored, title="Pier opens"))
        corrected = stored.replace("eleven months", "twelve months")
        put(store, an_article("pier", corrected, title="Old pier opens", at="pier"), later(hours=1))
        put(store, an_article("copy", TEXT, site="other", title="Harbour news", structure=STRUCTURE), later(hours=2))
        cat = an_article("cat", "\n".join(EMBEDDED), title="Ferry cat goes ashore")
        put(store, cat, later(hours=3))
        better = an_article("pier", f"{corrected}\nThe pier was built in 1911.", title="Old pier opens")
        better.related = [RelatedArticle(kind="block", position=0, title="Lighthouse", url=HOME + "light")]
        assert improve(store, better, later(hours=4)) is True
    return workplace


def test_an_article_is_shown_with_its_text_what_it_says_of_others_and_its_copies(filled: Workplace) -> None:
    result = filled.run("show", HOME + "pier/?utm_source=x")
    assert result.returncode == 0, result.stderr
    assert "title:     Old pier opens" in result.stdout
    assert "twelve months" in result.stdout
    assert f"embedded: Ferry cat goes ashore  {HOME}cat  (article 3)\n    {EMBEDDED[0]}" in result.stdout
    assert "2  other  Harbour news" in result.stdout
    assert "similar" in result.stdout
    assert "4 versions (--history)" in result.stdout


def test_a_text_is_shown_as_markdown(filled: Workplace) -> None:
    first, *rest = PARAGRAPHS
    items = "\n".join(f"- {line}" for line in rest)
    assert f"\n\n## {first}\n\n{items}\n" in filled.run("show", "2", "--markdown").stdout
    assert json.loads(filled.run("show", "2", "--json").stdout)["body_markdown"] == f"## {first}\n\n{items}"
    wrong = filled.run("show", "2", "--markdown", "--history")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "--markdown cannot be used with --history or --json" in wrong.stderr


def test_history_shows_the_removed_and_added_sentences_and_the_reason(filled: Workplace) -> None:
    shown = filled.run("show", "1", "--history").stdout
    assert [line.split("  ")[2].split(":")[0] for line in shown.splitlines() if line.startswith("version")] == [
        "first seen",
        "update",
        "embedded",
        "extraction",
    ]
    assert "    - Pier opens\n    + Old pier opens" in shown
    assert "    - Engineers spent eleven months" in shown
    assert "    + Engineers spent twelve months" in shown
    assert f"    - {EMBEDDED[0]}" in shown
    assert "    + The pier was built in 1911." in shown
    assert "… 1 unchanged" in shown


def test_json_has_everything(filled: Workplace) -> None:
    result = json.loads(filled.run("show", "1", "--json").stdout)
    assert [version["kind"] for version in result["versions"]] == ["new", "update", "embedded", "extraction"]
    assert result["versions"][-1]["body"] == result["body"]
    assert [other["kind"] for other in result["related"]] == ["embedded", "block"]
    assert [other["id"] for other in result["story"]] == [2]


@pytest.mark.parametrize("article", ["9" * 30, "http://["])
def test_what_is_not_stored_is_one_sentence_and_exit_code_1(filled: Workplace, article: str) -> None:
    result = filled.run("show", article)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"{article}: no such article is stored\n"


def test_two_articles_are_a_usage_error(filled: Workplace) -> None:
    assert filled.run("show", "1", "2").returncode == 2


# -- versions --------------------------------------------------------------------------------------------------------

SENTENCES = st.sampled_from([*PARAGRAPHS, "One.", "Two! Three?", "قال: «نعم.» ثم ذهب.", "", "\u200c", "{}", "'"])
VERSIONS = st.lists(
    st.tuples(st.lists(SENTENCES, min_size=1, max_size=4), st.sampled_from(["A", "B"]), st.booleans()),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=40)
@given(VERSIONS)
def test_every_earlier_version_can_be_rebuilt_exactly(versions: list[tuple[list[str], str, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "news.db", boilerplate_pages=0) as store:
        seen: list[dict[str, Any]] = []
        for day, (paragraphs, title, is_better) in enumerate(versions):
            article = an_article("a", "\n".join(paragraphs), title=title, authors=[title])
            if is_better and seen:
                improve(store, article, later(days=day))
            else:
                put(store, article, later(days=day))
            (row,) = rows(store.path, "SELECT * FROM articles")
            now = {name: row[name] for name in FIELDS}
            if not seen or seen[-1] != now:
                seen.append(now)
        stored = store.articles.detail(1)
    assert stored is not None
    assert [{name: version[name] for name in FIELDS} for version in stored["versions"]] == seen


def test_a_version_has_what_belonged_to_it_beside_the_text(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        seen = []
        for day, word in enumerate(("one", "two", "three")):
            fields: dict[str, Any] = {"tags": [word], "modified": later(days=day), "image_url": HOME + word}
            fields |= {"published_raw": word, "published_from": word, "paywalled": word == "two"}
            put(store, an_article(title=word, extractor=f"rasid 0.{day}", **fields), later(days=day))
            [result] = rows(store.path, "SELECT * FROM articles")
            seen.append({name: result[name] for name in BESIDE})
        stored = store.articles.detail(1)
    assert stored is not None
    assert [{name: version[name] for name in BESIDE} for version in stored["versions"]] == seen
    assert [version["extractor"] for version in stored["versions"]] == ["rasid 0.0", "rasid 0.1", "rasid 0.2"]


@settings(deadline=None)
@given(st.text(), st.text())
def test_differences_hold_both_texts(before: str, after: str) -> None:
    lines = diff_sentences(before, after)

    def squeezed(text: str) -> str:
        return "".join(text.split())

    gone = squeezed("".join(line.sentence for line in lines if line.sign != "+"))
    come = squeezed("".join(line.sentence for line in lines if line.sign != "-"))
    assert (gone, come) == (squeezed(before), squeezed(after))


def test_only_changed_fields_are_shown() -> None:
    before, after = "One stays. Two goes. Three stays.\nFour.", "One stays. New comes. Three stays.\nFour."
    assert list(format_diff(before, after)) == [
        "  … 1 unchanged",
        "- Two goes.",
        "+ New comes.",
        "  … 2 unchanged",
    ]
    assert list(format_diff(before, before)) == ["  … 4 unchanged"]


# -- better extraction -----------------------------------------------------------------------------------------------


def test_a_better_extraction_keeps_identity_and_times(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        put(store, an_article("a", TEXT, at="page"))
        better = an_article("b", f"{TEXT}\nAnd more.", at="page", category="Harbour")
        assert improve(store, better, later(days=3)) is True
        (row,) = rows(store.path, "SELECT * FROM articles")
        assert (row["url"], row["page_url"], row["category"]) == (HOME + "a", HOME + "page", "Harbour")
        assert row["first_seen"] == row["last_seen"] == NOW.isoformat().replace("+00:00", "Z")
        assert improve(store, better, later(days=4)) is False
        assert improve(store, an_article("unknown", TEXT), NOW) is None
        (revision,) = rows(store.path, "SELECT kind, previous->>'body' AS body FROM revisions")
        assert revision == {"kind": "extraction", "body": TEXT}
