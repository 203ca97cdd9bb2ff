"""`rasid freeze`: pages of a site saved with the articles that are expected of them, and compared."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import clock
from crawler.freeze.compare import Difference, difference_lines, differences
from crawler.freeze.page_files import FrozenPage, frozen_page, frozen_pages
from crawler.home import create_home
from crawler.render import why_not
from crawler.store import Store
from demo.newsroom import serve_newsroom
from tests.conftest import PROJECT
from tests.inprocess import Commands, Result
from tests.newssite import PARAGRAPHS, NewsSite, article_page, serve

ARABIC = (
    "قالت بلدية رأس المرجان إن الجسر القديم سيفتح أمام المشاة يوم الأحد المقبل بعد أشهر من الترميم.",
    "وأضافت أن المهندسين استبدلوا ألواح الخشب كلها، وأن السيارات لن تعبره قبل الربيع.",
    "ورحّب الصيادون بالخبر لأنهم كانوا يدورون حول الخليج كل صباح.",
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    return create_home(tmp_path / "home").folder


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three pages saved of the site `local`, one of them no article. Its server is gone."""
    folder = create_home(tmp_path_factory.mktemp("saved") / "home").folder
    with serve() as site:
        links = [
            site.article("/news/pier.html", "The north pier"),
            site.put("/news/الجسر.html", article_page("الجسر القديم", ARABIC, lang="ar")),
            site.put("/news/short.html", article_page("In pictures", ("Two words.",))),
        ]
        write_profile(folder, site, feeds=[site.feed("/feed.xml", links)])
        result = rasid(folder, "freeze", "local")
    assert result.code == 0, result.err
    assert "In pictures" not in result.out
    assert "short" in result.out
    assert "no article (body too short)" in result.out
    return folder


@pytest.fixture
def copy(saved: Path, tmp_path: Path) -> Path:
    """A home of the test's own with these pages."""
    return Path(shutil.copytree(saved, tmp_path / "copy"))


