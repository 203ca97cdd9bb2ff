"""Labelled pairs of texts, Arabic and English, for judging what is a copy: made from our own articles by known edits.

The texts are those of the demo newsroom (demo/content), all written for this project, and the notices of
bench/notices.py. Each kind of pair is made by one function below, with a random generator that is seeded by the kind
and the number of the pair: the same pairs on every machine. A pair is a copy by the documented rule (60 % of
the shorter text's sentences are the other's, a fifth of a sentence's words may be edited), not by what the code finds.
The edits know nothing of the lists in crawler/similarity/template_slots.py: they leave words with a
capital, a digit or a neighbour that names a person or place alone by looking at this file's own list of ordinary words.

copies      same (same words, other punctuation), light (one word in ten to fifteen edited in half of the sentences),
            edited (up to a fifth of the words in every sentence), agency (another headline, a credit, a lead or a last
            paragraph of one's own), spelling (digits of another script, hamza, tanween, quotes, British spelling),
            shortened (the last third cut)
no copies   follow_up (a new story that quotes one to three sentences), template (a recurring notice with other
            numbers, names and dates), half (half of the sentences, another text for the rest), unrelated, short
            (under 40 words, one template), table (results), live (two live blogs of one series)
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.notices import NOTICES, live_blog, short_notice, table, word_list
from crawler.similarity.sentences import split_sentences
from demo.content import paragraphs_of, read_content

_SYNONYMS = """
said stated|old ancient|big large|new fresh|begin start|several many|almost nearly|also too|town place|people folk
since because|helped aided|asked requested|wants wishes|showed revealed|first initially|make build|built made
now currently|often frequently|small little|after following|before until|long lengthy|found discovered|while whereas
قال ذكر|وقال وأكد|كما أيضا|بعد عقب|قبل حتى|منذ خلال|عدد كثير|كبير ضخم|صغير محدود|بدأ انطلق|جديد حديث|القديم العتيق
على فوق|حيث إذ|لكن غير|وأضاف وتابع|كان ظل|هذه تلك|هذا ذلك|التي اللتي|العمل الشغل|الناس الأهالي|كل جميع|عاد رجع
"""
_PAIRS = [line.split() for piece in _SYNONYMS.split("\n") for line in piece.split("|")]
_OTHER_WORD = {a: b for pair in _PAIRS if len(pair) == 2 for a, b in (pair, pair[::-1])}
_FILLERS = {
    "en": word_list("also indeed later meanwhile however officially still quite again nonetheless"),
    "ar": word_list("أيضا بدوره لاحقا رسميا كذلك مجددا فعلا بالتالي عموما حاليا"),
}
_LEADS = {
    "en": "Our newsroom received the following report and prints it here with thanks to its authors.",
    "ar": "تلقت هيئة تحريرنا التقرير الآتي وتنشره هنا مع الشكر الجزيل لمن كتبه ولمن ساعد على نشره.",
}
_ENDS = {
    "en": "Readers who know more about this are invited to write to the desk before the weekend. Letters are printed.",
    "ar": "وتدعو هيئة التحرير من يعرف المزيد من القراء إلى الكتابة إليها قبل نهاية الأسبوع. وتنشر الرسائل كلها.",
}
_CREDITS = {"en": "(Coastwire)", "ar": "(وكالة صدى الوادي)"}
_SPELLINGS = [
    *(("أ", "ا"), ("إ", "ا"), ("ًا", "ا"), ("اً", "ا"), ("ى ", "ي "), ("ة ", "ه "), ("مئة", "مائة"), ("شؤون", "شئون")),
    *(("colour", "color"), ("arbour", "arbor"), ("ighbour", "ighbor"), ("centre", "center"), ("metre", "meter")),
    *(("theatre", "theater"), ("grey", "gray"), ("programme", "program"), ("labour", "labor"), ("ise ", "ize ")),
    *(("favour", "favor"), ("avelled", "aveled"), ("licence", "license"), ("mould", "mold"), ("timbre", "timber")),
]
_TO_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_TO_WESTERN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


@dataclass(frozen=True, slots=True)
class Story:
    """A text and its headline."""

    title: str
    paragraphs: tuple[str, ...]
    language: str

    @property
    def sentences(self) -> list[str]:
        return [sentence for paragraph in self.paragraphs for sentence in split_sentences(paragraph)]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, and whether the second is a copy of the first."""

    kind: str
    first: Story
    second: Story
    is_copy: bool


