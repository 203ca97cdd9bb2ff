"""Sites that are empty until their scripts have run. Needs Chromium and Playwright."""

from __future__ import annotations

import gzip
import importlib.util
import json
import time
from pathlib import Path

import pytest

from crawler.render import why_not
from tests.conftest import Workplace
from tests.newssite import PARAGRAPHS, Handler, NewsSite, serve

needs_browser = pytest.mark.skipif(why_not("") is not None, reason=str(why_not("")))

SHELL = (
    "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Town News</title>"
    "<link rel='stylesheet' href='/style.css'><script defer src='/app.js'></script></head>"
    "<body><div id='app'></div>{}</body></html>"
)
# Shows the article of its own URL, from JSON, after a moment, as the sites of the usual frameworks do.
APP = """
document.querySelector("link[rel=stylesheet]").sheet;
(async () => {
  const data = await (await fetch("/api" + location.pathname + ".json")).json();
  await new Promise(done => setTimeout(done, 100));
  document.title = data.title;
  const text = data.paragraphs.map(text => `<p>${text}</p>`).join("");
  document.getElementById("app").innerHTML =
    `<article><h1>${data.title}</h1><time datetime="2026-11-10T09:00:00Z">10 November 2026</time>${text}` +
    '<img src="/photo.jpg"></article>';
})();
"""


def paragraphs_of(path: str, number: int = 4) -> list[str]:
    return [f"{PARAGRAPHS[n % len(PARAGRAPHS)]} So says report {n} of {path}." for n in range(number)]


def put_article(site: NewsSite, path: str, title: str, more: str = "", *, paragraphs: int = 4) -> str:
    site.put("/app.js", APP, "text/javascript")
    site.put("/style.css", "body { color: black }", "text/css")
    site.put(
        f"/api{path}.json",
        json.dumps({"title": title, "paragraphs": paragraphs_of(path, paragraphs)}),
        "application/json",
    )
    return site.put(path, SHELL.format(more), headers={"ETag": '"the same shell"'})


@needs_browser
def test_an_article_that_scripts_load_is_stored_and_archived_as_rendered(workplace: Workplace, site: NewsSite) -> None:
    links = [put_article(site, f"/2026/{n}", f"The bridge has opened, part {n}") for n in range(3)]
    site.feed("/feed.xml", links)
    workplace.site_profile(site, feeds=[site.url + "feed.xml"], render="'articles'")
    result = workplace.run("crawl", "local")
    assert (result.returncode, workplace.pages()) == (0, {f"/2026/{n}": "new" for n in range(3)}), result.stderr
    articles = workplace.rows("SELECT title, body FROM articles ORDER BY title")
    assert [article["title"] for article in articles] == [f"The bridge has opened, part {n}" for n in range(3)]
    assert all(paragraph in articles[0]["body"] for paragraph in paragraphs_of("/2026/0"))
    # The page itself once, its script once for all pages, its data once; no style sheet and no picture.
    assert sorted(set(site.paths())) == sorted(site.paths())
    assert not {"/style.css", "/photo.jpg", "/favicon.ico"} & set(site.paths())
    assert all("Rasid" in seen.headers["user-agent"] for seen in site.seen)
    [archive] = (workplace.folder / "archive").glob("*.warc.gz")
    records = gzip.decompress(archive.read_bytes()).decode()
    assert records.count("X-Archive-Rendered: Chromium/") == 3
    assert paragraphs_of("/2026/0")[0] in records

    # The shell is the same, the text is not.
    data = {
        "title": "The bridge has opened, part 0",
        "paragraphs": [*paragraphs_of("/2026/0"), "It closed again an hour later."],
    }
    site.put("/api/2026/0.json", json.dumps(data), "application/json")
    assert workplace.run("crawl", "local", "-a", "force=1").returncode == 0
    again = workplace.rows("SELECT body FROM articles WHERE title LIKE '%part 0'")
    assert "It closed again" in again[0]["body"]


