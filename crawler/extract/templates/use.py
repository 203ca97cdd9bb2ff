"""Extract a page of a site that has a template, or that is about to get one."""

from __future__ import annotations

from datetime import datetime

from crawler.extract.templates.lookup import LookedUp, look_up
from crawler.extract.templates.observe import FullReading, NotObservable
from crawler.extract.templates.signals import FieldReading
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
    full = FullReading(html, url, profile, candidate=candidate, fetched=fetched)
    if task.template is None:
        article = full.read(notes=task.observe)
    else:
        whole = full.read(notes=task.observe) if task.check else None
        looked_up = _look_up(html, url, task.template, profile, candidate, fetched, full.fields)
        use.evidence, use.looks = looked_up.evidence, looked_up.looks
        if looked_up.article is None:
            use.way, use.reason = "missed", looked_up.miss
            article = whole or full.read(looked_up.page, notes=task.observe)
        elif whole is None:
            use.way = "template"
            return looked_up.article, use
        else:
            use.way, article = "checked", whole
            use.differences = differences(whole, looked_up.article)
            if looked_up.article.source != whole.source and "authors" in use.evidence:
                use.evidence["authors"] = (use.evidence["authors"][0], False)
            return whole, use
    if task.observe:
        try:
            use.observation = full.observe()
        except NotObservable as error:
            use.reason = use.reason or str(error)
        except Exception as error:
            use.reason = use.reason or f"error: {type(error).__name__}"
    return article, use


def _look_up(
    html: str,
    url: str,
    template: str,
    profile: SiteProfile | None,
    candidate: Candidate | None,
    fetched: datetime | None,
    whole: FieldReading | None,
) -> LookedUp:
    try:
        return look_up(
            html, url, template_from_json(template), profile, candidate=candidate, fetched=fetched, whole=whole
        )
    except Exception as error:  # an error of a template must not cost the article
        return LookedUp(miss=f"error: {type(error).__name__}")
