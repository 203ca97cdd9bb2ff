"""A site at its URL: what themes and channels render from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from demo.content import Content, Site, Story


@dataclass(frozen=True, slots=True)
class ServedSite:
    """One site at its URL."""

    content: Content
    site: Site
    addresses: Mapping[str, str]
    """Name → URL of every site, with a trailing slash."""

    def url(self, path: str) -> str:
        """A path of the site as an absolute URL; WordPress writes percent escapes in lower case."""
        if self.site.engine == "wordpress":
            path = re.sub(r"%[0-9A-F]{2}", lambda escape: escape[0].lower(), path)
        return self.addresses[self.site.name].rstrip("/") + path

    def story_url(self, story: Story) -> str:
        """URL of an article of the site."""
        return self.url(story.path)

    def story(self, number: int) -> Story:
        """An article of the site by its number."""
        return self.content.story(self.site.name, number)

    def local(self, moment: datetime) -> datetime:
        """A time in the site's time zone."""
        return moment.astimezone(ZoneInfo(self.site.timezone))

    def section_path(self, slug: str) -> str:
        """The page of a section."""
        return {"wordpress": f"/category/{slug}/", "ledger": f"/{slug}", "agency": f"/topics/{slug}"}[self.site.engine]

    def author_path(self, name: str) -> str:
        """The page of an author."""
        slug = quote(name.lower().replace(" ", "-"))
        return f"/author/{slug}/" if self.site.engine == "wordpress" else f"/authors/{slug}"

    def tag_path(self, tag: str) -> str:
        """The page of a tag."""
        slug = quote(tag.lower().replace(" ", "-"))
        return f"/tag/{slug}/" if self.site.engine == "wordpress" else f"/tags/{slug}"

    def stories(self, *, section: str = "", author: str = "", tag: str = "") -> list[Story]:
        """The site's articles, newest first; only those of a section, an author or a tag if one is given."""
        return [
            story
            for story in self.site.stories
            if section in ("", story.section)
            and (not author or author in story.authors)
            and (not tag or tag in story.tags)
        ]

    @property
    def authors(self) -> list[str]:
        """The authors of the site."""
        return sorted({name for story in self.site.stories for name in story.authors})

    @property
    def tags(self) -> list[str]:
        """Every tag of the site."""
        return sorted({tag for story in self.site.stories for tag in story.tags})
