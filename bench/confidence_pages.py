"""Pages whose body is known, real and damaged by script, with the signals of their extraction."""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml.html import Element, HtmlElement, fragment_fromstring, tostring

from bench.halves import half
from crawler.extract.article import article_of_page, with_noted_links
from crawler.extract.body import Block, read_blocks
from crawler.extract.confidence import Signals, signals_of
from crawler.extract.page import ParsedPage, parse_page
from crawler.extract.prose import prose_chars, running_text
from crawler.extract.tree import parse_html
from crawler.items import Article

WHOLE = (
    "aeb",
    "fundus_eval",
    "fundus_tests",
    "newspaper4k",
    "arabic",
    "postlight",
    "readability",
    "newspaper",
    "goose",
)
"""Corpora that have the whole text of (some of) their pages."""

STRINGS = "trafilatura"
"""The corpus that has a few strings which the body must contain or must not: a coarse figure."""

_CHANCE = 0.4
"""How many of the pages are damaged in each way."""

_MAIN_SHARE = 0.6
"""The container of the body is the innermost element with this share of the running text."""

_BOXES = ("comments", "related-articles", "sidebar widget", "newsletter", "footer", "share", "more-stories", "content2")
_TAGS = ("aside", "div", "footer", "form", "section")
_WALLS = (
    "We and our partners store information on your device and read it, such as cookies, and process personal data for "
    "advertising that fits you and to measure it.|You may accept or refuse this before you go on to the site. You can "
    "change your mind at any time on the page about privacy.|Some partners process data without asking, because they "
    "have a right to. Your choice is valid for this site alone, and is requested again after six months.",
    "نحن وشركاؤنا نحفظ معلومات على جهازك ونقرؤها، مثل ملفات الارتباط، ونعالج بيانات شخصية من أجل إعلانات تناسبك ومن "
    "أجل قياسها.|يمكنك أن تقبل ذلك أو ترفضه قبل متابعة القراءة، وأن تغيّر رأيك متى شئت من صفحة الخصوصية في أسفل الموقع.",
    "Wir und unsere Partner speichern Angaben auf Ihrem Gerät, etwa Cookies, und verarbeiten persönliche Daten für "
    "Werbung, die zu Ihnen passt.|Sie können zustimmen oder ablehnen, bevor Sie weiterlesen, und Ihre Wahl jederzeit "
    "auf der Seite zum Datenschutz ändern.",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading of one page."""

    corpus: str
    half: str
    way: str
    """`real`; `plain` or `paragraphs`, a worse reading of the real page; or how the page was damaged."""

    f1: float
    signals: Signals


def samples(shared: Path, corpora: Iterable[str] = (*WHOLE, STRINGS)) -> Iterator[Sample]:
    """All pages of these corpora with a known body, as they are, read worse, and damaged."""
    sys.path.insert(0, str(shared / "score"))
    import metrics  # type: ignore[import-not-found]

    for corpus in corpora:
        path = shared / "corpus" / f"{corpus}.jsonl.gz"
        if not path.exists():
            continue
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
            for page in map(json.loads, lines):
                if score := scorer(metrics, corpus, page):
                    yield from _of_page(corpus, page, score)


def _of_page(corpus: str, page: dict[str, Any], score: Callable[[str], float]) -> Iterator[Sample]:
    url, html = page.get("url") or "https://unknown.example/", page["html"]
    side = half(page["group"])

    def sample(
        way: str, html: str, body: Callable[[ParsedPage, Article], list[Block]] | None = None
    ) -> Iterator[Sample]:
        parsed = parse_page(html, url)
        if parsed is None:
            return
        article = article_of_page(parsed, html, candidate=None, fetched=None, body=body)
        if article.paragraphs:
            yield Sample(corpus, side, way, score(article.body), signals_of(parsed, article, html))

    yield from sample("real", html)
    if corpus == STRINGS:
        return
    yield from sample("plain", html, _plain_body)
    yield from sample("paragraphs", html, _all_paragraphs)
    chance = random.Random(page["id"])
    for way, damage in DAMAGES.items():
        if chance.random() < _CHANCE and (damaged := damage(html, chance)):
            yield from sample(way, damaged)


def scorer(metrics: Any, corpus: str, page: dict[str, Any]) -> Callable[[str], float] | None:
    """The function that gives the F1 of a body; None if the page's text is not known."""
    truth = page["truth"]
    if corpus == STRINGS:
        return lambda text: float(metrics.sum_trafilatura([metrics.score_trafilatura(page, {"text": text})])["f1"])
    if corpus == "aeb":
        wanted = [truth["text"]]
    elif corpus == "fundus_eval":
        wanted = ["\n".join(lines) for lines in metrics.variants(truth["body"])]
    elif truth.get("paragraphs"):
        before = truth.get("summary") or [truth["subtitle"]] if truth.get("subtitle") else truth.get("summary") or []
        wanted = ["\n".join(lines) for lines in (truth["paragraphs"], [*before, *truth["paragraphs"]])]
    else:
        return None
    shingles = [metrics.shingles(metrics.words(text)) for text in wanted]

    def score(text: str) -> float:
        got = metrics.shingles(metrics.words(text))
        return float(max(metrics.prf(*metrics.overlap(want, got))[2] for want in shingles))

    return score


# Worse readings of a real page.


def _plain_body(page: ParsedPage, article: Article) -> list[Block]:
    """trafilatura's fast reading alone: no cuts before it, no fallback, no removal of clutter."""
    from crawler.extract.reader.reading import Reading

    _note_prose(page)
    return with_noted_links(page, read_blocks(Reading(page.tree).fast))


def _all_paragraphs(page: ParsedPage, article: Article) -> list[Block]:
    """All paragraphs, headings and list items of a page."""
    _note_prose(page)
    elements = [(e, " ".join(e.text_content().split())) for e in page.tree.iter("p", "h2", "h3", "li")]
    page.trace.linked = sum(len(link.text_content()) for e, _ in elements for link in e.iter("a"))
    return [Block(text, "p") for _, text in elements if text]


def _note_prose(page: ParsedPage) -> None:
    page.trace.prose = sum(map(prose_chars, page.tree.iter("p")))


# Damages: each takes the HTML of a page and gives other HTML, or None if the page has nothing to damage.


def _without_container(html: str, chance: random.Random) -> str | None:
    return changed(html, lambda container: container.drop_tree())


def _renamed_container(html: str, chance: random.Random) -> str | None:
    def rename(container: HtmlElement) -> None:
        container.set("class", chance.choice(_BOXES))
        container.tag = chance.choice(_TAGS)

    return changed(html, rename)


def _split_container(html: str, chance: random.Random) -> str | None:
    def split(container: HtmlElement) -> None:
        box = Element("div", {"class": chance.choice(_BOXES)})
        box.extend(list(container)[chance.randint(1, max(len(container) - 2, 1)) :])
        container.addnext(box)

    return changed(html, split)


def _only_teaser(html: str, chance: random.Random) -> str | None:
    def cut(container: HtmlElement) -> None:
        prose = [child for child in container if child.tag == "p" and prose_chars(child)]
        for child in list(container)[container.index(prose[1]) + 1 :] if len(prose) > 2 else ():
            container.remove(child)

    return changed(html, cut)


def _consent_wall(html: str, chance: random.Random) -> str | None:
    def cover(body: HtmlElement) -> None:
        body.clear()
        for text in chance.choice(_WALLS).split("|"):
            body.append(fragment_fromstring(f"<div><p>{text}</p></div>"))

    return changed(html, cover, whole_body=True)


def _cut_off(html: str, chance: random.Random) -> str | None:
    """The page up to somewhere in its running text."""
    share = chance.uniform(0.1, 0.8)
    marks: list[int] = []

    def mark(container: HtmlElement) -> None:
        texts = [child for child in container.iter("p") if prose_chars(child)]
        if texts and (text := (texts[int(len(texts) * share)].text or "").strip()[:40]):
            marks.append(html.find(text))

    changed(html, mark)
    return html[: marks[0] + 20] if marks and marks[0] > 0 else None


def _wrong_encoding(html: str, chance: random.Random) -> str | None:
    return html.encode("utf-8", "ignore").decode("cp1252", "replace")


DAMAGES: dict[str, Callable[[str, random.Random], str | None]] = {
    "no container": _without_container,
    "renamed": _renamed_container,
    "split": _split_container,
    "teaser": _only_teaser,
    "wall": _consent_wall,
    "cut off": _cut_off,
    "encoding": _wrong_encoding,
}


def changed(html: str, change: Callable[[HtmlElement], object], *, whole_body: bool = False) -> str | None:
    """The page after a change of the element that holds its running text, or of its <body>."""
    tree = parse_html(html)
    body = tree.find("body") if tree is not None else None
    if tree is None or body is None:
        return None
    container = body
    if not whole_body:
        running = running_text(body)
        enough = running.get(body, 0) * _MAIN_SHARE
        while inner := [child for child in container if running.get(child, 0) >= max(enough, 1)]:
            container = inner[0]
        if container is body:
            return None
    change(container)
    return str(tostring(tree, encoding="unicode"))
