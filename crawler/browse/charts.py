"""Charts as inline SVG, without scripts or styles; all text is escaped. Time runs from left to right everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from markupsafe import Markup

WIDE = 900
"""The width of a chart over the whole page, in units of the SVG."""

_HEIGHT = 240
_LEFT, _BOTTOM, _TOP = 44, 26, 8
"""Sizes and margins of the charts, in units of the SVG."""

_TICK = 64
"""Units between two labels of the horizontal axis, so that they do not touch."""

COLOURS = 8
"""Number of colours (classes c0 ... in pages.css). If there are more parts, the smaller ones share the last colour."""


class Bar(NamedTuple):
    """One bar of a chart: a day, a week, an hour."""

    tick: str
    """Label below it."""

    title: str
    """What it is and how much, for the pointer and for screen readers."""

    counts: Mapping[str, int]
    """Name of each part to its height; the order of the colours is that of `names`."""

    href: str | None = None


def ranked(counts: Mapping[str, int], others: str) -> list[str]:
    """The names that get a colour, those with most first; `others` at the end if there are more than colours."""
    names = [name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return names if len(names) <= COLOURS else [*names[: COLOURS - 1], others]


def bar_chart(bars: Sequence[Bar], names: Sequence[str], label: str, *, width: int = WIDE) -> Markup:
    """A chart of bars, stacked by `names`. A bar with a `href` is a link."""
    top = round_up(max((sum(each.counts.values()) for each in bars), default=0))
    step = (width - _LEFT) / max(len(bars), 1)
    between = max(round(_TICK / step), 1)
    parts = _grid(top, width)
    for number, each in enumerate(bars):
        x = _LEFT + number * step
        parts.append(_stack(each, names, x + step * 0.12, step * 0.76, top))
        if number % between == between // 2:
            parts.append(text(x + step / 2, _HEIGHT - 8, each.tick, "middle"))
    return svg(width, _HEIGHT, label, parts, role="group" if any(each.href for each in bars) else "img")


def share_bar(share: float, label: str, shown: str | None = None) -> Markup:
    """A share as a bar in a table cell, followed by the percentage as text. `shown`: that text."""
    share = min(max(share, 0.0), 1.0)
    parts = [f'<rect class="share" width="{share * 100:.0f}" height="8"/>'] if share else []
    drawn = svg(100, 8, label, parts, name="meter")
    return drawn + Markup(' <span class="figure">{}</span>').format(f"{share:.0%}" if shown is None else shown)


def _stack(one: Bar, names: Sequence[str], x: float, width: float, top: int) -> str:
    y = float(_HEIGHT - _BOTTOM)
    rects = []
    for number, name in enumerate(names):
        if count := one.counts.get(name, 0):
            height = count / top * (_HEIGHT - _BOTTOM - _TOP)
            y -= height
            size = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
            rects.append(f'<rect class="c{number}" {size}/>')
    if not rects:
        return ""
    inner = f"<title>{escape(one.title)}</title>{''.join(rects)}"
    if one.href is None:
        return f"<g>{inner}</g>"
    return f'<a href="{escape(one.href)}" aria-label="{escape(one.title)}">{inner}</a>'


def _grid(top: int, width: int) -> list[str]:
    parts = []
    for number in range(5):
        y = _HEIGHT - _BOTTOM - number / 4 * (_HEIGHT - _BOTTOM - _TOP)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}"></line>')
        parts.append(text(_LEFT - 8, y + 4, f"{top * number // 4:,}", "end"))
    return parts


def bar(x: float, y: float, width: float, height: float, name: str, label: str) -> str:
    """A rectangle of a CSS class; the pointer shows its label."""
    size = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{name}" {size}><title>{escape(label)}</title></rect>'


def text(x: float, y: float, words: str, anchor: str) -> str:
    """Words at a point; `anchor`: start, middle or end."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def svg(width: int, height: int, label: str, parts: Sequence[str], name: str = "chart", role: str = "img") -> Markup:
    """A chart of these parts. `label`: what it shows, for who does not see it. `role`: `group` if parts are links."""
    head = f'<svg class="{name}" viewBox="0 0 {width} {height}" role="{role}" aria-label="{escape(label)}">'
    return Markup(head + "".join(parts) + "</svg>")


def round_up(count: int) -> int:
    """The next larger number that is 4, 8 or 20 times a power of ten, for a grid of four equal steps."""
    power = 1
    while power * 20 < count:
        power *= 10
    return next(power * base for base in (4, 8, 20) if power * base >= count)
