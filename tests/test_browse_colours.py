"""The colours of the web pages stand out from their ground, in light and dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from tests.conftest import PROJECT

CSS = (PROJECT / "crawler" / "browse" / "static" / "pages.css").read_text("utf-8")
BLOCKS = [dict(re.findall(r"--([a-z]+\d?): (#[0-9a-f]{3,6});", block)) for block in re.findall(r"\{([^{}]+)\}", CSS)]
THEMES = [block for block in BLOCKS if "ground" in block]
TEXTS, CHARTS = ("ink", "quiet", "link", "accent", "good", "warn", "bad"), tuple(f"c{number}" for number in range(8))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_dark_is_the_same_by_the_system_and_by_choice() -> None:
    assert len(THEMES) == 3
    assert THEMES[1] == THEMES[2]


@pytest.mark.parametrize("theme", THEMES[:2], ids=["light", "dark"])
def test_texts_and_charts_have_contrast(theme: dict[str, str]) -> None:
    for name in TEXTS:
        assert contrast(theme[name], theme["card"]) >= 4.5, name
        assert contrast(theme[name], theme["ground"]) >= 4.5, name
    for name in CHARTS:
        assert contrast(theme[name], theme["card"]) >= 3, name
