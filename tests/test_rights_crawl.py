"""Rights from the fetch of a page to the export that leaves it out, with real servers, databases and files."""

from __future__ import annotations

import json

from crawler.cli.reserved import reserved_lines
from crawler.cli.rights_shown import format_rights
from crawler.store import ArticleFilter, Store
from crawler.usage import Use
from tests.conftest import Workplace
from tests.newssite import NewsSite

ROBOTS = """User-agent: *
Allow: /

Content-Usage: train-ai=n
Content-Usage: /free/ train-ai=y
"""
LICENCE = """<rsl xmlns="https://rslstandard.org/rsl"><content url="/priced/"><license>
<permits type="usage">all</permits><payment type="crawl"><amount currency="USD">1</amount></payment>
</license></content></rsl>"""


def text_of(number: int) -> tuple[str, ...]:
    return (f"Report {number} from the harbour tells of ship {number} and its crew of {number + 3} sailors. " * 4,)


def newsroom(site: NewsSite, workplace: Workplace, robots: str = ROBOTS) -> None:
    """A site with an article for each kind of signal."""
    site.put("/robots.txt", robots, "text/plain")
    links = [
        site.article("/news/1.html", "One", paragraphs=text_of(1)),
        site.article("/free/2.html", "Two", paragraphs=text_of(2)),
        site.article("/free/3.html", "Three", paragraphs=text_of(3), headers={"X-Robots-Tag": "noindex, sometimes"}),
        site.article("/free/4.html", "Four", paragraphs=text_of(4), headers={"TDM-Reservation": "1"}),
        site.article("/priced/5.html", "Five", paragraphs=text_of(5)),
    ]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run("crawl", "local")


def exported(workplace: Workplace, *words: str) -> tuple[set[str], str]:
    """The titles that `rasid export` writes, and what it says."""
    result = workplace.run("export", "-", "--columns", "title", "--plain", *words)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.splitlines()[1:]), result.stderr


def titles(workplace: Workplace, use: Use) -> tuple[set[str], str]:
    """The same without a process of its own."""
    chosen = ArticleFilter(usage=use)
    with Store(workplace.database) as store:
        return {row["title"] for row in store.exports.articles(chosen)}, "\n".join(reserved_lines(store, chosen))


def shown(workplace: Workplace, url: str) -> str:
    with Store(workplace.database) as store:
        number = store.articles.find(url)
        assert number is not None
        return "\n".join(format_rights(store.rights.of_article(number)))


def test_an_export_for_a_use_leaves_out_what_is_reserved_for_it_and_says_how_many_and_why(
    site: NewsSite, workplace: Workplace
) -> None:
    newsroom(site, workplace)
    assert exported(workplace)[0] == {"One", "Two", "Three", "Four", "Five"}
    train, said = exported(workplace, "--usage", "ai-train")
    assert train == {"Two", "Three"}
    assert "left out: 3 articles reserved for ai-train\n" in said
    assert "  2 of local: robots.txt line 4: Content-Usage: train-ai=n\n" in said
    assert "  1 of local: header TDM-Reservation: tdm-reservation: 1\n" in said
    assert "NEWS_TDM_FILES" in said, "a kind of reservation that was not looked for is named"
    search, said = titles(workplace, "search")
    assert search == {"One", "Two", "Four", "Five"}
    assert "  1 of local: header X-Robots-Tag: noindex, sometimes (ignored: sometimes)" in said
    assert titles(workplace, "tdm")[0] == {"One", "Two", "Three", "Five"}
    assert titles(workplace, "all")[0] == {"Two"}
    result = workplace.run("export", "-", "--usage", "training")
    assert result.returncode == 2
    assert "search" in result.stderr


