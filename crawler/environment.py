"""Variables of the environment in texts of a profile, so that passwords are not in the file."""

from __future__ import annotations

import os
from string import Template


def template_problem(text: str) -> str | None:
    """What is wrong with a text that may name variables; None if nothing is."""
    if Template(text).is_valid():
        return None
    return "has a $ that begins no name of an environment variable, like $NAME or ${NAME}; write $$ for a dollar sign"


def missing_variable(text: str) -> str | None:
    """The first variable that a text names and that is not set; None if all are."""
    return next((name for name in Template(text).get_identifiers() if name not in os.environ), None)


def with_variables(text: str) -> str:
    """A text with the values of its variables. Raises KeyError for one that is not set."""
    return Template(text).substitute(os.environ)
