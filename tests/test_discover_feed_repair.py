"""Discover from feeds that are damaged or unusual: lost end tags, capitals, authors of the feed, relative links."""

from __future__ import annotations

import re
import time
from datetime import datetime

import pytest

from crawler.discover import ChannelResult, discover, tags
from crawler.profile import Channel, SiteProfile

HOME = "https://marsad.example/"
FEED = HOME + "feeds/all/rss.xml"
PROFILE = SiteProfile(name="marsad", title="Marsad", url=HOME, language="en", timezone="Asia/Damascus")
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
HEAD = (
    "<title>Marsad</title><link>https://marsad.example/</link><description>News of the valley</description>"
    "<language>en</language><image><url>https://marsad.example/logo.png</url><title>Logo</title>"
    "<link>https://marsad.example/</link></image>"
)
ITEMS = "".join(
    f"<item><title>Bridge number {n} opens</title><link>https://marsad.example/news/{n}</link>"
    f"<description>The bridge is open.</description><guid isPermaLink='false'>{n}</guid></item>"
    for n in range(5)
)
ITEM_URLS = [f"{HOME}news/{n}" for n in range(5)]


def discovered(body: str, *, since: datetime | None = None) -> ChannelResult:
    return discover(Channel("feed", FEED), body.encode(), PROFILE, url=FEED, headers={}, since=since)


def rss(items: str, head: str = "", attributes: str = "") -> str:
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    return f'<rss version="2.0" {names} {attributes}><channel>{head}{items}</channel></rss>'


def atom(entries: str, head: str = "") -> str:
    return f"<feed {ATOM}>{head}{entries}</feed>"


def urls(result: ChannelResult) -> list[str]:
    return [candidate.url for candidate in result.candidates]


@pytest.mark.parametrize("tag", ["title", "link", "description", "language", "url", "image"])
def test_a_lost_end_tag_in_the_head_loses_no_entry(tag: str) -> None:
    result = discovered(rss(ITEMS, HEAD.replace(f"</{tag}>", "", 1)))
    assert urls(result) == ITEM_URLS
    assert {candidate.title for candidate in result.candidates} == {f"Bridge number {n} opens" for n in range(5)}
    assert len(result.problems) == 1


@pytest.mark.parametrize("tag", ["title", "description"])
def test_what_the_head_says_is_read_although_an_end_tag_before_it_is_lost(tag: str) -> None:
    older = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="/feed?page=2"/>'
    result = discovered(rss(ITEMS, (HEAD + older).replace(f"</{tag}>", "", 1)))
    assert {candidate.language for candidate in result.candidates} == {"en"}
    assert [child.channel.url for child in result.children] == [HOME + "feed?page=2"]


def test_a_lost_end_tag_in_the_head_of_atom_loses_no_entry() -> None:
    entries = "".join(f'<entry><title>Bridge {n}</title><link href="/news/{n}"/></entry>' for n in range(5))
    assert urls(discovered(atom(entries, "<title>Marsad<id>urn:x</id>"))) == ITEM_URLS


@pytest.mark.parametrize("tag", ["title", "link", "description", "guid"])
def test_lost_end_tags_in_the_items_lose_no_item(tag: str) -> None:
    result = discovered(rss(ITEMS.replace(f"</{tag}>", ""), HEAD))
    assert urls(result) == ITEM_URLS
    assert {candidate.title for candidate in result.candidates} == {f"Bridge number {n} opens" for n in range(5)}


RSS_ITEM = (
    "<item><title>Bridge {0}</title><link>https://marsad.example/news/{0}</link><dc:creator>Salma Ali</dc:creator>"
    "<pubDate>Tue, 1{0} Nov 2022 10:00:00 GMT</pubDate><guid isPermaLink='false'>{0}</guid>"
    "<description><![CDATA[<p>Open.</p>]]></description><image><title>Logo</title><link>/logo</link></image></item>"
)
ATOM_ENTRY = (
    "<entry><title type='html'>Bridge {0}</title><link href='https://marsad.example/news/{0}'/><id>urn:{0}</id>"
    "<author><name>Salma Ali</name></author><published>2022-11-1{0}T10:00:00Z</published>"
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>It is open.</p></div></content></entry>"
)
RDF_ITEM = (
    "<item rdf:about='https://marsad.example/news/{0}'><title>Bridge {0}</title>"
    "<link>https://marsad.example/news/{0}</link><dc:date>2022-11-1{0}T10:00:00Z</dc:date></item>"
)
RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
    f"xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='{FEED}'><title>Marsad</title>"
    f"<link>{HOME}</link><description>News</description></channel>{{}}</rdf:RDF>"
)
DAMAGED = {
    "rss": rss("".join(RSS_ITEM.format(n) for n in range(4)), HEAD),
    "atom": atom(
        "".join(ATOM_ENTRY.format(n) for n in range(4)), "<title>M</title><id>urn:x</id><author><name>S</name></author>"
    ),
    "rdf": RDF.format("".join(RDF_ITEM.format(n) for n in range(4))),
}


