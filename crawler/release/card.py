"""The data card of a release: its README.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from crawler.export.dictionary import as_markdown
from crawler.profile import SiteProfile
from crawler.release.facts import Facts
from crawler.release.missing import Missing
from crawler.release.package import CARD, PACKAGE, SUMS, DataFile
from crawler.release.rights import ReleaseRights
from crawler.store.ledger import RESULTS

_NOT_STATED = "not stated in the profile"


def write_card(
    folder: Path,
    name: str,
    facts: Facts,
    files: Sequence[DataFile],
    *,
    profiles: Mapping[str, SiteProfile],
    filters: str,
    previous: str | None,
    missing: Missing,
    rights: ReleaseRights,
) -> None:
    """Write README.md. `missing` has seen its rows. Its contents do not depend on the time or the folder."""
    what = f"Changes since the release `{previous}`." if previous else "News articles, one row each."
    parts = [
        f"# {_plain(name)}",
        what,
        _overview(facts, filters),
        "## Counts",
        _table(("site", "articles"), sorted(facts.sites.items())),
        _table(("language", "articles"), sorted(facts.languages.items())),
        _table(("month of publication", "articles"), sorted(facts.months.items())),
        "## What is missing",
        *_missing(missing),
        "## Rights",
        *_signals(rights),
        "## Sites, licences, text and data mining",
        "The texts belong to their publishers. The terms of each site for licence and for text and data mining, as its "
        "profile records them:",
        _table(("site", "title", "URL", "licence", "text and data mining"), _rights(facts, profiles)),
        "## How it was made",
        "The texts were extracted from their pages by:",
        _table(("extractor", "articles"), sorted(facts.extractors.items())),
        "## Files",
        _table(("file", "rows", "bytes", "SHA-256"), [(f.path, f.rows, f.bytes, f"`{f.sha256}`") for f in files]),
        f"`{PACKAGE}` describes them (Frictionless Data Package), `{SUMS}` covers every file: verify with "
        f"`sha256sum -c {SUMS}` or `rasid release --verify FOLDER`.",
        "## Columns",
        *(f"### {table}\n\n{as_markdown(columns)}" for table, columns in {f.table: f.columns for f in files}.items()),
    ]
    (folder / CARD).write_text("\n\n".join(parts) + "\n", "utf-8")


def _overview(facts: Facts, filters: str) -> str:
    selection = json.loads(filters)
    rows = [
        ("articles", facts.articles),
        ("of these, copies of another article", facts.copies),
        ("words", facts.words),
        ("published from", facts.first_published or "-"),
        ("published to", facts.last_published or "-"),
        ("last seen", facts.newest or "-"),
        (
            "filters",
            "; ".join(f"{key}: {value}" for key, value in selection.items()) or "no filter: everything except copies",
        ),
    ]
    return _table(("", ""), rows)


def _missing(missing: Missing) -> Iterable[str]:
    """What the channels announced and what is not there, in all and by site, hour and section."""
    if not missing.sites:
        yield "No channel of these sites has listed a page for these days."
        return
    yield (
        "What the channels of these sites announced for these days, and what became of it: `ledger` has it by day, "
        "`missing` by page. Only the filters by site and date apply to both. `unnamed` are articles that no channel "
        "named, with a 95 % interval: an estimate from what two kinds of channels share, and a lower bound. `-` where "
        "there is one kind only."
    )
    header = ("site", "announced", *RESULTS, "late", "unnamed")
    yield _table(
        header,
        [
            (
                site,
                account["announced"],
                *(account[result] for result in RESULTS),
                account["late"],
                missing.unnamed_text(site),
            )
            for site, account in missing.sites.items()
        ],
    )
    yield (
        f"Articles that may be missing (forbidden, blocked, failed or waiting): {missing.absent.total()}. "
        + missing.likeness()
    )
    for name, announced, absent in (
        ("hour of publication or listing, UTC", missing.by_hour, missing.absent_by_hour),
        ("section", missing.by_section, missing.absent_by_section),
    ):
        rows = [(value, number, absent[value]) for value, number in sorted(announced.items()) if absent[value]]
        if rows:
            yield _table((name, "announced", "of these, may be missing"), rows)


def _signals(rights: ReleaseRights) -> Iterable[str]:
    """What the sites say of the uses of the articles, and what was left out."""
    yield (
        "What the sites declared when the articles were fetched (robots.txt, headers, pages, TDMRep, RSL), as Rasid "
        "reads it: articles by use. This is not legal advice; a use that nobody has reserved is not thereby permitted."
    )
    yield _table(("site", "use", "reserved", "allowed", "unknown"), rights.rows())
    if rights.usage is None:
        yield "Nothing was left out for the sake of these declarations."
        return
    yield f"Left out as reserved for {rights.usage}: {rights.left_out} articles."
    if rights.reasons:
        rows = [(each.site, each.reason, each.articles) for each in rights.reasons]
        yield _table(("site", "declared", "articles"), rows)


def _rights(facts: Facts, profiles: Mapping[str, SiteProfile]) -> Iterable[tuple[str, ...]]:
    for site in sorted(facts.sites):
        profile = profiles.get(site)
        if profile is None:
            yield (site, "-", "-", "no profile", "no profile")
        else:
            yield (site, profile.title, profile.url, profile.licence or _NOT_STATED, profile.tdm or _NOT_STATED)


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_plain(cell) for cell in line)} |" for line in lines)


def _plain(value: object) -> str:
    """Escape a site's text, so that it is not read as Markdown or HTML: one line, no bars, no tags."""
    text = " ".join(str(value).split())
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("](", "]\\(")
