"""The title is the headline that the page shows, in the spelling most of its signals have."""

from __future__ import annotations

from crawler.extract import extract
from crawler.extract.title import without_site
from crawler.items import Article
from crawler.text import words

TEXT = "".join(
    f"<p>The {trade} of the old quarter say that they have not been asked about the new market hall by anybody.</p>"
    for trade in ("bakers", "tailors", "cobblers", "printers")
)
SEARCHED = "Market hall vote: what the traders say"


def read(head: str, top: str) -> Article:
    html = f"<html lang='en'><head>{head}</head><body>{top}<div class='text'>{TEXT}</div></body></html>"
    return extract(html, "https://quarter.example/market-hall")


def head(og: str) -> str:
    node = f'{{"@type":"NewsArticle","headline":"{SEARCHED}"}}'
    linked = f'<script type="application/ld+json">{node}</script>'
    return f'<title>{SEARCHED}</title><meta property="og:title" content="{og}">{linked}'


def test_an_h1_that_ends_a_breadcrumb_is_not_the_headline() -> None:
    top = f"<nav><a href='/city'>City</a><h1>{SEARCHED}</h1></nav><main><h2>Nobody asked the bakers</h2></main>"
    assert read(head("Nobody asked the bakers"), top).title == "Nobody asked the bakers"


def test_a_kicker_in_the_same_heading_is_no_part_of_the_title() -> None:
    shown = "<h2><span>Old quarter</span><span>Nobody asked the bakers</span></h2>"
    top = f"<ul><li><a href='/city'>City</a></li><li><h1>{SEARCHED}</h1></li></ul>{shown}"
    assert read(head("Nobody asked the bakers"), top).title == "Nobody asked the bakers"


def test_an_h1_in_a_breadcrumb_stays_where_no_other_heading_shows_a_title() -> None:
    top = f"<nav><a href='/city'>City</a><h1>{SEARCHED}</h1></nav><h2>The bakers</h2>"
    assert read(head(SEARCHED), top).title == SEARCHED


def test_an_h1_above_the_text_stays_the_headline_whatever_is_shared() -> None:
    assert read(head("You will not believe what the bakers say"), f"<h1>{SEARCHED}</h1>").title == SEARCHED


def test_quotation_marks_at_the_end_are_no_separator() -> None:
    assert without_site("Le maire : « Personne n'a rien demandé »", [words("Le Quartier")]).endswith("demandé »")


def test_of_one_wording_the_spelling_of_most_signals_is_taken() -> None:
    top = "<h1><span>Market hall</span> <span>nobody asked the bakers</span></h1>"
    headline = "Market hall: nobody asked the bakers"
    metas = f'<meta property="og:title" content="{headline}"><meta name="twitter:title" content="{headline}">'
    assert read(metas, top).title == headline


def shared_title(shared: str) -> str:
    metas = "".join(f'<meta property="{name}" content="{shared}">' for name in ("og:title", "twitter:title"))
    return f"<title>{shared}</title>{metas}"


def test_without_linked_data_the_headline_is_the_title_and_not_what_is_shared() -> None:
    shown = "Bakers of the market hall were not asked"
    assert read(shared_title("Bakers speak out on the market hall"), f"<h1>{shown}</h1>").title == shown


def test_a_heading_that_has_nothing_of_the_shared_title_does_not_outvote_it() -> None:
    shared = "Bakers speak out on the market hall"
    assert read(shared_title(shared), "<h1>Quarter life weekly</h1>").title == shared


def test_a_heading_that_ends_the_title_of_the_head_is_the_name_of_the_site() -> None:
    assert (
        read("<title>面包师没有被问到新市场的事_城市_老城日报</title>", "<h1>老城日报</h1>").title
        == "面包师没有被问到新市场的事"
    )
    assert (
        read("<title>Nobody asked the bakers | The Old Post</title>", "<h1>The Old Post</h1>").title
        == "Nobody asked the bakers"
    )


