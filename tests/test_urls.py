"""Canonical URLs, variant keys, and the parts of URLs."""

from __future__ import annotations

import contextlib
import random
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.urls import (
    _UNIFORM,
    _resolved,
    absolute_url,
    bare_host,
    canonical_or_none,
    canonical_url,
    host_of,
    iri,
    on_hosts,
    origin_of,
    readable_host,
    readable_url,
    variant_key,
)

UNHURRIED = settings(deadline=None)  # the machine may be busy
ARABIC = "/أخبار/قمة-أستانا-بشأن-سوريا/"
ENCODED = quote(ARABIC)

# Parts of URLs; awkward ones are more frequent than on real sites.
PIECES = st.sampled_from(
    [
        "/",
        "a",
        "b-c",
        "%",
        "%2",
        "%25",
        "%2F",
        "%2f",
        "%D8",
        "%d8%a7",
        "%25D8%25A7",
        "%38",
        "%39",
        "%E9",
        "%7E",
        "~",
        "+",
        "قمة",
        "é",
        "=",
        "&",
        "?",
        "#",
        ";",
        "utm_source=x",
        "q=1",
        "&q=2",
        " ",
        "..",
        "\u200c",
        "\ud800",
        "\x00",
        "[",
        ";jsessionid=0A1B",
        ";jsess",
        "ionid=",
        "(S(a1))/",
        "/(S(",
        "))",
        "&sid=0123456789abcdef0123456789abcdef",
        "amp",
        "/amp/",
    ]
)
HOSTS = st.sampled_from(
    [
        "example.org",
        "EXAMPLE.org",
        "مثال.إختبار",
        "example.org.",
        "example.org:80",
        "example.org:443",
        "example.org:8080",
        "[::1]",
        "[::1]:8000",
        "user:pw@example.org",
        "a..b",
        "under_score.org",
        "example。com",
        "example.com。",
        ".",
        "ﬁ.org",
    ]
)
URLS = st.builds(
    lambda scheme, host, pieces: f"{scheme}://{host}/" + "".join(pieces),
    st.sampled_from(["http", "https", "HTTP"]),
    HOSTS,
    st.lists(PIECES, max_size=12),
)


def in_lower_hex(url: str) -> str:
    return "".join(c.lower() if url[max(0, i - 2) : i].count("%") else c for i, c in enumerate(url))


@UNHURRIED
@given(URLS)
@example("http://h/%25%38%39")
@example("http://[::1]:8000/x")
@example("http://example.com。/x")
def test_canonical_url_is_idempotent(url: str) -> None:
    try:
        once = canonical_url(url)
    except ValueError:
        return
    assert canonical_url(once) == once


@UNHURRIED
@given(st.one_of(URLS, st.text(), st.text().map("http://".__add__)))
@example("http://[")
@example("http://[::1")
@example("http://h:99999999/")
@example("http://h:x/")
@example("http://\u2100/")
@example("//")
@example("http://h/?" + "&" * 5000)
@example("http://h/\ud800?\udfff=\ud800")
@example("http://" + "ا" * 5000)
def test_a_hostile_url_raises_nothing_but_value_error(url: str) -> None:
    with contextlib.suppress(ValueError):
        canonical_url(url)
    host_of(url)
    on_hosts(url, frozenset({"example.org"}))


@UNHURRIED
@given(st.one_of(URLS, st.text(), PIECES), st.one_of(URLS, st.text()))
@example("x", "http://[")
@example("//[", "http://h/")
@example("http://h/\ud800", "")
@example("http://./x", "")
@example("http://h:0/", "")
def test_absolute_url_never_raises_and_gives_only_what_canonical_url_takes(link: str, base: str) -> None:
    result = absolute_url(link, base)
    if result is not None:
        assert canonical_url(result).startswith(("http://", "https://"))
        assert "#" not in result


LINKS = st.lists(
    st.sampled_from(
        [
            "https://b.example",
            "//b.example",
            "http://",
            "/",
            "a",
            "x.html",
            ".",
            "..",
            "?",
            "q=1",
            "%20",
            "&",
            "=",
            ":80",
            "é",
        ]
    )
).map("".join)


