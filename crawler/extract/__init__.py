"""HTML → Article: pure functions over one page, parsed once."""

from crawler.extract.article import extract

__all__ = ["extract"]
