"""What of a profile no longer holds, by a survey of its site, and the change that would mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.encoding.charset import decode
from crawler.extract.page import parse_page
from crawler.items import ChannelKind
from crawler.onboard.choose import ChosenChannel
from crawler.onboard.found_channel import FoundChannel, listed_urls
from crawler.onboard.report import describe_channel, kind_name
from crawler.onboard.result import Survey
from crawler.onboard.site_facts import describe_language
from crawler.profile import CHANNEL_KEYS, SiteProfile
from crawler.urls import bare_host, canonical_or_none, readable_url

_STALE = timedelta(days=30)
"""A channel whose newest article is so much older than that of another one is not continued. This and the numbers below
were chosen by hand."""

_WORTH_ADDING = 0.1
"""Share of all known articles that a channel must add before it is proposed: the profile's author may have left it out
on purpose."""

_MIN_MATCHED = 0.8
"""Share of the articles that `article_url` must match."""

_MIN_LISTED = 5
_MIN_LANGUAGE = 0.6
"""Share of the articles in another language from which that is the language of the site."""

_KEYS = {kind: key for key, kind in CHANNEL_KEYS.items()}


@dataclass(kw_only=True, slots=True)
class ProfileChange:
    """A change of a profile. Keys are those of the file."""

    values: dict[str, str] = field(default_factory=dict)
    """Key → its new text."""

    added: dict[str, list[str]] = field(default_factory=dict)
    """Key of a list → what is appended."""

    removed: dict[str, list[str]] = field(default_factory=dict)
    """Key of a list → what is removed."""


@dataclass(frozen=True, slots=True)
class ProfileFinding:
    """Something that does not hold."""

    message: str
    """A sentence without a full stop."""

    change: ProfileChange | None = None
    """What mends it; None if only a person can."""


def compare(profile: SiteProfile, survey: Survey) -> list[ProfileFinding]:
    """What of a profile does not hold, the most important first."""
    if survey.verdict != "ok":
        return [ProfileFinding(survey.reason), *_channel_findings(profile, survey)]
    return [
        *_channel_findings(profile, survey),
        *_missing_channels(profile, survey),
        *_pattern_findings(profile, survey),
        *_fact_findings(profile, survey),
        *_selector_findings(profile, survey),
    ]


def _channel_findings(profile: SiteProfile, survey: Survey) -> Iterator[ProfileFinding]:
    found_by_url = {found.requested: found for found in survey.channels}
    newest = max((found.dates()[-1] for found in survey.channels if found.dates()), default=None)
    others_work = any(found.is_usable for found in survey.channels)
    for channel in profile.channels():
        found = found_by_url.get(channel.url)
        if found is None:  # the requests of a survey are limited
            continue
        key, label = _KEYS[channel.kind], f"{kind_name(channel.kind)} {readable_url(channel.url)}"
        removal = ProfileChange(removed={key: [channel.url]}) if others_work else None
        if found.problem is not None:
            yield ProfileFinding(f"{label}: {found.problem.rstrip('.')}", removal)
        elif _is_stale(found, newest):
            yield ProfileFinding(f"{label}: lists nothing newer than {found.dates()[-1]:%Y-%m-%d}", removal)
        elif canonical_or_none(found.channel.url) != canonical_or_none(channel.url) and channel.kind != "wordpress":
            change = ProfileChange(removed={key: [channel.url]}, added={key: [found.channel.url]})
            yield ProfileFinding(f"{label}: has moved to {readable_url(found.channel.url)}", change)


def _is_stale(found: FoundChannel, newest: datetime | None) -> bool:
    dates = found.dates()
    return found.channel.kind != "sitemap" and bool(dates) and newest is not None and dates[-1] < newest - _STALE


def _missing_channels(profile: SiteProfile, survey: Survey) -> Iterator[ProfileFinding]:
    assert survey.choice is not None
    has = {canonical_or_none(channel.url) for channel in profile.channels()}
    has |= {canonical_or_none(found.channel.url) for found in survey.channels if found.requested in _urls(profile)}
    # A profile without channels reads the sitemaps of robots.txt.
    used = _urls(profile) or {found.requested for found in survey.channels if found.source == "robots.txt"}
    is_empty = not any(found.is_usable and found.requested in used for found in survey.channels)
    if not is_empty and not profile.channels():
        return
    for one in survey.choice.chosen:
        kind: ChannelKind = one.found.channel.kind
        if canonical_or_none(one.found.channel.url) in has or one.found.is_expected:
            continue
        if is_empty or (kind != "sitemap" and one.added > survey.choice.known * _WORTH_ADDING):
            yield ProfileFinding(_why_missing(one), ProfileChange(added={_KEYS[kind]: [one.found.channel.url]}))


def _urls(profile: SiteProfile) -> set[str]:
    return {channel.url for channel in profile.channels()}


def _why_missing(one: ChosenChannel) -> str:
    channel = one.found.channel
    return f"{kind_name(channel.kind)} {readable_url(channel.url)}: not in the profile: {describe_channel(one)}"


def _pattern_findings(profile: SiteProfile, survey: Survey) -> Iterator[ProfileFinding]:
    needs_pattern = profile.sections or profile.sitemaps
    dated = (found for found in survey.channels if found.channel.kind in ("feed", "news_sitemap", "wordpress"))
    listed = set(listed_urls(found for found in dated if found.is_usable))
    if profile.article_url is None or not needs_pattern or len(listed) < _MIN_LISTED:
        return
    matched = sum(profile.is_article_url(url) for url in listed)
    if matched < len(listed) * _MIN_MATCHED:
        example = next(url for url in sorted(listed) if not profile.is_article_url(url))
        change = ProfileChange(values={"article_url": survey.pattern.regex}) if survey.pattern is not None else None
        yield ProfileFinding(
            f"article_url matches {matched} of {len(listed)} articles, and not {readable_url(example)}", change
        )


def _fact_findings(profile: SiteProfile, survey: Survey) -> Iterator[ProfileFinding]:
    facts, found = survey.facts, survey.profile
    assert facts is not None
    assert found is not None
    assert survey.home is not None
    if bare_host(survey.home.url) != bare_host(profile.url):
        change = ProfileChange(values={"url": survey.home.url}, added={"hosts": list(_old_hosts(profile))})
        yield ProfileFinding(f"the home page has moved to {readable_url(survey.home.url)}", change)
    new_hosts = [host for host in found.hosts if host not in profile.hosts and not profile.owns(f"https://{host}/")]
    if new_hosts:
        yield ProfileFinding(
            f"the site also has pages on {', '.join(new_hosts)}", ProfileChange(added={"hosts": new_hosts})
        )
    total = sum(facts.languages.values())
    if (
        profile.language
        and facts.language
        and facts.language != profile.language
        and facts.languages[facts.language] >= total * _MIN_LANGUAGE
    ):
        change = ProfileChange(values={"language": facts.language})
        yield ProfileFinding(f"the articles are in {describe_language(facts.language)}, not {profile.language}", change)
    if facts.zone is not None and facts.zone.name != profile.timezone:
        change = ProfileChange(values={"timezone": facts.zone.name})
        yield ProfileFinding(f"the time zone is not {profile.timezone}: {facts.zone.reason}", change)


def _old_hosts(profile: SiteProfile) -> Iterator[str]:
    """The host of a home page that has moved, while channels are still on it."""
    host = bare_host(profile.url)
    if any(bare_host(channel.url) == host for channel in profile.channels()):
        yield host


def _selector_findings(profile: SiteProfile, survey: Survey) -> Iterator[ProfileFinding]:
    """Selectors that select nothing on any of the articles; `remove` may."""
    pages = []
    for sample in survey.samples:
        if sample.response is not None and sample.state == "article":
            response = sample.response
            text = decode(response.body, response.headers.get("content-type"), profile.language)
            pages.append(parse_page(text, response.url, profile))
    for key in profile.selectors:
        if key != "remove" and pages and not any(page is not None and page.selected(key) for page in pages):
            yield ProfileFinding(f"selectors.{key} selects nothing on {len(pages)} articles")
