"""The command `rasid`, its Python API, and the one name that an installed Rasid adds to an environment.

In the wheel, the packages of the project are below `rasid/project/`, as they are below the folder of a checkout:
docs/decisions.md#the-wheel-adds-one-name. The API is imported when a name of it is first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

__all__ = [
    "Article",
    "CrawlError",
    "CrawlResult",
    "HomeError",
    "ProfileError",
    "QueryError",
    "RelatedArticle",
    "SiteProfile",
    "Store",
    "StoreError",
    "crawl_site",
    "extract",
    "project_folder",
    "read_profile",
    "use_project",
]


def project_folder() -> Path:
    """The folder of the packages `crawler`, `spiders`, `pipelines` and `demo`."""
    installed = Path(__file__).resolve().parent / "project"
    return installed if installed.is_dir() else installed.parent.parent


def use_project() -> None:
    """Make these packages importable in this process, before others of the same name."""
    folder = str(project_folder())
    if folder not in sys.path[:1]:
        sys.path.insert(0, folder)


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    folder = str(project_folder())
    # Only for this import: `spiders` or `docs` of the program's own stay what they are.
    sys.path.insert(0, folder)
    try:
        api = import_module("crawler.api")
    except ModuleNotFoundError as error:
        if error.name != "crawler.api":
            raise
        other = getattr(sys.modules["crawler"], "__file__", None)
        raise ImportError(f"another package `crawler` is imported already ({other}); import from rasid first") from None
    finally:
        sys.path.remove(folder)
    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
