"""The ledger of a site: what its channels announced for each day, what became of it, and what none of them named."""

from crawler.ledger.account import LedgerDay, SiteLedger, site_channels, site_ledger
from crawler.ledger.estimate import Unnamed

__all__ = ["LedgerDay", "SiteLedger", "Unnamed", "site_channels", "site_ledger"]
