"""Real crawls of sites that show one text at many addresses, and the articles later."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from html import escape

from tests.conftest import Workplace
from tests.newssite import NewsSite, article_page
from tests.test_crawl_outage import CRAWL, DUE, findings, pass_time
from tests.test_store_notices import SUBSCRIBE, Newsroom

ARABIC_404 = (
    "الصفحة التي طلبتها لم نعثر عليها في موقعنا، وقد يكون المحررون نقلوها إلى عنوان آخر أو حذفوها منذ مدة. نرجو منكم "
    "أن تتأكدوا من صحة الرابط، أو أن تستعملوا محرك البحث في أعلى الصفحة، أو أن تعودوا إلى الواجهة لقراءة آخر التقارير."
)
PAGES = 60


def feed(site: NewsSite, titles: dict[str, str], path: str = "/feed.xml") -> str:
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{site.url}{page}</link></item>" for page, title in titles.items()
    )
    return site.put(path, f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>', "text/xml")


def bare_page(heading: str, *paragraphs: str) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    head = f'<html lang="en"><head><title>{heading}</title></head>'
    return f"{head}<body><main><h1>{heading}</h1>{text}</main></body></html>"


def articles(site: NewsSite, room: Newsroom, titles: dict[str, str]) -> None:
    """Let the pages show their articles."""
    for path, title in titles.items():
        site.article(f"/{path}", title, paragraphs=tuple(room.text().split("\n")))


def exported(workplace: Workplace) -> list[str]:
    target = workplace.folder / "all.jsonl"
    assert workplace.run("export", str(target), "--with-duplicates", "--allow-empty").returncode == 0
    return [json.loads(line)["title"] for line in target.read_text("utf-8").splitlines()]


def test_a_subscription_notice_under_sixty_headlines_is_no_article_until_the_articles_are_there(
    site: NewsSite, workplace: Workplace
) -> None:
    room = Newsroom()
    titles = {f"news/{n}.html": room.title() for n in range(PAGES)}
    for path, title in titles.items():
        site.put(f"/{path}", article_page(title, (SUBSCRIBE,)))
    workplace.site_profile(site, feeds=[feed(site, titles)])
    assert workplace.run(*CRAWL).returncode == 0
    assert Counter(workplace.pages().values()) == {"suspect_text": PAGES}
    assert workplace.rows("SELECT count(*) AS n, sum(is_notice) AS notices FROM articles") == [{"n": 4, "notices": 4}]
    assert exported(workplace) == []
    message = findings(workplace)["local"]["notice"]
    assert message.startswith(f"{PAGES} of its pages show one text")
    assert "Subscribe to continue reading" in message

    articles(site, room, titles)
    pass_time(workplace)
    assert workplace.run(*CRAWL).returncode == 0
    assert Counter(workplace.pages().values()) == {"new": PAGES - 4, "updated": 4}
    assert sorted(exported(workplace)) == sorted(titles.values())
    assert "local" not in findings(workplace)


def home_page(room: Newsroom, titles: dict[str, str]) -> str:
    return bare_page("Port Ellory News", *(f"{title}. {room.text().split(chr(10))[0]}" for title in titles.values()))


SHOWN: dict[str, Callable[[Newsroom, dict[str, str]], str]] = {
    "soft_404": lambda *_: bare_page("موقع الأخبار", ARABIC_404),
    "login": lambda *_: bare_page("Port Ellory News", SUBSCRIBE),
    "home_page": home_page,
}


def test_what_is_shown_in_place_of_pages_that_were_never_read_is_not_stored(
    site: NewsSite, workplace: Workplace
) -> None:
    room = Newsroom()
    titles = {kind: {f"{kind}/{n}.html": room.title() for n in range(4)} for kind in [*SHOWN, "login_redirect"]}
    site.put("/account/login", SHOWN["login"](room, {}))
    for kind, listed in titles.items():
        shown = SHOWN[kind](room, listed) if kind in SHOWN else None
        for path in listed:
            if shown is not None:
                site.put(f"/{path}", shown)
            else:
                site.answer(f"/{path}", lambda handler: handler.redirect(f"/account/login?next={handler.path}"))
        workplace.site_profile(site, kind, feeds=[feed(site, listed, f"/{kind}.xml")])
    workplace.run(*DUE)
    assert Counter(workplace.pages().values()) == {"suspect_text": 16}
    assert exported(workplace) == []
    found = findings(workplace)
    assert all(found[kind].keys() & {"outage", "notice"} for kind in titles)

    for listed in titles.values():
        articles(site, room, listed)
    for _ in range(2):  # during an outage, a run requests three pages until one is received
        pass_time(workplace)
        workplace.run(*DUE)
    assert set(workplace.pages().values()) <= {"new", "updated", "unchanged"}
    assert workplace.rows("SELECT * FROM revisions") == []
    assert sorted(exported(workplace)) == sorted(title for listed in titles.values() for title in listed.values())
    assert findings(workplace) == {}
