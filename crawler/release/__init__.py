"""Releases: datasets that can be cited and verified. The same database gives the same bytes."""

from crawler.release.verify import find_problems
from crawler.release.write import Release, write_release

__all__ = ["Release", "find_problems", "write_release"]
