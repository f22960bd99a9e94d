from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.engine.choosing import EngineChoice, choose_engine, open_engine
from scanner.engine.dask_clusters import ClusterKind, ClusterPlace
from scanner.engine.local import LocalEngine
from scanner.engine.path_maps import PathMap
from scanner.model.errors import ScannerError, UsageError
from scanner.model.work import DigestTask
from scanner.pipeline.settings import ScanSettings
from tests.conftest import installed_exiftools


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("local", None),
        ("dask", ClusterPlace(ClusterKind.OWN)),
        ("dask:farm01:8786", ClusterPlace(ClusterKind.ADDRESS, "farm01:8786")),
        ("dask:tcp://10.0.0.1:8786", ClusterPlace(ClusterKind.ADDRESS, "tcp://10.0.0.1:8786")),
        ("dask:tls://[::1]:8786", ClusterPlace(ClusterKind.ADDRESS, "tls://[::1]:8786")),
        ("dask:scheduler-file:/net/a: b.json", ClusterPlace(ClusterKind.SCHEDULER_FILE, "/net/a: b.json")),
        ("dask:slurm", ClusterPlace(ClusterKind.BATCH, "slurm")),
        ("dask:lsf", ClusterPlace(ClusterKind.BATCH, "lsf")),
        ("dask:pbs", ClusterPlace(ClusterKind.BATCH, "pbs")),
    ],
)
def test_the_forms_of_an_engine(text, place):
    assert choose_engine(text) == EngineChoice(place)


@pytest.mark.parametrize(
    "text", ["", "ray", "dask:", "dask:scheduler-file:", "dask:sge", "dask:farm01", "dask:a b:1", "local:2", "Dask", "dask:\n:1"]
)
def test_what_is_no_engine_is_told_with_what_there_is(text):
    with pytest.raises(UsageError) as told:
        choose_engine(text)
    assert "\n" not in str(told.value)
    assert "dask:scheduler-file:PATH" in str(told.value)


def test_paths_are_mapped_for_other_hosts_only():
    assert choose_engine("dask:farm01:8786", ("/mnt/x=P:\\x",)).maps == (PathMap("/mnt/x", "P:\\x"),)
    for engine in ("local", "dask"):
        with pytest.raises(UsageError, match="other hosts only"):
            choose_engine(engine, ("/mnt/x=/net/x",))


def test_a_limit_of_files_is_not_negative():
    with pytest.raises(UsageError, match="no number of files"):
        choose_engine("local", (), -1)


def test_fewer_files_at_once_than_workers_make_fewer_workers(tmp_path):
    engine = open_engine(choose_engine("local", (), 2), ScanSettings((str(tmp_path),), workers=5))
    assert isinstance(engine, LocalEngine)
    assert len(engine._workers) == 2
    engine.close()


def test_a_missing_extra_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"media-provenance-scanner\[cluster\]"):
        open_engine(choose_engine("dask"), ScanSettings((str(tmp_path),)))


def test_a_scheduler_file_must_be_there(tmp_path):
    pytest.importorskip("distributed")
    with pytest.raises(UsageError, match="no such scheduler file"):
        open_engine(choose_engine(f"dask:scheduler-file:{tmp_path}/none.json"), ScanSettings((str(tmp_path),)))


def test_a_scheduler_must_answer(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("scanner.engine.dask_clusters.CONNECT_SECONDS", 0.3)
    with pytest.raises(ScannerError, match="no dask scheduler answers") as told:
        open_engine(choose_engine("dask:127.0.0.1:9"), ScanSettings((str(tmp_path),)))
    assert "\n" not in str(told.value)


SLURM_ACCEPTS = """#!/bin/sh
kept=$(mktemp)
cp "$1" "$kept"
setsid sh "$kept" >/dev/null 2>&1 </dev/null &
echo "Submitted batch job $!"
"""
SLURM_CANCELS = """#!/bin/sh
kill -- "-$1"
"""
SLURM_REFUSES = """#!/bin/sh
echo "sbatch: error: invalid partition" >&2
exit 1
"""


@pytest.fixture
def slurm(tmp_path, monkeypatch) -> Callable[..., None]:
    """Put programs of a batch system in PATH that run jobs on this machine."""
    pytest.importorskip("dask_jobqueue")
    config = pytest.importorskip("dask.config")
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def install(**programs: str) -> None:
        for name, text in programs.items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)

    with config.set({"jobqueue.slurm.cores": 1, "jobqueue.slurm.memory": "2GB", "jobqueue.slurm.interface": "lo"}):
        yield install


@pytest.mark.skipif(not installed_exiftools(), reason="no ExifTool is installed")
def test_jobs_of_a_batch_system_do_the_work(slurm, tmp_path):
    slurm(sbatch=SLURM_ACCEPTS, scancel=SLURM_CANCELS)
    (tmp_path / "DRIVE").mkdir()
    (tmp_path / "DRIVE" / "notes.txt").write_text("notes")
    engine = open_engine(choose_engine("dask:slurm"), ScanSettings((str(tmp_path / "DRIVE"),), workers=1))
    try:
        (result,) = engine.run([DigestTask(7, str(tmp_path / "DRIVE" / "notes.txt"), 5)])
    finally:
        engine.close()
    assert (result.key, result.sha256) == (7, hashlib.sha256(b"notes").hexdigest())


def test_a_batch_system_that_takes_no_job_is_told(slurm, tmp_path, monkeypatch):
    monkeypatch.setattr("scanner.engine.dask_clusters.SUBMIT_SECONDS", 1.0)
    monkeypatch.setattr("scanner.engine.dask_clusters.CONNECT_SECONDS", 1.0)
    slurm(sbatch=SLURM_REFUSES, scancel=SLURM_CANCELS)
    with pytest.raises(ScannerError, match="sbatch took no job"):
        open_engine(choose_engine("dask:slurm"), ScanSettings((str(tmp_path),), workers=1))


def test_a_batch_system_that_is_not_here_is_told(tmp_path):
    pytest.importorskip("dask_jobqueue")
    if shutil.which("bsub"):
        pytest.skip("LSF is here")
    with pytest.raises(ScannerError, match="bsub"):
        open_engine(choose_engine("dask:lsf"), ScanSettings((str(tmp_path),)))
