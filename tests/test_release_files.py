"""Releases: reproducible, described, verified, and compared with an earlier one."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from crawler.export import ARTICLE_COLUMNS
from crawler.release import find_problems
from crawler.store import Store
from tests.inprocess import Commands
from tests.made_up import HOME, NOW, a_candidate, an_article, enqueue, fail, later, put
from tests.test_store_articles import OTHER, pointing

EXTRACTOR = "rasid 0.1.0, trafilatura 2.0.0"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "db" / "news.db") as opened:
        put(opened, pointing("a", "b", "x", published=NOW, language="ar", authors=["سلمى"], extractor=EXTRACTOR))
        other = an_article("b", "text of b\n=1+1", published=later(days=40), language="en", site="<b>|other")
        put(opened, replace(other, extractor=EXTRACTOR))
        put(opened, an_article("c", f"a {OTHER}", published=later(hours=2), site="example"), later(hours=3))
        yield opened


@pytest.fixture
def scrapy(store: Store, capfd: pytest.CaptureFixture[str]) -> Commands:
    return Commands(store.path, capfd)


def release(scrapy: Commands, folder: Path, *words: str) -> Path:
    result = scrapy("release", str(folder), "--name", "news", *words)
    assert result.code == 0, result.err
    return folder


def package(folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return result


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# -- contents --------------------------------------------------------------------------------------------------------


def test_a_release_holds_its_data_their_description_a_card_and_the_sums(scrapy: Commands, tmp_path: Path) -> None:
    folder = release(scrapy, tmp_path / "one", "--format", "csv,jsonl")
    tables = ("articles", "related_articles", "story_edges", "ledger", "missing")
    data = {f"{table}.{suffix}" for table in tables for suffix in ("csv", "jsonl")}
    assert set(contents(folder)) == data | {"datapackage.json", "README.md", "SHA256SUMS"}
    assert [row["url"] for row in lines(folder / "articles.jsonl")] == [HOME + "a", HOME + "b"]
    with (folder / "articles.csv").open(encoding="utf-8", newline="") as file:
        assert [row["url"] for row in csv.DictReader(file)] == [HOME + "a", HOME + "b"]
    assert [row["url"] for row in lines(folder / "story_edges.jsonl")] == [HOME + "c"]


def test_the_package_describes_every_file(scrapy: Commands, tmp_path: Path) -> None:
    folder = release(scrapy, tmp_path / "one", "--format", "csv,jsonl")
    result = package(folder)
    assert (result["name"], result["created"], result["filters"]) == ("news", "2026-03-01T12:00:00Z", "{}")
    names = [resource["name"] for resource in result["resources"]]
    assert len(set(names)) == len(names) == 10
    for resource in result["resources"]:
        assert resource["bytes"] == (folder / resource["path"]).stat().st_size
    articles = next(r for r in result["resources"] if r["path"] == "articles.csv")
    assert articles["rows"] == 2
    assert [field["name"] for field in articles["schema"]["fields"]] == list(ARTICLE_COLUMNS)
    assert {f["name"]: f["type"] for f in articles["schema"]["fields"]}["published"] == "datetime"


# Type in a schema → what a file of each format has for it. Parquet's own types: by their names.
TYPES: dict[str, dict[str, Any]] = {
    "csv": {"integer": r"-?\d*", "number": r"-?[\d.]*", "datetime": r"[\d:TZ.-]*", "string": r"(?s).*"},
    "jsonl": {"integer": int, "number": float | int, "datetime": str, "array": list, "object": dict, "string": str},
    "parquet": {
        "integer": "int64",
        "number": "double",
        "boolean": "bool",
        "datetime": "timestamp[us, tz=UTC]",
        "array": "list<element: string>",
        "string": "string",
    },
}


def test_the_schemas_name_the_types_that_the_files_have(scrapy: Commands, store: Store, tmp_path: Path) -> None:
    put(store, replace(an_article("d", "paid text", language="en"), paywalled=True, tags=["one", "two"]))
    enqueue(store, a_candidate("missing"))
    fail(store, "missing", retry=False)
    folder = release(scrapy, tmp_path / "one")
    for resource in package(folder)["resources"]:
        types = {field["name"]: TYPES[resource["format"]][field["type"]] for field in resource["schema"]["fields"]}
        path = folder / resource["path"]
        if resource["format"] == "parquet":
            assert {field.name: str(field.type) for field in pyarrow.parquet.read_schema(path)} == types
            continue
        if resource["format"] == "csv":
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            assert all(re.fullmatch(types[name], value) for row in rows for name, value in row.items())
        else:
            rows = lines(path)
            assert all(value is None or isinstance(value, types[n]) for row in rows for n, value in row.items())
        assert len(rows) == resource["rows"] > 0


def test_keys_are_unique_and_lead_to_articles_of_the_release(scrapy: Commands, store: Store, tmp_path: Path) -> None:
    before = release(scrapy, tmp_path / "before", "--format", "csv,jsonl")
    put(store, pointing("a", "b", "y", published=NOW, language="ar"), later(days=1))
    for folder in (before, release(scrapy, tmp_path / "delta", "--format", "csv,jsonl", "--delta", str(before))):
        resources = {resource["name"]: resource for resource in package(folder)["resources"]}
        articles = "articles" if folder is before else "changes"
        for suffix in ("", "-jsonl"):
            schema = resources[f"related-articles{suffix}"]["schema"]
            assert schema["foreignKeys"] == [
                {"fields": ["article_url"], "reference": {"resource": f"{articles}{suffix}", "fields": ["url"]}}
            ]
            assert resources[f"{articles}{suffix}"]["schema"]["primaryKey"] == ["url"]
        urls = [row["url"] for row in lines(folder / f"{articles}.jsonl")]
        assert len(urls) == len(set(urls)) > 0
        assert {row["article_url"] for row in lines(folder / "related_articles.jsonl")} <= set(urls)


def test_files_that_frictionless_cannot_read_as_tables_are_described_as_files(
    scrapy: Commands, store: Store, tmp_path: Path
) -> None:
    folder = release(scrapy, tmp_path / "one", "--site", "example", "--category", "none", "--allow-empty")
    described = {resource["path"]: resource.get("type") for resource in package(folder)["resources"]}
    assert described["articles.csv"] is None
    assert described.pop("ledger.jsonl") is None, "it has rows"
    assert {kind for path, kind in described.items() if not path.endswith(".csv")} == {"file"}
    for resource in package(folder)["resources"]:
        assert ("rows" in resource) == (resource.get("type") is None)


def test_sha256sum_finds_every_file_as_it_was(scrapy: Commands, tmp_path: Path) -> None:
    folder = release(scrapy, tmp_path / "one")
    message = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)
    assert message.returncode == 0
    assert message.stdout.count(": OK") == len(contents(folder)) - 1


def test_the_card_has_the_figures_and_the_terms_of_the_sites(scrapy: Commands, tmp_path: Path) -> None:
    sites = tmp_path / "sites"
    sites.mkdir()
    profile = 'title = "Example <script>"\nurl = "https://example.org/"\nlicence = "CC BY 4.0"\ntdm = "reserved"\n'
    (sites / "example.toml").write_text(profile, "utf-8")
    folder = release(scrapy, tmp_path / "one", "--with-duplicates", "-s", f"NEWS_SITES={sites}")
    card = (folder / "README.md").read_text("utf-8")
    for line in (
        "| articles | 3 |",
        "| of these, copies of another article | 1 |",
        "| example | 2 |",
        "| &lt;b>\\|other | 1 |",
        "| ar | 1 |",
        "| 2026-03 | 2 |",
        "| 2026-04 | 1 |",
        "| published from | 2026-03-01T12:00:00Z |",
        "| example | Example &lt;script> | https://example.org/ | CC BY 4.0 | reserved |",
        "| rasid 0.1.0, trafilatura 2.0.0 | 2 |",
        "| unknown | 1 |",
        "| `url` | url | canonical URL; the identity of the article |",
    ):
        assert line in card, line
    assert "<script>" not in card
    assert package(folder)["sources"] == [{"title": "Example <script>", "path": "https://example.org/"}]
    assert package(folder)["extractors"] == {EXTRACTOR: 2, "unknown": 1}


def test_the_card_counts_what_extracted_the_rows_whatever_program_writes_it(
    scrapy: Commands, store: Store, tmp_path: Path
) -> None:
    release(scrapy, tmp_path / "before")
    put(store, an_article("b", "text of b\n=1+1", site="<b>|other", extractor="rasid 9.0.0, trafilatura 3.1.0"))
    put(store, an_article("d", "text of d", extractor="rasid 9.0.0, trafilatura 3.1.0"))
    assert package(tmp_path / "before")["extractors"] == {EXTRACTOR: 2}
    after = package(release(scrapy, tmp_path / "after"))["extractors"]
    assert after == {EXTRACTOR: 1, "rasid 9.0.0, trafilatura 3.1.0": 2}


def test_the_same_database_gives_the_same_bytes(scrapy: Commands, tmp_path: Path) -> None:
    one = release(scrapy, tmp_path / "one", "--with-duplicates")
    other = release(scrapy, tmp_path / "sub" / "folder" / "other", "--with-duplicates")
    assert contents(one) == contents(other)


def test_another_database_gives_other_bytes(scrapy: Commands, store: Store, tmp_path: Path) -> None:
    one = release(scrapy, tmp_path / "one")
    put(store, an_article("d", "text of d"))
    assert contents(one) != contents(release(scrapy, tmp_path / "two"))


def test_filters_choose_what_is_released_and_are_in_the_card(scrapy: Commands, tmp_path: Path) -> None:
    folder = release(scrapy, tmp_path / "one", "--language", "en")
    assert [row["url"] for row in lines(folder / "articles.jsonl")] == [HOME + "b"]
    assert package(folder)["filters"] == '{"language": "en"}'
    assert "| filters | language: en |" in (folder / "README.md").read_text("utf-8")


def test_an_empty_release_is_one(scrapy: Commands, tmp_path: Path) -> None:
    folder = release(scrapy, tmp_path / "one", "--until", "1999-01-01", "--allow-empty")
    assert find_problems(folder) == []
    assert (folder / "articles.jsonl").read_bytes() == b""


# -- verification ----------------------------------------------------------------------------------------------------


def test_verify_accepts_an_intact_release(scrapy: Commands, tmp_path: Path) -> None:
    folder = release(scrapy, tmp_path / "one")
    result = scrapy("release", "--verify", str(folder))
    assert (result.code, result.out, result.err) == (0, f"{folder}: all files are as they were released\n", "")


def test_verify_reports_what_was_changed(scrapy: Commands, tmp_path: Path) -> None:
    folder = release(scrapy, tmp_path / "one", "--format", "csv,jsonl")
    (folder / "articles.csv").write_bytes((folder / "articles.csv").read_bytes().replace(b"text", b"tixt"))
    (folder / "story_edges.csv").unlink()
    (folder / "more.txt").touch()
    (folder / "README.md").unlink()
    (folder / "README.md").symlink_to("/etc/hostname")
    result = scrapy("release", "--verify", str(folder))
    assert result.code == 1
    assert result.err.splitlines() == [
        "story_edges.csv is missing",
        "more.txt does not belong to the release",
        "README.md is not a regular file",
        "articles.csv has changed: its SHA-256 differs from SHA256SUMS",
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("SHA256SUMS", "", "SHA256SUMS has a line that is not a SHA-256 and a file name"),
        (
            "SHA256SUMS",
            "0" * 64 + "  ../../etc/passwd\n",
            "SHA256SUMS has a line that is not a SHA-256 and a file name",
        ),
        ("SHA256SUMS", None, "SHA256SUMS cannot be read"),
        ("datapackage.json", "[" * 100_000, "datapackage.json cannot be read"),
        ("datapackage.json", "[]", "datapackage.json is not a data package"),
        (
            "datapackage.json",
            '{"resources": [{"path": "../x"}]}',
            "describes '../x', which is not a file of the release",
        ),
        ("datapackage.json", '{"resources": [7]}', "describes None, which is not a file of the release"),
    ],
)
def test_verify_survives_a_hostile_release(
    scrapy: Commands, tmp_path: Path, name: str, text: str | None, message: str
) -> None:
    folder = release(scrapy, tmp_path / "one", "--format", "jsonl")
    (folder / name).unlink()
    if text is not None:
        (folder / name).write_text(text, "utf-8")
    assert message in "\n".join(find_problems(folder))


# -- deltas ----------------------------------------------------------------------------------------------------------


def applied(before: list[dict[str, Any]], delta: Path) -> list[dict[str, Any]]:
    """The earlier rows with a delta applied, as a user of the dataset would."""
    rows = {row["url"]: row for row in before}
    for row in lines(delta / "removed.jsonl"):
        del rows[row["url"]]
    for row in lines(delta / "changes.jsonl"):
        assert (row["url"] in rows) == (row["change"] == "changed")
        rows[row["url"]] = {name: row[name] for name in ARTICLE_COLUMNS}
    return sorted(rows.values(), key=lambda row: int(row["id"]))


def test_a_delta_applied_to_the_earlier_release_gives_the_new_one(
    scrapy: Commands, store: Store, tmp_path: Path
) -> None:
    put(store, an_article("gone", "text of gone"))
    put(store, an_article("same", "text of same"))
    put(store, an_article("copy", "text that becomes a copy"))
    old = release(scrapy, tmp_path / "old")
    corrected = an_article("b", "text of b, corrected", published=later(days=40), language="en", site="<b>|other")
    put(store, corrected, later(days=1))
    put(store, an_article("same", "text of same"), later(days=1))
    put(store, replace(pointing("d", "b"), paragraphs=["text of d"]), later(days=1))
    with store._db.atomic():  # as if a URL were forgotten and another rule for copies applied
        store._db.execute("DELETE FROM pages WHERE article_id = 4")
        store._db.table("articles").delete(4)
        store._db.table("articles").update(6, {"duplicate_of": 1})
    delta = release(scrapy, tmp_path / "delta", "--delta", str(old))
    new = release(scrapy, tmp_path / "new")
    assert [(row["change"], row["url"]) for row in lines(delta / "changes.jsonl")] == [
        ("changed", HOME + "b"),
        ("added", HOME + "d"),
    ]
    assert lines(delta / "removed.jsonl") == [
        {"id": 4, "url": HOME + "gone", "reason": "deleted"},
        {"id": 6, "url": HOME + "copy", "reason": "copy"},
    ]
    assert [row["article_url"] for row in lines(delta / "related_articles.jsonl")] == [HOME + "d"]
    last_seen = {"last_seen": None}
    before, after = lines(old / "articles.jsonl"), lines(new / "articles.jsonl")
    assert [row | last_seen for row in applied(before, delta)] == [row | last_seen for row in after]
    assert with_links_applied(old, delta) == links(new)
    assert package(delta)["previous"] == {"name": "news", "created": package(old)["created"]}
    assert find_problems(delta) == []


def links(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The other tables of a release, by article."""
    values = {f"edge {row['url']}": [row] for row in lines(folder / "story_edges.jsonl")}
    for row in lines(folder / "related_articles.jsonl"):
        values.setdefault(row["article_url"], []).append(row)
    return values


