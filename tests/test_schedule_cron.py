"""scrapy schedule: the crontab line, and the other lines, which must not change."""

from __future__ import annotations

import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from crawler.schedule.crontab import Job, cron_line, with_job, without_job
from crawler.schedule.systemd import service, timer
from tests.conftest import PROJECT, Workplace
from tests.newssite import NewsSite
from tests.test_due_crawl import add_site, stored

PROGRAM = ("/srv/ra sid/.venv/bin/python", "-m", "scrapy")
JOB = Job(folder="/srv/ra sid", program=PROGRAM, words=("due", "-L", "ERROR"))
OTHERS = "MAILTO=me\n# a comment\n\n@daily  echo 100\\% >/dev/null\n\t5 4 * * * true\r\n"


@pytest.mark.parametrize(
    ("every", "when"),
    [(5, "*/5 * * * *"), (1, "* * * * *"), (60, "0 * * * *"), (120, "0 */2 * * *"), (1440, "0 0 * * *")],
)
def test_the_line_says_how_often(every: int, when: str) -> None:
    line = cron_line(Job(folder="/a", program=("/a/p", "-m", "scrapy"), every=every, words=("due",)))
    assert line == f"{when} cd /a && exec /a/p -m scrapy due"


def test_the_line_survives_spaces_percent_signs_and_quotes() -> None:
    job = Job(
        folder="/a b",
        program=("/p", "-m", "scrapy"),
        environment={"NEWS_CONTACT": "it's 100%"},
        words=("due", "--ping", "http://x/?a=%20"),
    )
    assert cron_line(job) == (
        "*/5 * * * * cd '/a b' && NEWS_CONTACT='it'\"'\"'s 100\\%' exec /p -m scrapy due --ping 'http://x/?a=\\%20'"
    )
    unit = service(job)
    assert 'Environment="NEWS_CONTACT=it\'s 100%%"\n' in unit
    assert "ExecStart=/p -m scrapy due --ping http://x/?a=%%20\n" in unit
    assert "OnUnitActiveSec=5min" in timer(job)


@pytest.mark.parametrize("others", ["", OTHERS, "no newline at the end", "# >>> rasid /elsewhere >>>\nx\n"])
def test_installing_and_removing_leaves_every_other_line_as_it_was(others: str) -> None:
    added = with_job(others, JOB)
    assert added.startswith(others)
    assert added.count(cron_line(JOB)) == 1
    assert with_job(added, JOB) == added
    changed = Job(folder=JOB.folder, program=JOB.program, every=10, words=JOB.words)
    assert with_job(added + "# after\n", changed) == added.replace("*/5", "*/10") + "# after\n"
    assert without_job(added, JOB) == (others if not others or others.endswith("\n") else others + "\n")
    assert without_job(others, JOB) == others


@pytest.fixture
def crontab(tmp_path: Path, workplace: Workplace) -> Path:
    """A crontab program that keeps its table in a file, as the real one behaves."""
    table, program = tmp_path / "table", tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\n[ "$1" = -l ] || exec cat > {table}\n'
        f'[ -f {table} ] || {{ echo "no crontab for me" >&2; exit 1; }}\nexec cat {table}\n'
    )
    program.chmod(0o755)
    workplace.environment["PATH"] = f"{program.parent}:{os.environ['PATH']}"
    return table


def test_the_command_changes_only_its_own_lines(workplace: Workplace, crontab: Path) -> None:
    workplace.profile("a", 'title = "A"\nurl = "https://a.example/"\n')
    assert workplace.run("schedule", "--install").returncode == 0
    assert crontab.read_text().count("scrapy due") == 1
    crontab.write_bytes(OTHERS.encode() + b"# \xff\n" + crontab.read_bytes() + b"# end\n")
    before = crontab.read_bytes()
    assert "already" in workplace.run("schedule", "--install").stdout
    assert crontab.read_bytes() == before
    assert workplace.run("schedule", "--install", "--every", "15", "--ping", "https://hc.example/x").returncode == 0
    assert b"*/15 * * * *" in crontab.read_bytes()
    assert workplace.run("schedule", "--remove").stdout == "removed\n"
    assert crontab.read_bytes() == OTHERS.encode() + b"# \xff\n# end\n"
    for words in (("--every", "7"), ("--every", "0"), ("--ping", "ftp://x"), ("--install", "--remove"), ("x",)):
        assert workplace.run("schedule", *words).returncode == 2, words


def test_a_relative_database_is_written_as_the_one_that_was_meant(workplace: Workplace) -> None:
    workplace.environment |= {"NEWS_DB": "data/news.db", "NEWS_ARCHIVE": "pages"}
    line = workplace.run("schedule", cwd=PROJECT / "docs").stdout.splitlines()[0]
    assert f"NEWS_DB={PROJECT / 'docs' / 'data' / 'news.db'} " in line
    assert "NEWS_ARCHIVE=pages " in line  # beside the database, wherever that is


def test_without_cron_there_is_one_sentence(workplace: Workplace, tmp_path: Path) -> None:
    workplace.environment["PATH"] = str(tmp_path)
    result = workplace.run("schedule", "--install")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "is cron installed?" in result.stderr


class Monitor(HTTPServer):
    """Records the pings."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MonitorHandler)
        self.pings: list[tuple[str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/abc"


class MonitorHandler(BaseHTTPRequestHandler):
    """Receives pings."""

    server: Monitor

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.pings.append((self.path, text))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def monitor() -> object:
    """A monitor that records its pings."""
    server = Monitor()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_printed_line_works_without_any_environment(
    site: NewsSite, workplace: Workplace, monitor: Monitor, tmp_path: Path
) -> None:
    add_site(site, workplace, "one")
    printed = workplace.run("schedule", "--ping", monitor.url).stdout
    line = printed.splitlines()[0].removeprefix("*/5 * * * * ").replace("\\%", "%")
    assert str(PROJECT) in line
    both = [
        subprocess.Popen(
            ["env", "-i", "/bin/sh", "-c", line],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in both:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "", "")
    assert stored(workplace) == {"one": 2}
    assert sorted(monitor.pings) == [("/abc", ""), ("/abc", ""), ("/abc/start", ""), ("/abc/start", "")]
    monitor.pings.clear()
    workplace.profile("broken", 'title = "B"\n')
    assert workplace.run("due", "--ping", monitor.url, "-L", "ERROR").returncode == 1
    assert [path for path, _ in monitor.pings] == ["/abc/start", "/abc/fail"]
    assert "broken.toml" in monitor.pings[1][1]
