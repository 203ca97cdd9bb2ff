"""Every profile is a spider, and so is every class in SPIDER_MODULES, as in any Scrapy project.

The class of a site is the one that its profile names (`spider`), else the one in SPIDER_MODULES with its name, else
NewsSpider. A home's folder `spiders` belongs to the package `spiders`.
"""

from __future__ import annotations

import builtins
import logging
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from crawler.home import Home, program
from crawler.profile import SiteProfile
from crawler.profiles import read_profiles
from crawler.profiles.setting_rules import unknown_setting
from crawler.scrapyext.profile_settings import OfProfile
from crawler.scrapyext.spider_modules import SITE_SPIDER, SpiderModules, cause, is_plain, is_site_spider
from crawler.site_names import find_owner, named

logger = logging.getLogger(__name__)


class SpiderNotLoaded(KeyError):
    """The spider of a profile cannot be made; the argument is the problem in one sentence."""


class ProfileSpiderLoader:
    """Makes a spider class of each valid profile. A broken one is in `problems` by name and affects no other site.

    The modules of spiders are imported when the first spider is asked for, not with the loader: Scrapy makes one for
    every command."""

    def __init__(self, folder: Path, modules: builtins.list[str], home: Home | None = None) -> None:
        """`folder`: of the profiles. `modules`: SPIDER_MODULES. `home`: whose spiders are loaded as well."""
        self.folder = folder
        self.profiles, self.problems = read_profiles(folder)
        self._names = modules
        self._home = home
        self._is_reported = False

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Called by Scrapy for every command."""
        home = Home(Path(str(settings["NEWS_HOME"]))) if settings["NEWS_HOME"] else None
        return cls(Path(str(settings["NEWS_SITES"])), settings.getlist("SPIDER_MODULES"), home)

    def list(self) -> builtins.list[str]:
        """Names of all sites, then of all plain spiders, that can be crawled."""
        sites = self.profiles.keys() - self.spider_problems.keys()
        return [*sorted(sites), *(name for name, spider in self.spiders.items() if is_plain(spider))]

    def has(self, spider_name: str) -> bool:
        """Whether there is a profile or a spider with this name, broken or not."""
        return spider_name in {*self.profiles, *self.problems} or spider_name in {*self.spiders, *self.spider_problems}

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of a site, or the spider itself. Raises KeyError with the problem if there is none,
        SpiderNotLoaded if that of a profile cannot be made."""
        if spider_name in self.spiders:
            return self.spiders[spider_name]
        problem = self.problems.get(spider_name) or self.spider_problems.get(spider_name)
        self._report_modules(problem or "")
        if problem is None and spider_name not in self.profiles:
            problem = f"unknown spider {spider_name}; `{program()} list` lists the sites and spiders"
        profile = self.profiles.get(spider_name)
        if problem is None and profile is not None and (missing := profile.missing_variable):
            problem = missing
        if problem is not None or profile is None:
            raise (SpiderNotLoaded if profile is not None else KeyError)(problem)
        name = f"{spider_name.title().replace('_', '')}Spider"
        return type(name, (OfProfile, self._class_of(profile)), {"name": spider_name, "profile": profile})

    def with_own_reading(self) -> frozenset[str]:
        """Names of the sites whose class reads the articles itself, or cannot be loaded: the extraction of an archived
        page is not what the site's spider makes of it."""
        generic = load_object(SITE_SPIDER)
        return frozenset(name for name in self.profiles if not self._reads_like(generic, name))

    def _reads_like(self, generic: Any, name: str) -> bool:
        try:
            spider: Any = self._class_of(self.profiles[name])
        except SpiderNotLoaded:
            return False
        return bool(spider.read_article is generic.read_article and spider.parse_article is generic.parse_article)

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """Names of the sites that own the request's URL: more than one only if they have the same part of its host. If
        none does, those of the plain spiders with its host in their `allowed_domains`."""
        match = find_owner(request.url, [named(profile) for profile in self.profiles.values()])
        if match is not None:
            return [match.name] if match.name is not None else builtins.list(match.suggestions)
        plain = {name: spider for name, spider in self.spiders.items() if is_plain(spider)}
        return [name for name, spider in plain.items() if spider.handles_request(request)]

    @cached_property
    def spiders(self) -> Mapping[str, type[Spider]]:
        """The spiders that are not of a site, by name, without those of `spider_problems`."""
        found = self._modules.spiders
        names = found.keys() - self.spider_problems.keys() - self.profiles.keys()
        return {name: found[name][0] for name in sorted(names) if not is_site_spider(found[name][0])}

    @property
    def module_problems(self) -> Mapping[str, str]:
        """Module that cannot be imported → why, in one sentence."""
        return self._modules.problems

    @cached_property
    def spider_problems(self) -> Mapping[str, str]:
        """Name of a spider that cannot be crawled → why, in one sentence. The modules themselves are in
        `module_problems`."""
        problems = {name: self._problem(name, spiders) for name, spiders in self._modules.spiders.items()}
        for name in self.profiles:
            # Not crawled by the generic spider: it might store what a page shows without a login.
            if why := self._modules.problem_of(name):
                problems[name] = f"{name} was not crawled: {why}"
        return {name: problem for name, problem in problems.items() if problem is not None}

    def _problem(self, name: str, spiders: builtins.list[type[Spider]]) -> str | None:
        first = spiders[0]
        path = f"{first.__module__}.{first.__qualname__}"
        if len(spiders) > 1:
            places = " and ".join(f"{spider.__module__}.{spider.__qualname__}" for spider in spiders)
            return f"{name}: {places} have the same name; rename one of them"
        if name in self.profiles and not is_site_spider(first):
            return f"spider {name} in {first.__module__}: {_no_site_spider(name)}"
        is_used = name in {*self.profiles, *self.problems} or path in {each.spider for each in self.profiles.values()}
        if is_site_spider(first) and not is_used:
            return f"{name}: {path} is the spider of a site, which needs a profile: there is no sites/{name}.toml"
        return None

    def _report_modules(self, reported: str) -> None:
        """Report the modules that cannot be imported, once. `reported`: what its caller reports."""
        for problem in () if self._is_reported else self.module_problems.values():
            if problem not in reported:
                logger.error("%s; the spiders in it are left out", problem)
        self._is_reported = True

    def _class_of(self, profile: SiteProfile) -> type[Spider]:
        """The class that the spider of a profile is made of. Raises SpiderNotLoaded with the problem."""
        if problem := self.spider_problems.get(profile.name):
            raise SpiderNotLoaded(problem)
        generic: type[Spider] = load_object(SITE_SPIDER)
        if profile.spider is None:
            spider = self._modules.spiders.get(profile.name, [generic])[0]
        else:
            spider = _named_class(profile.name, profile.spider, generic)
        for setting in spider.custom_settings or {}:
            if problem := unknown_setting(setting):
                logger.warning("custom_settings of %s.%s: %s", spider.__module__, spider.__qualname__, problem)
        return spider

    @cached_property
    def _modules(self) -> SpiderModules:
        return SpiderModules.load(self._names, self._home)


def _named_class(site: str, path: str, generic: type[Spider]) -> type[Spider]:
    """The class that the profile of a site names. Raises SpiderNotLoaded with the problem."""
    source = f"{site}.toml: spider = {path!r}"
    try:
        spider = load_object(path)
    except Exception as error:
        raise SpiderNotLoaded(f"{source}: cannot be imported: {cause(error)}") from error
    if isinstance(spider, type) and issubclass(spider, generic):
        return spider
    raise SpiderNotLoaded(f"{source}: {_no_site_spider(site)}")


def _no_site_spider(name: str) -> str:
    return (
        f"must be a subclass of {SITE_SPIDER}, because {name}.toml is the profile of a site; a spider without a "
        "profile needs another name"
    )
