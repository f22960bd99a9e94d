"""``scanner verify``: is a report as it was written, and is the delivery what was scanned."""

from __future__ import annotations

import os
import shutil

import click

from scanner.cli.progress import ProgressLine
from scanner.cli.signing import SIGNATURE_SUFFIX
from scanner.model.errors import UsageError
from scanner.model.recorded import RecordedScan
from scanner.model.verification import Comparison, Depth, SignatureCheck, Verification
from scanner.pipeline.verifying import verify_delivery
from scanner.report.json_reading import LIMIT_BYTES, load_bytes, read_report
from scanner.report.verification import EXIT_CODES, verification_json, verification_text
from scanner.tools.signing import KEY_LIMIT_BYTES, signature_holds

_WIDEST = 120


@click.command(name="verify", short_help="Is the delivery still what was scanned?")
@click.argument("report", metavar="SCAN.json", type=click.Path())
@click.argument("delivery", nargs=-1, metavar="[DELIVERY...]", type=click.Path())
@click.option("--hash", "by_hash", is_flag=True, help="Read every file and compare its bytes.")
@click.option("--stat", "by_stat", is_flag=True, help="Read no file: sizes and times alone.")
@click.option("--report-only", is_flag=True, help="Look at the report alone, not at the delivery.")
@click.option("--public-key", metavar="PUB.pem", type=click.Path(), help="Check the signature with this Ed25519 key.")
@click.option("--signature", metavar="FILE", type=click.Path(), help="The signature. [SCAN.json.sig]")
@click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What is printed."
)
@click.option("--quiet", is_flag=True, help="No output: the exit code only.")
def verify_command(
    report: str,
    delivery: tuple[str, ...],
    by_hash: bool,
    by_stat: bool,
    report_only: bool,
    public_key: str | None,
    signature: str | None,
    output_format: str,
    quiet: bool,
) -> int:
    """Tell whether SCAN.json is as it was written, and whether the delivery still is what was scanned.

    DELIVERY says where it is now, one for each root of the report; without it the report's own roots are looked at. Files whose
    modification time differs are read, so that a copy raises no false alarm.

    Exit codes: 0 the same, 10 something differs, 4 something could not be told, 2 wrong usage. Nothing is ever written.
    """
    depth = _depth(by_hash, by_stat)
    if report_only and (delivery or by_hash or by_stat):
        raise UsageError("--report-only looks at no delivery", next_step="Leave out either.")
    content = load_bytes(report, LIMIT_BYTES)
    recorded = read_report(content, report)
    checked = _signature(content, report, signature, public_key)
    with ProgressLine(enabled=not quiet) as progress:
        compared = None if report_only else verify_delivery(recorded, delivery, depth, progress)
    verification = _verification(report, recorded, checked, compared)
    if not quiet:
        width = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
        text = verification_json(verification) if output_format == "json" else verification_text(verification, width)
        click.echo(text, nl=False)
    return EXIT_CODES[verification.outcome]


def _depth(by_hash: bool, by_stat: bool) -> Depth:
    if by_hash and by_stat:
        raise UsageError("--hash and --stat exclude each other", next_step="Give one of them.")
    return Depth.HASH if by_hash else Depth.STAT if by_stat else Depth.TOUCHED


def _signature(content: bytes, report: str, signature: str | None, public_key: str | None) -> SignatureCheck | None:
    if public_key is None:
        if signature is None:
            return None
        raise UsageError("a signature is checked with a public key", where="--signature", next_step="Give it with --public-key.")
    place = signature or report + SIGNATURE_SUFFIX
    signed, key = load_bytes(place, KEY_LIMIT_BYTES), load_bytes(public_key, KEY_LIMIT_BYTES)
    return SignatureCheck(place, public_key, signature_holds(content, signed, key, place, public_key))


def _verification(
    report: str, recorded: RecordedScan, checked: SignatureCheck | None, compared: Comparison | None
) -> Verification:
    return Verification(
        file=os.fspath(report),
        delivery=recorded.name,
        scanned=recorded.finished,
        complete=recorded.complete,
        seal=recorded.seal,
        seal_holds=recorded.seal_holds,
        signature=checked,
        comparison=compared,
    )
