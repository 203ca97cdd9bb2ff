"""The home: how it is found, created and configured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.exceptions import UsageError

from crawler.cli.check_settings import check_settings_files
from crawler.home import Home, HomeError, create_home, find_home, program, user_home
from crawler.user_settings import read_settings
from tests.conftest import PROJECT


@pytest.fixture(autouse=True)
def no_home_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The machine that runs the tests may have a home of its own."""
    monkeypatch.delenv("RASID_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))


def scrapy(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command with this code, from any folder."""
    variables = {"SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": str(PROJECT)} | environment
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=cwd,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_new_home_has_an_empty_folder_of_profiles_and_a_settings_file_that_sets_nothing(tmp_path: Path) -> None:
    home = create_home(tmp_path / "a" / "b")
    assert (home.exists, home.is_checkout, read_settings(home)) == (True, False, {})
    assert sorted(path.name for path in home.folder.iterdir()) == ["settings.toml", "sites"]
    assert not list(home.sites.iterdir())
    home.settings_file.write_text("NEWS_BATCH_SIZE = 7\n")
    assert create_home(home.folder) == home
    assert read_settings(home) == {"NEWS_BATCH_SIZE": 7}


def test_a_folder_that_cannot_be_a_home_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match=r"cannot create a home in .*file: Not a directory"):
        create_home(tmp_path / "file")


def test_the_home_is_the_named_one_or_the_nearest_or_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer, inner, named = (create_home(tmp_path / name) for name in ("outer", "outer/deep/inner", "named"))
    below = inner.folder / "x" / "y"
    below.mkdir(parents=True)
    assert find_home(below) == inner
    assert find_home(inner.folder.parent) == outer
    assert find_home(tmp_path) == find_home(PROJECT / "docs") == Home(PROJECT)
    monkeypatch.setenv("RASID_HOME", str(named.folder))
    assert find_home(below) == named
    assert find_home(below, explicit=str(outer.folder)) == outer


def test_a_named_folder_that_is_no_home_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=r"nowhere is not a home of Rasid; create it with `scrapy init .*nowhere`"):
        find_home(explicit=str(tmp_path / "nowhere"))


def test_settings_and_projects_of_other_programs_make_no_home(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[default]\n")
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = crawler.settings\n")
    (tmp_path / "crawler").mkdir()
    assert find_home(tmp_path) == Home(PROJECT)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to give a folder to another user")
def test_a_home_of_another_user_is_used_only_if_it_is_named(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    os.chown(home.folder, 12345, 12345)
    with pytest.raises(HomeError, match=r"home is a home of another user; to use it, name it: --home .*home"):
        find_home(home.sites)
    assert find_home(explicit=str(home.folder)) == home
    result = scrapy("sites", cwd=home.folder)
    assert (result.returncode, "is a home of another user" in result.stderr) == (2, True)


def test_a_deleted_current_folder_does_no_harm(tmp_path: Path) -> None:
    program = "import os, sys; os.rmdir(os.getcwd()); import crawler.home as h; sys.exit(h.find_home() is None)"
    (tmp_path / "gone").mkdir()
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path / "gone", env=environment, capture_output=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, b"")


def test_the_users_home_is_in_the_platforms_data_folder(tmp_path: Path) -> None:
    assert user_home().folder.name == "rasid"
    assert user_home().folder.is_relative_to(tmp_path)


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("/a/bin/rasid", "rasid"),
        ("/a/rasid/__main__.py", "rasid"),
        ("/a/scrapy/__main__.py", "scrapy"),
        ("/rasid/scrapy", "scrapy"),
    ],
)
def test_messages_name_the_program_that_was_called(script: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [script])
    assert program() == name


def test_command_line_then_environment_then_file_then_default(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    home.settings_file.write_text('NEWS_BATCH_SIZE = 7\nDOWNLOAD_DELAY = 2.5\nNEWS_DB = "data/x.db"\n')

    def value(name: str, *words: str, **environment: str) -> str:
        return scrapy("settings", "--get", name, *words, cwd=home.folder, **environment).stdout.strip()

    assert value("NEWS_BATCH_SIZE") == "7"
    assert value("NEWS_BATCH_SIZE", NEWS_BATCH_SIZE="8") == "8"
    assert value("NEWS_BATCH_SIZE", "-s", "NEWS_BATCH_SIZE=9", NEWS_BATCH_SIZE="8") == "9"
    assert value("DOWNLOAD_DELAY") == "2.5"
    assert value("NEWS_DB") == str(home.folder / "data" / "x.db")
    assert value("NEWS_SITES") == str(home.sites)
    assert value("NEWS_DB", RASID_HOME=str(PROJECT)) == str(PROJECT / "news.db")


def components(folder: Path, setting: str) -> dict[str, int]:
    """The components of a setting as Scrapy makes them, in a process that starts in a folder."""
    program = (
        "import json, sys; from scrapy.utils.project import get_project_settings as s;"
        "print(json.dumps(dict(s().get_component_priority_dict_with_base(sys.argv[1]))))"
    )
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    command = [sys.executable, "-c", program, setting]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(result.stdout)
    return found


def test_components_of_the_user_are_added_to_ours_and_none_removes_one(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    (home.folder / "mine.py").write_text("class First: pass\n\n\nclass Second: pass\n")
    home.settings_file.write_text(
        '[ITEM_PIPELINES]\n"mine.First" = 50\n"pipelines.archive.ArchivePipeline" = "None"\n"mine.Second" = 60\n'
    )
    home.settings_module.write_text(
        "import mine\n\nITEM_PIPELINES = {'mine.Second': 70, 'pipelines.dedupe.DedupePipeline': None}\n"
        "EXTENSIONS = {mine.First: 1}\n_own = 5\n"
    )
    assert components(home.folder, "ITEM_PIPELINES") == {
        "mine.First": 50,
        "mine.Second": 70,
        "pipelines.validate.ValidatePipeline": 100,
        "pipelines.store.StorePipeline": 300,
    }
    check_settings_files(home)


def test_settings_in_python_take_precedence_over_those_in_toml(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    home.settings_file.write_text('NEWS_DB = "a.db"\nNEWS_BATCH_SIZE = 7\nDOWNLOAD_TIMEOUT = 8\n')
    home.settings_module.write_text("NEWS_DB = 'b.db'\nNEWS_BATCH_SIZE = 9\n")
    assert read_settings(home) == {
        "NEWS_DB": str(home.folder / "b.db"),
        "NEWS_BATCH_SIZE": 9,
        "DOWNLOAD_TIMEOUT": 8,
    }
    assert scrapy("settings", "--get", "NEWS_BATCH_SIZE", cwd=home.folder).stdout == "9\n"
    changed = scrapy("settings", "--get", "NEWS_BATCH_SIZE", cwd=home.folder, NEWS_BATCH_SIZE="10")
    assert changed.stdout == "10\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NEWS_BATCHSIZE = 5\n", ": unknown setting NEWS_BATCHSIZE; did you mean NEWS_BATCH_SIZE?"),
        ("NEWS_DB = 5\n", ": NEWS_DB = 5: must be a text in quotes"),
        ("import nothing_of_this_name\n", ", line 1: ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("NEWS_DB = 'x'\n\nNEWS_DB.nothing\n", ", line 3: AttributeError: 'str' object has no"),
        ("NEWS_DB = 'x\n", ", line 1: SyntaxError: unterminated string literal"),
        ("EXTENSIONS = {'nowhere.Extension': 1}\n", ": EXTENSIONS: nowhere.Extension cannot be imported: "),
        ("ADDONS = {'crawler.home.Hme': 1}\n", ": ADDONS: crawler.home.Hme cannot be imported: NameError: Module"),
        ("ADDONS = {'crawler.home.Home': '1'}\n", ": ADDONS: the value of crawler.home.Home is '1', and must be a num"),
        ("ITEM_PIPELINES = ['crawler.home.Home']\n", ": must be a table of components"),
        ("FEED_EXPORTERS = {'x': 'nowhere.X'}\n", ": FEED_EXPORTERS: nowhere.X cannot be imported: "),
    ],
)
def test_a_mistake_in_settings_in_python_is_reported_in_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    home = create_home(tmp_path)
    home.settings_module.write_text(text)
    with pytest.raises(UsageError) as caught:
        check_settings_files(home)
    assert str(caught.value).startswith(str(home.settings_module))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_settings_in_python_that_raise_end_a_command_with_2_and_without_a_traceback(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    home.settings_module.write_text("1 / 0\n")
    result = scrapy("sites", cwd=home.folder)
    expected = f"scrapy: error: {home.settings_module}, line 1: ZeroDivisionError: division by zero\n"
    assert (result.returncode, result.stderr) == (2, expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NEWS_BATCHSIZE = 5\n", "unknown setting NEWS_BATCHSIZE; did you mean NEWS_BATCH_SIZE?"),
        ('contact = "a@b.example"\n', "unknown setting contact; did you mean NEWS_CONTACT?"),
        ("SITEMAP_HOURS = 5\n", "did you mean NEWS_SITEMAP_HOURS?"),
        ("DOWNLOAD_DELAI = 5\n", "did you mean DOWNLOAD_DELAY?"),
        ("NEWS_XYZ = 5\n", "unknown setting NEWS_XYZ; docs/settings.md lists"),
        ("[site]\nx = 1\n", "unknown setting site"),
        ("NEWS_DB = 5\n", "NEWS_DB = 5: must be a text in quotes"),
        ('NEWS_CONTACT = ["me"]\n', "NEWS_CONTACT = ['me']: must be a text in quotes"),
        ("NEWS_DB = news.db\n", "not valid TOML: line 1: a text needs quotes"),
        ("NEWS_DB = “news.db”\n", "not valid TOML: line 1: typographic quotes"),
        ("NEWS_DB = \x00\n", "cannot be read: it is UTF-16 text"),
    ],
)
def test_a_mistake_in_the_settings_file_is_reported_in_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    home = create_home(tmp_path)
    home.settings_file.write_text(text)
    with pytest.raises(UsageError) as caught:
        check_settings_files(home)
    assert str(caught.value).startswith(f"{home.settings_file}: ")
    assert message in str(caught.value)


def test_settings_of_extensions_are_accepted(tmp_path: Path) -> None:
    home = create_home(tmp_path)
    home.settings_file.write_text('SENTRY_DSN = "https://x.example/"\nNEWS_RESPECT_DIRECTIVES = ["noai"]\n')
    check_settings_files(home)


@pytest.mark.parametrize(
    ("text", "words", "environment", "message"),
    [
        ("NEWS_BATCH_SIZE = 0\n", (), {}, "NEWS_BATCH_SIZE=0 must be"),
        ("NEWS_BATCH_SIZE = \n", (), {}, "settings.toml: not valid TOML"),
        ('NEWS_RESPECT_DIRECTIVES = ["noai", "no"]\n', (), {}, "NEWS_RESPECT_DIRECTIVES: 'no' must be one of"),
        ("NEWS_RECHECK_HOURS = [1, -4]\n", (), {}, "NEWS_RECHECK_HOURS: '-4' must be a number of hours"),
        (
            "NEWS_BATCHSIZE = 5\n",
            (),
            {},
            "settings.toml: unknown setting NEWS_BATCHSIZE; did you mean NEWS_BATCH_SIZE?",
        ),
        ("NEWS_DB = 5\n", (), {}, "settings.toml: NEWS_DB = 5: must be a text in quotes"),
        ("", ("-s", "NEWS_HOME=/x"), {}, "NEWS_HOME: choose the home with --home FOLDER or RASID_HOME"),
        ("", (), {"NEWS_HOME": "/x"}, "NEWS_HOME: choose the home with"),
        ("", (), {"RASID_HOME": "/nowhere"}, "/nowhere is not a home of Rasid; create it with"),
    ],
)
def test_a_command_in_a_home_with_a_mistake_ends_with_2(
    tmp_path: Path, text: str, words: tuple[str, ...], environment: dict[str, str], message: str
) -> None:
    home = create_home(tmp_path / "home")
    home.settings_file.write_text(text)
    result = scrapy("sites", *words, cwd=home.folder, **environment)
    assert (result.returncode, message in result.stderr) == (2, True), result.stderr
    assert "Traceback" not in result.stderr


def test_a_fresh_home_has_no_sites(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    result = scrapy("list", cwd=home.folder)
    assert (result.returncode, result.stdout.strip()) == (0, "")