def with_links_applied(old: Path, delta: Path) -> dict[str, list[dict[str, Any]]]:
    """The other tables of the earlier release with a delta applied."""
    result = links(old)
    for name in ("removed", "changes", "removed_story_edges"):
        edge = "edge " if name == "removed_story_edges" else ""
        for row in lines(delta / f"{name}.jsonl"):
            result.pop(edge + row["url"], None)
    return result | links(delta)


def test_a_delta_to_the_same_database_is_empty(scrapy: Commands, tmp_path: Path) -> None:
    old = release(scrapy, tmp_path / "old")
    delta = release(scrapy, tmp_path / "delta", "--delta", str(old))
    assert lines(delta / "changes.jsonl") == lines(delta / "removed.jsonl") == []
    assert links(delta) == {}
    assert lines(delta / "removed_story_edges.jsonl") == []


def test_a_delta_holds_articles_of_which_only_the_related_ones_changed(
    scrapy: Commands, store: Store, tmp_path: Path
) -> None:
    put(store, replace(pointing("lost", "x"), paragraphs=["text of lost"]))
    put(store, replace(pointing("kept", "x"), paragraphs=["text of kept"]))
    old = release(scrapy, tmp_path / "old")
    put(store, pointing("a", "b", "y", published=NOW, language="ar", authors=["سلمى"]))
    put(store, an_article("lost", "text of lost"))
    delta = release(scrapy, tmp_path / "delta", "--delta", str(old))
    assert [(row["change"], row["url"]) for row in lines(delta / "changes.jsonl")] == [
        ("changed", HOME + "a"),
        ("changed", HOME + "lost"),
    ]
    assert with_links_applied(old, delta) == links(release(scrapy, tmp_path / "new"))
    assert set(links(delta)) == {HOME + "a"}


