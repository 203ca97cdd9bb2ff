"""rasid restore: put back texts that were replaced by what was not the article."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.date_option import parse_date_option
from crawler.cli.site_choice import choose_sites
from crawler.cli.terminal import shown_moment, shown_url
from crawler.crawl.from_settings import open_store
from crawler.store import HarmedArticle
from crawler.text import counted

_SHOWN_CHARS = 90
"""Characters of a text that are printed."""


class Command(NewsCommand):
    """Ends with 1 if the URL is not that of a stored article."""

    usage = "<url> [--since TIME] | --site NAME --since TIME"
    summary = "Put back texts that a notice, a login form or the home page replaced"
    description = (
        "Find articles whose text was replaced by what was not the article: it has next to nothing in common with the "
        "earlier text, and lost date and authors or stands on other pages of the site too. Print both texts. With "
        "--yes, put the earlier version back; the newer one becomes a revision, and the page is requested again."
    )
    options = (
        Option("--site", metavar="NAME", help="all articles of this site; needs --since"),
        Option("--since", metavar="TIME", help="only texts that were replaced at this time or later"),
        Option("--yes", action="store_true", help="put the texts back; without it, nothing is changed"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print what is restored, or would be."""
        if len(args) > 1 or bool(args) == bool(opts.site) or (opts.site and not opts.since):
            raise UsageError("give one URL, or --site NAME with --since TIME", print_help=False)
        assert self.settings is not None
        since = parse_date_option(opts.since, "--since")
        with open_store(self.settings, create=False) as store:
            site = next(iter(choose_sites([opts.site] if opts.site else [], store, self.sites_folder)), None)
            article_id = store.articles.find(args[0]) if args else None
            if args and article_id is None:
                print_error(f"{args[0]}: not the URL of a stored article; nothing was changed")
                self.exitcode = 1
                return
            harmed = store.articles.restore(
                clock.now(), article_id=article_id, site=site, since=since, dry=not opts.yes
            )
        for article in harmed:
            _print(article)
        done = "restored" if opts.yes else "would be restored; add --yes to restore them"
        print(
            f"{counted(len(harmed), 'article')} {done}" if harmed else "no replaced text was found; nothing was changed"
        )


def _print(article: HarmedArticle) -> None:
    print(f"{shown_url(article.url)}  replaced {shown_moment(article.replaced)}")
    for name, text in ("stored", article.text), ("before", article.version["body"]):
        line = text.replace("\n", " ")
        print(f"  {name}: {line if len(line) <= _SHOWN_CHARS else line[:_SHOWN_CHARS] + '…'}")
    print()
