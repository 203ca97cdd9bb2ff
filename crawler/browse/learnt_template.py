"""What was learnt of where the pages of a site have their text, in the words of `rasid template`."""

from __future__ import annotations

from crawler.store.templates import StoredTemplate


def template_lines(stored: StoredTemplate | None) -> list[str]:
    """The lines that `rasid template` prints; none if nothing was learnt."""
    if stored is None:
        return []
    from crawler.extract.templates.describe import described  # heavy: the extraction
    from crawler.extract.templates.site import site_from_json

    try:
        site = site_from_json(stored.template, stored.since, stored.given, stored.missed, stored.checks, stored.state)
    except ValueError as error:
        return [f"the stored template is damaged ({error}); `rasid template --forget {stored.site}` deletes it"]
    return list(described(stored.site, site))
