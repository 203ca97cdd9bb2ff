"""What a person at a terminal sees: tables that fit, colours, relative times, readable URLs, progress.

Everything else (pipes, files, cron) gets the same content without colours, with whole values and times in ISO 8601.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypeVar
from urllib.parse import quote

from crawler import clock
from crawler.colours import Colour, is_terminal
from crawler.urls import host_of, readable_host

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.measure import Measurement
    from rich.progress import Progress as RichProgress

T = TypeVar("T")

Kind = Literal["name", "text", "number", "time"]

_GAP = 2
"""Spaces between two columns."""

_LEAST_TEXT = 8
"""Letters that are left of a text where there is not enough room. Chosen by hand."""

_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_RIGHT_TO_LEFT = ("R", "AL", "AN")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    kind: Kind = "text"
    """`name`: never cut. `time`: its cells are in ISO 8601, and relative on a terminal."""

    left_out: int = 0
    """Columns with the largest number are left out first where the terminal is too narrow. 0: never."""

    least: int | None = None
    """Width to which a text is cut before a column is left out. None: it is not cut before that."""


def print_table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], colours: Iterable[Colour | None] | None = None
) -> None:
    """Print a table on standard output. On a terminal it has the terminal's width: columns are left out and texts are
    cut if they must be. `colours`: of each row."""
    lines = [tuple(row) for row in rows]
    if is_terminal(sys.stdout):
        _print_fitted(columns, lines, list(colours) if colours is not None else [None] * len(lines))
    else:
        print(format_table([tuple(column.name for column in columns), *lines]))


def format_table(rows: list[tuple[str, ...]]) -> str:
    """Align rows in columns. A combining mark has no width and a wide letter has twice the width."""
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def relative_time(moment: datetime, now: datetime) -> str:
    """A time as people say it: "3 min ago", "in 2 h", "5 days ago"; the day if it is longer ago than two months."""
    seconds = abs((now - moment).total_seconds())
    for limit, unit, size in ((3600, "min", 60), (48 * 3600, "h", 3600), (60 * 86400, "days", 86400)):
        if seconds < limit:
            if seconds < 60:
                return "just now"
            text = f"{seconds // size:.0f} {unit}"
            return f"{text} ago" if moment <= now else f"in {text}"
    return f"{moment:%Y-%m-%d}"


def shown_time(iso: str | None) -> str:
    """A stored time for standard output: relative on a terminal, else as it is. Empty for None."""
    if not iso or not is_terminal(sys.stdout):
        return iso or ""
    try:
        return relative_time(datetime.fromisoformat(iso), clock.now())
    except (ValueError, TypeError):  # "never", or a time without a zone
        return iso


def shown_url(url: str | None) -> str:
    """A URL for standard output: with its letters on a terminal, else as it is. Empty for None."""
    return readable_address(url or "") if is_terminal(sys.stdout) else url or ""


def readable_address(url: str) -> str:
    """The URL with percent-encoded letters and the host's punycode decoded. Spaces, controls, direction marks and all
    that has a meaning in a URL stay encoded: it still leads to the same page, and does nothing to a terminal."""
    host = host_of(url)
    if "xn--" in host:
        url = url.replace(host, _decoded_host(host), 1)
    return _ESCAPES.sub(lambda escapes: _decoded(escapes[0]), url)


def isolated(text: str) -> str:
    """Right-to-left text that does not reorder what stands beside it, by Unicode's isolates; other text as it is."""
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return text


def shown_beside(text: str) -> str:
    """A text that stands beside others on a line of standard output: isolated on a terminal, else as it is."""
    return isolated(text) if is_terminal(sys.stdout) else text


def shown_moment(iso: str | None) -> str:
    """A stored time for standard output: with what it is relative to now on a terminal, else as it is."""
    relative = shown_time(iso)
    return f"{iso} ({relative})" if iso and relative != iso else relative


