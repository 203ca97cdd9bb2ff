"""Apply the health rules to what the store knows of the sites."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from crawler.health.doubt import RULE, judge_doubt, record_doubt
from crawler.health.finding import Finding
from crawler.health.notices import RECENT, judge_notices
from crawler.health.page_quality import judge_pages
from crawler.health.reachability import judge_reachability
from crawler.health.silence import judge_publishing
from crawler.health.stale import judge_stale
from crawler.health.template import judge_template
from crawler.profile import SiteProfile
from crawler.store import Store
from crawler.store.doubts import DoubtfulSpan
from crawler.store.runs import SiteHistory
from crawler.store.site_notices import SiteNotice
from crawler.store.sites import SiteState
from crawler.store.stale_channels import RestingChannel


def examine_sites(
    store: Store, profiles: Iterable[SiteProfile], now: datetime, *, without: Collection[str] = ()
) -> list[Finding]:
    """The findings about these sites, ordered by name. `without`: sites that are not examined."""
    states, profiles = store.sites.states(), sorted(profiles, key=lambda profile: profile.name)
    polled = [states[profile.name] for profile in profiles if profile.name in states]
    notices: dict[str, list[SiteNotice]] = {}
    for notice in store.notices.shown(now, within=RECENT):
        notices.setdefault(notice.site, []).append(notice)
    doubts = store.doubts.all()
    all_failed = bool(polled) and all(state.failures for state in polled)
    return [
        finding
        for profile in profiles
        if profile.name not in without
        for finding in _examine(
            store, profile, states, notices.get(profile.name, ()), now, doubts, all_failed=all_failed
        )
    ]


def examine_site(store: Store, profile: SiteProfile, now: datetime) -> list[Finding]:
    """The findings about one site."""
    states = store.sites.states()
    notices = [notice for notice in store.notices.shown(now, within=RECENT) if notice.site == profile.name]
    all_failed = bool(states) and all(state.failures for state in states.values())
    return _examine(store, profile, states, notices, now, store.doubts.all(), all_failed=all_failed)


def _examine(
    store: Store,
    profile: SiteProfile,
    states: Mapping[str, SiteState],
    notices: Sequence[SiteNotice],
    now: datetime,
    doubts: Sequence[DoubtfulSpan],
    *,
    all_failed: bool,
) -> list[Finding]:
    found = examine(
        profile,
        states.get(profile.name),
        store.runs.history(profile.name, now),
        now,
        all_failed=all_failed,
        notices=notices,
        template_checks=store.templates.checks(profile.name),
        resting=store.stale_channels.resting(profile.name),
    )
    return [*found, *judge_doubt(profile.name, doubts)]


def new_findings(store: Store, profiles: Iterable[SiteProfile], now: datetime) -> tuple[list[Finding], list[Finding]]:
    """All findings about these sites, and those of them that have not been reported within a day. Marks the latter as
    reported. Examines only the sites that were polled since their last examination, and all of them once an hour: a
    round costs as much as it has crawled."""
    profiles = list(profiles)
    names = {profile.name for profile in profiles}
    examined = store.findings.examined_sites(now)
    found = examine_and_record(store, profiles, now, without=examined)
    findings = [finding for each in found.values() for finding in each]
    due = store.findings.record(found, now) if found else set()
    unreported = [finding for finding in findings if (finding.site, finding.rule) in due]
    findings += [Finding(**asdict(each)) for each in store.findings.all() if each.site in names & examined]
    return sorted(findings, key=lambda finding: finding.site), unreported


def examine_and_record(
    store: Store, profiles: Iterable[SiteProfile], now: datetime, *, without: Collection[str] = ()
) -> dict[str, list[Finding]]:
    """The findings about each of these sites, by name. Begins and ends their doubtful spans; a file that this process
    cannot write stays as it is. `without`: sites that are not examined."""
    profiles = sorted(profiles, key=lambda profile: profile.name)
    found: dict[str, list[Finding]] = {each.name: [] for each in profiles if each.name not in without}
    for finding in examine_sites(store, profiles, now, without=without):
        found[finding.site].append(finding)
    if store.is_read_only:
        return found
    record_doubt(store, found, now)
    doubts = store.doubts.all()
    return {
        name: [*(finding for finding in findings if finding.rule != RULE), *judge_doubt(name, doubts)]
        for name, findings in found.items()
    }


def examine(
    profile: SiteProfile,
    state: SiteState | None,
    history: SiteHistory,
    now: datetime,
    *,
    all_failed: bool = False,
    notices: Sequence[SiteNotice] = (),
    template_checks: str = "",
    resting: Sequence[RestingChannel] = (),
) -> list[Finding]:
    """The findings about a site: none if it is as it was, or if too little is known of it. `all_failed`: whether the
    last poll of every site failed. `notices`: what its pages show in the place of their articles. `template_checks`: 1
    for each checked page on which template and full extraction agreed, else 0. `resting`: channels that have added
    nothing for longer than ever before."""
    return [
        *judge_reachability(profile, state, history, now, all_failed=all_failed),
        *judge_pages(profile, history.runs, now),
        *judge_notices(notices),
        *judge_template(profile.name, template_checks),
        *judge_publishing(profile, history, now),
        *judge_stale(profile, resting),
    ]
