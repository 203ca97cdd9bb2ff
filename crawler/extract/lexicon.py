"""Phrases that announce other articles, and names of agencies, in several languages: the data and how to match it.
`related_phrases` has the phrases of further languages.

Texts are compared by their folded words (`crawler.text.words`), so hamza, tanween, tatweel, case and punctuation do
not matter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from crawler.extract.related_phrases import RELATED
from crawler.text import phrases, words

# Before one title in the middle of an article: "Read also: <title>". Alone, they announce the links that follow.
_POINTERS = """
اقرأ أيضا|إقرأ أيضا|اقرا ايضا|اقرئي أيضا|اقرأوا أيضا|اقرؤوا أيضا|واقرأ أيضا|اقرأ المزيد|إقرأ المزيد|لقراءة المزيد
اقرأ كذلك|اقرأ عن|إقرأ كمان|طالع أيضا|طالعوا أيضا|وطالع أيضا|للمزيد طالع|شاهد أيضا|شاهدي أيضا|انظر أيضا|انظر كذلك
تابع أيضا
يمكنك أيضا قراءة|يمكنك قراءة|قد يهمك|قد يهمك أيضا|المزيد حول|اقرأ في|تصفح أيضا|مواضيع قد تهمك
لمزيد من التفاصيل اقرأ
بیشتر بخوانید|بیشتر بدانید|همچنین بخوانید|این مطلب را هم بخوانید|بخوانید|این را هم بخوانید|مطالب مرتبط|خبر مرتبط
read also|also read|read more|read|related|related story|related article|see also|read next|up next|more on this
don't miss|must read|also on|recommended reading|also see|further reading|watch also|read this next
in other news|more|keep reading|continue reading|explore more
à lire aussi|a lire aussi|lire aussi|lire également|a lire également|à lire|voir aussi|à lire sur|notre article
pour aller plus loin
lesen sie auch|lesen sie hier|lies auch|auch interessant|mehr zum thema|lesetipp|siehe auch|mehr dazu
lesen sie mehr
lee también|leer también|lea también|lee más|leer más|te puede interesar|le puede interesar|ver también|más información
también te puede interesar
ayrıca okuyun|bunu da okuyun|ayrıca bkz|ilgili haber|haberin devamı|bunlar da ilginizi çekebilir|i̇lgili haber
"""

# Headings of boxes that list other articles. "Related" alone is in both lists: the text after it decides.
_BLOCK_HEADINGS = """
مقالات ذات صلة|مواضيع ذات صلة|مواضيع ذات علاقة|أخبار ذات صلة|اخبار ذات صلة|موضوعات ذات صلة|المواضيع ذات الصلة
ذات صلة
الموضوعات المتعلقة|مواضيع متعلقة|أخبار متعلقة|مقالات متعلقة|موضوعات متعلقة|أخبار مرتبطة|مواضيع مرتبطة
مقالات مشابهة|مواضيع مشابهة
أخبار مشابهة|قد يعجبك أيضا|قد يعجبك|ربما يعجبك أيضا|قد يهمك أيضا|قد يهمك|مقالات قد تهمك|مواضيع قد تهمك
أخبار قد تهمك|ربما يعجبك
اخترنا لكم|اخترنا لك|مختارات|ترشيحاتنا|نرشح لكم|نرشح لك|الأكثر قراءة|الأكثر مشاهدة|الأكثر رواجا|الأكثر شعبية
الأكثر تداولا
اقرأ أيضا|إقرأ أيضا|اقرأ المزيد|شاهد أيضا|انظر أيضا|المزيد من الأخبار|المزيد من المقالات|آخر الأخبار|أحدث الأخبار
المزيد من المؤلف
المزيد|المزيد حول هذا الموضوع|أخبار أخرى|مقالات أخرى|مواضيع أخرى|موضوعات أخرى|من نفس القسم|من نفس الفئة
أحدث المقالات|اخبار متعلقة
اقرأ ايضا في|المزيد حول هذه القصة|قصص ذات صلة|تقارير ذات صلة|فيديوهات ذات صلة|أخبار ومواضيع ذات صلة|مواضيع مماثلة
مطالب مرتبط|اخبار مرتبط|بیشتر بخوانید|پربازدیدترین|پربیننده ترین|مطالب پیشنهادی|اخبار مرتبط|آخرین اخبار
خبرهای مرتبط
related|related articles|related stories|related posts|related news|related content|related topics
related coverage|related links
related reading|related videos|see also|read also|also read|read more|read next|up next|you may also like
you might also like
you may like|you might like|more from|more about|more stories|more news|more like this|most read|most popular
most viewed|most shared
trending|trending now|trending stories|recommended|recommended for you|recommended stories|recommended articles
recommended reading
don't miss|popular|popular now|popular posts|popular stories|latest news|latest stories|latest|top stories
editors picks
editor's picks|more on this|more on this story|more on this topic|similar articles|similar posts|keep reading
what to read next
you might be interested in|you may also be interested in|people also read|from around the web|further reading
more in this section
from our network|in case you missed it|next article|more articles|more posts|other articles|sponsored content
promoted stories
à lire aussi|a lire aussi|lire aussi|articles similaires|articles liés|sur le même sujet|sur le même thème
dans la même rubrique
les plus lus|à lire également|vous aimerez aussi|voir aussi|nos derniers articles|à la une
les articles les plus lus
mehr zum thema|lesen sie auch|verwandte artikel|ähnliche artikel|das könnte sie auch interessieren
auch interessant|meistgelesen
weitere artikel|mehr aus|weitere themen|das könnte dich auch interessieren|meistgelesene artikel
ähnliche beiträge|empfohlen
noticias relacionadas|artículos relacionados|te puede interesar|también te puede interesar|lo más leído
lo más visto|más noticias
relacionadas|relacionado|contenido relacionado|más en|quizás también te interese|lee también|ver también
ilgili haberler|benzer haberler|i̇lgili haberler|en çok okunanlar|ilginizi çekebilir|bunlar da ilginizi çekebilir
son dakika haberleri
"""

# Pointers that are ordinary words too: they count only with a separator after them, or when a link is all that follows.
_WEAK_POINTERS = """
read|more|related|بخوانید|المزيد حول|اقرأ عن|اقرأ في|continue reading|keep reading|also on
more on this|más información
à lire|mehr dazu|notre article|explore more|in other news|don't miss|must read|قد يهمك|يمكنك قراءة|up next
"""


# Agencies and editorial offices as bylines and datelines show them: they are sources, not authors.
_AGENCIES = """
reuters|afp|agence france presse|associated press|ap|dpa|upi|xinhua|tass|bloomberg|bloomberg news|ansa|efe|apa
dapd|sid|anadolu|anadolu agency
news agencies|agencies|wire|staff|newsroom|news desk|web desk|editorial staff|editorial board|staff reporter
staff writer|press association|pa media
رويترز|وكالة رويترز|أ ف ب|ا ف ب|أف ب|فرانس برس|وكالة فرانس برس|أ ب|د ب أ|سانا|وكالة سانا|بترا|وام|واس|قنا|كونا
وفا|الأناضول|وكالة الأناضول|وكالات
الوكالات|أ ش أ|شينخوا|سبوتنيك|تاس|نوفوستي|بنا|العمانية|واع|ارنا|إرنا|فارس|تسنیم|ایسنا|ایرنا|مهر|خبرگزاری فارس
فريق التحرير|هيئة التحرير|قسم الأخبار
غرفة الأخبار|المحرر|مراسلنا|خاص|متابعات|redaktion|die redaktion|la rédaction|redacción|rédaction|europa press
haber merkezi|aa|dha|iha
"""


class Pointer(NamedTuple):
    """A pointer ("read also") at the beginning of a text."""

    length: int
    """How many words of the text it takes."""

    is_weak: bool
    """Whether it is an ordinary word too, so that it announces nothing without a separator."""


def pointer_at_start(text_words: list[str]) -> Pointer | None:
    """The longest pointer that a text begins with; takes the text's first folded words."""
    for length in _POINTER_LENGTHS:
        phrase = tuple(text_words[:length])
        if len(phrase) == length and phrase in _POINTER_PHRASES:
            return Pointer(length, phrase in _WEAK_PHRASES)
    return None


