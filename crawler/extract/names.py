"""Names in a byline: what stands before, between and after them."""

from __future__ import annotations

import re

from crawler.text import clean, phrases, word_set, words

# Words that introduce a name; folded and compared word by word.
BYLINE_PHRASES = phrases("""
by|written by|story by|report by|reported by|words by|text by|posted by|author|authors|authored by|from|كتب|كتبت
كتبها|بقلم|تحرير|إعداد|حوار
بواسطة|الكاتب|كتبه|أعده|أعدها|تقرير|تأليف|المؤلف|متابعة|ترجمة|المحرر|نویسنده|نوشته|خبرنگار|گزارش|par|publié par
écrit par|von|ein artikel von
autor|por|source|quelle|fuente|المصدر|escrito por|publicado por|yazan|haber|di|door|av
all posts by|view all posts by|posts by|articles by|more by|more from|more articles by|recipe by|alles von|mehr von
alle artikel von|alle beiträge von|tous les articles de|todos los artículos de|مقالات|جميع مقالات|كل مقالات
""")
_SPLIT = re.compile(
    r"\s*(?:[;·•/、／]|\s&\s|\s-\s|,(?!\s*(?:jr|sr|ph\.?d|md|m\.d)\b)|،|؛|\s(?:and|und|et|y|ve|e|en|og|och)\s)\s*",
    re.IGNORECASE,
)
_AND_AR = re.compile(r"\s+و(?=\S{3,}\s+\S{3,})")
_AFTER_NAMES = re.compile(
    r"(?<=\S)\s*(?:\||\d{1,2}:\d\d|(?:19|20)\d\d[-/.年]\d|\b(?:published|updated|posted|last updated)\b|"
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}\b).*$",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[(<\[]?\s*[\w.+-]+@[\w-]+\.[\w.-]+\s*[)>\]]?")
_GLUED_BY = re.compile(r"^By(?=[A-ZÀ-Þ][\w.'’-]* )")
"""The label of a byline in an element of its own, without a space before the name."""

_CJK_LABEL = re.compile(
    r"^[\[【（(]?(?:著者|執筆者?|筆者|投稿者|取材・?文|文・?写真|責任編集|編集|聞き手|構成|ライター|作者|撰文|撰稿|文|取材|文字|"
    r"責任編輯|责任编辑|責編|责编|編輯|编辑|(?:本報|本报|特約|特约)?[記记]者|通[訊讯][員员]|글쓴이|글|기자)\s*"
    r"(?:[：:●＝=／/■◎丨|]\s*|\s+(?=\S))"
)
_CJK_ROLE = re.compile(r"\s*(?:기자|특파원|선임기자|記者|记者|編集委員|特派員|氏|さん)\s*[\]】）)]?$|\s+著$")
_CJK_NEXT = re.compile(
    r"\s+(?:責任編輯|责任编辑|責編|责编|編輯|编辑|校對|校对|攝影|摄影|写真|撮影|圖|图|来源|來源|사진|편집)\s*[：:／/=].*$"
)
"""Who else worked on a text, behind its author."""

_PLACE_OF_REPORT = re.compile(r"\s*[／/][^／/]{2,6}(?:報導|报道|報道|電)$")
_KOREAN = re.compile(r"^[\[(]?[가-힣]{2,4}\s*(?:기자|특파원)\b")
_TAIWAN = re.compile(r"^(?:記者|记者)(?=[^\s：:／/]{2,4}[／/][^／/]{2,6}(?:報導|报道|報道))")
"""A byline as "記者王小明／台北報導"."""

# What is beside a name in a byline and is not a name: a job, a control of the page.
_JOB = word_set("""
writer editor reporter correspondent contributor columnist staff journalist producer photographer bureau desk newsroom
blogger fellow critic analyst intern redakteur redakteurin redaktion korrespondent korrespondentin
writers editors reporters correspondents contributors columnists journalists photographers kolumnist kolumnistin
""")
_CONTROLS = phrases("""
follow|email|e-mail|mail|share|share this|print|save|comment|comments|bio|contact|subscribe|tweet|view profile|view bio
follow on twitter|follow us|see all|more|more by this author|all posts|archive|folgen|teilen|متابعة|مشاركة
reply|antworten|kontakt|name|subject|our inbox|sign in|log in|register|subscribe now|whatsapp|facebook|twitter|linkedin
copy link|print this|listen|read more|تابع|شارك|طباعة|نسخ الرابط|مشاركة الخبر|اشترك
""")
_AROUND = " ,.:;-–—|+[]【】"
_PARTICLES = word_set("von van de del della di da du la le el al bin ibn abu ter ten zu zum den dos")
_ADDRESS = re.compile(r"https?:|www\.|^@|^(?:developed|powered|designed) by", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"@|\d|[<>{}]|\[at\]|^(?:creative commons|cc by)\b", re.IGNORECASE)
_ASIDE = re.compile(
    r"\s*[(（](?:[a-zà-þ]{1,4}|[^\W\d_]{1,4}/[^\W\d_]{1,4})[)）]|^[(（\[][^()（）\[\]]*\s[a-zà-þ][^()（）\[\]]*[)）\]]$"
)
"""Texts in brackets in a byline that are not names: initials after a name, or "(Live updates)" alone."""

