"""``scanner completion``: prints what a shell needs to complete commands, options and file names."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from scanner.cli.main import COMPLETION_VARIABLE, PROGRAM, cli
from scanner.model.errors import UsageError

SHELLS = ("bash", "zsh", "fish")


@click.command(name="completion", short_help="Print a completion script for bash, zsh or fish.")
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(shell: str) -> int:
    """Print the completion script of a shell, to be kept where the shell looks for it.

    \b
    bash  ~/.local/share/bash-completion/completions/scanner
    zsh   as _scanner in a folder of $fpath
    fish  ~/.config/fish/completions/scanner.fish

    For example: scanner completion fish > ~/.config/fish/completions/scanner.fish

    bash must be 4.4 or newer; the one that macOS brings is older.
    """  # noqa: D301 - click takes \b for a block that is not wrapped
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"there is no completion for {shell}", next_step=f"Shells are {', '.join(SHELLS)}.")
    # click's own source() of bash starts a bash to ask for its version; the script is the same without.
    click.echo(ShellComplete.source(kind(cli, {}, PROGRAM, COMPLETION_VARIABLE)))
    return 0