def is_block_heading(text_words: list[str]) -> bool:
    """Whether a text, given as folded words, is exactly the heading of a box with other articles."""
    return tuple(text_words) in _HEADING_PHRASES


def may_announce(text: str) -> bool:
    """Whether a text's first two words begin a pointer or heading: a cheap test before the text is split into words.
    The second may be in another element."""
    start = text.split(None, 1)
    if not start:
        return False
    following = _following(start[0][:_MAX_FIRST_WORD_CHARS])
    if following is None:  # a bullet before it
        start = text.lstrip()[: 2 * _MAX_FIRST_WORD_CHARS].split(None, 2)[1:]
        following = _following(start[0]) if start else None
    if not following or _ANY in following:
        return bool(following)
    second = start[1].split(None, 1)[:1] if len(start) > 1 else []
    word = _first_word(second[0][:_MAX_FIRST_WORD_CHARS]) if second else None
    return word is None or word in following


@lru_cache(maxsize=4096)  # some pages' worth of first words; chosen by hand
def _following(token: str) -> frozenset[str] | None:
    """The words that follow the first word of a token in a phrase: none if it begins no phrase, and `_ANY` if the next
    token does not matter. None if the token has no word."""
    own = words(token)
    if not own:
        return None
    following = _SECOND_WORDS.get(own[0], frozenset())
    return following if len(own) == 1 or not following else following & {_ANY, own[1]} and frozenset((_ANY,))


