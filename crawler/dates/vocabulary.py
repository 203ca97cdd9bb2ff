"""The words of printed dates: months, weekdays, parts of the day, time zones, units, connecting words.

The tables are written for people who know the languages; the functions below them only look words up. A line of months
lists the twelve in order; `_` stands for a space within a name. Accents, and spelling variants that `crawler.text.fold`
unifies (hamza, tanween, ى/ي, ة/ه), are not repeated: every word passes through `fold_key`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crawler.text import fold

# The accents that NFD splits off; the Turkish dotless i, which is printed as I in capitals; the typographic apostrophe.
_PLAIN: dict[int, str | None] = {**dict.fromkeys(range(0x0300, 0x0370)), ord("ı"): "i", ord("’"): "'"}

GREGORIAN = (
    # English, French, German (Austria: Jänner, Feber), Spanish, Italian, Portuguese, Turkish, Dutch
    "January February March April May June July August September October November December",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "Januar Februar Maerz April Mai Juni Juli August September Oktober November Dezember",
    "Jänner Feber Mrz Apr Mai Jun Jul Aug Sept Okt Nov Dez",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago setiembre oct nov dic",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "jan febr mrt apr mei juin juill aug sep okt nov dec",
    # Swedish, Norwegian, Indonesian, Polish, Russian, Ukrainian
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar mars april mai juni juli august september oktober november desember",
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    # Arabic: Egypt and the Gulf, with the spellings met there
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ينائر فبرائر مارس إبريل مايو يونيه يوليه اغسطوس سيبتمبر اوكتوبر نوفنبر ديسيمبر",
    # the Levant and Iraq
    "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "كانون_ثاني شباط اذار نيسان مايس حزيران تموز اب ايلول تشرين_أول تشرين_ثاني كانون_أول",
    "كانون_ثان شباط مارت نيسان نوار حزيران تموز آب ايلول تشرين_اول تشرين_ثان كانون_اول",
    # Algeria and Tunisia, Morocco, Mauritania
    "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
    "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
    "يناير فبراير مارس ابريل مايو يونيو يوليو أغشت شتمبر اكتوبر نوفمبر دجمبر",
    # Persian and Urdu names of the Gregorian months
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
)
JALALI = (
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "فروردين ارديبهشت خرداد تير امرداد شهريور مهر ابان اذر دی بهمن اسفندماه",
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",  # Afghanistan
)
HIJRI = (
    "محرم صفر ربيع_الأول ربيع_الآخر جمادى_الأولى جمادى_الآخرة رجب شعبان رمضان شوال ذو_القعدة ذو_الحجة",
    "المحرم صفر ربيع_الاول ربيع_الثاني جمادى_الأول جمادى_الثانية رجب شعبان رمضان شوال ذي_القعدة ذي_الحجة",
    "محرم صفر ربيع_أول ربيع_ثاني جمادى_الاولى جمادى_الآخر رجب شعبان رمضان شوال القعدة الحجة",
)

# Monday first, as date.weekday() counts.
WEEKDAYS = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "Mon Tue Wed Thu Fri Sat Sun",
    "Mon Tues Wed Thurs Fri Sat Sun",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "Mo Di Mi Do Fr Sonnabend So",
    "lunes martes miércoles jueves viernes sábado domingo",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "segunda terça quarta quinta sexta sábado domingo",
    "Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "понедельник вторник среда четверг пятница суббота воскресенье",
    "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    "اثنين ثلاثاء اربعاء خميس جمعة سبت احد",
    "الإثنين الثلثاء الاربعا الخميس الجمعه السبت الاحد",
    "دوشنبه سه_شنبه چهارشنبه پنج_شنبه جمعه شنبه یک_شنبه",
    "دو_شنبه سهشنبه چهار_شنبه پنجشنبه آدینه شنبه یکشنبه",
    "پیر منگل بدھ جمعرات جمعہ ہفتہ اتوار",
)

AM = "am ص صباحا صباح فجرا الفجر قبل_الظهر قظ صبح"
PM = "pm مساء مساءا عصرا العصر ظهرا الظهر بعد_الظهر المغرب بظ عصر ظهر"
NIGHT = "ليلا"  # 11 ليلا is 23:00, 1 ليلا is 01:00
PM_OR_ERA = "م"  # after a time "مساء", after a year "ميلادي"

# Words within a date, or between a date and a time, that do not change its meaning.
CONNECTING = (
    "at on of the and in t a o le la les à de du del do di den der el los las il em dia día feira as às op dal min mn "
    "hs saati günü tarihinde في يوم الساعة ساعة من على عند بتوقيت توقيت الموافق موافق شهر لشهر عام لعام سنة لسنة "
    "ه هجري هجرية ميلادي ميلادية المكرمة بالتوقيت المحلي تمام و در ساعت سال ماه روز بوقت"
)
ORDINAL = "st nd rd th er ère"
HOURS = "h heures uur uhr"  # 14h05, 14 Uhr
CLOCK_AHEAD = "ore alle kl om um saat"  # the time after it may have a dot: "alle 14.05"

DAYS_BACK = {
    0: "today اليوم امروز aujourd'hui heute hoy oggi hoje bugün vandaag آج",
    1: "yesterday أمس الأمس دیروز hier gestern ayer ieri ontem dün gisteren",
    2: "أول_أمس أمس_الأول",
}

# The offset from UTC in minutes, or an IANA name if the abbreviation is valid all year. An abbreviation of several
# zones (IST, AST) is ignored, see AMBIGUOUS_ZONES. CST and BST are read as in the news: Chicago, London.
ZONES: dict[str, int | str] = {
    **dict.fromkeys(["UTC", "GMT", "Z", "WET", "غرينتش", "جرينتش", "غرينيتش", "جرينيتش", "كرينتش"], 0),
    **{"EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420},
    **{"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"},
    **{"BST": 60, "WEST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "EET": 120, "EEST": 180},
    **{"MSK": 180, "TRT": 180, "GST": 240, "PKT": 300, "WIB": 420, "SGT": 480, "HKT": 480, "JST": 540, "KST": 540},
    **{"AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "CAT": 120, "SAST": 120, "WAT": 60, "EAT": 180},
}
# Cities and countries after "توقيت" or "بتوقيت". Without عمان, which is both Amman and Oman.
ZONE_PLACES = {
    **dict.fromkeys(["مكة", "السعودية", "الرياض"], "Asia/Riyadh"),
    **dict.fromkeys(["القاهرة", "مصر"], "Africa/Cairo"),
    **dict.fromkeys(["الإمارات", "أبوظبي", "دبي"], "Asia/Dubai"),
    **dict.fromkeys(["دمشق", "سوريا"], "Asia/Damascus"),
    **dict.fromkeys(["القدس", "فلسطين"], "Asia/Jerusalem"),
    **{"بيروت": "Asia/Beirut", "بغداد": "Asia/Baghdad", "الدوحة": "Asia/Qatar"},
    **{"تونس": "Africa/Tunis", "الجزائر": "Africa/Algiers", "موسكو": "Europe/Moscow", "طهران": "Asia/Tehran"},
}
AMBIGUOUS_ZONES = "IST AST ADT"

# Unit → singular ("منذ ساعة" means one), dual, plural (which needs a number).
UNITS = {
    "second": ("second sec s ثانية ثانیه seconde Sekunde segundo saniye", "ثانيتين", "seconds secs ثوان ثواني"),
    "minute": (
        "minute min mins m دقيقة دقیقه Minute minuto dakika",
        "دقيقتين",
        "minutes دقائق دقايق Minuten minutos",
    ),
    "hour": ("hour hr h ساعة ساعت heure Stunde hora saat", "ساعتين", "hours hrs ساعات heures Stunden horas"),
    "day": ("day d يوم روز jour Tag día gün", "يومين", "days أيام يوما jours Tagen Tage días"),
    "week": ("week w أسبوع هفته semaine Woche semana hafta", "أسبوعين", "weeks أسابيع أسبوعا semaines Wochen semanas"),
}
NUMBERS = {
    1: "a an one un une einer einem ein una uno bir واحد واحدة یک",
    2: "two deux zwei dos iki اثنين دو",
    3: "three trois drei tres üç ثلاث ثلاثة سه",
    4: "four quatre vier cuatro dört أربع أربعة چهار",
    5: "five cinq fünf cinco beş خمس خمسة پنج",
    6: "six sechs seis altı ست ستة شش",
    7: "seven sept sieben siete yedi سبع سبعة هفت",
    8: "eight huit acht ocho sekiz ثماني ثمانية ثمان هشت",
    9: "nine neuf neun nueve dokuz تسع تسعة نه",
    10: "ten dix zehn diez on عشر عشرة ده",
}
AGO_BEFORE = ("منذ", "قبل", "il y a", "vor", "hace")
AGO_AFTER = ("ago", "پیش", "قبل", "önce")
ABOUT = ("about", "almost", "over", "around", "حوالي", "نحو", "حدود", "environ", "etwa", "unos")
JUST_NOW = "just_now الآن منذ_لحظات قبل_لحظات à_l'instant همین_الان gerade_eben"

# Words in a byline that may precede a relative date.
LABELS = (
    "published posted updated last_updated on publié mis_à_jour نشر نشرت نشر_في تم_النشر منشور آخر_تحديث اخر_تحديث "
    "تاريخ_النشر تم_التحديث بتاريخ في انتشار"
)


def fold_key(text: str) -> str:
    """Fold a text for comparison with the words of this module: folded, without accents."""
    if text.isascii():
        return text.lower()
    folded = fold(text)
    return folded if folded.isascii() else unicodedata.normalize("NFD", folded).translate(_PLAIN)


def split_words(text: str) -> list[str]:
    """The words of a line of this module, folded."""
    return [fold_key(word.replace("_", " ")) for word in text.split()]


# A year is recognised even if the time follows without a space: 25.04.202414:05
_TOKEN = re.compile(r"((?:19|20)\d\d(?=\d\d:\d\d(?!\d))|\d+)|([^\W\d_]\. ?[^\W\d_]\b\.?|[^\W\d_]+(?:'[^\W\d_]+)?)|(\S)")
_NUMBER_KIND = {1: "d", 2: "n", 4: "y"}
_MARKS = {mark: mark for mark in ",./:-()|+"} | dict.fromkeys("،؛;\"'«»", ",") | dict.fromkeys("–—−‐", "-")
_MARKS |= dict.fromkeys("·•@", "|")


class Tokens(NamedTuple):
    """The words, numbers and punctuation marks of a text."""

    shape: str
    """One character per token: the kinds of `token_kinds`; d, n, y, x for numbers of 1, 2, 4 or another count of
    digits; punctuation in its ASCII form; o for everything else."""

    values: list[int | str]
    spans: list[tuple[int, int]]


def tokenize(key: str, raw: str) -> Tokens:
    """Split a folded text into tokens. `raw`: the text before folding, since only capitals distinguish a zone (EST, PT)
    from a word (French est)."""
    known = token_kinds()
    kinds: list[str] = []
    values: list[int | str] = []
    spans: list[tuple[int, int]] = []
    before = ""
    for token in _TOKEN.finditer(key):
        number, word, mark = token.groups()
        value: int | str = 0
        if number:
            kind, value = _NUMBER_KIND.get(len(number), "x"), int(number)
        elif mark:
            kind = _MARKS.get(mark, "o")
        elif pair := known.get(f"{before} {word}"):  # كانون الثاني, بتوقيت القاهرة
            kind, value = pair
            kinds[-1], values[-1], spans[-1] = kind, value, (spans[-1][0], token.end())
            before = ""
            continue
        else:
            kind, value = known.get(word.replace(".", "").replace(" ", ""), ("o", 0))
            if kind == "z" and word.isascii() and word not in ("gmt", "utc", "z") and word.upper() not in raw:
                kind = "o"
        before = word or ""
        kinds.append(kind)
        values.append(value)
        spans.append(token.span())
    return Tokens("".join(kinds), values, spans)


@lru_cache(maxsize=4096)
def _key_length(char: str) -> int:
    return len(fold_key(char))


def as_printed(raw: str, key: str, start: int, end: int) -> str:
    """The part of `raw` that was folded to `key[start:end]`. Folding removes and splits letters, so positions
    differ."""
    if raw.isascii():
        return raw[start:end]
    at, first, last = 0, 0, len(raw)
    for index, char in enumerate(raw):
        if at <= start:
            first = index
        if at >= end and _key_length(char):
            last = index
            break
        at += _key_length(char)
    return raw[first:last].strip()


@cache
def token_kinds() -> dict[str, tuple[str, int | str]]:
    """Word → its kind (one letter) and its value. If a word has several meanings, the last one assigned here counts.

    Kinds: M, J, H month of the Gregorian, Jalali, Hijri calendar; w weekday; t today and the days before; a, p, l, m
    part of the day; z zone; h hours; u a time follows; r ordinal ending; j connecting word.
    """
    kinds: dict[str, tuple[str, int | str]] = {}
    for kind, line in ("j", CONNECTING), ("j", AMBIGUOUS_ZONES), ("r", ORDINAL), ("h", HOURS), ("u", CLOCK_AHEAD):
        kinds |= dict.fromkeys(split_words(line), (kind, 0))
    for kind, line in ("a", AM), ("p", PM), ("l", NIGHT), ("m", PM_OR_ERA):
        kinds |= dict.fromkeys(split_words(line), (kind, 0))
    for back, line in DAYS_BACK.items():
        kinds |= dict.fromkeys(split_words(line), ("t", back))
    kinds |= {fold_key(name): ("z", zone) for name, zone in ZONES.items()}
    kinds |= {
        fold_key(f"{of} {place}"): ("z", zone) for place, zone in ZONE_PLACES.items() for of in ("توقيت", "بتوقيت")
    }
    for kind, lines in ("w", WEEKDAYS), ("H", HIJRI), ("J", JALALI), ("M", GREGORIAN):
        for line in lines:
            kinds |= {word: (kind, number) for number, word in enumerate(split_words(line), start=kind != "w")}
    return kinds


def zone(value: int | str) -> tzinfo:
    """The time zone of a value of ZONES or ZONE_PLACES."""
    return ZoneInfo(value) if isinstance(value, str) else timezone(timedelta(minutes=value))


def zone_named(name: str | None, offset: int | None) -> tzinfo | None:
    """Time zones for dateutil's parser. An offset (in seconds) takes precedence over a name."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return zone(ZONES[name]) if name in ZONES else None