def test_the_evidence_of_a_decision_is_stored_with_its_time_and_shown(site: NewsSite, workplace: Workplace) -> None:
    newsroom(site, workplace)
    shown = workplace.run("show", site.url + "news/1.html").stdout
    assert "  ai-train: reserved  (robots.txt line 4: Content-Usage: train-ai=n)\n" in shown
    assert "  search: unknown\n" in shown
    data = json.loads(workplace.run("show", "--json", site.url + "news/1.html").stdout)
    [page] = data["rights"]
    assert page["decisions"] == {"search": "unknown", "ai-train": "reserved", "tdm": "unknown", "all": "reserved"}
    [signal] = page["signals"]
    assert (signal["place"], signal["text"]) == ("robots.txt line 4", "Content-Usage: train-ai=n")
    [file] = workplace.rows("SELECT url, body, last_fetched FROM rights_files WHERE digest = ?", signal["file"])
    assert file["body"] == ROBOTS.encode(), "the exact bytes are kept"
    assert file["url"] == site.url + "robots.txt"
    [fetched] = workplace.rows("SELECT fetched FROM pages WHERE url = ?", site.url + "news/1.html")
    assert page["last_seen"] == fetched["fetched"]


def test_what_a_site_says_later_holds_from_the_next_fetch_and_the_earlier_is_kept(
    site: NewsSite, workplace: Workplace
) -> None:
    newsroom(site, workplace)
    site.put("/robots.txt", "User-agent: *\nContent-Signal: ai-train=yes\n", "text/plain")
    workplace.change("UPDATE hosts SET robots_fetched = '2020-01-01T00:00:00Z'")
    assert "One" not in titles(workplace, "ai-train")[0], "the page has not been fetched again"
    workplace.run("crawl", "local", "-a", "force=1")
    assert "One" in titles(workplace, "ai-train")[0]
    records = workplace.rows(
        """SELECT r.ai_train, pr.is_current FROM page_rights AS pr JOIN rights AS r ON r.id = pr.rights_id
           JOIN pages AS p ON p.id = pr.page_id WHERE p.url = ? ORDER BY r.id""",
        site.url + "news/1.html",
    )
    assert records == [{"ai_train": "reserved", "is_current": 0}, {"ai_train": "allowed", "is_current": 1}]
    assert len(workplace.rows("SELECT 1 FROM rights_files WHERE url LIKE '%robots.txt'")) == 2


def test_an_rsl_document_is_requested_where_it_is_named_once_a_day_and_decides_for_its_paths(
    site: NewsSite, workplace: Workplace
) -> None:
    site.put("/rights/rsl.xml", LICENCE, "application/rsl+xml")
    newsroom(site, workplace, "License: /rights/rsl.xml\n" + ROBOTS)
    assert site.paths().count("/rights/rsl.xml") == 1
    left, said = titles(workplace, "search")
    assert left == {"One", "Two", "Four"}
    assert "RSL document of robots.txt line 1" in said
    workplace.run("crawl", "local", "-a", "force=1")
    assert site.paths().count("/rights/rsl.xml") == 1, "it is kept between runs"
    site.put("/rights/rsl.xml", "out of order", status=500)
    workplace.change("UPDATE rights_files SET last_fetched = '2020-01-01T00:00:00Z' WHERE url LIKE '%rsl.xml'")
    workplace.run("crawl", "local", "-a", "force=1")
    assert site.paths().count("/rights/rsl.xml") == 2
    assert titles(workplace, "search")[0] == left, "the last version holds while the server sends none"


def test_a_file_that_is_not_sent_costs_no_page_and_decides_nothing(site: NewsSite, workplace: Workplace) -> None:
    site.put("/.well-known/tdmrep.json", "out of order", status=503)
    site.put("/rsl.xml", "there is none", status=404)
    workplace.environment["NEWS_TDM_FILES"] = "1"
    newsroom(site, workplace, "License: /rsl.xml\n")
    assert set(workplace.pages().values()) == {"new"}
    assert site.paths().count("/.well-known/tdmrep.json") >= 1
    text = shown(workplace, site.url + "news/1.html")
    assert "not known: HTTP 404" in text
    assert "tdmrep.json:  (not known: " in text
    assert "  tdm: unknown\n" in text


