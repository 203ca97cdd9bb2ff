"""The one identity of a URL: what discover, dedupe and the store compare pages by."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urljoin, urlsplit, urlunsplit

# Parameters that say where a reader came from, never which page is shown. Names as the vendors document them.
_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_\w+|piwik_\w+|matomo_\w+|hsa_\w+|itm_\w+|wt\.mc\w*|wt_mc|at_(?:medium|campaign|custom\d)|"
    r"ns_(?:mchannel|campaign|source|linkname|fee)|fbclid|fb_(?:ref|source|action_ids|action_types)|mibextid|gclid|gclsrc|"
    r"gad_\w+|dclid|wbraid|gbraid|srsltid|usqp|amp_(?:js_v|gsa)|msclkid|ysclid|yclid|_openstat|twclid|ref_src|ref_url|"
    r"__twitter_impression|ttclid|igshid|igsh|li_fat_id|epik|rdt_cid|sc_cid|irclickid|rb_clickid|s_kwcid|ef_id|"
    r"mc_cid|mc_eid|vero_(?:id|conv)|oly_(?:enc|anon)_id|ck_subscriber_id|_ga|_gl|_hsenc|_hsmi|__hs(?:fp|sc|tc)|mkt_tok|"
    r"guccounter|guce_referrer(?:_sig)?|_x_tr_\w+|soc_(?:src|trk)|traffic_source|feedtype|feedname|xtor|maca|smid|"
    r"ocid|icid|intcid|cmp|dcmp|cmpid|ncid|s_cid|spm|replytocom",
    re.IGNORECASE,
)
# Names that choose a page on some sites say where a reader came from when they have such a value.
_CAME_FROM = re.compile(
    r"(?:ref|source|src|from|via|partner|emc|medium|origin|share)="
    r"(?:rss|feed|twitter|facebook|fb|whatsapp|telegram|social|newsletter|homepage)",
    re.IGNORECASE,
)
# Parameters that say which visit it is: PHP, Java, ASP, ColdFusion, osCommerce and its like.
_SESSION = re.compile(
    r"phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|oscsid|zenid|sessid|session[-_]?id",
    re.IGNORECASE,
)
# `sid` is a story's number on some sites; a session's is long and has letters.
_SHORT_SESSION = re.compile(r"(?:sid|s)=(?=[0-9a-z]*[a-z])[0-9a-z]{26,}", re.IGNORECASE)
# ;jsessionid=... at the end of a segment, and the segment (S(...)) in which ASP.NET keeps what a cookie would.
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*|/\((?:[A-Za-z]\([\w-]+\))+\)(?=/)", re.IGNORECASE)
_TWIN_HOST = re.compile(r"^(?:(?:www|m|mobile|amp|wap)\.)+(?=[^.]+\.)")
_TWIN_PATH = re.compile(r"/amp(?=/.)|/amp$|\.amp(?=\.html?$)|\.amp$")
_TWIN_PAIR = re.compile(r"amp(?:=1|=true|=)?|outputtype=amp|m=1|mobile=1")
_DEFAULT_PORT = {"http": 80, "https": 443}
_DOUBLY_ENCODED = re.compile(r"%25(?=[89A-Fa-f][0-9A-Fa-f](?:%25|[^0-9A-Fa-f]|$))")
_PATH_SAFE = "/:@!$&'()*+,;=~"
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# A path that is in the one form already: nothing in it is escaped that need not be, and no escape is in lower case.
_UNIFORM = re.compile(
    r"(?:[A-Za-z0-9\-._~/:@!$&'()*+,;=]|%(?:[0189A-F][0-9A-F]|2[0-46-9A-CF]|3[A-F]|40|5[B-E]|60|7[B-DF]))*"
)
_NO_HOST = re.compile(r'[\x00-\x20\x7f"%<>\\^`{|}]')  # WHATWG URL, "forbidden domain code point"
_ESCAPED_AMPERSAND = re.compile(r"^(?:amp;)+")  # of "&amp;", as in a feed that was escaped twice
_MAX_LENGTH = 2083  # Scrapy's URLLENGTH_LIMIT: longer ones are never requested


def canonical_url(url: str) -> str:
    """The form under which a page is known, whatever mix of encodings and parameters it was linked with.

    Scheme and host in lower case, IDN as punycode, default port and fragment dropped, tracking and session
    parameters dropped, the others sorted, percent-encoding made uniform (UTF-8, upper-case hex), an Arabic path that
    was encoded twice decoded once, `.` and `..` resolved. Idempotent. Raises ValueError for what is no http(s) URL.
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT:
        raise ValueError(f"{url[:200]!r} is no http or https URL")
    netloc = _ascii_host(parts.hostname or "")
    if not netloc or _NO_HOST.search(netloc):
        raise ValueError(f"{url[:200]!r} names no host")
    if ":" in netloc:  # IPv6
        netloc = f"[{netloc}]"
    if parts.port is not None and parts.port != _DEFAULT_PORT[scheme]:
        netloc += f":{parts.port}"
    path = _without_dots(_SESSION_IN_PATH.sub("", _uniform_path(parts.path)))
    return urlunsplit((scheme, netloc, path or "/", _uniform_query(parts.query), ""))


