"""What is known of one site's template, and what is to be done with its next page."""

from __future__ import annotations

import copy
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.extract.templates.learn import Unlearnable, add_page, have_common, learn
from crawler.extract.templates.observation import Observation, observation_from_json
from crawler.extract.templates.signals import Evidence, add_evidence, is_doubted
from crawler.extract.templates.task import TemplateTask, TemplateUse
from crawler.extract.templates.template import Template, template_from_json
from crawler.extract.templates.verify import is_checked
from crawler.extract.version import extractor

LEARN_FROM = 10
"""Pages that a template is learnt from at most. A sketch on 44 sites of 40 pages gave 83 % of the other pages by it."""

LEARN_EARLY, _EARLY_AGREEMENT = 4, 0.99
"""Fewer pages are enough if the template agrees with them this well. Of 799 pages of 20 sites, 605 were then read by
templates, from six pages on 568, with ten for all sites 499; no page was wrong, nor on 46 sites and after redesigns."""

_TOO_DIFFERENT = 4
"""Noted pages of which no two may have the same container, so that no more are noted. On ten sites of 100 pages, each
page of another template, 40 pages were noted instead of 100; on 46 sites of one template each, no site gave up so."""

# The numbers below were chosen by hand. bench/templates.py shows what they change.
_MAX_UNNOTED = 2 * LEARN_FROM
"""Pages of one attempt that could not be noted, so that no more are tried."""

_CHECK_FIRST = 2
"""Pages that a new template gives and that are checked, whatever their URL: they show which signals are trusted."""

_MIN_SLOW, _MAX_SLOW = 2, 0.3
"""Pages with a field whose signal is doubted, and their share of the pages given, from which the template looks at
more: reading such a page a second time costs more than what is not looked at saves."""

_MAX_FAILURES = 2
"""Pages in a row that a template could not give, also after it has learnt from them, or on which it and the full
extraction differ; then it is retired. From the sketch."""

_NOTED_MISSES = 10
"""Pages that a template could not give and that it learns from; later only such a page right after another."""

_COVERED = 0.9
"""The share of a page's text that a template must give after it has learnt from the page."""

_WAIT, _MAX_WAIT = 100, 2000
"""Pages until the next attempt where no template could be learnt: this many after the first, twice as many after each
further one, at most the second number. An attempt costs about as much as the extraction of ten pages: with 20, a site
of 100 pages without a common template spent that on 30 of them."""

_TRIED, _MIN_GIVEN = 40, 0.4
"""A template that has given less than this share of the latest N pages is retired."""

_PROVEN = 5
"""Pages that a template must have given, so that the next attempt follows at once when it is retired: the site has
changed. One that is retired earlier was no good."""

_KEPT_CHECKS = 50
"""The latest checked pages whose agreement is counted."""

_LATEST_CHECKS = 10
"""A template with two disagreements among these checks is not used any more, also if pages between them agree. On 20
sites of 80 pages, 5 instead of 13 pages were wrong and unnoticed: of a site whose pull quotes and quotes stand under
one path."""

_MAX_OBSERVATIONS = 2 * LEARN_FROM
_NUMBERS = ("learnt", "attempts", "wait", "failures", "slow", "used", "unnoted")
_TEXTS = ("problem", "tried", "profile")


