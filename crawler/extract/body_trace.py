"""What the reading of a body leaves behind for the judgement of how sure it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class BodyTrace:
    """How one body was read. Every step that reads or cuts it adds what it knows anyway."""

    article_text: str = ""
    """The text of the <article> that holds the headline, before anything is cut; empty if there is none."""

    prose: int = 0
    """Characters of running text in the page's paragraphs, after the cuts."""

    linked: int = 0
    """How many characters of the body are link text."""

    was_poor: bool = False
    """Whether the first reading looked poor, so that its fallbacks ran."""

    was_read_again: bool = False
    """Whether a first reading of hardly any text made a second one necessary."""
