"""Extraction in other processes: a pool for a crawl, a single worker for JSON Lines."""

GRACE_SECONDS = 5
"""How much longer than a page's own time limit the limit around it is, so that the inner one reports first.
Chosen by hand; no measurement is recorded."""
