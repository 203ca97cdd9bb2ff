"""The category of an article, where the page declares none: labels, menus, breadcrumbs, data layers."""

from __future__ import annotations

import json

import pytest

from crawler.extract import extract
from crawler.items import Article

URL = "https://town.example/economy/markets/2031/rates"
TEXT = "".join(
    f"<p>On {day} the council of the town decided that the old stone bridge would stay closed for another week.</p>"
    for day in ("Monday", "Tuesday", "Thursday", "Friday")
)


def read(
    *, before: str = "", after: str = "", page: str = "", head: str = "", title: str = "Rates rise", url: str = URL
) -> Article:
    article = f"<article>{before}<h1>{title}</h1>{after}<div class='entry-content'>{TEXT}</div></article>"
    return extract(f"<html><head><title>{title}</title>{head}</head><body>{page}{article}</body></html>", url)


def menu(*links: tuple[str, str]) -> str:
    return "<nav><ul>" + "".join(f"<li><a href='{href}'>{text}</a></li>" for href, text in links) + "</ul></nav>"


class TestMenu:
    def test_the_link_whose_path_begins_the_articles_path_names_the_section_the_longest_first(self) -> None:
        links = menu(("/", "Home"), ("/economy", "اقتصاد"), ("/economy/markets/", "أسواق"), ("/sport", "رياضة"))
        article = read(page=links)
        assert (article.category, article.provenance["category"]) == ("أسواق", "menu")

    def test_addresses_are_compared_without_their_encoding_and_host(self) -> None:
        links = menu(("https://www.town.example/%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9", "رياضة"))
        assert read(page=links, url="https://town.example/رياضة/2031/x").category == "رياضة"

    @pytest.mark.parametrize("beginning", ["2031/03/04", "ar/article", "fa/news", "en-us/story"])
    def test_dates_languages_and_words_for_articles_before_the_section_are_skipped(self, beginning: str) -> None:
        links = menu(("/economy/", "اقتصاد"), ("/sport/", "رياضة"))
        assert read(page=links, url=f"https://town.example/{beginning}/economy/rates").category == "اقتصاد"
        assert read(page=links, url=f"https://town.example/{beginning}/x/economy/rates").category is None

    @pytest.mark.parametrize(
        "link",
        [
            "<a href='/economy/markets/2031'>2031</a>",
            "<a href='https://other.example/economy'>经济</a>",
            "<a href='/economy?page=2'>经济</a>",
            "<a href='/economy'>Read all that we have written about it</a>",
            "<a class='author' href='/economy'>Ada Marsh</a>",
        ],
    )
    def test_other_links_name_no_section(self, link: str) -> None:
        assert read(page=f"<nav>{link}</nav>").category is None

    def test_a_link_outside_the_menu_counts_if_its_text_is_in_the_address(self) -> None:
        assert read(page="<div><a href='/economy'>See all</a></div>").category is None
        assert read(page="<div><a href='/economy'>Economy</a></div>").category == "Economy"

    def test_the_name_of_a_file_for_a_folder_is_no_part_of_an_address(self) -> None:
        assert read(page=menu(("/economy/markets/index.html", "أسواق"))).category == "أسواق"
        assert read(page=menu(("/economy/index", "اقتصاد"))).category == "اقتصاد"

    def test_a_language_is_no_section(self) -> None:
        assert read(page=menu(("/ar", "العربية")), url="https://town.example/ar/123/x").category is None


