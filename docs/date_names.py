"""The names of months and weekdays in crawler/dates/names.json, from CLDR (Babel): `python -m docs.generate` writes it.

A table in the package and not Babel at run time: to read the names of these languages, Babel takes 0.25 s of CPU in
each process that extracts pages, the table 1 ms. A test fails when the table is out of date.
"""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

from babel import localedata

from crawler.home import PROJECT

FILE = PROJECT / "crawler" / "dates" / "names.json"
# The languages of the press that print the name of a month in a date; the rest print figures alone, or years of another
# era (th). Arabic, Persian and Urdu have more spellings than CLDR: crawler/dates/vocabulary.py has those.
LANGUAGES = """
ar az be bg bn bs ca ckb cs da de el en es et eu fa fi fr gl gu he hi hr hu hy id is it ka kk kn ky lt lv mk ml mn mr ms
ne nl no pa pl ps pt ro ru sk sl sq sr sr_Latn sv sw ta te tr uk ur uz
"""


def names_json() -> str:
    """The table: language → "months", "short_months", "days", "short_days", each a list of lines in order.

    `_` stands for a space within a name. Weekdays begin with Monday, as `date.weekday` counts.
    """
    table: dict[str, dict[str, list[str]]] = {}
    for name in LANGUAGES.split():
        months, days = (_lines(name, kind, keys) for kind, keys in (("months", range(1, 13)), ("days", range(7))))
        language = table.setdefault(name.partition("_")[0], {})
        for kind, lines in (("months", months), ("days", days)):
            _append(language.setdefault(kind, []), lines["wide"])
            _append(language.setdefault(f"short_{kind}", []), [*lines["abbreviated"], *lines["short"]])
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"


def _lines(name: str, kind: str, keys: range) -> dict[str, list[str]]:
    """The names within a date and standing alone, by their width.

    From the locale's own file: where two languages are read in one process, Babel 2.18 mixes the forms that they
    inherit.
    """
    forms: dict[str, list[str]] = {"wide": [], "abbreviated": [], "short": []}
    with Path(localedata.resolve_locale_filename(name)).open("rb") as file:
        contexts = pickle.load(file).get(kind, {})
    for widths in contexts.values():
        for width, names in widths.items():
            if width in forms and isinstance(names, dict) and all(key in names for key in keys):
                forms[width].append(" ".join(names[key].replace(" ", "_") for key in keys))
    return forms


def _append(lines: list[Any], new: list[str]) -> None:
    lines.extend(line for line in dict.fromkeys(new) if line not in lines)
