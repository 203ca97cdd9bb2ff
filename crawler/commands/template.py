"""rasid template NAME: what was learnt of where a site's pages have their text."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.site_choice import choose_sites
from crawler.crawl.from_settings import open_store
from crawler.home import program
from crawler.profiles import read_profiles
from crawler.store.templates import StoredTemplate


class Command(NewsCommand):
    """Ends with 0 if the site has a template or it was forgotten, else with 1."""

    usage = "[--forget] <site>"
    summary = "Show what was learnt of where a site's pages have their text"
    description = (
        "Crawls learn from six to ten pages of a site where its pages have their text, and read the others by that. "
        "Shows the paths, the signals of the fields, since when, and how many pages it gave. --forget deletes it: the "
        "next crawl learns again."
    )
    options = (Option("--forget", action="store_true", help="delete what was learnt"),)

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print or delete the template of a site."""
        if len(args) != 1:
            raise UsageError("give the name of one site", print_help=False)
        assert self.settings is not None
        with open_store(self.settings, create=False) as store:
            [site] = choose_sites(args, store, self.sites_folder)
            stored = store.templates.get(site)
            if opts.forget and stored is not None:
                store.templates.forget(site)
        if stored is None:
            self.exitcode = 1
            print(f"{site}: nothing was learnt yet")
        elif opts.forget:
            print(f"{site}: forgotten; the next crawl learns again")
        else:
            self._show(stored)
        if not opts.forget and (reason := self._unused(site)):
            print(reason)

    def _show(self, stored: StoredTemplate) -> None:
        from crawler.crawl.site_templates import read_site  # heavy: the extraction
        from crawler.extract.templates.describe import described

        try:
            site = read_site(stored)
        except ValueError as error:
            self.exitcode = 1
            print_error(
                f"{stored.site}: the stored template is damaged ({error}); `{program()} template --forget "
                f"{stored.site}` deletes it, and the next crawl learns again"
            )
            return
        self.exitcode = 0 if site.template else 1
        for line in described(stored.site, site):
            print(line)

    def _unused(self, site: str) -> str | None:
        """Why crawls do not use the template of this site."""
        assert self.settings is not None
        if not self.settings.getbool("NEWS_TEMPLATES"):
            return "NEWS_TEMPLATES is off: every page is read in full"
        profiles, _ = read_profiles(self.sites_folder)
        if site in profiles and "body" in profiles[site].selectors:
            return "the profile selects the body: its selector is used, and nothing is learnt"
        return None
