"""Canonical URLs, by which discover, dedupe and the store compare pages, and the parts of URLs."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urljoin, urlsplit, urlunsplit

import idna

# Tracking parameters, which never select a page. The names are those that the vendors document.
_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_\w+|piwik_\w+|matomo_\w+|hsa_\w+|itm_\w+|wt\.mc\w*|wt_mc|at_(?:medium|campaign|custom\d)|"
    r"ns_(?:mchannel|campaign|source|linkname|fee)|fbclid|fb_(?:ref|source|action_ids|action_types)|mibextid|gclid|gclsrc|"
    r"gad_\w+|dclid|wbraid|gbraid|srsltid|usqp|amp_(?:js_v|gsa|analytics)|msclkid|ysclid|yclid|_openstat|twclid|ref_src|ref_url|"
    r"__twitter_impression|ttclid|igshid|igsh|li_fat_id|epik|rdt_cid|sc_cid|irclickid|rb_clickid|s_kwcid|ef_id|"
    r"mc_cid|mc_eid|vero_(?:id|conv)|oly_(?:enc|anon)_id|ck_subscriber_id|_ga|_gl|_hsenc|_hsmi|__hs(?:fp|sc|tc)|mkt_tok|"
    r"guccounter|guce_referrer(?:_sig)?|_x_tr_\w+|soc_(?:src|trk)|traffic_source|feedtype|feedname|xtor|maca|smid|"
    r"ocid|icid|intcid|cmp|dcmp|cmpid|ncid|s_cid|spm|replytocom|echobox|_guc_consent_skip|xt(?:ref|cr|s)|hsctatracking|"
    r"__s|ml_subscriber(?:_hash)?|wickedid|tracking_source",
    re.IGNORECASE,
)
# These parameters select a page on some sites; with these values they only identify where a reader came from.
_REFERRER = re.compile(
    r"(?:ref|source|src|from|via|partner|emc|medium|origin|share)="
    r"(?:rss|feed|twitter|facebook|fb|whatsapp|telegram|social|newsletter|homepage)|ref=tw",
    re.IGNORECASE,
)
# Session parameters: PHP, Java, ASP, ColdFusion, osCommerce and similar systems.
_SESSION = re.compile(
    r"phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|oscsid|zenid|sessid|session[-_]?id",
    re.IGNORECASE,
)
# `sid` is the number of an article on some sites; a session id is long and has letters.
_SHORT_SESSION = re.compile(r"(?:sid|s)=(?=[0-9a-z]*[a-z])[0-9a-z]{26,}", re.IGNORECASE)
# ;jsessionid=... at the end of a segment, and the segment (S(...)) of ASP.NET for sessions without cookies.
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*|/\((?:[A-Za-z]\([\w-]+\))+\)(?=/)", re.IGNORECASE)
# Before the host, after the language of an edition (en.m.), or as a prefix of a subdomain (amp-magazine.).
_VARIANT_HOST = re.compile(
    r"^(?:(?:(?:www\d?|m|mobile|amp|wap)\.)+(?=[^.]+\.)|([a-z]{2}\.)(?:m|mobile|amp)\.(?=[^.]+\.)|"
    r"amp-(?=[^.]+\.[^.]+\.[^.]+$))"
)
_VARIANT_PATH = re.compile(r"/amp(?=/.)|/amp$|\.amp(?=\.html?$)|\.amp$|/index\.html?$")
_SLASHES = re.compile(r"/{2,}")
_VARIANT_PAIR = re.compile(r"(?:wp)?amp(?:=1|=true|=)?|(?:mode|outputtype)=amp|m=1|mobile=1")
_DEFAULT_PORT = {"http": 80, "https": 443}
_ENCODED_LETTERS = re.compile("(?:%[89A-Fa-f][0-9A-Fa-f])+")
_DOUBLY_ENCODED = re.compile(r"%25(?=[89A-Fa-f][0-9A-Fa-f](?:%25|[^0-9A-Fa-f]|$))")
_PATH_SAFE = "/:@!$&'()*+,;=~"
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# A path that is in the uniform form already: no needless escapes, and none in lower case.
_UNIFORM = re.compile(
    r"(?:[A-Za-z0-9\-._~/:@!$&'()*+,;=]|%(?:[0189A-F][0-9A-F]|2[0-46-9A-CF]|3[A-F]|40|5[B-E]|60|7[B-DF]))*"
)
_NO_HOST = re.compile(r'[\x00-\x20\x7f"%<>\\^`{|}]')  # WHATWG URL, "forbidden domain code point"
_ESCAPED_AMPERSAND = re.compile(r"^(?:amp;)+")  # of "&amp;", in a feed that was escaped twice
_BEFORE_QUERY = re.compile(r"[^?#]*")
_REMOVED = re.compile(r"[\t\r\n\x00]")  # WHATWG URL, "remove all ASCII tab or newline"
_IN_ORDER = re.compile(r"https?://(?!/)")
_SCHEME = re.compile(r"(https?):(/*)", re.IGNORECASE)
# Links that are absolute or begin with the host or the root, with nothing to resolve, encode or cut: nine of ten on
# real pages. The general way takes 20 times as long.
_PORT = r"(?::(?:[1-5]\d{4}|[1-9]\d{0,3}))?"
_PLAIN_LINK = re.compile(
    rf"((?:(https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+{_PORT})?)"
    r"((?:/(?![/.])[\w\-.~:@!$&'()*+,;=%]*)*)(?:\?[\w\-.~/:@!$&'()*+,;=%?]+)?",
    re.ASCII,
)
_PLAIN_ROOT = re.compile(rf"(https?:)//[a-z0-9-]+(?:\.[a-z0-9-]+)+{_PORT}(?=[/?#]|$)")
_REMEMBERED = 2**12  # links: the pages of a site have many in common, and each is looked up in several steps
_MAX_LENGTH = 2083  # Scrapy's URLLENGTH_LIMIT: longer ones are never requested


def canonical_url(url: str) -> str:
    """The form of a URL that identifies its page.

    Scheme and host in lower case, IDN as punycode, default port and fragment removed, tracking and session parameters
    removed, the others sorted, percent-encoding uniform (UTF-8, upper-case hex), a doubly encoded path decoded once,
    `.` and `..` resolved. Idempotent. Raises ValueError if it is not an http or https URL."""
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT:
        raise ValueError(f"{url[:200]!r} is not an http or https URL")
    netloc = _ascii_host(parts.hostname or "")
    if not netloc or _NO_HOST.search(netloc):
        raise ValueError(f"{url[:200]!r} has no valid host")
    if ":" in netloc:  # IPv6
        netloc = f"[{netloc}]"
    if parts.port is not None and parts.port != _DEFAULT_PORT[scheme]:
        netloc += f":{parts.port}"
    path = _without_dots(_SESSION_IN_PATH.sub("", _uniform_path(parts.path)))
    return urlunsplit((scheme, netloc, path or "/", _uniform_query(parts.query), ""))


@lru_cache(maxsize=_REMEMBERED)
def canonical_or_none(url: str | None) -> str | None:
    """The canonical form of a link; None if it is not a web address."""
    try:
        return canonical_url(url) if url else None
    except ValueError:
        return None


@lru_cache(maxsize=_REMEMBERED)
def variant_key(url: str) -> str:
    """A key that is equal for the variants of a URL: with and without https, www., m., amp., /amp, index.html, a
    trailing or doubled slash. It finds stored articles; whether two variants are one is decided by their texts."""
    parts = urlsplit(url)
    host = _without_prefix(parts.netloc.lower())
    path = _SLASHES.sub("/", parts.path) if "//" in parts.path else parts.path
    path = _VARIANT_PATH.sub("", path.rstrip("/"))
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _VARIANT_PAIR.fullmatch(pair.lower()))
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def absolute_url(link: str, base: str) -> str | None:
    """Resolve a link to an absolute http or https URL without fragment, as browsers do; None if it is not one."""
    plain = _PLAIN_LINK.fullmatch(link)
    if plain is not None and len(link) + len(base) <= _MAX_LENGTH:
        if plain[2]:
            return link
        if (plain[1] or plain[3]) and (root := _PLAIN_ROOT.match(base)) is not None:
            return root[1 if plain[1] else 0] + link
    return _resolved(link, base)


def _resolved(link: str, base: str) -> str | None:
    link = _REMOVED.sub("", link).strip()
    if not link or link.startswith("#"):
        return None
    if "\\" in link:  # before the query, a backslash is a slash
        link = _BEFORE_QUERY.sub(lambda part: part[0].replace("\\", "/"), link, count=1)
    try:
        if link[0] not in "/?" and not _IN_ORDER.match(link):
            link = _with_two_slashes(link, base)
        parts = urlsplit(urljoin(base, link))
        host = _ascii_host(parts.hostname or "")
        if parts.scheme.lower() not in _DEFAULT_PORT or not host or _NO_HOST.search(host) or parts.port == 0:
            return None
        if not (parts.hostname or "").isascii():  # Scrapy would encode the host by IDNA 2003
            parts = parts._replace(netloc=_with_host(parts.netloc, host))
        url = urlunsplit(parts._replace(fragment=""))
        return url if len(quote(url, safe=_PATH_SAFE + "%?[]")) <= _MAX_LENGTH else None
    except ValueError:  # a malformed IPv6 host or port, or a lone surrogate
        return None


def host_of(url: str) -> str:
    """The host of a URL in lower case, IDN as punycode, without port; empty if there is none."""
    try:
        return _ascii_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


@lru_cache(maxsize=4096)  # the links of some pages, each of which is resolved several times
def bare_host(url: str) -> str:
    """The host of a URL without the prefixes of URL variants: www., m., amp. and similar."""
    return _without_prefix(host_of(url))


def on_hosts(url: str, hosts: frozenset[str]) -> bool:
    """Whether the URL's host is one of these or a subdomain of one."""
    host = host_of(url)
    return any(host == known or host.endswith("." + known) for known in hosts)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, as in `https://example.org:8080`; empty if it is malformed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def netloc_of(url: str) -> str:
    """Host and port of a URL as written, like `example.org:8080`: the scope of robots.txt and Retry-After."""
    return origin_of(url).partition("://")[2].rpartition("@")[2]


