"""Health checks: rules that compare a site with its own past.

docs/unattended.md describes the rules. Each needs enough evidence that a quiet weekend, a holiday or a few odd pages
cause no alarm: a share must have fallen far, and further than chance would explain.
"""

from crawler.health.checkup import examine_and_record, examine_site, examine_sites, new_findings
from crawler.health.finding import Finding

__all__ = ["Finding", "examine_and_record", "examine_site", "examine_sites", "new_findings"]