@UNHURRIED
@given(LINKS, st.sampled_from(["https://a.example/x/y", "http://a.example?q", "https://a.example:8080/", "", "x"]))
@example("https://b.example", "https://a.example/")
@example("/", "https://a.example")
@example("/a/./b", "https://a.example/")
@example("/a//b", "https://a.example/")
@example("/a?", "https://a.example/")
@example("//b.example:65536/a", "https://a.example:59999/")
@example("//b.example:8080", "http://a.example:0/")
@example("///b.example", "https://a.example:60000/")
def test_a_plain_link_is_resolved_as_any_other(link: str, base: str) -> None:
    assert absolute_url(link, base) == _resolved(link, base)


@pytest.mark.parametrize(
    "path",
    [
        ARABIC,
        ENCODED,
        in_lower_hex(ENCODED),
        quote(ENCODED),
        quote(in_lower_hex(ENCODED)),
        "/أخبار/" + quote("قمة-أستانا") + "-بشأن-سوريا/",
        "/أخبار/" + in_lower_hex(quote("قمة-أستانا")) + quote("-بشأن-سوريا/"),
        ENCODED.replace("-", "%2D"),
    ],
)
def test_an_arabic_path_has_one_form_however_it_is_encoded(path: str) -> None:
    assert canonical_url("https://example.org" + path) == "https://example.org" + ENCODED