@pytest.mark.parametrize("kind", DAMAGED)
@pytest.mark.parametrize("tag", [r"</[\w:]+>", r"<[a-z][\w:]*(?: [^>]*)?>"], ids=["end tag", "start tag"])
def test_whichever_tag_is_lost_only_its_own_entry_is(kind: str, tag: str) -> None:
    feed = DAMAGED[kind]
    for match in list(re.finditer(tag, feed))[1:]:
        damaged = feed[: match.start()] + feed[match.end() :]
        found = {candidate.url: candidate.title for candidate in discovered(damaged).candidates}
        whole = [n for n in range(4) if found.get(f"{HOME}news/{n}") == f"Bridge {n}"]
        assert len(whole) >= 3, (match[0], match.start(), found)


def test_the_title_of_a_picture_in_a_damaged_feed_is_not_the_entrys() -> None:
    item = "<item><image><title>Picture</title><link>/picture</link></image><title>Bridge</title><link>/a</link></item>"
    result = discovered(rss(item, HEAD.replace("</description>", "")))
    assert [(candidate.url, candidate.title) for candidate in result.candidates] == [(HOME + "a", "Bridge")]


@pytest.mark.parametrize("pattern", [r"</?item\b", r"</?(?:item|title|link)\b", r"</?\w+"])
def test_names_in_capitals_are_the_same_names(pattern: str) -> None:
    result = discovered(re.sub(pattern, lambda tag: tag[0].upper(), rss(ITEMS, HEAD)))
    assert urls(result) == ITEM_URLS
    assert {candidate.title for candidate in result.candidates} == {f"Bridge number {n} opens" for n in range(5)}


def test_a_guid_is_no_link_in_whatever_case_the_attribute_that_says_so_is_written() -> None:
    assert urls(discovered(rss(f"<item><guid ispermalink='false'>{HOME}a</guid></item>"))) == []


def test_the_outermost_element_may_be_missing() -> None:
    assert urls(discovered(f"<channel>{HEAD}{ITEMS}</channel>")) == ITEM_URLS


def test_items_in_a_list_of_rss_1_1_are_read() -> None:
    head = f'<Channel xmlns="http://purl.org/net/rss1.1#">{HEAD}'
    assert urls(discovered(f"{head}<items>{ITEMS}</items></Channel>")) == ITEM_URLS


def test_an_entry_alone_is_a_feed_of_one_entry() -> None:
    result = discovered(
        f'<entry {ATOM}><title>Bridge</title><link href="/a"/><author><name>Salma</name></author></entry>'
    )
    assert [(c.url, c.title, c.authors) for c in result.candidates] == [(HOME + "a", "Bridge", ["Salma"])]


def test_a_feed_whose_entries_have_no_links_is_a_problem() -> None:
    result = discovered(rss("<item><title>Bridge</title></item><item><guid isPermaLink='false'>7</guid></item>"))
    assert (urls(result), result.skipped) == ([], {"invalid_url": 2})
    assert result.problems == ["No entry of the feed has a link to its article."]


def test_entries_without_authors_have_those_of_the_atom_feed() -> None:
    head = "<author><name>Salma Ali</name></author><author><name>Omar Haddad</name></author>"
    own = "<author><name>Rima Nasser</name></author>"
    result = discovered(atom(f'<entry><link href="/a"/></entry><entry>{own}<link href="/b"/></entry>', head))
    assert [candidate.authors for candidate in result.candidates] == [["Salma Ali", "Omar Haddad"], ["Rima Nasser"]]


def test_an_entry_taken_from_another_feed_has_the_author_of_that_feed() -> None:
    source = "<source><title>Other</title><author><name>Rima Nasser</name></author></source>"
    result = discovered(atom(f'<entry><link href="/a"/>{source}</entry>', "<author><name>Salma Ali</name></author>"))
    assert [candidate.authors for candidate in result.candidates] == [["Rima Nasser"]]


