"""Extract a page of a site that has a template, or that is about to get one."""

from __future__ import annotations

from datetime import datetime

from crawler.extract.article import article_of_page, extract
from crawler.extract.templates.lookup import LookedUp, look_up
from crawler.extract.templates.observe import NotObservable, observe
from crawler.extract.templates.task import TemplateTask, TemplateUse
from crawler.extract.templates.template import template_from_json
from crawler.extract.templates.verify import differences
from crawler.items import Article, Candidate
from crawler.profile import SiteProfile


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
        try:
            template = template_from_json(task.template)
            looked_up = look_up(html, url, template, profile, candidate=candidate, fetched=fetched)
        except Exception as error:  # an error of a template must not cost the article
            looked_up = LookedUp(miss=f"error: {type(error).__name__}")
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
        except Exception as error:
            use.reason = use.reason or f"error: {type(error).__name__}"
    return article, use
