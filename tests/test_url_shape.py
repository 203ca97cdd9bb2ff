"""Shapes of URLs: equal for the articles of a site, different for its other pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.url_shape import url_shape

SITE = "https://marsad.example"


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/news/2026/11/the-bridge-closes-today.html", "/news/Y/N/S.html"),
        ("/News/2026-11-27/the-bridge-closes-today", "/news/D/S"),
        ("/2026/11/27/bridge/", "/Y/N/N/w"),
        ("/shop/net?id=7&colour=red", "/shop/w?colour&id"),
        ("/article/123456", "/article/N"),
        ("/article/123456.aspx", "/article/N.aspx"),
        ("/about", "/w"),
        ("/middle-east/%D8%A7%D9%84%D8%AC%D8%B3%D8%B1-%D9%8A%D9%81-%D8%AA", "/middle-east/S"),
        ("/a1b2c3d4e5f6a7b8c9d0e1", "/S"),
        ("/", "/"),
    ],
)  # fmt: skip
def test_the_shape_has_the_folders_and_not_the_article(path: str, shape: str) -> None:
    assert url_shape(SITE + path) == shape


@given(st.text(max_size=60))
def test_every_url_has_a_shape_of_limited_length(text: str) -> None:
    assert len(url_shape(f"{SITE}/{text}")) <= 200
