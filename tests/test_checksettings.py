"""An invalid setting is reported before anything is crawled."""

from __future__ import annotations

import re

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler import settings as defaults
from crawler.cli.check_settings import check_settings
from crawler.profiles.setting_rules import NUMBERS, WHOLE_NUMBERS
from tests.conftest import PROJECT


def settings_with(**values: str) -> Settings:
    """The defaults, with values as given by -s or in the environment."""
    ours = {name: getattr(defaults, name) for name in dir(defaults) if name.startswith("NEWS_")}
    return Settings(ours | values)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("NEWS_BATCH_SIZE", "many", "NEWS_BATCH_SIZE='many' must be a whole number, above 0"),
        ("NEWS_BATCH_SIZE", "0", "above 0"),
        ("NEWS_BATCH_SIZE", "2.5", "a whole number"),
        ("NEWS_EXTRACT_WORKERS", "0", "above 0"),
        ("NEWS_EXTRACT_SECONDS", "0", "must be a number, above 0"),
        ("NEWS_EXTRACT_SECONDS", "nan", "must be a number"),
        ("NEWS_STOP_SECONDS", "inf", "must be a number"),
        ("NEWS_ROBOTS_HOURS", "1e300", "must be a number"),
        ("NEWS_WAIT_SECONDS", "-1", "must be a number, 0 or more"),
        ("NEWS_RECHECK_HOURS", "1 four", "NEWS_RECHECK_HOURS: 'four' must be a number of hours"),
        ("NEWS_RECHECK_HOURS", "1,-4", "'-4' must be a number of hours"),
        ("NEWS_RESPECT_DIRECTIVES", "noai, noidex", "NEWS_RESPECT_DIRECTIVES: 'noidex' must be one of noindex, "),
    ],
)
def test_an_invalid_setting_is_reported(name: str, value: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_settings(settings_with(**{name: value}))
    assert message in str(caught.value)


def test_valid_settings_are_accepted() -> None:
    check_settings(settings_with())
    check_settings(
        settings_with(
            NEWS_RECHECK_HOURS="", NEWS_RESPECT_DIRECTIVES="", NEWS_CLOCK_HOURS="0", NEWS_BOILERPLATE_PAGES="0"
        )
    )
    check_settings(
        settings_with(NEWS_RECHECK_HOURS="0.5, 12", NEWS_RESPECT_DIRECTIVES="noai tdm", NEWS_EXTRACT_SECONDS="0.001")
    )


def test_every_number_among_the_settings_is_checked() -> None:
    text = (PROJECT / "crawler" / "settings.py").read_text("utf-8")
    numbers = set(re.findall(r"^(NEWS_\w+) = (?:[\d_.]+|min\(.*)$", text, re.MULTILINE))
    assert numbers == WHOLE_NUMBERS | NUMBERS