@dataclass
class SiteTemplate:
    """The template of one site, or the pages noted for it, and its record."""

    template: Template | None = None
    text: str | None = None
    """The template as JSON."""

    since: datetime | None = None
    """When it was learnt."""

    observations: list[Observation] = field(default_factory=list)
    """Of pages that the next template is learnt from."""

    problem: str | None = None
    """Why there is no template: why the last attempt failed, or the last template was retired."""

    learnt: int = 0
    """How many templates were learnt so far."""

    attempts: int = 0
    """Attempts in a row that failed."""

    wait: int = 0
    """Pages until pages are noted again."""

    given: int = 0
    """Pages read by the present template."""

    missed: Counter[str] = field(default_factory=Counter)
    """Reason → pages that the present template could not give."""

    tried: str = ""
    """The latest pages, oldest first: 1 where the present template gave the page, else 0."""

    checks: str = ""
    """The latest checked pages of all templates, oldest first: 1 where both readings agreed, else 0."""

    failures: int = 0
    """Pages in a row for which the present template was no use."""

    unnoted: int = 0
    """Pages of the present attempt that could not be noted."""

    slow: int = 0
    used: int = 0
    """Pages with a field whose signal is doubted, and all that the template gave, since it was learnt or looks at
    more."""

    asked: int = field(default=0, compare=False)
    """Tasks given out for the present template: pages are read side by side."""

    noted: int = field(default=0, compare=False)
    """Pages that the present attempt has requested to be noted, of the many that are in progress."""

    profile: str = ""
    """The selectors of the profile and the program that the articles came from: with others, all is learnt again."""

    is_changed: bool = False
    """Whether anything changed since it was stored."""

    def task(self, url: str) -> TemplateTask:
        """What to do with the next page."""
        if self.template is None:
            observe = self.wait == 0 and self.noted < LEARN_FROM
            self.noted += observe
            return TemplateTask(observe=observe)
        check = is_checked(url) or max(self.given, self.asked) < _CHECK_FIRST
        self.asked += 1
        # A page that it cannot give shows first whether the site has changed, later mostly an odd kind of article.
        observe = self.tried[-1:] == "0" or self.missed.total() < _NOTED_MISSES or is_checked(url)
        return TemplateTask(self.text, version=self.template.version, check=check, observe=observe)

    def record(self, use: TemplateUse, now: datetime) -> None:
        """Take in how a page was read."""
        self.is_changed = True
        if use.version is None:
            if self.template is None:
                self._note(use, now)
        elif self.template is not None and use.version == self.template.version:
            self._judge(use, self.template)

    def _note(self, use: TemplateUse, now: datetime) -> None:
        """A page was read without a template: learn one when there are enough of them."""
        if self.wait:
            self.wait -= 1
        elif use.observation is not None:
            self.observations.append(use.observation)
        elif use.reason is not None:  # it could not be noted: another page is to be
            self.noted = max(self.noted - 1, 0)
            self.unnoted += 1
            if self.unnoted >= _MAX_UNNOTED:
                self._give_up(f"{self.unnoted} pages could not be noted, the last one because of: {use.reason}")
                return
        if len(self.observations) == _TOO_DIFFERENT and not have_common(self.observations):
            self._give_up("no two pages have a container in common")
            return
        is_early = len(self.observations) < LEARN_FROM
        if len(self.observations) < LEARN_EARLY or (is_early and use.observation is None):
            return
        try:
            template = learn(self.observations)
        except Unlearnable as error:
            if not is_early:
                self._give_up(str(error))
            return
        if is_early and template.agreement < _EARLY_AGREEMENT:
            return
        self.learnt += 1
        template.version, template.extractor = self.learnt, extractor()
        self._put(template)
        self.since, self.observations, self.problem = now, [], None
        self.given, self.missed, self.tried, self.failures, self.asked, self.noted = 0, Counter(), "", 0, 0, 0
        self.slow = self.used = self.unnoted = 0

    def _judge(self, use: TemplateUse, template: Template) -> None:
        is_given = use.way != "missed"
        self.used += is_given
        if use.evidence and use.looks == template.looks:
            self._weigh(use.evidence, template)
        self.tried = (self.tried + "01"[is_given])[-_TRIED:]
        if not is_given:
            self.missed[use.reason or "unknown"] += 1
            if use.observation is not None:
                self.observations.append(use.observation)
                more, agreement = add_page(template, use.observation)
                self._put(more)
                self._count_failure(agreement < _COVERED, use.reason or "")
        else:
            self.given += 1
            if use.way == "checked":
                self.checks = (self.checks + "01"[not use.differences])[-_KEPT_CHECKS:]
                self._count_failure(bool(use.differences), "other " + ", ".join(use.differences))
                doubted = self.checks[-_LATEST_CHECKS:].count("0") >= _MAX_FAILURES
                if use.differences and doubted and self.template is not None:
                    self.checks = ""  # what health would report is over: no page is read by it any more
                    self._give_up(
                        f"two of the latest {_LATEST_CHECKS} checked pages: other {', '.join(use.differences)}"
                    )
        if self.given >= _PROVEN:
            self.attempts = 0
        if len(self.tried) == _TRIED and self.tried.count("1") < _TRIED * _MIN_GIVEN:
            self.retire("gave too few pages")

    def _weigh(self, page: Evidence, template: Template) -> None:
        """Learn from a page that was read whole as well which signals are right."""
        add_evidence(template.signals, page)
        self.slow += any(is_doubted(template.signals, name, signal) for name, (signal, _) in page.items())
        if self.slow >= _MIN_SLOW and self.slow > self.used * _MAX_SLOW:
            template.look_at_more()
            self.slow = self.used = 0
        self._put(template)

    def _count_failure(self, is_failure: bool, reason: str) -> None:
        self.failures = self.failures + 1 if is_failure else 0
        if not is_failure:
            self.observations = []
        elif self.failures >= _MAX_FAILURES:
            self.retire(f"two pages in a row: {reason}")

    def retire(self, reason: str) -> None:
        """Use the present template no more. The pages that it could not give are the first of the next one."""
        if self.given >= _PROVEN:
            self.template, self.text, self.problem, self.failures, self.unnoted = None, None, reason, 0, 0
            self.observations = self.observations[-_MAX_FAILURES:]
            self.noted = len(self.observations)
        else:
            self._give_up(reason)

    def _give_up(self, reason: str) -> None:
        self.template, self.text, self.observations = None, None, []
        self.failures = self.noted = self.unnoted = 0
        self.problem = reason
        self.wait = min(_WAIT << min(self.attempts, 16), _MAX_WAIT)
        self.attempts += 1

    def _put(self, template: Template) -> None:
        self.template, self.text = template, template.to_json()


def state_to_json(site: SiteTemplate) -> str:
    """What is stored besides template, since, given, missed and checks."""
    values = {name: getattr(site, name) for name in (*_NUMBERS, *_TEXTS)}
    values["observations"] = [observation.to_json() for observation in site.observations]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def site_from_json(
    template: str | None, since: datetime | None, given: int, missed: str, checks: str, state: str
) -> SiteTemplate:
    """Read what is stored. The database may be damaged. Raises ValueError."""
    try:
        counts, values = json.loads(missed), json.loads(state)
        observations = [observation_from_json(one) for one in values["observations"][:_MAX_OBSERVATIONS]]
        site = SiteTemplate(
            template=None if template is None else copy.deepcopy(template_from_json(template)),
            text=template,
            since=since,
            observations=observations,
            given=_count(given),
            missed=Counter({str(reason): _count(pages) for reason, pages in counts.items()}),
            checks=_marks(checks)[-_KEPT_CHECKS:],
        )
        for name in _NUMBERS:
            setattr(site, name, _count(values[name]))
        for name in _TEXTS:
            setattr(site, name, values[name] if values[name] is None and name == "problem" else str(values[name]))
        site.tried = _marks(site.tried)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    return site


def _count(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**53:
        raise ValueError(f"not a count: {str(value)[:40]}")
    return value


def _marks(value: Any) -> str:
    if not isinstance(value, str) or value.strip("01"):
        raise ValueError(f"not a row of 0 and 1: {str(value)[:40]}")
    return value
