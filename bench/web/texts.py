"""Invented headlines and sentences, from which the articles of the pictures are put together."""

from __future__ import annotations

from random import Random
from typing import NamedTuple


class Words(NamedTuple):
    """What articles in one language are made of."""

    sections: tuple[str, ...]
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    subjects: tuple[str, ...]
    events: tuple[str, ...]
    sentences: tuple[str, ...]

    def title(self, number: int) -> str:
        """A headline; the first len(subjects) * len(events) differ."""
        event, subject = divmod(number, len(self.subjects))
        return f"{self.subjects[subject]} {self.events[event % len(self.events)]}"

    def paragraphs(self, number: int, chance: Random) -> list[str]:
        """The paragraphs of an article. The number in each keeps two articles from sharing one."""
        picked = chance.sample(self.sentences, k=min(len(self.sentences), chance.randint(6, 9)))
        numbered = [sentence.format(n=number + 40 * place) for place, sentence in enumerate(picked)]
        return [" ".join(numbered[place : place + 2]) for place in range(0, len(numbered), 2)]


ENGLISH = Words(
    sections=("Town", "Business", "Sport", "Culture"),
    tags=("harbour", "budget", "buses", "library", "weather", "schools"),
    authors=("Ada Finch", "Ruben Hale", "Mina Castle", "Tobias Wren"),
    subjects=(
        "Ferry company", "Town library", "Larkmoor council", "Harbour office", "Rowing club", "School of music",
        "Oyster market", "Bus company", "Museum of tides", "Water board", "Bakers' guild", "Lighthouse trust",
    ),
    events=(
        "agrees to a new timetable for the winter", "opens its doors after two years of repairs",
        "asks residents for their opinion on the old bridge", "reports the best month since records began",
        "moves to the former rope works on Mill Street", "postpones the vote until after the holidays",
        "finds a map that was thought to be lost", "lowers its prices for pupils and pensioners",
        "invites the neighbouring towns to a common festival", "warns of high water at the weekend",
    ),
    sentences=(
        "The decision was taken on Tuesday evening by {n} votes, and nobody spoke against it.",
        "A spokeswoman said that {n} people had written to the office within a week.",
        "The work is to cost {n} thousand crowns, half of which the region pays.",
        "Residents of the lower town had waited for it since the storm {n} weeks ago.",
        "Those who want to take part can put their names on a list at counter {n} of the town hall.",
        "In the first year there had been {n} complaints, most of them about the noise.",
        "The plans are on show until the end of the month in room {n} of the library.",
        "It is the {n}th time that the matter has been on the agenda.",
        "Critics point out that only {n} of the houses in question are lived in all year.",
        "The mayor called the result of {n} months of talks fair to everybody.",
        "A count in spring found {n} birds on the roofs around the market.",
        "The next meeting is open to the public; there are {n} seats.",
    ),
)  # fmt: skip

ARABIC = Words(
    sections=("محليات", "اقتصاد", "رياضة", "ثقافة"),
    tags=("الميناء", "الموازنة", "النقل", "المكتبة", "الطقس", "المدارس"),
    authors=("سلمى النجار", "كريم الوادي", "هدى مراد", "يوسف حداد"),
    subjects=(
        "بلدية نوران", "مكتبة المدينة", "شركة العبّارات", "جمعية الصيادين", "فرقة الوادي", "أكاديمية الموسيقى",
        "دار المتاحف", "هيئة المياه", "نقابة الخبّازين", "إدارة الميناء", "مدرسة التلّ", "شركة الحافلات",
    ),
    events=(
        "تعتمد جدولاً جديداً لفصل الشتاء", "تفتح أبوابها بعد عامين من الترميم", "تستطلع آراء السكان في الجسر القديم",
        "تعلن أفضل نتيجة شهرية منذ بدء التسجيل", "تنتقل إلى مبنى معمل الحبال السابق", "تؤجل التصويت إلى ما بعد العطلة",
        "تعثر على خريطة كانت تُعدّ مفقودة", "تخفض الرسوم للتلاميذ والمتقاعدين", "تدعو المدن المجاورة إلى مهرجان مشترك",
        "تحذّر من ارتفاع منسوب المياه نهاية الأسبوع",
    ),
    sentences=(
        "اتُّخذ القرار مساء الثلاثاء بأغلبية {n} صوتاً ولم يعترض عليه أحد.",
        "قالت المتحدثة إن {n} شخصاً كتبوا إلى المكتب خلال أسبوع واحد.",
        "تبلغ كلفة الأعمال {n} ألف دينار تدفع المحافظة نصفها.",
        "كان سكان الحي الأسفل ينتظرون ذلك منذ العاصفة قبل {n} أسبوعاً.",
        "يستطيع الراغبون في المشاركة تسجيل أسمائهم عند الشباك رقم {n} في دار البلدية.",
        "سُجّلت في العام الأول {n} شكوى معظمها من الضوضاء.",
        "تُعرض المخططات حتى نهاية الشهر في القاعة {n} من المكتبة.",
        "هذه هي المرة رقم {n} التي يُدرج فيها الموضوع في جدول الأعمال.",
        "يشير المنتقدون إلى أن {n} منزلاً فقط من المنازل المعنية مسكون طوال العام.",
        "وصف رئيس البلدية نتيجة {n} شهراً من المحادثات بأنها منصفة للجميع.",
        "أحصى المتطوعون في الربيع {n} طائراً على أسطح السوق.",
        "الجلسة المقبلة مفتوحة للجمهور وفيها {n} مقعداً.",
    ),
)  # fmt: skip
