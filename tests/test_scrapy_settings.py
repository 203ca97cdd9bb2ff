"""Settings of Scrapy, tried in crawls of a site."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import default_settings

from docs.scrapy_settings import names
from tests.conftest import PROJECT, Workplace
from tests.inprocess import Commands
from tests.newssite import NewsSite
from tests.settings_cases import CASES
from tests.settings_crawls import reports

PROCESS = """
ASYNCIO_EVENT_LOOP FORCE_CRAWLER_PROCESS LOG_DATEFORMAT LOG_ENABLED LOG_ENCODING LOG_FILE LOG_FILE_APPEND LOG_FORMAT
LOG_LEVEL LOG_SHORT_NAMES LOG_VERSIONS MEMDEBUG_ENABLED MEMUSAGE_CHECK_INTERVAL_SECONDS MEMUSAGE_ENABLED
MEMUSAGE_LIMIT_MB MEMUSAGE_WARNING_MB REACTOR_THREADPOOL_MAXSIZE REMOTE_CONTROL_ENABLED REMOTE_CONTROL_JOBS_DIR
TELNETCONSOLE_ENABLED TELNETCONSOLE_HOST TELNETCONSOLE_PASSWORD TELNETCONSOLE_PORT TELNETCONSOLE_USERNAME
TWISTED_REACTOR TWISTED_REACTOR_ENABLED DNS_TIMEOUT
"""
"""What the tests below try, each in a process of its own: these settings are those of a process."""


def test_table_has_every_setting_of_scrapy_once_and_says_truly_which_are_tried() -> None:
    listed = [name for name, _ in names()]
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == {name for name in dir(default_settings) if name.isupper()}
    tried = {name for case in CASES.values() for name in case.tries.split()} | set(PROCESS.split())
    assert {name for name, is_tried in names() if is_tried} == tried


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.settings])
def test_case_sets_what_it_says_to_try(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    settings = case.settings(tmp_path, NewsSite("http://127.0.0.1")) if callable(case.settings) else case.settings
    assert not set(case.tries.split()) - settings.keys()


@pytest.mark.parametrize("name", PROCESS.split())
def test_process_is_given_what_the_tests_say_to_try(name: str) -> None:
    assert f"{name}=" in Path(__file__).read_text("utf-8")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | None]:
    """Name of each case → what was wrong."""
    file = tmp_path_factory.mktemp("settings") / "results.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.settings_crawls", str(file)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert file.exists(), done.stderr
    return dict(json.loads(file.read_text("utf-8")))


@pytest.mark.parametrize("name", CASES)
def test_setting_has_its_effect(name: str, results: dict[str, str | None]) -> None:
    assert results[name] is None, results[name]


def crawl_with(workplace: Workplace, site: NewsSite, **settings: object) -> subprocess.CompletedProcess[str]:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", reports(site))])
    options = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    return workplace.run("crawl", "local", *options)


def test_log_telnet_console_remote_control_and_memory_reports(site: NewsSite, workplace: Workplace) -> None:
    file = workplace.folder / "crawl.log"
    file.write_text("before|\n")
    result = crawl_with(
        workplace,
        site,
        LOG_ENCODING="utf-8",
        LOG_FILE=file,
        LOG_FILE_APPEND=1,
        LOG_FORMAT="%(levelname)s|%(asctime)s|%(name)s|%(message)s",
        LOG_DATEFORMAT="at %H",
        LOG_LEVEL="INFO",
        LOG_SHORT_NAMES=1,
        LOG_VERSIONS="lxml",
        MEMDEBUG_ENABLED=1,
        MEMUSAGE_ENABLED=1,
        MEMUSAGE_WARNING_MB=1,
        MEMUSAGE_CHECK_INTERVAL_SECONDS=0.2,
        REMOTE_CONTROL_ENABLED=1,
        REMOTE_CONTROL_JOBS_DIR=workplace.folder / "jobs",
        STATS_DUMP=1,
        TELNETCONSOLE_ENABLED=1,
        TELNETCONSOLE_HOST="127.0.0.2",
        TELNETCONSOLE_PASSWORD="secret",
        TELNETCONSOLE_PORT=0,
        TELNETCONSOLE_USERNAME="reader",
    )
    log = file.read_text("utf-8")
    assert result.returncode == 0, result.stderr
    assert log.startswith("before|\nINFO|at ")
    assert "|scrapy|Versions:\n{'lxml': " in log
    assert "|scrapy|Telnet console listening on 127.0.0.2:" in log
    assert "WARNING|" in log.split("Memory usage reached 1MiB")[0].splitlines()[-1]
    assert "'memdebug/gc_garbage_count': " in log
    assert "scrapy.extensions.remote_control.RemoteControl" in log
    assert "DEBUG|" not in log


def test_limit_of_memory_ends_the_crawl(site: NewsSite, workplace: Workplace) -> None:
    result = crawl_with(workplace, site, MEMUSAGE_LIMIT_MB=1, MEMUSAGE_CHECK_INTERVAL_SECONDS=0.1, DOWNLOAD_DELAY=1)
    assert "Memory usage exceeded 1MiB" in result.stderr
    assert workplace.rows("SELECT finish_reason FROM runs") == [{"finish_reason": "memusage_exceeded"}]


def test_process_with_deferreds_and_another_loop_crawls_and_what_has_no_effect_is_said(
    site: NewsSite, workplace: Workplace
) -> None:
    result = crawl_with(
        workplace,
        site,
        FORCE_CRAWLER_PROCESS=1,
        ASYNCIO_EVENT_LOOP="asyncio.SelectorEventLoop",
        REACTOR_THREADPOOL_MAXSIZE=2,
        DNS_TIMEOUT=5,
        LOG_ENABLED=0,
    )
    assert (result.returncode, set(workplace.pages().values())) == (0, {"new"}), result.stderr
    assert result.stderr.splitlines() == [
        "DNS_TIMEOUT has no effect: names are resolved by the system, with its own time limit; DOWNLOAD_TIMEOUT limits "
        "the whole request"
    ]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("TWISTED_REACTOR=twisted.internet.selectreactor.SelectReactor", "because a crawl uses asyncio"),
        ("TWISTED_REACTOR_ENABLED=False", "nothing keeps a crawl out of private networks"),
        ("CONCURRENT_REQUESTS_PER_IP=2", "set CONCURRENT_REQUESTS_PER_DOMAIN"),
    ],
)
def test_setting_with_which_no_crawl_can_begin_is_refused_in_one_sentence(
    setting: str, message: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    result = Commands(tmp_path / "news.db", capfd)("crawl", "bbc_arabic", "-s", setting)
    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err
    assert not (tmp_path / "news.db").exists()