@lru_cache(maxsize=4096)  # as above
def _first_word(token: str) -> str | None:
    return next(iter(words(token)), None)


def is_pointer(text_words: list[str]) -> bool:
    """Whether a text, given as folded words, is exactly a pointer."""
    return tuple(text_words) in _POINTER_PHRASES


def _phrases(*data: str) -> frozenset[tuple[str, ...]]:
    """Phrases, and the same without accents: capitals and many sites leave them out."""
    known = phrases("\n".join(data))
    return known | {tuple(_without_accents(word) for word in phrase) for phrase in known}


def _without_accents(word: str) -> str:
    """A word without the accents of Latin and Greek letters. Of Cyrillic, only ё is written without: й is a letter."""
    if _CYRILLIC.search(word):
        return word.replace("ё", "е")
    letters = (letter for letter in unicodedata.normalize("NFD", word) if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", "".join(letters))


def _second_words() -> dict[str, frozenset[str]]:
    """The first word of each phrase → the words that may follow it; `_ANY` if it is a phrase alone."""
    found: dict[str, set[str]] = {}
    for first, *others in _HEADING_PHRASES:
        found.setdefault(first, set()).add(others[0] if others else _ANY)
    return {first: frozenset(following) for first, following in found.items()}


_ANY = ""
"""Among the words that may follow another: whatever follows."""

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_MAX_FIRST_WORD_CHARS = 40
"""Longer than any first word of a phrase above, with a bullet before it. Chosen by hand."""

_POINTER_PHRASES = _phrases(_POINTERS, *(language.pointers for language in RELATED.values()))
_WEAK_PHRASES = _phrases(_WEAK_POINTERS, *(language.weak for language in RELATED.values()))
_HEADING_PHRASES = _phrases(_BLOCK_HEADINGS, *(language.headings for language in RELATED.values())) | _POINTER_PHRASES
_POINTER_LENGTHS = tuple(sorted({len(phrase) for phrase in _POINTER_PHRASES}, reverse=True))
_SECOND_WORDS = _second_words()
AGENCIES = phrases(_AGENCIES)
