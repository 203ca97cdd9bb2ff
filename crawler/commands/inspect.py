"""rasid inspect NAME: look at the site of a profile and say what of the profile no longer holds."""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.site_choice import choose_site
from crawler.cli.survey_output import print_lines, show_progress
from crawler.crawl.exit_code import UNHEALTHY
from crawler.home import program
from crawler.profile import ProfileError, SiteProfile
from crawler.profiles import read_profiles
from crawler.scrapyext.profile_settings import apply_profile
from crawler.text import counted

if TYPE_CHECKING:
    from crawler.onboard.compare import ProfileFinding
    from crawler.onboard.result import Survey

_KNOWN_CHANNELS = 8
"""Channels of the profile that are requested, the most up-to-date kinds first: the other requests are for what it may
lack. Chosen by hand."""


class Command(NewsCommand):
    """Ends with 0 if the profile holds or was changed, 3 if something does not hold, 2 for wrong usage."""

    usage = "[options] <site>"
    sends_requests = True
    summary = "Check the profile of a site against the site, and offer a correction"
    description = (
        "Look at the site of a profile as `add` does, with at most 25 requests: its channels, what they leave out, the "
        "pattern of its articles, its language and time zone, its selectors. Says what no longer holds. With --fix it "
        "shows the change of the file and asks before it writes."
    )
    options = (
        Option("--fix", action="store_true", help="change the profile, after a question"),
        Option("--yes", "-y", action="store_true", help="with --fix: change it without a question"),
        Option("--json", action="store_true", help="print one JSON object; --fix changes the file only with --yes"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Survey the site, compare, and offer the change."""
        if len(args) != 1:
            raise UsageError("give the name of one site", print_help=False)
        profiles, problems = read_profiles(self.sites_folder)
        name = choose_site(args[0], profiles, problems)
        if name in problems:
            raise UsageError(problems[name], print_help=False)
        profile = profiles[name]
        if missing := profile.missing_variable:
            raise UsageError(missing, print_help=False)
        survey = self._survey(profile)
        if survey is None:
            self.exitcode = 1
            print_error(f"stopped: {name} was not inspected")
            return
        from crawler.onboard.compare import compare

        findings = compare(profile, survey)
        self.exitcode = UNHEALTHY if findings else 0
        self._show(profile, survey, findings, as_json=opts.json)
        changes = [finding.change for finding in findings if finding.change is not None]
        if changes and not opts.json and not opts.fix:
            print(f"`{program()} inspect {name} --fix` corrects the profile")
        if changes and opts.fix:
            self._fix(self.sites_folder / f"{name}.toml", findings, opts)

    def _survey(self, profile: SiteProfile) -> Survey | None:
        from crawler.onboard.run import SurveyJob, survey_sites

        assert self.settings is not None
        settings = Settings(self.settings)
        apply_profile(settings, profile)
        job = SurveyJob(
            address=profile.home,
            known=profile.channels()[:_KNOWN_CHANNELS],
            known_from="profile",
            timezone=profile.timezone,
            existing=profile,
        )
        survey_sites([job], settings, owners=[], report=show_progress)
        show_progress("", 0)
        return job.survey

    def _show(self, profile: SiteProfile, survey: Survey, findings: list[ProfileFinding], *, as_json: bool) -> None:
        from crawler.onboard.report import survey_data, survey_lines, wrapped

        if as_json:
            data = survey_data(survey, profile.name, None)
            data["findings"] = [
                {"message": finding.message, "can_be_fixed": finding.change is not None} for finding in findings
            ]
            print(json.dumps(data, ensure_ascii=False))
            return
        print(f"{profile.name}: {counted(survey.requests, 'request')}, {survey.seconds:.0f} s")
        print_lines(survey_lines(survey))
        print_lines(["", "The profile holds." if not findings else "What does not hold"])
        for finding in findings:
            print_lines(wrapped(finding.message, "  ! ", "    "))

    def _fix(self, path: Path, findings: list[ProfileFinding], opts: argparse.Namespace) -> None:
        from crawler.onboard.edit import changed_text, check_text

        before = path.read_text("utf-8-sig")
        after = changed_text(before, [finding.change for finding in findings if finding.change is not None])
        try:
            check_text(path.stem, after)
        except ProfileError as error:
            print_error(f"{path} was not changed: the corrected profile would not be valid: {error}")
            return
        if not opts.json:
            for line in difflib.unified_diff(
                before.splitlines(), after.splitlines(), "now", "corrected", lineterm="", n=1
            ):
                print(line)
        if not opts.yes and not self._is_wanted(path, can_ask=not opts.json):
            return
        try:
            path.write_text(after, "utf-8")
        except OSError as error:
            self.exitcode = 1
            print_error(f"cannot write {path}: {error.strerror}")
            return
        self.exitcode = UNHEALTHY if any(finding.change is None for finding in findings) else 0
        if not opts.json:
            print(f"{path} changed.")

    def _is_wanted(self, path: Path, *, can_ask: bool) -> bool:
        if not can_ask or not sys.stdin.isatty():
            print_error("nothing was changed: --yes changes the profile")
            return False
        return input(f"Change {path}? [Y/n] ").strip().lower() in ("", "y", "yes", "نعم")
