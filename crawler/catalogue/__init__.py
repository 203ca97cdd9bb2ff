"""The catalogue: news sites of the world, as public lists describe them. Not verified: `rasid add` checks an entry."""

from crawler.catalogue.entry import KINDS, CatalogueError, Entry
from crawler.catalogue.sites import close_names, entries, find, search, sources

__all__ = ["KINDS", "CatalogueError", "Entry", "close_names", "entries", "find", "search", "sources"]
