"""The theme of demo_ar: a WordPress magazine theme, right to left, with what such pages have around an article."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from demo.content import BODY_KINDS, REFERENCE, Block, Story
from demo.markup import body_html, excerpt, head_metadata
from demo.printed_dates import date_in_style, printed_date
from demo.served_site import ServedSite


def article(served: ServedSite, story: Story) -> str:
    """An article's page."""
    section = f'<a href="{served.url(served.section_path(story.section))}">{served.site.sections[story.section]}</a>'
    home = f'<a href="{served.url("/")}">الرئيسية</a>'
    subtitle = f'<p class="entry-sub-title">{escape(story.subtitle)}</p>' if story.subtitle else ""
    main = f"""<nav class="breadcrumb">{home}<em>/</em>{section}<em>/</em><span>{escape(story.title)}</span></nav>
<article id="post-{story.number}" class="single-post type-post status-publish">
<header class="entry-header"><h1 class="entry-title">{escape(story.title)}</h1>{subtitle}
<div class="post-meta">{_byline(served, story)}<span class="date">{printed_date(served, story)}</span></div></header>
{_share_bar(served, story)}
<div class="entry-content">
{body_html(served, story, pointer)}
</div>
{_source(served, story)}
{_tags(served, story)}
</article>
{_related(served, story)}
{_newsletter(served)}
{_comment_form(served, story)}"""
    return _page(
        served, f"{story.title} - {served.site.title}", head_metadata(served, story), main, _see_also(served, story)
    )


def listing(served: ServedSite, heading: str, stories: list[Story]) -> str:
    """A list of articles: the home page, a section, an author, a tag."""
    cards = "\n".join(
        f'<div class="post-item"><h2><a href="{served.story_url(story)}">{escape(story.title)}</a></h2>'
        f'<span class="date">{printed_date(served, story)}</span><p>{escape(excerpt(story))}</p></div>'
        for story in stories
    )
    main = f'<h1 class="page-title">{escape(heading)}</h1>\n<div class="posts">{cards}</div>'
    return _page(served, f"{heading} - {served.site.title}", "", main)


def notice(served: ServedSite, heading: str, text: str) -> str:
    """A page that is not an article."""
    return _page(served, f"{heading} - {served.site.title}", "", f"<h1>{escape(heading)}</h1><p>{escape(text)}</p>")


def _page(served: ServedSite, title: str, head: str, main: str, aside: str = "") -> str:
    return f"""<!DOCTYPE html>
<html dir="rtl" lang="ar">
<head><meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="stylesheet" href="{served.url("/style.css")}">
<link rel="alternate" type="application/rss+xml" title="{served.site.title} &raquo; الخلاصة"
 href="{served.url("/feed/")}">
<link rel="https://api.w.org/" href="{served.url("/wp-json/")}">
<meta name="generator" content="WordPress 6.8">
{head}</head>
<body class="rtl">
{_header(served)}
<div class="columns"><main role="main">
{main}
</main>
<aside class="sidebar">{aside}{_latest(served)}</aside></div>
<footer id="site-footer"><p class="copyright">© 2019 - 2026 {escape(served.site.footer)}</p>
<p><a href="{served.url("/about/")}">من نحن</a> <a href="{served.url("/contact/")}">اتصل بنا</a></p></footer>
</body></html>
"""


def _header(served: ServedSite) -> str:
    menu = [(served.url("/"), "الرئيسية")]
    menu += [(served.url(served.section_path(slug)), name) for slug, name in served.site.sections.items()]
    items = "".join(f'<li class="menu-item"><a href="{url}">{name}</a></li>' for url, name in menu)
    ticker = "".join(
        f'<li class="news-item"><a href="{served.story_url(story)}">{escape(story.title)}</a></li>'
        for story in served.stories()[:3]
    )
    today = date_in_style(served.local(REFERENCE), "both")
    return f"""<header id="site-header"><div class="topbar"><span class="today-date">{today}</span>
<div class="breaking"><span class="breaking-title">أخبار عاجلة</span><ul>{ticker}</ul></div></div>
<div class="logo"><a href="{served.url("/")}">{served.site.title}</a> <span>{served.site.tagline}</span></div>
<nav class="main-menu"><ul>{items}</ul></nav></header>"""


