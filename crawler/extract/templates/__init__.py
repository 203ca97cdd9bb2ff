"""Learned templates: where the pages of a site have their body, learnt from pages that the full extraction has read.

Pure: pages and articles in, observations and templates out. `observe` notes what one page shows, `learn` makes a
template of some such notes, `lookup` reads a page by it, `site` decides for a site which of these is next. See
docs/templates.md.
"""
