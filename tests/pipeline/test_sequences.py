"""Numbered sequences in a whole scan: what looking through them adds to comparing three of their frames."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from scanner.model.marks import Provenance
from scanner.model.matching import Relation
from scanner.model.scan import AssetRecord, Scan
from tests.pipeline.conftest import RunScan
from tests.pipeline.test_alterations import altered, drive  # noqa: F401 - a fixture
from tests.pipeline.test_matching import asked, generated, photograph

FRAMES = range(101, 131)
ON = range(106, 114)
"""Frames that show the picture; neither the first, the middle nor the last of them."""
RATE = Fraction(8)
"""So many a second are given: the picture is on screen for one."""


def sequence(root: Path, shown: Image.Image) -> None:
    """Write a sequence of JPEG in which `shown` stands for eight frames."""
    (root / "final/sh").mkdir()
    for number in FRAMES:
        pixels = np.asarray(shown if number in ON else photograph(30)).astype(int)
        pixels = pixels + np.random.default_rng(number).normal(0, 3, pixels.shape)
        Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(root / f"final/sh/a.{number}.jpg", quality=85)


def found(scan: Scan) -> AssetRecord:
    return next(one for one in scan.assets if one.kind == "sequence")


def test_an_altered_photograph_in_a_sequence_is_told_with_region_and_frames(run: RunScan, drive: Path) -> None:  # noqa: F811
    photograph(1).save(drive / "archive" / "pier.png")
    sequence(drive, altered(photograph(1)))

    scan = run(drive, frames_per_second=RATE)

    (match,) = found(scan).matches
    (segment,) = match.segments
    assert segment.numbers is not None
    assert (segment.numbers.first, segment.numbers.last, segment.exact) == (ON[0], ON[-1], True)
    assert match.relation is Relation.ALTERED
    assert match.alteration is not None
    assert int(match.frames) in ON
    (finding,) = found(scan).findings
    assert finding.rule == "altered-original"
    assert f"in frame {match.frames} (on screen in frames {ON[0]}–{ON[-1]} at 00:00:00:05–00:00:01:05," in finding.message
    # Both pictures of the page are of that frame.
    index = scan.assets.index(found(scan))
    assert (index, match.reference.id) in scan.laid_over
    shown = np.asarray(Image.open(io.BytesIO(scan.thumbnails[index])).convert("L").resize((32, 24))).astype(int)
    wanted = np.asarray(altered(photograph(1)).convert("L").resize((32, 24))).astype(int)
    assert np.abs(shown - wanted).mean() < 12


def test_beyond_three_frames_only_what_a_hash_points_at_is_compared_as_a_still(run: RunScan, drive: Path) -> None:  # noqa: F811
    photograph(1).save(drive / "archive" / "pier.png")
    sequence(drive, photograph(1))

    scan = run(drive, frames_per_second=RATE)

    (match,) = found(scan).matches
    frames = [name for name in asked(run) if name.startswith("a.")]
    assert {"a.101.jpg", "a.115.jpg", "a.130.jpg"} <= set(frames)
    assert len(frames) <= 4
    assert match.segments[0].frames >= 1


def test_a_frame_that_cannot_be_read_hides_nothing_in_the_others(run: RunScan, drive: Path) -> None:  # noqa: F811
    generated(drive / "temp/ai" / "idea.png", photograph(1))
    sequence(drive, photograph(1))
    damaged = drive / "final/sh/a.103.jpg"
    damaged.write_bytes(damaged.read_bytes()[:900])

    scan = run(drive, frames_per_second=RATE)

    assert found(scan).provenance is Provenance.UNREADABLE
    (copy,) = found(scan).near_copies
    assert copy.path == "temp/ai/idea.png"
    assert copy.segments[0].numbers is not None
    assert "ai-marks-lost" in {finding.rule for finding in found(scan).findings}


def test_where_nothing_was_found_the_report_says_that_it_was_compared(run: RunScan, drive: Path) -> None:  # noqa: F811
    photograph(1).save(drive / "archive" / "pier.png")
    sequence(drive, photograph(2))

    scan = run(drive, frames_per_second=RATE)

    assert found(scan).matches == ()
    assert found(scan).fingerprinted
    assert found(scan).picture_note == ""