def test_the_author_of_an_rss_channel_is_inherited_and_its_editor_and_podcaster_are_not() -> None:
    head = "<managingEditor>a@marsad.example (Omar Haddad)</managingEditor><itunes:author>Pod</itunes:author>"
    assert discovered(rss(ITEMS, head)).candidates[0].authors == []
    head += "<dc:creator>Salma Ali</dc:creator>"
    assert discovered(rss(ITEMS, head)).candidates[0].authors == ["Salma Ali"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("salma@marsad.example (Salma Ali)", "Salma Ali"),
        ("Salma Ali (mailto:salma@marsad.example)", "Salma Ali"),
        ("Salma Ali (salma@marsad.example)", "Salma Ali"),
        ("Salma Ali &lt;salma@marsad.example&gt;", "Salma Ali"),
        ("Salma Ali, salma@marsad.example", "Salma Ali"),
        ("mailto:salma@marsad.example", None),
        ("Salma Ali (@salma)", "Salma Ali (@salma)"),
        ("سلمى العلي (salma@marsad.news)", "سلمى العلي"),
    ],
)
@pytest.mark.parametrize("tag", ["author", "dc:creator"])
def test_a_mail_address_is_cut_from_an_authors_name(written: str, name: str | None, tag: str) -> None:
    [candidate] = discovered(rss(f"<item><link>/a</link><{tag}>{written}</{tag}></item>")).candidates
    assert candidate.authors == ([name] if name else [])


@pytest.mark.parametrize(
    ("head", "attributes", "url"),
    [
        ("<link>https://marsad.example/valley/</link>", "", "valley/news/1"),
        ("<link>/valley/index.html</link>", "", "valley/news/1"),
        ("<link>https://marsad.example/valley/</link>", f'xml:base="{HOME}hills/"', "hills/news/1"),
        ("<link>https://elsewhere.example/</link>", "", "feeds/all/news/1"),
        ("<link>mailto:desk@marsad.example</link>", "", "feeds/all/news/1"),
        ("", "", "feeds/all/news/1"),
    ],
)
def test_relative_links_of_rss_go_from_xml_base_or_the_link_of_the_channel(
    head: str, attributes: str, url: str
) -> None:
    result = discovered(rss("<item><link>news/1</link></item><item><link>/news/2</link></item>", head, attributes))
    assert urls(result) == [HOME + url, HOME + "news/2"]


def test_relative_links_of_atom_go_from_xml_base_or_the_feed() -> None:
    head = '<link rel="alternate" href="https://marsad.example/valley/"/>'
    assert urls(discovered(atom('<entry><link href="news/1"/></entry>', head))) == [HOME + "feeds/all/news/1"]
    entry = '<entry xml:base="/hills/"><link xml:base="east/" href="news/1"/></entry>'
    assert urls(discovered(atom(entry, head))) == [HOME + "hills/east/news/1"]


def test_a_guid_that_is_a_path_is_a_link() -> None:
    items = (
        "<item><guid>/news/1</guid></item><item><guid isPermaLink='true'>news/2</guid></item>"
        "<item><guid>3</guid></item><item><guid isPermaLink='false'>/news/4</guid></item>"
        "<item><guid>/5</guid><link>/news/5</link></item>"
    )
    assert urls(discovered(rss(items, "<link>https://marsad.example/</link>"))) == [
        HOME + "news/1",
        HOME + "news/2",
        HOME + "news/5",
    ]


def test_of_links_to_translations_the_one_in_the_sites_language_is_taken() -> None:
    links = "".join(
        f'<link rel="alternate" type="text/html" hreflang="{language}" href="/{language}/a"/>'
        for language in ("fr", "en-GB", "en")
    )
    assert urls(discovered(atom(f"<entry>{links}</entry>"))) == [HOME + "en-GB/a"]
    assert urls(discovered(atom(f"<entry>{links.replace('en', 'de')}</entry>"))) == [HOME + "fr/a"]


def test_a_title_of_atom_0_3_may_be_base64() -> None:
    title = '<title type="text/plain" mode="base64">QnJpZGdlIG9wZW5z</title>'
    entry = f'<entry>{title}<link rel="alternate" href="/a"/></entry>'
    feed = f'<feed version="0.3" xmlns="http://purl.org/atom/ns#">{entry}</feed>'
    assert [candidate.title for candidate in discovered(feed).candidates] == ["Bridge opens"]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<group>", "</title>"), ("<group>", "</group>"), ("<a:group>", "</b:group>"), ("<item>", "</item>"), ("<", ">")],
)
def test_endless_tags_are_balanced_quickly(opening: str, closing: str) -> None:
    started = time.perf_counter()
    text = tags.balanced("<rss>" + opening * 100_000 + closing * 200_000, tags.FEED)
    assert time.perf_counter() - started < 20
    assert text.count("</group>") <= text.count("<group>")
