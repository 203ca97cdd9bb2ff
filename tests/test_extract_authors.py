"""Authors from the text near the headline, where no markup names them."""

from __future__ import annotations

import pytest

from crawler.extract.names import split_names
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


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("<p>By <a href='/a/7'>Ada Marsh</a></p>", ["Ada Marsh"]),  # the label alone before the link
        ("<div class='meta'><a href='/authors/ada-marsh'>Ada Marsh</a></div>", ["Ada Marsh"]),
        ("<div class='meta'><a href='/staff/7'>Ada Marsh</a> <a href='/staff/8'>Bo Stone</a></div>", ["Ada Marsh"]),
        ("<div class='meta'><a href='/bridges/ada-marsh'>Ada Marsh</a></div>", []),
        ("<div class='meta'><a href='/authors/ada-marsh'>All of her texts of this year</a></div>", []),
        ("<div class='meta'><a href='/authors/'>Our authors</a></div>", []),
    ],
)
def test_a_link_to_an_author_page_names_the_author_where_nothing_else_does(line: str, authors: list[str]) -> None:
    assert read(body=line).authors == authors


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("ByAda Marsh", ["Ada Marsh"]),
        ("Byron Marsh", ["Byron Marsh"]),
        ("By Ada Marsh March 11, 2031 3:46 PM", ["Ada Marsh"]),
        ("April Marsh", ["April Marsh"]),
        ("马雅文2031-03-01 14:27:02 74", ["马雅文"]),
        ("Ada Marsh (ada@town.example)", ["Ada Marsh"]),
        ("Ada Marsh, Senior Writer", ["Ada Marsh"]),
        ("Far Post Staff", ["Far Post Staff"]),
        ("Ada Marsh, Email", ["Ada Marsh"]),
        ("+ Follow", []),
        ("著者：丘 一郎、石田 花子", ["丘 一郎", "石田 花子"]),
        ("文● 丘 一郎／石田 花子", ["丘 一郎", "石田 花子"]),
        ("김하나 기자", ["김하나"]),
    ],
)
def test_labels_jobs_controls_and_dates_are_no_part_of_a_name(byline: str, names: list[str]) -> None:
    assert split_names(byline) == names


def test_the_author_of_the_article_comes_before_the_owner_of_the_site() -> None:
    head = "<meta name='author' content='Marsh Holding'><meta property='article:author' content='Ada Marsh'>"
    assert read(head=head).authors == ["Ada Marsh"]
    profile = (
        "<meta name='author' content='Ada Marsh'><meta property='article:author' content='https://net.example/ada'>"
    )
    assert read(head=profile).authors == ["Ada Marsh"]


def test_the_place_of_an_outlet_is_no_author() -> None:
    site = "<meta property='og:site_name' content='Far Post'>"
    article = read(head=f"{site}<meta name='author' content='Far Post, London, England'>")
    assert (article.authors, article.source) == ([], "Far Post")


def test_a_declared_author_stays_although_a_link_of_that_name_looks_like_a_section() -> None:
    article = read(head="<meta name='author' content='Ada Marsh'>", body="<div class='category'>Ada Marsh</div>")
    assert article.category is None
    assert article.authors == ["Ada Marsh"]
