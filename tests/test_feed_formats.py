"""`-o`, `-O` and FEEDS: every format of Scrapy read back, every option of a feed, and feeds that fail."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import marshal
import os
import pickle
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Workplace
from tests.forked import ForkedCommands, forked_commands
from tests.homes import SpiderHome
from tests.newssite import PARAGRAPHS, NewsSite

FORMATS = ("csv", "json", "jsonl", "jsonlines", "xml", "pickle", "marshal")


@pytest.fixture(scope="module")
def commands() -> Iterator[ForkedCommands]:
    with forked_commands() as started:
        yield started


@pytest.fixture
def home(tmp_path: Path, commands: ForkedCommands) -> SpiderHome:
    return SpiderHome(tmp_path, commands)


def read_back(folder: Path, name: str, suffix: str) -> list[dict[str, Any]]:
    """The items of a feed, as its format has them."""
    data = (folder / f"{name}.{suffix}").read_bytes()
    if suffix == "csv":
        return [dict(row) for row in csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""))]
    if suffix == "json":
        items: list[dict[str, Any]] = json.loads(data)
        return items
    if suffix in ("jsonl", "jsonlines"):
        return [json.loads(line) for line in data.decode("utf-8").splitlines()]
    if suffix == "xml":
        return [{field.tag: _xml_value(field) for field in item} for item in ET.fromstring(data)]
    return list(_loaded(io.BytesIO(data), pickle if suffix == "pickle" else marshal))


def _xml_value(field: ET.Element) -> Any:
    if not len(field):
        return field.text
    return [value.text for value in field] if field[0].tag == "value" else {each.tag: each.text for each in field}


def _loaded(file: io.BytesIO, library: Any) -> Iterator[dict[str, Any]]:
    while file.tell() < len(file.getvalue()):
        yield library.load(file)


ITEMS = """
    from dataclasses import dataclass
    import attrs, scrapy

    @dataclass
    class Boat:
        name: str
        crew: list

    @attrs.define
    class Buoy:
        name: str
        crew: list

    class Barge(scrapy.Item):
        name = scrapy.Field()
        crew = scrapy.Field(serializer=lambda crew: [name.upper() for name in crew])

    class Harbour(scrapy.Spider):
        name = "harbour"

        async def start(self):
            yield {"name": "نورس", "crew": ["Omar", "سلمى"]}
            yield Boat("Gull", ["Ada"])
            yield Buoy("North", [])
            yield Barge(name="Heavy", crew=["Lena"])
