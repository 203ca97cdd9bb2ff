"""Generated recurring notices: one template, with other numbers, names and dates in each issue."""

from __future__ import annotations

import random
from collections.abc import Callable

Notice = tuple[str, tuple[str, ...]]
"""A title and its paragraphs."""


def word_list(words: str) -> list[str]:
    """Words written with spaces between them, as a list."""
    return words.split()


_DAYS = {
    "en": word_list("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    "ar": word_list("الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"),
}
_TOWNS = {
    "en": word_list("Ellory Harrow Tidemouth Brackwater Saltby Fenwick Oxmoor Larkhill"),
    "ar": word_list("نوران الوادي المرجان السدرة الريحان الشاطئ البستان النخيل"),
}
_NAMES = {
    "en": word_list("Marsk Ostwald Pennick Thorley Vance Widmer Yarrow Quill"),
    "ar": word_list("المرجاني الحبقي الخشابي الساحلي العنبري الصوان الرمال البحري"),
}


def _clock(chance: random.Random, mark: str = ":") -> str:
    return f"{chance.randint(1, 12)}{mark}{chance.randint(10, 59)}"


def _price(chance: random.Random, least: int = 1, most: int = 9) -> str:
    return f"{chance.randint(least, most)}.{chance.randint(10, 99)}"


def weather_en(chance: random.Random) -> Notice:
    town, day = chance.choice(_TOWNS["en"]), chance.choice(_DAYS["en"])
    low = chance.randint(-5, 20)
    return f"Weather for {day}", (
        f"Temperatures in {town} will reach {low + chance.randint(3, 12)} degrees on {day}, with a low of {low}.",
        f"Winds of up to {chance.randint(10, 90)} kilometres an hour will blow from the coast in the afternoon.",
        f"The chance of rain is {chance.randint(0, 10) * 10} per cent until noon and falls towards the evening.",
        "Sailors are advised to follow the bulletins of the harbour office.",
        f"The sun rises at {_clock(chance)} and sets at {_clock(chance)} on the coast.",
        f"The water at the pier measured {chance.randint(4, 19)} degrees at eight in the morning.",
    )


def weather_ar(chance: random.Random) -> Notice:
    town, day = chance.choice(_TOWNS["ar"]), chance.choice(_DAYS["ar"])
    low = chance.randint(1, 20)
    return f"حالة الطقس يوم {day}", (
        f"تسجل درجات الحرارة في {town} يوم {day} نحو {low + chance.randint(3, 12)} درجة نهارا و{low} درجات ليلا.",
        f"وتهب رياح تصل سرعتها إلى {chance.randint(10, 90)} كيلومترا في الساعة من جهة البحر بعد الظهر.",
        f"وتبلغ فرصة هطول الأمطار {chance.randint(0, 10) * 10} في المئة حتى الظهر ثم تتراجع مساء.",
        "وتنصح الأرصاد الجوية الصيادين بمتابعة النشرات الصادرة عنها.",
        f"وتشرق الشمس عند الساعة {_clock(chance)} وتغرب عند {_clock(chance)}.",
        f"وسجلت حرارة مياه البحر {chance.randint(14, 29)} درجة عند الثامنة صباحا.",
    )


def prices_en(chance: random.Random) -> Notice:
    day = chance.choice(_DAYS["en"])
    return f"Market prices on {day}", (
        f"A crate of tomatoes cost {_price(chance, 5, 40)} at the wholesale market on {day}.",
        f"Potatoes were sold at {_price(chance)} a sack, {chance.randint(2, 30)} cents more than the day before.",
        f"Traders counted {chance.randint(40, 300)} lorries at the gates before six in the morning.",
        f"Onions went for {_price(chance)} and apples for {_price(chance)} a kilo.",
        "The market opens again at four in the morning.",
        f"Olive oil stayed at {_price(chance, 6, 15)} a litre for the {chance.randint(2, 9)}th day in a row.",
    )


def prices_ar(chance: random.Random) -> Notice:
    day = chance.choice(_DAYS["ar"])
    return f"أسعار الذهب والعملات يوم {day}", (
        f"بلغ سعر غرام الذهب من عيار 21 في أسواق اليوم {chance.randint(200, 900)} ألف ليرة بحسب جمعية الصاغة.",
        f"وسجل غرام الذهب من عيار 18 مبلغ {chance.randint(150, 800)} ألف ليرة للبيع في تعاملات يوم {day}.",
        f"وافتتح سعر صرف الدولار عند {chance.randint(9000, 15000)} ليرة للشراء و{chance.randint(9000, 15000)} للبيع.",
        "وتنشر الجمعية أسعارها كل صباح على صفحتها الرسمية.",
        f"وارتفع سعر الأونصة عالميا بنحو {chance.randint(1, 60)} دولارا مقارنة بإغلاق أمس.",
        f"أما اليورو فبلغ سعره {chance.randint(9000, 16000)} ليرة في السوق الموازية.",
    )


def match_en(chance: random.Random) -> Notice:
    home, away = chance.sample(_TOWNS["en"], 2)
    man, other = chance.sample(_NAMES["en"], 2)
    score = f"{chance.randint(2, 5)}-{chance.randint(0, 1)}"
    return f"{home} beat {away}", (
        f"{home} beat {away} {score} on {chance.choice(_DAYS['en'])} in front of {chance.randint(300, 9000)} people.",
        f"{man} opened the score in the {chance.randint(2, 44)}th minute with a shot from the edge of the area.",
        f"{other} added the second goal after a corner in the {chance.randint(46, 89)}th minute.",
        f"Coach {chance.choice(_NAMES['en'])} praised his side and the defence of {away}, which had been hard to beat.",
        f"{home} now have {chance.randint(10, 60)} points and are number {chance.randint(1, 12)} in the table.",
        f"The next match is against {chance.choice(_TOWNS['en'])} on {chance.choice(_DAYS['en'])}.",
    )


def match_ar(chance: random.Random) -> Notice:
    home, away = chance.sample(_TOWNS["ar"], 2)
    man, other = chance.sample(_NAMES["ar"], 2)
    day = chance.choice(_DAYS["ar"])
    score = f"{chance.randint(2, 5)}-{chance.randint(0, 1)}"
    return f"نادي {home} يفوز على نادي {away}", (
        f"فاز نادي {home} على نادي {away} {score} يوم {day} أمام {chance.randint(300, 9000)} متفرج.",
        f"وافتتح اللاعب {man} التسجيل في الدقيقة {chance.randint(2, 44)} بتسديدة من خارج المنطقة.",
        f"وأضاف اللاعب {other} الهدف الثاني من ركلة ركنية في الدقيقة {chance.randint(46, 89)}.",
        f"وأشاد المدرب {chance.choice(_NAMES['ar'])} بأداء لاعبيه وقال إن دفاع نادي {away} كان صعب الاختراق.",
        f"ورفع نادي {home} رصيده إلى {chance.randint(10, 60)} نقطة في المركز {chance.randint(1, 12)} من الترتيب.",
        f"ويلعب الفريق مباراته المقبلة أمام نادي {chance.choice(_TOWNS['ar'])} يوم {chance.choice(_DAYS['ar'])}.",
    )


def quake_en(chance: random.Random) -> Notice:
    town = chance.choice(_TOWNS["en"])
    return f"Earthquake near {town}", (
        f"An earthquake of magnitude {_price(chance, 3, 6)} was felt near {town} on {chance.choice(_DAYS['en'])}.",
        f"The quake struck at {_clock(chance)} at a depth of {chance.randint(2, 90)} kilometres, the institute said.",
        f"Its centre lay {chance.randint(3, 80)} kilometres from {chance.choice(_TOWNS['en'])}.",
        "There were no reports of damage or of people who were hurt.",
        f"It was followed by {chance.randint(2, 30)} weaker shocks, of which the strongest measured {_price(chance)}.",
        f"The region last felt a quake of that strength {chance.randint(2, 40)} years ago.",
    )


def prayer_ar(chance: random.Random) -> Notice:
    town, day = chance.choice(_TOWNS["ar"]), chance.choice(_DAYS["ar"])
    return f"مواقيت الصلاة في مدينة {town} يوم {day}", (
        f"يحين موعد أذان الفجر في مدينة {town} يوم {day} عند الساعة {_clock(chance)} بالتوقيت المحلي.",
        f"ويحين موعد صلاة الظهر في المدينة عند الساعة {_clock(chance)} ظهرا.",
        f"وترفع المساجد أذان العصر عند الساعة {_clock(chance)} بعد الظهر.",
        "وتعتمد هذه المواقيت على الحساب الفلكي الذي تصدره دائرة الأوقاف.",
        f"ويحل موعد الإفطار مع أذان المغرب عند الساعة {_clock(chance)} مساء.",
        f"أما صلاة العشاء فيحين موعدها عند الساعة {_clock(chance)} ليلا.",
    )


NOTICES: dict[str, tuple[Callable[[random.Random], Notice], ...]] = {
    "en": (weather_en, prices_en, match_en, quake_en),
    "ar": (weather_ar, prices_ar, match_ar, prayer_ar),
}


def short_notice(language: str, chance: random.Random) -> Notice:
    """Less than 40 words; only whole texts that are equal are copies."""
    town, day = chance.choice(_TOWNS[language]), chance.choice(_DAYS[language])
    if language == "ar":
        return "إغلاق طريق", (
            f"أعلنت بلدية {town} إغلاق الطريق الرئيسي يوم {day} لأعمال صيانة.",
            "ودعت السائقين إلى استخدام الطرق البديلة.",
        )
    return "Road closed", (
        f"The council of {town} closes the main road on {day} for repairs.",
        "Drivers are asked to use other roads.",
    )


def table(language: str, chance: random.Random) -> Notice:
    """The table of a league, with an introduction that never changes."""
    towns = chance.sample(_TOWNS[language], 8)
    rows = [
        f"{at} | {town} | {chance.randint(1, 20)} | {chance.randint(0, 9)} | {chance.randint(3, 60)}"
        for at, town in enumerate(towns, 1)
    ]
    if language == "ar":
        return "ترتيب الدوري", ("يتجدد ترتيب فرق الدوري المحلي بعد كل جولة من جولاته كما يأتي في هذا الجدول.", *rows)
    return "League table", (
        "The table of the local league is renewed after every round and printed here in full.",
        *rows,
    )


def live_blog(sentences: list[str], chance: random.Random) -> Notice:
    """Entries with clock times: some of a story's sentences, another selection in another order each day."""
    chosen = chance.sample(sentences, max(4, len(sentences) * 4 // 5))
    lines = [f"{chance.randint(8, 20):02}:{chance.randint(10, 59)} {sentence}" for sentence in chosen]
    return f"Live {chance.randint(1, 30)}", tuple(sorted(lines))
