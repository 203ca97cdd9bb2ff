"""scrapy add URL: look at a site and write its profile."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.catalogue import Entry, find
from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.probe_progress import show_progress
from crawler.home import program
from crawler.onboard.address import AddressError, urls_of
from crawler.profile import Channel, SiteProfile, read_profiles

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
    summary = "Add sites: find their channels, show some articles, write their profiles"
    description = (
        "Look at a site with at most 25 requests, choose the feeds, APIs, sitemaps and pages that list most articles "
        "with fewest requests, show five articles, and write sites/NAME.toml. An address is that of a site, of a feed "
        "or of an article, with or without https://; or a name of the catalogue."
    )
    options = (
        Option("--yes", "-y", action="store_true", help="write without asking; existing profiles are not replaced"),
        Option("--replace", action="store_true", help="replace the profile of a site that has one"),
        Option("--dry-run", action="store_true", help="show everything, write nothing"),
        Option("--json", action="store_true", help="print one JSON object a site, and write only with --yes"),
        Option("--name", metavar="NAME", help="name of the profile (default: from the host)"),
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
        named = [_Named(address, _entry(address)) for address in addresses]
        for one in named:
            try:
                urls_of(one.address)
            except AddressError as error:
                raise UsageError(str(error), print_help=False) from error
        profiles, _ = read_profiles(self.sites_folder)
        for survey in self._surveys(named, [] if opts.replace else list(profiles.values())):
            self._finish(survey, opts, profiles)

    def _from_opml(self, path: Path) -> list[str]:
        from crawler.onboard.opml import OpmlError, read_opml

        try:
            return read_opml(path)
        except OpmlError as error:
            raise UsageError(f"--opml {path}: {error}", print_help=False) from error

    def _surveys(self, named: list[_Named], owners: list[SiteProfile]) -> list[Survey]:
        from crawler.onboard.run import SurveyJob, survey_sites

        assert self.settings is not None
        jobs = [
            SurveyJob(
                address=one.address,
                known=_known(one.entry),
                known_from="catalogue",
                country=one.entry.country if one.entry else None,
                timezone=one.entry.timezone if one.entry else None,
            )
            for one in named
        ]
        survey_sites(jobs, self.settings, owners=owners, report=show_progress)
        show_progress("", 0)
        done = [job.survey for job in jobs if job.survey is not None]
        if len(done) < len(jobs):  # interrupted
            self.exitcode = 1
        return done

    def _finish(self, survey: Survey, opts: argparse.Namespace, profiles: dict[str, SiteProfile]) -> None:
        """Show a survey and write its profile."""
        from crawler.onboard.report import survey_data, survey_lines
        from crawler.onboard.write import profile_name, profile_text

        name = toml = None
        if survey.verdict == "ok" and survey.profile is not None:
            replaced = next((each.name for each in profiles.values() if each.owns(survey.profile.url)), None)
            taken = {path.stem for path in self.sites_folder.glob("*.toml")} - ({replaced} if opts.replace else set())
            name = opts.name or (opts.replace and replaced) or profile_name(survey.profile.url, taken)
            toml = profile_text(survey, clock.now())
        if opts.json:
            print(json.dumps(survey_data(survey, name, toml), ensure_ascii=False))
        else:
            print(f"{survey.address}: {survey.requests} requests, {survey.seconds:.0f} s")
            for line in survey_lines(survey):
                print(line)
            print()
        if name is None or toml is None:
            self.exitcode = 1
            self._say_why_not(survey)
        elif not opts.dry_run and (opts.yes or (not opts.json and self._is_wanted(name))):
            self._write(name, toml, opts, quiet=opts.json)

    def _say_why_not(self, survey: Survey) -> None:
        print_error(f"{survey.address} was not added: {survey.reason}")
        if survey.owner:
            print_error(f"`{program()} inspect {survey.owner}` checks its profile")

    def _is_wanted(self, name: str) -> bool:
        """Ask whether to write the profile. Without a terminal nobody can answer."""
        if not sys.stdin.isatty():
            print_error("nothing was written: --yes writes the profile")
            self.exitcode = 1
            return False
        path = self.sites_folder / f"{name}.toml"
        question = f"Replace {path}?" if path.exists() else f"Write {path}?"
        return input(f"{question} [Y/n] ").strip().lower() in ("", "y", "yes", "نعم")

    def _write(self, name: str, toml: str, opts: argparse.Namespace, *, quiet: bool) -> None:
        path = self.sites_folder / f"{name}.toml"
        if path.exists() and not opts.replace:
            self.exitcode = 1
            print_error(f"{path} exists; --replace replaces it, --name gives the new profile another name")
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(toml, "utf-8")
        except OSError as error:
            self.exitcode = 1
            print_error(f"cannot write {path}: {error.strerror}")
            return
        if not quiet:
            print(f"{path} written. Crawl it: {program()} crawl {name}")


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
