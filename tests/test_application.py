"""The command `rasid`, built and installed as a user has it, and what wheel and sdist contain."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import openpyxl
import pytest
import scrapy.commands

from crawler import __version__
from crawler.cli.command_list import GROUPS, grouped
from crawler.home import PROJECT, create_home
from tests.installed import Installed, build
from tests.newssite import NewsSite
from tests.test_crawl_again import text_of
from tests.test_demo import free_ports
from tests.test_export_excel import as_csv


@pytest.fixture
def user(tmp_path: Path) -> Path:
    """The folder of a new user."""
    folder = tmp_path / "user"
    folder.mkdir()
    return folder


def test_the_wheel_adds_one_name_and_no_sites(installed: Installed) -> None:
    with zipfile.ZipFile(next(installed.dist.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {name.split("/")[0] for name in names} == {"rasid", f"rasid-{__version__}.dist-info"}
    assert not [name for name in names if name.startswith("rasid/project/sites/") or "/tests/" in name]
    files = subprocess.run(
        ["git", "ls-files", "crawler", "spiders", "pipelines", "demo"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    assert not {f"rasid/project/{name}" for name in files if (PROJECT / name).exists()} - names


def test_the_sdist_builds_the_same_wheel(installed: Installed, tmp_path: Path) -> None:
    with tarfile.open(next(installed.dist.glob("*.tar.gz"))) as sdist:
        sdist.extractall(tmp_path, filter="data")
    source = tmp_path / f"rasid-{__version__}"
    build(tmp_path / "again", "wheel", source=source)
    wheels = [next(installed.dist.glob("*.whl")), next((tmp_path / "again").glob("*.whl"))]
    first, second = (zipfile.ZipFile(wheel).read(f"rasid-{__version__}.dist-info/RECORD") for wheel in wheels)
    assert first == second


def test_help_and_version_need_no_home(installed: Installed, user: Path) -> None:
    assert installed.run("--version", cwd=user, home=user).stdout == f"Rasid {__version__}\n"
    result = installed.run("--help", cwd=user, home=user)
    assert result.returncode == 0
    assert result.stdout.index("Sites:") < result.stdout.index("  crawl ") < result.stdout.index("Scrapy's own:")
    assert max(map(len, result.stdout.splitlines())) <= 100
    usage = installed.run("help", "shell", cwd=user, home=user).stdout
    assert "rasid shell [url|file]" in usage
    assert not list(user.iterdir())


def test_the_documentation_is_installed(installed: Installed, user: Path) -> None:
    assert installed.run("docs", cwd=user, home=user).stdout == (PROJECT / "docs" / "index.md").read_text("utf-8")
    assert installed.run("docs", "settings", cwd=user, home=user).stdout.startswith("# Settings\n")
    result = installed.run("docs", "setings", cwd=user, home=user)
    assert (result.returncode, result.stderr) == (
        2,
        "rasid: error: no page setings; did you mean settings or scrapy_settings?\n",
    )
    home = create_home(user)
    home.settings_file.write_text("NEWS_XYZ = 1\n")
    result = installed.run("sites", cwd=user, home=user)
    assert result.stderr.endswith("unknown setting NEWS_XYZ; `rasid docs settings` lists the settings\n")


def test_every_command_of_ours_that_scrapy_does_not_have_is_in_a_group() -> None:
    [scrapys] = scrapy.commands.__path__
    ours, theirs = (
        {path.stem for path in folder.glob("*.py")} for folder in (PROJECT / "crawler" / "commands", Path(scrapys))
    )
    assert not (ours - theirs) & set(grouped()["Scrapy's own"])
    assert {name for names in GROUPS.values() for name in names} >= ours - theirs


@pytest.mark.parametrize("words", [("crawl", "x"), ("due",), ("parse", "https://x.example/")])
def test_a_command_without_a_home_says_how_to_create_one(installed: Installed, user: Path, words: tuple[str]) -> None:
    result = installed.run(*words, cwd=user, home=user)
    assert (result.returncode, result.stdout) == (2, "")
    message = result.stderr
    assert len(message.splitlines()) == 1
    assert message.startswith(
        "rasid: error: there is no home for sites and articles yet; create one with `rasid init` ("
    )
    assert str(user) in message
    assert not list(user.iterdir())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("exprot",), "unknown command exprot; did you mean export? `rasid --help` lists the commands"),
        (("--home",), "--home: give the folder of the home, like --home ~/news"),
        (("--home", "nowhere", "sites"), "nowhere is not a home of Rasid; create it with `rasid init "),
        (("--nonsense",), "--nonsense needs a command; `rasid --help` lists the commands"),
        (("completion", "tcsh"), "give one shell: bash, zsh, fish"),
    ],
)
def test_wrong_usage_is_reported_in_one_sentence(
    installed: Installed, user: Path, words: tuple[str, ...], message: str
) -> None:
    result = installed.run(*words, cwd=user, home=user)
    assert (result.returncode, message in result.stderr) == (2, True), result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_home_is_created_and_found_from_every_folder(installed: Installed, user: Path, tmp_path: Path) -> None:
    created = installed.run("init", cwd=tmp_path, home=user)
    folder = Path(created.stdout.splitlines()[0].removeprefix("created "))
    assert folder.is_relative_to(user)
    assert installed.run("init", cwd=tmp_path, home=user).stdout == f"{folder} is a home already\n"
    named = installed.run("init", "news", cwd=user, home=user)
    assert "cd news && rasid add URL" in named.stdout
    for words, cwd, found in [
        (("version", "-v"), tmp_path, folder),
        (("version", "-v"), user / "news" / "sites", user / "news"),
        (("--home", str(user / "news"), "version", "-v"), tmp_path, user / "news"),
        (("version", "-v", "--home=news"), user, user / "news"),
    ]:
        assert f"home            {found}\n" in installed.run(*words, cwd=cwd, home=user).stdout, words
    assert installed.run("list", cwd=tmp_path, home=user).stdout == ""


def test_the_scrapy_project_of_the_current_folder_is_left_alone(installed: Installed, user: Path) -> None:
    project = user / "crawler"
    (project / "crawler" / "spiders").mkdir(parents=True)
    (project / "scrapy.cfg").write_text("[settings]\ndefault = crawler.settings\n")
    for name in ("__init__", "settings", "home", "spiders/__init__"):
        (project / "crawler" / f"{name}.py").write_text("raise RuntimeError('not ours')\n")
    create_home(user / "news")
    result = installed.run("--home", "../news", "list", cwd=project, home=user, SCRAPY_SETTINGS_MODULE="crawler.other")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_the_demo_runs_and_its_folder_is_a_home(installed: Installed, user: Path) -> None:
    result = installed.run("demo", "--port", str(free_ports()), cwd=user, home=user, timeout=180)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "rasid-demo/articles.csv" in result.stdout
    with (user / "rasid-demo" / "articles.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 40
    found = installed.run("search", "harbour", cwd=user / "rasid-demo", home=user)
    assert (found.returncode, "harbour" in found.stdout.lower()) == (0, True)


def test_the_line_for_cron_runs_the_installed_command_on_the_home(installed: Installed, user: Path) -> None:
    home = create_home(user / "my news")
    cron, systemd = (
        installed.run("schedule", "--print", kind, "--home", str(home.folder), cwd=user, home=user).stdout
        for kind in ("cron", "systemd")
    )
    line = cron.splitlines()[0].removeprefix("*/5 * * * * ")
    assert f"exec {installed.rasid} --home '{home.folder}' due " in line
    result = subprocess.run(["env", "-i", "/bin/sh", "-c", line], cwd="/", capture_output=True, text=True, check=False)
    assert (result.returncode, "no profiles in" in result.stderr) == (1, True), result.stderr
    assert f'ExecStart={installed.rasid} --home "{home.folder}" due ' in systemd


def test_a_missing_extra_is_named_with_the_command_that_installs_it(installed: Installed, user: Path) -> None:
    create_home(user)
    result = installed.run("browse", cwd=user, home=user)
    command = f"{installed.python} -m pip install 'rasid[browse] @ file:///"
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"this needs Datasette; install it: {command}")
    (installed.folder / "uv-receipt.toml").touch()
    try:
        assert (
            "uv tool install --force 'rasid[browse] @ file:///" in installed.run("browse", cwd=user, home=user).stderr
        )
    finally:
        (installed.folder / "uv-receipt.toml").unlink()


def test_completion_knows_commands_options_and_sites(tmp_path: Path) -> None:
    def rasid(*words: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(PROJECT)}
        result = subprocess.run(
            [sys.executable, "-m", "rasid", *words], cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        return result.stdout.decode()

    script = rasid("completion", "bash") + (
        "rasid() { printf 'alpha\\nbeta\\n'; }\n"
        'try() { COMP_WORDS=(rasid "$@"); COMP_CWORD=$#; _shtab_rasid rasid "${@: -1}" x; echo ${COMPREPLY[@]}; }\n'
        "try reext; try export --lang; try crawl al; try search --site be\n"
    )
    result = subprocess.run(["bash"], input=script, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.stdout.splitlines() == ["reextract", "--language", "alpha", "beta"], result.stderr
    assert "rasid list" in rasid("completion", "zsh")
    fish = rasid("completion", "fish")
    assert "rasid list" in fish
    assert "(_rasid_sites)" in fish  # called, not a word


def test_windows_is_refused_in_one_sentence(tmp_path: Path) -> None:
    program = "import sys; sys.platform = 'win32'; from rasid.__main__ import main; sys.exit(main())"
    result = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)
    assert "wsl --install" in result.stderr


def test_a_new_user_has_a_table_every_morning_with_three_commands(
    installed: Installed, user: Path, site: NewsSite, tmp_path: Path
) -> None:
    """The first is the installation."""
    stories = {f"/news/2026/story-{number}": f"خبر اليوم رقم {number} عن ماء النهر" for number in range(2)}
    links = [site.article(path, title, paragraphs=text_of(len(path), title)) for path, title in stories.items()]
    site.feed("/feed.xml", links)
    site.put("/", f'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>'
             f"{''.join(f'<a href={link!r}>A story</a>' for link in links)}</body></html>")  # fmt: skip
    before = installed.run("add", "127.0.0.1:1", "--dry-run", cwd=user, home=user)
    assert (before.returncode, list(user.iterdir())) == (1, []), before.stderr
    added = installed.run("add", site.url, "--yes", cwd=user, home=user)
    assert added.returncode == 0, added.stdout + added.stderr
    created = re.search(r"created (.*), the home for sites and articles", added.stderr)
    assert created
    home = Path(created[1])
    assert home.is_relative_to(user)
    assert len(list((home / "sites").glob("*.toml"))) == 1

    path = f"{crontab_program(tmp_path)}:/usr/bin:/bin"
    words = ("every", "morning", "--excel", "news.xlsx", "--yes")
    scheduled = installed.run(*words, cwd=user, home=user, PATH=path, TZ="Asia/Damascus")
    assert (scheduled.returncode, scheduled.stderr) == (0, ""), scheduled.stdout
    assert f"2 rows in {user / 'news.xlsx'}; next " in scheduled.stdout
    line = (tmp_path / "crontab").read_text().splitlines()[1]
    assert line.startswith(f"*/5 * * * * cd {home} && ")
    assert f"exec {installed.rasid} --home {home} due " in line
    sheet = openpyxl.load_workbook(user / "news.xlsx")["Articles"]
    assert sheet.sheet_view.rightToLeft
    assert {sheet.cell(row, 3).value for row in (2, 3)} == set(stories.values())

    (user / "news.xlsx").unlink()
    due = subprocess.run(
        ["env", "-i", "/bin/sh", "-c", line.removeprefix("*/5 * * * * ")], capture_output=True, check=False
    )
    assert (due.returncode, due.stdout, due.stderr) == (0, b"", b""), "as cron runs it"
    assert not (user / "news.xlsx").exists(), "its file of today was written"


def test_libreoffice_opens_the_table_of_an_installed_rasid(
    installed: Installed, user: Path, site: NewsSite, tmp_path: Path
) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice: apt install libreoffice-calc")
    create_home(user / "news")
    link = site.article("/1.html", "خبر اليوم عن ماء النهر")
    (user / "news" / "sites" / "local.toml").write_text(
        f'title = "Local"\nurl = "{site.url}"\nfeeds = ["{site.feed("/feed.xml", [link])}"]\n'
        "delay = 0\nallow_private = true\n"
    )
    words = ("every", "day", "--excel", "news.xlsx", "--yes")
    path = f"{crontab_program(tmp_path)}:/usr/bin:/bin"
    result = installed.run(*words, cwd=user / "news", home=user, PATH=path, TZ="Asia/Damascus")
    assert result.returncode == 0, result.stderr
    header, row = as_csv(user / "news" / "news.xlsx")
    cells = dict(zip(header, row, strict=True))
    assert cells["published (Asia/Damascus)"] == "2026-11-10 11:30"
    assert cells["title"] == "خبر اليوم عن ماء النهر"
    assert cells["url"] == link
    assert cells["body"].count("\n") > 0


def crontab_program(folder: Path) -> Path:
    """A folder with a program `crontab` that keeps its table in the file `crontab` beside it."""
    program, table = folder / "bin" / "crontab", folder / "crontab"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\n[ "$1" = -l ] || exec cat > {table}\n'
        f'[ -f {table} ] || {{ echo "no crontab for me" >&2; exit 1; }}\nexec cat {table}\n'
    )
    program.chmod(0o755)
    return program.parent


def test_the_extra_all_has_all_others() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert extras.pop("all") == [f"rasid[{','.join(extras)}]"]
    readme = (PROJECT / "README.md").read_text("utf-8")
    assert [name for name in [*extras, "all"] if f"'.[{name}]'" in readme or f"`.[{name}]`" in readme] == [
        *extras,
        "all",
    ]


def test_the_catalogue_is_in_the_wheel_and_needs_no_home(installed: Installed, user: Path) -> None:
    result = installed.run("catalogue", "--country", "SY", "--kind", "agency", "--json", cwd=user, home=user)
    assert result.returncode == 0, result.stderr
    assert "sana_sy" in {site["name"] for site in json.loads(result.stdout)["sites"]}