@needs_browser
def test_what_scripts_request_has_the_headers_and_cookies_of_the_profile(workplace: Workplace, site: NewsSite) -> None:
    site.feed("/feed.xml", [put_article(site, "/2026/1", "The bridge has opened")])
    keys = {"headers": '{ X-Key = "k" }', "cookies": '{ session = "1" }', "user_agent": "'Reader'", "render": "true"}
    workplace.site_profile(site, feeds=[site.url + "feed.xml"], **keys)
    result = workplace.run("crawl", "local")
    assert workplace.pages() == {"/2026/1": "new"}, result.stderr
    assert {"/robots.txt", "/feed.xml", "/2026/1", "/app.js", "/api/2026/1.json"} == set(site.paths())
    for seen in site.seen:
        headers = [seen.headers.get(name) for name in ("x-key", "cookie", "user-agent")]
        assert headers == ["k", "session=1", "Reader"], seen.path


@needs_browser
def test_only_the_articles_without_text_are_rendered_if_that_is_wanted(workplace: Workplace, site: NewsSite) -> None:
    plain = site.article("/plain/1", "A plain story", paragraphs=tuple(paragraphs_of("plain")))
    wall = site.put(
        "/wall/1", "<title>Just a moment...</title><p>Checking your browser</p><script src='/app.js'></script>"
    )
    site.feed("/feed.xml", [plain, put_article(site, "/2026/1", "The bridge has opened"), wall])
    workplace.site_profile(site, feeds=[site.url + "feed.xml"], render="'auto'")
    result = workplace.run("crawl", "local")
    pages = workplace.pages()
    assert (pages["/plain/1"], pages["/wall/1"]) == ("new", "wall"), result.stderr
    assert pages["/2026/1"] in ("new", "duplicate")
    assert "The bridge has opened" in [row["title"] for row in workplace.rows("SELECT title FROM articles")]
    paths = site.paths()
    counts = [paths.count(path) for path in ("/plain/1", "/wall/1", "/2026/1", "/app.js", "/api/2026/1.json")]
    assert counts == [1, 1, 2, 1, 1]


@needs_browser
def test_a_list_that_grows_while_it_is_scrolled_gives_its_further_articles(
    workplace: Workplace, site: NewsSite
) -> None:
    for n in range(12):
        site.article(f"/2026/story-{n}", f"Story number {n}", paragraphs=(*PARAGRAPHS, f"This is part {n} of it."))
    script = """
    let next = 0;
    async function more() {
      for (const item of await (await fetch("/list-" + next++ + ".json")).json())
        document.getElementById("app").insertAdjacentHTML(
          "beforeend", `<h2 style="height: 900px"><a href="${item}">A headline of a story</a></h2>`);
    }
    more();
    addEventListener("scroll", () => {
      if (scrollY + innerHeight > document.documentElement.scrollHeight - 100) more();
    });
    """
    site.put("/app.js", script, "text/javascript")
    site.put("/news", SHELL.format(""))
    for n in range(4):
        items = [f"/2026/story-{3 * n + i}" for i in range(3)]
        site.put(f"/list-{n}.json", json.dumps(items), "application/json")
    workplace.site_profile(site, sections=[site.url + "news"], article_url=r"'/2026/'", render="'channels'")
    result = workplace.run("crawl", "local")
    assert result.returncode == 0, result.stderr
    assert workplace.pages() == {f"/2026/story-{n}": "new" for n in range(12)}
    assert site.paths().count("/app.js") == 1  # the articles were not rendered


