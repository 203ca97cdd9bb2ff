"""The files for containers and CI: consistent with each other, and their commands run with the installed wheel."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml

from crawler.home import PROJECT, create_home
from crawler.store.database import open_database
from tests.installed import Installed, build
from tests.newssite import NewsSite

COMPOSE = yaml.safe_load((PROJECT / "compose.yaml").read_text("utf-8"))
INSTRUCTIONS = re.sub(r"(?m)^#.*\n|\\\n", "", (PROJECT / "Containerfile").read_text("utf-8")).splitlines()


def instructions(name: str) -> list[str]:
    return [line.split(" ", 1)[1] for line in INSTRUCTIONS if line.startswith(f"{name} ")]


def test_the_image_is_built_from_files_that_exist_and_are_not_ignored() -> None:
    lines = (PROJECT / ".dockerignore").read_text("utf-8").splitlines()
    sent = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = [words[:-1] for words in map(shlex.split, instructions("COPY")) if not words[0].startswith("--from")]
    for source in (source for sources in copied for source in sources):
        assert (PROJECT / source).exists(), source
        assert source.split("/")[0] in sent, source
    assert not [name for name in sent if not (PROJECT / name).exists()]
    wheel = (PROJECT / "pyproject.toml").read_text("utf-8")
    included = re.search(r"only-include = \[(.*?)\]", wheel)
    assert included
    assert set(re.findall(r'"(\w+)"', included[1])) <= sent  # else the wheel of the image lacks a package


def test_the_image_builds_the_wheel_from_what_it_copies(installed: Installed, tmp_path: Path) -> None:
    for *sources, target in (shlex.split(words) for words in instructions("COPY") if not words.startswith("--from")):
        for source in sources:
            if (PROJECT / source).is_dir():
                shutil.copytree(PROJECT / source, tmp_path / target, ignore=shutil.ignore_patterns("__pycache__"))
            elif not target.startswith("/"):
                shutil.copy(PROJECT / source, tmp_path / target)
    build(tmp_path / "dist", "wheel", source=tmp_path)
    first, second = (zipfile.ZipFile(next(folder.glob("*.whl"))) for folder in (installed.dist, tmp_path / "dist"))
    assert sorted(first.namelist()) == sorted(second.namelist())


def test_the_image_has_its_home_where_the_volume_is() -> None:
    assert "RASID_HOME=/data" in instructions("ENV")[0]
    assert instructions("VOLUME") == ["/data"]
    assert "rasid init /data" in " ".join(instructions("RUN"))
    for service in COMPOSE["services"].values():
        assert service["volumes"] == ["home:/data"]
        assert service["image"] == "rasid"
        assert service["healthcheck"]["test"][0] == "CMD"
    assert set(COMPOSE["volumes"]) == {"home"}


@pytest.fixture
def container(installed: Installed, tmp_path: Path) -> dict[str, str]:
    """The environment of a container: its folders are those of the test."""
    path = f"{installed.folder / 'bin'}:{PROJECT / 'deploy'}:/usr/bin:/bin"
    return {"PATH": path, "RASID_HOME": str(tmp_path / "data"), "TMPDIR": str(tmp_path), "NEWS_EXTRACT_WORKERS": "1"}


def health(service: str, container: dict[str, str], port: int = 0) -> int:
    """Run a health check as compose does; its exit code."""
    words: list[str] = COMPOSE["services"][service]["healthcheck"]["test"][1:]
    words = [
        word.replace("$$", "$").replace("/tmp/", container["TMPDIR"] + "/").replace(":8001/", f":{port}/")
        for word in words
    ]
    return subprocess.run(words, env=container, capture_output=True, check=False, timeout=30).returncode


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, "ended too early"
        assert time.monotonic() < deadline, "nothing happens"
        time.sleep(0.05)


def test_crawl_forever_crawls_what_is_due_until_it_is_stopped(
    container: dict[str, str], site: NewsSite, tmp_path: Path
) -> None:
    assert instructions("CMD") == ['["crawl-forever"]']
    assert health("crawler", container) != 0
    home = create_home(tmp_path / "data")
    site.feed("/feed.xml", [site.article("/a", "A title of some words")])
    (home.sites / "one.toml").write_text(
        f'title = "One"\nurl = "{site.url}"\ndelay = 0\nallow_private = true\nfeeds = ["{site.url}feed.xml"]\n'
    )
    process = subprocess.Popen(
        ["crawl-forever"], env=container | {"EVERY": "0.1"}, cwd=tmp_path, stderr=subprocess.PIPE
    )
    try:
        wait_until(lambda: "/a" in site.paths(), process)
        old = time.time() - 191 * 60
        os.utime(tmp_path / "crawl-forever", (old, old))
        assert health("crawler", container) != 0
        wait_until(lambda: health("crawler", container) == 0, process)  # the next round has begun
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert errors == b""


def test_crawl_forever_makes_a_home_of_an_empty_folder(container: dict[str, str], tmp_path: Path) -> None:
    process = subprocess.Popen(["crawl-forever"], env=container, cwd=tmp_path, stderr=subprocess.PIPE)
    try:
        wait_until((tmp_path / "crawl-forever").exists, process)
        assert (tmp_path / "data" / "sites").is_dir()
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert b"add a site" in errors or not errors  # the first round may have been stopped before it said so


def test_browse_passes_its_health_check_and_answers_no_other_name(tmp_path: Path) -> None:
    home = create_home(tmp_path)
    open_database(home.database, timeout=5).close()
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [str(port) if word == "8001" else word for word in COMPOSE["services"]["browse"]["command"]]
    assert words[0] == "rasid"
    environment = os.environ | {"RASID_HOME": str(home.folder), "PYTHONPATH": str(PROJECT), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "rasid", *words[1:]]  # not the installed one, which has no Datasette
    server = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: health("browse", environment, port) == 0, server)
        request = Request(f"http://127.0.0.1:{port}/-/versions.json", headers={"Host": "evil.example"})
        with pytest.raises(HTTPError, match="421"):
            urlopen(request, timeout=10)
    finally:
        server.terminate()
        server.communicate(timeout=30)


def test_ci_runs_the_gate_that_contributors_run() -> None:
    workflow = yaml.safe_load((PROJECT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert ".ci/run" in [step.get("run") for step in steps]
    assert os.access(PROJECT / ".ci" / "run", os.X_OK)
    for path in (PROJECT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"):
        form = yaml.safe_load(path.read_text("utf-8"))
        assert path.name == "config.yml" or {"name", "description", "body"} <= form.keys()
