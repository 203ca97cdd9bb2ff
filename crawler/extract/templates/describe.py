"""A site's template in words, for people."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extract.templates.signals import FIELDS, is_trusted
from crawler.extract.templates.site import LEARN_EARLY, LEARN_FROM, SiteTemplate
from crawler.extract.templates.template import Template
from crawler.text import counted


def described(name: str, site: SiteTemplate) -> Iterator[str]:
    """Lines: the template of a site with its record, or why it has none."""
    template = site.template
    if template is None:
        yield f"{name}: no template"
        if site.problem:
            yield f"why: {site.problem}"
        if site.wait:
            yield f"next attempt: after {counted(site.wait, 'page')}"
        else:
            pages = counted(len(site.observations), "page")
            yield f"noted: {pages}; a template needs {LEARN_EARLY} to {LEARN_FROM}"
    else:
        yield f"{name}: template {template.version}, by {template.extractor}"
        if site.since:
            yield f"learnt: {site.since:%Y-%m-%d %H:%M} UTC, from {counted(template.pages, 'page')}"
        yield f"agreement with them: {template.agreement:.1%} of the text"
        yield from _record(site)
        yield from _paths(template)
        yield from _signals(template)
    if site.checks:
        pages = counted(len(site.checks), "page")
        yield f"checked: {site.checks.count('1')} of the latest {pages} agree with the full extraction"


def _record(site: SiteTemplate) -> Iterator[str]:
    missed = sum(site.missed.values())
    if tried := site.given + missed:
        yield f"pages by template: {site.given} of {tried} ({site.given / tried:.0%})"
    for reason, pages in site.missed.most_common():
        yield f"  missed: {reason}: {pages}"


def _paths(template: Template) -> Iterator[str]:
    yield f"container: {template.way}"
    groups = {"kept": template.kept, "undecided": template.undecided}
    groups["cut"] = frozenset(template.paths) - template.kept - template.undecided
    for title, paths in groups.items():
        if paths:
            yield f"{title}:"
        for path in sorted(paths, key=lambda path: -sum(template.paths[path])):
            kept, cut = template.paths[path]
            if not kept + cut:
                yield f"  {path.strip()}  (by a later step)"
                continue
            counts = f"kept {kept} times, cut {cut} times" if kept and cut else f"{counted(kept + cut, 'time')}"
            yield f"  {path.strip()}  ({counts})"
    if template.dropped:
        yield "not looked at:"
        yield from (f"  {path}" for path in sorted(template.dropped))


def _signals(template: Template) -> Iterator[str]:
    yield "fields:"
    for name in FIELDS:
        signals = template.signals.get(name, {})
        for signal, (seen, right) in sorted(signals.items(), key=lambda item: -item[1][0]):
            trust = (
                ""
                if is_trusted(template.signals, name, signal) or not template.dropped
                else "; now from the whole page"
            )
            yield f"  {name}: {signal}  (right on {right} of {counted(seen, 'page')} read in both ways{trust})"
