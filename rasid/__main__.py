"""The command `rasid`; also `python -m rasid`."""

from __future__ import annotations

import sys

from rasid import use_project


def main() -> int:
    """Run a command; its exit code. Commands of Scrapy leave with SystemExit instead."""
    if sys.platform == "win32":
        sys.stderr.write(
            "Rasid runs on Linux and macOS. On Windows, run `wsl --install` and install it in that Linux (WSL).\n"
        )
        return 1
    use_project()
    from crawler.cli.application import run

    return run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
