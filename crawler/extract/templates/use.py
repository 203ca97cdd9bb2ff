"""Extract a page of a site that has a template, or that is about to get one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from crawler.extract.article import article_of_page, extract
from crawler.extract.templates.lookup import look_up
from crawler.extract.templates.observation import Observation
from crawler.extract.templates.observe import NotObservable, observe
from crawler.extract.templates.signals import Evidence
from crawler.extract.templates.template import template_from_json
from crawler.extract.templates.verify import differences
from crawler.items import Article, Candidate
from crawler.profile import SiteProfile

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


def extract_by_task(
    html: str,
    url: str,
    task: TemplateTask,
    profile: SiteProfile | None = None,
    *,
    candidate: Candidate | None = None,
    fetched: datetime | None = None,
) -> tuple[Article, TemplateUse]:
    """The article of a page, and how it was read."""
    use = TemplateUse("full", task.version)
    article: Article | None = None
    if task.template is not None:
        looked_up = look_up(html, url, template_from_json(task.template), profile, candidate=candidate, fetched=fetched)
        use.evidence = looked_up.evidence
        if looked_up.article is None:
            use.way, use.reason = "missed", looked_up.miss
            if looked_up.page is not None:
                article = article_of_page(looked_up.page, html, candidate=candidate, fetched=fetched)
        elif not task.check:
            use.way = "template"
            return looked_up.article, use
        else:
            use.way = "checked"
            article = extract(html, url, profile, candidate=candidate, fetched=fetched)
            use.differences = differences(article, looked_up.article)
    if article is None:
        article = extract(html, url, profile, candidate=candidate, fetched=fetched)
    if task.observe and use.way != "checked":
        try:
            use.observation = observe(html, url, article, profile=profile, fetched=fetched)
        except NotObservable as error:
            use.reason = use.reason or str(error)
    return article, use