@UNHURRIED
@given(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوي-0123456789abc", min_size=1), st.lists(st.booleans(), min_size=64))
def test_any_mix_of_raw_and_encoded_letters_has_one_form(slug: str, raw: list[bool]) -> None:
    mixed = "".join(
        c if is_raw else in_lower_hex(quote(c)) for c, is_raw in zip(slug, raw * (len(slug) // 64 + 1), strict=False)
    )
    assert canonical_url(f"https://example.org/{mixed}") == canonical_url(f"https://example.org/{quote(slug)}")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("  https://example.org/a\n", "https://example.org/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("https://example.org/Path", "https://example.org/Path"),
        ("https://example.org/a/", "https://example.org/a/"),
        ("https://example.org/a%7Eb%2dc", "https://example.org/a~b-c"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://مثال.إختبار/", "https://xn--mgbh0fb.xn--kgbechtv/"),
        ("https://XN--MGBH0FB.xn--kgbechtv/", "https://xn--mgbh0fb.xn--kgbechtv/"),
        ("http://example.org:80/", "http://example.org/"),
        ("https://example.org:443/", "https://example.org/"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
        ("http://[2001:DB8::1]:8000/a", "http://[2001:db8::1]:8000/a"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/../a/..", "https://example.org/"),
        ("https://example.org/a/%2e%2E/b/.", "https://example.org/b/"),
        ("https://example.org/.well/..a/...", "https://example.org/.well/..a/..."),
        ("https://example.org/?a=1&amp;b=2", "https://example.org/?a=1&b=2"),
    ],
)
def test_a_url_has_the_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "parameter",
    [
        "utm_source=feed",
        "UTM_Medium=x",
        "fbclid=1",
        "gclid=1",
        "mc_cid=1",
        "_ga=2.1",
        "at_medium=RSS",
        "ocid=a",
        "PHPSESSID=abc",
        "jsessionid=1",
        "%75tm_source=feed",
        "amp;utm_source=feed",
        "CMP=Share_iOSApp_Other",
        "traffic_source=rss",
        "xtor=RSS-1",
        "ref_src=twsrc%5Etfw",
        "__twitter_impression=true",
        "srsltid=Afm",
        "WT.mc_id=x",
        "ns_mchannel=social",
        "source=rss",
        "ref=Twitter",
        "ref=tw",
        "Echobox=1712048012",
        "_guc_consent_skip=1712048012",
        "xtref=x",
        "xtcr=1",
        "xts=467",
        "hsCtaTracking=a-b",
        "__s=x",
        "ml_subscriber=7",
        "ml_subscriber_hash=ab",
        "wickedid=1",
        "tracking_source=home",
        "amp_analytics=1~ab",
    ],
)
def test_tracking_parameters_are_removed(parameter: str) -> None:
    assert canonical_url(f"https://example.org/a?{parameter}") == "https://example.org/a"
    assert canonical_url(f"https://example.org/a?id=7&{parameter}&p=2") == "https://example.org/a?id=7&p=2"


@pytest.mark.parametrize(
    "parameter",
    [
        "id=7",
        "p=123",
        "q=gclid",
        "utm=1",
        "page=",
        "lang=ar",
        "reference=1",
        "source=7",
        "ref=abc",
        "from=2026-01-01",
        "m=3",
        "source=tw",
        "mode=amp",
        "xt=1",
        "s=7",
    ],
)
def test_a_parameter_that_may_choose_the_page_stays(parameter: str) -> None:
    assert canonical_url(f"https://example.org/a?{parameter}") == f"https://example.org/a?{parameter}"


@UNHURRIED
@given(st.permutations(["a=1", "b=2", "b=1", "c=%D8%A7", "d="]))
def test_the_order_of_parameters_is_irrelevant(parameters: list[str]) -> None:
    assert canonical_url(f"https://example.org/?{'&'.join(parameters)}") == (
        "https://example.org/?a=1&b=1&b=2&c=%D8%A7&d="
    )


@pytest.mark.parametrize(
    ("one", "other"), [("/a%2Fb", "/a/b"), ("/a%3Fb", "/a?b"), ("/a%23b", "/a#b"), ("/a%25b", "/a%b5")]
)
def test_an_encoded_delimiter_keeps_its_meaning(one: str, other: str) -> None:
    assert canonical_url("https://example.org" + one) != canonical_url("https://example.org" + other)


def test_search_terms_in_windows_1256_stay_different() -> None:
    one, other = (
        canonical_url(f"https://example.org/?q={quote(word, encoding='cp1256')}") for word in ("سوريا", "لبنان")
    )
    assert one != other
    assert unquote(one.partition("q=")[2], "cp1256") == "سوريا"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/a",
        "/a",
        "ftp://example.org/",
        "javascript:alert(1)",
        "http://a b/",
        "http://a%20b/",
        "http://a<b/",
        "mailto:a@b.c",
        "http://",
        "http:///a",
        "http://./",
        "http://h:99999/",
        "http://[::1/",
    ],
)
def test_a_url_that_is_not_http_has_no_canonical_form(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the promise is the class alone; urllib words some of them
        canonical_url(url)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("b", "https://example.org/a/b"),
        ("/b#part", "https://example.org/b"),
        ("//other.example/b", "https://other.example/b"),
        ("https://other.example/b", "https://other.example/b"),
        (" /b\n", "https://example.org/b"),
        ("/lo\nng\tlink", "https://example.org/longlink"),
        ("?page=2", "https://example.org/a/?page=2"),
        ("", None),
        ("#top", None),
        ("mailto:a@example.org", None),
        ("javascript:void(0)", None),
        ("data:text/html,x", None),
        ("ftp://example.org/x", None),
        ("http://[bad/x", None),
        ("http://example.org:x/", None),
        ("http://example.org:0/", None),
        ("\\b\\c?d=\\e", "https://example.org/b/c?d=\\e"),
        ("\\\\other.example\\b", "https://other.example/b"),
        ("https:\\\\other.example\\b", "https://other.example/b"),
        ("http:/other.example/b", "http://other.example/b"),
        ("http:other.example/b", "http://other.example/b"),
        ("https:/b", "https://example.org/b"),
        ("https:b", "https://example.org/a/b"),
        ("HTTPS:///other.example/b", "https://other.example/b"),
        ("http:", None),
        ("http://public.example\\@10.0.0.1/b", "http://public.example/@10.0.0.1/b"),
        ("https://faß.example:8443/b", "https://xn--fa-hia.example:8443/b"),
    ],
)
def test_a_link_is_absolute_or_nothing(link: str, expected: str | None) -> None:
    assert absolute_url(link, "https://example.org/a/") == expected


def test_a_link_longer_than_scrapy_requests_is_nothing() -> None:
    assert absolute_url("/" + "a" * 3000, "https://example.org/") is None
    assert absolute_url("/" + "ا" * 300, "https://example.org/") is not None
    assert absolute_url("/" + "ا" * 400, "https://example.org/") is None  # six characters a letter when requested


def test_a_subdomain_is_on_the_host_and_a_namesake_is_not() -> None:
    hosts = frozenset({"example.org"})
    assert on_hosts("https://example.org/", hosts)
    assert on_hosts("https://News.Example.org:8000/a", hosts)
    assert not on_hosts("https://notexample.org/", hosts)
    assert not on_hosts("https://example.org.evil.example/", hosts)
    assert not on_hosts("https://example.org@evil.example/", hosts)
    assert not on_hosts("http://[", hosts)


def test_the_host_of_an_idn_is_the_one_that_is_requested() -> None:
    assert (
        host_of("https://مثال.إختبار/a") == host_of("https://xn--mgbh0fb.xn--kgbechtv/b") == "xn--mgbh0fb.xn--kgbechtv"
    )
    assert readable_host("xn--mgbh0fb.xn--kgbechtv") == "مثال.إختبار"
    assert readable_host("xn--\u00fc") == "xn--\u00fc"


@pytest.mark.parametrize(
    ("written", "host", "readable"),
    [
        ("faß.example", "xn--fa-hia.example", "faß.example"),
        ("FAẞ.example", "xn--fa-hia.example", "faß.example"),
        ("βόλος.example", "xn--nxasmm1c.example", "βόλος.example"),
        ("نامه‌ای.example", "xn--mgba3gch31f060k.example", "نامه\u200cای.example"),
        ("Ｅｘａｍｐｌｅ。org", "example.org", "example.org"),
        ("☃.example", "xn--n3h.example", "xn--n3h.example"),
    ],
)
def test_letters_that_idna_2003_dropped_are_kept(written: str, host: str, readable: str) -> None:
    assert host_of(f"https://{written}/a") == host
    assert canonical_url(f"https://{written}/a") == f"https://{host}/a"
    assert absolute_url(f"https://{written}/a", "https://example.org/") == f"https://{host}/a"
    assert readable_host(host) == readable


def test_the_origin_is_scheme_host_and_port() -> None:
    assert origin_of("HTTP://Example.org:8080/a?b#c") == "http://example.org:8080"


@pytest.mark.parametrize("path", [ENCODED, in_lower_hex(ENCODED), quote(ENCODED), ARABIC])
def test_a_readable_url_shows_letters(path: str) -> None:
    assert readable_url("https://example.org" + path) == "https://example.org" + ARABIC


@UNHURRIED
@given(st.lists(st.tuples(st.sampled_from("abcsid"), st.text(max_size=5)), max_size=6), st.randoms())
def test_the_order_of_parameters_makes_no_difference(pairs: list[tuple[str, str]], chance: random.Random) -> None:
    shuffled = pairs.copy()
    chance.shuffle(shuffled)
    one, other = (
        "https://example.org/a?" + "&".join(f"{quote(name)}={quote(value)}" for name, value in each)
        for each in (pairs, shuffled)
    )
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a;jsessionid=0A1B2C",
        "https://example.org/a?PHPSESSID=1&JSESSIONID=2&ASPSESSIONIDQQ=3&CFID=4&CFTOKEN=5&session_id=6",
        "https://example.org/a?sid=0123456789abcdef0123456789abcdef",
        "https://example.org/(S(lit3py55t21z5v55vlm25s55))/a",
        "https://example.org/(X(1)S(lit3py55t21z5v55vlm25s55))/a",
    ],
)
def test_session_parameters_are_removed(url: str) -> None:
    assert canonical_url(url) == "https://example.org/a"