_AGO = re.compile(
    rf"(?:(?P<before>{'|'.join(map(fold_key, AGO_BEFORE))}) )?"
    rf"(?:(?:{'|'.join(map(fold_key, ABOUT))}) )?"
    r"(?:(?P<figures>\d{1,4}) ?|(?P<word>[^\W\d_]+) )?(?P<unit>(?!واحده)[^\W\d_]+)(?: واحده)?"
    rf"(?: (?P<after>{'|'.join(map(fold_key, AGO_AFTER))}))?"
)


def time_ago(text: str) -> timedelta | None:
    """Parse a folded relative date ("3 hours ago"). None for "some hours ago", and for months and years, which are
    inexact."""
    text = text.strip(" .،,")
    units, numbers, just_now = _ago_words()
    if text in just_now:
        return timedelta()
    ago = _AGO.fullmatch(text)
    if not ago or not (ago["before"] or ago["after"]) or ago["unit"] not in units:
        return None
    unit, count = units[ago["unit"]]
    if ago["figures"]:
        count = int(ago["figures"])
    elif ago["word"]:
        count = numbers.get(ago["word"])
    return None if count is None else timedelta(**{f"{unit}s": count})


@cache
def _ago_words() -> tuple[dict[str, tuple[str, int | None]], dict[str, int], frozenset[str]]:
    """Unit words with the number that they imply (one, two, None for plurals); number words; words for "just now"."""
    units = {
        word: (unit, alone)
        for unit, forms in UNITS.items()
        for alone, line in zip((1, 2, None), forms, strict=True)
        for word in split_words(line)
    }
    numbers = {word: number for number, line in NUMBERS.items() for word in split_words(line)}
    return units, numbers, frozenset(split_words(JUST_NOW))
