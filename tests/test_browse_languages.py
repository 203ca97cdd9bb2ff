"""The web pages in each language, light and dark, by the reader's choice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from crawler.browse.languages import LANGUAGES
from crawler.browse.metadata import metadata
from tests.browsing import Browse, browse, fill_hostile
from tests.conftest import PROJECT

pytest.importorskip("datasette", reason="needs Datasette: pip install 'datasette>=0.65,<0.66'")

PAGES = PROJECT / "crawler" / "browse"
METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
KEYWORDS = {"_": None, "text": None, "plain": None, "ngettext": (1, 2), "texts": (1, 2)}
PATHS = ["/-/overview", "/-/search?q=x", "/-/article/1", "/-/article/77", "/", "/news", "/news/articles", "/nothing"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browse]:
    path = tmp_path_factory.mktemp("languages") / "news.db"
    fill_hostile(path)
    with browse(path) as running:
        yield running


def forms(message: str | Sequence[str]) -> tuple[str, ...]:
    """The text, or its forms for each grammatical number."""
    return (message,) if isinstance(message, str) else tuple(message)


def described() -> list[str]:
    """What the page of tables and queries prints of them."""
    [database] = metadata(with_plugin=True)["databases"].values()
    tables = [table["description"] for table in database["tables"].values() if not table.get("hidden")]
    return tables + [query[key] for query in database["queries"].values() for key in ("title", "description")]


def placeholders(message: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", message))


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_every_text_is_translated_and_no_translation_is_left_over(code: str) -> None:
    with (PAGES / "locales" / f"{code}.po").open("rb") as file:
        catalogue = read_po(file)
    used: dict[str, str] = {}
    for name, line, message, *_ in extract_from_dir(PAGES, METHODS, keywords=KEYWORDS):
        used[forms(message)[0]] = f"{name}:{line}"
    used |= dict.fromkeys(described(), "metadata")
    known = {forms(message.id)[0]: message for message in catalogue if message.id}
    assert {message: place for message, place in used.items() if message not in known} == {}
    assert set(known) - set(used) == set()
    for name, known_message in known.items():
        wanted = set().union(*map(placeholders, forms(known_message.id)))
        for text in forms(known_message.string or ""):
            assert text, f"{name}: empty"
            assert placeholders(text) <= wanted, f"{name}: other placeholders"


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_in_the_language_that_is_chosen(server: Browse, path: str) -> None:
    link = f"{path}{'&' if '?' in path else '?'}_lang=ar"
    page = server.get(link)
    assert '<html lang="ar" dir="rtl"' in page.text
    assert "نظرة عامة" in page.text
    assert "rasid_language=ar; Max-Age=31536000; Path=/; SameSite=Lax" in " ".join(
        page.headers.get_all("set-cookie", [])
    )
    assert '<html lang="en" dir="ltr"' in server.get(path).text


def test_the_choice_is_kept_and_the_browsers_language_is_the_first(server: Browse) -> None:
    arabic = '<html lang="ar"'
    assert arabic in server.get("/-/overview", Cookie="rasid_language=ar").text
    assert arabic in server.get("/-/overview", **{"Accept-Language": "xx, ar-EG;q=0.9, en;q=0.8"}).text
    english = server.get("/-/overview?_lang=en", **{"Cookie": "rasid_language=ar", "Accept-Language": "ar"})
    assert arabic not in english.text


@pytest.mark.parametrize("value", ["xx", "", "<script>", "ar,en", "a" * 10_000, "\x00"])
def test_an_unknown_choice_is_ignored(server: Browse, value: str) -> None:
    page = server.get(f"/-/overview?_lang={quote(value)}&_theme={quote(value)}", **{"Accept-Language": "," * 5_000})
    assert (page.status, page.headers["set-cookie"]) == (200, None)
    assert '<html lang="en" dir="ltr" data-theme="auto">' in page.text
    assert "<script>" not in page.text


def test_light_and_dark_are_kept(server: Browse) -> None:
    page = server.get("/-/overview?_theme=dark")
    assert 'data-theme="dark"' in page.text
    assert "rasid_theme=dark" in (page.headers["set-cookie"] or "")
    assert 'data-theme="dark"' in server.get("/news", Cookie="rasid_theme=dark").text
    assert 'href="/-/overview?_theme=light"' in page.text
    assert 'href="/-/search?q=x&amp;_lang=ar"' in server.get("/-/search?q=x").text


def test_a_page_names_itself_in_the_navigation(server: Browse) -> None:
    for path in ("/-/overview", "/-/search", "/news"):
        assert f'<a href="{path}" aria-current="page">' in server.get(path).text


def test_tables_are_described_in_the_language_and_internal_ones_are_not_listed(server: Browse) -> None:
    page = server.get("/news?_lang=ar").text
    assert "من ينسخ عمّن" in page
    assert "مقال: نصه الحالي وتواريخه وبياناته." in page
    assert "sqlite_sequence" not in page
    assert "articles_fts" not in page
    assert "من ينسخ عمّن" in server.get("/news/who_copies_whom?_lang=ar").text
