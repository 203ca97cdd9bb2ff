"""rasid runspider FILE: Scrapy's command."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from scrapy import Spider
from scrapy.commands.runspider import Command as ScrapyRunspider
from scrapy.exceptions import UsageError
from scrapy.utils.spider import iter_spider_classes

from crawler.cli.at_prompt import ABOVE_SPIDERS
from crawler.cli.base import DescribedCommand, check_options
from crawler.cli.check_settings import check_identity, check_settings
from crawler.cli.plain_crawl import crawl_plain
from crawler.home import program
from crawler.scrapyext.spider_modules import is_site_spider


class Command(DescribedCommand, ScrapyRunspider):
    """Ends with 0, with 1 if the spider had errors or no response, and with 2 for wrong usage."""

    usage = "[options] <spider_file>"
    summary = "Run a spider from a Python file"
    description = "Run the spider in a file that is not in the folder `spiders` of the home."

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy, before it makes the crawler process."""
        super().process_options(args, opts)
        assert self.settings is not None
        check_settings(self.settings)
        check_identity(self.settings)
        # Scrapy's setting for this command is below those of a project.
        self.settings.setdict(self.default_settings, priority=ABOVE_SPIDERS)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.crawler_process is not None
        check_options(args)
        if len(args) != 1:
            raise UsageError("give the name of one Python file", print_help=False)
        self.exitcode = crawl_plain(self.crawler_process, _spider_in(Path(args[0])), opts.spargs)


def _spider_in(path: Path) -> type[Spider]:
    """The last spider class in a file. Raises UsageError."""
    if not path.is_file() or path.suffix not in (".py", ".pyw"):
        raise UsageError(f"{path}: is not a Python file", print_help=False)
    sys.path.insert(0, str(path.resolve().parent))
    try:
        module = importlib.import_module(path.stem)
    except Exception as error:  # whatever the code of the user raises
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise UsageError(f"{path}: cannot be imported: {reason}", print_help=False) from error
    finally:
        sys.path.pop(0)
    spiders = list(iter_spider_classes(module))
    if not spiders:
        raise UsageError(f"{path}: has no spider with a name", print_help=False)
    spider = spiders[-1]
    if is_site_spider(spider):
        raise UsageError(
            f"{path}: {spider.__name__} is the spider of a site, which needs its profile: put the file into the folder "
            f"spiders of the home, and run `{program()} crawl {spider.name}`",
            print_help=False,
        )
    return spider
