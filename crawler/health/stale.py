"""Stale channels: they answer as ever, and list nothing new, while the site publishes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.health.finding import Finding
from crawler.profile import SiteProfile
from crawler.store.stale_channels import RestingChannel
from crawler.text import counted


def judge_stale(profile: SiteProfile, resting: Iterable[RestingChannel]) -> Iterator[Finding]:
    """Report the channel of the profile that is stale for the longest time; one is enough to look into the site.
    `resting`: channels that rest for longer than ever before, the longest pause first."""
    urls = {channel.url for channel in profile.channels()} or {profile.robots_url}
    for channel in resting:
        if channel.is_stale and channel.url in urls:
            yield Finding(
                site=profile.name,
                rule="stale",
                since=channel.since,
                example=channel.url,
                message=f"a channel answers and lists nothing new, while others have listed "
                f"{counted(channel.others, 'article')}, of which {channel.expected:.0f} were to be expected in it; "
                f"correct it in sites/{profile.name}.toml",
            )
            return
