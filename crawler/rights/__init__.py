"""Rights: what robots.txt, headers, pages, tdmrep.json and RSL documents say of the uses of a page.

Pure functions: bytes and headers to signals, and signals to a decision for each use. Nothing of it is legal advice:
docs/rights.md says what is read, and what is not.
"""

from crawler.rights.decide import HostRights, LicenceFile, page_rights
from crawler.rights.page import DIRECTIVES, PRICED, PageSignals, priced_signal, read_page
from crawler.rights.robots_lines import RobotsRights, licence_url, read_robots
from crawler.rights.rsl import RslDocument, parse_rsl
from crawler.rights.signals import USES, Decision, PageRights, Signal, Use, signals_from_json
from crawler.rights.tdmrep import file_rules

__all__ = [
    "DIRECTIVES",
    "PRICED",
    "USES",
    "Decision",
    "HostRights",
    "LicenceFile",
    "PageRights",
    "PageSignals",
    "RobotsRights",
    "RslDocument",
    "Signal",
    "Use",
    "file_rules",
    "licence_url",
    "page_rights",
    "parse_rsl",
    "priced_signal",
    "read_page",
    "read_robots",
    "signals_from_json",
]