def test_a_delta_has_the_added_changed_and_removed_edges(scrapy: Commands, store: Store, tmp_path: Path) -> None:
    put(store, an_article("e", f"a {OTHER}", published=later(hours=4)))
    old = release(scrapy, tmp_path / "old")
    put(store, an_article("f", f"a {OTHER}", published=later(hours=-5)))  # published first: the lag of others grows
    for days in (1, 5):  # an unrelated text is believed when the page shows it again
        put(store, an_article("c", "another text", published=later(hours=2)), later(days=days))
    delta = release(scrapy, tmp_path / "delta", "--delta", str(old))
    assert lines(delta / "removed_story_edges.jsonl") == [{"url": HOME + "c"}]
    assert {row["url"]: row["lag_seconds"] for row in lines(delta / "story_edges.jsonl")} == {
        HOME + "e": 9 * 3600,
        HOME + "f": 0,
    }
    assert with_links_applied(old, delta) == links(release(scrapy, tmp_path / "new"))


def test_an_id_of_another_database_is_another_article(scrapy: Commands, store: Store, tmp_path: Path) -> None:
    old = release(scrapy, tmp_path / "old")
    with store._db.atomic():
        store._db.table("articles").update(2, {"url": HOME + "moved"})
    delta = release(scrapy, tmp_path / "delta", "--delta", str(old))
    assert [(row["change"], row["url"]) for row in lines(delta / "changes.jsonl")] == [
        ("changed", HOME + "a"),  # it points to the other one
        ("added", HOME + "moved"),
    ]
    assert [(row["url"], row["reason"]) for row in lines(delta / "removed.jsonl")] == [(HOME + "b", "deleted")]


