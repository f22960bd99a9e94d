"""Measure how long reports of large scans take, and how much memory: each format in a process of its own.

    python -m benchmarks.report_scale [--assets N …] [--format NAME …]

The scan is made up and lies on disk as a real one does (`tools.spool`): of ten assets six are bare, three are camera files, one
bears an AI mark and has a finding; half of these are signed. Time is that of writing alone, from the scan as it was judged; what
an asset takes is told of the processor's. Peak memory is that of the whole process; `nothing` is one that writes no report.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scanner.model.assets import ContentHash
from scanner.model.credentials import Credentials
from scanner.model.generation import GenerationNote
from scanner.model.judging import Severity, Verdict, Zone, ZoneChoice
from scanner.model.marks import Provenance
from scanner.model.readings import ReadingSummary
from scanner.model.scan import AssetRecord, Coverage, FileRecord, Scan
from scanner.report.formats import FORMATS, write_into
from scanner.report.terminal import summary
from scanner.report.withholding import withhold
from scanner.tools.spool import Spool
from tests.report.parts import JPEG, asset, chain, finding, mark
from tests.report.scans import blocked

CAMERAS = ("Canon EOS R5", "Sony ILCE-7M4", "Nikon Z 9", "ARRI ALEXA Mini", "Apple iPhone 15 Pro")
ZONES = tuple(ZoneChoice(zone, f"folder `{zone.value}` matches `**/~{zone.value}/**`") for zone in Zone)
FILES_A_FOLDER = 500
NOTHING = "nothing"
SCREEN = "screen"


def made_up(count: int) -> Scan:
    """Return a scan of `count` assets, in the order of their paths."""
    return replace(
        blocked(),
        name=f"LARGE_{count}",
        assets=Spool(_assets(count)),
        inventory=Spool(map(_file, range(count))),
        coverage=Coverage(files=count, assets=count, by_format=(("jpeg", count),), pictures=count, pictures_compared=count),
        specials=(),
        litter=(),
        thumbnails={},
        reference_thumbnails={},
    )


def _assets(count: int) -> Iterator[AssetRecord]:
    bare = asset("", readings=(ReadingSummary("exiftool", "not-found"), ReadingSummary("c2pa", "not-found")))
    of_camera = (ReadingSummary("exiftool", "found"), *bare.readings[1:])
    cameras = [replace(bare, camera=camera, readings=of_camera) for camera in CAMERAS]
    for number in range(count):
        digest = _sha256(number)
        turn = number % 10
        kind = bare if turn < 6 else cameras[number // 10 % len(cameras)] if turn < 9 else _marked(number, bare)
        yield replace(
            kind,
            path=_path(number),
            zone=ZONES[number // FILES_A_FOLDER % len(ZONES)],
            size_bytes=204_800 + number,
            hash=ContentHash(value=digest, origin="computed"),
            content_digest=digest,
        )


def _marked(number: int, bare: AssetRecord) -> AssetRecord:
    zone = ZONES[number // FILES_A_FOLDER % len(ZONES)].zone
    blocks = zone in (Zone.FINAL, Zone.GRAPHICS)
    verdict = Verdict.BLOCKED if blocks else Verdict.PASS if zone in (Zone.TEMPORARY, Zone.REFERENCE) else Verdict.REVIEW
    weight = {Verdict.BLOCKED: Severity.HIGH, Verdict.REVIEW: Severity.MEDIUM, Verdict.PASS: Severity.INFO}[verdict]
    said = replace(finding("ai-declared", "the file declares AI generation (Midjourney)", weight), id=f"ai-declared-{number:x}")
    prompt = mark(id="prompt-text", generator="Midjourney", where="file, PNG:Parameters", value=f"a pier at dusk, take {number}")
    note = GenerationNote("Midjourney", "7", prompt.value, "", f"2026-05-02T10:{number % 60:02}:00Z", "file")
    signed = number // 10 % 2
    return replace(
        bare,
        readings=(ReadingSummary("exiftool", "found"), ReadingSummary("c2pa", "found" if signed else "not-found")),
        provenance=Provenance.GENERATED,
        verdict=verdict,
        marks=(mark(generator="Midjourney"), prompt),
        findings=(said,),
        generation=note,
        credentials=Credentials.TRUSTED if signed else Credentials.NONE,
        manifests=chain(f"poster_{number}.png") if signed else None,
        format=JPEG,
    )


def _file(number: int) -> FileRecord:
    return FileRecord(0, _path(number), 204_800 + number, 1_763_661_600_000_000_000 + number, _sha256(number))


def _path(number: int) -> str:
    return f"reel_{number // FILES_A_FOLDER:06}/photo_{number:07}a.jpg"


def _sha256(number: int) -> str:
    return f"{number * 0x9E3779B97F4A7C15F39CC0605CEDC834:064x}"[-64:]


def measure(scan: Scan, name: str) -> tuple[float, float, float, int]:
    """Write one report; return seconds, those of the processor, MB of peak memory and bytes written."""
    with tempfile.TemporaryDirectory() as folder:
        began, busy = time.perf_counter(), time.process_time()
        if name == SCREEN:
            size = len(summary(withhold(scan), folder))
        elif name == NOTHING:
            size = 0
        else:
            write_into(folder, withhold(scan), name)
            size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        took, busy = time.perf_counter() - began, time.process_time() - busy
    return took, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, size


def apart(scan: Scan, name: str) -> list[float]:
    """Measure in a process of its own, so that no format finds what another left behind."""
    reading, writing = os.pipe()
    if not os.fork():
        os.write(writing, " ".join(map(str, measure(scan, name))).encode())
        os._exit(0)
    os.close(writing)
    with open(reading) as told:
        figures = [float(each) for each in told.read().split()]
    os.wait()
    return figures


def main() -> None:
    """Print a line a size and format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--format", nargs="+", default=[NOTHING, *FORMATS, SCREEN])
    chosen = parser.parse_args()
    print(f"{'assets':>9}  {'report':9} {'seconds':>8} {'of CPU':>8} {'µs each':>8} {'peak MB':>8} {'MB written':>10}")
    for count in chosen.assets:
        scan = made_up(count)
        for name in chosen.format:
            took, busy, peak, size = apart(scan, name)
            print(
                f"{count:>9}  {name:9} {took:8.2f} {busy:8.2f} {busy / count * 1e6:8.1f} {peak:8.0f} {size / 1e6:10.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
