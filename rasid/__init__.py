"""The command `rasid`, and the one name that an installed Rasid adds to an environment.

In the wheel, the packages of the project are below `rasid/project/`, as they are below the folder of a checkout:
docs/decisions.md#the-wheel-adds-one-name.
"""

from __future__ import annotations

import sys
from pathlib import Path


def project_folder() -> Path:
    """The folder of the packages `crawler`, `spiders`, `pipelines` and `demo`."""
    installed = Path(__file__).resolve().parent / "project"
    return installed if installed.is_dir() else installed.parent.parent


def use_project() -> None:
    """Make these packages importable in this process, before others of the same name."""
    folder = str(project_folder())
    if folder not in sys.path[:1]:
        sys.path.insert(0, folder)
