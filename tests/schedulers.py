"""Stand-ins for the programs of the system that run jobs."""

from __future__ import annotations

from pathlib import Path


def make_crontab(folder: Path) -> tuple[Path, Path]:
    """Make a crontab program that keeps its table in a file, as the real one behaves; the table and the program."""
    table, program = folder / "table", folder / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\n[ "$1" = -l ] || exec cat > {table}\n'
        f'[ -f {table} ] || {{ echo "no crontab for me" >&2; exit 1; }}\nexec cat {table}\n'
    )
    program.chmod(0o755)
    return table, program
