"""Named values: the numbers, dates and proper nouns that fill the slots of a template.

Two sentences that differ in a named value are template variants, not copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from crawler.dates import vocabulary
from crawler.dates.tokens import token_kinds
from crawler.similarity.sentences import Sentence
from crawler.text import words

# Number words beyond those of crawler.dates.vocabulary, which has one to ten.
_NUMBERS = """
zero eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy
eighty ninety hundred hundreds thousand thousands million millions billion billions trillion dozen dozens half third
quarter first second fourth fifth sixth seventh eighth ninth tenth once twice
صفر احد اثنان اثنتان اثنتين عشرون عشرين ثلاثون ثلاثين أربعون أربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين
تسعون تسعين مئة مائة مئتان مئتين مئات ألف ألفان ألفين آلاف مليون مليونان مليوني ملايين مليار مليارات نصف ثلث ربع
ثلاثمئة أربعمئة خمسمئة ستمئة سبعمئة ثمانمئة تسعمئة ثلاثمائة أربعمائة خمسمائة ستمائة سبعمائة ثمانمائة تسعمائة
أول أولى ثاني ثانية ثالث ثالثة رابع رابعة خامس خامسة سادس سادسة سابع سابعة ثامن ثامنة تاسع تاسعة عاشر عاشرة
cent mille vingt trente hundert tausend zwanzig dreißig cien mil veinte treinta yüz bin yirmi otuz
"""
# Arabic script has no capitals that would mark names. These lists stand in for them: a word that replaces another of
# the places, or that follows one of the introducing words, is a name.
_PLACES = """
سوريا لبنان الأردن العراق فلسطين إسرائيل مصر ليبيا تونس الجزائر المغرب موريتانيا السودان الصومال جيبوتي اليمن عمان
الإمارات قطر البحرين الكويت السعودية إيران تركيا روسيا أوكرانيا بولندا ألمانيا فرنسا إسبانيا إيطاليا البرتغال بريطانيا
إنجلترا اسكتلندا أيرلندا هولندا بلجيكا سويسرا النمسا السويد النرويج الدنمارك فنلندا اليونان قبرص بلغاريا رومانيا صربيا
المجر أمريكا أميركا كندا المكسيك البرازيل الأرجنتين تشيلي كوبا فنزويلا كولومبيا الصين اليابان كوريا الهند باكستان
أفغانستان كازاخستان أوزبكستان أذربيجان أرمينيا جورجيا إندونيسيا ماليزيا أستراليا إثيوبيا إريتريا كينيا نيجيريا تشاد
مالي النيجر السنغال غزة دمشق حلب حمص حماة اللاذقية طرطوس إدلب درعا السويداء الرقة الحسكة القامشلي بيروت طرابلس صيدا صور
عمّان إربد الزرقاء بغداد البصرة الموصل أربيل كركوك النجف كربلاء القدس رام نابلس الخليل جنين رفح القاهرة الإسكندرية
الجيزة أسوان الأقصر بورسعيد بنغازي وهران قسنطينة الرباط مراكش فاس طنجة أغادير الخرطوم مقديشو صنعاء عدن تعز مأرب الحديدة
مسقط صلالة دبي أبوظبي الشارقة عجمان الدوحة المنامة الرياض جدة مكة المدينة الدمام تبوك أبها طهران أصفهان مشهد شيراز
أنقرة إسطنبول إزمير موسكو كييف وارسو برلين باريس مدريد روما لندن بروكسل فيينا جنيف أثينا واشنطن نيويورك بكين طوكيو
الأهلي الزمالك الهلال النصر الاتحاد الشباب الوحدة برشلونة ريال ليفربول تشيلسي أرسنال يوفنتوس ميلان إنتر بايرن
"""
_INTRODUCING = """
مدينة محافظة بلدة قرية ولاية منطقة حي شارع ميناء مطار نادي فريق شركة دولة جمهورية إقليم قضاء ناحية مخيم نهر جامعة
مستشفى بلدية السيد السيدة الرئيس الوزير وزير الدكتور المهندس الأستاذ اللواء العميد العقيد الشيخ الأمير الملك الملكة
اللاعب المدرب الحكم الفنان الفنانة المخرج النائب القاضي المحامي المدعو الطفل الطفلة منتخب حزب بنك مصرف قناة صحيفة وكالة
"""
# Words that are never names: an editor may replace one with another of them throughout a text.
_COMMON = """
في من إلى على عن مع بين حتى منذ خلال قبل بعد عقب فوق تحت أمام وراء ضمن لدى عند حول نحو دون سوى غير حيث إذ كما أيضا كذلك
ثم أو أم بل لكن أن إن أنه إنه لأن كي قد لقد لم لن لا ما ليس كان كانت يكون تكون ظل أصبح بات هو هي هم هذا هذه ذلك تلك الذي
التي الذين كل جميع بعض عدد كثير قليل أكثر أقل كبير صغير جديد قديم حديث قال قالت ذكر ذكرت أكد أكدت أضاف أضافت أوضح أوضحت
أشار أشارت أعلن أعلنت تابع تابعت لفت لفتت صرح صرحت اعتبر رأى كشف أفاد أفادت بين شدد نفى وصف بدأ عاد قام تم جرى اليوم أمس
الآن لاحقا سابقا رسميا بدوره مجددا حاليا فعلا جدا فقط يوم عام سنة شهر أسبوع مرة أي أحد نفس ذات مثل بسبب نتيجة وفق بحسب
گفت است بود شد کرد برای این آن با از به که را در هم نیز یک
"""
_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")
_MOSTLY_CAPITALS = 0.3
"""If a larger share of words has a capital, the text is German or set in headline case, and capitals do not mark names.
Chosen by hand."""


_MIN_STEM = 3
"""Letters that an Arabic word must keep without its prefix. Chosen by hand."""

_MIN_SPELLING, _LONG_WORD = 4, 8
"""Words with fewer letters have no spelling variants; words with this number or more may differ in two letters instead
of one. Chosen by hand, checked on the kind `spelling` of bench/pairs.py."""

_MAX_ADDED = 2
"""Letters by which two spellings of a word may differ in length. Chosen by hand, checked likewise."""


@dataclass(frozen=True, slots=True)
class WordSpan:
    """The words of a sentence from `start` to before `end`."""

    sentence: Sentence
    start: int
    end: int

    @property
    def words(self) -> tuple[str, ...]:
        return self.sentence.words[self.start : self.end]

    @property
    def length(self) -> int:
        return self.end - self.start

    def single(self) -> Iterator[WordSpan]:
        """One span per word."""
        return (WordSpan(self.sentence, at, at + 1) for at in range(self.start, self.end))


@dataclass(frozen=True, slots=True)
class ProperNouns:
    """The words of a text that its capitals mark as names."""

    words: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, sentences: Sequence[Sentence]) -> ProperNouns:
        """Find the words that are capitalized within a sentence and never occur in lower case."""
        upper: set[str] = set()
        lower: set[str] = set()
        capitals = total = 0
        for sentence in sentences:
            for at, (word, written) in enumerate(zip(sentence.words, sentence.written, strict=True)):
                capital = written[0].isupper()
                if not capital:
                    lower.add(word)
                elif at:
                    upper.add(word)
                if at:
                    total += 1
                    capitals += capital
        return cls(frozenset(upper - lower) if capitals <= total * _MOSTLY_CAPITALS else frozenset())

    def __or__(self, other: ProperNouns) -> ProperNouns:
        return ProperNouns(self.words | other.words)


def differs_in_named_value(
    replaced: Sequence[tuple[WordSpan, WordSpan]],
    deleted: Sequence[WordSpan],
    inserted: Sequence[WordSpan],
    proper_nouns: Callable[[], ProperNouns],
) -> bool:
    """Whether an edit exchanges a number, date or name for another. To add or remove one is not an exchange.
    `proper_nouns`: finds those of the texts; called only if no number or date tells."""
    old, new = [span for span, _ in replaced] + [*deleted], [span for _, span in replaced] + [*inserted]
    for kind in (_figures, _number_words, _dates):
        before, after = set(kind(old)), set(kind(new))
        if before and after and before != after:
            return True
    if not replaced:
        return False
    names = proper_nouns()
    return any(_has_proper_noun(a, names) and _has_proper_noun(b, names) for a, b in replaced)


def is_spelling_variant(one: str, other: str) -> bool:
    """Whether two words are spellings of one word: one letter differs in a word of four to seven letters, two in a
    longer one; or only the attached particle differs, as in وقال and قال."""
    if _bare(one) == _bare(other):
        return True
    shorter, longer = sorted((one, other), key=len)
    if (
        len(shorter) < _MIN_SPELLING
        or len(longer) - len(shorter) > _MAX_ADDED
        or any(char.isdigit() for char in one + other)
    ):
        return False
    return _distance(shorter, longer) <= (1 if len(shorter) < _LONG_WORD else 2)


def _figures(spans: Sequence[WordSpan]) -> Iterator[str]:
    return (word for span in spans for word in span.words if any(char.isdigit() for char in word))


def _number_words(spans: Sequence[WordSpan]) -> Iterator[str]:
    known = _known_numbers()
    return (bare for span in spans for word in span.words if (bare := _bare(word)) in known)


def _dates(spans: Sequence[WordSpan]) -> Iterator[str]:
    known = _known_dates()
    return (bare for span in spans for word in span.words if (bare := _bare(word)) in known or word in known)


def _has_proper_noun(span: WordSpan, proper_nouns: ProperNouns) -> bool:
    for at in range(span.start, span.end):
        word = span.sentence.words[at]
        if word in proper_nouns.words and span.sentence.written[at][0].isupper():
            return True
        if _bare(word) in _known_places() and word.isalpha() and not word.isascii():
            return True
        if at and _bare(span.sentence.words[at - 1]) in _known_introductions():
            return True
    return False


def _distance(one: str, other: str) -> int:
    """The Levenshtein distance of two words."""
    row = list(range(len(other) + 1))
    for at, a in enumerate(one, 1):
        before, row[0] = row[0], at
        for to, b in enumerate(other, 1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (a != b))
    return row[-1]


def _bare(word: str) -> str:
    """An Arabic word without its article and attached particles."""
    if word.isascii():
        return word
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _MIN_STEM:
            return word[len(prefix) :]
    return word


def _set(text: str) -> frozenset[str]:
    return frozenset(_bare(word) for word in words(text)) | frozenset(words(text))


@cache
def _known_numbers() -> frozenset[str]:
    first_ten = " ".join(line for number, line in vocabulary.NUMBERS.items() if number > 1)
    return _set(_NUMBERS + first_ten)


@cache
def _known_dates() -> frozenset[str]:
    return frozenset(word for word, (kind, _) in token_kinds().items() if kind in "MJHw" and len(word) > 2)


@cache
def common_words() -> frozenset[str]:
    """Words in scripts without capitals that are never names, with and without attached particles."""
    return _set(_COMMON)


def may_be_proper_noun(word: str) -> bool:
    """Whether a word may be a name: its script has no capitals, and it is not a common word."""
    return not word.isascii() and word.lower() == word.upper() and not {word, _bare(word)} & common_words()


@cache
def _known_places() -> frozenset[str]:
    return _set(_PLACES)


@cache
def _known_introductions() -> frozenset[str]:
    return _set(_INTRODUCING)
