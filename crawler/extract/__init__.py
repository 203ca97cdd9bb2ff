"""HTML → Article: pure functions on one page, which is parsed once."""

from crawler.extract.article import extract

__all__ = ["extract"]