def test_a_title_is_not_cut_at_a_comma() -> None:
    metas = '<title>The bakers stay, the market goes</title><meta property="og:title" content="The bakers stay">'
    assert read(metas, "<h1>The bakers stay, the market goes</h1>").title == "The bakers stay, the market goes"


def test_the_year_that_an_archive_adds_is_no_part_of_the_title() -> None:
    assert read("<title>Nobody asked the bakers (Published 2016)</title>", "").title == "Nobody asked the bakers"


LOGO = "<header><h1><a href='/'><span>The Quarter</span></a></h1></header>"
SHARED = "You will not believe who was left out"


def test_a_heading_that_is_a_link_to_the_home_page_is_not_the_headline() -> None:
    story = "<article><header><h2>Nobody asked the bakers</h2></header></article>"
    metas = f"<title>{SHARED}</title><meta property='og:title' content='{SHARED}'>"
    confirmed = "<meta name='sailthru.title' content='Nobody asked the bakers'>"
    assert read(metas, LOGO + story).title == SHARED
    assert read(metas + confirmed, LOGO + story).title == "Nobody asked the bakers"
    assert read("", LOGO + story).title == "Nobody asked the bakers"
    assert read("", LOGO).title == "The Quarter"


def test_the_title_that_a_tool_keeps_counts_only_where_it_is_the_headlines() -> None:
    metas = f"<meta property='og:title' content='{SEARCHED}'><meta name='parsely-title' content='{SHARED}'>"
    assert read(metas, f"<h1>{SEARCHED}</h1>").title == SEARCHED


def test_the_name_of_the_site_goes_also_where_no_separator_is_before_it() -> None:
    top = "<h1><span>لم يسأل أحد الخبازين عن السوق</span><b>حي الصباح</b></h1>"
    metas = "<title>لم يسأل أحد الخبازين عن السوق</title><meta property='og:site_name' content='حي الصباح'>"
    assert read(metas, top).title == "لم يسأل أحد الخبازين عن السوق"
    assert read(metas.replace("الصباح", "المساء"), top).title == "لم يسأل أحد الخبازين عن السوقحي الصباح"


def test_a_headline_that_is_declared_as_the_name_of_the_site_is_the_title() -> None:
    title = "Nobody asked the bakers"
    named = [
        f'<meta property="og:site_name" content="{title}">',
        f'<meta name="application-name" content="{title}">',
        f'<script type="application/ld+json">{{"@type":"WebSite","name":"{title}"}}</script>',
    ]
    for name in named:
        og = f'<title>{title}</title><meta property="og:title" content="{title}">{name}'
        assert read(og, f"<h1>{title}</h1>").title == title
    short = '<meta property="og:site_name" content="The Quarter"><meta property="og:title" content="The Quarter">'
    assert read(short, "<h1>The Quarter</h1>").title is None


def test_a_short_heading_that_no_other_wording_and_no_address_has_is_the_sites() -> None:
    title = "<title>Nobody asked the bakers about the hall - quarter</title>"
    assert read(title, "<h1>Daily Notes</h1>").title == "Nobody asked the bakers about the hall"
    assert read(title, "<h1>Market Hall</h1>").title == "Market Hall"  # the address says so
    assert read(title, "<h1>The bakers</h1>").title == "The bakers"
    assert read(title, "<h1>What was said behind the counter</h1>").title == "What was said behind the counter"


def test_a_title_that_begins_with_the_sites_name_is_better_than_none() -> None:
    metas = "<meta property='og:site_name' content='Far Post'><title>Far Post 07/2031 | FAR POST</title>"
    assert read(metas, "<h1>Far Post 07/2031</h1>").title == "Far Post 07/2031"
    assert read(metas.replace(" 07/2031 | FAR POST", ""), "<h1>Far Post</h1>").title is None


def test_a_bullet_before_a_title_goes_and_a_quotation_mark_stays() -> None:
    assert without_site("» The bakers", []) == "The bakers"
    assert without_site("»Niemand hat uns gefragt«", []) == "»Niemand hat uns gefragt«"