@pytest.fixture
def check(copy: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Commands:
    """Commands in that home."""
    return Commands(copy / "news.db", capfd, sites=copy / "sites", home=copy)


def rasid(home: Path, *words: str, env: dict[str, str] | None = None) -> Result:
    others = {name: value for name, value in os.environ.items() if name not in ("NEWS_SITES", "NEWS_DB")}
    done = subprocess.run(
        [sys.executable, "-m", "rasid", "--home", str(home), *words],
        cwd=PROJECT,
        env=others | (env or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def write_profile(home: Path, site: NewsSite, name: str = "local", more: str = "", **keys: object) -> None:
    lines = [f'title = "Local"\nurl = "{site.url}"\ndelay = 0\nallow_private = true']
    lines += [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    (home / "sites" / f"{name}.toml").write_text("\n".join(lines) + f"\n{more}\n", "utf-8")


def page_named(home: Path, word: str) -> FrozenPage:
    (found,) = [page for page in frozen_pages(home / "tests" / "sites") if word in page.name]
    return found


# -- save --------------------------------------------------------------------------------------------------------------


def test_newest_pages_of_the_channels_are_saved_and_are_then_as_expected(home: Path) -> None:
    (home / "own.py").write_text(
        f"class Own:\n    def __init__(self):\n        open({str(home / 'seen')!r}, 'w').close()\n"
    )
    (home / "settings.toml").write_text('[EXTENSIONS]\n"own.Own" = 5\n[ITEM_PIPELINES]\n"own.Own" = 5\n')
    with serve_newsroom() as newsroom:
        text = (PROJECT / "demo" / "sites" / "demo_ar.toml").read_text("utf-8")
        address = re.findall(r'^url = "(.*)"', text, re.MULTILINE)[0]
        text = text.replace(address, newsroom["demo_ar"]).replace("delay = 0", "delay = 0\nallow_private = true")
        (home / "sites" / "demo_ar.toml").write_text(text, "utf-8")
        result = rasid(home, "freeze", "demo_ar")
        assert (result.code, len(result.out.splitlines())) == (0, 5), result.err
    assert not (home / "news.db").exists()
    assert not (home / "seen").exists()
    result = rasid(home, "freeze", "--check")
    assert (result.code, result.out) == (0, "5 pages: 5 as expected\n"), result.out
    pages = frozen_pages(home / "tests" / "sites", "demo_ar")
    expected = [page.read_expected() for page in pages]
    assert all(each["outcome"] == "article" and each["published"] and each["paragraphs"] for each in expected)
    assert all(each["language"] == "ar" for each in expected)
    assert any(related["kind"] == "inline" for each in expected for related in each["related"])
    text = pages[0].expected_file.read_text("utf-8")
    assert f'\n  "{expected[0]["paragraphs"][0][:20]}' in text  # each paragraph on its own line, readable


def test_stored_articles_are_taken_from_the_archive_without_a_request(home: Path, site: NewsSite) -> None:
    links = [site.article(f"/news/{n}.html", f"Report {n}") for n in range(7)]
    write_profile(home, site, feeds=[site.feed("/feed.xml", links)])
    assert rasid(home, "crawl", "local").code == 0
    before = len(site.seen)
    first, second, third = (rasid(home, "freeze", "local") for _ in range(3))
    assert (first.code, second.code, third.code) == (0, 0, 0)
    assert [len(result.out.splitlines()) for result in (first, second)] == [5, 2]
    assert third.out.count("exists; to save the page as it is now, delete it first") == 7
    assert len(site.seen) == before


def test_page_at_a_url_is_requested_where_it_is_not_archived(home: Path, site: NewsSite) -> None:
    links = [site.article(f"/news/{n}.html", f"Report {n}") for n in range(2)]
    write_profile(home, site, feeds=[site.feed("/feed.xml", links[:1])])
    assert rasid(home, "crawl", "local", "-s", "NEWS_ARCHIVE=").code == 0
    site.seen.clear()
    result = rasid(home, "freeze", "local", *links, site.url + "news/gone.html")
    assert result.code == 1
    assert result.err == f"{site.url}news/gone.html: http 404\n"
    assert {line.rpartition(": ")[2] for line in result.out.splitlines()} == {
        f"Report {n}, 3 paragraphs" for n in range(2)
    }
    assert sorted(site.paths()) == [
        "/news/0.html",
        "/news/1.html",
        "/news/gone.html",
    ]  # robots.txt is known from the crawl
    # What the channel said of the page is part of the input of its extraction, now and later.
    record = page_named(home, "0-").read_page(10_000_000)
    assert record.candidate is not None
    assert record.candidate.channel == "feed"


def test_nothing_is_requested_that_a_crawl_would_not(home: Path, site: NewsSite) -> None:
    url = site.article("/news/1.html", "Report")
    site.put("/robots.txt", "User-agent: *\nDisallow: /news/", "text/plain")
    write_profile(home, site)
    assert "robots" in rasid(home, "freeze", "local", url).err
    with Store(home / "news.db") as store:  # the host asked for a pause in an earlier crawl
        store.hosts.record_retry_after(site.url.split("/")[2], clock.now() + timedelta(hours=1))
    result = rasid(home, "freeze", "local", url)
    assert (result.code, result.err) == (1, f"{url}: was not requested (host asks to wait)\n")
    assert site.paths() == ["/robots.txt"]
    assert not frozen_pages(home / "tests" / "sites")


def test_result_of_the_last_crawl_stays(home: Path, site: NewsSite) -> None:
    site.article("/news/0.html", "Report")
    write_profile(home, site)
    result = home / "result.json"
    assert rasid(home, "freeze", "local", f"{site.url}news/0.html", env={"NEWS_RESULT_FILE": str(result)}).code == 0
    assert not result.exists()


def test_site_that_is_being_crawled_is_left_alone(home: Path, site: NewsSite) -> None:
    from crawler.crawl.lock import SiteLock

    write_profile(home, site, feeds=[site.feed("/feed.xml", [])])
    Store(home / "news.db").close()
    lock = SiteLock(home / "news.db", "local")
    assert lock.acquire()
    result = rasid(home, "freeze", "local")
    lock.release()
    assert (result.code, site.seen) == (75, [])
    assert "is being crawled by another process" in result.err


def test_site_that_cannot_be_read_says_why(home: Path, site: NewsSite) -> None:
    write_profile(home, site, feeds=[site.url + "feed.xml"])
    result = rasid(home, "freeze", "local")
    assert (result.code, result.err) == (1, f"{site.url}feed.xml: http 404\n")
    site.feed("/feed.xml", [])
    result = rasid(home, "freeze", "local")
    assert (result.code, result.err) == (1, "local: its channels list no article\n")


def test_spider_of_a_site_that_reads_articles_itself(home: Path, site: NewsSite) -> None:
    """Its pages are what it hands to the extraction, and not what the archive has."""
    parts = [
        site.article("/1.html", "The pier", paragraphs=PARAGRAPHS[:1]),
        site.put("/rest", f"<p>{PARAGRAPHS[1]}</p>"),
    ]
    write_profile(home, site, feeds=[site.feed("/feed.xml", parts[:1])])
    code = """from spiders.news import NewsSpider
class LocalSpider(NewsSpider):
    name = "local"
    async def read_article(self, response, candidate):
        rest = await self.fetch(response.urljoin("/rest"))
        page = response.replace(body=response.body.replace(b"</article>", rest.body + b"</article>"))
        return await super().read_article(page, candidate)
"""
    (home / "spiders").mkdir()
    (home / "spiders" / "local.py").write_text(code)
    assert rasid(home, "crawl", "local").code == 0
    result = rasid(home, "freeze", "local")
    assert (result.code, result.err) == (0, "")
    (page,) = frozen_pages(home / "tests" / "sites")
    assert page.read_expected()["paragraphs"] == list(PARAGRAPHS[:2])
    code = code.replace("return await", "await") + "        return {'url': page.url, 'title': 'A', 'body': 'B' * 99}\n"
    (home / "spiders" / "local.py").write_text(code.replace("await super().read_article(page, candidate)", ""))
    page.remove_page()
    result = rasid(home, "freeze", "local")
    assert result.code == 1
    assert "the spider of the site makes the article itself" in result.err


def test_spider_that_cannot_begin_is_reported(home: Path, site: NewsSite) -> None:
    write_profile(home, site, "stillborn", feeds=[site.url + "feed.xml"])
    result = rasid(home, "freeze", "stillborn", "-s", "SPIDER_MODULES=spiders,tests.oddspiders")
    assert result.code == 1
    # The traceback before it is that of tests/oddspiders/broken.py, which cannot be imported.
    assert re.fullmatch(r"stillborn: the crawl could not begin: \w+: .*", result.err.splitlines()[-1]), result.err


@pytest.mark.skipif(why_not("") is not None, reason=str(why_not("")))
def test_rendered_page_is_saved_as_it_is_after_its_scripts(home: Path, site: NewsSite) -> None:
    text = json.dumps(article_page("The north pier", PARAGRAPHS)).replace("</", "<\\/")
    script = f"<script>document.documentElement.innerHTML = {text}</script>"
    link = site.put("/news/1.html", f"<!doctype html><html><body><p>Loading</p>{script}</body></html>")
    write_profile(home, site, feeds=[site.feed("/feed.xml", [link])], render="articles")
    result = rasid(home, "freeze", "local")
    assert (result.code, result.err) == (0, ""), result.err
    (page,) = frozen_pages(home / "tests" / "sites")
    headers = {name.lower() for name, _ in page.read_page(10_000_000).headers}
    assert "x-archive-rendered" in headers
    assert page.read_expected()["paragraphs"] == list(PARAGRAPHS)
    assert rasid(home, "freeze", "--check").code == 0


def test_folder_that_cannot_be_written_is_named(copy: Path, check: Commands) -> None:
    page = page_named(copy, "pier")
    url = page.read_page(10_000_000).url
    shutil.rmtree(copy / "tests")
    (copy / "tests").touch()
    with serve() as site:
        write_profile(copy, site, feeds=[site.feed("/feed.xml", [site.article("/news/1.html", "Report")])])
        result = rasid(copy, "freeze", "local")
    assert result.code == 1
    assert re.fullmatch(rf"{copy}/tests/sites/local.*cannot be written \(Not a directory\)\n", result.err), result.err
    assert url.endswith("pier.html")


# -- compare -----------------------------------------------------------------------------------------------------------


def test_all_is_as_expected_without_the_site(check: Commands) -> None:
    for words in (["--check"], ["--check", "local"], ["--update"]):
        result = check("freeze", *words)
        assert (result.code, result.out) == (0, "3 pages: 3 as expected\n"), result.err


def test_change_of_the_profile_is_shown_field_by_field_and_accepted_with_update(copy: Path, check: Commands) -> None:
    profile = copy / "sites" / "local.toml"
    profile.write_text(
        profile.read_text("utf-8") + "[selectors]\nremove = 'p:last-of-type'\ntitle = 'title'\n", "utf-8"
    )
    result = check("freeze", "--check", "local")
    assert result.code == 1
    assert result.out.splitlines()[-1] == "3 pages: 0 as expected, 3 not"
    shown = result.out.split("local/pier-")[1]
    assert "\n  provenance\n      language: html:lang\n    - title: " in shown
    assert "\n  paragraphs\n      Engineers spent eleven months replacing the timber piles, a…\n    - Fishing" in shown
    before = page_named(copy, "pier").page_file.read_bytes()
    result = check("freeze", "--update", "local")
    assert (result.code, result.out.splitlines()[-1]) == (0, "3 pages: 3 as expected")
    assert f"{page_named(copy, 'pier').expected_file} written" in result.out
    assert check("freeze", "--check").code == 0
    assert page_named(copy, "pier").page_file.read_bytes() == before


def test_reason_of_a_page_that_gives_no_article_is_compared_too(check: Commands) -> None:
    result = check("freeze", "--check", "-s", "NEWS_MIN_BODY_CHARS=5")
    assert result.code == 1
    assert "  outcome\n    - body_too_short\n    + article\n3 pages: 2 as expected, 1 not\n" in result.out


def test_tests_of_the_checkout_compare_every_saved_page(copy: Path) -> None:
    page = page_named(copy, "الجسر")
    expected = page.read_expected()
    page.write_expected(expected | {"title": "الجسر الجديد"})
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_frozen_sites.py"],
        cwd=PROJECT,
        env=os.environ | {"FROZEN_HOME": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 2 passed" in result.stdout, result.stdout
    assert "- الجسر الجديد" in result.stdout
    assert "+ الجسر القديم" in result.stdout


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("no_expected", r"\.json: cannot be read \(No such file or directory\)"),
        ("no_page", r"\.warc\.gz: cannot be read \(No such file or directory\)"),
        ("empty_page", r"\.warc\.gz: is not a frozen page: it is empty"),
        ("torn_page", r"\.warc\.gz: is not a frozen page: broken record"),
        ("no_json", r"\.json: is not valid JSON: "),
        ("json_list", r"\.json: must be a JSON object with the fields of the article"),
        ("binary_json", r"\.json: is not valid JSON: "),
    ],
)
def test_damaged_files_are_reported_and_the_other_pages_compared(
    copy: Path, check: Commands, damage: str, message: str
) -> None:
    page = page_named(copy, "pier")
    if damage.startswith("no_") and damage != "no_json":
        (page.page_file if damage == "no_page" else page.expected_file).unlink()
    elif damage.endswith("_page"):
        data = page.page_file.read_bytes()
        page.page_file.write_bytes(data[: 0 if damage == "empty_page" else len(data) // 2])
    else:
        page.expected_file.write_bytes({"no_json": b"{", "json_list": b"[]"}.get(damage, b"\xff\xfe\x00"))
    result = check("freeze", "--check")
    assert (result.code, result.out) == (1, "3 pages: 2 as expected, 1 not\n")
    assert re.search(message, result.err), result.err
    assert result.err.count("\n") == 1


def test_page_whose_saving_was_interrupted_is_saved_again(copy: Path, check: Commands) -> None:
    page = page_named(copy, "pier")
    url, expected = page.read_page(10_000_000).url, page.expected_file.read_text("utf-8")
    page.expected_file.unlink()
    (page.folder / f".{page.name}.json.1234.rasid.part").write_text("{")
    assert not page.exists
    assert frozen_page(copy / "tests" / "sites", "local", url) == page
    assert check("freeze", "--update").code == 0  # the page itself is complete
    assert page.expected_file.read_text("utf-8") == expected


def test_page_larger_than_a_download_may_be_is_refused(check: Commands) -> None:
    result = check("freeze", "--check", "-s", "DOWNLOAD_MAXSIZE=500")
    assert result.code == 1
    assert "is not a frozen page: too large more than 500 bytes" in result.err


def test_pages_of_a_site_without_a_valid_profile_are_reported(copy: Path, check: Commands) -> None:
    (copy / "sites" / "local.toml").rename(copy / "sites" / "other.toml")
    result = check("freeze", "--check", "local")
    assert result.code == 1
    assert result.err == "there is no profile sites/local.toml for the pages of local\n" * 3
    (copy / "sites" / "local.toml").write_text("title = 1\n", "utf-8")
    assert "local.toml: title" in check("freeze", "--check", "local").err
    assert check("freeze", "local").code == 2


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], 2, "give the name of a site, or --check"),
        (["--check", "--update"], 2, "give --check or --update, not both"),
        (["--check", "local", "other"], 2, "take the name of one site"),
        (["nowhere"], 2, "unknown site nowhere"),
        (["--check", "nowhere"], 2, "unknown site nowhere"),
        (["local", "https://elsewhere.example/a.html"], 2, "must be the URL of a page of local"),
        (["local", "pier"], 2, "must be the URL of a page of local"),
    ],
)
def test_wrong_usage_is_one_sentence(check: Commands, words: list[str], code: int, message: str) -> None:
    result = check("freeze", *words)
    assert (result.code, result.out) == (code, "")
    assert message in result.err


def test_nothing_saved_is_a_failure(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    result = Commands(home / "news.db", capfd, sites=home / "sites", home=home)("freeze", "--check")
    assert (result.code, result.err) == (
        1,
        f"no pages are saved in {home}/tests/sites; `scrapy freeze SITE` saves some\n",
    )


# -- how differences are shown -----------------------------------------------------------------------------------------


def shown(before: str, after: str) -> list[str]:
    (difference,) = differences({"paragraphs": [before]}, {"paragraphs": [after]})
    return list(difference_lines(difference))


def test_long_paragraph_is_shortened_to_what_differs() -> None:
    before = " ".join(ARABIC * 3)
    after = before.replace("ألواح الخشب كلها، وأن السيارات لن تعبره قبل الربيع", "ألواح الحديد", 1)
    old, new = shown(before, after)
    assert old.startswith("- … ")
    assert "الخشب" in old
    assert "الحديد" in new
    assert len(new) < len(after) / 2
    assert all(word in before.split() for word in old[4:].removesuffix(" …").split())  # no word is cut


def test_what_cannot_be_seen_is_shown_where_it_is_all_that_differs() -> None:
    assert shown("می\u200cرود به خانه", "میرود به خانه") == ["- می\\u200cرود به خانه", "+ میرود به خانه"]
    assert shown("10\u00a0000", "10 000") == ["- 10\\u00a0000", "+ 10 000"]
    assert shown("می\u200cرود", "می\u200cآید") == ["- می\u200cرود", "+ می\u200cآید"]


def test_field_without_a_value_and_moved_paragraphs_are_shown() -> None:
    assert differences({"tags": [], "title": None}, {}) == []
    assert differences({}, {"authors": ["A"]}) == [Difference("authors", [], ["A"])]
    lines = [f"Paragraph {n}" for n in range(9)]
    (difference,) = differences({"paragraphs": lines}, {"paragraphs": [*lines[:4], "New", *lines[4:8]]})
    assert list(difference_lines(difference)) == [
        "  Paragraph 3",
        "+ New",
        "  Paragraph 4",
        "  …",
        "  Paragraph 7",
        "- Paragraph 8",
    ]
