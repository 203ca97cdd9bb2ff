"""Which sites the arguments of a command mean."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.catalogue import find
from crawler.cli.base import print_error
from crawler.home import program
from crawler.profile import SiteProfile
from crawler.profiles import read_profiles
from crawler.site_names import NamedSite, as_url, find_site, named
from crawler.store import Store


def choose_sites(names: Iterable[str], store: Store | None, folder: Path) -> tuple[str, ...]:
    """The sites that are meant, each of which has a profile in the folder or something in the store. A misspelt name
    would look like a site without articles: raises UsageError that says what may be meant."""
    given = tuple(names)
    if not given:
        return ()
    profiles, problems = read_profiles(folder)
    further = problems.keys() | (store.sites.summaries().keys() if store is not None else set())
    return tuple(dict.fromkeys(choose_site(name, profiles, further) for name in given))


def choose_site(text: str, profiles: dict[str, SiteProfile], further: Iterable[str] = ()) -> str:
    """The site that `text` means, and a message if that is not its exact name. `further`: names without a valid
    profile. Raises UsageError."""
    if text in profiles:  # without a look at all the others: a round may be given hundreds of names
        return text
    sites = [*map(named, profiles.values()), *(NamedSite(name, "") for name in further if name not in profiles)]
    match = find_site(text, sites)
    if match.name is None:
        raise UsageError(unknown_site(text, match.hint()), print_help=False)
    if match.name != text:
        print_error(f"{text}: this is the site {match.name}")
    return match.name


def unknown_site(text: str, hint: str) -> str:
    """The message about a site that is not known. `hint`: what may be meant instead."""
    entry = find(text)
    if as_url(text) is not None and not hint:
        hint = f"`{program()} add {text}` adds it"
    elif entry is not None:
        hint = f"{hint} The catalogue has it: `{program()} add {entry.name}` adds it".strip()
    lists = f"`{program()} sites` lists the sites, `{program()} catalogue` what can be added"
    return f"unknown site {text}; {hint or lists}"
