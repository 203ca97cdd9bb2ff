"""Discover from sitemaps: XML and text, indexes, news sitemaps, gzip."""

from __future__ import annotations

import gzip
import re
import time
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discover import ChannelProblem, ChannelResult, discover
from crawler.discover.document import MAX_BYTES
from crawler.discover.result import MAX_ENTRIES
from crawler.items import ChannelKind
from crawler.profile import Channel, SiteProfile

HOME = "https://marsad.example/"
PROFILE = SiteProfile(
    name="marsad", title="Marsad", url=HOME, timezone="Asia/Damascus", article_url=re.compile(r"/news/[^/]+$")
)
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def discovered(
    body: bytes | str, *, kind: ChannelKind = "sitemap", since: datetime | None = None, name: str = "sitemap.xml"
) -> ChannelResult:
    channel = Channel(kind, HOME + name)
    raw = body.encode() if isinstance(body, str) else body
    return discover(channel, raw, PROFILE, url=channel.url, headers={}, since=since)


def urlset(*entries: str) -> str:
    body = "".join(f"<url>{entry}</url>" for entry in entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'{NEWS} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{body}</urlset>'
    )


def index(*children: str) -> str:
    body = "".join(f"<sitemap>{child}</sitemap>" for child in children)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</sitemapindex>'


def index_of(*names: str) -> str:
    return index(*(f"<loc>{HOME}{name}</loc>" for name in names))


def urls(result: ChannelResult) -> list[str]:
    return [candidate.url for candidate in result.candidates]


def children_of(result: ChannelResult) -> list[str]:
    return [child.channel.url.removeprefix(HOME) for child in result.children]


def test_the_fields_of_a_sitemap_entry_are_in_the_candidate() -> None:
    result = discovered(
        urlset(
            "<loc> https://marsad.example/news/bridge </loc><lastmod>2021-11-23T12:35:10+02:00</lastmod>"
            "<image:image><image:loc>https://marsad.example/news/x.jpg</image:loc></image:image><priority>1</priority>"
        )
    )
    [candidate] = result.candidates
    assert candidate.url == "https://marsad.example/news/bridge"
    assert candidate.modified == datetime(2021, 11, 23, 10, 35, 10, tzinfo=UTC)
    assert (candidate.published, candidate.published_raw, candidate.title) == (None, None, None)
    assert (candidate.channel, candidate.channel_url) == ("sitemap", "https://marsad.example/sitemap.xml")
    assert (result.problems, result.skipped, result.children) == ([], {}, [])


@pytest.mark.parametrize("kind", ["news_sitemap", "sitemap", "feed"])
def test_the_fields_of_a_news_sitemap_entry_are_in_the_candidate(kind: ChannelKind) -> None:
    result = discovered(
        urlset(
            "<loc>https://marsad.example/other-path/7</loc><lastmod>2021-11-24</lastmod><news:news><news:publication>"
            "<news:name>المرصد</news:name><news:language>ar-SY</news:language></news:publication>"
            "<news:publication_date>2021-11-23T12:35+02:00</news:publication_date>"
            "<news:title><![CDATA[الجسر &amp; النهر]]></news:title><news:keywords>a, b</news:keywords></news:news>"
        ),
        kind=kind,
    )
    [candidate] = result.candidates
    assert candidate.url == "https://marsad.example/other-path/7"
    assert candidate.title == "الجسر & النهر"
    assert candidate.published == datetime(2021, 11, 23, 10, 35, tzinfo=UTC)
    assert candidate.published_raw == "2021-11-23T12:35+02:00"
    assert candidate.modified == datetime(2021, 11, 24, tzinfo=UTC)
    assert candidate.language == "ar"
    assert candidate.channel == kind


def test_only_article_addresses_are_taken_from_a_sitemap_without_news() -> None:
    body = urlset(*(f"<loc>{HOME}{path}</loc>" for path in ("", "news/a", "tag/x", "news/", "about")))
    assert urls(discovered(body)) == [HOME + "news/a"]
    assert discovered(body).skipped == {"not_article": 4}


def test_a_news_sitemap_is_trusted_but_the_home_page_is_not_an_article() -> None:
    result = discovered(urlset(*(f"<loc>{HOME}{path}</loc>" for path in ("", "any/path"))), kind="news_sitemap")
    assert urls(result) == [HOME + "any/path"]
    assert result.skipped == {"not_article": 1}