@pytest.mark.parametrize(
    "url", ["http://h/p?sid=1234", "http://h/p?s=word", "http://h/p?sid=12345678901234567890123456"]
)
def test_the_number_of_an_article_stays_in_the_url(url: str) -> None:
    assert canonical_url(url) == url


@UNHURRIED
@given(st.lists(PIECES, max_size=12))
def test_the_fast_path_gives_the_same_as_the_slow_one(pieces: list[str]) -> None:
    path = "/" + "".join(pieces)
    match = _UNIFORM.fullmatch(path)
    if match and "/." not in path:
        with_long_way = canonical_url(f"http://h{path}é").removesuffix("%C3%A9").removeprefix("http://h")
        assert canonical_url(f"http://h{path}").removeprefix("http://h") == with_long_way


PLAIN = "https://example.org/news/2026/bridge"


@pytest.mark.parametrize(
    "variant",
    [
        "http://example.org/news/2026/bridge",
        "https://www.example.org/news/2026/bridge/",
        "https://m.example.org/news/2026/bridge",
        "https://amp.example.org/news/2026/bridge",
        "https://example.org/news/2026/bridge/amp",
        "https://example.org/news/2026/bridge/amp/",
        "https://example.org/amp/news/2026/bridge",
        "https://example.org/news/2026/bridge?amp=1",
        "https://example.org/news/2026/bridge?amp",
        "https://example.org/news/2026/bridge?outputType=amp",
        "https://example.org/news/2026/bridge.amp",
        "https://example.org/news/amp/2026/bridge",
        "https://example.org/news/2026/bridge?wpamp",
        "https://example.org/news/2026/bridge?wpamp=1",
        "https://example.org/news/2026/bridge?mode=amp",
        "https://www2.example.org/news/2026/bridge",
        "https://example.org//news//2026/bridge",
        "https://example.org/news/2026/bridge/index.html",
        "https://www.example.org/news/2026/bridge/index.htm",
    ],
)
def test_variants_of_a_url_have_the_same_key(variant: str) -> None:
    assert variant_key(variant) == variant_key(PLAIN)


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/news/2026/bridge-amp",
        "https://example.org/news/2026/ampere",
        "https://news.example.org/news/2026/bridge",
        "https://example.org/news/2026/bridge?page=2",
        "https://example.org/ampere/news/2026/bridge",
        "https://amp-example.org/news/2026/bridge",
        "https://example.org/news/2026/bridge/index.html/2",
        "https://example.org/news/2026/bridge?mode=amplified",
    ],
)
def test_other_urls_have_other_keys(other: str) -> None:
    assert variant_key(other) != variant_key(PLAIN)


