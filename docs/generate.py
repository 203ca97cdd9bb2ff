"""Fill the generated parts of the documentation: `make docs`. A test fails when one of them is out of date.

A part stands between `<!-- generated: NAME -->` and `<!-- end -->` lines.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from scrapy.commands import ScrapyCommand

import crawler.commands
import crawler.crawl.stats
from crawler.browse.metadata import METADATA_FILE, as_yaml, metadata
from crawler.cli.base import Option
from crawler.crawl.arguments import ARCHIVE_ARGUMENTS, ARGUMENTS
from crawler.export import ARTICLE_COLUMNS, EDGE_COLUMNS, FURTHER_COLUMNS, RELATED_COLUMNS, STORY_COLUMNS
from crawler.export.columns import REMOVED_COLUMNS, REMOVED_EDGE_COLUMNS
from crawler.export.dictionary import as_markdown
from crawler.home import PROJECT, Home
from crawler.profiles import read_profiles
from docs import date_names
from docs.architecture import arrows_part, layout_part
from docs.scrapy_settings import settings_table

_PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
PAGES = (PROJECT / "README.md", PROJECT / "README.ar.md", *sorted((PROJECT / "docs").glob("*.md")))


def filled(text: str) -> str:
    """A page's text with all its generated parts made anew. Raises KeyError for a part that does not exist."""
    return _PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]()}\n{part[3]}", text)


def settings_part() -> str:
    """Every setting of ours by group: its comment in crawler/settings.py, and its default."""
    parts, last = [], ""
    for group, name, default, comment in _settings():
        heading = f"## {group}\n\n" if group != last else ""
        parts.append(f"{heading}### `{name}`\n\n{comment}\n\nDefault: {default}")
        last = group
    return "\n\n".join(parts)


def _settings() -> Iterator[tuple[str, str, str, str]]:
    """Group, name, default and comment of each setting. A setting without a comment of its own is an error."""
    group = ""
    comment: list[str] = []
    source = (PROJECT / "crawler" / "settings.py").read_text("utf-8")
    for line in source.split("# ---- Ours")[1].split("# ---- Scrapy's")[0].splitlines()[1:]:
        if line.startswith("# == "):
            group = line.removeprefix("# == ")
        elif line.startswith("# "):
            comment.append(line.removeprefix("# "))
        elif setting := re.match(r"(NEWS_\w+) = (.*)", line):
            if not comment:
                raise ValueError(f"{setting[1]} has no comment of its own in crawler/settings.py: write one above it")
            yield group, setting[1], _default(setting[2]), " ".join(comment)
            comment = []


def _default(source: str) -> str:
    """The default as a reader would write it: paths from the home, text without quotes."""
    if path := re.fullmatch(r"str\(_home\.(\w+)\)", source):
        return f"`{getattr(Home(Path()), path[1])}` in the home"
    if "_found" in source:
        return "the home that is found"
    value = source
    if value.startswith('f"'):
        value = re.sub(r"\{[^}]*\}", "…", value.removeprefix("f"))
    return f"`{value.strip(chr(34))}`" if value != '""' else "empty"


def columns_part() -> str:
    """The columns of the exports."""
    tables = {
        "Articles": ARTICLE_COLUMNS,
        "Only with `--columns`": FURTHER_COLUMNS,
        "Related": RELATED_COLUMNS,
        "Story edges": EDGE_COLUMNS,
        "Stories (SQLite only)": STORY_COLUMNS,
        "Removed (deltas only)": REMOVED_COLUMNS,
        "Removed story edges (deltas only)": REMOVED_EDGE_COLUMNS,
    }
    return "\n\n".join(f"### {title}\n\n{as_markdown(columns)}" for title, columns in tables.items())


def tables_part() -> str:
    """Tables and views, with what the schema's comments say of their columns."""
    described = metadata()["databases"]["news"]["tables"]
    parts = []
    for name, table in described.items():
        rows = "\n".join(f"| `{column}` | {text} |" for column, text in table.get("columns", {}).items())
        parts.append(
            f"### {name}\n\n{table['description']}"
            + (f"\n\n| column | description |\n|---|---|\n{rows}" if rows else "")
        )
    return "\n\n".join(parts)


def stats_part() -> str:
    """The keys of a run in Scrapy's stats, from the docstring of crawler/crawl/stats.py."""
    text = inspect.getdoc(crawler.crawl.stats) or ""
    return text[text.index("| key |") :]


