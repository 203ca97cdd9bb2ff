"""TLS certificates: verified, unless the profile accepts a bad one, and then it is recorded."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.year.certificates import Signed, make_certificate
from tests.conftest import Workplace
from tests.newssite import NewsSite, serve
from tests.test_crawl_again import text_of

ROOT = make_certificate("Root of the tests", is_authority=True)
MIDDLE = make_certificate("Between the root and the servers", ROOT, is_authority=True)
UNKNOWN = "expired, or not signed by a known authority"


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    """A workplace on a machine that knows one authority."""
    (tmp_path / "authorities.pem").write_bytes(ROOT.pem())
    return Workplace(tmp_path, {"SSL_CERT_FILE": str(tmp_path / "authorities.pem")})


def serve_site(stack: ExitStack, workplace: Workplace, name: str, *chain: Signed, **keys: object) -> NewsSite:
    """A site on localhost with a certificate; `chain`: the certificate, and those that the server sends with it."""
    site = stack.enter_context(serve("127.0.0.1", chain[0].context(workplace.folder, *chain[1:])))
    site.url = site.url.replace("127.0.0.1", "localhost")
    links = [site.article(f"/{n}.html", f"{name} {n}", paragraphs=text_of(n + 10 * len(name))) for n in range(2)]
    workplace.site_profile(site, name, feeds=[site.feed("/feed.xml", links)], **keys)
    return site


def test_a_site_whose_certificate_cannot_be_verified_gets_no_request(workplace: Workplace) -> None:
    bad = {
        "self_signed": make_certificate("localhost"),
        "expired": make_certificate("localhost", ROOT, days=-1),
        "other_host": make_certificate("elsewhere.example", ROOT),
        "without_its_chain": make_certificate("localhost", MIDDLE),
    }
    with ExitStack() as stack:
        serve_site(stack, workplace, "good", make_certificate("localhost", MIDDLE), MIDDLE)
        sites = {name: serve_site(stack, workplace, name, certificate) for name, certificate in bad.items()}
        workplace.run("due")
        assert [row["site"] for row in workplace.rows("SELECT DISTINCT site FROM articles")] == ["good"]
        for name, site in sites.items():
            assert site.seen == [], name
            (channel,) = workplace.rows("SELECT problem FROM channels WHERE site = ?", name)
            assert channel["problem"].startswith("certificate robots.txt: certificate of localhost:"), name
            assert ("issued for another host" if name == "other_host" else UNKNOWN) in channel["problem"]
            assert "verify_certificates = false in the profile accepts it" in channel["problem"]


def test_a_profile_accepts_a_bad_certificate_and_that_is_recorded_and_reported(workplace: Workplace) -> None:
    with ExitStack() as stack:
        expired = make_certificate("localhost", ROOT, days=-1)
        bad = serve_site(stack, workplace, "bad", expired, verify_certificates="false")
        valid = make_certificate("localhost", ROOT)
        serve_site(stack, workplace, "mended", valid, verify_certificates="false")
        host = bad.url.split("/")[2]

        result = workplace.run("crawl", "bad")
        assert result.returncode == 0, result.stderr
        assert f"  certificate not verified: {host} ({UNKNOWN})\n" in result.stderr
        (run,) = workplace.rows("SELECT * FROM runs")
        assert run["new"] == 2
        assert json.loads(run["unverified_hosts"]) == {host: UNKNOWN}
        pages = workplace.rows("SELECT certificate_problem FROM pages")
        assert [page["certificate_problem"] for page in pages] == [f"{host}: {UNKNOWN}"] * 2
        (shown,) = json.loads(workplace.run("status", "--json").stdout)["runs"]
        assert shown["unverified_hosts"] == {host: UNKNOWN}

        result = workplace.run("crawl", "mended")
        assert "certificate not verified" not in result.stderr
        (run,) = workplace.rows("SELECT * FROM runs WHERE site = 'mended'")
        assert (run["new"], run["unverified_hosts"]) == (2, "{}")
        pages = workplace.rows("SELECT certificate_problem FROM pages WHERE site = 'mended'")
        assert [page["certificate_problem"] for page in pages] == [None] * 2