def test_every_entry_left_out_is_counted_once() -> None:
    result = discovered(
        urlset(
            "<loc>/news/relative</loc>",
            f"<loc>{HOME}news/relative?utm_medium=x</loc>",
            "<loc>https://elsewhere.example/news/a</loc>",
            "<loc>ftp://marsad.example/news/a</loc>",
            "<loc>https://[fe80::/news/a</loc>",
            "<loc>https://marsad.example:99999/news/a</loc>",
            "<loc/>",
            "<lastmod>2021-11-23</lastmod>",
            f"<loc>{HOME}news/old</loc><lastmod>2021-01-01</lastmod>",
            "<loc>https://marsad.example/news/%ZZ%</loc>",
        ),
        since=datetime(2021, 11, 1, tzinfo=UTC),
    )
    assert urls(result) == [HOME + "news/relative", HOME + "news/%ZZ%"]
    assert result.skipped == {"repeated": 1, "foreign": 1, "invalid_url": 5, "too_old": 1}


def test_publication_decides_over_modification_for_since_and_order() -> None:
    def news(path: str, published: str, modified: str) -> str:
        return (
            f"<loc>{HOME}{path}</loc><lastmod>{modified}</lastmod><news:news>"
            f"<news:publication_date>{published}</news:publication_date></news:news>"
        )

    body = urlset(
        news("old-but-touched", "2021-10-01", "2021-11-25"),
        news("second", "2021-11-22T10:00:00Z", "2021-11-25"),
        news("first", "2021-11-23T10:00:00Z", "2021-11-23"),
    )
    result = discovered(body, since=datetime(2021, 11, 20, tzinfo=UTC))
    assert urls(result) == [HOME + "first", HOME + "second"]
    assert result.skipped == {"too_old": 1}


@pytest.mark.parametrize(
    "lastmod", ["0000-00-00", "1970-01-01T00:00:00+00:00", "0001-01-01T00:00:00+14:00", "soon", ""]
)
def test_a_date_that_is_none_is_unknown(lastmod: str) -> None:
    result = discovered(
        urlset(f"<loc>/news/a</loc><lastmod>{lastmod}</lastmod>"), since=datetime(2021, 1, 1, tzinfo=UTC)
    )
    assert result.candidates[0].modified is None


def test_child_sitemaps_come_newest_first() -> None:
    result = discovered(
        index(
            f"<loc>{HOME}a.xml</loc><lastmod>2021-11-01</lastmod>",
            f"<loc>{HOME}b.xml</loc>",
            f"<loc>{HOME}c.xml</loc><lastmod>2021-11-23T10:00:00+02:00</lastmod>",
        )
    )
    assert children_of(result) == ["c.xml", "a.xml", "b.xml"]
    assert result.children[0].modified == datetime(2021, 11, 23, 8, tzinfo=UTC)
    assert result.children[2].modified is None
    assert {child.channel.kind for child in result.children} == {"sitemap"}
    assert (result.candidates, result.problems, result.skipped) == ([], [], {})


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["post-1.xml", "post-2.xml", "post-10.xml"], ["post-10.xml", "post-2.xml", "post-1.xml"]),
        (["s-2021-09.xml.gz", "s-2021-10.xml.gz"], ["s-2021-10.xml.gz", "s-2021-09.xml.gz"]),
        (["s.xml?yyyy=2021&amp;mm=1", "s.xml?yyyy=2021&amp;mm=11"], ["s.xml?yyyy=2021&mm=11", "s.xml?yyyy=2021&mm=1"]),
        (["20211122.xml", "20211123.xml"], ["20211123.xml", "20211122.xml"]),
        (["one.xml", "two-2.xml", "three-3.xml"], ["one.xml", "two-2.xml", "three-3.xml"]),
    ],
)
def test_child_sitemaps_without_dates_go_by_the_number_in_their_names_if_all_have_one(
    names: list[str], order: list[str]
) -> None:
    assert children_of(discovered(index_of(*names))) == order