def stories() -> list[Story]:
    """The articles of the demo newsroom that have 60 words and five sentences or more, each text once."""
    found: dict[tuple[str, ...], Story] = {}
    for site in read_content().sites.values():
        for story in site.stories:
            text = tuple(line for line in paragraphs_of(story) if len(line.split()) > 6)
            made = Story(story.title, text, "ar" if story.language == "ar" else "en")
            if sum(len(line.split()) for line in text) >= 60 and len(made.sentences) >= 5:
                found.setdefault(text, made)
    return list(found.values())


def pairs(rounds: int) -> Iterator[Pair]:
    """`rounds` pairs of each kind for each story (the same number of a kind that is not an edit of a story)."""
    known = stories()
    for turn in range(rounds):
        for kind, make in COPIES.items():
            for number, story in enumerate(known):
                chance = random.Random(f"{kind} {turn} {number}")
                yield Pair(kind, story, make(story, chance), True)
        for kind, make_other in OTHERS.items():
            for number, story in enumerate(known):
                chance = random.Random(f"{kind} {turn} {number}")
                others = [other for other in known if other.language == story.language and other != story]
                yield Pair(kind, *make_other(story, chance.choice(others), chance), False)


def same(story: Story, chance: random.Random) -> Story:
    """Paragraphs joined or split, quotation marks of another kind."""
    joined = [" ".join(story.sentences)] if chance.random() < 0.5 else story.sentences
    quotes = str.maketrans({"“": '"', "”": '"', '"': "'"})
    return Story(story.title, tuple(line.translate(quotes) for line in joined), story.language)


def light(story: Story, chance: random.Random) -> Story:
    """One word in ten to fifteen of every second sentence edited."""
    return _edited(story, chance, share=1 / chance.randint(10, 15), sentences=0.5)


def edited(story: Story, chance: random.Random) -> Story:
    """Up to a fifth of the words of every sentence edited, a tenth at least."""
    return _edited(story, chance, share=chance.uniform(0.1, 0.2), sentences=1)


def agency(story: Story, chance: random.Random) -> Story:
    """A headline of one's own, a credit, and a lead or a last paragraph of one's own."""
    lines = list(story.paragraphs)
    lines[0] = f"{_CREDITS[story.language]} - {lines[0]}"
    lines.insert(chance.choice([0, len(lines)]), chance.choice([_LEADS, _ENDS])[story.language])
    return Story(
        f"{_FILLERS[story.language][0]} {' '.join(reversed(story.title.split()))}", tuple(lines), story.language
    )


def spelling(story: Story, chance: random.Random) -> Story:
    """Digits of another script, hamza and tanween left out, harakat put in; British words the American way."""
    text = "\n".join(story.paragraphs)
    text = text.translate(_TO_WESTERN_DIGITS if chance.random() < 0.5 else _TO_ARABIC_DIGITS)
    for a, b in _SPELLINGS:
        if chance.random() < 0.7:
            text = text.replace(a, b)
    return Story(story.title, tuple(text.split("\n")), story.language)


def shortened(story: Story, chance: random.Random) -> Story:
    """Without its last third, a little more or less."""
    kept = story.sentences[: max(4, int(len(story.sentences) * chance.uniform(0.6, 0.75)))]
    return Story(story.title, tuple(kept), story.language)


