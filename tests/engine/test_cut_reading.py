"""Cut files are parsed in worker processes: what hangs, dies or eats memory there costs the cut, in one line."""

from __future__ import annotations

import json
import os
import time
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from scanner.engine.local import LocalEngine
from scanner.model.cut import Cut, CutError
from scanner.pipeline.cut_reading import load_cuts
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.timeline.reading import read_cuts

EDL = """TITLE: Film
001  A001  V  C  00:00:00:10 00:00:02:10 01:00:00:00 01:00:02:00
* FROM CLIP NAME: one.mov
002  AX    V  D 012 00:00:04:00 00:00:05:00 01:00:02:00 01:00:03:00
* TO CLIP NAME: two.mov
"""
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def load(*paths: Path, seconds: float = 90.0, memory_bytes: int = 4 << 30) -> tuple[Cut, ...]:
    settings = ScanSettings((), cuts=tuple(map(str, paths)), frames_per_second=Fraction(25))
    with closing(LocalEngine(WorkerSettings(address_space_bytes=memory_bytes), 1, task_seconds=seconds)) as engine:
        return tuple(loaded.cut for loaded in load_cuts(settings, engine, lambda *_: None))


def refusal(*paths: Path, seconds: float = 90.0, memory_bytes: int = 4 << 30) -> str:
    with pytest.raises(CutError) as caught:
        load(*paths, seconds=seconds, memory_bytes=memory_bytes)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def aaf(tmp_path, monkeypatch):
    """An AAF and an adapter for it that does as it is told; OpenTimelineIO takes the adapters of this manifest first."""
    pytest.importorskip("otio_aaf_adapter")

    def make(act: str) -> Path:
        adapter = {"OTIO_SCHEMA": "Adapter.1", "name": "AAF", "suffixes": ["aaf"], "filepath": "adapter.py"}
        (tmp_path / "adapter.py").write_text(f"import os, signal, time\ndef read_from_file(filepath, **_):\n    {act}\n")
        (tmp_path / "manifest.json").write_text(json.dumps({"OTIO_SCHEMA": "PluginManifest.1", "adapters": [adapter]}))
        monkeypatch.setenv("OTIO_PLUGIN_MANIFEST_PATH", str(tmp_path / "manifest.json"))
        (tmp_path / "reel.aaf").write_bytes(COMPOUND_FILE + b"x" * 100)
        return tmp_path / "reel.aaf"

    return make


def test_a_worker_reads_what_this_process_would(tmp_path):
    (tmp_path / "reel.edl").write_text(EDL)

    assert load(tmp_path / "reel.edl") == read_cuts(str(tmp_path / "reel.edl"), Fraction(25))


def test_an_adapter_that_hangs_costs_the_cut(aaf):
    path, began = aaf("time.sleep(300)"), time.monotonic()

    said = refusal(path, seconds=1.5)

    assert said.startswith(f"{path}: the cut could not be read: the worker process gave no answer within 1.5")
    assert "scan without it" in said
    assert time.monotonic() - began < 60


def test_an_adapter_that_dies_costs_the_cut(aaf):
    said = refusal(aaf("os.kill(os.getpid(), signal.SIGSEGV)"))

    assert "reel.aaf: the cut could not be read: the worker process was ended by signal SIGSEGV" in said


def test_an_adapter_that_eats_memory_costs_the_cut(aaf):
    assert "needs more memory than a worker may use" in refusal(aaf("bytearray(2 << 30)"), memory_bytes=2 << 30)


def test_the_first_mistake_on_the_command_line_is_told(tmp_path):
    (tmp_path / "b.edl").write_text("no edit here")

    assert refusal(tmp_path / "a.edl", tmp_path / "b.edl").startswith(f"{tmp_path / 'a.edl'}: the cut cannot be read")


def test_a_link_to_a_cut_is_followed(tmp_path):
    (tmp_path / "v2.edl").write_text(EDL)
    os.symlink("v2.edl", tmp_path / "latest.edl")

    assert len(load(tmp_path / "latest.edl")[0].events) == 2
