"""rasid genspider NAME URL: Scrapy's command, for the folder `spiders` of the home, with a template for a site."""

from __future__ import annotations

import argparse
from pathlib import Path
from string import Template
from typing import Any

import scrapy
from scrapy.commands.genspider import Command as ScrapyGenspider
from scrapy.commands.genspider import extract_domain, sanitize_module_name, verify_url_scheme
from scrapy.exceptions import UsageError
from scrapy.utils.template import string_camelcase

from crawler.cli.base import DescribedCommand, check_options
from crawler.cli.editor import edit_files
from crawler.home import PROJECT, Home, program
from crawler.scrapyext.spider_loader import ProfileSpiderLoader

NEWS = "news"
"""The template of ours, for the spider of a site with a profile."""

OURS = frozenset({"archive", "discovering", "extracting", "news"})
"""Modules of our package `spiders`, to which those of the home are added."""

_TEMPLATES = PROJECT / "crawler" / "templates"


class Command(DescribedCommand, ScrapyGenspider):
    """Ends with 1 if there is a spider of this name, and with 2 for wrong usage; nothing is then written."""

    usage = "[options] <name> <domain>"
    summary = "Write a new spider from a template"
    description = (
        "Write spiders/NAME.py in the home, or NAME.py in the current folder outside a home. The template news "
        "is for the own spider of a site that has a profile; the others are Scrapy's."
    )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        check_options(args)
        templates = self._templates()
        if opts.list:
            print("Available templates:")
            print("\n".join(f"  {name}" for name in sorted(templates)))
            return
        template = self._template(opts.dump or opts.template, templates)
        if opts.dump:
            print(template.read_text("utf-8"))
            return
        if len(args) != 2:
            raise UsageError("give a name and a domain or URL, like daily example-daily.com", print_help=False)
        name, module, url = args[0], sanitize_module_name(args[0] or "_"), _url(args[1])
        self._check_name(name, module, url, is_for_site=opts.template == NEWS)
        folder = Path(self._home.spiders if self._home is not None else "")
        path = folder / f"{module}.py"
        if not opts.force and path.exists():
            self.exitcode = 1
            print(f"{path.resolve()} already exists")
            return
        text = Template(template.read_text("utf-8")).substitute(self._variables(name, module, url))
        try:
            folder.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}", print_help=False) from error
        print(f"Created spider {name!r} using template {opts.template!r} in {path}")
        if opts.edit:
            self.exitcode = edit_files(self.settings, [path])

    @property
    def _home(self) -> Home | None:
        assert self.settings is not None
        return Home(Path(str(self.settings["NEWS_HOME"]))) if self.settings["NEWS_HOME"] else None

    def _templates(self) -> dict[str, Path]:
        """Name → file: ours, and those of TEMPLATES_DIR, which are Scrapy's by default."""
        assert self.settings is not None
        folders = (_TEMPLATES, Path(str(self.settings["TEMPLATES_DIR"] or Path(scrapy.__path__[0], "templates"))))
        return {path.stem: path for folder in folders for path in sorted((folder / "spiders").glob("*.tmpl"))}

    @staticmethod
    def _template(name: str, templates: dict[str, Path]) -> Path:
        """A template by its name, or by the path of a .tmpl file. Raises UsageError."""
        given = Path(name if name.endswith(".tmpl") else f"{name}.tmpl")
        if given.is_file():
            return given
        if name in templates:
            return templates[name]
        known = ", ".join(sorted(templates))
        raise UsageError(f"unknown template {name}; give the path of a .tmpl file, or one of {known}", print_help=False)

    def _check_name(self, name: str, module: str, url: str, *, is_for_site: bool) -> None:
        """Raise UsageError for a name with which the spider could not be crawled."""
        assert self.settings is not None
        if module == self.settings["BOT_NAME"]:
            raise UsageError("the spider cannot have the name of the project; choose another one", print_help=False)
        if not name or not module.isidentifier():
            raise UsageError(f"name {name!r}: must consist of letters, digits and _", print_help=False)
        if module in OURS:
            raise UsageError(f"{name}: spiders/{module}.py is a module of Rasid; choose another name", print_help=False)
        loader = ProfileSpiderLoader.from_settings(self.settings)
        profiles, problems = loader.profiles, loader.problems
        other = loader.spiders.get(name)
        if other is not None and other.__module__ != f"spiders.{module}":
            raise UsageError(f"there is a spider {name} in {other.__module__}; choose another name", print_help=False)
        if not is_for_site:
            if name in profiles.keys() | problems.keys():
                raise UsageError(
                    f"{name} is a site with a profile: `{program()} genspider -t {NEWS} {name} {url}` writes its own "
                    "spider, and a spider without a profile needs another name",
                    print_help=False,
                )
        elif name in problems:
            raise UsageError(problems[name], print_help=False)
        elif name not in profiles:
            raise UsageError(
                f"the template {NEWS} requires a profile of {name}, which does not exist; "
                f"`{program()} add {url}` writes one",
                print_help=False,
            )
        elif not profiles[name].owns(url):
            raise UsageError(f"{url} is not on a host of {name}", print_help=False)

    def _variables(self, name: str, module: str, url: str) -> dict[str, Any]:
        """What Scrapy's templates may contain."""
        assert self.settings is not None
        project = str(self.settings["BOT_NAME"])
        return {
            "project_name": project,
            "ProjectName": string_camelcase(project),
            "module": module,
            "name": name,
            "url": url,
            "domain": extract_domain(url),
            "classname": "".join(word.capitalize() for word in module.split("_")) + "Spider",
        }


def _url(text: str) -> str:
    """The URL of a domain or URL. Raises UsageError."""
    try:
        return verify_url_scheme(text)
    except ValueError as error:
        raise UsageError(f"{text}: is not a valid URL: {error}", print_help=False) from error