def _byline(served: ServedSite, story: Story) -> str:
    if not story.authors:
        return f'<span class="author-meta"><span class="author-name">{served.site.title}</span></span>'
    names = "، ".join(
        f'<a class="author-name" rel="author" href="{served.url(served.author_path(name))}">{escape(name)}</a>'
        for name in story.authors
    )
    return f'<span class="author-meta">{escape(story.byline or "بقلم")} {names}</span>'


def _share_bar(served: ServedSite, story: Story) -> str:
    links = "".join(
        f'<a rel="nofollow noopener" href="https://share.example/{network}?u={served.story_url(story)}">{label}</a>'
        for network, label in (("square", "الساحة"), ("post", "بريد"), ("chat", "محادثة"))
    )
    return f'<div class="share-buttons"><span>شارك الخبر</span>{links}</div>'


def pointer(served: ServedSite, block: Block) -> str:
    """A pointer to another article inside the text; `embed` adds that article's whole text."""
    target = served.story(block.targets[0])
    link = f'<a href="{served.story_url(target)}">{escape(target.title)}</a>'
    if block.kind == "unlinked":
        return f"<p><strong>{block.label}: {escape(target.title)}</strong></p>"
    if block.kind == "box":
        items = "".join(
            f'<li><a href="{served.story_url(served.story(number))}">{escape(served.story(number).title)}</a></li>'
            for number in block.targets
        )
        return f'<div class="inline-related-post"><span>{block.label}</span><ul>{items}</ul></div>'
    line = f"<p><strong>{block.label}: {link}</strong></p>"
    if block.kind == "embed":
        own = (part for part in target.blocks if part.kind in BODY_KINDS)
        line += "\n" + "\n".join(_embedded(served, target, part) for part in own)
    return line


def _embedded(served: ServedSite, target: Story, block: Block) -> str:
    if block.kind == "heading":
        return f"<h3>{escape(block.text)}</h3>"
    return body_html(served, replace(target, blocks=(block,)), pointer)


def _source(served: ServedSite, story: Story) -> str:
    if not story.source:
        return ""
    original = served.content.original(story)
    address = served.addresses[original.site] if original else ""
    name = f'<a href="{address}">{escape(story.source)}</a>' if address else escape(story.source)
    return f'<div class="post-source"><span>المصدر:</span> {name}</div>'


def _tags(served: ServedSite, story: Story) -> str:
    links = " ".join(f'<a rel="tag" href="{served.url(served.tag_path(tag))}">{escape(tag)}</a>' for tag in story.tags)
    return f'<div class="tagcloud"><span>الوسوم:</span> {links}</div>' if links else ""


def _related(served: ServedSite, story: Story) -> str:
    if not story.related:
        return ""
    cards = "\n".join(
        f'<li><a href="{served.story_url(other)}"><strong>{escape(other.title)}</strong></a>'
        f'<span class="date">{printed_date(served, other)}</span></li>'
        for other in map(served.story, story.related)
    )
    return f'<section class="related-posts"><h3>مقالات ذات صلة</h3><ul>{cards}</ul></section>'


def _see_also(served: ServedSite, story: Story) -> str:
    if not story.see_also:
        return ""
    other = served.story(story.see_also)
    return (
        f'<div id="check-also-box"><h3>شاهد أيضاً</h3><a href="{served.story_url(other)}">{escape(other.title)}</a>'
        f"<p>{escape(excerpt(other, 90))}</p></div>"
    )


def _latest(served: ServedSite) -> str:
    items = "".join(
        f'<li><a href="{served.story_url(story)}">{escape(story.title)}</a></li>' for story in served.stories()[:5]
    )
    return f'<div class="widget"><h3>آخر الأخبار</h3><ul>{items}</ul></div>'


def _newsletter(served: ServedSite) -> str:
    return f"""<div class="newsletter"><h3>النشرة البريدية</h3><p>{escape(served.site.newsletter)}</p>
<form action="{served.url("/contact/")}" method="get"><input type="email" name="email" placeholder="بريدك الإلكتروني">
<button>اشترك</button></form></div>"""


def _comment_form(served: ServedSite, story: Story) -> str:
    return f"""<div id="respond"><h3>اترك تعليقاً</h3>
<p class="comment-notes">لن يُنشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها بـ *</p>
<form action="{served.story_url(story)}#respond" method="post">
<label>التعليق *<textarea name="comment"></textarea></label>
<label>الاسم *<input name="author"></label><button>إرسال التعليق</button></form></div>"""