def is_home(url: str) -> bool:
    """Whether a URL is that of a host's home page."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def readable_url(url: str) -> str:
    """The URL with percent-encoded UTF-8 decoded, for people and for patterns with such letters."""
    return unquote_to_bytes(_DOUBLY_ENCODED.sub("%", url)).decode("utf-8", "replace")


def iri(url: str) -> str:
    """The URL with the letters of other scripts decoded, for cells and screens. Unlike `readable_url`, it can be
    opened: ASCII stays as it is, and so do encoded spaces, controls and bytes that are not UTF-8."""
    return _ENCODED_LETTERS.sub(_decoded_letters, url)


def _decoded_letters(match: re.Match[str]) -> str:
    try:
        text = bytes.fromhex(match[0].replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
    # Marks of direction would reorder the URL; a cell with an invisible space could not be opened.
    return text if text.isprintable() else match[0]


def readable_host(host: str) -> str:
    """A host name with its punycode labels decoded."""
    try:
        return idna.decode(host.encode("ascii"))
    except UnicodeError:
        return host


@lru_cache(maxsize=4096)
def _without_prefix(host: str) -> str:
    return _VARIANT_HOST.sub(r"\1", host)


@lru_cache(maxsize=4096)
def _ascii_host(host: str) -> str:
    """A host in lower case, IDN as punycode by UTS #46 as in browsers: ß and ZWNJ have a meaning, unlike in Python's
    own codec, which is of 2003."""
    host = host.lower().rstrip(".")
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii").rstrip(".")
    except UnicodeError:  # a label that IDNA 2008 forbids and browsers do not, like an emoji
        pass
    try:
        return host.encode("idna").decode("ascii").rstrip(".")
    except UnicodeError:  # a label with more than 63 letters
        return host


def _with_two_slashes(link: str, base: str) -> str:
    """The link with two slashes after its scheme. Fewer make it relative only if it has the scheme of the page."""
    match = _SCHEME.match(link)
    if match is None:
        return link
    if len(match[2]) < 2 and base[: len(match[1]) + 1].lower() == f"{match[1].lower()}:":
        return link
    return f"{match[1]}://{link[match.end() :]}"


def _with_host(netloc: str, host: str) -> str:
    """A netloc with another host, and with its own user and port."""
    user, at, rest = netloc.rpartition("@")
    _, colon, port = rest.partition(":")
    return f"{user}{at}{host}{colon}{port}"


def _uniform_path(path: str) -> str:
    """Normalize percent-encoding (RFC 3986, 6.2.2): escapes in upper case, unreserved characters not escaped."""
    if _UNIFORM.fullmatch(path):  # true of most, and ten times as fast: a sitemap has up to 50,000
        return path
    once = _ESCAPE.sub(_uniform_escape, quote(path, safe=_PATH_SAFE + "%"))
    return _ESCAPE.sub(_uniform_escape, _DOUBLY_ENCODED.sub("%", once))


def _without_dots(path: str) -> str:
    """Remove dot segments (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    result: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del result[max(len(result) - 1, 1) :]
        elif segment != ".":
            result.append(segment)
    if segments[-1] in (".", ".."):
        result.append("")
    return "/".join(result)


def _uniform_escape(escape: re.Match[str]) -> str:
    if escape[1] is None:  # a bare percent sign
        return "%25"
    char = chr(int(escape[1], 16))
    return char if char in _UNRESERVED else "%" + escape[1].upper()


def _uniform_query(query: str) -> str:
    if not query:
        return ""
    # surrogateescape: bytes that are not UTF-8 (a search term in windows-1256) are preserved.
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    pairs = [(_ESCAPED_AMPERSAND.sub("", name), value) for name, value in pairs]
    selecting = [(name, value) for name, value in pairs if not _is_of_visit(name, value)]
    return urlencode(sorted(selecting), errors="surrogateescape")


def _is_of_visit(name: str, value: str) -> bool:
    """Whether a parameter is for tracking or a session and does not select the page."""
    pair = f"{name}={value}"
    by_name = _TRACKING.fullmatch(name) or _SESSION.fullmatch(name)
    return bool(by_name or _SHORT_SESSION.fullmatch(pair) or _REFERRER.fullmatch(pair))
