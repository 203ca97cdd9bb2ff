"""Reachability: whether a site and its channels give usable answers, and whether the site is polled at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from crawler.health.finding import Finding
from crawler.profile import SiteProfile, foreign_hosts_hint
from crawler.schedule.revisit import ROBOTS_DISALLOW_ALL
from crawler.store.runs import SiteHistory
from crawler.store.sites import SiteState
from crawler.urls import on_hosts

_PATIENCE = timedelta(hours=24)
"""A problem is reported when it has lasted longer: a night's maintenance, or a crawler that was off, is not reported.
Chosen by hand."""

_MIN_FAILURES = 3
"""Failed polls in a row. Chosen by hand."""


_OUTAGE = "an outage, not a redesign: all its pages fail alike ({reason}); they wait and are fetched when it ends"
_OUTAGES = {ROBOTS_DISALLOW_ALL: "its robots.txt forbids everything; its pages wait for NEWS_ROBOTS_WAIT_DAYS at most"}
"""By reason, if there is more to say."""


def judge_reachability(
    profile: SiteProfile,
    state: SiteState | None,
    history: SiteHistory,
    now: datetime,
    *,
    all_failed: bool = False,
) -> Iterator[Finding]:
    """Report a site or channel without usable answers, a site that is not polled, and a gap that was not closed.
    `all_failed`: whether the last poll of every site failed."""
    name = profile.name
    if state is None:
        return
    last = state.last_success
    begun = history.runs[0]["started"] if history.runs else now
    has_lasted = state.failures >= _MIN_FAILURES and now - (last or begun) > _PATIENCE
    # A site that never gave an answer has a mistake in its profile, and if all sites fail, the fault is on our side.
    if has_lasted or (state.failures and (last is None or all_failed)):
        problem = history.failing[0].problem if history.failing else "no answer"
        yield Finding(
            site=name,
            rule="unreachable",
            since=last or begun,
            example=history.failing[0].url if history.failing else None,
            message=f"none of its channels gave a usable answer in {_polls(state.failures)} ({problem})"
            + ("; nor did those of any other site" if all_failed and last is not None else ""),
        )
    elif state.next_poll is not None and now - state.next_poll > _PATIENCE:
        yield Finding(
            site=name,
            rule="not_crawled",
            since=state.next_poll,
            message="it is due and is not crawled; does `due` still run?",
        )
    else:
        yield from _judge_channels(profile, history, now)
    yield from _judge_answers(profile, state, history)


def _judge_channels(profile: SiteProfile, history: SiteHistory, now: datetime) -> Iterator[Finding]:
    """Report the first channel that has failed for long; one is enough to look into the site. Not the home page, if it
    was read as a witness only."""
    name = profile.name
    is_channel = any(channel.url == profile.home for channel in profile.channels())
    for channel in history.failing:
        if now - channel.since > _PATIENCE and (is_channel or channel.url != profile.home):
            yield Finding(
                site=name,
                rule="channel",
                since=channel.since,
                example=channel.url,
                message=f"a channel gives no usable answer ({channel.problem}); correct it in sites/{name}.toml",
            )
            return


def _judge_answers(profile: SiteProfile, state: SiteState, history: SiteHistory) -> Iterator[Finding]:
    """Report answers that are usable and misleading."""
    name = profile.name
    if history.wrong_validators is not None:
        yield Finding(
            site=name,
            rule="validators",
            example=history.wrong_validators,
            message="a channel answered 304 (not modified) although it had changed, so that articles were found late; "
            "this is a fault of the server, and the channel is requested in full for 30 days",
        )
    if state.outage_since is not None:
        yield Finding(
            site=name,
            rule="outage",
            since=state.outage_since,
            example=_example(history, state.outage_reason),
            message=_OUTAGES.get(state.outage_reason or "", _OUTAGE).format(reason=state.outage_reason),
        )
    yield from _judge_foreign_hosts(profile, history)
    if history.unfilled_gap is not None:
        yield Finding(
            site=name,
            rule="gap",
            example=history.unfilled_gap,
            message="a channel lists fewer articles than are published between two polls, and no sitemap closed the "
            f"gap; add one to sites/{name}.toml, or lower its min_interval",
        )


def _judge_foreign_hosts(profile: SiteProfile, history: SiteHistory) -> Iterator[Finding]:
    """Report the host with the most links that are left out; not what the profile says otherwise by now."""
    channels = profile.channels()
    kinds = {channel.kind for channel in channels if channel.kind in ("sitemap", "news_sitemap")} or {"sitemap"}
    for foreign in history.foreign_hosts:
        is_read = foreign.channel in channels or foreign.channel.kind in kinds
        if is_read and not on_hosts(f"//{foreign.host}/", profile.own_hosts):
            message = foreign_hosts_hint(foreign.host, foreign.links, profile.name)
            yield Finding(site=profile.name, rule="hosts", example=foreign.channel.url, message=message)
            return


def _polls(failures: int) -> str:
    return f"{failures} polls" if failures != 1 else "its last poll"


def _example(history: SiteHistory, reason: str | None) -> str | None:
    return next((run["examples"][reason] for run in reversed(history.runs) if reason in run["examples"]), None)
