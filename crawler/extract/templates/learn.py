"""A template from what several pages of a site show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import fmean

from crawler.extract.templates.blocks import RUN
from crawler.extract.templates.observation import CUT, KEPT, SHARES, STANDFIRST, Observation
from crawler.extract.templates.paths import is_below, prefixes
from crawler.extract.templates.template import Template

MIN_AGREEMENT = 0.97
"""The share of the text of its own pages that a template must give as the full extraction does. From a sketch on 44
sites of 40 pages: templates below it had the wrong container, or were of sites with several layouts."""

# The numbers below were chosen by hand. bench/templates.py shows what they change.
_MIN_SHARE = 0.7
"""The share of the pages that must have the container."""

_MAX_AMBIGUOUS = 0.1
"""The share of the pages on which the way may lead to several elements."""

_MIN_SEEN = 2
"""Pages on which an element beside the way was seen, so that it may be removed."""

_AS_GOOD = 0.002
"""Of containers that agree as well as the best one, up to this, the smallest is taken: the less is in it, the less must
be looked at."""

_MIN_DEPTH = 3
"""Steps of a way: html, body and one element."""


class Unlearnable(Exception):
    """The pages have no common template; the message says why."""


def learn(observations: Sequence[Observation]) -> Template:
    """The template that agrees best with these pages. Raises Unlearnable."""
    candidates: dict[str, Template] = {}
    for share in range(len(SHARES)):
        for pages in (1.0, _MIN_SHARE):
            way = _common_way(observations, share, pages)
            if way is not None and way not in candidates:
                candidates[way] = _template(way, observations)
    if not candidates:
        raise Unlearnable("the pages have no container in common")
    most = max(template.agreement for template in candidates.values())
    best = max(
        (template for template in candidates.values() if template.agreement >= most - _AS_GOOD),
        key=lambda template: _depth(template.way),
    )
    if best.agreement < MIN_AGREEMENT:
        raise Unlearnable(f"agrees with its own pages on {best.agreement:.3f} of their text")
    return best


def have_common(observations: Sequence[Observation]) -> bool:
    """Whether the container of at least one of these pages may be that of another."""
    ways = [set(_ways(one, len(SHARES) - 1)) for one in observations]
    containers = [{top for top in one.tops if _depth(top) >= _MIN_DEPTH} for one in observations]
    return any(
        not tops.isdisjoint(others)
        for number, tops in enumerate(containers)
        for others in (*ways[:number], *ways[number + 1 :])
    )


def add_page(template: Template, observation: Observation) -> tuple[Template, float]:
    """The template with one more page that it could not give, and its agreement with that page, 0 to 1. Prose outside
    of the container is not added: a full extraction that loses a part of a new layout would teach that it is normal."""
    if template.way not in _ways(observation):
        return template, 0.0
    more = _counted(template, [observation])
    return more, agreement(more, observation)


def agreement(template: Template, observation: Observation) -> float:
    """How much of the text of a page the template and the full extraction both give, of what either gives."""
    both = missing = extra = inside = 0
    for path, length, state in observation.blocks:
        relative = _relative(path, template.way)
        is_given = relative is not None and (relative in template.kept or _is_mostly_kept(template, relative))
        if state == KEPT:
            inside += length
            both += length if is_given else 0
            missing += 0 if is_given else length
        elif state == STANDFIRST:
            inside += length
        elif state == CUT and is_given:
            extra += length
    lost = max(0, observation.length - inside)
    return both / max(1, both + missing + extra + lost)


def _is_mostly_kept(template: Template, path: str) -> bool:
    kept, cut = template.paths.get(path, (0, 0))
    return path in template.undecided and kept >= cut


def _common_way(observations: Sequence[Observation], share: int, pages: float) -> str | None:
    """The deepest path that the containers of this share of the pages have in common, and that leads to one element."""
    ways = Counter(way for one in observations for way in _ways(one, share))
    repeated = Counter(way for one in observations for way in one.repeated)
    fit = [
        way
        for way, number in ways.items()
        if number >= pages * len(observations) and repeated[way] <= _MAX_AMBIGUOUS * number
    ]
    deepest = max(fit, key=_depth, default="")
    return deepest if _depth(deepest) >= _MIN_DEPTH else None


def _depth(way: str) -> int:
    return way.count(" ") + 1


def _ways(observation: Observation, share: int = -1) -> list[str]:
    """The paths from the root to a page's container."""
    return prefixes(observation.tops[share])


def _template(way: str, observations: Sequence[Observation]) -> Template:
    template = Template(
        way=way,
        paths={},
        known=set(),
        outside={path for one in observations for path in one.outside if not is_below(path, way)},
        dropped=_dropped(way, observations),
        opened={path for one in observations for path in one.opened},
        signals={},
        shortest=min(one.length for one in observations),
        longest=max(one.length for one in observations),
        is_declared=all(one.is_declared for one in observations),
        is_plain=all(one.is_plain for one in observations),
        pages=0,
        agreement=0.0,
    )
    template = _counted(template, observations)
    template.agreement = fmean(agreement(template, one) for one in observations)
    return template


def _dropped(way: str, observations: Sequence[Observation]) -> set[str]:
    seen = Counter(path for one in observations for path in one.unneeded)
    needed = {path for one in observations for path in one.needed}
    closed = {path for one in observations for path in set(one.needed) - set(one.opened)}
    return {
        path
        for path, pages in seen.items()
        if pages >= _MIN_SEEN
        and path not in needed
        and closed.isdisjoint(prefixes(path))
        and not is_below(path, way)
        and not is_below(way, path)
    }


def _counted(template: Template, observations: Sequence[Observation]) -> Template:
    """A copy with the blocks and elements of more pages."""
    paths = {path: list(counts) for path, counts in template.paths.items()}
    known = set(template.known)
    for observation in observations:
        for path, _, state in observation.blocks:
            relative = _relative(path, template.way)
            if relative is not None:  # also what a later step cut each time: its path is known
                counts = paths.setdefault(relative, [0, 0])
                counts[0] += state == KEPT
                counts[1] += state == CUT
        known |= {path[len(template.way) + 1 :] for path in observation.entered if is_below(path, template.way)}
    return Template(
        way=template.way,
        paths=paths,
        known=known,
        outside=template.outside,
        dropped=template.dropped,
        opened=template.opened,
        signals=template.signals,
        shortest=min([template.shortest, *(one.length for one in observations)]),
        longest=max([template.longest, *(one.length for one in observations)]),
        is_declared=template.is_declared,
        is_plain=template.is_plain and all(one.is_plain for one in observations),
        pages=template.pages + len(observations),
        agreement=template.agreement,
        version=template.version,
        extractor=template.extractor,
        looks=template.looks,
    )


def _relative(path: str, way: str) -> str | None:
    """A block's path from the container on: `RUN` alone for the container's own text; None outside of it."""
    if path.startswith(way + RUN):
        return path[len(way) :]
    return path[len(way) + 1 :] if is_below(path, way) else None
