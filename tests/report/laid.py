"""A scan with pictures laid over each other: altered in two regions, mirrored, overlaid, shared by two references, hostile."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image, ImageDraw

from scanner.model.judging import Severity, Verdict
from scanner.model.matching import Alignment, Alteration, LaidOver, Match, Overlay, Reference, Relation, Role
from scanner.model.scan import AssetRecord, Coverage, Scan
from tests.report.parts import HOSTILE, asset, finding
from tests.report.scans import blocked

SIZE = (64, 40)
ORIGINAL, ASSET, MARKED = "#00c000", "#0000c0", (255, 0, 170, 240)
"""Colours of the reference, of the asset and of the difference: a test sees by them which picture is shown where."""
REGIONS = ((0.5, 0.5, 0.75, 0.9), (0.0, 0.0, 0.25, 0.25))
OVERLAYS = (Overlay("lower third", (0.05, 0.75, 0.45, 0.95)), Overlay("timecode", (0.8, 0.02, 1.0, 0.08)))


def aligned(mirrored: bool = False, asset_share: float = 1.0, reference_share: float = 1.0) -> Alignment:
    """Return an alignment of 143 points."""
    return Alignment((1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), mirrored, 143, 400, asset_share, reference_share, 0.9)


def aligned_match(
    name: str, relation: Relation, alteration: Alteration | None, alignment: Alignment | None = None, role: Role = Role.OWNED
) -> Match:
    """Return a match found by local features."""
    reference = Reference(f"{role.value}-{len(name):08x}", role, name, "cd" * 32)
    return Match(reference, relation, "local/1", alignment=alignment or aligned(), alteration=alteration)


def pictures(differs: bool = True, asset_colour: str = ASSET) -> LaidOver:
    """Return an asset and a reference, each of one colour, and where wanted a difference over the first region."""
    return LaidOver(_jpeg(asset_colour), _jpeg(ORIGINAL), _difference() if differs else b"", *SIZE)


def laid() -> Scan:
    """Return a scan whose matches are laid over each other, but for the last."""
    altered = aligned_match("originals/pier.tif", Relation.ALTERED, Alteration(0.114, REGIONS, OVERLAYS), aligned(mirrored=True))
    source = aligned_match("temp/boards/pier_b.png", Relation.DERIVED, Alteration(0.0), role=Role.AI)
    framed = aligned_match("originals/print.tif", Relation.CONTAINS, None, aligned(asset_share=0.25))
    hostile = aligned_match(HOSTILE, Relation.ALTERED, Alteration(0.08, REGIONS[:1], (Overlay(HOSTILE, (0.1, 0.1, 0.2, 0.2)),)))
    plain = aligned_match("originals/far.tif", Relation.DERIVED, Alteration(0.0))
    assets = (
        _altered("final/pier.jpg", altered, source),
        asset("final/on_the_wall.jpg", matches=(framed,)),
        _altered("final/named.jpg", hostile),
        asset("final/far.jpg", matches=(plain,)),
    )
    return replace(
        blocked(),
        name="LAID",
        assets=assets,
        verdict=Verdict.REVIEW,
        coverage=Coverage(files=4, assets=4, by_format=(("jpeg", 4),), by_zone=(("final", 4),)),
        specials=(),
        litter=(),
        thumbnails={},
        reference_thumbnails={},
        laid_over={
            (0, altered.reference.id): pictures(),
            (0, source.reference.id): pictures(differs=False),
            (1, framed.reference.id): pictures(differs=False, asset_colour="#c0c000"),
            (2, hostile.reference.id): pictures(asset_colour="#c000c0"),
        },
    )


def _altered(path: str, *matches: Match) -> AssetRecord:
    said = finding("altered-original", "differs from an owned reference in a region", Severity.MEDIUM)
    return asset(path, verdict=Verdict.REVIEW, matches=matches, findings=(said,))


def _jpeg(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", SIZE, colour).save(stream, "JPEG", quality=80)
    return stream.getvalue()


def _difference() -> bytes:
    image = Image.new("RGBA", SIZE)
    left, top, right, bottom = REGIONS[0]
    box = (int(left * SIZE[0]), int(top * SIZE[1]), int(right * SIZE[0]), int(bottom * SIZE[1]))
    ImageDraw.Draw(image).rectangle(box, fill=MARKED)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