def test_a_child_sitemap_older_than_since_is_not_followed() -> None:
    body = index(
        f"<loc>{HOME}old.xml</loc><lastmod>2021-11-20T10:00:00Z</lastmod>",
        f"<loc>{HOME}same-day.xml</loc><lastmod>2021-11-23</lastmod>",
        f"<loc>{HOME}undated.xml</loc>",
    )
    result = discovered(body, since=datetime(2021, 11, 23, 18, tzinfo=UTC))
    assert children_of(result) == ["same-day.xml", "undated.xml"]
    assert result.skipped == {"too_old": 1}


def test_child_sitemaps_of_wordpress_without_posts_are_not_requested() -> None:
    names = ["wp-sitemap-posts-post-1.xml", "wp-sitemap-posts-page-1.xml", "wp-sitemap-taxonomies-category-1.xml"]
    names += ["wp-sitemap-users-1.xml", "category-sitemap.xml", "post_tag-sitemap2.xml", "author-sitemap.xml"]
    names += ["page-sitemap.xml", "post-sitemap.xml", "subcategory-sitemap-news.xml"]
    result = discovered(index_of(*names))
    assert set(children_of(result)) == {
        "wp-sitemap-posts-post-1.xml",
        "post-sitemap.xml",
        "subcategory-sitemap-news.xml",
    }
    assert result.skipped == {"not_posts": 7}


def test_an_index_that_lists_itself_or_a_child_twice_causes_no_loop() -> None:
    result = discovered(
        index_of("sitemap.xml", "sitemap.xml#again", "child.xml", "child.xml?utm_source=x", "%73itemap.xml")
    )
    assert children_of(result) == ["child.xml"]
    assert result.skipped == {"repeated": 4}


def test_an_index_does_not_name_where_it_was_redirected_from() -> None:
    channel = Channel("sitemap", HOME + "sitemap.xml")
    body = index_of("sitemap.xml", "sitemap_index.xml", "posts.xml").encode()
    result = discover(channel, body, PROFILE, url=HOME + "sitemap_index.xml", headers={})
    assert children_of(result) == ["posts.xml"]


def test_child_sitemaps_elsewhere_are_not_followed() -> None:
    result = discovered(index("<loc>https://elsewhere.example/s.xml</loc>", "<loc>file:///etc/passwd</loc>", "<loc/>"))
    assert result.children == []
    assert result.skipped == {"foreign": 1, "invalid_url": 2}


def test_children_of_a_news_sitemap_index_are_news_sitemaps() -> None:
    [child] = discovered(index_of("news-1.xml"), kind="news_sitemap").children
    assert child.channel == Channel("news_sitemap", HOME + "news-1.xml")


def test_urls_move_to_where_the_site_is_served_now() -> None:
    profile = PROFILE.at("http://127.0.0.1:8000/")
    channel = Channel("sitemap", "http://127.0.0.1:8000/sitemap.xml")
    body = urlset("<loc>https://www.marsad.example/news/a</loc>", "<loc>/news/b</loc>", f"<loc>{HOME}</loc>").encode()
    result = discover(channel, body, profile, url=channel.url, headers={})
    assert urls(result) == ["http://127.0.0.1:8000/news/a", "http://127.0.0.1:8000/news/b"]
    assert result.skipped == {"not_article": 1}
    children = discover(channel, index_of("c.xml").encode(), profile, url=channel.url, headers={}).children
    assert children[0].channel.url == "http://127.0.0.1:8000/c.xml"


def test_a_text_sitemap_is_a_list_of_urls() -> None:
    result = discovered(f"\ufeff{HOME}news/a\r\n\r\n  {HOME}news/b  \n{HOME}tag/x\nnonsense:\n", name="sitemap.txt")
    assert urls(result) == [HOME + "news/a", HOME + "news/b"]
    assert result.skipped == {"not_article": 1, "invalid_url": 1}


def test_a_feed_under_the_url_of_a_sitemap_is_read() -> None:
    body = "<rss><channel><item><title>t</title><link>/some/where</link></item></channel></rss>"
    assert urls(discovered(body)) == [HOME + "some/where"]


