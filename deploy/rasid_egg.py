"""The settings module of the egg that setup.py builds for scrapyd. It unpacks the egg's project once and imports that.

The profiles are those of the egg. The database, the archive and settings.toml are those of a home on the server, which
stays when a new version is deployed: RASID_HOME, else the folder in which scrapyd runs, else the user's own, which is
created.
"""

import contextlib
import hashlib
import os
import sys
import tempfile
import zipfile
from pathlib import Path

import platformdirs


def unpacked(egg: Path) -> Path:
    """The folder with the project of an egg. Several jobs may unpack the same egg at the same time."""
    eggs = platformdirs.user_cache_path("rasid", appauthor=False) / "eggs"
    folder = eggs / hashlib.sha256(egg.read_bytes()).hexdigest()[:16]
    if not folder.exists():
        eggs.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=eggs))
        with zipfile.ZipFile(egg) as archive:
            archive.extractall(new)
        with contextlib.suppress(OSError):  # another job was faster
            new.rename(folder)
    return folder / "project"


_project = unpacked(Path(__file__).parent)
sys.path.insert(0, str(_project))
os.environ.setdefault("NEWS_SITES", str(_project / "sites"))

from crawler.home import create_home, find_home, user_home  # noqa: E402

if find_home() is None:
    create_home(user_home().folder)
from crawler.settings import *  # noqa: E402, F403
