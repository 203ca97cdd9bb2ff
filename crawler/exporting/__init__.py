"""Exporting: all files of an export, the exports that have a name, and those that are due."""