@pytest.mark.parametrize(
    "start",
    [
        "<urlset>",
        '<urlset xmlns="https://www.sitemaps.org/schemas/sitemap/0.9">',
        '<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">',
        '<?xml version="1.0"?><?xml-stylesheet href="s.xsl"?><!-- made <url> by --><urlset>',
        '<?xml version="1.0" encoding="UTF-16"?><urlset>',
    ],
)
def test_neither_namespace_nor_prolog_decides_what_is_read(start: str) -> None:
    assert urls(discovered(f"{start}<url><loc>/news/a</loc></url></urlset>")) == [HOME + "news/a"]


def test_a_prefix_for_the_sitemaps_own_elements_is_read() -> None:
    body = '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>/news/a</s:loc></s:url></s:urlset>'
    assert urls(discovered(body)) == [HOME + "news/a"]


def test_bare_ampersands_keep_their_parameters() -> None:
    result = discovered(
        urlset("<loc>/news/a?id=1&amp;b=2</loc>", "<loc>/news/a?id=1&b=3&copy=4</loc>"), kind="news_sitemap"
    )
    assert urls(result) == [HOME + "news/a?id=1&b=2", HOME + "news/a?id=1&b=3&copy=4"]


def test_gzip_is_recognized_by_its_content() -> None:
    body = urlset("<loc>/news/a</loc>").encode()
    assert urls(discovered(gzip.compress(body), name="sitemap.xml.gz")) == [HOME + "news/a"]
    assert urls(discovered(body, name="sitemap.xml.gz")) == [HOME + "news/a"]
    assert urls(discovered(gzip.compress(body[:100]) + gzip.compress(body[100:]))) == [HOME + "news/a"]


def test_gzip_that_breaks_off_is_read_up_to_there() -> None:
    packed = gzip.compress(urlset(*(f"<loc>/news/{n * 7919 % 10007}</loc>" for n in range(5000))).encode())
    result = discovered(packed[: len(packed) // 2])
    assert len(result.candidates) > 100
    assert result.problems[0] == "The gzip data ends too early; the data before the end was read."
    damaged = discovered(packed[:-8] + b"\0" * 8)
    assert damaged.candidates
    assert damaged.problems[0] == "The gzip data is damaged; the data before the damage was read."


def test_a_decompression_bomb_stops_at_its_limit() -> None:
    start = b"<urlset><url><loc>/news/a</loc></url>"
    bomb = gzip.compress(start + b" " * (MAX_BYTES * 4), compresslevel=6)
    started = time.perf_counter()
    result = discovered(bomb)
    assert time.perf_counter() - started < 60
    assert urls(result) == [HOME + "news/a"]
    assert "larger than 50 MB" in result.problems[0]


def test_a_sitemap_that_breaks_off_is_read_up_to_there_with_a_problem() -> None:
    complete = urlset("<loc>/news/a</loc>", "<loc>/news/b</loc>")
    result = discovered(complete[: complete.index("/news/b") + len("/new")])
    assert urls(result) == [HOME + "news/a"]
    assert result.is_cut_off
    assert result.problems[-1].startswith("The XML is malformed (line 1: ")


def test_an_empty_sitemap_is_not_a_problem() -> None:
    assert discovered(urlset()) == ChannelResult()
    assert discovered(index()) == ChannelResult()


@pytest.mark.parametrize("kind", ["sitemap", "news_sitemap"])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "\x00\x01",
        "<html><body>Not found</body></html>",
        "<!doctype html>x",
        "Not found",
        "<urlset><url",
        "<kml/>",
        "{}",
        "[]",
    ],
)
def test_a_document_that_is_not_a_sitemap_is_a_problem_of_the_channel(kind: ChannelKind, body: str) -> None:
    with pytest.raises(ChannelProblem):
        discovered(body, kind=kind)


def test_entities_are_neither_expanded_nor_fetched() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY e0 "/news/lol">{levels}]>'
    started = time.perf_counter()
    result = discovered(f"{doctype}<urlset><url><loc>/news/a&x;&e11;</loc></url><url><loc>/news/b</loc></url></urlset>")
    assert time.perf_counter() - started < 60
    assert urls(result) == [HOME + "news/a&x;&e11;", HOME + "news/b"]
    assert result.problems == ["The document declares entities; they were ignored."]


