"""Messages when something is wrong: to ntfy and to a webhook, once a day, and without harm when they cannot be sent."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from crawler.cli.notify import Message, notify
from crawler.home import create_home
from tests.inprocess import Commands


class Receiver(HTTPServer):
    """Records what is sent to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ReceiverHandler)
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 200
        self.host = f"127.0.0.1:{self.server_port}"


class ReceiverHandler(BaseHTTPRequestHandler):
    """Receives messages."""

    server: Receiver

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, dict(self.headers), data))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def scrapy(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Commands:
    """A home with one profile, which is broken, so that nothing is crawled."""
    home = create_home(tmp_path)
    (home.sites / "broken.toml").write_text('title = "خبر"\n', "utf-8")
    return Commands(home.database, capfd, sites=home.sites, home=tmp_path)


def settings_of(tmp_path: Path, **values: str) -> dict[str, str]:
    return {"NEWS_DB": str(tmp_path / "news.db"), "NEWS_NTFY": "", "NEWS_WEBHOOK": "", **values}


def test_what_is_wrong_is_sent(scrapy: Commands, receiver: Receiver, tmp_path: Path) -> None:
    words = ("due", "-s", f"NEWS_NTFY=http://me:secret@{receiver.host}/topic",
             "-s", f"NEWS_WEBHOOK=http://{receiver.host}/hook")  # fmt: skip
    result = scrapy(*words)
    assert result.code == 1
    (topic, headers, text), (hook, _, data) = receiver.received
    assert (topic, hook) == ("/topic", "/hook")
    assert text.decode() in result.err
    assert "broken.toml" in text.decode()
    assert headers["Title"].endswith(": 1 problem")
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"me:secret").decode()
    sent = json.loads(data)
    assert (sent["messages"], sent["exit_code"]) == ([text.decode()], 1)
    assert text.decode() in sent["text"]

    assert scrapy(*words).code == 1
    assert len(receiver.received) == 2, "the same text once a day"
    (tmp_path / "sites" / "broken.toml").write_text('title = "another"\nurl = "x"\n')
    scrapy(*words)
    assert len(receiver.received) == 4, "another text at once"


def test_the_same_text_is_sent_once_a_day(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(tmp_path, NEWS_WEBHOOK=f"http://{receiver.host}/hook")
    for now, count in (("27T08:00", 1), ("27T20:00", 1), ("28T07:59", 1), ("28T08:01", 2), ("28T08:06", 2)):
        monkeypatch.setenv("NEWS_NOW", f"2026-11-{now}:00Z")
        assert notify(settings, Message(("wrong",), 1)) == []
        assert len(receiver.received) == count, now


def test_a_message_that_cannot_be_sent_is_said_and_breaks_nothing(scrapy: Commands, receiver: Receiver) -> None:
    before = scrapy("due")
    receiver.status = 500
    words = ("-s", "NEWS_NTFY=http://:token@127.0.0.1:9/topic", "-s", f"NEWS_WEBHOOK=http://{receiver.host}/hook")
    after = scrapy("due", *words)
    assert after.code == before.code == 1
    *printed, ntfy, webhook = after.err.splitlines()
    assert printed == before.err.splitlines()
    assert ntfy.startswith("NEWS_NTFY: cannot be sent to 127.0.0.1 (")
    assert webhook == "NEWS_WEBHOOK: cannot be sent to 127.0.0.1 (HTTP Error 500: Internal Server Error)"
    assert "token" not in after.err
    receiver.status = 200
    scrapy("due", *words)
    assert len(receiver.received) == 2, "tried again"


def test_nothing_wrong_sends_nothing(tmp_path: Path, receiver: Receiver) -> None:
    settings = settings_of(tmp_path, NEWS_NTFY=f"http://{receiver.host}/topic")
    assert notify(settings, Message((), 0)) == []
    assert receiver.received == []


def test_a_long_text_is_cut_between_letters(tmp_path: Path, receiver: Receiver) -> None:
    settings = settings_of(tmp_path, NEWS_NTFY=f"http://{receiver.host}/topic")
    assert notify(settings, Message(("خبر" * 3000,), 1)) == []
    [(_, _, text)] = receiver.received
    assert len(text) < 4096
    assert text.decode().endswith(" …")


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', "\x00"])
def test_a_broken_memory_is_no_obstacle(tmp_path: Path, receiver: Receiver, content: str) -> None:
    (tmp_path / "news.db.locks").mkdir()
    (tmp_path / "news.db.locks" / "notified.json").write_text(content)
    settings = settings_of(tmp_path, NEWS_WEBHOOK=f"http://{receiver.host}/hook")
    for _ in range(2):
        assert notify(settings, Message(("wrong",), 1)) == []
    assert len(receiver.received) == 1


def test_a_test_message_is_sent_each_time(scrapy: Commands, receiver: Receiver) -> None:
    assert "set NEWS_NTFY or NEWS_WEBHOOK first" in scrapy("schedule", "--test-notifications").err
    for _ in range(2):
        result = scrapy("schedule", "--test-notifications", "-s", f"NEWS_NTFY=http://{receiver.host}/topic")
        assert (result.code, result.out) == (0, "sent to 1 of 1\n")
    assert len(receiver.received) == 2
    failed = scrapy("schedule", "--test-notifications", "-s", "NEWS_NTFY=http://127.0.0.1:9/topic")
    assert (failed.code, failed.out) == (1, "sent to 0 of 1\n")


@pytest.mark.parametrize("value", ["ntfy.sh/secret", "ftp://secret.example/", "http://", "http://secret:x@h:99999/"])
def test_a_setting_that_is_no_url_is_refused_and_not_shown(scrapy: Commands, value: str) -> None:
    for name in ("NEWS_NTFY", "NEWS_WEBHOOK", "NEWS_PING"):
        result = scrapy("due", "-s", f"{name}={value}")
        assert (result.code, f"{name} must be a URL" in result.err) == (2, True)
        assert "secret" not in result.err