class TestLabel:
    @pytest.mark.parametrize(
        ("label", "category"),
        [
            ("<span class='category'>نشر في: اقتصاد</span>", "اقتصاد"),
            ("<span class='category'>في اقتصاد</span>", "اقتصاد"),
            ("<span class='category'>في العمق</span>", "في العمق"),
            ("<span class='category'>Posted in: Economy</span>", "Economy"),
            ("<span class='category'>分类：经济</span>", "经济"),
            ("<a rel='category' href='/c/7'>في اقتصاد</a>", "اقتصاد"),
        ],
    )
    def test_the_words_before_a_section_are_no_part_of_it(self, label: str, category: str) -> None:
        assert read(before=label, page=menu(("/c/7", "اقتصاد"))).category == category

    def test_a_link_before_the_headline_that_the_menu_has_too_is_the_section(self) -> None:
        label = "<div><a href='/s/12'>محليات</a></div>"
        assert read(before=label, page=menu(("/s/12", "أخبار محلية"))).category == "محليات"
        assert read(before=label).category is None
        assert read(after=label, page=menu(("/s/12", "أخبار محلية"))).category is None

    def test_the_heading_of_a_box_below_the_headline_is_no_section(self) -> None:
        box = "<div><div class='section-title'>Town life</div></div>"
        assert read(after=box).category is None
        assert read(before=box).category == "Town life"

    @pytest.mark.parametrize(
        "markup",
        [
            "<div class='article-section'>" + TEXT + "<a href='/c/7'>Economy</a></div>",
            "<div class='post-category'><a class='author' href='/c/7'>Ada Marsh</a></div>",
            "<div>The council of the town met in <a href='/economy'>Economy House</a> "
            "at the river, as it has always done before.</div>",
            "<span class='section'>Share on Chatter</span>",
        ],
    )
    def test_links_in_the_text_to_authors_and_to_share_are_no_section(self, markup: str) -> None:
        assert read(before=markup).category is None

    def test_an_author_whose_page_begins_the_articles_address_is_no_section(self) -> None:
        link = "<a class='byline' href='/ada'>Ada Marsh</a>"
        assert read(before=link, url="https://town.example/ada/rates").category is None


class TestBreadcrumb:
    @pytest.mark.parametrize(
        "attributes",
        [
            "aria-label='Breadcrumb'",
            "aria-label='مسار التنقل'",
            "itemscope itemtype='https://schema.org/BreadcrumbList'",
            "typeof='BreadcrumbList'",
            "class='site-breadcrumbs'",
            "class='crumbs'",
            "class='fil-ariane'",
            "class='news_path'",
        ],
    )
    def test_it_is_known_by_class_label_and_type(self, attributes: str) -> None:
        links = "<a href='/'>首页</a><a href='/c/1'>经济</a><a href='/c/2'>市场</a><a href='#'>Rates rise</a>"
        article = read(page=f"<div {attributes}>{links}</div>")
        assert (article.category, article.provenance["category"]) == ("市场", "breadcrumb")

    def test_the_title_cut_or_whole_is_no_section(self) -> None:
        items = [{"name": "Home"}, {"name": "Economy"}, {"name": "Rates rise for the third"}]
        value = json.dumps({"@type": "BreadcrumbList", "itemListElement": items})
        script = f"<script type='application/ld+json'>{value}</script>"
        assert read(head=script, title="Rates rise for the third time this year").category == "Economy"

    def test_a_long_list_of_links_is_a_menu(self) -> None:
        links = "".join(f"<a href='/c/{number}'>Section {chr(65 + number)}</a>" for number in range(9))
        assert read(page=f"<div class='breadcrumb'>{links}</div>").category is None


class TestDeclared:
    @pytest.mark.parametrize(
        ("content", "category"),
        [
            ("Economy, Town, Markets", "Economy"),
            ("slider,Economy", "Economy"),
            ("Arts, Music and Books", "Arts, Music and Books"),
            ("News > Economy", "Economy"),
            ("2031-03-04", None),
            ("desk@town.example", None),
        ],
    )
    def test_one_name_of_a_list_or_path(self, content: str, category: str | None) -> None:
        assert read(head=f"<meta property='article:section' content='{content}'>").category == category

    def test_a_name_for_machines_is_written_as_the_page_shows_it(self) -> None:
        head = "<meta property='article:section' content='local-news'>"
        assert read(head=head, page=menu(("/l", "Local News"))).category == "Local News"
        assert read(head=head).category == "local-news"


class TestDataLayer:
    @pytest.mark.parametrize(
        ("script", "category"),
        [
            ("dataLayer.push({'pageSection': 'Economy'});", "Economy"),
            ('dataLayer = [{"primaryCategory":"اقتصاد"}];', "اقتصاد"),
            ("_sf_async_config.sections = 'Economy,Town';", "Economy"),
            ("var utag_data = {page_category: 'economy'};", "economy"),
            ("var utag_data = {page_category: 'desk-7'};", None),
            ("dataLayer.push({'eventCategory': 'Outbound'});", None),
            ("dataLayer.push({'section': 'type:article'});", None),
        ],
    )
    def test_the_section_for_the_tools_that_count_is_the_last_resort(self, script: str, category: str | None) -> None:
        article = read(head=f"<script>{script}</script>")
        assert article.category == category
        assert read(head=f"<script>{script}</script>", page=menu(("/economy", "Money"))).category == "Money"