@pytest.mark.parametrize("unit", ["<url>", "<url><loc>/news/a</loc>", "<a>", "]]>", "&", "<![CDATA[", "<?", "</url>"])
def test_an_endlessly_repeated_character_is_read_quickly(unit: str) -> None:
    started = time.perf_counter()
    with suppress(ChannelProblem):
        discovered("<urlset>" + unit * 100_000)
    assert time.perf_counter() - started < 60


@pytest.mark.parametrize("shape", ["xml", "text"])
def test_fifty_thousand_entries_are_read_and_no_more(shape: str) -> None:
    name = quote("خبر-عاجل-من-المدينة")
    addresses = [f"{HOME}news/{name}-{n}" for n in range(MAX_ENTRIES + 3)]
    body = "\n".join(addresses)
    if shape == "xml":
        body = urlset(*(f"<loc>{url}</loc><lastmod>2021-11-23T12:35:10+02:00</lastmod>" for url in addresses))
    started = time.perf_counter()
    result = discovered(body)
    assert time.perf_counter() - started < 60  # 3 s on an idle machine
    assert urls(result) == addresses[:MAX_ENTRIES]
    assert result.problems == ["The document has more than 50,000 entries; the rest was not read."]


def test_an_index_of_too_many_children_is_cut() -> None:
    result = discovered(index_of(*(f"s-{n}.xml" for n in range(MAX_ENTRIES + 1))))
    assert len(result.children) == MAX_ENTRIES
    assert result.problems == ["The index lists more than 50,000 sitemaps; the rest was not read."]


SAMPLES = [
    urlset(
        "<loc>https://marsad.example/news/a</loc><lastmod>2021-11-23T12:35:10+02:00</lastmod>"
        "<news:news><news:publication><news:language>ar</news:language></news:publication>"
        "<news:title>خبر</news:title></news:news>"
    ).encode(),
    index(f"<loc>{HOME}a-1.xml</loc><lastmod>2021-11-23</lastmod>", f"<loc>{HOME}a-2.xml</loc>").encode(),
    f"{HOME}news/a\n{HOME}news/b\n".encode(),
    gzip.compress(urlset("<loc>/news/a</loc>").encode()),
]
TOKENS = [
    *rb"""< > & ]]> <![CDATA[ </url> <url> <loc> ' " <!DOCTYPE [ ]> <!--""".split(),
    b"",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"&#x110000;",
    b"&#0;",
    b"http://[::1",
    b"99999999999999999999",
    b"0000-00-00",
    b"9999-12-31T23:59:59-14:00",
]


@st.composite
def mutated(draw: st.DrawFn, samples: list[bytes]) -> bytes:
    body = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(body)))
        cut = draw(st.integers(0, 30))
        body = body[:start] + draw(st.sampled_from(TOKENS) | st.binary(max_size=6)) + body[start + cut :]
    return body


