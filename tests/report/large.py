"""Scans of any size, made of the mixture that a real delivery has: most assets pass, some of every kind do not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from scanner.model.credentials import Credentials
from scanner.model.judging import Severity, Verdict, Zone
from scanner.model.marks import Meaning, Provenance
from scanner.model.matching import Relation, Role
from scanner.model.scan import AssetRecord, Coverage, Scan
from tests.report.parts import EXR, JPEG, MOV, SRT, TIFF, asset, chain, finding, mark, match
from tests.report.scans import blocked

GENERATORS = ("Midjourney", "AUTOMATIC1111", "ComfyUI", "OpenAI ChatGPT", "Adobe Firefly", "Google AI", "Runway")
FORMATS = (JPEG, JPEG, JPEG, TIFF, EXR, MOV)
ZONES = (Zone.FINAL, Zone.FINAL, Zone.ARCHIVAL, Zone.GRAPHICS, Zone.TEMPORARY, Zone.UNASSIGNED)


def large(count: int, troubled: int = 8) -> Scan:
    """Return a scan of `count` assets of which one in `troubled` bears a mark, a match or a finding; equal each time."""
    assets = tuple(_asset(number, troubled) for number in range(count))
    worst = max((record.verdict for record in assets), key=lambda verdict: verdict.concern, default=Verdict.PASS)
    formats = Counter(record.format.name for record in assets)
    coverage = Coverage(
        files=count, assets=count, by_format=tuple(sorted(formats.items())), pictures=count, pictures_compared=count
    )
    return replace(
        blocked(),
        name=f"LARGE_{count}",
        assets=assets,
        verdict=worst,
        coverage=coverage,
        specials=(),
        litter=(),
        thumbnails={},
        reference_thumbnails={},
    )


def _asset(number: int, troubled: int) -> AssetRecord:
    zone, kind = ZONES[number % len(ZONES)], FORMATS[number % len(FORMATS)]
    path = f"{zone.value}/ep{number % 9 + 1}/reel_{number % 23:02}/shot_{number:05}_v{number % 7:03}.{kind.extensions[0]}"
    if number % 40 == 39:
        return asset(path, zone, format=SRT, provenance=Provenance.NOT_CHECKABLE, credentials=Credentials.NOT_CHECKABLE)
    if number % troubled:
        return asset(path, zone, format=kind)
    return (_declared, _signed, _matched, _lost)[number // troubled % 4](path, zone, number)


def _declared(path: str, zone: Zone, number: int) -> AssetRecord:
    generator = GENERATORS[number % len(GENERATORS)]
    blocks = zone in (Zone.FINAL, Zone.GRAPHICS)
    said = finding("ai-declared", f"the file declares AI generation ({generator})", Severity.HIGH if blocks else Severity.MEDIUM)
    verdict = Verdict.BLOCKED if blocks else Verdict.REVIEW
    marks = (
        mark(generator=generator),
        mark(id="prompt-text", generator=generator, where="file, PNG:Parameters", value="a pier " * 20),
    )
    return asset(path, zone, verdict, provenance=Provenance.GENERATED, marks=marks, findings=(said,))


def _signed(path: str, zone: Zone, number: int) -> AssetRecord:
    said = finding("ai-history", "a component declares AI generation", Severity.INFO)
    marks = (
        mark(
            id="c2pa-action-dst",
            meaning=Meaning.HISTORY,
            where="manifest urn:c2pa:made (its history), action c2pa.created, C2PA:DigitalSourceType",
        ),
    )
    return asset(path, zone, credentials=Credentials.TRUSTED, manifests=chain(), marks=marks, findings=(said,))


def _matched(path: str, zone: Zone, number: int) -> AssetRecord:
    said = finding("near-ai-reference", "similar to a known AI temporary (6 of 64 bits differ)", Severity.MEDIUM)
    return asset(path, zone, Verdict.REVIEW, matches=(match(Role.AI, Relation.SIMILAR, "temp/b_09.png", 6),), findings=(said,))


def _lost(path: str, zone: Zone, number: int) -> AssetRecord:
    said = finding("media-not-read", "the file ends before its last chunk", coverage=True)
    return asset(
        path, zone, Verdict.INCOMPLETE, provenance=Provenance.UNREADABLE, credentials=Credentials.UNREADABLE, findings=(said,)
    )
