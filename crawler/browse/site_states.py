"""In which state each site is: one word, from what the store and the profiles say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crawler.browse.site_profiles import enabled_by_name, profile_of
from crawler.health import Finding, examine_site
from crawler.profile import SiteProfile
from crawler.store import Store
from crawler.store.findings import RecordedFinding


def _(label: str) -> str:
    """Mark a label for translation: it is translated where it is printed."""
    return label


STATES = {
    "unhealthy": _("unhealthy"),
    "unreachable": _("no usable answer"),
    "unexamined": _("not examined"),
    "new": _("not crawled yet"),
    "ok": _("well"),
    "disabled": _("not enabled"),
    "removed": _("no profile"),
}
"""State → its English label, the worst first."""

_EXAMINED_HERE = 40
"""Sites that were polled since `rasid due` last examined them, as all are after a crawl by hand, and that are examined
for the page. More than these would make it slow; the rest is `unexamined`. Chosen by hand."""


def site_states(store: Store, now: datetime) -> list[dict[str, Any]]:
    """All sites with a profile or anything stored, by name: `name`, `state`, `findings`, and what `Sites.overview` says
    of them, with None for what is not known."""
    overview, enabled = store.sites.overview(now), enabled_by_name()
    findings: dict[str, list[RecordedFinding]] = {}
    for finding in store.findings.all():
        findings.setdefault(finding.site, []).append(finding)
    rows = []
    for name in sorted(overview.keys() | (enabled or {}).keys()):
        row = overview.get(name, {})
        row |= {"name": name, "findings": findings.get(name, [])}
        row["state"] = _state(row, enabled)
        rows.append(row)
    _examine(store, [row for row in rows if row["state"] == "unexamined"], now)
    return rows


def site_state(store: Store, site: str, row: Mapping[str, Any], now: datetime) -> tuple[str, list[RecordedFinding]]:
    """The state of one site as `rasid health` sees it now, and its findings. `row`: of the table `sites`."""
    profile = profile_of(site)
    enabled = {site: not isinstance(profile, SiteProfile) or profile.enabled} if profile is not None else {}
    found: list[RecordedFinding] = []
    if isinstance(profile, SiteProfile) and profile.enabled:
        found = list(examine_site(store, profile, now))
    elif enabled_by_name() is None:
        found = [finding for finding in store.findings.all() if finding.site == site]
        enabled = {site: True}
    state = _state({**row, "name": site, "findings": found}, enabled)
    return ("ok" if state == "unexamined" and isinstance(profile, SiteProfile) else state), found


def _state(row: Mapping[str, Any], enabled: Mapping[str, bool] | None) -> str:
    if enabled is not None and row["name"] not in enabled:
        return "removed"
    if enabled is not None and not enabled[row["name"]]:
        return "disabled"
    if not row.get("last_poll"):
        return "new"
    is_examined = (row.get("examined") or "") >= row["last_poll"]
    if row["findings"] and (is_examined or enabled is None):
        return "unhealthy"
    if row.get("failures"):
        return "unreachable"
    return "ok" if is_examined else "unexamined"


def _examine(store: Store, rows: list[dict[str, Any]], now: datetime) -> None:
    """Replace `unexamined` by what `rasid health` would say now, for some sites."""
    for row in rows[:_EXAMINED_HERE]:
        profile = profile_of(row["name"])
        if isinstance(profile, SiteProfile):
            found: list[Finding] = examine_site(store, profile, now)
            row |= {"findings": found, "state": "unhealthy" if found else "ok"}
