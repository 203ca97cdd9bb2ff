"""Charts of the pages of sites and runs. Each is beside a table with the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from crawler.browse.charts import bar, round_up, svg, text

_WIDTH, _LEFT = 900, 60
_BAND_HEIGHT, _BOTTOM, _TOP = 220, 24, 10
_HOURS = 24
_HOUR_HEIGHT = 16
_OVERLAP_BARS = 110
"""Sizes in units of the SVG."""

_SPARK = (112, 26)


def spark_line(counts: Sequence[int], label: str) -> Markup:
    """A small line of numbers for a cell of a table."""
    width, height = _SPARK
    top = max([*counts, 1])
    step = (width - 4) / max(len(counts) - 1, 1)
    points = [
        f"{2 + number * step:.1f},{height - 3 - count / top * (height - 6):.1f}" for number, count in enumerate(counts)
    ]
    area = f'<polygon class="spark-area" points="2,{height - 2} {" ".join(points)} {width - 2},{height - 2}"></polygon>'
    line = f'<polyline class="spark-line" points="{" ".join(points)}"></polyline>'
    return svg(width, height, label, [area, line], name="spark")


def hour_chart(days: Sequence[str], cells: Mapping[str, tuple[str, str]], label: str) -> Markup:
    """A row a day, newest first, and a column an hour of UTC. `cells`: hour, like 2026-01-31T12 → its CSS class, and
    what it says."""
    step = (_WIDTH - _LEFT) / _HOURS
    parts = []
    for row, day in enumerate(days):
        y = row * _HOUR_HEIGHT
        parts.append(text(_LEFT - 8, y + 12, day[5:], "end"))
        for hour in range(_HOURS):
            name, words = cells.get(f"{day}T{hour:02}", ("no-poll", ""))
            x = _LEFT + hour * step
            if words:
                parts.append(bar(x + 1, y + 1, step - 2, _HOUR_HEIGHT - 2, name, words))
            else:
                parts.append(f'<rect class="{name}" x="{x + 1:.1f}" y="{y + 1}" width="{step - 2:.1f}" height="14"/>')
    bottom = len(days) * _HOUR_HEIGHT + 14
    parts += [text(_LEFT + hour * step, bottom, f"{hour:02}:00", "start") for hour in range(0, _HOURS, 3)]
    return svg(_WIDTH, bottom + 6, label, parts, name="chart wide-chart")


def band_chart(
    days: Sequence[str],
    counts: Sequence[int],
    bands: Sequence[tuple[int, int] | None],
    labels: Sequence[str],
    name: str,
) -> Markup:
    """A bar a day before the range that is usual on it. `labels`: what each bar says; `name`: what the chart shows."""
    top = round_up(max([*counts, *(high for band in bands if band for high in band), 1]))
    step = (_WIDTH - _LEFT) / max(len(days), 1)

    def height(count: int) -> float:
        return count / top * (_BAND_HEIGHT - _BOTTOM - _TOP)

    base = _BAND_HEIGHT - _BOTTOM
    parts = []
    for number in range(5):
        y = base - height(top) * number / 4
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(text(_LEFT - 8, y + 4, f"{top * number / 4:g}", "end"))
    for number, band in enumerate(bands):
        if band is not None:
            low, high = height(band[0]), max(height(band[1]), height(band[0]) + 2)
            x = _LEFT + number * step
            parts.append(
                f'<rect class="band" x="{x:.1f}" y="{base - high:.1f}" width="{step:.1f}" height="{high - low:.1f}"/>'
            )
    for number, count in enumerate(counts):
        band = bands[number]
        is_low = band is not None and count < band[0] and number < len(days) - 1  # the last day is not over
        style = "c3" if is_low else "c0"
        x = _LEFT + number * step
        parts.append(bar(x + step * 0.22, base - height(count), step * 0.56, height(count), style, labels[number]))
    for number, day in enumerate(days):
        if (len(days) - 1 - number) % 7 == 3:
            parts.append(text(_LEFT + (number + 0.5) * step, _BAND_HEIGHT - 7, day[5:], "middle"))
    return svg(_WIDTH, _BAND_HEIGHT, name, parts, name="chart wide-chart")


def share_chart(days: Sequence[str], series: Sequence[Sequence[float | None]], name: str) -> Markup:
    """A line for each series of shares from 0 to 1; days without a share are left out."""
    step = (_WIDTH - _LEFT - 20) / max(len(days) - 1, 1)
    base = _BAND_HEIGHT - _BOTTOM
    parts = []
    for number in range(5):
        y = base - number / 4 * (base - _TOP)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(text(_LEFT - 8, y + 4, f"{number * 25}%", "end"))
    for index, shares in enumerate(series):
        points = [
            (_LEFT + 10 + number * step, base - share * (base - _TOP))
            for number, share in enumerate(shares)
            if share is not None
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="line l{index}" points="{line}"/>')
        if len(points) == 1:
            parts.append(f'<circle class="c{index}" cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="3"/>')
    for number, day in enumerate(days):
        if (len(days) - 1 - number) % 7 == 3:
            parts.append(text(_LEFT + 10 + number * step, _BAND_HEIGHT - 7, day[5:], "middle"))
    return svg(_WIDTH, _BAND_HEIGHT, name, parts, name="chart wide-chart")


def overlap_chart(sets: Sequence[tuple[frozenset[int], int]], rows: Sequence[str], name: str) -> Markup:
    """For each set of channels how many pages just these announced: a bar above a column of dots, a row a channel.
    `rows`: short names of the channels; a set has their numbers."""
    left, step = 180, 46
    top = max([count for _, count in sets] + [1])
    parts = []
    for row, channel in enumerate(rows):
        y = _OVERLAP_BARS + 24 + row * 22
        width = len(sets) * step
        parts.append(f'<rect class="row{row % 2}" x="{left}" y="{y - 11}" width="{width}" height="22"/>')
        parts.append(text(left - 10, y + 4, channel, "end"))
    for column, (members, count) in enumerate(sets):
        x = left + (column + 0.5) * step
        height = count / top * (_OVERLAP_BARS - 20)
        style = "c1" if len(members) == 1 else "c0"
        words = f"{' + '.join(rows[number] for number in sorted(members))}: {count}"
        parts.append(bar(x - 14, _OVERLAP_BARS - height, 28, height, style, words))
        parts.append(text(x, _OVERLAP_BARS - height - 5, f"{count:,}", "middle"))
        ys = [_OVERLAP_BARS + 24 + number * 22 for number in sorted(members)]
        if len(ys) > 1:
            parts.append(f'<line class="joint" x1="{x}" x2="{x}" y1="{ys[0]}" y2="{ys[-1]}"/>')
        for number in range(len(rows)):
            dot = style if number in members else "no-dot"
            parts.append(f'<circle class="{dot}" cx="{x}" cy="{_OVERLAP_BARS + 24 + number * 22}" r="6"/>')
    height = _OVERLAP_BARS + 24 + len(rows) * 22
    return svg(max(left + len(sets) * step + 10, 520), height, name, parts, name="chart overlap")


def outcome_bar(shares: Sequence[tuple[str, int]], label: str) -> Markup:
    """A bar that numbers share, each with its CSS class."""
    total = sum(count for _, count in shares)
    parts = ['<rect class="track" width="120" height="8" rx="2"/>']
    x = 0.0
    for name, count in shares:
        if count:
            width = count / total * 120
            parts.append(f'<rect class="{name}" x="{x:.2f}" width="{width:.2f}" height="8"/>')
            x += width
    return svg(120, 8, label, parts, name="meter outcome-bar")