def test_a_delta_needs_a_full_and_intact_release(scrapy: Commands, store: Store, tmp_path: Path) -> None:
    old = release(scrapy, tmp_path / "old")
    delta = release(scrapy, tmp_path / "delta", "--delta", str(old))
    few = release(scrapy, tmp_path / "few", "--format", "csv")
    for previous, words, message in (
        (delta, (), "must be a full release with articles.jsonl, not a delta"),
        (few, (), "must be a full release with articles.jsonl, not a delta"),
        (tmp_path, (), "the release is not intact"),
        (old, ("--site", "example"), "was written with other filters ({})"),
    ):
        result = scrapy("release", str(tmp_path / "x"), "--name", "x", "--delta", str(previous), *words)
        assert result.code == 1
        assert message in result.err
    (old / "articles.jsonl").write_text("{}\n")
    result = scrapy("release", str(tmp_path / "x"), "--name", "x", "--delta", str(old))
    assert "the release is not intact (articles.jsonl has changed" in result.err
    assert not (tmp_path / "x").exists()


# -- wrong usage -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("FOLDER",), 2, "give a folder and a name"),
        (("--name", "x"), 2, "give a folder and a name"),
        (("FOLDER", "--name", "../x"), 1, "must consist of lower-case letters"),
        (("FOLDER", "--name", "x", "--format", "xlsx"), 1, "--format xlsx: must be one or more of csv,jsonl,parquet"),
        (("FOLDER", "--name", "x", "--query", "(("), 2, "the query contains no word"),
        (("FOLDER", "--name", "x", "--delta", "nowhere"), 1, "nowhere is not a folder"),
        (("--verify", "nowhere"), 1, "nowhere is not a folder"),
    ],
)
def test_wrong_usage_is_one_sentence_and_leaves_nothing(
    scrapy: Commands, tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    result = scrapy("release", *(str(tmp_path / "one") if word == "FOLDER" else word for word in words))
    assert result.code == code
    assert message in result.out + result.err
    assert [path.name for path in tmp_path.iterdir()] == ["db"]


def test_a_release_is_never_overwritten(scrapy: Commands, tmp_path: Path) -> None:
    folder = release(scrapy, tmp_path / "one")
    before = contents(folder)
    result = scrapy("release", str(folder), "--name", "news")
    assert result.code == 1
    assert "already exists and is never overwritten" in result.err
    assert contents(folder) == before
    (tmp_path / "empty").mkdir()
    assert find_problems(release(scrapy, tmp_path / "empty")) == []