_TITLE = re.compile(
    r"^(?:(?:mr|mrs|ms|mme|herr|frau|sr|sra)\.?\s+|(?:السيد|السيدة|الأستاذ|الأستاذة)\s+|أ\.\s*)(?=\S+\s+\S)",
    re.IGNORECASE,
)
"""Courtesy titles. Academic ones stay: bylines and linked data have them as a part of the name."""

_VERB = re.compile(r"\s+(?:says|writes|reports|reporting|schreibt|berichtet|meldet|at|in|on|for|from)$", re.IGNORECASE)
_PICTURE = re.compile(
    r"^(?:photos?|fotos?|images?|pictures?|bild(?:er)?|grafik|graphics?|illustrations?|photographs?|video|фото|"
    r"(?:ال)?صورة|صور|تصوير|عکس|図|写真|图片|圖片|사진)\b\s*(?!\w+\s*$)",
    re.IGNORECASE,
)
"""A credit of a picture in the place of a byline."""

# Lengths were chosen by hand; no measurement is recorded for them. `make score` shows a change in `authors`.
_MAX_INTRODUCTION_WORDS = 4
"""Words of the longest phrase of _BYLINE_PHRASES and _CREDIT_PHRASES: a property of the data, not tuned."""

_MAX_NAME, _MAX_NAME_WORDS = 60, 6


def split_names(text: str) -> list[str]:
    """The names in a byline, without the words before and after them."""
    text = _AFTER_NAMES.split(_ASIDE.sub("", _MAIL.sub(" ", clean(text))))[0]
    if _ADDRESS.search(text) or _PICTURE.search(text):
        return []
    text = _CJK_NEXT.sub("", text)
    text = _CJK_LABEL.sub("", _PLACE_OF_REPORT.sub("", _TAIWAN.sub("", _GLUED_BY.sub("", text))))
    parts = (part for piece in _SPLIT.split(text) for part in _AND_AR.split(piece))
    names = (_without_additions(_without_introduction(part)) for part in parts)
    found = [name for name in names if _may_be_name(name)]
    found = [name for name in found if not _is_job(name)] or found
    return [name for name in found if not _is_clause(name)] or found


def _is_clause(name: str) -> bool:
    """Whether a part of a byline is not a name but words of the sentence around it: "writes from Far Coast"."""
    return " " in name and name[0].islower() and words(name)[0] not in _PARTICLES


def begins_like_byline(text: str) -> bool:
    """Whether a line begins with what introduces names: "By", "بقلم", "記者："."""
    own = words(text)
    is_known = len(own) > 1 and any(tuple(own[:length]) in BYLINE_PHRASES for length in (1, 2))
    return is_known or bool(_CJK_LABEL.match(text) or _TAIWAN.match(text) or _KOREAN.match(text))


def is_like_name(text: str) -> bool:
    """Whether each word of a text begins with a capital, where its script has them, or joins the parts of a name."""
    return all(not part[0].islower() or part.casefold() in _PARTICLES for part in text.split())


def without_title(name: str) -> str:
    """A name without "Mr", "السيد" before it, if two words are left."""
    return _TITLE.sub("", name)


def _without_additions(name: str) -> str:
    """A name without a role or verb after it."""
    name = _VERB.sub("", _CJK_ROLE.sub("", _ASIDE.sub("", name.strip(_AROUND)))).strip(_AROUND)
    for opening, closing in ("()", "（）"):  # half of a pair is from around the byline
        if name.count(opening) != name.count(closing):
            name = name.strip(opening + closing)
    return name


def _may_be_name(text: str) -> bool:
    return (
        len(text) <= _MAX_NAME
        and len(text.split()) <= _MAX_NAME_WORDS
        and not _NOT_A_NAME.search(text)
        and any(char.isalpha() for char in text)
        and tuple(words(text)) not in _CONTROLS
    )


def _is_job(name: str) -> bool:
    """Whether a part of a byline is the job of the person before it: "Senior Writer", "Far Post Staff"."""
    own = words(name)
    return bool(own) and own[-1] in _JOB


def _without_introduction(name: str) -> str:
    """A name without "by", "written by", "By Author" and similar phrases before it."""
    for _ in range(2):
        length = introduction(words(name), BYLINE_PHRASES)
        if not length:
            break
        name = re.sub(rf"^(?:\W*\w[\w\u064b-\u065f]*){{{length}}}[\s:：]*", "", name)
    return "" if tuple(words(name)) in BYLINE_PHRASES else name


def introduction(own: list[str], known: frozenset[tuple[str, ...]]) -> int:
    """How many words the longest of these phrases takes at the beginning of a longer text."""
    lengths = range(_MAX_INTRODUCTION_WORDS, 0, -1)
    return next((n for n in lengths if len(own) > n and tuple(own[:n]) in known), 0)
