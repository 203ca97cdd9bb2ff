"""Channels that list articles on hosts which the profile does not name: the crawl says which hosts to add."""

from __future__ import annotations

import json

from tests.conftest import Workplace
from tests.newssite import PARAGRAPHS, NewsSite, serve

OTHER = "127.0.0.2"
HINT = f'if it belongs to the site, add "{OTHER}" to hosts in sites/local.toml'


def test_a_feed_with_links_on_another_host_names_the_host_to_add_everywhere_until_it_is_added(
    site: NewsSite, workplace: Workplace
) -> None:
    with serve(OTHER) as other:
        links = [other.article(f"/{n}", f"Report {n}", paragraphs=(PARAGRAPHS[n],)) for n in range(3)]
        workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
        first = workplace.run("crawl", "local")
        assert (first.returncode, workplace.rows("SELECT url FROM pages")) == (0, [])
        assert f"3 links of a channel are on {OTHER}" in first.stderr
        assert HINT in first.stderr
        again = workplace.run("crawl", "local")
        assert HINT in again.stderr, "the feed has not changed, and is not read again"
        health, sites = workplace.run("health"), workplace.run("sites")
        assert (health.returncode, sites.returncode) == (3, 3)
        assert HINT in health.stderr + health.stdout
        assert HINT in sites.stdout
        status = json.loads(workplace.run("status", "--json").stdout)
        assert [HINT in problem for problem in status["sites"][0]["problems"]] == [True]

        workplace.site_profile(site, feeds=[site.url + "feed.xml"], hosts=[OTHER])
        assert HINT not in workplace.run("crawl", "local").stderr
        assert len(workplace.rows("SELECT id FROM articles")) == 3
        assert workplace.run("health").returncode == 0


def test_a_few_links_to_other_hosts_are_no_problem(site: NewsSite, workplace: Workplace) -> None:
    links = [site.article(f"/{n}", f"Report {n}", paragraphs=(PARAGRAPHS[n % 3] + f" {n}",)) for n in range(5)]
    feed = site.feed("/feed.xml", [*links, f"http://{OTHER}/x"])
    workplace.site_profile(site, feeds=[feed])
    crawl = workplace.run("crawl", "local", "-a", "max_articles=1")
    assert (crawl.returncode, "to hosts in" in crawl.stderr, "1 foreign" in crawl.stderr) == (0, False, True)
    assert workplace.run("health").returncode == 0


def test_the_child_sitemaps_of_an_index_on_another_host_name_the_host_to_add(
    site: NewsSite, workplace: Workplace
) -> None:
    children = "".join(f"<sitemap><loc>http://{OTHER}/{n}.xml</loc></sitemap>" for n in range(2))
    index = site.put("/sitemap.xml", f"<sitemapindex>{children}</sitemapindex>", "text/xml")
    workplace.site_profile(site, sitemaps=[index])
    assert HINT in workplace.run("crawl", "local").stderr
