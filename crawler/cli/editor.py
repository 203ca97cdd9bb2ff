"""The user's editor: EDITOR of the environment, or the setting."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings


def edit_files(settings: BaseSettings, paths: Sequence[Path]) -> int:
    """Open files in the editor, and return its exit code. Raises UsageError if the editor is not installed."""
    editor = str(settings["EDITOR"])
    try:
        return subprocess.call([*shlex.split(editor), *map(str, paths)])
    except (OSError, ValueError) as error:  # ValueError: an unclosed quote
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"EDITOR={editor!r} cannot be started ({reason}); set it to your editor", print_help=False
        ) from None
