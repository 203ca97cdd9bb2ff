"""Rights: what robots.txt, headers, pages, tdmrep.json and RSL documents say of the uses of a page.

Pure functions: bytes and headers to signals, and signals to a decision for each use. Nothing of it is legal advice:
docs/rights.md says what is read, and what is not.
"""
