"""Authors from the text near the headline, where no markup names them."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.extract.names import split_names
from tests.test_extract_fields import TEXT, URL, read


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


@pytest.mark.parametrize(
    "name",
    [
        "Far Coast Staff",
        "Our Foreign Reporters",
        "Marsh Holding GmbH",
        "Verein der Brücken e.V.",
        "TZ-Redaktion",
        "Coast Media",
        "Editor",
        "وكالة الساحل",
        "صحيفة النهار الجديد",
        "خبرگزاری ساحل",
        "海辺新聞社",
        "朝の編集部",
        "해변일보",
        "редакция",
    ],
)
def test_desks_companies_and_agencies_are_the_source(name: str) -> None:
    article = read(head=f"<meta name='author' content='{name}'>", body="<p>By Ada Marsh</p>")
    assert (article.authors, article.source) == (["Ada Marsh"], name.strip(". ") if name.endswith("V.") else name)


@pytest.mark.parametrize("name", ["admin", "Unknown", "مدير الموقع", "Super User"])
def test_what_systems_write_where_nobody_is_named_is_neither(name: str) -> None:
    article = read(head=f"<meta name='author' content='{name}'>")
    assert (article.authors, article.source) == ([], None)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Ada Marsh (am)", ["Ada Marsh"]),
        ("Ada Marsh (am/bs)", ["Ada Marsh"]),
        ("Ada Marsh (Far Coast)", ["Ada Marsh (Far Coast)"]),
        ("Mr. Bo Stone", ["Mr. Bo Stone"]),
        ("Ada Marsh, writes from the coast", ["Ada Marsh"]),
        ("view all posts by Ada Marsh", ["Ada Marsh"]),
        ("جميع مقالات هند الأحمد", ["هند الأحمد"]),
        ("Ada Marsh says", ["Ada Marsh"]),
        ("Photo: Ada Marsh", []),
        ("تصوير: هند الأحمد", []),
        ("写真 丘 一郎", []),
        ("Ada Marsh, (Live updates)", ["Ada Marsh"]),
        ("Ada Marsh)", ["Ada Marsh"]),
        ("記者王小明／台北報導", ["王小明"]),
        ("【記者 王小明】", ["王小明"]),
        ("本报记者 李四", ["李四"]),
        ("作者：张三 责任编辑：李四", ["张三"]),
        ("取材・文：丘 一郎 写真：石田 花子", ["丘 一郎"]),
        ("執筆：石田花子さん", ["石田花子"]),
        ("[김하나 기자]", ["김하나"]),
        ("글=김하나", ["김하나"]),
        ("ada[at]town.example", []),
        ("Karla von der Heide, de la Cruz", ["Karla von der Heide", "de la Cruz"]),
    ],
)
def test_initials_clauses_and_credits_of_pictures_are_no_part_of_a_name(byline: str, names: list[str]) -> None:
    assert split_names(byline) == names


def test_courtesy_titles_go_and_academic_ones_stay() -> None:
    assert read(head="<meta name='author' content='Mr. Bo Stone'>").authors == ["Bo Stone"]
    assert read(head="<meta name='author' content='الأستاذة هند الأحمد'>").authors == ["هند الأحمد"]
    assert read(head="<meta name='author' content='Dr. Ada Marsh'>").authors == ["Dr. Ada Marsh"]


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='comment'><span class='author'>Cy Harbour</span></div>",
        "<form class='comment-form'><label class='author'>Your Name</label></form>",
        "<p>By the numbers</p>",
        "<p>By booking early you save</p>",
        "<div><a href='https://licences.example/by/4.0/'>Common Licence</a></div>",
        "<div><a href='/users/register'>Register Now</a></div>",
    ],
)
def test_comments_phrases_licences_and_accounts_name_no_author(markup: str) -> None:
    assert read(body=markup).authors == []


def test_the_byline_nearest_to_the_headline_is_the_articles() -> None:
    other = "<div><div><div class='card'><span class='byline'>By Cy Harbour</span></div></div></div>"
    own = "<article><div><h1>The bridge closes</h1><span class='byline'>By Ada Marsh</span></div></article>"
    assert extract(f"<html><body>{other}<div>{own}{TEXT}</div></body></html>", URL).authors == ["Ada Marsh"]


def test_the_name_in_the_host_is_the_outlets_in_front_of_others_too() -> None:
    html = f"<html><head><meta name='author' content='MARSHLAND'></head><body><h1>Closed</h1>{TEXT}</body></html>"
    article = extract(html, "https://weekly.marshland.example/2031/x")
    assert (article.authors, article.source) == ([], "MARSHLAND")


@pytest.mark.parametrize("name", ["autor", "auteur", "auteurs", "autore", "autoren", "periodista", "redakteur"])
def test_a_byline_has_its_class_name_in_other_languages(name: str) -> None:
    assert read(body=f"<p class='{name}'>Ada Marsh | Far Coast | 08/01/2031</p>").authors == ["Ada Marsh"]


def test_of_the_links_in_a_byline_those_to_authors_count_if_there_are_any() -> None:
    tags = "<a href='/t/1'>Rivers</a> <a href='/t/2'>Bridges</a>"
    assert read(body=f"<p class='autor'><a href='/autor/ada'>Ada Marsh</a> {tags}</p>").authors == ["Ada Marsh"]
    assert read(body="<p class='autor'>By <a href='/p/7'>Ada Marsh</a></p>").authors == ["Ada Marsh"]


def test_the_source_of_a_picture_is_not_the_articles() -> None:
    picture = "<figure><img src='/x.jpg'><span class='source'>Cy Harbour</span></figure>"
    assert read(body=picture).source is None
    assert read(body="<span class='source'>Coast Wire</span>").source == "Coast Wire"


@pytest.mark.parametrize(
    ("line", "author"),
    [("記者王小明／台北報導", "王小明"), ("김하나 기자", "김하나"), ("作者：张三", "张三"), ("文／丘一郎", "丘一郎")],
)
def test_a_line_near_the_headline_names_the_author_in_chinese_japanese_and_korean(line: str, author: str) -> None:
    assert read(body=f"<p>{line}</p>").authors == [author]
    assert read(body=f"<p>{line[0]}{line[-1]}</p>").authors == []
