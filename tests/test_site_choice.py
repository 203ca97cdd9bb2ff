"""Which sites the arguments of a command mean."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy.exceptions import UsageError

from crawler.cli.site_choice import choose_site
from crawler.profile import SiteProfile


class Counted(dict[str, SiteProfile]):
    """Profiles that count how often all of them are looked at."""

    looks = 0

    def values(self) -> Any:
        self.looks += 1
        return super().values()


def test_the_exact_name_of_a_site_is_found_without_a_look_at_all_others() -> None:
    profiles = Counted(
        {name: SiteProfile(name=name, title=name, url=f"https://{name}.example/") for name in ("one", "two")}
    )
    assert [choose_site(name, profiles) for name in ("one", "two")] == ["one", "two"]
    assert profiles.looks == 0
    assert choose_site("two.example", profiles) == "two"
    with pytest.raises(UsageError, match="unknown site three"):
        choose_site("three", profiles)
    assert profiles.looks == 2
