"""The theme of demo_agency: plain wire copy in two languages with little more than a <time> element."""

from __future__ import annotations

from html import escape

from demo.content import Block, Story
from demo.markup import body_html, head_metadata
from demo.printed_dates import printed_date
from demo.served_site import ServedSite

_WORDS = {
    "ar": {"more": "أخبار متعلقة", "rights": "يُسمح للمشتركين بإعادة النشر مع ذكر المصدر", "by": "تحرير"},
    "en": {"more": "Related stories", "rights": "Subscribers may republish with credit", "by": "Reporting by"},
}


def article(served: ServedSite, story: Story) -> str:
    """An article's page."""
    words = _WORDS[story.language]
    moment = served.local(story.published)
    names = escape(("، " if story.language == "ar" else ", ").join(story.authors))
    main = f"""<article><p class="slug"><a href="{served.url(served.section_path(story.section))}">
{escape(served.site.sections[story.section])}</a> <span>#{story.number}</span></p>
<h1>{escape(story.title)}</h1>
<p class="filed"><time datetime="{moment.isoformat()}">{printed_date(served, story)}</time></p>
<div class="copy">
{body_html(served, story, _pointer)}
</div>
<p class="signoff">{words["by"]} {names}</p>
</article>
<p class="rights">{words["rights"]}</p>
{_related(served, story, words["more"])}"""
    return _page(served, f"{story.title} - {served.site.title}", head_metadata(served, story), main, story.language)


def listing(served: ServedSite, heading: str, stories: list[Story]) -> str:
    """A list of articles: the home page, a topic."""
    items = "\n".join(
        f'<li lang="{story.language}"><time>{printed_date(served, story)}</time> '
        f'<a href="{served.story_url(story)}">{escape(story.title)}</a></li>'
        for story in stories
    )
    main = f'<h1>{escape(heading)}</h1><ul class="wire">{items}</ul>'
    return _page(served, f"{heading} - {served.site.title}", "", main, "en")


def notice(served: ServedSite, heading: str, text: str) -> str:
    """A page that is not an article."""
    main = f"<h1>{escape(heading)}</h1><p>{escape(text)}</p>"
    return _page(served, f"{heading} - {served.site.title}", "", main, "en")


def _page(served: ServedSite, title: str, head: str, main: str, language: str) -> str:
    topics = " ".join(
        f'<a href="{served.url(served.section_path(slug))}">{escape(name)}</a>'
        for slug, name in served.site.sections.items()
    )
    return f"""<!DOCTYPE html>
<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="stylesheet" href="{served.url("/style.css")}">
<link rel="alternate" type="application/atom+xml" title="{escape(served.site.title)}" href="{served.url("/feed.atom")}">
{head}</head>
<body>
<header><a class="name" href="{served.url("/")}">{escape(served.site.title)}</a>
<span>{escape(served.site.tagline)}</span>
<nav>{topics}</nav></header>
<main>
{main}
</main>
<footer><a href="{served.url("/about")}">About</a> <a href="{served.url("/contact")}">Contact</a>
<p>© 2026 {escape(served.site.footer)}</p></footer>
</body></html>
"""


def _pointer(served: ServedSite, block: Block) -> str:
    target = served.story(block.targets[0])
    return f'<p>{block.label}: <a href="{served.story_url(target)}">{escape(target.title)}</a></p>'


def _related(served: ServedSite, story: Story, heading: str) -> str:
    if not story.related:
        return ""
    items = "".join(
        f'<li><a href="{served.story_url(other)}">{escape(other.title)}</a></li>'
        for other in map(served.story, story.related)
    )
    return f'<aside class="related"><h2>{heading}</h2><ul>{items}</ul></aside>'