def canonical_or_none(url: str | None) -> str | None:
    """The canonical form of a link; None if it is not a web address."""
    try:
        return canonical_url(url) if url else None
    except ValueError:
        return None


def variant_key(url: str) -> str:
    """Equal for the forms under which sites show one page twice: with and without https, www., m., amp., /amp, a last
    slash. It only looks an article up that is stored; that two pages are one is told by their text."""
    parts = urlsplit(url)
    host = _TWIN_HOST.sub("", parts.netloc.lower())
    path = _TWIN_PATH.sub("", parts.path.rstrip("/"))
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _TWIN_PAIR.fullmatch(pair.lower()))
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def absolute_url(link: str, base: str) -> str | None:
    """A link of a page or channel as an absolute http(s) URL without fragment, or None if no page can be there."""
    link = re.sub(r"[\t\r\n\x00]", "", link).strip()  # as browsers do (WHATWG URL, "remove all ASCII tab or newline")
    if not link or link.startswith("#"):
        return None
    try:
        parts = urlsplit(urljoin(base, link))
        host = _ascii_host(parts.hostname or "")
        if parts.scheme.lower() not in _DEFAULT_PORT or not host or _NO_HOST.search(host) or parts.port == 0:
            return None
        found = urlunsplit(parts._replace(fragment=""))
        return found if len(quote(found, safe=_PATH_SAFE + "%?[]")) <= _MAX_LENGTH else None
    except ValueError:  # a malformed IPv6 host or port, or a lone surrogate, which no encoding takes
        return None


def host_of(url: str) -> str:
    """The host of a URL in lower case, IDN as punycode, without port; empty if there is none."""
    try:
        return _ascii_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def bare_host(url: str) -> str:
    """The host of a URL without what marks a form of the same site: www., m., amp. and the like."""
    return _TWIN_HOST.sub("", host_of(url))


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
    """Host and port of a URL as it names them, as in `example.org:8080`; what robots.txt and Retry-After are for."""
    return origin_of(url).partition("://")[2].rpartition("@")[2]


def readable_url(url: str) -> str:
    """The URL with its UTF-8 letters shown as letters, for people and for patterns written with them."""
    return unquote_to_bytes(_DOUBLY_ENCODED.sub("%", url)).decode("utf-8", "replace")


def readable_host(host: str) -> str:
    """A host name with its punycode labels shown as letters."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


@lru_cache(maxsize=4096)
def _ascii_host(host: str) -> str:
    try:
        return host.lower().rstrip(".").encode("idna").decode("ascii").rstrip(".")
    except UnicodeError:  # a label that IDNA forbids, like an underscore's or one over 63 letters
        return host.lower()


def _uniform_path(path: str) -> str:
    """RFC 3986, 6.2.2: escapes in upper case, unreserved characters not escaped; everything else keeps its meaning."""
    if _UNIFORM.fullmatch(path):  # most are, and this is ten times as fast: a sitemap has 50,000
        return path
    once = _ESCAPE.sub(_uniform_escape, quote(path, safe=_PATH_SAFE + "%"))
    return _ESCAPE.sub(_uniform_escape, _DOUBLY_ENCODED.sub("%", once))


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)


def _uniform_escape(escape: re.Match[str]) -> str:
    if escape[1] is None:  # a bare percent sign
        return "%25"
    char = chr(int(escape[1], 16))
    return char if char in _UNRESERVED else "%" + escape[1].upper()


def _uniform_query(query: str) -> str:
    if not query:
        return ""
    # surrogateescape: bytes that are no UTF-8, as a windows-1256 search term's, stay what they are.
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    pairs = [(_ESCAPED_AMPERSAND.sub("", name), value) for name, value in pairs]
    kept = [(k, v) for k, v in pairs if not _is_of_visit(k, v)]
    return urlencode(sorted(kept), errors="surrogateescape")


def _is_of_visit(name: str, value: str) -> bool:
    """Whether a parameter says where a reader came from or which visit it is, and nothing of the page."""
    pair = f"{name}={value}"
    by_name = _TRACKING.fullmatch(name) or _SESSION.fullmatch(name)
    return bool(by_name or _SHORT_SESSION.fullmatch(pair) or _CAME_FROM.fullmatch(pair))