"""
NAMES = ["نورس", "Gull", "North", "Heavy"]


def test_items_of_every_kind_are_written_in_every_format_as_scrapy_writes_them(home: SpiderHome) -> None:
    home.spider("harbour", ITEMS)
    outputs = [word for suffix in FORMATS for word in ("-O", f"items.{suffix}")]
    result = home.run("crawl", "harbour", *outputs)
    assert (result.returncode, result.stderr) == (0, "harbour: 4 items, 0 responses\n")
    expected = [["Omar", "سلمى"], ["Ada"], [], ["LENA"]]
    for suffix in FORMATS:
        crews: list[Any] = list(expected)
        if suffix == "csv":
            crews = ["Omar,سلمى", "Ada", "", "['LENA']"]  # a serializer takes the place of the joining
        elif suffix == "xml":
            crews = [crew or None for crew in expected]
        assert read_back(home.folder, "items", suffix) == [
            {"name": name, "crew": crew} for name, crew in zip(NAMES, crews, strict=True)
        ], suffix
    assert "نورس" in (home.folder / "items.json").read_text("utf-8")
    assert not home.database.exists()


def test_articles_are_written_in_every_format_with_the_columns_of_the_export(
    site: NewsSite, workplace: Workplace
) -> None:
    page = (
        '<html lang="en"><head><title>Pier</title><meta property="article:published_time" '
        'content="2026-11-02T09:30:00+02:00"><meta name="author" content="Salma Naji"></head><body><article>'
        f"<h1>The north pier</h1>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS)}</article></body></html>"
    )
    site.put("/a.html", page)
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [site.url + "a.html"])])
    folder = workplace.folder
    outputs = [word for suffix in FORMATS for word in ("-O", str(folder / f"crawled.{suffix}"))]
    result = workplace.run("crawl", "local", *outputs)
    assert result.returncode == 0, result.stderr
    assert workplace.run("export", str(folder / "stored.jsonl")).returncode == 0
    assert workplace.run("export", "--plain", str(folder / "stored.csv")).returncode == 0
    only_stored = ("id", "first_seen", "last_seen", "duplicate_of", "story_id")
    for suffix in FORMATS:
        (item,) = read_back(folder, "crawled", suffix)
        (stored,) = read_back(folder, "stored", "csv" if suffix == "csv" else "jsonl")
        expected: dict[str, Any] = {name: value for name, value in stored.items() if name not in only_stored}
        expected["published"] = "2026-11-02T07:30:00Z"
        if suffix == "xml":
            texts = {name: value if isinstance(value, list) else str(value) for name, value in expected.items()}
            expected = {name: texts[name] or None for name, value in expected.items() if value is not None}
        elif suffix == "pickle":
            moment = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
            expected |= {"published": moment, "paywalled": False}
            assert isinstance(item["paywalled"], bool)
        assert item == expected, suffix
        assert list(item) == list(expected), suffix


FEEDS = """
    NEWS_ALLOW_PRIVATE = true

    [FEED_STORAGES]
    "kept" = "storages.Kept"

    [FEEDS."list.csv"]
    format = "csv"
    fields = ["crew", "name"]
    item_export_kwargs = {join_multivalued = "|"}

    [FEEDS."table.csv"]
    format = "csv"
    encoding = "utf-16"
    fields = {name = "Name"}

    [FEEDS."encoded.json"]
    format = "json"
    encoding = "windows-1256"
    indent = 4

    [FEEDS."batch-%(batch_id)d.jsonl"]
    format = "jsonlines"
    batch_item_count = 3

    [FEEDS."boats.jsonl"]
    format = "jsonlines"
    item_classes = ["spiders.harbour.Boat"]

    [FEEDS."filtered.jsonl"]
    format = "jsonlines"
    item_filter = "storages.Northern"

    [FEEDS."none.jsonl"]
    format = "jsonlines"
    item_classes = ["crawler.items.Article"]
    store_empty = false

    [FEEDS."empty.csv"]
    format = "csv"
    item_classes = ["crawler.items.Article"]

    [FEEDS."%(name)s-%(kind)s.marshal"]
    format = "marshal"
    uri_params = "storages.parameters"

    [FEEDS."all.csv.gz"]
    format = "csv"
    postprocessing = ["scrapy.extensions.postprocessing.GzipPlugin"]
    gzip_compresslevel = 9

    [FEEDS."all.jsonl.xz"]
    format = "jsonlines"
    postprocessing = ["scrapy.extensions.postprocessing.LZMAPlugin"]

    [FEEDS."all.xml.bz2"]
    format = "xml"
    postprocessing = ["scrapy.extensions.postprocessing.Bz2Plugin"]
    item_export_kwargs = {root_element = "boats", item_element = "boat"}

    [FEEDS."kept://x"]
    format = "json"

    [FEEDS."stdout:"]
    format = "jsonlines"

    [FEEDS."appended.jsonl"]
    format = "jsonlines"
    overwrite = false

    [FEEDS."replaced.jsonl"]
    format = "jsonlines"
    overwrite = true
"""
STORAGES = """
from io import BytesIO
from pathlib import Path
from itemadapter import ItemAdapter


class Kept:
    def __init__(self, uri, *, feed_options=None):
        self.uri = uri

    def open(self, spider):
        return BytesIO()

    def store(self, file):
        Path("kept.json").write_bytes(file.getvalue())


class Northern:
    def __init__(self, feed_options):
        pass

    def accepts(self, item):
        return ItemAdapter(item)["name"] == "North"


def parameters(params, spider):
    return {**params, "kind": "boats"}
