"""When two sentences are the same and two texts are copies, rule by rule; and the stories of a store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.pairs import stories
from crawler.similarity.parsed import parsed_text
from crawler.similarity.similarity import are_titles_of_issues, compare, is_copy
from crawler.store import Store
from tests.made_up import HOME, an_article, later, put, replace_text, row, rows
from tests.test_embedded_store import OTHER, OWN, THIRD

CITIES = ("Paris", "London")
SAME = [
    ("Rents rise by a tenth in the old harbour town.", "Rents rise by a tenth in the old harbor town."),
    ("قال الوزير إنّ المشروعَ جاهز للتنفيذ «قريباً».", 'قال الوزير ان المشروع جاهز للتنفيذ "قريبا".'),
    ("بلغ عدد الزوار ١٬٢٠٠ زائر خلال أسبوع واحد.", "بلغ عدد الزوار 1200 زائر خلال أسبوع واحد."),
    ("Visitors counted were 1,200 in the first week of May.", "Visitors counted were 1200 in the first week of May."),
    (
        "وقال المدير إن العمل في السوق القديم بدأ قبل شهرين وسينتهي مع مطلع الشتاء.",
        "وأكد المدير إن العمل في السوق القديم انطلق قبل شهرين وسينتهي مع مطلع الشتاء.",
    ),
    (
        "(Coastwire) Oysters have settled on the old roof tiles off Skerry.",
        "Oysters have settled on the old roof tiles off Skerry.",
    ),
    (
        "The mayor said the bridge of Ellory will open soon.",
        "The mayor said that the bridge of Ellory will open.",
    ),
]
OTHERS = [
    ("Temperatures reach 25 degrees on the coast today.", "Temperatures reach 31 degrees on the coast today."),
    ("بلغ سعر الغرام ٨٠٠ ليرة في سوق المدينة أمس.", "بلغ سعر الغرام 820 ليرة في سوق المدينة أمس."),
    ("Three people were hurt when a tram left the rails.", "Four people were hurt when a tram left the rails."),
    ("أصيب ثلاثة أشخاص في حادث سير على الطريق الدولي.", "أصيب خمسة أشخاص في حادث سير على الطريق الدولي."),
    (
        "The council meets on Monday to vote on its budget.",
        "The council meets on Thursday to vote on its budget.",
    ),
    ("يعقد المجلس جلسته يوم الاثنين للتصويت على الموازنة.", "يعقد المجلس جلسته يوم الخميس للتصويت على الموازنة."),
    ("The fair was held in March and drew a large crowd.", "The fair was held in August and drew a large crowd."),
    ("The prize went to Marsk for a story of the sea.", "The prize went to Ostwald for a story of the sea."),
    (
        "Damascus is sunny while a wind blows from Aleppo.",
        "Damascus is sunny while a wind blows from Homs.",
    ),
    ("استقبل الوزير سفير فرنسا وبحث معه العلاقات الثنائية.", "استقبل الوزير سفير ألمانيا وبحث معه العلاقات الثنائية."),
    ("افتتحت البلدية حديقة عامة في مدينة نوران صباح أمس.", "افتتحت البلدية حديقة عامة في مدينة الوادي صباح أمس."),
    ("One two three four five six seven eight nine ten.", "One two three alpha beta gamma seven eight nine ten."),
]


def similarity(one: str, other: str) -> Any:
    return compare(parsed_text(one), parsed_text(other))


@pytest.mark.parametrize(("one", "other"), SAME)
def test_small_edits_leave_a_sentence_the_same(one: str, other: str) -> None:
    assert (similarity(one, other).shared, similarity(other, one).shared) == (1, 1)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_another_number_date_or_name_makes_another_sentence(one: str, other: str) -> None:
    assert (similarity(one, other).shared, similarity(other, one).shared) == (0, 0)


def test_a_word_that_replaces_another_everywhere_is_a_name_in_a_script_without_capitals() -> None:
    text = (
        "زار رامز الحي القديم صباح أمس مع طلابه.\n"
        "وقال رامز إن البيوت تحتاج إلى ترميم سريع.\n"
        "ثم عاد رامز إلى المعهد عند الظهر مع طلابه."
    )
    assert similarity(text, text.replace("رامز", "نائل")).shared == 0
    assert similarity(text, text.replace("وقال رامز", "وذكر رامز")).shared == 3


def test_a_copy_needs_six_tenths_of_the_shorter_texts_sentences() -> None:
    one = parsed_text("\n".join([*OWN, OTHER[0]]))
    for count, expected in ((2, False), (3, True), (4, True)):
        other = parsed_text("\n".join([*OWN[:count], *THIRD[: 5 - count]]))
        assert is_copy(one, other, compare(one, other)) is expected


def test_a_long_story_that_repeats_a_short_one_further_down_is_not_a_copy() -> None:
    short, long = (
        parsed_text("\n".join(OTHER)),
        parsed_text("\n".join([*OWN, *THIRD, *OTHER[:2], "And so it ends for now."])),
    )
    assert compare(short, long).score >= 0.6
    assert not is_copy(short, long, compare(short, long))
    begun = parsed_text("\n".join([*OTHER[:2], *OWN, *THIRD]))
    assert is_copy(short, begun, compare(short, begun))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Gold prices on Monday", "Gold prices on Tuesday", True),
        ("أسعار الذهب اليوم الاثنين", "أسعار الذهب اليوم الخميس", True),
        ("Weather for 3 May in the valley", "Weather for 4 May in the valley", True),
        ("Gold prices on Monday", "Gold prices on Monday", False),
        ("Gold prices on Monday", "Old tram found in a meadow", False),
        ("", "Gold prices on Monday", False),
        ("مواقيت الصلاة الأحد", "مواقيت الصلاة الاثنين", True),
        ("Headline 1", "Headline 2", False),
        ("Weather in Paris", "Weather in London", False),  # without their texts, nothing tells that these are names
    ],
)
def test_titles_of_two_issues_differ_in_a_value_alone(one: str, other: str, expected: bool) -> None:
    assert are_titles_of_issues(one, other) is expected


def test_the_names_in_a_short_title_are_known_from_the_texts() -> None:
    texts = [parsed_text(f"Clouds come up over {city} in the afternoon and leave it at night.") for city in CITIES]
    assert are_titles_of_issues("Weather in Paris", "Weather in London", *texts)
    assert not are_titles_of_issues("Weather in Paris", "Weather of Paris", *texts)


def prayer_times(minute: int) -> list[str]:
    """Lines too short to be sentences between two that never change."""
    times = (("الفجر", 4), ("الشروق", 5), ("الظهر", 12), ("العصر", 15), ("المغرب", 18), ("العشاء", 20))
    return [
        "تنشر وزارة الأوقاف مواقيت الصلاة في العاصمة وضواحيها لهذا اليوم وفق التوقيت المحلي للمدينة.",
        *(f"{name}: {hour}:{minute + hour:02}" for name, hour in times),
        "ويذكر أن المواقيت تتغير بين محافظة وأخرى بفارق دقائق قليلة تبعا لخطوط الطول والعرض فيها.",
        "وتنشر الوزارة المواقيت كل صباح على موقعها الرسمي وصفحاتها في وسائل التواصل الاجتماعي وفي إذاعتها.",
    ]


def test_a_notice_with_other_figures_in_short_lines_is_another_issue(store: Store) -> None:
    title = "مواقيت الصلاة في العاصمة"
    assert put(store, wire("a", *prayer_times(10), title=title)) == "new"
    assert put(store, wire("b", *prayer_times(12), title=title, hours=3, site="x")) == "new"
    assert put(store, wire("c", *prayer_times(10), title=title, hours=4, site="y")) == "duplicate"


def test_one_short_line_with_another_figure_makes_no_other_text(store: Store) -> None:
    assert put(store, wire("a", *OWN, "Updated: 10:30")) == "new"
    assert put(store, wire("b", *OWN, "Updated: 12:45", site="x")) == "duplicate"


def test_one_other_figure_under_the_same_title_a_day_later_is_the_next_issue(store: Store) -> None:
    def issue(path: str, degrees: int, **fields: Any) -> Any:
        return wire(path, f"Temperatures will reach {degrees} degrees on the coast.", *OWN, title="Weather", **fields)

    assert put(store, issue("a", 21)) == "new"
    assert put(store, issue("b", 22, hours=24)) == "new"
    assert put(store, issue("c", 22, hours=26, site="x")) == "duplicate"
    assert put(store, issue("corrected", 23, hours=1)) == "duplicate", "on the same day it is a correction"


def test_two_cities_in_one_template_are_two_notices(store: Store) -> None:
    rest = ["Winds from the west will blow at 15 kilometres an hour and humidity will be 60 percent.", *OWN[:2], OWN[3]]
    for city in CITIES:
        lines = [f"The weather office expects clouds over {city} in the afternoon and a clear night.", *rest]
        assert put(store, wire(city, *lines, title=f"Weather in {city}")) == "new"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from([*OWN, *OTHER, "One two three four.", "12 | 3 | 4 | 5", "", "نعم لا نعم لا"]), max_size=9),
    st.lists(st.sampled_from([*OWN, *OTHER, "One two three five.", "", "12 | 3 | 4 | 6"]), max_size=9),
)
def test_similarity_is_a_share_whatever_the_texts(one: list[str], other: list[str]) -> None:
    result = similarity("\n".join(one), "\n".join(other))
    assert 0 <= result.score <= 1
    assert result.shared <= min(result.first_count, result.second_count)


# -- stories ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def edge(store: Store, path: str) -> dict[str, Any]:
    return row(
        store.path,
        """SELECT o.url AS copy_of, e.similarity, e.shared_sentences, e.lag FROM story_edges AS e
           JOIN articles AS a ON a.id = e.article_id JOIN articles AS o ON o.id = e.copy_of WHERE a.url = ?""",
        HOME + path,
    )


def wire(path: str, *lines: str, hours: float | None = 0, **fields: Any) -> Any:
    published = None if hours is None else later(hours=hours)
    return an_article(path, "\n".join(lines), published=published, **fields)


def test_an_edited_copy_with_its_own_headline_and_lead_joins_the_story(store: Store) -> None:
    put(store, wire("wire", *OWN, site="agency"))
    lead = "Ellory gets its winter market under a roof at last."
    copy = wire("copy", lead, OWN[0].replace("voted", "decided"), *OWN[1:], hours=5, site="paper", title="A roof")
    assert put(store, copy) == "duplicate"
    assert edge(store, "copy") == {"copy_of": HOME + "wire", "similarity": 1.0, "shared_sentences": 4, "lag": 18000}
    assert rows(store.path, "SELECT * FROM stories") == [{"id": 1, "first_id": 1, "articles": 2}]


def test_the_first_publisher_may_be_one_that_was_seen_later(store: Store) -> None:
    put(store, wire("paper", *OWN, hours=5))
    put(store, wire("wire", *OWN, hours=1, site="agency"))
    put(store, wire("third", *OWN, hours=None, site="third"))
    assert rows(store.path, "SELECT * FROM stories") == [{"id": 1, "first_id": 2, "articles": 3}]
    assert (edge(store, "wire")["lag"], edge(store, "third")["lag"]) == (0, None)


def test_a_copy_of_a_copys_own_part_joins_the_story_of_the_first(store: Store) -> None:
    put(store, wire("a", *OWN))
    put(store, wire("b", *OWN, *OTHER))
    put(store, wire("c", *OTHER, OWN[0]))
    assert edge(store, "c")["copy_of"] == HOME + "b"
    assert [record["duplicate_of"] for record in rows(store.path, "SELECT duplicate_of FROM articles")] == [None, 1, 1]


def test_a_hundred_copies_are_all_found_and_have_one_set_of_passages(store: Store) -> None:
    for number in range(100):
        put(store, wire(f"copy{number}", f"Paper {number} prints this with thanks.", *OWN, title=f"Headline {number}"))
    assert row(store.path, "SELECT count(*) AS n FROM articles WHERE duplicate_of = 1")["n"] == 99
    assert row(store.path, "SELECT count(*) AS n FROM passages WHERE article_id BETWEEN 3 AND 100")["n"] <= 98 * 4


def test_a_daily_notice_that_never_changes_is_a_story_each_day(store: Store) -> None:
    for day, name in enumerate(("Monday", "Tuesday", "Wednesday")):
        assert put(store, wire(f"d{day}", *OWN, title=f"No change of prices on {name}", hours=24 * day)) == "new"
    assert put(store, wire("other", *OWN, title="No change of prices on Friday", hours=1, site="x")) == "duplicate"


def test_a_story_without_its_last_copy_is_not_in_the_table_stories(store: Store) -> None:
    put(store, wire("a", *OWN))
    put(store, wire("b", *OWN))
    assert len(rows(store.path, "SELECT id FROM stories")) == 1
    replace_text(store, wire("b", *OTHER), later(days=1))
    assert rows(store.path, "SELECT id FROM stories") == rows(store.path, "SELECT * FROM story_edges") == []


def test_an_original_that_was_corrected_keeps_its_copies(store: Store) -> None:
    put(store, wire("a", *OWN))
    put(store, wire("b", *OWN, site="x"))
    put(store, wire("a", OWN[0].replace("Monday", "Tuesday"), *OWN[1:]), later(days=1))
    assert edge(store, "b") == {"copy_of": HOME + "a", "similarity": 0.75, "shared_sentences": 3, "lag": 0}
    assert [record["duplicate_of"] for record in rows(store.path, "SELECT duplicate_of FROM articles")] == [None, 1]


def test_no_text_however_odd_stops_the_store(store: Store) -> None:
    texts = [
        "",
        ".",
        "\u200c" * 50,
        "؟" * 5000,
        "a " * 50_000,
        "\n".join("one two three four" for _ in range(3000)),
        "1 2 3 4 " * 400,
    ]
    for number, text in enumerate(texts):
        for site in "ab":
            put(store, an_article(f"{number}{site}", text, site=site), datetime(2026, 3, 1, tzinfo=UTC))
    assert len(rows(store.path, "SELECT id FROM articles")) == 2 * len(texts)


@pytest.mark.parametrize("is_pasted_first", [True, False])
def test_an_own_news_item_above_a_longer_pasted_article_is_no_copy_of_it(store: Store, is_pasted_first: bool) -> None:
    item, pasted = [story.paragraphs for story in stories() if story.language == "en"][:2]
    articles = [
        an_article("pasted", "\n".join(pasted), title="Pasted", site="other"),
        an_article("host", "\n".join([*item[:3], *pasted]), title="Own item"),
    ]
    assert sum(len(line.split()) for line in item[:3]) < 0.7 * sum(len(line.split()) for line in pasted)
    outcomes = [put(store, article) for article in (articles if is_pasted_first else articles[::-1])]
    assert outcomes == ["new", "new"]
    lead = an_article("lead", "\n".join([item[0], *pasted]), title="Agency text with a lead of its own", site="third")
    assert put(store, lead) == "duplicate"