def follow_up(story: Story, other: Story, chance: random.Random) -> tuple[Story, Story]:
    """Another story, which repeats one to three sentences of the first as background (two fifths of it at most)."""
    count = min(chance.randint(1, 3), len(story.sentences) * 2 // 5, len(other.sentences) * 2 // 5)
    start = chance.randrange(len(story.sentences) - count + 1)
    background = story.sentences[start : start + count]
    return story, Story(other.title, (*other.paragraphs, " ".join(background)), story.language)


def template(story: Story, _other: Story, chance: random.Random) -> tuple[Story, Story]:
    """Two issues of one recurring notice: weather, prices, prayer times, a match, an earthquake, a road, a court."""
    make = chance.choice(NOTICES[story.language])
    first, second = make(chance), make(chance)
    return Story(*first, story.language), Story(*second, story.language)


def half(story: Story, other: Story, chance: random.Random) -> tuple[Story, Story]:
    """Half of the sentences of one story and as many of another."""
    count = len(story.sentences) // 2
    taken = story.sentences[:count]
    rest = [*other.sentences, *other.sentences][: len(story.sentences) - count + 1]
    lines = [*taken, *rest] if chance.random() < 0.5 else [*rest, *taken]
    return story, Story(other.title, tuple(lines), story.language)


def unrelated(story: Story, other: Story, _chance: random.Random) -> tuple[Story, Story]:
    """Two stories."""
    return story, other


def short(story: Story, _other: Story, chance: random.Random) -> tuple[Story, Story]:
    """Two notices of less than 40 words."""
    first = second = short_notice(story.language, chance)
    while second == first:
        second = short_notice(story.language, chance)
    return Story(*first, story.language), Story(*second, story.language)


def results(story: Story, _other: Story, chance: random.Random) -> tuple[Story, Story]:
    """Two tables."""
    first, second = table(story.language, chance), table(story.language, chance)
    return Story(*first, story.language), Story(*second, story.language)


def live(story: Story, _other: Story, chance: random.Random) -> tuple[Story, Story]:
    """Two days of one live blog."""
    first, second = live_blog(story.sentences, chance), live_blog(story.sentences, chance)
    return Story(*first, story.language), Story(*second, story.language)


COPIES: dict[str, Callable[[Story, random.Random], Story]] = {
    "same": same,
    "light": light,
    "edited": edited,
    "agency": agency,
    "spelling": spelling,
    "shortened": shortened,
}
OTHERS: dict[str, Callable[[Story, Story, random.Random], tuple[Story, Story]]] = {
    "follow_up": follow_up,
    "template": template,
    "half": half,
    "unrelated": unrelated,
    "short": short,
    "table": results,
    "live": live,
}


def _edited(story: Story, chance: random.Random, *, share: float, sentences: float) -> Story:
    lines = [
        " ".join(
            _edit(sentence, chance, share, story.language) if chance.random() < sentences else sentence
            for sentence in split_sentences(paragraph)
        )
        for paragraph in story.paragraphs
    ]
    return Story(story.title, tuple(lines), story.language)


def _edit(sentence: str, chance: random.Random, share: float, language: str) -> str:
    """Replace, remove and add ordinary words: as many as the share of the words before the edit allows."""
    words = sentence.split()
    for _ in range(int(len(words) * share)):
        plain = [at for at, word in enumerate(words) if at and _is_ordinary(word)]
        known = [at for at in plain if words[at] in _OTHER_WORD]
        kind = chance.random()
        if known and kind < 0.5:
            at = chance.choice(known)
            words[at] = _OTHER_WORD[words[at]]
        elif plain and kind < 0.75:
            del words[chance.choice(plain)]
        else:
            words.insert(chance.randrange(1, len(words) + 1), chance.choice(_FILLERS[language]))
    return " ".join(words)


def _is_ordinary(word: str) -> bool:
    """A word without a capital, digit or mark: not a name, not the end of a sentence."""
    return bool(re.fullmatch(r"[a-z]{3,}|[ء-ي]{3,}", word))