def test_tdmrep_json_is_read_if_the_setting_says_so(site: NewsSite, workplace: Workplace) -> None:
    site.put("/.well-known/tdmrep.json", '[{"location": "/news/", "tdm-reservation": 1}]', "application/json")
    workplace.environment["NEWS_TDM_FILES"] = "1"
    newsroom(site, workplace)
    left, said = exported(workplace, "--usage", "tdm")
    assert left == {"Two", "Three", "Five"}
    assert 'tdmrep.json rule 1: {"location": "/news/", "tdm-reservation": 1}' in said
    assert "NEWS_TDM_FILES" not in said
    assert set(workplace.pages().values()) == {"new"}, "it is recorded, and keeps no page from being stored"


def test_the_card_of_a_release_says_what_is_reserved_and_what_was_left_out(
    site: NewsSite, workplace: Workplace
) -> None:
    newsroom(site, workplace)
    for name, words in (("all", ()), ("train", ("--usage", "ai-train"))):
        target = workplace.folder / name
        result = workplace.run("release", str(target), "--name", name, "--format", "csv", *words)
        assert result.returncode == 0, result.stderr
        card = (target / "README.md").read_text("utf-8")
        assert "## Rights" in card
        if name == "all":
            assert "| local | ai-train | 3 | 2 | 0 |" in card
            assert "Nothing was left out" in card
        else:
            assert "| local | ai-train | 0 | 2 | 0 |" in card
            assert "Left out as reserved for ai-train: 3 articles." in card
            assert "| local | robots.txt line 4: Content-Usage: train-ai=n | 2 |" in card
            assert json.loads((target / "datapackage.json").read_text())["filters"] == '{"usage": "ai-train"}'


def test_a_page_that_must_be_paid_for_is_priced_and_reserved(site: NewsSite, workplace: Workplace) -> None:
    newsroom(site, workplace)
    site.put("/news/1.html", "pay first", status=402)
    new = site.put("/news/6.html", "pay first", status=402)
    site.feed("/feed.xml", [new])
    workplace.change("UPDATE pages SET recheck_at = '2020-01-01T00:00:00Z' WHERE url LIKE '%/news/1.html'")
    workplace.run("crawl", "local")
    assert workplace.pages()["/news/6.html"] == "http_402"
    [run] = workplace.rows("SELECT requested, priced, failed, reasons FROM runs ORDER BY id DESC LIMIT 1")
    assert (run["requested"], run["priced"], run["failed"]) == (2, 2, 0)
    assert json.loads(run["reasons"]) == {"http_402": 2}
    assert "One" not in titles(workplace, "search")[0], "the stored text is reserved from then on"
    assert "status: HTTP 402" in shown(workplace, site.url + "news/1.html")
    assert len(titles(workplace, "search")[0]) == 3


def test_a_licence_in_a_feed_is_that_of_its_entries(site: NewsSite, workplace: Workplace) -> None:
    """That of an entry comes before that of the feed."""
    links = [site.article(f"/news/{n}.html", f"Title {n}", paragraphs=text_of(n)) for n in (1, 2)]
    content = '<rsl:content url="/"><rsl:license><rsl:{0} type="usage">{1}</rsl:{0}></rsl:license></rsl:content>'
    items = "".join(
        f"<item><title>Title</title><link>{link}</link>{own}</item>"
        for link, own in zip(links, (content.format("permits", "all"), ""), strict=True)
    )
    of_feed = content.format("prohibits", "ai-train")
    site.put(
        "/feed.xml",
        f'<rss version="2.0" xmlns:rsl="https://rslstandard.org/rsl"><channel>{of_feed}{items}</channel></rss>',
        "text/xml",
    )
    workplace.site_profile(site, feeds=[site.url + "feed.xml"])
    workplace.run("crawl", "local")
    left, said = titles(workplace, "ai-train")
    assert left == {"Title 1"}
    assert "left out: 1 article reserved for ai-train" in said
    assert "feed entry: <" in said
    assert "ai-train: allowed  (feed entry" in shown(workplace, links[0])
