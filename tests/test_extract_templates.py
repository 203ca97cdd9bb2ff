"""Learned templates: what they give, what they refuse, and when they are learnt and retired. Pages are made up."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

import pytest

from crawler.extract import extract
from crawler.extract.templates.observation import Observation
from crawler.extract.templates.observe import FullReading, NotObservable
from crawler.extract.templates.site import LEARN_FROM, SiteTemplate, site_from_json, state_to_json
from crawler.extract.templates.task import TemplateTask, TemplateUse
from crawler.extract.templates.use import extract_by_task
from crawler.extract.templates.verify import CHECKED_ONE_IN, is_checked
from crawler.health.template import judge_template
from crawler.items import Article
from crawler.profile import SiteProfile
from tests.made_up import NOW
from tests.templated import Story, declared, learnt_site, page, printed, read, story, url

WAY = "html body main article.story"
SENTENCE = "The ferries of the northern line stayed in the harbour on all of the days of that long week."


@pytest.fixture(scope="module")
def site() -> SiteTemplate:
    return learnt_site(14)


def by_template(site: SiteTemplate, html: str, number: int) -> tuple[Article, str | None]:
    """The article of a page, and why the template did not give it."""
    assert site.text is not None
    article, use = extract_by_task(html, url(number), TemplateTask(site.text, version=1))
    return article, use.reason if use.way == "missed" else None


def whole(article: Article) -> Article:
    """An article without the mark that a template leaves, and without its confidence, whose signals are fewer then."""
    provenance = {name: signal for name, signal in article.provenance.items() if name != "template"}
    return replace(article, provenance=provenance, confidence=None)


@pytest.mark.parametrize("head", [declared, printed])
@pytest.mark.parametrize("quotes", [False, True])
def test_the_article_of_a_template_is_that_of_the_full_extraction(head: object, quotes: bool) -> None:
    assert callable(head)
    site = SiteTemplate()
    for number in range(24):
        told = story(number, "other")
        if quotes and number % 2:
            told.extra = (
                f"<blockquote><p>{SENTENCE}</p></blockquote><ul><li>One of {number}</li><li>Two of them</li></ul>"
                f"<dl><dt>Length of the {number}</dt><dd>Forty metres</dd></dl>"
            )
        html = page(told, head)
        article, use = read(site, html, number)
        assert use.way == "full" if number < 4 else use.way in ("template", "checked"), use.reason
        assert ("template" in article.provenance) == (use.way == "template")
        in_full = extract(html, url(number))
        assert whole(article) == whole(in_full)
        assert article.confidence == pytest.approx(in_full.confidence, abs=0.02)
        assert len(article.authors) == len(article.tags) - 2 == 1
        assert len(article.related) == 4


def test_a_repeated_paragraph_is_there_once_as_in_the_full_extraction(site: SiteTemplate) -> None:
    html = page(replace(story(50), extra=f"<p>{SENTENCE}</p><p>{SENTENCE}</p>"))
    article, use = read(site, html, 50)
    assert use.way in ("template", "checked"), use.reason
    assert whole(article) == whole(extract(html, url(50)))
    assert article.paragraphs.count(SENTENCE) == 1


def test_a_new_box_with_text_is_for_the_full_extraction_and_then_known(site: SiteTemplate) -> None:
    def boxed(number: int, text: str) -> str:
        return page(replace(story(number), extra=f'<div class="explainer"><h4>{text}</h4></div>'))

    short, why = by_template(site, boxed(40, "Advertisement"), 40)
    assert (why, "Advertisement" in short.body) == (None, False)
    html = boxed(41, SENTENCE)
    article, why = by_template(site, html, 41)
    assert (why, article) == ("unknown element with text", extract(html, url(41)))
    known = learnt_site(14)
    assert read(known, html, 41)[1].way == "missed"
    assert read(known, boxed(42, SENTENCE), 42)[1].way != "missed"
    assert known.template is not None


def test_headings_with_ids_of_their_own_words_are_known() -> None:
    learning = SiteTemplate()
    for number in range(12):
        told = story(number)
        identity = f"{'-'.join(told.title.lower().split()[:2])}-{told.author[0]}"
        told.extra = f"<h2 id='{identity}'>What {told.title} means for all of us</h2>"
        _, use = read(learning, page(told), number)
        assert use.way != "missed", use.reason
    assert learning.given == 8


def test_a_page_without_the_container_or_with_two_is_for_the_full_extraction(site: SiteTemplate) -> None:
    html = page(story(50), name="longread")
    article, why = by_template(site, html, 50)
    assert (why, article) == ("0 containers", extract(html, url(50)))
    twice = page(story(51)).replace("</main>", '<article class="story"><p>And more</p></article></main>')
    assert by_template(site, twice, 51)[1] == "2 containers"


def test_prose_outside_of_the_container_is_never_learnt_from_a_miss() -> None:
    site = learnt_site(14)
    for number in range(60, 64):
        told = story(number, paragraphs=8)
        rest = "".join(f"<p>{text}</p>" for text in told.paragraphs[4:])
        halves = "".join(f"<p>{text}</p>" for text in told.paragraphs[:4])
        html = page(told, body=halves).replace("</article>", f'</article><div class="more">{rest}</div>')
        article, use = read(site, html, number)
        assert use.way in ("missed", "full")
        assert article == extract(html, url(number))


def test_prose_beside_the_smallest_container_is_known_although_the_largest_holds_it() -> None:
    told = replace(story(92, paragraphs=9), standfirst="Why the ferries of one line stayed in the harbour.")
    notice = f'<aside class="us"><p>{SENTENCE} {SENTENCE}</p></aside><div class="tags">'
    html = page(told, printed).replace('<div class="tags">', notice)
    [noted] = observed(html, url(92))
    assert [noted.tops[0], noted.tops[-1]] == [WAY, f"{WAY} div.story-body"]
    assert f"{WAY} aside.us p" in noted.outside


def test_a_redesign_retires_the_template_and_the_next_one_is_learnt() -> None:
    site = learnt_site(35)
    ways = [read(site, page(story(n), name="longread"), n)[1].way for n in range(60, 74)]
    assert ways[:2] == ["missed", "missed"]
    assert site.template is not None
    assert (site.template.version, site.template.way) == (2, "html body main article.longread")
    assert ways.count("full") == 2
    assert set(ways[4:]) <= {"checked", "template"}


def test_a_template_that_fails_soon_is_not_replaced_at_once() -> None:
    site = learnt_site(8)
    for number in range(60, 62):
        read(site, page(story(number), name="longread"), number)
    assert (site.template, site.wait) == (None, 100)
    assert site.problem == "two pages in a row: 0 containers"
    for number in range(62, 162):
        assert not site.task(url(number)).observe
        read(site, page(story(number), name="longread"), number)
    assert site.task(url(190)).observe


def test_of_many_pages_in_progress_no_more_are_noted_than_a_template_needs() -> None:
    site = SiteTemplate()
    tasks = [site.task(url(number)) for number in range(50)]
    assert [task.observe for task in tasks] == [True] * LEARN_FROM + [False] * (50 - LEARN_FROM)
    site.record(TemplateUse("full", reason="no article, or a short one"), NOW)
    assert site.task(url(51)).observe, "in the place of one that could not be noted"
    assert not site.task(url(52)).observe


def test_a_site_whose_pages_cannot_be_noted_is_tried_ever_more_rarely() -> None:
    site = SiteTemplate()
    notes = 0
    for number in range(60):
        task = site.task(url(number))
        notes += task.observe
        html = page(replace(story(number), paragraphs=[f"Report {number} is short."], standfirst=""))
        _, use = extract_by_task(html, url(number), task)
        site.record(use, NOW)
    assert (site.template, notes, site.wait) == (None, 20, 60)
    assert site.problem == "20 pages could not be noted, the last one because of: no article, or a short one"


def test_a_site_whose_pages_have_nothing_in_common_is_tried_ever_more_rarely() -> None:
    site, waits, noted = SiteTemplate(), [], 0
    for number in range(320):
        had = site.wait
        noted += site.task(url(number)).observe
        outer = f"<div id='layout-{'abcdefghij'[number % 10]}'>"
        read(site, page(story(number), printed).replace("<main>", outer).replace("</main>", "</div>"), number)
        if site.wait > had:
            waits.append(site.wait)
    assert site.template is None
    assert site.problem == "no two pages have a container in common"
    assert (waits, noted) == ([100, 200, 400], 12)


def test_several_layouts_in_one_container_are_one_template() -> None:
    site = SiteTemplate()
    for number in range(24):
        html = page(story(number), printed, name=f"layout-{'abc'[number % 3]}")
        article, use = read(site, html, number)
        assert use.way == "full" if number < 4 else use.way in ("template", "checked"), use.reason
        assert whole(article) == whole(extract(html, url(number)))
    assert site.template is not None
    assert site.template.way == "html body main"


def test_a_template_whose_parts_do_not_give_a_field_learns_to_look_at_the_whole_page() -> None:
    site = SiteTemplate()
    for number in range(16):
        told = story(number)
        # No single piece of text shows the author's name.
        author = "".join(f"<b>{name}</b> " for name in told.author.split())
        html = page(told, printed).replace("<footer>", f"<div class='who'><a rel='author' href='/x'>{author}</a></div>")
        html = re.sub(r'<div class="byline">.*?</div>', "", html)
        article, use = read(site, html, number)
        assert use.way in ("full", "template", "checked"), use.reason
        assert whole(article) == whole(extract(html, url(number)))
        assert len(article.authors) == 1
    assert site.template is not None
    assert (site.template.looks, site.template.dropped, site.given) == (1, set(), 12)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda told: replace(told, paragraphs=["Too little."]), "length of the body"),
        (lambda told: replace(told, paragraphs=told.paragraphs * 9), "length of the body"),
    ],
)
def test_a_body_of_another_length_is_for_the_full_extraction(site: SiteTemplate, change: object, reason: str) -> None:
    assert callable(change)
    told = change(story(70, paragraphs=9))
    assert isinstance(told, Story)
    assert by_template(site, page(replace(told, standfirst="Short."), declared), 70)[1] == reason


def test_walls_and_pages_that_are_no_articles_are_judged_as_by_the_full_extraction(site: SiteTemplate) -> None:
    wall = page(
        story(80), printed, body="<p>Checking your browser before you continue. Enable JavaScript and cookies.</p>"
    )
    article, why = by_template(site, wall, 80)
    assert (why is not None, article) == (True, extract(wall, url(80)))


def test_the_box_of_a_paywall_is_found_where_a_template_does_not_look(site: SiteTemplate) -> None:
    told = story(81, paragraphs=4)
    short = replace(told, paragraphs=[text[:200] for text in told.paragraphs])
    box = '<footer><div class="paywall">Subscribe now to read the whole article.</div>'
    html = page(short).replace("<footer>", box)
    article, why = by_template(site, html, 81)
    assert (why, article.paywalled, extract(html, url(81)).paywalled) == (None, True, True)


def test_a_field_with_a_signal_that_is_not_trusted_is_read_from_the_whole_page(site: SiteTemplate) -> None:
    html = page(story(82), printed).replace("<title>", "<meta property='og:type' content='article'><title>")
    crumb = '<header class="site"><div class="breadcrumb"><a href="/">Home</a> <a href="/harbour/">Harbour</a></div>'
    article, why = by_template(site, html.replace('<header class="site">', crumb), 82)
    assert (why, article.category, article.provenance["category"]) == (None, "Harbour", "breadcrumb")


def test_selectors_of_a_profile_are_applied_in_a_lookup_too() -> None:
    profile = SiteProfile(
        name="local",
        title="Local",
        url="https://local.example/",
        selectors={"authors": "//footer/p", "remove": "//blockquote"},
    )
    site = SiteTemplate()
    for number in range(20):
        html = page(replace(story(number), extra=f"<blockquote><p>{SENTENCE}</p></blockquote>"))
        task = site.task(url(number))
        article, use = extract_by_task(html, url(number), task, profile)
        site.record(use, NOW)
        assert whole(article) == whole(extract(html, url(number), profile))
        assert SENTENCE not in article.body
    assert site.given > 0


def test_one_page_in_twenty_is_checked_whatever_the_crawl(site: SiteTemplate) -> None:
    checked = [number for number in range(4000) if is_checked(url(number))]
    assert 0.7 < len(checked) * CHECKED_ONE_IN / 4000 < 1.3
    assert site.task(url(checked[0])).check


def test_a_hostile_page_teaches_nothing_and_takes_no_longer(site: SiteTemplate) -> None:
    classes = " ".join(f"name{number}" for number in range(200))
    deep = f'<div class="{classes}">' * 250 + f"<p>{SENTENCE}</p>" + "</div>" * 250
    for filling in (deep, "<p></p>" * 20_000, f"<i>{SENTENCE}</i>" * 3000, f"<aside><p>{SENTENCE}</p></aside>" * 3000):
        html = page(replace(story(91), extra=filling))
        article, _ = by_template(site, html, 91)
        assert article.title == story(91).title
        assert len(state_to_json(SiteTemplate(observations=observed(html, url(91))))) < 3_000_000


def observed(html: str, address: str) -> list[Observation]:
    """What a page teaches, if it does."""
    full = FullReading(html, address)
    full.read(notes=True)
    with suppress(NotObservable):
        return [full.observe()]
    return []


@pytest.mark.parametrize("text", ["{", "null", '{"format": 1}'])
def test_a_template_that_cannot_be_read_costs_no_article(text: str) -> None:
    html = page(story(93))
    article, use = extract_by_task(html, url(93), TemplateTask(text, version=1))
    assert (use.way, article) == ("missed", extract(html, url(93)))
    assert use.reason in ("error: ValueError", "error: JSONDecodeError")


def test_two_checked_pages_in_a_row_that_differ_retire_the_template() -> None:
    site = learnt_site(35)
    assert site.template is not None
    _, use = extract_by_task(page(story(90)), url(90), TemplateTask(site.text, 1, check=True))
    site.record(replace(use, differences=["title"]), NOW)
    site.record(replace(use, differences=["text"]), NOW)
    assert site.template is None
    assert site.problem == "two pages in a row: other text"


def test_two_of_the_latest_checked_pages_that_differ_end_the_template_too() -> None:
    site = learnt_site(35)
    _, use = extract_by_task(page(story(90)), url(90), TemplateTask(site.text, 1, check=True))
    site.record(replace(use, differences=["text"]), NOW)
    site.record(use, NOW)
    assert site.text is not None
    site.record(replace(use, differences=["text"]), NOW)
    assert (site.wait, site.checks) == (100, "")
    assert site.problem == "two of the latest 10 checked pages: other text"


def test_health_reports_checked_pages_that_differ() -> None:
    assert not list(judge_template("local", "0" * 9))
    assert not list(judge_template("local", "1" * 41 + "0" * 9))
    [finding] = judge_template("local", "1" * 30 + "0" * 9)
    assert finding.message.startswith("9 of the latest 39 checked pages differ")


def test_what_is_stored_is_read_back_and_goes_on() -> None:
    site = learnt_site(14)
    read(site, page(story(60), name="longread"), 60)
    again = site_from_json(site.text, site.since, site.given, '{"0 containers": 1}', site.checks, state_to_json(site))
    again.is_changed = site.is_changed
    assert again == site
    read(again, page(story(61), name="longread"), 61)
    assert again.template is None


def test_an_answer_of_a_template_that_was_replaced_meanwhile_counts_for_nothing() -> None:
    site = learnt_site(14)
    before = site.given
    _, use = extract_by_task(page(story(30)), url(30), TemplateTask(site.text, version=7))
    site.record(use, NOW)
    assert site.given == before