@needs_browser
def test_a_consent_dialog_is_neither_answered_nor_part_of_the_text(workplace: Workplace, site: NewsSite) -> None:
    dialog = """
    <script>
      const dialog = document.createElement("div");
      dialog.innerHTML = `<div role="dialog" id="cookie-consent" class="cookie-consent"
        style="position: fixed; inset: 0"><h2>We value your privacy</h2><p>We and our 800 partners store cookies on your
        device to show advertisements that fit you. You can change your choice at any time.</p>
        <button onclick="fetch('/consented')">Accept all</button></div>`;
      document.body.append(dialog);
      document.body.style.overflow = "hidden";
      alert("Please choose");
    </script>"""
    names = ("local", "other")  # two sites at once, with one browser
    for name in names:
        link = put_article(site, f"/{name}/1", f"A story of {name}", dialog, paragraphs=20)
        workplace.site_profile(site, name, feeds=[site.feed(f"/{name}.xml", [link])], render="true")
    result = workplace.run("due")
    assert sorted(workplace.pages().values()) == ["duplicate", "new"], result.stderr  # the texts are similar
    bodies = {article["site"]: article["body"] for article in workplace.rows("SELECT site, body FROM articles")}
    for name in names:
        assert all(paragraph in bodies[name] for paragraph in paragraphs_of(f"/{name}/1", 20))
        assert "partners" not in bodies[name]
    assert "/consented" not in site.paths()


@needs_browser
def test_no_request_of_a_page_leaves_the_rules(workplace: Workplace, site: NewsSite) -> None:
    with serve("127.0.0.2") as inside:
        way_in, host = inside.url, inside.url.split("/")[2]
        site.answer("/moved.js", lambda handler: handler.redirect(way_in + "redirected.js"))
        site.put("/robots.txt", "User-agent: *\nDisallow: /secret/", "text/plain")
        hostile = f"""
        <script src="{way_in}script.js"></script><script src="/moved.js"></script><img src="{way_in}image.png">
        <iframe src="{way_in}frame"></iframe><link rel="preconnect" href="{way_in}">
        <link rel="prefetch" href="{way_in}prefetch"><script src="/secret/script.js"></script>
        <script>
          fetch("{way_in}fetch", {{mode: "no-cors"}}); fetch("/secret/data"); navigator.sendBeacon("{way_in}beacon");
          new WebSocket("ws://{host}/socket"); window.open("{way_in}window"); new EventSource("{way_in}events");
          new Worker(URL.createObjectURL(new Blob(["fetch('{way_in}worker'); importScripts('{way_in}imported')"])));
          navigator.serviceWorker && navigator.serviceWorker.register("/service-worker.js").catch(() => 0);
          fetch("file:///etc/passwd").catch(() => 0);
          const peer = new RTCPeerConnection({{iceServers: [{{urls: "stun:{host}"}}]}});
          peer.createDataChannel("x"); peer.createOffer().then(offer => peer.setLocalDescription(offer));
          setTimeout(() => location.href = "{way_in}elsewhere", 50);
        </script>"""
        site.feed("/feed.xml", [put_article(site, "/2026/1", "The bridge has opened", hostile)])
        workplace.site_profile(site, feeds=[site.url + "feed.xml"], render="true")
        result = workplace.run("crawl", "local")
        assert (result.returncode, workplace.pages()) == (0, {"/2026/1": "new"}), result.stderr
        assert inside.paths() == []
    assert "/moved.js" in site.paths()
    assert not [path for path in site.paths() if path.startswith("/secret/")]


@needs_browser
@pytest.mark.parametrize("script", ["while (true);", "setInterval(() => fetch('/again?' + Math.random()), 20)"])
def test_a_page_that_never_ends_costs_its_time_and_nothing_else(
    workplace: Workplace, site: NewsSite, script: str
) -> None:
    site.put("/2026/endless", SHELL.format(f"<script>{script}</script>"))
    good = put_article(site, "/2026/good", "The bridge has opened")
    site.feed("/feed.xml", [site.url + "2026/endless", good])
    workplace.site_profile(site, feeds=[site.url + "feed.xml"], render="true")
    result = workplace.run("crawl", "local", "-s", "NEWS_RENDER_SECONDS=4")
    assert workplace.pages() == {"/2026/endless": "render_failed", "/2026/good": "new"}, result.stderr