class Progress:
    """A line on stderr that counts what a long command has done, on a terminal only; it is gone at the end.

    with Progress("export", "articles") as progress: for row in progress.track(rows): ...
    """

    def __init__(self, title: str, noun: str, total: int | None = None) -> None:
        """`noun`: what is counted, in the plural. `total`: their number, if it is known."""
        self._bar: RichProgress | None = None
        if is_terminal(sys.stderr):
            self._bar = _progress_bar(noun, with_total=total is not None)
            self._task = self._bar.add_task(title, total=total)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def track(self, items: Iterable[T]) -> Iterator[T]:
        """The items, each counted when it has been dealt with."""
        for item in items:
            yield item
            self.advance()

    def advance(self, count: int = 1) -> None:
        """Count."""
        if self._bar is not None:
            self._bar.advance(self._task, count)


class _Cell:
    """A text on one line, cut to the room that there is, isolated from the text of its neighbours."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.measure import Measurement

        width = _width(self._text)
        return Measurement(min(width, _LEAST_TEXT), width).with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.cells import set_cell_size
        from rich.segment import Segment

        text = self._text
        if _width(text) > options.max_width:
            text = set_cell_size(text, max(options.max_width - 1, 0)).rstrip() + "…"
        yield Segment(isolated(text))


def _progress_bar(noun: str, *, with_total: bool) -> RichProgress:
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns: list[ProgressColumn] = [TextColumn("{task.description}:", markup=False)]
    if with_total:
        columns += [BarColumn(20), TextColumn(f"{{task.completed:,.0f}} of {{task.total:,.0f}} {noun},", markup=False)]
        columns += [TimeRemainingColumn(), TextColumn("left")]
    else:
        columns += [TextColumn(f"{{task.completed:,.0f}} {noun},", markup=False), TimeElapsedColumn()]
    return RichProgress(*columns, console=Console(stderr=True), transient=True)


def _print_fitted(columns: Sequence[Column], rows: list[tuple[str, ...]], colours: list[Colour | None]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False, emoji=False)
    shown = [
        tuple(shown_time(cell) if column.kind == "time" else cell for cell, column in zip(row, columns, strict=True))
        for row in rows
    ]
    fitting = _fitting_columns(columns, shown, console.width)
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    for index in fitting:
        column = columns[index]
        table.add_column(
            column.name,
            justify="right" if column.kind == "number" else "left",
            no_wrap=column.kind != "text",
            overflow="ellipsis",
        )
    for row, colour in zip(shown, colours, strict=True):
        cells = (_Cell(row[index]) if columns[index].kind == "text" else row[index] for index in fitting)
        table.add_row(*cells, style=colour)
    console.print(table)


def _fitting_columns(columns: Sequence[Column], rows: list[tuple[str, ...]], width: int) -> list[int]:
    """Numbers of the columns that fit: of those that may be left out first all empty ones are, then one by one."""
    widths = []
    for index, column in enumerate(columns):
        longest = max((_width(row[index]) for row in rows), default=0)
        widths.append(max(_width(column.name), min(longest, column.least or longest)))
    kept = list(range(len(columns)))
    if _total(widths, kept) > width:
        kept = [i for i in kept if not columns[i].left_out or any(row[i] for row in rows)]
    for index in sorted(kept, key=lambda i: -columns[i].left_out):
        if _total(widths, kept) <= width or not columns[index].left_out:
            break
        kept.remove(index)
    return kept


def _total(widths: list[int], kept: list[int]) -> int:
    return sum(widths[index] + _GAP for index in kept) - _GAP


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _decoded(escapes: str) -> str:
    """Percent-encoded bytes as letters, where they are letters."""
    try:
        text = bytes.fromhex(escapes.replace("%", "")).decode()
    except UnicodeDecodeError:
        return escapes
    return "".join(letter if unicodedata.category(letter)[0] in "LMNPS" else quote(letter) for letter in text)


def _decoded_host(host: str) -> str:
    decoded = readable_host(host)
    return decoded if all(unicodedata.category(letter)[0] in "LMN" or letter in ".-" for letter in decoded) else host
