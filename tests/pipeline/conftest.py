"""A scan without worker processes: the same examiner, in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from scanner.model.assets import Asset, ContentHash, FileEntry
from scanner.model.formats import Format
from scanner.model.judging import Zone, ZoneChoice
from scanner.model.marks import Confidence, Mark, Meaning
from scanner.model.readings import ReadingSummary
from scanner.model.scan import Scan
from scanner.model.work import Examination, Result, Task
from scanner.pipeline.examine import Examiner
from scanner.pipeline.scan import run_scan
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.probe.formats import by_name

PARAMETERS = "a pier\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 41, Size: 96x96"


class InProcessEngine:
    """Runs tasks one after the other; `stop_after` of them raises Ctrl-C."""

    def __init__(self, settings: WorkerSettings, stop_after: int | None = None) -> None:
        self._examiner = Examiner(settings)
        self._left = stop_after
        self.tasks: list[Task] = []

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        for task in tasks:
            if self._left is not None:
                if self._left == 0:
                    raise KeyboardInterrupt
                self._left -= 1
            self.tasks.append(task)
            yield self._examiner.perform(task)

    def close(self) -> None:
        self._examiner.close()


RunScan = Callable[..., Scan]


@pytest.fixture
def run() -> Iterator[RunScan]:
    """Scan a folder in this process; keyword arguments go to ScanSettings, `stop_after` to the engine."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    engines: list[InProcessEngine] = []

    def scan(root: Path, *, stop_after: int | None = None, **settings: object) -> Scan:
        engines.append(InProcessEngine(WorkerSettings(), stop_after))
        return run_scan(
            ScanSettings((str(root),), **settings),  # type: ignore[arg-type]
            engines[-1],
            clock=lambda: "2026-01-01T00:00:00Z",
            progress=lambda *_: None,
        )

    scan.engines = engines  # type: ignore[attr-defined]
    yield scan
    for engine in engines:
        engine.close()


def picture(seed: int) -> Image.Image:
    """A soft random pattern, unlike any other seed's."""
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 9, 3), np.uint8)
    return Image.fromarray(coarse).resize((96, 96), Image.Resampling.BICUBIC)


def generated(path: Path, seed: int = 2) -> None:
    """Write a PNG that bears the parameters of a generator."""
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    picture(seed).save(path, pnginfo=text)


def mark(identity: str = "a1111-png", meaning: Meaning = Meaning.GENERATED, value: str = "x") -> Mark:
    """A mark."""
    return Mark(identity, meaning, Confidence.DEFINITIVE, "tool", "file, PNG:Parameters", value, "exiftool", "13")


def examined(*marks: Mark, format_name: str = "png", **more: object) -> Examination:
    """An examination of a readable file."""
    file_format: Format = by_name(format_name)
    readings = (ReadingSummary("exiftool", "not-found"), ReadingSummary("c2pa", "not-found"))
    settings = {"hash": ContentHash(value="00", origin="computed"), "readings": readings, "marks": marks, **more}
    return Examination(0, file_format, **settings)  # type: ignore[arg-type]


def asset(path: str = "final/a.png", frames: int = 0, sidecars: tuple[str, ...] = ()) -> Asset:
    """An asset of one file, or of a sequence of `frames` files."""
    names = [f"final/a.{number}.png" for number in range(1, frames + 1)] or [path]
    return Asset(
        root=0,
        path=path,
        files=tuple(FileEntry(name, 10) for name in names),
        zone=ZoneChoice(Zone.FINAL, "test"),
        sidecars=tuple(FileEntry(name, 10) for name in sidecars),
        frames=tuple(range(1, frames + 1)),
    )
