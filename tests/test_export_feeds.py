"""Output feeds and lists of feeds: what feedparser and the specifications make of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from crawler.onboard.opml import read_opml
from crawler.store import Store
from tests.inprocess import Commands
from tests.made_up import HOME, SITE, an_article, later, put

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "]]><script>alert(1)</script>&amp; \u202eماء\x0b"


@pytest.fixture
def scrapy(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Commands:
    with Store(tmp_path / "news.db") as store:
        at = datetime(2026, 2, 28, 22, 30, tzinfo=UTC)
        put(
            store,
            an_article("one", "فقرة أولى\nفقرة <ثانية> & ثالثة", title="خبر أول", language="ar", published=at,
                       authors=["سلمى", "عمر"], category="اقتصاد", tags=["ماء", "اقتصاد"], subtitle="عنوان فرعي",
                       image_url=HOME + "a.jpg"),
        )  # fmt: skip
        put(store, an_article("two", "Second text of the day", title=HOSTILE, language="en", modified=later(days=1)))
    sites = tmp_path / "sites"
    sites.mkdir()
    (sites / f"{SITE}.toml").write_text(
        f'title = "Daily & Co"\nurl = "{HOME}"\nfeeds = ["{HOME}rss?a=1&b=2"]\nlanguage = "ar"\n'
    )
    (sites / "other.toml").write_text(
        'title = "Other"\nurl = "https://other.example/"\nsitemaps = ["https://other.example/s.xml"]\n'
    )
    return Commands(tmp_path / "news.db", capfd, sites=sites)


def exported(scrapy: Commands, target: Path, *words: str) -> bytes:
    result = scrapy("export", str(target), *words)
    assert result.code == 0, result.err
    return target.read_bytes()


@pytest.mark.parametrize("suffix", [".rss", ".atom"])
def test_feedparser_reads_an_output_feed(scrapy: Commands, tmp_path: Path, suffix: str) -> None:
    feed = feedparser.parse(exported(scrapy, tmp_path / f"out{suffix}", "--site", SITE))
    assert not feed.bozo
    root = etree.fromstring((tmp_path / f"out{suffix}").read_bytes())
    assert not [element.tag for element in root.iter() if not (len(element) or element.attrib or element.text)]
    assert (feed.feed.title, feed.feed.link) == ("Daily & Co", HOME)
    second, first = feed.entries
    assert (first.title, first.link, first.id) == ("خبر أول", HOME + "one", HOME + "one")
    assert first.published_parsed[:5] == (2026, 2, 28, 22, 30)
    assert "published" not in second
    assert [tag.term for tag in first.tags] == ["اقتصاد", "ماء"]
    assert first.summary == "عنوان فرعي"
    assert "<p>فقرة &lt;ثانية&gt; &amp; ثالثة</p>" in first.content[0].value
    assert "سلمى" in str(first.get("authors"))
    assert second.title.startswith("]]>")


def test_atom_has_what_the_rfc_requires(scrapy: Commands, tmp_path: Path) -> None:
    root = etree.fromstring(exported(scrapy, tmp_path / "a.atom"))
    assert root.tag == f"{ATOM}feed"
    for parent in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            [element] = parent.findall(f"{ATOM}{name}")
            assert element.text
        assert datetime.fromisoformat(parent.findtext(f"{ATOM}updated") or "").tzinfo is not None
    assert root.find(f"{ATOM}author/{ATOM}name") is not None, "an entry without an author needs that of the feed"
    first = root.findall(f"{ATOM}entry")[1]
    assert [name.text for name in first.findall(f"{ATOM}author/{ATOM}name")] == ["سلمى", "عمر"]
    assert first.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    again = etree.fromstring(exported(scrapy, tmp_path / "b.atom"))
    assert again.findtext(f"{ATOM}id") == root.findtext(f"{ATOM}id"), "the same feed"


def test_rss_has_what_its_specification_requires(scrapy: Commands, tmp_path: Path) -> None:
    root = etree.fromstring(exported(scrapy, tmp_path / "a.rss", "--query", "فقرة"))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        assert root.findtext(f"channel/{name}"), name
    assert root.findtext("channel/title") == "“فقرة”"
    [item] = root.iter("item")
    guid = item.find("guid")
    assert guid is not None
    assert (guid.text, guid.get("isPermaLink")) == (HOME + "one", "true")
    assert item.findtext("pubDate") == "Sat, 28 Feb 2026 22:30:00 +0000"


def test_a_json_feed_has_what_its_specification_requires(scrapy: Commands, tmp_path: Path) -> None:
    feed = json.loads(exported(scrapy, tmp_path / "a.json", "--category", "إقتصاد"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["title"], feed["home_page_url"], feed["language"]) == ("إقتصاد", HOME, "ar")
    [item] = feed["items"]
    assert (item["id"], item["url"], item["title"]) == (HOME + "one", HOME + "one", "خبر أول")
    assert item["authors"] == [{"name": "سلمى"}, {"name": "عمر"}]
    assert item["date_published"] == "2026-02-28T22:30:00+00:00"
    assert item["content_html"].startswith('<div dir="rtl"><p>')
    assert item["image"] == HOME + "a.jpg"


@pytest.mark.parametrize("suffix", [".rss", ".atom", ".json"])
def test_an_empty_feed_is_a_feed(scrapy: Commands, tmp_path: Path, suffix: str) -> None:
    data = exported(scrapy, tmp_path / f"a{suffix}", "--since", "2027-01-01", "--allow-empty")
    if suffix == ".json":
        assert json.loads(data)["items"] == []
    else:
        assert not feedparser.parse(data).bozo


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("a.rss", "--since-last", "x"), "a feed always has the newest 100 articles"),
        (("a.atom", "--columns", "id"), "a feed contains articles, and no columns can be selected"),
        (("a.json", "--what", "stories"), "a feed contains articles"),
        (("a.csv", "--related", "b.rss"), "b.rss: must end in .xlsx"),
        (("--opml", "a.txt"), "must end in .opml"),
    ],
)
def test_wrong_usage_is_one_sentence(scrapy: Commands, tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    files = [str(tmp_path / word) if "." in word else word for word in words]
    result = scrapy("export", *files)
    assert (result.code, message in result.err) == (2, True), result.err


def test_the_feeds_of_the_sites_are_a_list_for_feed_readers(scrapy: Commands, tmp_path: Path) -> None:
    target = tmp_path / "feeds.opml"
    result = scrapy("export", "--opml", str(target))
    assert (result.code, result.out) == (0, f"1 feed in {target}\n")
    assert result.err == "without a feed, and not in the list: other\n"
    assert read_opml(target) == [HOME + "rss?a=1&b=2"]
    [outline] = etree.parse(target).iter("outline")
    assert dict(outline.attrib) == {
        "type": "rss",
        "text": "Daily & Co",
        "title": "Daily & Co",
        "xmlUrl": HOME + "rss?a=1&b=2",
        "htmlUrl": HOME,
        "language": "ar",
    }
    assert scrapy("export", "--opml", str(target), "--site", "other").out.startswith("0 feeds")
