"""What a survey finds out, and the sentences about what is in the way or odd."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from crawler.home import docs_page, program
from crawler.onboard.article_pattern import ArticlePattern
from crawler.onboard.choose import Choice
from crawler.onboard.found_channel import FoundChannel
from crawler.onboard.homepage import HomePage
from crawler.onboard.probe import REFUSALS, ProbeFailed
from crawler.onboard.samples import Sample
from crawler.onboard.site_facts import SiteFacts
from crawler.profile import SiteProfile
from crawler.urls import host_of

Verdict = Literal[
    "ok", "unreachable", "robots", "wall", "javascript", "no_channels", "no_articles", "already_there", "no_address"
]

_CAUSES = {
    "no_such_host": "no host {host} was found; check its name, and the connection to the internet",
    "connection_refused": "{host} refuses the connection",
    "connection_failed": "the connection to {host} failed ({failed})",
    "timeout": "{host} does not answer",
    "private_address": "{host} is on a private network, and the profile does not have allow_private = true",
}
"""Code of a failure → what it means for a site."""


@dataclass(kw_only=True, slots=True)
class Survey:
    """What was found out about a site."""

    address: str
    """As it was typed."""

    verdict: Verdict = "unreachable"
    reason: str = ""
    """A sentence on what is in the way, if the verdict is not `ok`."""

    notes: list[str] = field(default_factory=list)
    """What the user should know although the profile works; a sentence each."""

    profile: SiteProfile | None = None
    """The profile as found; its name is empty."""

    home: HomePage | None = None
    channels: list[FoundChannel] = field(default_factory=list)
    """All that were requested."""

    choice: Choice | None = None
    pattern: ArticlePattern | None = None
    samples: list[Sample] = field(default_factory=list)
    facts: SiteFacts | None = None
    sections: int = 0
    """Links of menus that can be section pages."""

    owner: str | None = None
    """Name of the profile that has this site already."""

    requests: int = 0
    seconds: float = 0.0


class SiteRefused(Exception):
    """The survey cannot go on; `verdict` and the message say why."""

    def __init__(self, verdict: Verdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict


def refusal(failed: ProbeFailed, url: str) -> SiteRefused:
    """Why a site cannot be looked at whose start page was not sent."""
    code = failed.reason.code
    if code in ("robots", "robots_disallow_all"):
        return SiteRefused("robots", f"the robots.txt of {host_of(url)} forbids to request {url}")
    if code == "robots_unreachable":
        return SiteRefused(
            "robots", f"{host_of(url)} does not send its robots.txt, so nothing may be requested ({failed})"
        )
    if failed.response is not None and failed.response.status in REFUSALS:
        return SiteRefused("wall", f"{url} refuses the request (HTTP {failed.response.status}): a login or a bot check")
    cause = _CAUSES.get(code, "{url} cannot be read: {failed}")
    return SiteRefused("unreachable", cause.format(host=host_of(url), url=url, failed=failed))


def nothing_found(survey: Survey) -> SiteRefused:
    """Why no channel can be used."""
    assert survey.home is not None
    if survey.home.needs_javascript:
        return SiteRefused(
            "javascript",
            f"{survey.home.url} shows nothing without JavaScript, and no feed, sitemap or API was found",
        )
    tried = "; ".join(f"{found.channel.url}: {found.problem}" for found in survey.channels if found.problem)
    return SiteRefused(
        "no_channels",
        "no feed, sitemap, API or page that lists articles was found" + (f" ({tried})" if tried else ""),
    )


def no_articles(survey: Survey) -> SiteRefused:
    """Why most pages that were looked at are no articles."""
    states = Counter(sample.state for sample in survey.samples)
    state = next(one for one, _ in states.most_common() if one != "article")
    count = f"{states[state]} of {len(survey.samples)} articles that were requested"
    example = next(sample for sample in survey.samples if sample.state == state)
    if state == "wall":
        return SiteRefused(
            "wall", f"{count} are behind a consent wall, a login or a bot check, like {example.candidate.url}"
        )
    if state == "javascript":
        return SiteRefused(
            "javascript",
            f"{count} show no text without JavaScript, like {example.candidate.url}; `{program()} add --render` adds "
            f"such a site ({docs_page('javascript')})",
        )
    if state == "robots":
        return SiteRefused("robots", f"robots.txt forbids {count}, like {example.candidate.url}")
    return SiteRefused("no_articles", f"{count} have no article, like {example.candidate.url} ({example.detail})")


def survey_notes(survey: Survey, facts: SiteFacts) -> list[str]:
    """What the user should know although the profile works."""
    assert survey.choice is not None
    notes = []
    if not survey.samples:
        notes.append("no article was looked at: the requests or the time for this site were used up")
    good = [sample for sample in survey.samples if sample.state == "article"]
    dated = sum(sample.article is not None and sample.article.published is not None for sample in good)
    if good and not dated:
        notes.append("no dates: neither the pages nor the channels say when an article was published")
    elif dated < len(good):
        notes.append(f"{len(good) - dated} of {len(good)} articles have no date")
    if len(facts.languages) > 1:
        shares = ", ".join(f"{code} {count}" for code, count in facts.languages.most_common())
        notes.append(f"articles in several languages ({shares}); each page says its own")
    rendered = survey.profile is not None and survey.profile.may_render_articles
    usable = ("article", "javascript") if rendered else ("article",)
    if bad := [sample for sample in survey.samples if sample.state not in usable]:
        notes.append(f"{len(bad)} of {len(survey.samples)} pages were no articles, like {bad[0].candidate.url}")
    has_list = any(one.found.channel.kind not in ("section",) for one in survey.choice.chosen)
    read = sum(one.found.channel.kind == "section" for one in survey.choice.chosen)
    if not has_list and survey.sections > read:
        notes.append(
            f"there is no feed, sitemap or API, and the menu has {survey.sections} sections: the profile reads "
            f"{'one page' if read == 1 else f'{read} pages'}; articles that only the other sections list are not found"
        )
    return notes
