"""Discover from feeds: RSS, RDF, Atom and JSON Feed, well-formed and not."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discover import ChannelProblem, ChannelResult, discover
from crawler.discover.feed_repair import MAX_FEED_ENTRIES
from crawler.profile import Channel, SiteProfile

HOME = "https://marsad.example/"
PROFILE = SiteProfile(name="marsad", title="المرصد", url=HOME, language="ar", timezone="Asia/Damascus")


def discovered(
    body: bytes | str, *, content_type: str = "", since: datetime | None = None, path: str = "feed/"
) -> ChannelResult:
    channel = Channel("feed", HOME + path)
    raw = body.encode() if isinstance(body, str) else body
    headers = {"content-type": content_type} if content_type else {}
    return discover(channel, raw, PROFILE, url=channel.url, headers=headers, since=since)


def rss(*items: str, head: str = "<language>ar</language>", declaration: str = "") -> str:
    namespaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    )
    items_text = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'{declaration}<rss version="2.0" {namespaces}><channel><title>المرصد</title>{head}{items_text}</channel></rss>'
    )


def urls(result: ChannelResult) -> list[str]:
    return [candidate.url for candidate in result.candidates]


def test_the_fields_of_an_rss_item_are_in_the_candidate() -> None:
    result = discovered(
        rss(
            "<title>افتتاح جسر القرية بعد عامين من العمل</title><link>https://marsad.example/bridge/</link>"
            "<dc:creator><![CDATA[سلمى العلي]]></dc:creator><dc:creator>Omar Haddad</dc:creator>"
            "<pubDate>Tue, 23 Nov 2021 12:35:10 +0200</pubDate><category>محليات</category>"
            "<category><![CDATA[نقل]]></category><guid isPermaLink='false'>https://marsad.example/?p=7</guid>"
            "<description>لا يقرأ</description><content:encoded><![CDATA[<p>نص المادة</p>]]></content:encoded>"
        )
    )
    [candidate] = result.candidates
    assert candidate.url == "https://marsad.example/bridge/"
    assert candidate.title == "افتتاح جسر القرية بعد عامين من العمل"
    assert candidate.published == datetime(2021, 11, 23, 10, 35, 10, tzinfo=UTC)
    assert candidate.published_raw == "Tue, 23 Nov 2021 12:35:10 +0200"
    assert candidate.authors == ["سلمى العلي", "Omar Haddad"]
    assert candidate.categories == ["محليات", "نقل"]
    assert candidate.language == "ar"
    assert candidate.modified is None
    assert (candidate.channel, candidate.channel_url) == ("feed", "https://marsad.example/feed/")
    assert (result.problems, result.skipped, result.children) == ([], {}, [])


def test_the_fields_of_an_atom_entry_are_in_the_candidate() -> None:
    result = discovered(
        """<?xml version="1.0" encoding="utf-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>Marsad</title>
        <updated>2022-01-01T00:00:00Z</updated>
        <entry><title type="html">Harbour &amp;amp; market &lt;em&gt;reopen&lt;/em&gt;</title>
        <link rel="replies" href="/harbour/comments"/>
        <link rel="alternate" type="application/json" href="/harbour.json"/>
        <link href="/harbour" rel="alternate" type="text/html"/><id>tag:marsad.example,2021:1</id>
        <published>2021-11-22T08:00:00+02:00</published><updated>2021-11-23T09:30:00Z</updated>
        <author><name>Nadia Rahal</name><email>n@marsad.example</email></author><author><name>Sam Lee</name></author>
        <category term="local-7" label="Local"/>
        <source><title>Elsewhere</title><updated>2001-01-01T00:00:00Z</updated></source>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><a href="/no">no</a></div></content>
        </entry></feed>"""
    )
    [candidate] = result.candidates
    assert candidate.url == "https://marsad.example/harbour"
    assert candidate.title == "Harbour & market reopen"
    assert candidate.published == datetime(2021, 11, 22, 6, tzinfo=UTC)
    assert candidate.modified == datetime(2021, 11, 23, 9, 30, tzinfo=UTC)
    assert candidate.authors == ["Nadia Rahal", "Sam Lee"]
    assert candidate.categories == ["Local"]
    assert candidate.language == "en"


def test_atom_without_published_has_only_a_modification_date() -> None:
    [candidate] = discovered(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title><link href="/a"/>'
        "<updated>2021-11-23T09:30:00Z</updated></entry></feed>"
    ).candidates
    assert candidate.published is None
    assert candidate.modified == datetime(2021, 11, 23, 9, 30, tzinfo=UTC)


def test_rdf_takes_dc_date_as_publication_and_rdf_about_as_link() -> None:
    result = discovered(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://marsad.example/">'
        "<title>t</title><dc:language>ar</dc:language></channel>"
        '<item rdf:about="https://marsad.example/one"><title>One</title><link>https://marsad.example/one</link>'
        "<dc:date>2021-11-23T12:00:00+02:00</dc:date><dc:creator>A. Writer</dc:creator></item>"
        '<item rdf:about="https://marsad.example/two"><title>Two</title></item></rdf:RDF>'
    )
    assert urls(result) == ["https://marsad.example/one", "https://marsad.example/two"]
    assert result.candidates[0].published == datetime(2021, 11, 23, 10, tzinfo=UTC)
    assert result.candidates[0].modified is None
    assert result.candidates[0].authors == ["A. Writer"]


@pytest.mark.parametrize("authors", ['"authors": [{"name": "N. Rahal"}]', '"author": {"name": "N. Rahal"}'])
def test_the_fields_of_a_json_feed_item_are_in_the_candidate(authors: str) -> None:
    result = discovered(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "t", "language": "en-US", "items": [{"id": "7", '
        '"url": "/json-item", "title": "A &amp; B", "date_published": "2021-11-23T10:00:00-05:00", '
        f'"date_modified": "2021-11-24T10:00:00Z", {authors}, "tags": ["Local", 7]}},'
        '{"id": "https://marsad.example/by-id"}, {"id": "8", "title": "no link"}, "junk"]}',
        path="feed.json",
    )
    first, second = result.candidates
    assert (first.url, first.title) == ("https://marsad.example/json-item", "A & B")
    assert first.published == datetime(2021, 11, 23, 15, tzinfo=UTC)
    assert first.modified == datetime(2021, 11, 24, 10, tzinfo=UTC)
    assert (first.authors, first.categories, first.language) == (["N. Rahal"], ["Local"], "en")
    assert second.url == "https://marsad.example/by-id"
    assert result.skipped == {"invalid_url": 2}


def test_candidates_come_newest_first_and_undated_ones_last_in_order() -> None:
    result = discovered(
        rss(
            "<link>/undated-1</link>",
            "<link>/old</link><pubDate>Mon, 22 Nov 2021 10:00:00 +0000</pubDate>",
            "<link>/undated-2</link><pubDate>0000-00-00 00:00:00</pubDate>",
            "<link>/new</link><pubDate>Wed, 24 Nov 2021 10:00:00 +0000</pubDate>",
            "<link>/undated-3</link><pubDate>Thu, 01 Jan 1970 00:00:00 +0000</pubDate>",
        )
    )
    assert urls(result) == [HOME + name for name in ("new", "old", "undated-1", "undated-2", "undated-3")]
    assert [c.published is None for c in result.candidates] == [False, False, True, True, True]
    assert result.candidates[3].published_raw == "0000-00-00 00:00:00"


def test_arabic_and_ill_formed_dates_are_read_in_the_zone_of_the_site() -> None:
    result = discovered(
        rss(
            "<link>/a</link><pubDate>الثلاثاء، 23 تشرين الثاني 2021 - 02:15 م</pubDate>",
            "<link>/b</link><pubDate>2021-11-23 14:15:00</pubDate>",
            "<link>/c</link><pubDate>Tue, 23 Nov 2021 14:15:00 +02:00</pubDate>",
        )
    )
    assert {c.published for c in result.candidates} == {datetime(2021, 11, 23, 12, 15, tzinfo=UTC)}


def test_the_zone_of_a_date_may_be_a_name_or_broken() -> None:
    result = discovered(
        rss(
            "<link>/a</link><pubDate>Fri, 31 Mar 2023 20:19:00 America/Los_Angeles</pubDate>",
            "<link>/b</link><pubDate>Fri, 31 Mar 2023 20:19:00 PDT</pubDate>",
            "<link>/c</link><pubDate>ven., 31 mars 2023 20:19:00 -0700</pubDate>",
            "<link>/d</link><pubDate>Fri, 31 Mar 2023 20:19:00 +9900</pubDate>",
        )
    )
    instants = [candidate.published.isoformat() for candidate in result.candidates if candidate.published]
    assert instants == ["2023-04-01T03:19:00+00:00"] * 3 + ["2023-03-31T17:19:00+00:00"]


def test_since_leaves_out_older_entries_but_not_undated_ones() -> None:
    body = rss(
        "<link>/new</link><pubDate>Wed, 24 Nov 2021 10:00:00 +0000</pubDate>",
        "<link>/old</link><pubDate>Mon, 22 Nov 2021 10:00:00 +0000</pubDate>",
        "<link>/undated</link>",
    )
    result = discovered(body, since=datetime(2021, 11, 23, tzinfo=UTC))
    assert urls(result) == [HOME + "new", HOME + "undated"]
    assert result.skipped == {"too_old": 1}


def test_a_day_without_an_hour_is_not_older_than_an_hour_of_that_day() -> None:
    body = rss("<link>/today</link><pubDate>2021-11-23</pubDate>", "<link>/before</link><pubDate>2021-11-20</pubDate>")
    assert urls(discovered(body, since=datetime(2021, 11, 23, 18, tzinfo=UTC))) == [HOME + "today"]


def test_the_link_of_an_entry_is_its_article() -> None:
    result = discovered(
        rss(
            "<link>https://feedproxy.example/~r/1</link><feedburner:origLink>https://marsad.example/orig</feedburner:origLink>",
            "<guid>https://marsad.example/permalink</guid>",
            "<guid isPermaLink='false'>https://marsad.example/?p=1</guid>",
            "<guid>12345</guid>",
            "<link>/linked</link><guid>https://marsad.example/guid</guid><atom:link rel='self' href='/self'/>",
            "<atom:link href='/atom-link'/>",
            "<media:content url='x'><media:title>no</media:title></media:content><link>/media</link><title>yes</title>",
        )
    )
    assert urls(result) == [HOME + path for path in ("orig", "permalink", "linked", "atom-link", "media")]
    assert result.candidates[-1].title == "yes"
    assert result.skipped == {"invalid_url": 2}


def test_links_that_are_not_articles_of_the_site_are_counted() -> None:
    result = discovered(
        rss(
            "<link>https://marsad.example/a/?utm_source=rss#top</link>",
            "<link>https://marsad.example/a/</link>",
            "<link>https://elsewhere.example/b</link>",
            "<link>javascript:alert(1)</link>",
            "<link>mailto:desk@marsad.example</link>",
            "<link>data:text/html,x</link>",
            "<link>http://[::1/</link>",
            "<link>https://marsad.example</link>",
            "<link>http://www.marsad.example/?utm_campaign=feed</link>",
            "<link></link>",
        )
    )
    assert urls(result) == ["https://marsad.example/a/?utm_source=rss"]
    assert result.skipped == {"repeated": 1, "foreign": 1, "invalid_url": 5, "not_article": 2}
    assert result.foreign_hosts == {"elsewhere.example": 1}


def test_a_doubly_encoded_arabic_link_can_be_requested() -> None:
    once = "https://marsad.example/%D8%AE%D8%A8%D8%B1-%D8%B9%D8%A7%D8%AC%D9%84/"
    result = discovered(rss(f"<link>{once.replace('%', '%25')}?a=1&amp;b=2</link>", f"<link>{once}?a=1&amp;b=2</link>"))
    assert urls(result) == [once + "?a=1&b=2"]
    assert result.skipped == {"repeated": 1}


def test_an_escaped_percent_sign_is_not_mistaken_for_double_encoding() -> None:
    assert urls(discovered(rss("<link>/sale-50%25-off</link>"))) == [HOME + "sale-50%25-off"]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("<![CDATA[قمة &#8220;أستانا&#8221; &amp; ما بعدها]]>", "قمة “أستانا” & ما بعدها"),
        ("Twice &amp;amp;quot;escaped&amp;amp;quot;", 'Twice "escaped"'),
        ("&lt;b&gt;Bold&lt;/b&gt; claim", "Bold claim"),
        ("Prices &nbsp;rise &raquo; again", "Prices rise » again"),
        ("R&D budget & more", "R&D budget & more"),
        ("عنوان\u200f على\n سطرين", "عنوان على سطرين"),
        ("5 &lt; 7 percent", "5 < 7 percent"),
    ],
)
def test_titles_are_plain_text(written: str, title: str) -> None:
    [candidate] = discovered(rss(f"<title>{written}</title><link>/a</link>")).candidates
    assert candidate.title == title


def test_a_mail_address_is_not_an_author() -> None:
    [candidate] = discovered(
        rss("<link>/a</link><author>desk@marsad.example (Nadia Rahal)</author><author>desk@marsad.example</author>")
    ).candidates
    assert candidate.authors == ["Nadia Rahal"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256", "iso-8859-6"])
def test_arabic_is_read_in_the_declared_encoding(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    body = rss("<title>عاجل</title><link>/a</link>", declaration=f'<?xml version="1.0" encoding="{name}"?>')
    assert discovered(body.encode(encoding)).candidates[0].title == "عاجل"


@pytest.mark.parametrize(
    ("declared", "actual", "content_type"),
    [
        ("windows-1256", "utf-8", ""),
        ("utf-8", "windows-1256", ""),
        ("utf-8", "windows-1256", "text/xml; charset=utf-8"),
        ("iso-8859-1", "windows-1256", ""),
        ("utf-8", "utf-8", "text/xml"),
        ("utf-8", "utf-8", "text/html; charset=iso-8859-1"),
        ("no-such-charset", "utf-8", ""),
        ("punycode", "windows-1256", ""),
    ],
)
def test_arabic_is_read_although_the_declared_encoding_is_wrong(declared: str, actual: str, content_type: str) -> None:
    body = rss(
        "<title>عاجل من المدينة</title><link>/a</link>", declaration=f'<?xml version="1.0" encoding="{declared}"?>'
    )
    result = discovered(body.encode(actual), content_type=content_type)
    assert result.candidates[0].title == "عاجل من المدينة"


@pytest.mark.parametrize("encoding", ["windows-1256", "iso-8859-6"])
@pytest.mark.parametrize("language", ["ar", None])
def test_arabic_is_read_although_nothing_declares_its_encoding(encoding: str, language: str | None) -> None:
    title = "قال رئيس البلدية إن المشروع سيبدأ الأسبوع المقبل بعد اكتمال الأعمال في المدينة القديمة"
    body = f"<rss><channel><item><title>{title}</title><link>/a</link></item></channel></rss>".encode(encoding)
    profile = replace(PROFILE, language=language)
    result = discover(Channel("feed", HOME + "feed/"), body, profile, url=HOME + "feed/", headers={})
    assert result.candidates[0].title == title


def test_one_broken_letter_does_not_change_the_encoding_of_the_rest() -> None:
    body = rss("<title>خبر طويل عن المدينة وأهلها</title><link>/a</link>").encode()
    result = discovered(body.replace("ط".encode(), b"\xd8"))
    assert result.candidates[0].title == "خبر \ufffdويل عن المدينة وأهلها"


@pytest.mark.parametrize("before", ["\ufeff", "\n\n  ", "\x00\x0b", "\nNotice: x in feed.php on line 3<br />\n"])
def test_what_stands_before_the_xml_does_not_matter(before: str) -> None:
    body = before + rss("<link>/a</link>", declaration='<?xml version="1.0" encoding="UTF-8"?>')
    assert urls(discovered(body)) == [HOME + "a"]


def test_control_characters_do_not_stop_the_reading() -> None:
    result = discovered(rss("<title>a\x01\x1fb&#7;&#xFFFE;&#xD800;c</title><link>/a\x00</link>", "<link>/b</link>"))
    assert urls(result) == [HOME + "a", HOME + "b"]


def test_a_feed_that_breaks_off_is_read_up_to_there_with_a_problem() -> None:
    complete = rss("<title>one</title><link>/one</link>", "<title>two</title><link>/two</link>")
    result = discovered(complete[: complete.index("two</title>")])
    assert urls(result) == [HOME + "one"]
    assert len(result.problems) == 1
    assert result.problems[0].startswith("The XML is malformed (line 1: ")


@pytest.mark.parametrize("stray", ["</b>", "<br>", "<img src='x'>", "<p>one<p>two", "</div></div>"])
def test_unescaped_html_loses_no_entry(stray: str) -> None:
    result = discovered(
        rss(
            f"<title>one {stray}</title><link>/one</link>",
            f"<description>{stray}</description><link>/two</link>",
            "<link>/three</link>",
        )
    )
    assert urls(result) == [HOME + "one", HOME + "two", HOME + "three"]
    assert len(result.problems) == 1


def test_entries_without_an_end_tag_are_separate_entries() -> None:
    result = discovered("<rss><channel><item><link>/a</link><item><link>/b</link><item><link>/c</link></channel></rss>")
    assert urls(result) == [HOME + "a", HOME + "b", HOME + "c"]


@pytest.mark.parametrize(
    "body",
    [
        '<feed xmlns="http://www.w3.org/2005/Atom x"><entry><link href="/a"/></entry></feed>',
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/><null2021-11-23T09:30:00Z/></entry></feed>',
        '<rss xmlns="urn:x"><channel><item><link>/a</link><q:r/></item></channel></rss>',
        "<x:rss><channel><item><link>/a</link><y:link>/b</y:link></item></channel></x:rss>",
        "<rss z:a='1'><channel><item z:b='2'><guid z:c=''/><link>/a</link></item></channel></rss>",
        "<rss><channel><item><guid><link>/c</link></guid><link>/a</link></item></channel></rss>",
        "<rss><channel><item><link><link/>/a<title/></link></item></channel></rss>",
        '<rss xmlns:d="http://purl.org/dc/elements/1.1/ x"><channel><item><d:date>1</d:date><link>/a</link></item>'
        "</channel></rss>",
    ],
)
def test_names_that_feedparser_stumbles_over_cost_nothing(body: str) -> None:
    assert urls(discovered(body)) == [HOME + "a"]


def test_an_empty_feed_with_a_harmless_problem_is_an_empty_feed() -> None:
    result = discovered('<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]><rss><channel/></rss>')
    assert (result.candidates, len(result.problems)) == ([], 1)


def test_relative_links_are_resolved_against_xml_base() -> None:
    result = discovered(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://marsad.example/en/"><entry xml:base="news/">'
        '<link href="a"/></entry><entry><link href="/b"/></entry><entry xml:base="http://[x"><link href="c"/></entry>'
        "</feed>"
    )
    assert urls(result)[:2] == [HOME + "en/news/a", HOME + "b"]


@pytest.mark.parametrize("body", [rss(), '<feed xmlns="http://www.w3.org/2005/Atom"/>', "<rss/>"])
def test_an_empty_feed_is_not_a_problem(body: str) -> None:
    assert discovered(body) == ChannelResult()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "The response is empty."),
        (" \n\t ", "The response is empty."),
        ("<!DOCTYPE html><html><body><a href='/a'>x</a></body></html>", "HTML page"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "HTML page"),
        ("Service unavailable", "neither XML nor"),
        ("<opml version='2.0'/>", "<opml> is neither a feed nor a sitemap"),
        ("<!-- nothing", "no root element"),
        ("<", "no root element"),
        ("<rss><channel><item", "No entry could be read"),
        ('{"items": []}', "not a JSON Feed"),
        ("[1, 2", "not valid JSON ("),
        ("[" * 200_000, "nested too deeply"),
        ('{"version": ' + "1" * 5000 + "}", "not valid JSON ("),
    ],
)
def test_a_document_that_is_not_a_feed_is_a_problem_of_the_channel(body: str, message: str) -> None:
    with pytest.raises(ChannelProblem) as raised:
        discovered(body)
    assert message in str(raised.value)


def test_a_sitemap_under_the_address_of_a_feed_is_read() -> None:
    assert urls(discovered("<urlset><url><loc>https://marsad.example/a</loc></url></urlset>")) == [HOME + "a"]


def test_entities_of_the_document_are_never_expanded() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "lol">{levels}]>' + rss(
        "<title>&e11;</title><link>/a</link><category domain='&e11;'>x</category>"
    )
    started = time.perf_counter()
    result = discovered(bomb)
    assert time.perf_counter() - started < 60
    assert result.candidates[0].title == "&e11;"
    assert result.problems == ["The document declares entities; they were ignored."]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:1/x.dtd"])
def test_external_entities_are_not_fetched(address: str) -> None:
    body = f'<!DOCTYPE rss SYSTEM "{address}" [<!ENTITY x SYSTEM "{address}">]>' + rss(
        "<title>&x;</title><link>/a</link>"
    )
    assert discovered(body).candidates[0].title == "&x;"


def test_a_body_that_is_an_address_or_a_file_name_is_not_opened() -> None:
    for body in ("/etc/passwd", "file:///etc/passwd", "pyproject.toml"):
        with pytest.raises(ChannelProblem):
            discovered(body)


@pytest.mark.parametrize(
    "unit", ["<item>", "<title>", "&", "<![CDATA[", "<!--", "<!DOCTYPE rss [", "]>", "&#x1;", "<a b='"]
)
def test_an_endlessly_repeated_character_is_read_quickly(unit: str) -> None:
    started = time.perf_counter()
    try:
        discovered("<rss><channel><item>" + unit * 100_000)
        discovered(unit * 100_000)
    except ChannelProblem:
        pass
    assert time.perf_counter() - started < 60


def test_a_feed_of_full_articles_is_read_quickly_and_cut_at_its_limit() -> None:
    item = "<title>خبر {0}</title><link>/news/{0}</link><pubDate>Tue, 23 Nov 2021 12:35:10 +0000</pubDate>" + (
        "<content:encoded><![CDATA[<p>نص</p><p><img src='x'></p>]]></content:encoded>"
    )
    body = rss(*(item.format(n) for n in range(MAX_FEED_ENTRIES + 5)))
    started = time.perf_counter()
    result = discovered(body)
    assert time.perf_counter() - started < 60
    assert len(result.candidates) == MAX_FEED_ENTRIES
    assert result.problems == ["The feed has more than 10,000 entries; the rest was not read."]


SAMPLES = [
    rss(
        "<title>خبر &amp; خبر</title><link>/a?x=1&amp;y=2</link><author>a@b.example (N)</author><guid>/g</guid>"
        "<pubDate>Tue, 23 Nov 2021 12:35:10 +0200</pubDate><category><![CDATA[نقل]]></category>",
        declaration='<?xml version="1.0" encoding="utf-8"?>',
    ).encode(),
    b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/b/"><entry xml:lang="ar"><title type="xhtml"><div>x</div>'
    b'</title><link href="a"/><updated>2021-11-23T09:30:00Z</updated><author><name>N</name></author></entry></feed>',
    json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"url": "/a", "tags": ["x"]}]}).encode(),
]
TOKENS = b"""< > & ]]> <![CDATA[ </item> <item> ' " { null -1 1e999 &#x110000; \x00 \xff \xd8 xmlns:q='u' <q:z/>
<link>http://[::1</link> xml:base='http://[x'""".split()


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
def test_no_mutation_of_a_feed_raises_anything_but_a_channel_problem(body: bytes) -> None:
    try:
        result = discovered(body)
    except ChannelProblem:
        return
    assert all(PROFILE.owns(candidate.url) for candidate in result.candidates)


def test_an_element_name_that_no_xml_has_is_a_channel_problem() -> None:
    body = b'<feed xmlns="}<http://www.w3.org/2005/Atom" xml:base="/b/"><entry xml:lang="ar"><title/></entry></feed>'
    with pytest.raises(ChannelProblem, match="The feed has elements whose names are not valid XML"):
        discovered(body)


def test_a_page_under_the_url_of_a_feed_is_said_to_declare_the_real_one() -> None:
    page = (
        b"<!DOCTYPE html><html><head><link rel=alternate type='application/rss+xml' href='/rss.xml'>"
        b"<link rel='alternate' type='application/atom+xml; charset=utf-8' href='https://daily.example/atom'>"
        b"<link rel=alternate hreflang=ar href=/ar><link rel=stylesheet type=text/css href=/x.css></head><p>x</html>"
    )
    profile = SiteProfile(name="daily", title="Daily", url="https://daily.example/")
    channel = Channel("feed", "https://daily.example/feed")
    with pytest.raises(ChannelProblem) as caught:
        discover(channel, page, profile, url=channel.url, headers={})
    assert str(caught.value) == (
        "The document is an HTML page; check the URL of the feed channel. The page declares the feed "
        "https://daily.example/rss.xml and https://daily.example/atom."
    )