@needs_browser
def test_data_that_is_not_sent_is_asked_for_again_later(workplace: Workplace, site: NewsSite) -> None:
    def cut_off(handler: Handler) -> None:
        handler.close_connection = True

    link = put_article(site, "/2026/1", "The bridge has opened")
    site.answer("/api/2026/1.json", cut_off)
    site.feed("/feed.xml", [link])
    workplace.site_profile(site, feeds=[site.url + "feed.xml"], render="true")
    workplace.run("crawl", "local")
    assert workplace.pages() == {"/2026/1": "render_failed"}
    assert workplace.rows("SELECT state FROM pages") == [{"state": "pending"}]


@needs_browser
def test_a_stopped_crawl_does_not_wait_for_a_page(workplace: Workplace, site: NewsSite) -> None:
    site.put("/2026/endless", SHELL.format("<script>fetch('/started').then(() => {while (true);})</script>"))
    site.put("/started", "{}", "application/json")
    site.feed("/feed.xml", [site.url + "2026/endless"])
    workplace.site_profile(site, feeds=[site.url + "feed.xml"], render="true")
    with workplace.start("crawl", "local", "-s", "NEWS_STOP_SECONDS=1") as process:
        deadline = time.monotonic() + 60
        while "/started" not in site.paths() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.terminate()
        _, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    assert workplace.rows("SELECT state, outcome FROM pages") == [{"state": "pending", "outcome": None}]


@pytest.mark.parametrize("command", ["crawl", "due"])
def test_a_site_is_not_crawled_without_the_browser_that_it_needs(
    workplace: Workplace, site: NewsSite, command: str
) -> None:
    site.feed("/feed.xml", [put_article(site, "/2026/1", "The bridge has opened")])
    workplace.site_profile(site, feeds=[site.url + "feed.xml"], render="true")
    words = ["crawl", "local"] if command == "crawl" else ["due"]
    result = workplace.run(*words, "-s", "NEWS_CHROMIUM=/nowhere/chromium")
    assert result.returncode == 2
    if importlib.util.find_spec("playwright"):
        assert "NEWS_CHROMIUM='/nowhere/chromium' is no program" in result.stderr
    else:
        assert "this needs Playwright; install it:" in result.stderr
    assert site.paths() == []


@needs_browser
def test_a_browser_that_does_not_start_stores_nothing(workplace: Workplace, site: NewsSite, tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    site.feed("/feed.xml", [put_article(site, "/2026/1", "The bridge has opened")])
    workplace.site_profile(site, feeds=[site.url + "feed.xml"], render="true")
    workplace.run("crawl", "local", "-s", f"NEWS_CHROMIUM={broken}")
    assert workplace.pages() == {"/2026/1": "render_unavailable"}
    assert workplace.rows("SELECT count(*) AS n FROM articles") == [{"n": 0}]


@needs_browser
def test_a_site_whose_articles_need_javascript_is_added_when_that_is_wanted(
    workplace: Workplace, site: NewsSite
) -> None:
    links = [put_article(site, f"/2026/{n}", f"The bridge has opened, part {n}") for n in range(3)]
    site.feed("/feed.xml", links)
    feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    headlines = "".join(f'<p><a href="{link}">The bridge over the bay has opened again</a></p>' for link in links)
    site.put("/", f"<html lang='en'><head><title>Town News</title>{feed}</head><body>{headlines}</body></html>")
    fast = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
    refused = workplace.run("add", site.url, "--yes", "--name", "town", *fast)
    assert refused.returncode == 1
    assert "3 of 3 articles that were requested show no text without JavaScript" in refused.stderr
    assert "add --render` adds such a site" in refused.stderr
    added = workplace.run("add", site.url, "--yes", "--name", "town", "--render", *fast)
    assert added.returncode == 0, added.stderr
    assert 'render = "articles"' in (workplace.folder / "sites" / "town.toml").read_text("utf-8")
    assert "the articles need JavaScript" in added.stdout
    assert workplace.run("crawl", "town", *fast).returncode == 0
    assert workplace.rows("SELECT title FROM articles WHERE title LIKE '%part 0'") != []
    assert workplace.run("inspect", "town", *fast).returncode == 0
