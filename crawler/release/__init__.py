"""Release: a dataset that can be cited, the same bytes from the same database, checked by anyone."""

from crawler.release.verify import problems
from crawler.release.write import Release, write_release

__all__ = ["Release", "problems", "write_release"]
