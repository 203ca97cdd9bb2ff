"""The structure of a body: which of its paragraphs are subheadings, list items, quotes, rows of a table or code."""

from __future__ import annotations

from crawler.structure.html import body_html
from crawler.structure.markdown import body_markdown
from crawler.structure.roles import Role, roles_of, structure_of, structure_of_part

__all__ = ["Role", "body_html", "body_markdown", "roles_of", "structure_of", "structure_of_part"]
