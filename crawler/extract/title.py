"""The article's title: the wording that headline, linked data and head agree on, without the site's name."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from crawler.extract.jsonld import resolved, text_value
from crawler.extract.page import ParsedPage, element_text
from crawler.text import clean, words
from crawler.urls import host_of

_SEPARATOR = re.compile(r"\s+[|\-–—:·•»«/~]{1,2}\s+|\s*[|»]\s*|\s+::\s+|\s*｜\s*")
_TITLE_PARTS = re.compile(r"\s+[|\-–—·•»]\s+|\s*[|｜_]\s*")
_BEFORE = re.compile(r".{1,40}\s[|\-–—•»]\s", re.DOTALL)
_ADDITION = re.compile(r"\s*[|\-–—:·•»«/~｜]{1,2}\s*\S.{0,60}$")
_BULLET = re.compile(r"^[|»·•]\s+")
_YEAR_ADDED = re.compile(r"\s*\((?:Published|Publicado|Publié(?: en)?) (?:19|20)\d\d\)$")
"""What archives add to the title in the head."""

# Tuned on 150 real pages with known titles: agreement decides, the linked data's wording breaks ties. The <title> is
# written for search engines; it only confirms. See docs/decisions.md#signals-vote-on-the-title.
_WEIGHTS = {
    "json-ld": 2.5,
    "headline": 2.0,
    "state": 2.5,
    "meta:og:title": 2.0,
    "meta:parsely-title": 1.0,
    "meta:sailthru.title": 1.0,
    "meta:twitter:title": 0.6,
    "title": 0.2,
}

_HEADLINE_ALONE = 3.0
"""The weight of the headline where no linked data is: more than og:title, twitter:title and <title> together, which are
one wording, written for sharing. They outvoted the headline on 4 of 36 pages of half A of postlight and on 3 of 39 of
half B; the title was the headline on all of them."""

_MIN_SHARED = 0.35
"""The share of words that such a headline must have in common with one of them: another h1 may be the site's name. The
same number as in page.py finds the headline."""

_SHOWN = ("json-ld", "headline")
"""Signals whose wording is the one that readers see."""

# Unless its comment gives a measurement, a number was chosen by hand and no measurement of it is recorded. `make score`
# shows a change in `title` of fundus_tests and newspaper4k.
_MAX_NAME_WORDS = 8
"""A longer name of a site is a title: some systems write that into `application-name`. One of 757 pages lost its title
without this bound."""

_MIN_TITLE_WORDS = 4
"""Words from which on a headline is the title although the site names itself so; names are shorter. Chosen by hand."""

_MAX_NAME_PARTS = 3
"""How many names of a site are removed from one title, at its end or at its beginning."""

_MAX_ADDED_WORDS = 2
"""Words after a name of several words that still belong to it: "The Daily Post Online"."""

_MAX_SHORT_NAME_WORDS, _MIN_SHORT_NAME, _MAX_SHORTENED = 3, 3, 8
"""The beginning of a site's name counts as the name: the maximum of words, the minimum of letters, and the maximum of
letters that may be missing."""

_MAX_HEADING_NAME = 25
"""Characters of an h1 that can be a site's name. Chosen by hand."""

_MAX_STRAY_WORDS = 3
"""Words of a heading that can be the site's own where nothing else says so."""

_MIN_TITLE = 15
"""Characters of a wording that can be another one without its additions."""


_MAX_SUFFIX = 3
"""Letters of a label of a host that may belong to its public suffix: "co", "com", "gov"."""


class FieldValue(NamedTuple):
    """The value of a field and the signal that gave it."""

    text: str
    signal: str


