"""rasid add URL: look at a site and write its profile."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.catalogue import Entry, close_names, find
from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.survey_output import print_lines, show_progress
from crawler.home import program
from crawler.onboard.address import AddressError, urls_of
from crawler.profile import PROFILE_NAME, PROFILE_NAME_RULE, Channel, ProfileError, SiteProfile
from crawler.profiles import read_profiles
from crawler.render import why_not
from crawler.text import counted

if TYPE_CHECKING:
    from crawler.onboard.result import Survey


@dataclass(frozen=True, slots=True)
class _Named:
    """A site that the user named."""

    typed: str
    entry: Entry | None
    """Its entry in the catalogue."""

    @property
    def address(self) -> str:
        """What to request."""
        return self.entry.url if self.entry is not None else self.typed


class Command(NewsCommand):
    """Ends with 0 if every site was added, 1 if one could not be, 2 for wrong usage."""

    creates_home = True
    usage = "[options] <address> [<address> ...]"
    sends_requests = True
    summary = "Add sites: find their channels, show some articles, write their profiles"
    description = (
        "Look at a site with at most 25 requests, choose the feeds, APIs, sitemaps and pages that list most articles "
        "with fewest requests, show five articles, and write sites/NAME.toml. An address is that of a site, of a feed "
        "or of an article, with or without https://; or a name of the catalogue."
    )
    options = (
        Option("--yes", "-y", action="store_true", help="write without asking"),
        Option("--replace", action="store_true", help="replace the profile of a site that has one"),
        Option("--dry-run", action="store_true", help="show everything, write nothing"),
        Option("--json", action="store_true", help="print one JSON object a site, and write only with --yes"),
        Option("--name", metavar="NAME", help="name of the profile (default: from the host)"),
        Option("--render", action="store_true", help="also add a site whose articles need JavaScript, with Chromium"),
        Option("--opml", metavar="FILE", help="add the sites of the feeds in an OPML file, as feed readers export it"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Look at all sites, then show and write one after another."""
        addresses = args + (self._from_opml(Path(opts.opml)) if opts.opml else [])
        addresses = list(dict.fromkeys(addresses))
        if not addresses:
            raise UsageError("give the address of a site, like www.example.com", print_help=False)
        if opts.name and len(addresses) > 1:
            raise UsageError("--name is for one site; give one address", print_help=False)
        if opts.name and not PROFILE_NAME.fullmatch(opts.name):
            raise UsageError(f"--name {opts.name}: {PROFILE_NAME_RULE}", print_help=False)
        named = [_Named(address, _entry(address)) for address in addresses]
        for one in named:
            _check(one)
        assert self.settings is not None
        if opts.render and (problem := why_not(str(self.settings["NEWS_CHROMIUM"]))):
            raise UsageError(f"--render: {problem}", print_help=False)
        profiles, _ = read_profiles(self.sites_folder)
        for survey in self._surveys(named, [] if opts.replace else list(profiles.values()), render=opts.render):
            self._finish(survey, opts)

    def _from_opml(self, path: Path) -> list[str]:
        from crawler.onboard.opml import OpmlError, read_opml

        try:
            return read_opml(path)
        except OpmlError as error:
            raise UsageError(f"--opml {path}: {error}", print_help=False) from error

    def _surveys(self, named: list[_Named], owners: list[SiteProfile], *, render: bool) -> list[Survey]:
        from crawler.onboard.run import SurveyJob, survey_sites

        assert self.settings is not None
        jobs = [
            SurveyJob(
                address=one.address,
                known=_known(one.entry),
                known_from="catalogue",
                country=one.entry.country if one.entry else None,
                timezone=one.entry.timezone if one.entry else None,
                render=render,
            )
            for one in named
        ]
        survey_sites(jobs, self.settings, owners=owners, report=show_progress)
        show_progress("", 0)
        done = [job.survey for job in jobs if job.survey is not None]
        if len(done) < len(jobs):
            self.exitcode = 1
            print_error(f"stopped: {len(jobs) - len(done)} of {len(jobs)} sites were not added")
        return done

    def _finish(self, survey: Survey, opts: argparse.Namespace) -> None:
        """Show a survey and write its profile."""
        from crawler.onboard.report import survey_data, survey_lines
        from crawler.onboard.write import profile_text

        name = self._name(survey, opts) if survey.verdict == "ok" else None
        toml = profile_text(survey, clock.now()) if name is not None else None
        if opts.json:
            print(json.dumps(survey_data(survey, name, toml), ensure_ascii=False))
        else:
            print_lines([f"{survey.address}: {counted(survey.requests, 'request')}, {survey.seconds:.0f} s"])
            print_lines([*survey_lines(survey), ""])
        if name is None or toml is None:
            self.exitcode = 1
            print_error(f"{survey.address} was not added: {survey.reason}")
            if survey.owner:
                print_error(f"`{program()} inspect {survey.owner}` checks its profile")
        elif not opts.dry_run and self._is_wanted(name, opts):
            self._write(name, toml, quiet=opts.json)

    def _name(self, survey: Survey, opts: argparse.Namespace) -> str | None:
        """The name of the profile to write: that of the site's profile if it is replaced. None if the site has one
        that was written after it was looked at, as by this command for another address of it."""
        from crawler.onboard.start import owner_of
        from crawler.onboard.write import profile_name

        assert survey.profile is not None
        profiles, problems = read_profiles(self.sites_folder)
        owner = owner_of(survey.profile.url, profiles.values())
        if owner is not None and not opts.replace:
            survey.verdict, survey.owner = "already_there", owner.name
            survey.reason = f"the site {owner.name} has {survey.profile.url} already"
            return None
        if opts.name or owner is not None:
            return str(opts.name or (owner and owner.name))
        return profile_name(survey.profile.url, profiles.keys() | problems.keys())

    def _is_wanted(self, name: str, opts: argparse.Namespace) -> bool:
        """Whether to write the profile: at a terminal that is a question. Without one nobody can answer: then only
        --yes replaces a profile."""
        path = self.sites_folder / f"{name}.toml"
        if path.exists() and not opts.replace:
            print_error(f"{path} exists; --replace replaces it, --name gives the new profile another name")
        elif opts.yes or (not path.exists() and not opts.json and not sys.stdin.isatty()):
            return True
        elif opts.json or not sys.stdin.isatty():
            print_error("nothing was written: --yes writes the profile")
        else:
            question = f"{'Replace' if path.exists() else 'Write'} {path}?"
            return input(f"{question} [Y/n] ").strip().lower() in ("", "y", "yes", "نعم")
        self.exitcode = 1
        return False

    def _write(self, name: str, toml: str, *, quiet: bool) -> None:
        from crawler.onboard.edit import check_text

        path = self.sites_folder / f"{name}.toml"
        try:
            check_text(name, toml)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(toml, "utf-8")
        except (OSError, ProfileError) as error:
            self.exitcode = 1
            print_error(f"cannot write {path}: {error.strerror if isinstance(error, OSError) else error}")
            return
        if not quiet:
            print(f"{path} written. Crawl it: {program()} crawl {name}")


def _check(one: _Named) -> None:
    """Raise UsageError for a text that is neither an address nor a name of the catalogue."""
    try:
        urls_of(one.address)
    except AddressError as error:
        names = close_names(one.typed)
        hint = f". The catalogue has {', '.join(names)}" if names else ""
        raise UsageError(f"{error}{hint}", print_help=False) from error


def _entry(address: str) -> Entry | None:
    """The entry of the catalogue that an address names: by its name, or by the host of its home page."""
    entry = find(address)
    if entry is None or "." not in address:
        return entry
    try:
        return entry if any(url.rstrip("/") == entry.url.rstrip("/") for url in urls_of(address)) else None
    except AddressError:
        return None


def _known(entry: Entry | None) -> list[Channel]:
    if entry is None:
        return []
    return [Channel("feed", url) for url in entry.feeds[:2]] + [
        Channel("sitemap", url) for url in entry.news_sitemaps[:1]
    ]
