"""What a page shows of its site's template: paths and numbers, no text of the page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

CUT, KEPT, NEUTRAL, STANDFIRST = 0, 1, 2, 3
"""What the full extraction did with a block. Neutral: a step decides that the reading by template has as well.
Standfirst: it begins the body, whether the reading of the body keeps it or not."""

SHARES = (0.999, 0.985, 0.93)
"""The shares of a page's text that its container may be asked to hold: one that needs all of it is a larger one where
the standfirst stands above the body. From a sketch on 44 sites, which tried these three for each site."""


@dataclass(slots=True)
class Observation:
    """One page."""

    tops: list[str]
    """The path of the smallest element that holds each of SHARES of the text."""

    repeated: list[str]
    """Those of the paths to the tops that lead to several elements."""

    needed: list[str]
    unneeded: list[str]
    opened: list[str]
    """Paths of the elements beside the way to the body that the fields need, of those that they do not, and of large
    ones in which they need a part: these are among `needed`, and their children among all three."""

    outside: list[str]
    """Paths of paragraphs of prose that do not belong to the article and stand outside of its smallest container."""

    length: int
    """Characters of the body."""

    blocks: list[tuple[str, int, int]] = field(default_factory=list)
    """Path, characters, and CUT, KEPT or NEUTRAL, of each block around the body, in order."""

    entered: list[str] = field(default_factory=list)
    """Paths of the elements around the body."""

    is_declared: bool = False
    """Whether the page declares itself an article."""

    is_plain: bool = False
    """Whether its markup needed no repair: the blocks of the body are the same without."""

    def chars(self) -> int:
        """Characters of all its paths."""
        lists = (
            self.needed,
            self.unneeded,
            self.opened,
            self.outside,
            self.entered,
            [path for path, *_ in self.blocks],
        )
        return sum(len(path) for paths in lists for path in paths)

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        return asdict(self)


def observation_from_json(values: Any) -> Observation:
    """Read an observation. What the database holds may be damaged. Raises ValueError."""
    try:
        observation = Observation(
            **{
                name: list(map(str, values[name]))
                for name in ("tops", "repeated", "needed", "unneeded", "opened", "outside")
            },
            length=int(values["length"]),
            blocks=[(str(path), int(length), int(state)) for path, length, state in values["blocks"]],
            entered=list(map(str, values["entered"])),
            is_declared=values["is_declared"] is True,
            is_plain=values["is_plain"] is True,
        )
    except (KeyError, TypeError, IndexError, OverflowError) as error:
        raise ValueError(f"not an observation: {type(error).__name__}: {error}") from error
    if len(observation.tops) != len(SHARES):
        raise ValueError("not an observation: another number of containers")
    return observation
