"""``scanner seal``: sign a report with your own key."""

from __future__ import annotations

import click

from scanner.cli.signing import open_key, write_signature
from scanner.model.errors import UsageError
from scanner.model.text import shown
from scanner.report.json_reading import LIMIT_BYTES, load_bytes, read_report


@click.group(name="seal", short_help="Sign a report with your own key.")
def seal_group() -> None:
    """Sign reports with your own key. Every scan.json bears a seal already; `scanner verify` checks both."""


@seal_group.command(name="sign", short_help="Sign a scan.json.")
@click.argument("report", metavar="SCAN.json", type=click.Path())
@click.option("--key", required=True, metavar="KEY.pem", type=click.Path(), help="Your private Ed25519 key (PEM, PKCS#8).")
@click.option("--output", metavar="FILE", type=click.Path(), help="Where the signature goes. [SCAN.json.sig]")
def sign_command(report: str, key: str, output: str | None) -> int:
    """Write a detached Ed25519 signature over the exact bytes of SCAN.json.

    An encrypted key asks for its password, or reads it from the file that SCANNER_SIGN_PASSWORD_FILE names.
    """
    content = load_bytes(report, LIMIT_BYTES)
    recorded = read_report(content, report)
    if not recorded.seal_holds:
        raise UsageError(
            "was changed since it was written: its seal does not hold, and a signature would vouch for the change",
            where=shown(report),
            next_step="Sign the report as the scan wrote it.",
        )
    click.echo(shown(write_signature(open_key(key), report, content, output, recorded.roots)))
    return 0