@given(body=mutated(SAMPLES) | st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_mutation_of_a_sitemap_raises_anything_but_a_channel_problem(body: bytes) -> None:
    try:
        result = discovered(body, since=datetime(2021, 1, 1, tzinfo=UTC))
    except ChannelProblem:
        return
    assert all(PROFILE.owns(candidate.url) for candidate in result.candidates)
    assert all(PROFILE.owns(child.channel.url) for child in result.children)


@given(
    link=st.text(max_size=60)
    | st.text("htps:/.[]@#%?&=0x25D8\u0661é", max_size=40).map("https://marsad.example".__add__)
)
@settings(max_examples=500, deadline=None)
def test_no_link_raises_and_every_candidate_is_absolute(link: str) -> None:
    escaped = link.replace("&", "&amp;").replace("<", "&lt;").encode("utf-8", "replace")
    try:
        result = discovered(b"<urlset><url><loc>" + escaped + b"</loc></url></urlset>", kind="news_sitemap")
    except ChannelProblem:
        return
    assert all(candidate.url.startswith(("http://", "https://")) for candidate in result.candidates)
    assert len(result.candidates) + sum(result.skipped.values()) == 1


def test_an_entry_without_a_loc_has_its_url_as_text() -> None:
    result = discovered(index(f" {HOME}old.xml ", f"\n{HOME}new.xml\n<lastmod>2026-03-01</lastmod>", "no address"))
    assert (children_of(result), result.skipped) == (["new.xml", "old.xml"], {"invalid_url": 1})
    assert urls(discovered(urlset(f"{HOME}news/a", "", "<lastmod>2026-03-01</lastmod>"))) == [f"{HOME}news/a"]


def test_an_entry_with_several_locs_lists_several_urls() -> None:
    locs = f"<loc>{HOME}news/a</loc><lastmod>2026-03-01</lastmod><loc> {HOME}news/b </loc><loc/>"
    candidates = discovered(urlset(locs)).candidates
    assert [candidate.url for candidate in candidates] == [f"{HOME}news/a", f"{HOME}news/b"]
    assert len({candidate.modified for candidate in candidates}) == 1
    assert children_of(discovered(index(f"<loc>{HOME}a.xml</loc><loc>{HOME}b.xml</loc>"))) == ["a.xml", "b.xml"]


def test_an_entry_within_a_loc_is_an_entry() -> None:
    assert urls(discovered(urlset(f"<loc><url>{HOME}news/a</url></loc>"))) == [f"{HOME}news/a"]


@pytest.mark.parametrize(
    "lines",
    [
        ["{0}news/a", "Our pages, updated every day", "{0}news/b", "# the old ones", "/news/c"],
        ["Our pages", "{0}news/a", "{0}news/b"],
        ["{0}news/a", "{0}news/b", "{0}news/c d", "news/e", "mailto:desk@marsad.example", "x"],
    ],
)
def test_lines_of_a_text_sitemap_that_are_no_urls_are_counted(lines: list[str]) -> None:
    result = discovered("\n".join(lines).format(HOME))
    assert urls(result) == [f"{HOME}news/a", f"{HOME}news/b"]
    assert result.skipped == {"invalid_url": len(lines) - 2}


def test_a_text_with_a_few_urls_in_it_is_no_text_sitemap() -> None:
    with pytest.raises(ChannelProblem, match="neither XML nor a list of URLs"):
        discovered(f"Thank you for your visit.\nRead more at\n{HOME}news/a\nor write to us.")


ENTRIES = "".join(
    f"<url><loc>{HOME}news/{n}</loc><lastmod>2026-03-0{n + 1}</lastmod><news:news><news:title>Item {n}</news:title>"
    f"</news:news><image:image><image:loc>{HOME}news/picture-{n}.jpg</image:loc></image:image></url>"
    for n in range(4)
)
WHOLE = urlset(ENTRIES.removeprefix("<url>").removesuffix("</url>"))
CHILDREN = index("</sitemap><sitemap>".join(f"<loc>{HOME}{n}.xml</loc><lastmod>2026-03-01</lastmod>" for n in range(4)))


@pytest.mark.parametrize("tag", [r"</[\w:]+>", r"<[a-z][\w:]*(?: [^>]*)?>"], ids=["end tag", "start tag"])
def test_whichever_tag_is_lost_only_its_own_entry_is(tag: str) -> None:
    for match in list(re.finditer(tag, WHOLE))[1:]:
        result = discovered(WHOLE[: match.start()] + WHOLE[match.end() :])
        found = set(urls(result))
        assert len(found & {f"{HOME}news/{n}" for n in range(4)}) >= 3, (match[0], match.start(), found)
        assert not any(url.endswith(".jpg") for url in found), (match[0], match.start())
        assert result.problems
    for match in list(re.finditer(tag, CHILDREN))[1:]:
        children = children_of(discovered(CHILDREN[: match.start()] + CHILDREN[match.end() :]))
        assert len(set(children)) >= 3, (match[0], match.start(), children)


def test_the_picture_of_an_entry_is_no_entry_although_it_comes_first_or_is_not_in_an_image() -> None:
    loc, picture = f"<loc>{HOME}news/a</loc>", f"<image:loc>{HOME}news/picture</image:loc>"
    for entry in (picture + loc, loc + picture, f"<image:image>{picture}</image:image>{loc}"):
        assert urls(discovered(urlset(entry))) == [f"{HOME}news/a"]


@pytest.mark.parametrize("inserted", ["<!-- <url><loc> -->", "<!-- a < b -->", "<![CDATA[<url>]]>"])
def test_a_comment_with_a_tag_in_it_damages_nothing(inserted: str) -> None:
    result = discovered(WHOLE.replace("</url>", f"</url>{inserted}", 2))
    assert (len(result.candidates), result.problems) == (4, [])