@pytest.mark.parametrize(
    ("host", "bare"),
    [
        ("en.m.example.org", "en.example.org"),
        ("fr.amp.example.org", "fr.example.org"),
        ("amp-magazine.example.org", "magazine.example.org"),
        ("www2.example.org", "example.org"),
        ("amp-news.example", "amp-news.example"),
        ("en.m.example", "en.m.example"),
        ("m.example", "m.example"),
        ("team.m.example.org", "team.m.example.org"),
    ],
)
def test_the_bare_host_has_no_prefix_for_devices(host: str, bare: str) -> None:
    assert bare_host(f"https://{host}/a") == bare
    assert variant_key(f"https://{host}/a") == variant_key(f"https://{bare}/a")


@UNHURRIED
@given(URLS)
def test_the_variant_key_ignores_www(url: str) -> None:
    try:
        canonical = canonical_url(url)
    except ValueError:
        return
    # A number in brackets has no names below it; Python 3.11.2 will not even read them.
    assert "[" in canonical or variant_key(canonical) == variant_key(canonical.replace("://", "://www.", 1))


@pytest.mark.parametrize("link", [None, "", "mailto:desk@marsad.example", "http://[::1", "nonsense"])
def test_a_link_that_is_not_a_web_address_has_no_canonical_form_and_raises_nothing(link: str | None) -> None:
    assert canonical_or_none(link) is None
    assert canonical_or_none("https://marsad.example/a#top") == "https://marsad.example/a"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1?q=%D9%85", "https://example.org/أخبار?q=م"),
        ("https://example.org/a%20b%2Fc%25?x=%26", "https://example.org/a%20b%2Fc%25?x=%26"),
        ("https://example.org/%E2%80%AE%D8%A3", "https://example.org/%E2%80%AE%D8%A3"),  # a mark of direction
        ("https://example.org/%C2%A0", "https://example.org/%C2%A0"),  # a space
        ("https://example.org/%D8%5F", "https://example.org/%D8%5F"),  # not UTF-8
        ("https://example.org/%F0%9F%97%9E", "https://example.org/🗞"),
    ],
)
def test_an_iri_shows_letters_and_can_be_opened(url: str, shown: str) -> None:
    assert iri(url) == shown
    assert canonical_url(iri(url)) == canonical_url(url)
