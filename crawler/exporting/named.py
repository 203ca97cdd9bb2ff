"""Exports with a name: what one contains, its file and its times, as a table of `exports.toml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from pathlib import Path
from typing import Any, get_args

from crawler import clock
from crawler.crawl.moment import EXAMPLES, read_moment
from crawler.export.columns import ColumnError, parse_columns
from crawler.exporting.request import ExportRequest, What, check_request, check_since_last, suffix_of
from crawler.exporting.time_zone import ZoneError, local_zone, parse_zone
from crawler.home import absolute
from crawler.schedule.export_times import PERIODS, ExportTimes
from crawler.store import ArticleFilter
from crawler.text import close_words
from crawler.toml_file import TomlValues
from crawler.usage import USES, Use

KEYS = (
    "file", "every", "at", "timezone", "what", "sites", "language", "min_confidence", "categories", "query", "usage",
    "since", "since_last", "with_duplicates", "stories", "columns", "plain", "related",
)  # fmt: skip
DEFAULT_AT = time(7)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_FIELD = re.compile(r"\{(.*?)\}")
_FIELDS = {"date": "%Y-%m-%d", "year": "%Y", "month": "%m", "day": "%d", "hour": "%H", "week": "%G-W%V"}
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedExport:
    """An export that the schedule writes at its times."""

    name: str
    file: str
    """Absolute path; {date}, {year}, {month}, {day}, {hour} and {week} stand for the time that it was due."""

    times: ExportTimes
    what: What = "articles"
    sites: tuple[str, ...] = ()
    language: str | None = None
    min_confidence: float | None = None
    categories: tuple[str, ...] = ()
    query: str | None = None
    usage: Use | None = None
    """Without what is reserved for this use."""

    since: str | None = None
    """As in --since; counted from when it is written."""

    since_last: bool = False
    """Whether only what is new or changed since the last time is written."""

    with_duplicates: bool = False
    stories: bool = False
    columns: str | None = None
    plain: bool = False
    related: str | None = None
    """A further file with the related articles, with the same fields."""

    @property
    def may_be_empty(self) -> bool:
        """Whether an export of nothing is right: nothing new since a time. Otherwise a filter is wrong."""
        return self.since is not None or self.since_last

    def request(self, due: datetime) -> ExportRequest:
        """What to write for the moment at which it was due."""
        since = read_moment(self.since) if self.since is not None else None
        return ExportRequest(
            target=fill_in(self.file, due.astimezone(self.times.zone)),
            what=self.what,
            article_filter=ArticleFilter(
                sites=self.sites,
                since=since,
                language=self.language,
                min_confidence=self.min_confidence,
                categories=self.categories,
                query=self.query,
                usage=self.usage,
                with_duplicates=self.with_duplicates,
                only_stories=self.stories,
            ),
            columns=parse_columns(self.columns) if self.columns is not None else None,
            plain=self.plain,
            zone=self.times.zone,
            related=fill_in(self.related, due.astimezone(self.times.zone)) if self.related is not None else None,
        )


def fill_in(pattern: str, moment: datetime) -> str:
    """The file of a pattern at a moment."""
    return _FIELD.sub(lambda field: moment.strftime(_FIELDS[field[1]]), pattern)


def unknown_fields(pattern: str) -> list[str]:
    """The fields of a pattern that mean nothing."""
    return [field for field in _FIELD.findall(pattern) if field not in _FIELDS]


def parse_clock(text: str) -> time | None:
    """A time of day like 07:00 or 7:30; None if it is not one."""
    match = _CLOCK.fullmatch(text.strip())
    return time(int(match[1]), int(match[2])) if match and int(match[1]) < 24 and int(match[2]) < 60 else None


def read_export(name: str, data: Any, file_name: str, home: Path) -> NamedExport:
    """The export of a table. Relative files start at the home. Raises TomlFileError with all that is wrong."""
    values = TomlValues(f"{file_name} [{name}]", data if isinstance(data, dict) else {})
    if not isinstance(data, dict):
        values.fail(name, data, "must be a table: write [NAME] on a line of its own, and below it the keys")
        values.check()
    values.check_keys(data, KEYS)
    if not _NAME.fullmatch(name):
        values.fail("name", name, "must have only small Latin letters, digits, - and _")
    export = NamedExport(
        name=name,
        file=_file(values, "file", home, required='is missing; give the file, like "news-{date}.xlsx"') or "",
        times=_times(values),
        what=next(what for what in get_args(What) if what == _choice(values, "what", get_args(What), "articles")),
        sites=_texts(values, "sites"),
        language=_language(values),
        min_confidence=_confidence(values),
        categories=_texts(values, "categories"),
        query=values.text("query") or None,
        usage=_usage(values),
        since=_since(values),
        since_last=values.typed("since_last", bool, False),
        with_duplicates=values.typed("with_duplicates", bool, False),
        stories=values.typed("stories", bool, False),
        columns=_columns(values),
        plain=values.typed("plain", bool, False),
        related=_file(values, "related", home),
    )
    values.check()
    _check_files(values, export)
    return export


def _times(values: TomlValues) -> ExportTimes:
    at = values.text("at")
    clock = parse_clock(at) if at else DEFAULT_AT
    if clock is None:
        values.fail("at", at, 'must be a time of day, like "07:00"')
    return ExportTimes(_choice(values, "every", PERIODS, "day"), clock or DEFAULT_AT, _zone(values))


def _zone(values: TomlValues) -> tzinfo:
    name = values.text("timezone")
    if not name:
        return local_zone()
    try:
        return parse_zone(name)
    except ZoneError as error:
        values.fail("timezone", name, str(error))
        return local_zone()


def _usage(values: TomlValues) -> Use | None:
    text = _choice(values, "usage", USES, "all") if values.text("usage") else None
    return next((use for use in USES if use == text), None)


def _choice(values: TomlValues, key: str, choices: Sequence[str], default: str) -> str:
    text = values.text(key).lower() or default
    if text not in choices:
        values.fail(key, text, f"must be one of {', '.join(choices)}{hint(text, choices)}")
        return default
    return text


def hint(text: str, choices: Sequence[str]) -> str:
    """What a misspelt word may mean, as the end of a sentence."""
    close = close_words(text, list(choices))
    return f"; did you mean {' or '.join(close)}?" if close else ""


def _texts(values: TomlValues, key: str) -> tuple[str, ...]:
    texts = values.typed(key, list, [])
    if not all(isinstance(text, str) and text.strip() for text in texts):
        values.fail(key, texts, "must be a list of texts in quotes")
        return ()
    return tuple(texts)


def _language(values: TomlValues) -> str | None:
    code = values.text("language").lower()
    if code and not _LANGUAGE.fullmatch(code):
        values.fail("language", code, "must be a code of ISO 639, like ar or en")
    return code or None


def _confidence(values: TomlValues) -> float | None:
    value = values.data.get("min_confidence")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        values.fail("min_confidence", value, "must be a number from 0 to 1, like 0.8")
        return None
    return float(value)


def _since(values: TomlValues) -> str | None:
    text = values.text("since")
    if text:
        try:
            read_moment(text)
        except ValueError:
            values.fail("since", text, f"must be a date: {EXAMPLES}")
    return text or None


def _columns(values: TomlValues) -> str | None:
    names = ",".join(_texts(values, "columns"))
    try:
        parse_columns(names or None)
    except ColumnError as error:
        values.fail("columns", names, str(error).removeprefix("--columns: "))
    return names or None


def _file(values: TomlValues, key: str, home: Path, *, required: str = "") -> str | None:
    text = values.text(key, required=required)
    if not text:
        return None
    if unknown := unknown_fields(text):
        values.fail(
            key, text, f"unknown field {{{unknown[0]}}}; the fields are {', '.join(f'{{{f}}}' for f in _FIELDS)}"
        )
    return str(absolute(home / Path(text).expanduser()))


def _check_files(values: TomlValues, export: NamedExport) -> None:
    """Record what cannot be written."""
    if export.since is not None and export.since_last:
        values.fail("since", export.since, "leave it out: since_last = true counts from the last time")
    try:
        suffix_of(export.file)
        request = export.request(clock.now())
        check_request(request)
        if export.since_last:
            check_since_last(request)
    except ValueError as error:
        values.fail("file", export.file, str(error).removeprefix(f"{export.file}: "))
    values.check()
