"""What is to be done with a page because of its site's template, and what was done. Light: the crawl imports it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from crawler.extract.templates.observation import Observation
    from crawler.extract.templates.signals import Evidence

Way = Literal["template", "checked", "missed", "full"]


@dataclass(frozen=True, slots=True)
class TemplateTask:
    """What is to be done with a page besides the extraction."""

    template: str | None = None
    """The site's template as JSON."""

    version: int | None = None
    """Its version."""

    check: bool = False
    """Whether the full extraction reads the page as well; its article is then the result."""

    observe: bool = False
    """Whether to note what the page shows, if the full extraction has read it."""


@dataclass(slots=True)
class TemplateUse:
    """How a page was read."""

    way: Way
    """`template`: by the template; `checked`: by both, and the article is that of the full extraction; `missed`: the
    template could not give it; `full`: there was no template."""

    version: int | None = None
    """Of the template that was tried."""

    reason: str | None = None
    """Why it was missed, or why nothing could be noted."""

    differences: list[str] = field(default_factory=list)
    """Of a checked page: in what both readings differ."""

    observation: Observation | None = None
    evidence: Evidence = field(default_factory=dict)
    looks: int = 0
    """How many times the template had learnt to look at more when it gave this evidence."""
