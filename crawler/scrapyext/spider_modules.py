"""The spider classes in SPIDER_MODULES and in `spiders/` of the home. A module that fails costs its own spiders
alone."""

from __future__ import annotations

import importlib
import os
import pkgutil
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType

from scrapy import Spider
from scrapy.utils import misc
from scrapy.utils.spider import iter_spider_classes

from crawler.home import Home

SITE_SPIDER = "spiders.news.NewsSpider"
_RECORDED_SPIDER = "spiders.extracting.ExtractingSpider"

_OWN_PACKAGE = "spiders"
"""The package of our spiders. That of a home adds its modules to it, so that they can import each other and ours."""

_IMPORTERS = frozenset({os.path.dirname(importlib.__file__), os.path.dirname(__file__), os.path.dirname(misc.__file__)})
"""Folders of the code that imports: it is part of each traceback."""


def is_site_spider(spider: type[Spider]) -> bool:
    """Whether a class is a NewsSpider, which crawls a site by its profile."""
    return SITE_SPIDER in _names(spider)


def is_plain(spider: type[Spider]) -> bool:
    """Whether a class is a spider as Scrapy documents them: it is not given a run, and Scrapy's defaults are its own.
    The spiders inside our commands are not."""
    return _RECORDED_SPIDER not in _names(spider) and not spider.__module__.startswith("crawler.")


def _names(spider: type[Spider]) -> set[str]:
    return {f"{base.__module__}.{base.__qualname__}" for base in spider.__mro__}


@dataclass(slots=True)
class SpiderModules:
    """What the modules contain."""

    spiders: dict[str, list[type[Spider]]] = field(default_factory=dict)
    """Name → the classes that have it; more than one is a mistake."""

    problems: dict[str, str] = field(default_factory=dict)
    """Name of a module → why it cannot be imported, in one sentence."""

    @classmethod
    def load(cls, modules: list[str], home: Home | None) -> SpiderModules:
        """Import the modules and packages with these names and all modules below them. `home`: whose folder `spiders`
        is read as well."""
        found = cls()
        if home is not None:
            found._add_folder(str(home.spiders))
        for name in modules:
            for module in found._import(name):
                for spider in iter_spider_classes(module):
                    found.spiders.setdefault(spider.name, []).append(spider)
        return found

    def problem_of(self, name: str) -> str | None:
        """The problem of the modules whose last part is `name`: where a spider of this name is looked for."""
        return next((text for module, text in self.problems.items() if module.rpartition(".")[2] == name), None)

    def _add_folder(self, folder: str) -> None:
        """Make the modules in the folder of a home modules of our package. Those of the same name as one of ours are
        left out."""
        ours = importlib.import_module(_OWN_PACKAGE).__path__
        if not os.path.isdir(folder) or any(os.path.samefile(folder, path) for path in ours if os.path.isdir(path)):
            return
        taken = {info.name for info in pkgutil.iter_modules(ours)}
        for info in pkgutil.iter_modules([folder]):
            if info.name in taken:
                path = f"{folder}/{info.name}.py"
                self.problems[path] = f"{path} is not loaded: Rasid has a module of this name; rename it"
        ours.append(folder)

    def _import(self, name: str) -> Iterator[ModuleType]:
        try:
            module = importlib.import_module(name)
        except (Exception, SystemExit) as error:  # whatever a module does when it is imported
            self.problems[name] = f"{name} cannot be imported: {cause(error)}"
            return
        yield module
        for below in pkgutil.iter_modules(getattr(module, "__path__", []), f"{name}."):
            yield from self._import(below.name)


def cause(error: BaseException) -> str:
    """An exception in one line, with the file and line of the user's code that raised it."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    if isinstance(error, SyntaxError):
        return f"SyntaxError: {error.msg} ({error.filename}, line {error.lineno})"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith("<")]
    own = [frame for frame in frames if os.path.dirname(frame.filename) not in _IMPORTERS]
    return f"{text} ({own[-1].filename}, line {own[-1].lineno})" if own else text
