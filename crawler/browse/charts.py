"""Charts as inline SVG, without scripts or styles; all text is escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from markupsafe import Markup

_WIDTH, _HEIGHT = 900, 240
_LEFT, _BOTTOM, _TOP = 44, 26, 8
"""Sizes and margins of the charts, in units of the SVG."""

COLOURS = 8
"""Number of colours (classes c0 ... in pages.css). If there are more sites, the smaller ones share the last colour."""

OTHERS = "others"


def ranked_sites(daily: Sequence[tuple[str, str, int]]) -> list[str]:
    """The sites with a colour, those with most articles first; `others` at the end if there are more sites."""
    counts: Counter[str] = Counter()
    for _, site, count in daily:
        counts[site] += count
    ranked = [site for site, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return ranked if len(ranked) <= COLOURS else [*ranked[: COLOURS - 1], OTHERS]


def daily_chart(days: Sequence[str], daily: Sequence[tuple[str, str, int]]) -> Markup:
    """A bar chart of the articles per day, stacked by site."""
    sites = ranked_sites(daily)
    stacks: dict[str, Counter[str]] = {day: Counter() for day in days}
    for day, site, count in daily:
        stacks[day][site if site in sites else OTHERS] += count
    top = round_up(max((stack.total() for stack in stacks.values()), default=0))
    step = (_WIDTH - _LEFT) / max(len(days), 1)
    parts = _grid(top)
    for number, (day, stack) in enumerate(stacks.items()):
        x, y = _LEFT + number * step, float(_HEIGHT - _BOTTOM)
        for site in sites:
            if stack[site]:
                height = stack[site] / top * (_HEIGHT - _BOTTOM - _TOP)
                y -= height
                label = f"{day}, {site}: {stack[site]}"
                parts.append(bar(x + step * 0.12, y, step * 0.76, height, f"c{sites.index(site)}", label))
        if number % 5 == len(days) % 5:
            parts.append(text(x + step / 2, _HEIGHT - 8, day[5:], "middle"))
    return svg(_WIDTH, _HEIGHT, "Articles per day by site", parts)


def lag_chart(lags: Sequence[tuple[int, int]]) -> Markup:
    """A bar chart of the hours from publication to the first fetch."""
    bounds = ((0, 1, "< 1 h"), (1, 2, "1-2 h"), (2, 4, "2-4 h"), (4, 8, "4-8 h"), (8, 24, "8-24 h"), (24, 48, "1-2 d"))
    buckets = [(label, sum(count for hours, count in lags if low <= hours < high)) for low, high, label in bounds]
    buckets.append(("> 2 d", sum(count for hours, count in lags if hours >= 48)))
    top = round_up(max(count for _, count in buckets))
    step = (_WIDTH / 2 - _LEFT) / len(buckets)
    parts = _grid(top, _WIDTH // 2)
    for number, (label, count) in enumerate(buckets):
        height = count / top * (_HEIGHT - _BOTTOM - _TOP)
        x = _LEFT + number * step
        title = f"{label}: {count} articles"
        parts.append(bar(x + step * 0.1, _HEIGHT - _BOTTOM - height, step * 0.8, height, "c0", title))
        parts.append(text(x + step / 2, _HEIGHT - 8, label, "middle"))
    return svg(_WIDTH // 2, _HEIGHT, "Hours from publication to the first fetch", parts)


def share_bar(share: float, label: str) -> Markup:
    """A share as a bar in a table cell, followed by the percentage."""
    share = min(max(share, 0.0), 1.0)
    parts = ['<rect class="track" width="100" height="8" rx="4"></rect>']
    if share:
        parts.append(f'<rect class="share" width="{share * 100:.1f}" height="8" rx="4"></rect>')
    return svg(100, 8, label, parts, name="meter") + Markup(f' <span class="figure">{share:.0%}</span>')


def _grid(top: int, width: int = _WIDTH) -> list[str]:
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


def svg(width: int, height: int, label: str, parts: Sequence[str], name: str = "chart") -> Markup:
    """A chart of these parts. `label`: what it shows, for who does not see it."""
    head = f'<svg class="{name}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">'
    return Markup(head + "".join(parts) + "</svg>")


def round_up(count: int) -> int:
    """The next larger number that is 4, 8 or 20 times a power of ten, for a grid of four equal steps."""
    power = 1
    while power * 20 < count:
        power *= 10
    return next(power * base for base in (4, 8, 20) if power * base >= count)
