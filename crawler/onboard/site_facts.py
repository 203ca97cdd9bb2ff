"""What the home page, the channels and the articles say about a site: its name, its language, its titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from babel import Locale, UnknownLocaleError

from crawler.items import Candidate
from crawler.onboard.homepage import HomePage
from crawler.onboard.samples import Sample
from crawler.onboard.timezone import ZoneGuess
from crawler.text import clean, words
from crawler.urls import host_of, readable_host

_SEPARATORS = re.compile(r"\s+[-–—|·•:»«/]+\s+")
_MAX_NAME = 60
"""Characters of a site's name; a longer text is a slogan. Chosen by hand."""

_MIN_AGREED = 0.6
"""Share of the articles whose titles must have the same end."""


@dataclass(kw_only=True, slots=True)
class SiteFacts:
    """Facts about a site, with where they are from."""

    name: str
    name_from: str
    language: str | None
    languages: Counter[str] = field(default_factory=Counter)
    """Languages of the articles that were looked at."""

    title_suffix: str | None = None
    """What the site adds to the titles of its pages."""

    zone: ZoneGuess | None = None

    @property
    def language_name(self) -> str:
        """The language in English, with its direction if that is from right to left."""
        return describe_language(self.language)


def site_facts(home: HomePage, samples: Iterable[Sample], candidates: Iterable[Candidate]) -> SiteFacts:
    """Gather the facts."""
    good = [sample for sample in samples if sample.state == "article" and sample.article is not None]
    languages = Counter(
        sample.article.language for sample in good if sample.article is not None and sample.article.language
    )
    channel = Counter(one.language for one in candidates if one.language)
    language = next((code for code, _ in languages.most_common(1)), None)
    language = language or home.language or next((code for code, _ in channel.most_common(1)), None)
    suffix = _title_suffix(good)
    name, source = _name(home, suffix)
    return SiteFacts(name=name, name_from=source, language=language, languages=languages, title_suffix=suffix)


def describe_language(code: str | None) -> str:
    """The English name of a language, with its direction if that is from right to left."""
    if code is None:
        return "unknown"
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return code
    return f"{locale.english_name}{', right to left' if locale.text_direction == 'rtl' else ''}"


def _title_suffix(samples: list[Sample]) -> str | None:
    """The common end of the titles of articles, after their headlines."""
    ends = []
    for sample in samples:
        title = sample.article.title if sample.article is not None else None
        if title and sample.head_title.startswith(title) and (end := sample.head_title[len(title) :].strip()):
            ends.append(end)
        elif match := list(_SEPARATORS.finditer(sample.head_title)):
            ends.append(sample.head_title[match[-1].start() :].strip())
    if not ends:
        return None
    end, count = Counter(ends).most_common(1)[0]
    return end if count >= max(2, len(samples) * _MIN_AGREED) else None


def _name(home: HomePage, suffix: str | None) -> tuple[str, str]:
    """The site's name and where it is from: declared names first, then what titles have in common."""
    for name in home.names:
        if 0 < len(name) <= _MAX_NAME:
            return name, "the home page declares it"
    from_suffix = clean(re.sub(r"^[-–—|·•:»«/\s]+", "", suffix or ""))
    if 0 < len(from_suffix) <= _MAX_NAME:
        return from_suffix, "the titles of articles end with it"
    parts = [clean(part) for part in _SEPARATORS.split(home.title) if clean(part)]
    host_words = set(words(host_of(home.url).replace(".", " ")))
    named = [part for part in parts if len(part) <= _MAX_NAME]
    if named:
        return max(
            named, key=lambda part: (bool(set(words(part)) & host_words), -len(part))
        ), "the title of the home page"
    return readable_host(host_of(home.url)), "its address"
