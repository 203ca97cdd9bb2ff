"""Variables of the environment in texts of a profile, so that passwords are not in the file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from string import Template


class MissingVariable(ValueError):
    """A text names a variable that is not set."""


def template_problem(text: str) -> str | None:
    """What is wrong with a text that may name variables; None if nothing is."""
    if Template(text).is_valid():
        return None
    return "has a $ that begins no name of an environment variable, like $NAME or ${NAME}; write $$ for a dollar sign"


def with_variables(text: str) -> str:
    """A text with the values of its variables. Raises MissingVariable."""
    try:
        return Template(text).substitute(os.environ)
    except KeyError as error:
        raise MissingVariable(f"the environment variable {error.args[0]} is not set") from error


def missing_variable(texts: Iterable[str]) -> str | None:
    """The first variable of some texts that is not set, in a sentence; None if all are."""
    for text in texts:
        try:
            with_variables(text)
        except MissingVariable as error:
            return str(error)
    return None
