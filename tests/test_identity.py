"""Web Bot Auth: keys, their files and rotation, and signatures that an independent verifier accepts."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from crawler.home import create_home
from crawler.identity.keys import (
    Identity,
    IdentityError,
    SigningKey,
    make_identity,
    read_identity,
    rotate,
    write_identity,
)
from crawler.identity.signing import LIFETIME, authority_of, signature_headers
from tests.conftest import Workplace
from tests.newssite import NewsSite
from tests.test_rights_crawl import text_of

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
AGENT = "https://bot.example.org"


@dataclass
class Received:
    """A request as a server sees it."""

    url: str
    headers: Mapping[str, str]
    method: str = "GET"


@dataclass
class Directory(HTTPSignatureKeyResolver):
    """The keys of a directory, as a verifier has requested it."""

    data: dict[str, Any]

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        [jwk] = [key for key in self.data["keys"] if key["kid"] == key_id]
        return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(jwk["x"] + "=="))


def verify(request: Received, directory: Directory) -> Any:
    """Raises InvalidSignature. Returns what was signed."""
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=directory)
    [result] = verifier.verify(request, max_age=timedelta(days=36500))
    return result


def signed(identity: Identity, url: str = "https://News.example.org/a?b=c", now: datetime = NOW) -> Received:
    return Received(url, signature_headers(identity, url, now))


@pytest.fixture
def identity() -> Identity:
    return make_identity(AGENT, NOW)


def test_a_signature_covers_host_and_agent_and_has_the_parameters_of_the_draft() -> None:
    now = datetime.now(UTC)
    identity = make_identity(AGENT, now)
    request = signed(identity, now=now)
    result = verify(request, Directory(identity.directory(now)))
    assert dict(result.covered_components) == {
        '"@authority"': "news.example.org",
        '"signature-agent";key="sig1"': f'"{AGENT}"',
        '"@signature-params"': request.headers["Signature-Input"].removeprefix("sig1="),
    }
    parameters = result.parameters
    assert parameters["tag"] == "web-bot-auth"
    assert parameters["alg"] == "ed25519"
    assert parameters["keyid"] == identity.keys[0].kid
    assert parameters["expires"] - parameters["created"] == LIFETIME.total_seconds() <= 24 * 3600
    assert request.headers["Signature-Agent"] == f'sig1="{AGENT}"'
    assert signed(identity, now=now).headers["Signature-Input"] != request.headers["Signature-Input"], "a new nonce"


@pytest.mark.parametrize("header", ["Signature-Agent", "Signature-Input", "Signature"])
def test_a_changed_header_or_another_host_is_not_accepted(header: str) -> None:
    now = datetime.now(UTC)
    identity, other = make_identity(AGENT, now), make_identity("https://other.example.org", now)
    directory = Directory(identity.directory(now))
    request = signed(identity, now=now)
    verify(request, directory)
    stolen = Received("https://else.example.org/", request.headers)
    changed = Received(request.url, {**request.headers, header: signed(other, now=now).headers[header]})
    for wrong in (stolen, changed):
        with pytest.raises((InvalidSignature, ValueError)):
            verify(wrong, directory)


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://Example.ORG/", "example.org"),
        ("https://example.org:443/", "example.org"),
        ("http://example.org:80/", "example.org"),
        ("http://example.org:8080/a", "example.org:8080"),
        ("https://example.org:80/", "example.org:80"),
        ("https://user:secret@example.org/", "example.org"),
        ("http://[2001:db8::1]:8000/", "[2001:db8::1]:8000"),
    ],
)
def test_the_authority_is_the_host_without_a_default_port(url: str, authority: str) -> None:
    assert authority_of(url) == authority


def test_a_thumbprint_is_that_of_the_standard() -> None:
    """RFC 8037, A.3."""
    secret = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = SigningKey(private=Ed25519PrivateKey.from_private_bytes(secret), not_before=NOW)
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_new_key_is_published_before_it_signs_and_the_old_one_stays_for_a_while(identity: Identity) -> None:
    hours = timedelta(hours=24)
    rotated = rotate(identity, NOW, hours)
    old, new = (key.kid for key in rotated.keys)
    assert rotated.key_at(NOW).kid == old
    assert [key["kid"] for key in rotated.directory(NOW)["keys"]] == [old, new]
    assert rotated.key_at(NOW + hours).kid == new
    assert [key["kid"] for key in rotated.directory(NOW + hours)["keys"]] == [old, new]
    assert [key["kid"] for key in rotated.directory(NOW + 2 * hours)["keys"]] == [new]
    assert rotated.directory(NOW)["keys"][0]["exp"] == int((NOW + 2 * hours).timestamp())
    assert old not in [key.kid for key in rotate(rotated, NOW + 3 * hours, hours).keys], "expired keys are removed"
    [only] = rotate(identity, NOW, timedelta()).keys
    assert only.kid != old, "after a theft the old key is gone at once"
    for now in (NOW, NOW + hours):
        assert f'keyid="{rotated.key_at(now).kid}"' in signed(rotated, now=now).headers["Signature-Input"]


def test_a_key_file_is_for_its_owner_only_and_is_read_back(identity: Identity, tmp_path: Path) -> None:
    path = tmp_path / "identity" / "keys.json"
    directory = write_identity(path, identity, NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert '"d"' not in directory.read_text(), "the directory has no private key"
    assert json.loads(directory.read_text()) == identity.directory(NOW)
    again = read_identity(path)
    assert (again.agent, [key.kid for key in again.keys]) == (AGENT, [identity.keys[0].kid])
    assert [child.name for child in path.parent.iterdir() if child.suffix == ".part"] == []


def _without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: data["keys"][0].pop(name)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.pop("keys"), "'keys' is missing"),
        (lambda data: data.pop("agent"), "'agent' is missing"),
        (lambda data: data.update(keys=[]), "it has no key"),
        (lambda data: data.update(keys=[5]), "not a key file"),
        (lambda data: data.update(keys="abc"), "not a key file"),
        (lambda data: data.update(agent="bot"), "must be the origin of an https URL"),
        (_without("d"), "'d' is missing"),
        (_without("kid"), "does not have that thumbprint"),
        (lambda data: data["keys"][0].update(d="AAAA"), "not a key file"),
        (lambda data: data["keys"][0].update(d="ü"), "not a key file"),
        (lambda data: data["keys"][0].update(nbf="soon"), "not a key file"),
        (lambda data: data["keys"][0].update(nbf=1e300), "not a key file"),
    ],
)
def test_a_malformed_key_file_is_one_sentence(
    identity: Identity, tmp_path: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    path = tmp_path / "keys.json"
    write_identity(path, identity, NOW)
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    with pytest.raises(IdentityError, match=r"keys\.json: not a key file") as error:
        read_identity(path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000], ids=lambda text: text[:5])
def test_what_is_not_json_is_not_a_key_file(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(text)
    path.chmod(0o600)
    with pytest.raises(IdentityError, match=r"keys\.json"):
        read_identity(path)


def test_a_key_file_that_is_missing_or_open_to_others_is_refused(identity: Identity, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with pytest.raises(IdentityError, match="no such key file; make one with `rasid identity init`"):
        read_identity(path)
    with pytest.raises(IdentityError, match="cannot be read: Is a directory"):
        read_identity(tmp_path)
    write_identity(path, identity, NOW)
    path.chmod(0o640)
    with pytest.raises(IdentityError, match=f"chmod 600 {path}"):
        read_identity(path)


@pytest.mark.parametrize(
    "agent", ["http://bot.example.org", "bot.example.org", "https://", "https://a.example/path", "https://u@a.example",
              "https://a.example?q", 'https://a"b', "https://بوت.example", "https://a b"],
)  # fmt: skip
def test_an_agent_is_the_origin_of_an_https_url(agent: str) -> None:
    with pytest.raises(IdentityError, match="must be the origin of an https URL"):
        make_identity(agent, NOW)


def test_the_commands_make_show_and_rotate_keys_and_each_request_of_a_crawl_is_signed(
    site: NewsSite, workplace: Workplace, tmp_path: Path
) -> None:
    create_home(tmp_path)
    workplace.environment["RASID_HOME"] = str(tmp_path)
    made = workplace.run("identity", "init", "--agent", AGENT)
    assert made.returncode == 0, made.stderr
    assert f"{AGENT}/.well-known/http-message-signatures-directory" in made.stdout
    assert workplace.run("identity", "init", "--agent", AGENT).returncode == 2, "a key is never overwritten"
    path = tmp_path / "identity" / "keys.json"

    failures = [503]
    link = site.article("/news/1.html", "One", paragraphs=text_of(1))
    page = site.find("/news/1.html")
    assert page is not None
    site.answer(
        "/news/1.html", lambda handler: handler.reply("busy", status=failures.pop()) if failures else page(handler)
    )
    moved = site.put("/old/2.html", "", status=301, headers={"Location": "/news/2.html"})
    site.article("/news/2.html", "Two", paragraphs=text_of(2))
    site.put("/robots.txt", "", "text/plain")
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [link, moved])])
    workplace.run("crawl", "local")
    assert not any("signature" in seen.headers for seen in site.seen), "off by default"
    site.seen.clear()
    failures.append(503)
    workplace.environment["NEWS_IDENTITY"] = "identity/keys.json"
    workplace.run("crawl", "local", "-a", "force=1")
    assert {"/robots.txt", "/feed.xml", "/news/1.html", "/old/2.html", "/news/2.html"} >= set(site.paths())
    assert site.paths().count("/news/1.html") == 2, "a retry"
    directory = Directory(json.loads((path.parent / "http-message-signatures-directory").read_text()))
    received = [Received(site.url + seen.path[1:], seen.headers) for seen in site.seen]
    nonces = {verify(request, directory).parameters["nonce"] for request in received}
    assert len(nonces) == len(site.seen) >= 5, "each request has a signature of its own"

    assert workplace.run("identity", "rotate", "--overlap", "0").returncode == 0
    shown = workplace.run("identity", "show").stdout
    assert shown.count("signs now") == shown.count("key  ") == 1
    directory = Directory(json.loads((path.parent / "http-message-signatures-directory").read_text()))
    site.seen.clear()
    workplace.run("crawl", "local", "-a", "force=1")
    for seen in site.seen:
        verify(Received(site.url + seen.path[1:], seen.headers), directory)
    assert site.seen

    path.chmod(0o644)
    refused = workplace.run("crawl", "local")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "chmod 600" in refused.stderr
    path.unlink()
    for words in (("crawl", "local"), ("due",), ("identity", "show")):
        refused = workplace.run(*words)
        assert "no such key file" in refused.stderr, words
        assert "Traceback" not in refused.stderr
        assert refused.returncode == 2
