"""Authors from the text near the headline, where no markup names them."""

from __future__ import annotations

import pytest

from tests.test_extract_fields import read


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("<p>By Ada Marsh</p>", ["Ada Marsh"]),
        ("<div><span>By Ada Marsh and Bo Stone</span></div>", ["Ada Marsh", "Bo Stone"]),
        ("<p>Written by <a href='/people/7'>Ada Marsh</a></p>", ["Ada Marsh"]),
        ("<p>كتبت: هند الأحمد</p>", ["هند الأحمد"]),
        ("<p>By</p>", []),
        ("<p>Bystanders Ada Marsh and Bo Stone</p>", []),
        ("<p>By Ada Marsh, who was there and saw all of it from the first hour</p>", []),
    ],
)
def test_a_short_line_near_the_headline_that_begins_like_a_byline_names_the_authors(
    line: str, authors: list[str]
) -> None:
    assert read(body=line).authors == authors
