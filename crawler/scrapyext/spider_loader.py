"""Every profile is a spider: `rasid list` and `rasid crawl <site>` read sites/*.toml. A class in spiders/ with
`standalone = True` is not a site and needs no profile: it can be crawled, and is not listed.

The class of a site is the one that its profile names (`spider`), else the one in SPIDER_MODULES with its name, else
NewsSpider. A home's folder `spiders` belongs to the package `spiders`.
"""

from __future__ import annotations

import builtins
import importlib
import logging
import os
import pkgutil
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy.utils import misc
from scrapy.utils.misc import load_object
from scrapy.utils.spider import iter_spider_classes

from crawler.home import Home, program
from crawler.profile import SiteProfile
from crawler.profiles import read_profiles
from crawler.profiles.setting_rules import unknown_setting
from crawler.scrapyext.profile_settings import OfProfile
from crawler.site_names import find_owner, named

logger = logging.getLogger(__name__)

_SPIDER = "spiders.news.NewsSpider"
_PACKAGE = "spiders"
"""The package of our spiders, to which those of a home are added."""


_IMPORTERS = frozenset({os.path.dirname(importlib.__file__), os.path.dirname(__file__), os.path.dirname(misc.__file__)})
"""Folders of the code that imports: it is part of each traceback."""


class SpiderNotLoaded(KeyError):
    """The spider of a profile cannot be made; the argument is the problem in one sentence."""


class ProfileSpiderLoader:
    """Makes a spider class of each valid profile. A broken one is in `problems` by name and affects no other site."""

    def __init__(self, folder: Path, modules: builtins.list[str], home: Home | None = None) -> None:
        """`folder`: of the profiles. `modules`: SPIDER_MODULES. `home`: whose spiders are loaded as well."""
        self.folder = folder
        self.profiles, self.problems = read_profiles(folder)
        self._modules = modules
        self._home = home
        self._by_name: dict[str, type[Spider]] | None = None
        self._broken: dict[str, str] = {}
        """Module that cannot be imported → why, in one sentence."""

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Called by Scrapy for every command."""
        home = Home(Path(str(settings["NEWS_HOME"]))) if settings["NEWS_HOME"] else None
        return cls(Path(str(settings["NEWS_SITES"])), settings.getlist("SPIDER_MODULES"), home)

    def list(self) -> builtins.list[str]:
        """Names of all sites that can be crawled."""
        return sorted(self.profiles)

    def has(self, spider_name: str) -> bool:
        """Whether there is a profile with this name, broken or not, or a spider that needs none."""
        return spider_name in {*self.profiles, *self.problems} or spider_name in self._standalone_spiders()

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of a site. Raises KeyError with the problem if there is none, SpiderNotLoaded if that of a
        profile cannot be made."""
        if spider_name in self.problems:
            raise KeyError(self.problems[spider_name])
        if spider_name not in self.profiles:
            if spider_name in self._standalone_spiders():
                return self._standalone_spiders()[spider_name]
            raise KeyError(f"unknown site {spider_name}; `{program()} list` lists the sites")
        profile = self.profiles[spider_name]
        if missing := profile.missing_variable:
            raise SpiderNotLoaded(missing)
        name = f"{spider_name.title().replace('_', '')}Spider"
        return type(name, (OfProfile, self._class_of(profile)), {"name": spider_name, "profile": profile})

    def with_own_reading(self) -> frozenset[str]:
        """Names of the sites whose class reads the articles itself, or cannot be loaded: the extraction of an archived
        page is not what the site's spider makes of it."""
        generic = load_object(_SPIDER)
        return frozenset(name for name in self.profiles if not self._reads_like(generic, name))

    def _reads_like(self, generic: Any, name: str) -> bool:
        try:
            spider: Any = self._class_of(self.profiles[name])
        except SpiderNotLoaded:
            return False
        return bool(spider.read_article is generic.read_article and spider.parse_article is generic.parse_article)

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """Names of the sites that own the request's URL: more than one only if they have the same part of its host."""
        match = find_owner(request.url, [named(profile) for profile in self.profiles.values()])
        return [] if match is None else [match.name] if match.name is not None else builtins.list(match.suggestions)

    def _class_of(self, profile: SiteProfile) -> type[Spider]:
        """The class that the spider of a profile is made of. Raises SpiderNotLoaded with the problem."""
        generic: type[Spider] = load_object(_SPIDER)
        if profile.spider is not None:
            self._add_home()
            source = f"{profile.name}.toml: spider = {profile.spider!r}"
            try:
                spider = load_object(profile.spider)
            except Exception as error:
                raise SpiderNotLoaded(f"{source}: cannot be imported: {_cause(error)}") from error
        else:
            spider = self._classes().get(profile.name, generic)
            source = f"spider {profile.name} in {spider.__module__}"
            for module, why in self._broken.items():
                # Not crawled by the generic spider: it might store what a page shows without a login.
                if module.rpartition(".")[2] == profile.name:
                    raise SpiderNotLoaded(f"{profile.name} was not crawled: {why}")
        if not (isinstance(spider, type) and issubclass(spider, generic)):
            raise SpiderNotLoaded(
                f"{source}: must be a subclass of {_SPIDER}, because {profile.name}.toml is the profile of a site; a "
                "spider without a profile needs another name"
            )
        for setting in spider.custom_settings or {}:
            if problem := unknown_setting(setting):
                logger.warning("custom_settings of %s.%s: %s", spider.__module__, spider.__qualname__, problem)
        return spider

    def _standalone_spiders(self) -> dict[str, type[Spider]]:
        return {name: spider for name, spider in self._classes().items() if getattr(spider, "standalone", False)}

    def _classes(self) -> dict[str, type[Spider]]:
        """The spider classes of SPIDER_MODULES by name. A module that cannot be imported is left out."""
        if self._by_name is None:
            self._add_home()
            modules = [module for name in self._modules for module in self._importable_modules(name)]
            self._by_name = {spider.name: spider for module in modules for spider in iter_spider_classes(module)}
        return self._by_name

    def _importable_modules(self, name: str) -> Iterator[ModuleType]:
        """A module, and if it is a package those in it."""
        try:
            module = importlib.import_module(name)
        except Exception as error:
            self._broken[name] = f"{name} cannot be imported: {_cause(error)}"
            logger.error("%s; the spiders in it are left out", self._broken[name])
            return
        yield module
        for info in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
            yield from self._importable_modules(info.name)

    def _add_home(self) -> None:
        """Make the modules in the folder `spiders` of the home modules of our package. Those of the same name as one of
        ours are left out."""
        ours = importlib.import_module(_PACKAGE).__path__
        folder = str(self._home.spiders) if self._home is not None else ""
        if not os.path.isdir(folder) or any(os.path.samefile(folder, path) for path in ours):
            return
        taken = {info.name for info in pkgutil.iter_modules(ours)}
        for info in pkgutil.iter_modules([folder]):
            if info.name in taken:
                logger.error("%s/%s.py is not loaded: Rasid has a module of this name; rename it", folder, info.name)
        ours.append(folder)


def _cause(error: Exception) -> str:
    """An exception in one line, with the file and line of the user's code that raised it."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith("<")]
    own = [frame for frame in frames if os.path.dirname(frame.filename) not in _IMPORTERS]
    return f"{text} ({own[-1].filename}, line {own[-1].lineno})" if own else text
