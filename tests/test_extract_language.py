"""The language is what the page declares, unless the text is plainly in another."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.items import Article

GERMAN = (
    "Die Pumpe unter der Altstadt läuft seit dem Winter neunzehn Stunden am Tag, und das ist doppelt so lang wie "
    "geplant. Der Rat wird im Juni entscheiden, ob die Stadt für eine zweite Pumpe Geld aufnimmt oder die beiden "
    "Straßen am Hafen in schlechten Wintern dem Wasser überlässt, wie es mit anderen Vierteln auch schon geschehen ist."
)
BENGALI = (
    "শহরের পুরোনো সেতুটি আগামী সপ্তাহ থেকে তিন মাসের জন্য বন্ধ থাকবে বলে পৌরসভা জানিয়েছে এবং মানুষকে উত্তরের পথ নিতে বলেছে। " * 2
)


def read(text: str, lang: str) -> Article:
    return extract(
        f"<html {lang}><body><h1>Title</h1><p>{text}</p><p>{text}</p></body></html>", "https://a.example/b/c"
    )


@pytest.mark.parametrize(
    ("text", "declared", "language", "signal"),
    [
        (GERMAN, "lang='de-AT'", "de", "html:lang"),
        (GERMAN, "lang='en-US'", "de", "words"),
        (GERMAN, "", "de", "words"),
        (GERMAN, "lang='lb'", "lb", "html:lang"),  # of which nothing is known
        (BENGALI, "lang='en'", "bn", "script"),
        (BENGALI, "lang='bn'", "bn", "html:lang"),
        ("Kratky text bez slov, ktore by nieco prezradili, hej.", "lang='sk'", "sk", "html:lang"),
    ],
)
def test_declared_language_holds_unless_words_or_script_deny_it(
    text: str, declared: str, language: str, signal: str
) -> None:
    article = read(text, declared)
    assert (article.language, article.provenance["language"]) == (language, signal)


def test_few_words_of_no_declared_language_are_left_without_one() -> None:
    assert read("Lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod tempor.", "").language is None
