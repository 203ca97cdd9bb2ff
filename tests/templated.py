"""Made-up sites of one template each: pages that differ in their texts as those of a content system do."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.extract.templates.site import SiteTemplate
from crawler.extract.templates.task import TemplateUse
from crawler.extract.templates.use import extract_by_task
from crawler.items import Article
from crawler.text import word_set
from tests.made_up import NOW

_WORDS = sorted(
    word_set("""
    harbour council bridge river market teacher winter summer engine station garden museum orchestra village border
    committee report budget signal forest valley captain library festival tunnel railway hospital airport factory
    engineer minister doctor lawyer driver fisherman baker student painter singer mountain island desert
    """)
)
_VERBS = sorted(word_set("opened closed repaired counted praised refused planned measured painted visited moved"))
_FIRST = sorted(word_set("Ana Berta Carl David Elena Farid Greta Hugo"))
_LAST = sorted(word_set("Olsen Petrov Quist Rahman Silva Tamm Ueda"))


@dataclass
class Story:
    """What one page says."""

    number: int
    title: str
    author: str
    day: int
    section: str
    standfirst: str
    paragraphs: list[str]
    others: list[tuple[str, str]]
    """Titles and paths of other articles."""

    extra: str = ""
    """Markup between the paragraphs."""

    tags: list[str] = field(default_factory=list)


def story(number: int, seed: str = "", paragraphs: int | None = None) -> Story:
    """The story of a number, always the same; no two have a sentence in common."""
    dice = random.Random(f"{seed}{number}")
    count = paragraphs or dice.randint(4, 9)
    return Story(
        number=number,
        title=f"The {dice.choice(_WORDS)} of report {number} {dice.choice(_VERBS)} the {dice.choice(_WORDS)}",
        author=f"{dice.choice(_FIRST)} {dice.choice(_LAST)}",
        day=1 + number % 20,
        section=dice.choice(("Politics", "Culture", "Economy")),
        standfirst=f"Why {_sentence(dice, number)}",
        paragraphs=[" ".join(_sentence(dice, number) for _ in range(dice.randint(2, 4))) for _ in range(count)],
        others=[
            (
                f"How the {dice.choice(_WORDS)} and the {dice.choice(_WORDS)} {dice.choice(_VERBS)} {n}",
                f"/news/other-{n}.html",
            )
            for n in dice.sample(range(1000), 4)
        ],
        tags=dice.sample(_WORDS, 3),
    )


def _sentence(dice: random.Random, number: int) -> str:
    words = [dice.choice(_WORDS) for _ in range(4)]
    return (
        f"The {words[0]} of page {number} {dice.choice(_VERBS)} the {words[1]} in {dice.randint(100, 9999)} "
        f"hours while the {words[2]} {dice.choice(_VERBS)} what the {words[3]} had {dice.choice(_VERBS)}."
    )


def declared(story: Story) -> str:
    """The head of a page with linked data."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": f"2026-10-{story.day:02}T08:{story.number % 60:02}:00+02:00",
        "author": [{"@type": "Person", "name": story.author}],
        "articleSection": story.section,
    }
    return (
        f"<title>{story.title} - Local</title><meta property='og:type' content='article'>"
        f"<meta property='og:title' content='{story.title}'>"
        f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    )


def printed(story: Story) -> str:
    """The head of a page that declares nothing but its title."""
    return f"<title>{story.title} - Local</title>"


def page(story: Story, head: Callable[[Story], str] = declared, *, name: str = "story", body: str | None = None) -> str:
    """A page with menu, promotion, byline, related articles and footer. `name`: of the classes. `body`: in the place of
    the paragraphs."""
    paragraphs = [f"<p>{text}</p>" for text in story.paragraphs]
    paragraphs.insert(2, story.extra)
    cards = "".join(f"<li class='card'><a href='{path}'>{title}</a></li>" for title, path in story.others)
    menu = "".join(f"<li><a href='/{word}/'>{word}</a></li>" for word in ("Politics", "Culture", "Economy", "Sport"))
    tags = "".join(f"<a rel='tag' href='/tag/{tag}'>{tag}</a>" for tag in story.tags)
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{head(story)}</head>
<body class="page-{story.number}">
<header class="site"><a href="/">Local</a><nav><ul>{menu}</ul></nav></header>
<main><article class="{name} post-{story.number}">
<div class="{name}-head"><h1>{story.title}</h1><p class="standfirst">{story.standfirst}</p>
<div class="byline">By <a rel="author" href="/people/{story.author.replace(" ", "-")}">{story.author}</a></div>
<time datetime="2026-10-{story.day:02}T08:{story.number % 60:02}:00+02:00">{story.day} October 2026</time></div>
<div class="{name}-body">{body if body is not None else "".join(paragraphs)}
<p class="{name}-promo">Read the paper every morning and every evening, it is free of charge and full of news.</p></div>
<div class="tags">{tags}</div></article>
<aside class="most-read"><h3>Most read</h3><ul>{cards}</ul></aside>
<section class="about"><p>The Local is a newspaper of the coast that was founded in 1921 and is printed on six
days of a week.</p></section>
</main><footer><p>The publishers of the Local answer letters of readers within three working days.</p></footer>
</body></html>"""


def url(number: int) -> str:
    """The address of a story."""
    return f"https://local.example/news/{number}.html"


def read(site: SiteTemplate, html: str, number: int) -> tuple[Article, TemplateUse]:
    """Read a page as a crawl does, and let its site learn from it."""
    article, use = extract_by_task(html, url(number), site.task(url(number)))
    site.record(use, NOW)
    return article, use


def learnt_site(pages: int) -> SiteTemplate:
    """What is known of the site after this many pages."""
    site = SiteTemplate()
    for number in range(pages):
        read(site, page(story(number)), number)
    return site
