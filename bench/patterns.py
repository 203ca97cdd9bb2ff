"""Learn the article pattern of real sites from the links of one page each, and try it on the page's own address.

    python -m bench.patterns [--pages 300]

The pages are those of ../shared/corpus, one a site; those with fewer than four links to articles are left out. Prints
one JSON object: pages whose own address the pattern matches, those that it does not match, and those without a pattern.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from crawler.discover import ChannelProblem, discover
from crawler.onboard.article_pattern import learn_pattern, looks_like_article
from crawler.onboard.homepage import read_home_page
from crawler.profile import Channel, SiteProfile
from crawler.urls import bare_host, canonical_or_none, readable_url

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"
FILES = ("trafilatura", "htmldate", "fundus_tests", "arabic", "newspaper4k")
HEADERS = {"content-type": "text/html; charset=utf-8"}
MIN_LINKS = 4
Result = Literal["matches", "does_not_match", "no_pattern", "too_few_links"]


def main() -> int:
    """Run it; 1 if the corpus is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300)
    options = parser.parse_args()
    if not CORPUS.is_dir():
        print(f"{CORPUS} is missing", file=sys.stderr)
        return 1
    pages = list(one_page_a_site())
    random.Random(3).shuffle(pages)
    counts: dict[Result, int] = {"matches": 0, "does_not_match": 0, "no_pattern": 0, "too_few_links": 0}
    for url, html in pages[: options.pages]:
        counts[tried(url, html)] += 1
    print(json.dumps(counts))
    return 0


def one_page_a_site() -> Iterator[tuple[str, str]]:
    """URL and HTML of the first page of each host."""
    seen = set()
    for name in FILES:
        with gzip.open(CORPUS / f"{name}.jsonl.gz", "rt", encoding="utf-8", errors="replace") as lines:
            for page in map(json.loads, lines):
                url = page.get("url") or ""
                if url.startswith("http") and len(urlsplit(url).path) > 1 and bare_host(url) not in seen:
                    seen.add(bare_host(url))
                    yield url, page["html"]


def tried(url: str, html: str) -> Result:
    """What the pattern that is learnt from the page's links says about the page's own address."""
    body, home = html.encode("utf-8", "replace"), f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/"
    profile = SiteProfile(name="", title="", url=home)
    try:
        links = discover(Channel("section", home), body, profile, url=url, headers=HEADERS).candidates
    except ChannelProblem:
        return "too_few_links"
    links = [link for link in links if canonical_or_none(link.url) != canonical_or_none(url)]
    articles = [
        link.url
        for link in links
        if link.title and looks_like_article(link.url) and bare_host(link.url) == bare_host(url)
    ]
    if len(articles) < MIN_LINKS:
        return "too_few_links"
    others = {*read_home_page(body, url, HEADERS).menu, *(link.url for link in links)}
    pattern = learn_pattern(articles, sorted(other for other in others if not looks_like_article(other)))
    if pattern is None:
        return "no_pattern"
    is_matched = re.search(pattern.regex, url) or re.search(pattern.regex, readable_url(url))
    return "matches" if is_matched else "does_not_match"


if __name__ == "__main__":
    sys.exit(main())
