"""A time line as inline SVG: a bar for each day, month or year that links to it. The page has the same links as a
table, for the keyboard and for those who do not see the bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from crawler.store.read.found import Period

_WIDTH, _HEIGHT = 1000, 100
"""In units of the SVG, which is stretched to the width of the page."""

_GAP = 0.15
"""Share of a bar's room that is empty."""

_LOWEST = 2.0
"""Height of a bar with any article, so that it can be seen."""


def time_line_chart(periods: Sequence[Period], link: Callable[[Period], str], label: Callable[[Period], str]) -> Markup:
    """The bars of the periods. `label`: what is said of a bar when it is pointed at."""
    top = max((period.articles for period in periods), default=0) or 1
    step = _WIDTH / max(len(periods), 1)
    parts = []
    for number, period in enumerate(periods):
        if period.articles:
            height = max(period.articles / top * _HEIGHT, _LOWEST)
            bar = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                number * step + step * _GAP / 2, _HEIGHT - height, step * (1 - _GAP), height
            )
            parts.append(
                Markup('<a href="{}" tabindex="-1"><title>{}</title>{}</a>').format(link(period), label(period), bar)
            )
    return Markup(
        '<svg class="time-line" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(_WIDTH, _HEIGHT, Markup("").join(parts))
