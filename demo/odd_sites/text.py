"""Invented articles in Arabic and English, made of word lists: the same in every run."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_ENGLISH = {
    "who": "the harbour board|a village council|the museum of clocks|the ferry company|a group of beekeepers|the town "
    "library|the bridge engineers|an orchestra of retired sailors|the weather station|the bakers of Millmoor",
    "did": "opened|postponed|repaired|presented|counted|moved|painted|measured|restored|closed",
    "what": "the north pier|a new footpath|the old lighthouse|its winter timetable|a collection of maps|the market "
    "hall|two wooden bridges|the public garden|a telescope|the school kitchen",
    "where": "in Millmoor|near the river Asker|on the island of Tarn|at the edge of the forest|behind the station|in "
    "the upper valley|below the castle|along the coast road",
    "why": "after eleven months of work|because of the early frost|with the help of volunteers|despite a shortage of "
    "timber|to the surprise of its neighbours|in time for the autumn fair|at half of the expected cost",
    "section": "town|coast|culture|business|sport",
    "author": "Mira Tolland|Jonas Feld|Edda Marsh|Piet Aldous",
}
_ARABIC = {
    "who": "مجلس الميناء|بلدية القرية|متحف الساعات|شركة العبارات|جمعية مربي النحل|مكتبة المدينة|مهندسو الجسر|فرقة "
    "البحارة المتقاعدين|محطة الأرصاد|خبازو الحي القديم",
    "did": "افتتح|أجل|أصلح|قدم|أحصى|نقل|طلى|قاس|رمم|أغلق",
    "what": "الرصيف الشمالي|طريقا جديدا للمشاة|المنارة القديمة|جدول الشتاء|مجموعة من الخرائط|قاعة السوق|جسرين من "
    "الخشب|الحديقة العامة|منظارا كبيرا|مطبخ المدرسة",
    "where": "في حي الزيتون|قرب النهر|على جزيرة النخيل|عند طرف الغابة|خلف المحطة|في الوادي الأعلى|تحت القلعة|على طريق "
    "الساحل",
    "why": "بعد أحد عشر شهرا من العمل|بسبب الصقيع المبكر|بمساعدة المتطوعين|رغم نقص الأخشاب|وسط دهشة الجيران|قبل معرض "
    "الخريف|بنصف التكلفة المتوقعة",
    "section": "محليات|اقتصاد|ثقافة|رياضة",
    "author": "ليلى السهلي|سامر الوادي|هند البحري",
}
_WORDS = {"en": _ENGLISH, "ar": _ARABIC}
NEWEST = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
"""Date of the newest article."""

_STEP = timedelta(hours=7, minutes=13)
_PARAGRAPHS = 5
_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class OddArticle:
    """One invented article."""

    number: int
    language: str
    title: str
    paragraphs: tuple[str, ...]
    author: str
    section: str
    published: datetime

    @property
    def slug(self) -> str:
        """The title as a part of an address."""
        return "-".join(re.findall(r"\w+", self.title.lower()))


def articles(count: int, *, language: str = "en", seed: int = 1) -> list[OddArticle]:
    """So many articles, newest first, no two with the same title."""
    chance = random.Random(f"{language} {seed}")
    titles: dict[str, None] = {}
    while len(titles) < count:
        titles[_sentence(chance, language, title=True)] = None
    return [
        OddArticle(
            number=1000 + count - position,
            language=language,
            title=title,
            paragraphs=tuple(_paragraph(chance, language, title if n == 0 else "") for n in range(_PARAGRAPHS)),
            author=_pick(chance, language, "author"),
            section=_pick(chance, language, "section"),
            published=NEWEST - position * _STEP,
        )
        for position, title in enumerate(titles)
    ]


def _paragraph(chance: random.Random, language: str, title: str) -> str:
    sentences = [f"{title}."] if title else []
    sentences += [_sentence(chance, language) + "." for _ in range(_SENTENCES)]
    return " ".join(sentences)


def _sentence(chance: random.Random, language: str, *, title: bool = False) -> str:
    order = ("did", "who", "what", "where", "why") if language == "ar" else ("who", "did", "what", "where", "why")
    text = " ".join(_pick(chance, language, kind) for kind in (order[:4] if title else order))
    return text[0].upper() + text[1:]


def _pick(chance: random.Random, language: str, kind: str) -> str:
    return " ".join(chance.choice(_WORDS[language][kind].split("|")).split())
