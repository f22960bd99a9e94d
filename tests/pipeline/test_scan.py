from __future__ import annotations

import os
from pathlib import Path

import pytest

from scanner.model.errors import NothingToScan, ToolError, UsageError
from scanner.model.judging import Verdict
from scanner.model.marks import Provenance
from scanner.model.scan import AssetRecord, Scan
from scanner.model.work import ExamineTask, ThumbnailTask
from scanner.pipeline.settings import WorkerSettings
from tests.pipeline.conftest import RunScan, generated, picture


def by_path(scan: Scan) -> dict[str, AssetRecord]:
    return {asset.path: asset for asset in scan.assets}


def test_every_regular_file_is_told_once(run: RunScan, tmp_path: Path) -> None:
    (tmp_path / "final").mkdir()
    for number in range(1, 13):
        picture(1).save(tmp_path / "final" / f"plate.{number:04}.png")
    picture(2).save(tmp_path / "final" / "still.jpg")
    (tmp_path / "final" / "still.xmp").write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    (tmp_path / "final" / "cut.edl").write_text("TITLE: CUT\n")
    (tmp_path / "final" / "._still.jpg").write_bytes(bytes.fromhex("0005160700020000") + b"Mac OS X        " + bytes(64))

    scan = run(tmp_path)

    told = [path for asset in scan.assets for path in (asset.members or (asset.path,))]
    told += [path for asset in scan.assets for path in asset.sidecars] + [path for _, path in scan.litter]
    on_disk = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(told) == sorted(on_disk)
    assert scan.coverage.files == len(on_disk)
    assert by_path(scan)["final/plate.1-12#.png"].kind == "sequence"


def test_assets_come_in_path_order_whatever_the_candidates_were(run: RunScan, tmp_path: Path) -> None:
    for number in range(1, 12):
        picture(number).resize((90 + number, 90)).save(tmp_path / f"IMG_{number}.png")
    picture(0).save(tmp_path / "IMG_0005.jpg")

    scan = run(tmp_path)

    paths = [asset.path for asset in scan.assets]
    assert paths == sorted(paths, key=lambda path: path.split("/"))
    assert len(paths) == 12


def test_pictures_that_are_no_sequence_after_all_are_compared(run: RunScan, tmp_path: Path) -> None:
    for number in range(1, 12):
        picture(number).resize((90 + number, 90)).save(tmp_path / f"scan_{number:03}.tif")

    scan = run(tmp_path)

    assert all(asset.kind == "file" and asset.fingerprinted for asset in scan.assets)


def test_a_file_that_vanishes_after_the_walk_is_its_own_failure(
    run: RunScan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture(1).save(tmp_path / "a.png")
    picture(2).save(tmp_path / "b.png")
    from scanner.pipeline import merging as module

    make_plan = module.make_plan

    def then_remove(settings: object) -> object:
        plan = make_plan(settings)  # type: ignore[arg-type]
        os.unlink(tmp_path / "a.png")
        return plan

    monkeypatch.setattr(module, "make_plan", then_remove)
    found = by_path(run(tmp_path))

    assert found["a.png"].provenance is Provenance.UNREADABLE
    assert found["b.png"].provenance is Provenance.NO_MARKS


def test_a_byte_equal_copy_of_a_temporary_is_blocked_though_only_the_sidecar_bears_the_mark(run: RunScan, tmp_path: Path) -> None:
    for zone in ("temp", "final"):
        (tmp_path / zone).mkdir()
        picture(4).save(tmp_path / zone / "pier.png")
    (tmp_path / "temp" / "pier.xmp").write_text(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description xmlns:e='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' e:DigitalSourceType="
        "'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'/></rdf:RDF></x:xmpmeta>"
    )

    found = by_path(run(tmp_path))

    assert found["temp/pier.png"].provenance is Provenance.GENERATED
    assert found["final/pier.png"].verdict is Verdict.BLOCKED


def test_a_page_under_a_pictures_name_is_not_passed_over(run: RunScan, tmp_path: Path) -> None:
    (tmp_path / "final").mkdir()
    (tmp_path / "final" / "still.jpg").write_text("<!DOCTYPE html><html><body>404 Not Found</body></html>")

    scan = run(tmp_path)

    assert scan.assets[0].provenance is Provenance.UNREADABLE
    assert scan.verdict is Verdict.INCOMPLETE


def test_control_c_keeps_what_was_read_and_says_what_was_not(run: RunScan, tmp_path: Path) -> None:
    generated(tmp_path / "a.png")
    for name in ("b.png", "c.png"):
        picture(1).save(tmp_path / name)

    scan = run(tmp_path, stop_after=1)

    assert (scan.interrupted, scan.complete, scan.verdict) == (True, False, Verdict.INCOMPLETE)
    assert by_path(scan)["a.png"].provenance is Provenance.GENERATED
    assert by_path(scan)["c.png"].provenance is Provenance.NOT_CHECKABLE


def test_thumbnails_are_made_of_what_must_be_looked_at_only(run: RunScan, tmp_path: Path) -> None:
    (tmp_path / "final").mkdir()
    generated(tmp_path / "final" / "leak.png")
    picture(1).save(tmp_path / "final" / "still.png")

    scan = run(tmp_path)

    made = [task.path for task in run.engines[0].tasks if isinstance(task, ThumbnailTask)]  # type: ignore[attr-defined]
    assert [Path(path).name for path in made] == ["leak.png"]
    assert [jpeg[:2] for jpeg in scan.thumbnails.values()] == [b"\xff\xd8"]


def test_switching_fingerprints_off_decodes_nothing_and_says_so(run: RunScan, tmp_path: Path) -> None:
    picture(1).save(tmp_path / "a.png")

    scan = run(tmp_path, fingerprints=False)

    tasks = run.engines[0].tasks  # type: ignore[attr-defined]
    assert not any(task.fingerprint for task in tasks if isinstance(task, ExamineTask))
    assert scan.coverage.not_compared == (("switched off (--no-fingerprints)", 1),)


def test_an_empty_tree_and_wrong_settings_are_told_before_reading(run: RunScan, tmp_path: Path) -> None:
    with pytest.raises(NothingToScan):
        run(tmp_path)
    picture(1).save(tmp_path / "a.png")
    with pytest.raises(UsageError):
        run(tmp_path, library=str(tmp_path / "none.sqlite"))
    with pytest.raises(ToolError):
        run(tmp_path, worker=WorkerSettings(exiftool="no-such-exiftool"))
    assert not any(engine.tasks for engine in run.engines)  # type: ignore[attr-defined]


def test_a_single_file_is_a_delivery_of_one(run: RunScan, tmp_path: Path) -> None:
    generated(tmp_path / "still.png")

    scan = run(tmp_path / "still.png")

    assert [asset.path for asset in scan.assets] == ["still.png"]
    assert scan.assets[0].provenance is Provenance.GENERATED
