"""rasid completion: completion of commands, options and names of sites in the shell."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand
from crawler.cli.completion import SHELLS, completion_script


class Command(NewsCommand):
    """Prints a script; changes nothing."""

    needs_home = False
    usage = "bash | zsh | fish"
    summary = "Print the script that completes commands and sites in your shell"
    description = (
        'For bash, add this line to ~/.bashrc: eval "$(rasid completion bash)". For zsh: rasid completion zsh > a file '
        "_rasid in a folder of $fpath. For fish: rasid completion fish > ~/.config/fish/completions/rasid.fish."
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print it."""
        assert self.settings is not None
        if len(args) != 1 or args[0] not in SHELLS:
            raise UsageError(f"give one shell: {', '.join(SHELLS)}", print_help=False)
        print(completion_script(args[0], self.settings))