def _commands() -> Iterator[tuple[str, ScrapyCommand]]:
    for info in pkgutil.iter_modules(crawler.commands.__path__):
        yield info.name, importlib.import_module(f"crawler.commands.{info.name}").Command()


def commands_part() -> str:
    """Our commands, with what they are for."""
    lines = []
    for name, command in _commands():
        usage = f"rasid {name} {command.syntax()}".strip().replace("|", "\\|")
        lines.append(f"| `{usage}` | {command.short_desc()} |")
    return "| command | what it does |\n|---|---|\n" + "\n".join(lines)


def options_part() -> str:
    """The options of each command of ours, in one table."""
    lines = (
        f"| `{name}` | `{_flags(option)}` | {option.arguments['help']} |"
        for name, command in _commands()
        for option in getattr(command, "options", ())
    )
    return "| command | option | what it does |\n|---|---|---|\n" + "\n".join(lines)


def _flags(option: Option) -> str:
    """The option as it is typed: `--since DATE`."""
    flags, arguments = ", ".join(option.flags), option.arguments
    if "action" in arguments and arguments["action"] != "append":
        return flags
    value = "\\|".join(arguments["choices"]) if "choices" in arguments else arguments.get("metavar")
    return f"{flags} {value or option.flags[-1].lstrip('-').upper()}"


def arguments_part() -> str:
    """What `-a` takes."""
    return _argument_table(ARGUMENTS)


def archive_arguments_part() -> str:
    """What `-a` takes when archives are crawled."""
    return _argument_table(ARCHIVE_ARGUMENTS)


def _argument_table(arguments: dict[str, str]) -> str:
    rows = (f"| `{name}` | {text} |" for name, text in arguments.items())
    return "| argument | what it does |\n|---|---|\n" + "\n".join(rows)


def sites_part() -> str:
    """The profiles that are shipped."""
    profiles, _ = read_profiles(PROJECT / "sites")
    rows = (
        f"| `{name}` | {profile.title} | {profile.language} | "
        f"{', '.join(dict.fromkeys(channel.kind for channel in profile.channels()))} |"
        for name, profile in profiles.items()
    )
    return "| name | site | language | channels |\n|---|---|---|---|\n" + "\n".join(rows)


def growth_part() -> str:
    """The last recorded figures of bench/growth: a column for each size."""
    recorded: dict[str, dict[str, str]] = json.loads((PROJECT / "bench" / "growth.json").read_text("utf-8"))
    sizes = sorted(recorded, key=lambda size: [int(part.replace(",", "")) for part in size.split(" / ")])
    lines = [f"| articles / sites | {' | '.join(sizes)} |", "|---" * (len(sizes) + 1) + "|"]
    names = dict.fromkeys(name for size in sizes for name in recorded[size])
    lines += [f"| {name} | {' | '.join(recorded[size].get(name, '') for size in sizes)} |" for name in names]
    return "\n".join(lines)


def speed_part() -> str:
    """The last recorded figures of bench/speed: machine, command, a line for each row, and single figures."""
    recorded = json.loads((PROJECT / "bench" / "speed.json").read_text("utf-8"))
    rows: dict[str, dict[str, str]] = recorded["rows"]
    titles = list(next(iter(rows.values())))
    lines = [
        f"Machine: {recorded['machine']}. Command: `{recorded['command']}`. Rounds: {recorded['rounds']}.",
        "",
        f"| row | {' | '.join(titles)} |",
        "|---" * (len(titles) + 1) + "|",
        *(f"| `{name}` | {' | '.join(cells[title] for title in titles)} |" for name, cells in rows.items()),
        "",
        "| figure | |",
        "|---|---|",
        *(f"| {name} | {figure} |" for name, figure in recorded["small"].items()),
    ]
    return "\n".join(lines)


PARTS = {
    "layout": layout_part,
    "arrows": arrows_part,
    "stats": stats_part,
    "settings": settings_part,
    "scrapy_settings": settings_table,
    "columns": columns_part,
    "tables": tables_part,
    "commands": commands_part,
    "options": options_part,
    "arguments": arguments_part,
    "archive_arguments": archive_arguments_part,
    "sites": sites_part,
    "growth": growth_part,
    "speed": speed_part,
}


def main() -> None:
    """Write all pages anew."""
    for page in PAGES:
        page.write_text(filled(page.read_text("utf-8")), "utf-8")
    METADATA_FILE.write_text(as_yaml(metadata()), "utf-8")
    date_names.FILE.write_text(date_names.names_json(), "utf-8")


if __name__ == "__main__":
    main()