def find_title(page: ParsedPage) -> FieldValue | None:
    """The title, by a vote of the page's signals: the wording with the most weight wins."""
    for element in page.selected("title"):
        if text := element_text(element):
            return FieldValue(text, "selector")
    names = site_names(page)
    signals = _signals(page)
    candidates = [FieldValue(text, signal) for raw, signal in signals if (text := without_site(raw, names))]
    if not candidates:  # a title may begin with the site's name: "Far Post 7/2031"
        return next((FieldValue(clean(raw), signal) for raw, signal in signals if words(raw) not in names), None)
    candidates = _without_stray_headline(candidates, page.url)
    candidates = [_without_addition(candidate, candidates, names) for candidate in candidates]
    weights = _WEIGHTS if page.nodes else _weights(candidates)
    votes: dict[str, float] = {}
    spellings: dict[str, float] = {}
    for candidate in candidates:
        key, signal = _key(candidate.text), candidate.signal
        votes[key] = votes.get(key, 0) + weights[signal]
        spellings[candidate.text] = spellings.get(candidate.text, 0) + _WEIGHTS[signal]
    winner = max(votes, key=lambda key: votes[key])
    # Of one wording, the spelling with the most weight: a kicker and a headline in two elements show no colon.
    same = [candidate for candidate in candidates if _key(candidate.text) == winner]
    return max(same, key=lambda candidate: spellings[candidate.text])


def _without_stray_headline(candidates: list[FieldValue], url: str) -> list[FieldValue]:
    """Without a headline that is a heading of the site: short, in no word like the other, longer wordings, and not in
    the address."""
    own = next((words(text) for text, signal in candidates if signal == "headline"), [])
    others = [set(words(text)) for text, signal in candidates if signal != "headline"]
    is_stray = 0 < len(own) <= _MAX_STRAY_WORDS and "".join(own) not in "".join(words(unquote(urlsplit(url).path)))
    if is_stray and others and all(len(other) > len(own) and other.isdisjoint(own) for other in others):
        return [candidate for candidate in candidates if candidate.signal != "headline"]
    return candidates


def _weights(candidates: list[FieldValue]) -> dict[str, float]:
    """The weights of the signals where no linked data is: a headline that is like the title in the head decides."""
    texts = {candidate.signal: set(words(candidate.text)) for candidate in candidates}
    headline = texts.pop("headline", set())
    if any(len(headline & text) >= len(headline | text) * _MIN_SHARED for text in texts.values()):
        return _WEIGHTS | {"headline": _HEADLINE_ALONE}
    return _WEIGHTS


def other_titles(page: ParsedPage) -> list[str]:
    """All wordings of the title in head and linked data: a body may begin with any of them."""
    return [text for text, _ in _signals(page)] + [text_value(page.article.get("alternativeHeadline"))]


def site_names(page: ParsedPage) -> list[list[str]]:
    """The names of the site, its publisher and its host, as folded words."""
    names = [*page.meta.get("og:site_name", ()), *page.meta.get("application-name", ())]
    if page.profile:
        names.append(page.profile.title)
    names += [text_value(publisher) for publisher in resolved(page.article.get("publisher"), page.nodes)]
    names += [
        text_value(node.get("name"))
        for node in page.nodes
        if node.get("@type") in ("WebSite", "NewsMediaOrganization", "Organization")
    ]
    names = _without_title(names, page)
    host = host_of(page.url).removeprefix("www.")
    labels = host.split(".")
    names += [host, labels[0]]
    own = [label for label in labels[:-1] if len(label) > _MAX_SUFFIX]
    names += own[-1:]
    return [w for w in (words(name) for name in names) if 0 < len(w) <= _MAX_NAME_WORDS]


def _without_title(names: list[str], page: ParsedPage) -> list[str]:
    """Names of the site without the title: some systems write that into `og:site_name` or the name of the WebSite."""
    shown = words(element_text(page.headline)) if page.headline is not None else []
    heads = [words(page.first_meta("og:title") or ""), words(text_value(page.article.get("headline")))]
    if len(shown) < _MIN_TITLE_WORDS or shown not in heads or (page.profile and shown == words(page.profile.title)):
        return names
    return [name for name in names if words(name) != shown]