"""


def test_every_option_of_a_feed_works(home: SpiderHome) -> None:
    home.spider("harbour", ITEMS)
    home.settings(FEEDS)
    (home.folder / "storages.py").write_text(STORAGES)
    for name in ("appended", "replaced"):
        (home.folder / f"{name}.jsonl").write_text('{"name": "Earlier"}\n')
    result = home.run("crawl", "harbour")
    assert result.returncode == 0, result.stderr
    folder = home.folder

    assert (folder / "list.csv").read_text("utf-8").splitlines()[:3] == ["crew,name", "Omar|سلمى,نورس", "Ada,Gull"]
    assert (folder / "table.csv").read_bytes().decode("utf-16").splitlines() == ["Name", *NAMES]
    encoded = (folder / "encoded.json").read_text("windows-1256")
    assert [item["name"] for item in json.loads(encoded)] == NAMES
    assert '\n    "name": "Gull"' in encoded
    batches = [read_back(folder, f"batch-{number}", "jsonl") for number in (1, 2)]
    assert [[item["name"] for item in batch] for batch in batches] == [NAMES[:3], NAMES[3:]]
    assert [item["name"] for item in read_back(folder, "boats", "jsonl")] == ["Gull"]
    assert [item["name"] for item in read_back(folder, "filtered", "jsonl")] == ["North"]
    assert not (folder / "none.jsonl").exists()
    assert (folder / "empty.csv").read_bytes() == b""
    assert [item["name"] for item in read_back(folder, "harbour-boats", "marshal")] == NAMES
    assert len(gzip.decompress((folder / "all.csv.gz").read_bytes()).splitlines()) == 5
    assert len(lzma.decompress((folder / "all.jsonl.xz").read_bytes()).splitlines()) == 4
    boats = ET.fromstring(bz2.decompress((folder / "all.xml.bz2").read_bytes()))
    assert (boats.tag, [boat.tag for boat in boats]) == ("boats", ["boat"] * 4)
    for text in ((folder / "kept.json").read_text(), "[" + ",".join(result.stdout.splitlines()) + "]"):
        assert [item["name"] for item in json.loads(text)] == NAMES
    assert [item["name"] for item in read_back(folder, "appended", "jsonl")] == ["Earlier", *NAMES]
    assert [item["name"] for item in read_back(folder, "replaced", "jsonl")] == NAMES


FAILING = """
    NEWS_ALLOW_PRIVATE = true

    [FEED_STORAGES]
    "broken" = "storages.Broken"

    [FEEDS."good.csv"]
    format = "csv"

    [FEEDS."bad.json"]
    format = "json"

    [FEEDS."closed/bad.jsonl"]
    format = "jsonlines"

    [FEEDS."broken://x"]
    format = "csv"
"""
BROKEN = """
from io import BytesIO


class Broken:
    def __init__(self, uri, *, feed_options=None):
        pass

    def open(self, spider):
        return BytesIO()

    def store(self, file):
        raise OSError("no space left")
"""


def test_a_feed_that_fails_is_reported_and_costs_no_other_feed(home: SpiderHome) -> None:
    home.spider("objects", "import scrapy\nclass A(scrapy.Spider):\n    name = 'objects'\n    async def start(self):\n"
                "        yield {'n': 1}\n        yield {'n': object()}\n        yield {'n': 3}\n")  # fmt: skip
    (home.folder / "storages.py").write_text(BROKEN)
    (home.folder / "closed").write_text("a file, where the folder should be")
    home.settings(FAILING)
    result = home.run("crawl", "objects")
    assert result.returncode == 1
    assert "feed bad.json: an item cannot be written as json: TypeError: Object of type object is not" in result.stderr
    assert "feed bad.json: 1 item could not be written" in result.stderr
    assert "feed closed/bad.jsonl: an item cannot be written as jsonlines: " in result.stderr
    assert "feed closed/bad.jsonl: 3 items could not be written" in result.stderr
    assert "no space left" in result.stderr
    assert "objects: 3 items, 0 responses, 5 errors" in result.stderr
    assert "never retrieved" not in result.stderr
    assert [row["n"] for row in read_back(home.folder, "bad", "json")] == [1, 3]
    assert len((home.folder / "good.csv").read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("feeds", "reason"),
    [
        ('[FEEDS."a.xyz"]\n', "Unknown feed format: xyz"),
        ('[FEEDS."a.json"]\nformat = "yaml"\n', "Unknown feed format: yaml"),
        ('[FEEDS."gopher://a"]\nformat = "json"\n', "Unknown feed storage scheme: gopher"),
        ('[FEEDS."a.json"]\nformat = "json"\nbatch_item_count = 2\n', "must be in the feed URI"),
    ],
)
def test_with_a_feed_that_cannot_work_nothing_is_crawled(home: SpiderHome, feeds: str, reason: str) -> None:
    home.spider("harbour", ITEMS)
    home.settings(feeds)
    result = home.run("crawl", "harbour")
    assert (result.returncode, "Traceback" in result.stderr) == (1, False), result.stderr
    assert reason in result.stderr
    assert "FEEDS, -o or -O cannot be used, for the reason above; nothing was crawled" in result.stderr


def test_a_feed_that_fails_in_the_crawl_of_a_site_is_not_a_success(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [site.article("/a.html", "The pier")])])
    result = workplace.run("crawl", "local", "-O", os.fspath(workplace.folder / "sites" / "local.toml" / "a.json"))
    assert result.returncode == 1
    assert "an item cannot be written as json" in result.stderr
    assert len(workplace.rows("SELECT id FROM articles")) == 1
