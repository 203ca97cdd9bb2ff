"""scrapy schedule: the crontab line, and the other lines, which must not change."""

from __future__ import annotations

import os
import plistlib
import subprocess
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from crawler.schedule.crontab import Job, cron_line, interval_of, line_of, with_job, without_job
from crawler.schedule.systemd import service, timer
from tests.conftest import PROJECT, Workplace
from tests.newssite import NewsSite
from tests.schedulers import make_crontab
from tests.test_due_crawl import add_site, stored

PROGRAM = ("/srv/ra sid/.venv/bin/python", "-m", "scrapy")
JOB = Job(home="/srv/ra sid", folder="/srv/ra sid", program=PROGRAM, words=("due", "-L", "ERROR"))
OTHERS = "MAILTO=me\n# a comment\n\n@daily  echo 100\\% >/dev/null\n\t5 4 * * * true\r\n"


@pytest.mark.parametrize(
    ("every", "when"),
    [(5, "*/5 * * * *"), (1, "* * * * *"), (60, "0 * * * *"), (120, "0 */2 * * *"), (1440, "0 0 * * *")],
)
def test_the_line_says_how_often(every: int, when: str) -> None:
    line = cron_line(Job(home="/a", folder="/a", program=("/a/p", "-m", "scrapy"), every=every, words=("due",)))
    assert line == f"{when} cd /a && exec /a/p -m scrapy due"


def test_the_line_survives_spaces_percent_signs_and_quotes() -> None:
    job = Job(
        home="/a b",
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
    assert "OnCalendar=*:0/5\n" in timer(job)


@pytest.mark.parametrize("others", ["", OTHERS, "no newline at the end", "# >>> rasid /elsewhere >>>\nx\n"])
def test_installing_and_removing_leaves_every_other_line_as_it_was(others: str) -> None:
    added = with_job(others, JOB)
    assert added.startswith(others)
    assert added.count(cron_line(JOB)) == 1
    assert with_job(added, JOB) == added
    changed = Job(home=JOB.home, folder=JOB.folder, program=JOB.program, every=10, words=JOB.words)
    assert with_job(added + "# after\n", changed) == added.replace("*/5", "*/10") + "# after\n"
    assert without_job(added, JOB) == (others if not others or others.endswith("\n") else others + "\n")
    assert without_job(others, JOB) == others
    second = replace(JOB, home="/srv/second", every=15)
    both = with_job(added, second)
    assert (line_of(both, JOB), line_of(both, second)) == (cron_line(JOB), cron_line(second)), "a line for each home"
    assert without_job(both, second) == added


@pytest.fixture
def crontab(tmp_path: Path, workplace: Workplace) -> Path:
    """A crontab program that keeps its table in a file, as the real one behaves."""
    table, program = make_crontab(tmp_path)
    workplace.environment["PATH"] = f"{program.parent}:{os.environ['PATH']}"
    return table


def test_the_command_changes_only_its_own_lines(workplace: Workplace, crontab: Path) -> None:
    workplace.profile("a", 'title = "A"\nurl = "https://a.example/"\n')
    assert "nothing is installed" in workplace.run("schedule").stdout
    installed = workplace.run("schedule", "--install")
    assert installed.returncode == 0
    plan, added = installed.stdout.split("added to your crontab: ")
    assert "it crawls 1 site when it is due" in plan
    assert "a: every 5 to 360 minutes" in plan
    assert crontab.read_text().count("scrapy due") == 1
    assert added.strip() in crontab.read_text()
    assert "cron runs `scrapy due`: every 5 minutes; next " in workplace.run("schedule").stdout
    crontab.write_bytes(OTHERS.encode() + b"# \xff\n" + crontab.read_bytes() + b"# end\n")
    before = crontab.read_bytes()
    assert "already" in workplace.run("schedule", "--install").stdout
    assert crontab.read_bytes() == before
    assert workplace.run("schedule", "--install", "--every", "15", "--ping", "https://hc.example/x").returncode == 0
    assert b"*/15 * * * *" in crontab.read_bytes()
    assert "every 15 minutes" in workplace.run("schedule").stdout
    assert workplace.run("schedule", "--remove").stdout == "removed from cron\n"
    assert "nothing to remove" in workplace.run("schedule", "--remove").stdout
    assert crontab.read_bytes() == OTHERS.encode() + b"# \xff\n# end\n"
    for words in (("--every", "7"), ("--every", "0"), ("--ping", "ftp://x"), ("--install", "--remove"), ("x",)):
        assert workplace.run("schedule", *words).returncode == 2, words


def test_a_relative_database_is_written_as_the_one_that_was_meant(workplace: Workplace) -> None:
    workplace.environment |= {"NEWS_DB": "data/news.db", "NEWS_ARCHIVE": "pages"}
    line = workplace.run("schedule", "--print", "cron", cwd=PROJECT / "docs").stdout.splitlines()[0]
    assert f"NEWS_DB={PROJECT / 'docs' / 'data' / 'news.db'} " in line
    assert "NEWS_ARCHIVE=pages " in line  # beside the database, wherever that is


def test_without_cron_there_is_one_sentence(workplace: Workplace, tmp_path: Path) -> None:
    workplace.environment["PATH"] = str(tmp_path)
    result = workplace.run("schedule", "--install")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "neither cron nor a systemd that runs for you; install cron" in result.stderr
    assert "nothing is installed" in workplace.run("schedule").stdout
    assert workplace.run("schedule", "--install", "--systemd").returncode == 1


def test_an_interval_is_read_back_from_the_line() -> None:
    for every in (1, 5, 30, 60, 120, 1440):
        assert interval_of(cron_line(replace(JOB, every=every))) == every
    for line in ("@daily x", "1-5 * * * * x", "*/5 3 * * * x", "0 3 * * * x", ""):
        assert interval_of(line) is None


@pytest.fixture
def systemctl(tmp_path: Path, workplace: Workplace) -> Path:
    """A systemctl that records its words, and knows that a timer is active once it was enabled. No crontab."""
    log, program = tmp_path / "log", tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {log}\ncase "$*" in\n'
        f"*is-active*) grep -q 'enable --now' {log} && ! grep -q 'disable --now' {log} ;;\n"
        "*NextElapse*) echo @1798761600 ;;\nesac\n"
    )
    program.chmod(0o755)
    workplace.environment |= {"PATH": f"{program.parent}:/bin", "HOME": str(tmp_path / "me"), "XDG_CONFIG_HOME": ""}
    (tmp_path / "me").mkdir()
    return log


