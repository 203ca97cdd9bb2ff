"""The theme of demo_en: a local English newspaper with a cookie banner, "Read more" boxes and related cards."""

from __future__ import annotations

from html import escape

from demo.content import REFERENCE, Block, Story
from demo.markup import body_html, excerpt, head_metadata, picture_path
from demo.place import Place
from demo.printed_dates import date_in_style, printed_date


def article(place: Place, story: Story) -> str:
    """An article's page."""
    section = place.site.sections[story.section]
    standfirst = f'<p class="standfirst">{escape(story.subtitle)}</p>' if story.subtitle else ""
    moment = place.local(story.published).isoformat()
    main = f"""<article class="story story--{story.schema.lower()}">
<header><a class="kicker" href="{place.url(place.section_path(story.section))}">{section}</a>
<h1>{escape(story.title)}</h1>{standfirst}
<p class="byline">{_byline(place, story)}</p>
<p class="dateline">Published <time datetime="{moment}">{printed_date(place, story)}</time>{_updated(place, story)}</p>
<ul class="sharing"><li><a href="https://share.example/post?u={place.story_url(story)}">Share</a></li>
<li><a href="#comments">Comments</a></li></ul></header>
<div class="story-body">
{body_html(place, story, _pointer)}
</div>
{_topics(place, story)}
</article>
{_related(place, story)}
<section id="comments"><h2>Comments</h2>
<p>Comments close 48 hours after publication. Please keep to the house rules.</p></section>
{_newsletter(place)}"""
    return _page(place, f"{story.title} | {place.site.title}", head_metadata(place, story), main)


def listing(place: Place, heading: str, stories: list[Story]) -> str:
    """A list of articles: the home page, a section, an author, a tag."""
    cards = "\n".join(
        f'<article class="teaser"><h2><a href="{place.story_url(story)}">{escape(story.title)}</a></h2>'
        f"<p>{escape(excerpt(story))}</p></article>"
        for story in stories
    )
    return _page(place, f"{heading} | {place.site.title}", "", f"<h1>{escape(heading)}</h1>\n{cards}")


def notice(place: Place, heading: str, text: str) -> str:
    """A page that is not an article."""
    main = f"<h1>{escape(heading)}</h1><p>{escape(text)}</p>"
    return _page(place, f"{heading} | {place.site.title}", "", main)


def _page(place: Place, title: str, head: str, main: str) -> str:
    menu = [(place.url("/"), "Home")]
    menu += [(place.url(place.section_path(slug)), name) for slug, name in place.site.sections.items()]
    items = "".join(f'<li><a href="{url}">{escape(name)}</a></li>' for url, name in menu)
    today = date_in_style(place.local(REFERENCE), "english_day")
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="stylesheet" href="{place.url("/style.css")}">
{head}</head>
<body>
<div id="cookie-banner" role="dialog" aria-label="Cookies"><p>We use cookies to remember your settings and to count
visits. You can change your choice at any time on our privacy page.</p><button>Accept all</button>
<button>Only what is needed</button></div>
<header class="masthead"><p class="today">{today}</p>
<p class="name"><a href="{place.url("/")}">{escape(place.site.title)}</a></p>
<p class="tagline">{escape(place.site.tagline)}</p><nav aria-label="Sections"><ul>{items}</ul></nav></header>
<main>
{main}
</main>
<footer><nav><a href="{place.url("/about")}">About us</a> <a href="{place.url("/contact")}">Contact</a></nav>
<p>Copyright 2026 {escape(place.site.footer)}</p></footer>
</body></html>
"""


def _byline(place: Place, story: Story) -> str:
    if story.source:
        original = place.content.original(story)
        name = escape(story.source)
        return f'Source: <a href="{place.addresses[original.site]}">{name}</a>' if original else f"Source: {name}"
    names = " and ".join(
        f'<a rel="author" href="{place.url(place.author_path(name))}">{escape(name)}</a>' for name in story.authors
    )
    return f"{story.byline or 'By'} {names}"


def _updated(place: Place, story: Story) -> str:
    if not story.modified:
        return ""
    moment = place.local(story.modified)
    return f' · Updated <time datetime="{moment.isoformat()}">{date_in_style(moment, "english")}</time>'


def _pointer(place: Place, block: Block) -> str:
    links = [
        f'<a href="{place.story_url(place.story(number))}">{escape(place.story(number).title)}</a>'
        for number in block.targets
    ]
    if block.kind == "box":
        items = "".join(f"<li>{link}</li>" for link in links)
        return f'<aside class="read-more"><h4>{block.label}</h4><ul>{items}</ul></aside>'
    title = place.story(block.targets[0]).title
    return f"<p><strong>{block.label}:</strong> {escape(title) if block.kind == 'unlinked' else links[0]}</p>"


def _topics(place: Place, story: Story) -> str:
    links = "".join(f'<li><a href="{place.url(place.tag_path(tag))}">{escape(tag)}</a></li>' for tag in story.tags)
    return f'<div class="topics"><h2>Topics</h2><ul>{links}</ul></div>' if links else ""


def _related(place: Place, story: Story) -> str:
    if not story.related:
        return ""
    cards = "\n".join(
        f'<a class="card" href="{place.story_url(other)}"><img src="{place.url(picture_path(other))}" alt="">'
        f"<h3>{escape(other.title)}</h3>"
        f'<span class="card-date">{date_in_style(place.local(other.published), "english_day")}</span></a>'
        for other in map(place.story, story.related)
    )
    return f'<section class="related-cards"><h2>More on this story</h2><div class="cards">{cards}</div></section>'


def _newsletter(place: Place) -> str:
    return f"""<section class="newsletter"><h2>The morning edition</h2><p>{escape(place.site.newsletter)}</p>
<form action="{place.url("/contact")}"><input type="email" name="email" placeholder="Your email">
<button>Sign up</button></form></section>"""
