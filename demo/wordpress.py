"""The WordPress REST API of demo_ar: posts, categories and tags, paged as WordPress pages them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from math import ceil
from typing import Any
from urllib.parse import quote

from demo.answer import Answer
from demo.content import Story
from demo.markup import PointerHtml, body_html, excerpt
from demo.served_site import ServedSite

Query = Mapping[str, str]


def root(served: ServedSite) -> Answer:
    """/wp-json/: the index of the API."""
    return _json({"name": served.site.title, "description": served.site.tagline, "namespaces": ["wp/v2"]})


def posts(served: ServedSite, pointer_html: PointerHtml, query: Query) -> Answer:
    """/wp-json/wp/v2/posts, with page, per_page, order, orderby, after, before, modified_after, _fields and _embed."""
    page, per_page = query.get("page", "1"), query.get("per_page", "10")
    if not page.isdecimal() or not per_page.isdecimal() or not 1 <= int(per_page) <= 100 or int(page) < 1:
        return _error("rest_invalid_param", "معاملات غير صالحة: page أو per_page")
    try:
        found = _found(served, query)
    except ValueError:
        return _error("rest_invalid_param", "معاملات غير صالحة: after أو before")
    pages = ceil(len(found) / int(per_page))
    if int(page) > max(pages, 1):
        return _error("rest_post_invalid_page_number", "رقم الصفحة المطلوب أكبر من عدد الصفحات المتاحة.")
    shown = found[(int(page) - 1) * int(per_page) : int(page) * int(per_page)]
    answer = _json([_chosen(_post(served, story, pointer_html, query), query) for story in shown])
    answer.headers.update({"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)})
    return answer


def post(served: ServedSite, story: Story, pointer_html: PointerHtml, query: Query) -> Answer:
    """/wp-json/wp/v2/posts/<id>."""
    return _json(_chosen(_post(served, story, pointer_html, query), query))


def terms(served: ServedSite, taxonomy: str) -> Answer:
    """/wp-json/wp/v2/categories and /wp-json/wp/v2/tags."""
    return _json([_term(served, taxonomy, name) for name in _names(served, taxonomy)])


def _found(served: ServedSite, query: Query) -> list[Story]:
    key = {"modified": lambda s: s.changed, "id": lambda s: s.number}.get(
        query.get("orderby", "date"), lambda s: s.published
    )
    stories = sorted(served.stories(), key=key, reverse=query.get("order", "desc") != "asc")
    after, before = _moment(served, query, "after"), _moment(served, query, "before")
    modified_after = _moment(served, query, "modified_after")
    return [
        story
        for story in stories
        if (not after or story.published > after)
        and (not before or story.published < before)
        and (not modified_after or story.changed > modified_after)
    ]


def _moment(served: ServedSite, query: Query, name: str) -> datetime | None:
    if name not in query:
        return None
    moment = datetime.fromisoformat(query[name].replace(" ", "+"))  # an unescaped "+" of the zone
    return moment if moment.tzinfo else moment.replace(tzinfo=served.local(moment.replace(tzinfo=UTC)).tzinfo)


def _post(served: ServedSite, story: Story, pointer_html: PointerHtml, query: Query) -> dict[str, Any]:
    url = served.story_url(story)
    sections = list(served.site.sections)
    data: dict[str, Any] = {
        "id": story.number,
        "date": _bare(served.local(story.published)),
        "date_gmt": _bare(story.published.astimezone(UTC)),
        "guid": {"rendered": f"{served.url('/')}?p={story.number}"},
        "modified": _bare(served.local(story.changed)),
        "modified_gmt": _bare(story.changed.astimezone(UTC)),
        "slug": quote(story.slug).lower(),
        "status": "publish",
        "type": "post",
        "link": url,
        "title": {"rendered": escape(story.title)},
        "content": {"rendered": body_html(served, story, pointer_html), "protected": False},
        "excerpt": {"rendered": f"<p>{escape(excerpt(story))}</p>\n", "protected": False},
        "author": _user(served, story)["id"],
        "categories": [sections.index(story.section) + 2],
        "tags": [served.tags.index(tag) + 50 for tag in story.tags],
        "_links": {"self": [{"href": served.url(f"/wp-json/wp/v2/posts/{story.number}")}]},
    }
    if "_embed" in query:
        groups = [[_term(served, "categories", story.section)], [_term(served, "tags", tag) for tag in story.tags]]
        data["_embedded"] = {"author": [_user(served, story)], "wp:term": groups}
    return data


def _names(served: ServedSite, taxonomy: str) -> list[str]:
    return list(served.site.sections) if taxonomy == "categories" else served.tags


def _term(served: ServedSite, taxonomy: str, name: str) -> dict[str, Any]:
    number = _names(served, taxonomy).index(name)
    if taxonomy == "tags":
        path = served.tag_path(name)
        return {"id": number + 50, "name": name, "link": served.url(path), "taxonomy": "post_tag"}
    shown, path = served.site.sections[name], served.section_path(name)
    return {"id": number + 2, "name": shown, "slug": name, "link": served.url(path), "taxonomy": "category"}


def _user(served: ServedSite, story: Story) -> dict[str, Any]:
    """WordPress has one author for an article; one without a name was posted by the site."""
    if not story.authors:
        return {"id": 1, "name": served.site.title, "link": served.url("/")}
    name = story.authors[0]
    return {"id": served.authors.index(name) + 2, "name": name, "link": served.url(served.author_path(name))}


def _chosen(data: dict[str, Any], query: Query) -> dict[str, Any]:
    """Only the requested fields, as in `_fields=link,title.rendered`."""
    wanted = [field.strip() for field in query.get("_fields", "").split(",") if field.strip()]
    if not wanted:
        return data
    chosen: dict[str, Any] = {}
    for key, value in data.items():
        inner = {field.partition(".")[2] for field in wanted if field.partition(".")[0] == key}
        if inner and ("" in inner or not isinstance(value, dict)):
            chosen[key] = value
        elif inner:
            chosen[key] = {name: part for name, part in value.items() if name in inner}
    return chosen


def _bare(moment: datetime) -> str:
    """WordPress prints times without a zone."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _error(code: str, message: str) -> Answer:
    answer = _json({"code": code, "message": message, "data": {"status": 400}})
    answer.status = 400
    return answer


def _json(data: Any) -> Answer:
    # WordPress escapes slashes and writes letters beyond ASCII as \u.
    text = json.dumps(data, ensure_ascii=True).replace("/", "\\/")
    return Answer(text, "application/json; charset=UTF-8")