def test_systemd_gets_a_service_and_a_timer_of_the_user(workplace: Workplace, systemctl: Path, tmp_path: Path) -> None:
    workplace.profile("a", 'title = "A"\nurl = "https://a.example/"\n')
    installed = workplace.run("schedule", "--install", "--systemd", "--every", "120")
    assert installed.returncode == 0, installed.stderr
    service_file, timer_file = sorted((tmp_path / "me" / ".config" / "systemd" / "user").iterdir())
    assert (service_file.suffix, timer_file.suffix) == (".service", ".timer")
    assert "OnCalendar=0/2:00\nPersistent=true\n".replace("\n", "") in timer_file.read_text().replace(
        "# Runs once after the machine was off at that time.\n", ""
    ).replace("\n", "")
    assert "-m scrapy due -L ERROR" in service_file.read_text()
    assert systemctl.read_text().splitlines()[-1].endswith(f"enable --now {timer_file.name}")
    assert "already installed" in workplace.run("schedule", "--install", "--every", "120").stdout, (
        "without cron as well"
    )
    assert "systemd runs `scrapy due`: OnCalendar=0/2:00; next " in workplace.run("schedule").stdout
    assert workplace.run("schedule", "--remove").stdout == "removed from systemd\n"
    assert not list(timer_file.parent.iterdir())


def test_units_and_agents_are_printed(workplace: Workplace) -> None:
    units = workplace.run("schedule", "--print", "systemd").stdout
    assert "[Timer]\nOnCalendar=*:0/5\n" in units
    result = workplace.run("schedule", "--print", "launchd", "--every", "10")
    agent = plistlib.loads(result.stdout.encode())
    assert agent["StartInterval"] == 600
    assert agent["ProgramArguments"][1:4] == ["-m", "scrapy", "due"]
    assert agent["Label"] in result.stderr


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
    printed = workplace.run("schedule", "--print", "cron", "--ping", monitor.url).stdout
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
