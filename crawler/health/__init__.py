"""Whether a site is what it was: rules that compare it with its own past. Pure: what to judge is handed in.

docs/unattended.md has the rules in words. Each asks for so much evidence that a quiet weekend, a holiday or a handful
of odd pages is no alarm: a share must have fallen far, and chance must be an unlikely reason.
"""

from crawler.health.checkup import examine_sites, new_complaints
from crawler.health.finding import Complaint

__all__ = ["Complaint", "examine_sites", "new_complaints"]