def without_site(text: str, names: list[list[str]]) -> str:
    """A title without the site's name before or after it. The name is compared: a dash alone proves nothing."""
    text = _BULLET.sub("", _YEAR_ADDED.sub("", clean(text)))
    for _ in range(_MAX_NAME_PARTS):
        parts = list(_SEPARATOR.finditer(text))
        # A separator with nothing behind or before it closes or opens a quotation («…»).
        if parts and text[parts[-1].end() :] and _is_name(text[parts[-1].end() :], names):
            text = text[: parts[-1].start()]
        elif parts and text[: parts[0].start()] and _is_name(text[: parts[0].start()], names):
            text = text[parts[0].end() :]
        else:
            break
    return "" if _is_name(text, names) else text


def _is_name(text: str, names: list[list[str]]) -> bool:
    own = words(text)
    if not own:
        return True
    joined = "".join(own)
    for name in names:
        other = "".join(name)
        if (
            joined == other
            or joined.removesuffix("com") == other
            or (len(name) > 1 and own[: len(name)] == name and len(own) <= len(name) + _MAX_ADDED_WORDS)
        ):
            return True
        is_short = len(own) <= _MAX_SHORT_NAME_WORDS and len(joined) >= _MIN_SHORT_NAME
        if is_short and other.startswith(joined) and len(other) - len(joined) <= _MAX_SHORTENED:
            return True
    return False


def _without_addition(candidate: FieldValue, others: list[FieldValue], names: list[list[str]]) -> FieldValue:
    """The wording of another signal, if this one only adds a section or a site to it, with a separator, or the site's
    name without one: in the heading of some sites both are."""
    for other in others:
        added = len(candidate.text) - len(other.text)
        if added <= 0 or len(other.text) < _MIN_TITLE:
            continue
        rest = candidate.text[len(other.text) :]
        if candidate.text.startswith(other.text) and (_ADDITION.match(rest) or _begins_like_name(rest, names)):
            return FieldValue(other.text, candidate.signal)
        is_shown = other.signal in _SHOWN and candidate.signal not in _SHOWN
        if is_shown and candidate.text.endswith(other.text) and _BEFORE.fullmatch(candidate.text[:added]):
            return FieldValue(other.text, candidate.signal)
    return candidate


def _begins_like_name(text: str, names: list[list[str]]) -> bool:
    """Whether a text is the site's name, with at most a few words behind it: "Far Post Coast" on farpost.example."""
    own = words(text)
    joined = ["".join(own[: len(own) - more]) for more in range(_MAX_ADDED_WORDS + 1) if more < len(own)]
    return any("".join(name) in joined for name in names)


def _key(text: str) -> str:
    return " ".join(words(text))


def _signals(page: ParsedPage) -> list[tuple[str, str]]:
    signals = [(text_value(page.article.get("headline") or page.article.get("name")), "json-ld")]
    shown = element_text(page.headline) if page.headline is not None else ""
    is_site = _ends_title(shown, page.title)
    if not is_site:
        signals.append((shown, "headline"))
    signals += [(text, "meta:og:title") for text in page.meta.get("og:title", ())[:1]]
    signals += [(text, "meta:twitter:title") for text in page.meta.get("twitter:title", ())[:1]]
    for name in ("parsely-title", "sailthru.title"):  # they confirm the headline against what is shared
        if words(text := page.first_meta(name) or "") == words(shown):
            signals.append((text, f"meta:{name}"))
    if page.headline is None and not page.nodes:
        signals.append((page.in_state().title or "", "state"))
    signals.append((_TITLE_PARTS.split(clean(page.title))[0] if is_site else page.title, "title"))
    return [(text, signal) for text, signal in signals if clean(text)]


def _ends_title(shown: str, title: str) -> bool:
    """Whether a heading is the last part of <title>, after a longer one: the site's name, in the h1 of some sites."""
    *parts, last = _TITLE_PARTS.split(clean(title))
    is_short = len(last) <= _MAX_HEADING_NAME and (not parts or len(last) < len(parts[0]))
    return bool(parts) and is_short and words(shown) == words(last)
