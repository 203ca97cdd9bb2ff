"""Twenty Arabic queries over the demo newsroom and the reference site, each in spellings that must find the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.store import ArticleFilter, Store
from demo.truth import truth
from tests.conftest import PROJECT
from tests.made_up import an_article, put

HUMANVOICE = PROJECT.parent / "shared" / "humanvoice" / "site_truth.json"
ALL = ArticleFilter(with_duplicates=True)

# Part of the title of an article that must be found → spellings that must each find the same articles.
DEMO = {
    "خط شحن أسبوعي": ["سفينة الشحن", "سفينه شحن", "السَّفينةُ شحنٌ", "والسفينة وشحن", "سفيـــنة شحن"],
    "مختبر صغير": ["أكياس الطحالب", "اكياس طحالب", "الأكياس والطحالب", "أكيَاس بالطحالب"],
    "صادرات زيت": ["زيت الزيتون", "وزيت زيتون", "زَيْت للزيتون", "الزيت والزيتون"],
    "سد عين السرو": ["أمطار المدرسة", "امطار مدرسه", "الأمطار وبالمدرسة", "بأمطار كالمدرسة", "أمطار للمدرسة"],
    "خط حافلات": ["مستشفى", "مستشفي", "المستشفى", "بالمستشفى", "وللمستشفى", "مُسْتَشْفَى"],
    "صندوق التسليف": ["قروض الريّ", "قروض الري", "القروض ري", "قُروض للري", "والقروض بالري"],
    "حساسات بحجم": ["دقائق الحريق", "الدقائق حريق", "دقايق حريق", "ودقائق بالحريق"],
    "سلاحف بحرية": ["سلاحف ٢٠٢٣", "السلاحف 2023", "سلاحف ۲۰۲۳", "والسلاحف ٢٠٢٣"],
    "مياه الوادي": ["هيئة المياه ١٩٧٨", "هيئه مياه 1978", "الهيئة للمياه ۱۹۷۸", "هيأة مياه 1978"][:3],
    "هدف في الوقت": ["أصحاب الأرض", "اصحاب الارض", "وأصحاب أرض", "لأصحاب الأرض", "أَصْحابُ الأرْضِ"],
    "عدّاءة من تل": ["عداءة ماراثون", "عدّاءة الماراثون", "عداءه بماراثون", "والعداءة ماراثون"],
    "حافلة قديمة": ["قرى المكتبة", "القرى مكتبه", "قري المكتبات مكتبة", "قُرًى والمكتبة"],
    "مجلس نوران يقر": ['"الحديقة الجنوبية"', '"الحديقه الجنوبيه"', '"الحَديقَة الجَنوبيّة"', '"للحديقة الجنوبية"'],
    "حكواتية في": ["مهرجان حكاية", "المهرجان للحكاية", "مَهرجان الحِكايَة", "ومهرجان حكايه"],
    "سوق الحدادين": ["افتتح* الأساسات", "أفتتح* اساسات", "افتُتح* أساسات"],
}
REFERENCE = {
    "روسيا تعلن عن قمة": ["قمة أستانا", "قمه استانا", "القمة بأستانا", "قِمّة أستانا", "وقمة استانا"],
    "سوريا على طاولة": ["إجتماع جنيف الشرق", "اجتماع بجنيف شرق", "الاجتماع وجنيف الشرق", "أجتماع جنيف للشرق"],
    "إسرائيل تسخر": ["إسرائيل ١٥", "اسرائيل 15", "لإسرائيل ۱۵", "وإسرائيل 15", "اسراييل 15"],
    "بلدية متخيلة": ["بلدية السوق", "البلدية سوق", "والبلديه للسوق", "بَلَدِيَّة سوق"],
    "مكتبة متخيلة": ["القراءة بالمكتبة", "قراءه مكتبة", "القِراءة والمكتبة", "قراءة للمكتبة"],
}


def add(store: Store, number: int, title: str, paragraphs: list[str], **fields: object) -> None:
    put(store, replace(an_article(str(number), "\n".join(paragraphs)), title=title, **fields))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("demo") / "news.db") as store:
        for number, true in enumerate(truth()):
            add(store, number, true.title, list(true.paragraphs), language=true.language)
        yield store


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if not HUMANVOICE.exists():
        pytest.skip("needs ../shared/humanvoice beside the project")
    with Store(tmp_path_factory.mktemp("humanvoice") / "news.db") as store:
        for number, true in enumerate(json.loads(Path(HUMANVOICE).read_text("utf-8"))):
            add(store, number, true["title"], true["body"], language="ar")
        yield store


def same_results(store: Store, title: str, spellings: list[str]) -> None:
    values = {spelling: {hit.id for hit in store.search.find(spelling, ALL, 100)} for spelling in spellings}
    titles = {hit.id: "".join(text for text, _ in hit.title) for hit in store.search.find(spellings[0], ALL, 100)}
    assert [known for known in titles.values() if title in known], titles
    assert len({frozenset(ids) for ids in values.values()}) == 1, values
    for spelling in spellings:  # the snippet shows why
        for hit in store.search.find(spelling, ALL, 100):
            assert any(is_hit for _, is_hit in hit.snippet) or any(is_hit for _, is_hit in hit.title)


@pytest.mark.parametrize("title", DEMO)
def test_every_spelling_finds_the_same_articles_of_the_newsroom(newsroom: Store, title: str) -> None:
    same_results(newsroom, title, DEMO[title])


@pytest.mark.parametrize("title", REFERENCE)
def test_every_spelling_finds_the_same_articles_of_the_reference_site(reference: Store, title: str) -> None:
    same_results(reference, title, REFERENCE[title])


def test_there_are_twenty_queries() -> None:
    assert len(DEMO) + len(REFERENCE) == 20
    assert all(len(spellings) >= 3 for spellings in (*DEMO.values(), *REFERENCE.values()))


def test_a_word_of_one_article_finds_that_article_alone(newsroom: Store) -> None:
    [hit] = newsroom.search.find("lighthouse diaries", ALL, 100)
    assert "".join(text for text, _ in hit.title) == "Ninety years of lighthouse diaries go online"
