"""The theme of demo_en: a local English newspaper with a cookie banner, "Read more" boxes and related cards."""

from __future__ import annotations

from html import escape

from demo.content import REFERENCE, Block, Story
from demo.markup import body_html, excerpt, head_metadata, picture_path
from demo.printed_dates import date_in_style, printed_date
from demo.served_site import ServedSite


def article(served: ServedSite, story: Story) -> str:
    """An article's page."""
    section = served.site.sections[story.section]
    standfirst = f'<p class="standfirst">{escape(story.subtitle)}</p>' if story.subtitle else ""
    moment = served.local(story.published).isoformat()
    main = f"""<article class="story story--{story.schema.lower()}">
<header><a class="kicker" href="{served.url(served.section_path(story.section))}">{section}</a>
<h1>{escape(story.title)}</h1>{standfirst}
<p class="byline">{_byline(served, story)}</p>
<p class="dateline">Published <time datetime="{moment}">{printed_date(served, story)}</time>
{_updated(served, story)}</p>
<ul class="sharing"><li><a href="https://share.example/post?u={served.story_url(story)}">Share</a></li>
<li><a href="#comments">Comments</a></li></ul></header>
<div class="story-body">
{body_html(served, story, _pointer)}
</div>
{_topics(served, story)}
</article>
{_related(served, story)}
<section id="comments"><h2>Comments</h2>
<p>Comments close 48 hours after publication. Please keep to the house rules.</p></section>
{_newsletter(served)}"""
    return _page(served, f"{story.title} | {served.site.title}", head_metadata(served, story), main)


def listing(served: ServedSite, heading: str, stories: list[Story]) -> str:
    """A list of articles: the home page, a section, an author, a tag."""
    cards = "\n".join(
        f'<article class="teaser"><h2><a href="{served.story_url(story)}">{escape(story.title)}</a></h2>'
        f"<p>{escape(excerpt(story))}</p></article>"
        for story in stories
    )
    return _page(served, f"{heading} | {served.site.title}", "", f"<h1>{escape(heading)}</h1>\n{cards}")


def notice(served: ServedSite, heading: str, text: str) -> str:
    """A page that is not an article."""
    main = f"<h1>{escape(heading)}</h1><p>{escape(text)}</p>"
    return _page(served, f"{heading} | {served.site.title}", "", main)


def _page(served: ServedSite, title: str, head: str, main: str) -> str:
    menu = [(served.url("/"), "Home")]
    menu += [(served.url(served.section_path(slug)), name) for slug, name in served.site.sections.items()]
    items = "".join(f'<li><a href="{url}">{escape(name)}</a></li>' for url, name in menu)
    today = date_in_style(served.local(REFERENCE), "english_day")
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="stylesheet" href="{served.url("/style.css")}">
{head}</head>
<body>
<div id="cookie-banner" role="dialog" aria-label="Cookies"><p>We use cookies to remember your settings and to count
visits. You can change your choice at any time on our privacy page.</p><button>Accept all</button>
<button>Only what is needed</button></div>
<header class="masthead"><p class="today">{today}</p>
<p class="name"><a href="{served.url("/")}">{escape(served.site.title)}</a></p>
<p class="tagline">{escape(served.site.tagline)}</p><nav aria-label="Sections"><ul>{items}</ul></nav></header>
<main>
{main}
</main>
<footer><nav><a href="{served.url("/about")}">About us</a> <a href="{served.url("/contact")}">Contact</a></nav>
<p>Copyright 2026 {escape(served.site.footer)}</p></footer>
</body></html>
"""


def _byline(served: ServedSite, story: Story) -> str:
    if story.source:
        original = served.content.original(story)
        name = escape(story.source)
        return f'Source: <a href="{served.addresses[original.site]}">{name}</a>' if original else f"Source: {name}"
    names = " and ".join(
        f'<a rel="author" href="{served.url(served.author_path(name))}">{escape(name)}</a>' for name in story.authors
    )
    return f"{story.byline or 'By'} {names}"


def _updated(served: ServedSite, story: Story) -> str:
    if not story.modified:
        return ""
    moment = served.local(story.modified)
    return f' · Updated <time datetime="{moment.isoformat()}">{date_in_style(moment, "english")}</time>'


def _pointer(served: ServedSite, block: Block) -> str:
    links = [
        f'<a href="{served.story_url(served.story(number))}">{escape(served.story(number).title)}</a>'
        for number in block.targets
    ]
    if block.kind == "box":
        items = "".join(f"<li>{link}</li>" for link in links)
        return f'<aside class="read-more"><h4>{block.label}</h4><ul>{items}</ul></aside>'
    title = served.story(block.targets[0]).title
    return f"<p><strong>{block.label}:</strong> {escape(title) if block.kind == 'unlinked' else links[0]}</p>"


def _topics(served: ServedSite, story: Story) -> str:
    links = "".join(f'<li><a href="{served.url(served.tag_path(tag))}">{escape(tag)}</a></li>' for tag in story.tags)
    return f'<div class="topics"><h2>Topics</h2><ul>{links}</ul></div>' if links else ""


def _related(served: ServedSite, story: Story) -> str:
    if not story.related:
        return ""
    cards = "\n".join(
        f'<a class="card" href="{served.story_url(other)}"><img src="{served.url(picture_path(other))}" alt="">'
        f"<h3>{escape(other.title)}</h3>"
        f'<span class="card-date">{date_in_style(served.local(other.published), "english_day")}</span></a>'
        for other in map(served.story, story.related)
    )
    return f'<section class="related-cards"><h2>More on this story</h2><div class="cards">{cards}</div></section>'


def _newsletter(served: ServedSite) -> str:
    return f"""<section class="newsletter"><h2>The morning edition</h2><p>{escape(served.site.newsletter)}</p>
<form action="{served.url("/contact")}"><input type="email" name="email" placeholder="Your email">
<button>Sign up</button></form></section>"""
