"""What became of the pages of one run: every requested page ends in exactly one outcome, and the sums add up."""

from __future__ import annotations

from collections import Counter
from typing import Any

from crawler.items import OUTCOMES, Article, PageResult

# A single very long page shall not hide that all others have become short.
_LONG_BODY = 20_000


class Quality:
    """How whole the articles of a run were, before validation: what tells that a site was redesigned."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """pages; how many of them have title, body, date, authors; chars of all bodies; milliseconds of the timed."""

        self.without: dict[str, str] = {}
        """Field → a page that has none."""

    def judge(self, article: Article) -> None:
        """Count an article as it was extracted."""
        self.counts["pages"] += 1
        self.counts["chars"] += min(len(article.body), _LONG_BODY)
        fields = {
            "title": article.title,
            "body": article.paragraphs,
            "date": article.published if (article.published_from or "").partition(":")[0] != "channel" else None,
            "authors": article.authors,
        }
        for name, value in fields.items():
            if value:
                self.counts[name] += 1
            else:
                self.without.setdefault(name, article.page.url if article.page else article.url)

    def time(self, seconds: float) -> None:
        """Count how long a page took to come."""
        self.counts["timed"] += 1
        self.counts["milliseconds"] += round(seconds * 1000)

    def columns(self) -> dict[str, Any]:
        """The counts as JSON."""
        return {**self.counts, "without": self.without} if self.counts else {}


class Outcomes:
    """The counts of one run."""

    def __init__(self) -> None:
        self.requested = 0
        self.discovered = 0
        self.channel_problems = 0
        self.planned = 0
        """Pages that were to be requested when the channels had answered."""

        self.gaps = 0
        """Channels whose answer had nothing in common with the one before."""

        self.channels_unchanged = 0
        """Channels that answered what they had answered before."""

        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        """Reason of a drop or failure → the first page that ended so."""

        self.quality = Quality()
        self.skipped: Counter[str] = Counter()
        """Why a URL that a channel named was not asked for → how often."""

        self.known: set[str] = set()
        """URLs that channels named and that were finished before."""

        self._under_way: set[str] = set()

    def request(self, url: str) -> None:
        """A page is asked for. Saying it again, as retries and redirects do, counts once."""
        if url not in self._under_way:
            self._under_way.add(url)
            self.requested += 1

    def is_under_way(self, url: str) -> bool:
        """Whether the page was asked for and has no outcome yet."""
        return url in self._under_way

    def settle(self, result: PageResult) -> None:
        """A page has ended. Raises KeyError for one that was never asked for or has ended before."""
        assert result.outcome is not None
        self._under_way.remove(result.page.url)
        self.outcomes[result.outcome] += 1
        if result.reason:
            self.reasons[result.reason] += 1
            self.examples.setdefault(result.reason, result.page.url)

    @property
    def unfinished(self) -> int:
        """Pages asked for that have no outcome: the run was stopped. They stay pending."""
        return len(self._under_way)

    def columns(self) -> dict[str, Any]:
        """The counts as columns of the table `runs`."""
        return {
            "discovered": self.discovered,
            "requested": self.requested,
            **{outcome: self.outcomes[outcome] for outcome in OUTCOMES},
            "unfinished": self.unfinished,
            "reasons": dict(self.reasons),
            "skipped": dict(self._all_skipped()),
            "channel_problems": self.channel_problems,
            "channels_unchanged": self.channels_unchanged,
            "gaps": self.gaps,
            "examples": self.examples,
            "quality": self.quality.columns(),
        }

    def line(self, site: str) -> str:
        """The counts as one line: what there is of each, and why pages failed or were dropped."""
        counts = [f"{self.outcomes[outcome]} {outcome}" for outcome in OUTCOMES if self.outcomes[outcome]]
        counts += [f"{self.unfinished} unfinished"] if self.unfinished else []
        counts += [f"{self.channel_problems} channel problems"] if self.channel_problems else []
        reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in self.reasons.most_common())
        return f"{site}: {', '.join(counts) or 'nothing new'}" + (f" ({reasons})" if reasons else "")

    def table(self, site: str) -> str:
        """The counts for people: outcomes that add up to the pages requested, then what was left out and why."""
        rows: list[tuple[str, int, str]] = [(outcome, self.outcomes[outcome], "") for outcome in OUTCOMES]
        if self.unfinished:
            rows.append(("unfinished", self.unfinished, "the run was stopped; the next one takes them up"))
        by_reason = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in self.reasons.most_common())
        skipped = ", ".join(f"{count} {why.replace('_', ' ')}" for why, count in self._all_skipped().most_common())
        lines = [f"{site}: {self.discovered} new URLs discovered" + (f", skipped {skipped}" if skipped else "")]
        lines += [f"  {name:<11}{count:>7}  {note}".rstrip() for name, count, note in rows]
        lines.append(f"  {'requested':<11}{self.requested:>7}" + (f"  ({by_reason})" if by_reason else ""))
        if self.channels_unchanged:
            lines.append(f"  channels unchanged: {self.channels_unchanged}")
        if self.channel_problems:
            lines.append(f"  channel problems: {self.channel_problems}, see the warnings above")
        if not self.outcomes["new"] and not self.outcomes["updated"]:
            lines.append("  nothing new")
        return "\n".join(lines)

    def _all_skipped(self) -> Counter[str]:
        return self.skipped + Counter({"known": len(self.known)})
