"""The command ``scanner``: finds the subcommand, and turns errors into one line and an exit code."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import traceback

import click

from scanner.model.errors import ScannerError
from scanner.model.text import shown
from scanner.model.version import VERSION

_COMMANDS = {
    "scan": "scanner.cli.scan:scan_command",
    "watch": "scanner.cli.watch:watch_command",
    "review": "scanner.cli.review:review_command",
    "merge": "scanner.cli.merge:merge_command",
    "library": "scanner.cli.library:library_group",
    "match": "scanner.cli.match:match_command",
    "approve": "scanner.cli.approve:approve_command",
    "decide": "scanner.cli.decide:decide_group",
    "approvals": "scanner.cli.approvals:approvals_group",
    "explain": "scanner.cli.explain:explain_command",
    "store": "scanner.cli.store:store_group",
    "policy": "scanner.cli.policy:policy_group",
    "trust": "scanner.cli.trust:trust_group",
    "cuesheet": "scanner.cli.cuesheet:cuesheet_command",
    "disclosure": "scanner.cli.disclosure:disclosure_command",
    "markers": "scanner.cli.markers:markers_command",
    "verify": "scanner.cli.verify:verify_command",
    "seal": "scanner.cli.seal:seal_group",
    "config": "scanner.cli.config:config_group",
    "doctor": "scanner.cli.doctor:doctor_command",
    "completion": "scanner.cli.completion:completion_command",
}
INTERRUPTED = 130
COLLECTING = (50_000, 20, 100)
"""When Python looks for rings of objects. A scan makes millions of values that form none; to look through them each 700, as
Python 3.11 does by itself, took a third of the time of a rescan. 50,000 are some megabytes."""
PROGRAM = "scanner"
COMPLETION_VARIABLE = "_SCANNER_COMPLETE"
"""The environment variable by which a completion script asks; see `scanner.cli.completion`."""


class _LazyGroup(click.Group):
    """Imports a command's module only when that command is asked for: ``--help`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.command(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with `scanner scan FOLDER`. `scanner COMMAND --help` says more.",
)
@click.version_option(VERSION, prog_name=PROGRAM)
def cli() -> None:
    """Tell, before a delivery leaves the building, which files carry generative-AI provenance.

    Reads what files declare, what they carry and what they match. It never guesses from how a picture looks, changes nothing in
    the scanned folder and opens no network connection unless told to.
    """


def run() -> None:
    """Run the command line and exit with its code."""
    gc.set_threshold(*COLLECTING)
    sys.exit(_exit_code())


def _exit_code() -> int:
    try:
        result = cli.main(prog_name=PROGRAM, complete_var=COMPLETION_VARIABLE, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        _say("stopped")
        return INTERRUPTED
    except ScannerError as error:
        _say(str(error))
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output went away; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("SCANNER_DEBUG"):
            traceback.print_exc()
        _say(f"this is a fault of the scanner: {type(error).__name__}: {error}. SCANNER_DEBUG=1 shows where; please report it")
        return 1


def _say(message: str) -> None:
    click.echo(f"scanner: {shown(message)}", err=True)
