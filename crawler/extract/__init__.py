"""HTML → Article: pure functions on one page, which is parsed once."""

import sys
from types import ModuleType

from crawler.extract.article import extract

__all__ = ["extract"]


class _CallablePackage(ModuleType):
    """`from crawler import extract` gives this package, which is then called as the function: one name cannot be both,
    and which of them the import gave would depend on what was imported before."""

    __call__ = staticmethod(extract)


sys.modules[__name__].__class__ = _CallablePackage
