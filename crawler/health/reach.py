"""Whether a site and its channels can be reached, and are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from crawler.health.finding import Complaint
from crawler.profile import SiteProfile
from crawler.store.history import SiteHistory
from crawler.store.sites import SiteState

# A night's maintenance, or a crawler that was off for a while, is no news.
_PATIENCE = timedelta(hours=24)
_FEWEST_TRIES = 3


def reach(profile: SiteProfile, state: SiteState | None, history: SiteHistory, now: datetime) -> Iterator[Complaint]:
    """What is wrong with how the site is reached."""
    name = profile.name
    if state is None:
        return
    last = state.last_success
    begun = history.runs[0]["started"] if history.runs else now
    if state.failures >= _FEWEST_TRIES and now - (last or begun) > _PATIENCE:
        problem = history.failing[0].problem if history.failing else "no answer"
        yield Complaint(
            site=name,
            rule="unreachable",
            since=last or begun,
            example=history.failing[0].url if history.failing else None,
            sentence=f"none of its channels has given anything of use in {state.failures} tries ({problem})",
        )
    elif state.next_poll is not None and now - state.next_poll > _PATIENCE:
        yield Complaint(
            site=name,
            rule="not_crawled",
            since=state.next_poll,
            sentence="it was due and was not crawled; does `scrapy due` still run?",
        )
    else:
        for channel in history.failing:
            if now - channel.since > _PATIENCE:
                yield Complaint(
                    site=name,
                    rule="channel",
                    since=channel.since,
                    example=channel.url,
                    sentence=f"a channel gives nothing of use ({channel.problem}); mend it in sites/{name}.toml",
                )
                break
    if history.unfilled_gap is not None:
        yield Complaint(
            site=name,
            rule="gap",
            example=history.unfilled_gap,
            sentence="a channel shows fewer articles than are published between two looks, and no sitemap filled the "
            f"gap; add one to sites/{name}.toml, or lower its min_interval",
        )
