"""Keys and passwords for signing, as the command line finds them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from scanner.cli.destination import recorded_folders, root_holding
from scanner.model.errors import UsageError
from scanner.model.text import shown
from scanner.report.json_reading import load_bytes
from scanner.report.writing import write_report
from scanner.tools.signing import KEY_LIMIT_BYTES, SigningKey, load_signing_key

PASSWORD_FILE = "SCANNER_SIGN_PASSWORD_FILE"  # noqa: S105 - the name of a variable
SIGNATURE_SUFFIX = ".sig"


def open_key(path: str) -> SigningKey:
    """Open the private key at `path`, asking for its password where it has one.

    Raises:
        UsageError: it is no key, cannot be opened, or there is nobody to ask.
    """
    return load_signing_key(load_bytes(path, KEY_LIMIT_BYTES), path, lambda: _password(path))


def write_signature(key: SigningKey, report: str, report_bytes: bytes, output: str | None, roots: Sequence[str]) -> str:
    """Sign a report's bytes and write the signature beside it, or to `output`; return where it was written.

    Raises:
        UsageError: the place lies in a scanned tree. ReportError: it cannot be written.
    """
    place = output or report + SIGNATURE_SUFFIX
    folder, name = os.path.split(os.path.abspath(place))
    if inside := root_holding(folder, recorded_folders(roots)):
        raise UsageError(
            f"nothing is written into the scanned folder {shown(inside)}",
            where=shown(place),
            next_step="Choose a place outside it.",
        )
    return write_report(folder, name, key.sign(report_bytes))


def _password(path: str) -> bytes:
    if named := os.environ.get(PASSWORD_FILE):
        return load_bytes(named, KEY_LIMIT_BYTES).partition(b"\n")[0].rstrip(b"\r")
    if not sys.stdin.isatty():
        raise UsageError(
            "the key is encrypted and there is no terminal to ask for its password",
            where=shown(path),
            next_step=f"Name a file that holds it in {PASSWORD_FILE}.",
        )
    text: str = click.prompt(f"Password of {shown(path)}", hide_input=True, err=True)
    return text.encode("utf-8")
