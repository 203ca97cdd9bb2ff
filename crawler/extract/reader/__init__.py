"""trafilatura's reading of a body, entered where our tree is ready.

`trafilatura.bare_extraction` copies a tree four times, prepares metadata and text that we do not use, and asks XPath
expressions with regular expressions about each element. Here its steps run on one copy, its conditions on classes and
ids are asked once for each name, and its fallbacks continue from the first reading. The rules and the functions that
handle elements are trafilatura's own (`private.py`), and so is the result: tests/test_extract_reader.py compares both.
See docs/decisions.md#trafilatura-is-entered-below-its-public-function.
"""
