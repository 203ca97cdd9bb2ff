"""The theme of demo_agency: plain wire copy in two languages with little more than a <time> element."""

from __future__ import annotations

from html import escape

from demo.content import Block, Story
from demo.markup import body_html, head_metadata
from demo.place import Place
from demo.printed_dates import printed_date

_WORDS = {
    "ar": {"more": "أخبار متعلقة", "rights": "يُسمح للمشتركين بإعادة النشر مع ذكر المصدر", "by": "تحرير"},
    "en": {"more": "Related stories", "rights": "Subscribers may republish with credit", "by": "Reporting by"},
}


def article(place: Place, story: Story) -> str:
    """An article's page."""
    words = _WORDS[story.language]
    moment = place.local(story.published)
    names = escape(("، " if story.language == "ar" else ", ").join(story.authors))
    main = f"""<article><p class="slug"><a href="{place.url(place.section_path(story.section))}">
{escape(place.site.sections[story.section])}</a> <span>#{story.number}</span></p>
<h1>{escape(story.title)}</h1>
<p class="filed"><time datetime="{moment.isoformat()}">{printed_date(place, story)}</time></p>
<div class="copy">
{body_html(place, story, _pointer)}
</div>
<p class="signoff">{words["by"]} {names}</p>
</article>
<p class="rights">{words["rights"]}</p>
{_related(place, story, words["more"])}"""
    return _page(place, f"{story.title} - {place.site.title}", head_metadata(place, story), main, story.language)


def listing(place: Place, heading: str, stories: list[Story]) -> str:
    """A list of articles: the home page, a topic."""
    items = "\n".join(
        f'<li lang="{story.language}"><time>{printed_date(place, story)}</time> '
        f'<a href="{place.story_url(story)}">{escape(story.title)}</a></li>'
        for story in stories
    )
    main = f'<h1>{escape(heading)}</h1><ul class="wire">{items}</ul>'
    return _page(place, f"{heading} - {place.site.title}", "", main, "en")


def notice(place: Place, heading: str, text: str) -> str:
    """A page that is not an article."""
    main = f"<h1>{escape(heading)}</h1><p>{escape(text)}</p>"
    return _page(place, f"{heading} - {place.site.title}", "", main, "en")


def _page(place: Place, title: str, head: str, main: str, language: str) -> str:
    topics = " ".join(
        f'<a href="{place.url(place.section_path(slug))}">{escape(name)}</a>'
        for slug, name in place.site.sections.items()
    )
    return f"""<!DOCTYPE html>
<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="stylesheet" href="{place.url("/style.css")}">
<link rel="alternate" type="application/atom+xml" title="{escape(place.site.title)}" href="{place.url("/feed.atom")}">
{head}</head>
<body>
<header><a class="name" href="{place.url("/")}">{escape(place.site.title)}</a> <span>{escape(place.site.tagline)}</span>
<nav>{topics}</nav></header>
<main>
{main}
</main>
<footer><a href="{place.url("/about")}">About</a> <a href="{place.url("/contact")}">Contact</a>
<p>© 2026 {escape(place.site.footer)}</p></footer>
</body></html>
"""


def _pointer(place: Place, block: Block) -> str:
    target = place.story(block.targets[0])
    return f'<p>{block.label}: <a href="{place.story_url(target)}">{escape(target.title)}</a></p>'


def _related(place: Place, story: Story, heading: str) -> str:
    if not story.related:
        return ""
    items = "".join(
        f'<li><a href="{place.story_url(other)}">{escape(other.title)}</a></li>'
        for other in map(place.story, story.related)
    )
    return f'<aside class="related"><h2>{heading}</h2><ul>{items}</ul></aside>'
