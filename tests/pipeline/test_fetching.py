from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("obstore")

from scanner.model.assets import FileEntry
from scanner.model.credentials import Credentials
from scanner.model.errors import ScannerError
from scanner.model.scan import Scan
from scanner.model.sealed import SealKind
from scanner.model.work import (
    CompareTask,
    EdgeTask,
    Examination,
    ExamineTask,
    FilmOpened,
    FilmTask,
    FrameFiles,
    OpenFilmTask,
    SealedListTask,
)
from scanner.pipeline import fetch_choice
from scanner.pipeline.fetch_choice import Choosing, on_shadows
from scanner.pipeline.fetching import FetchingEngine
from scanner.pipeline.reading_key import task_digest
from scanner.pipeline.scan import run_scan
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.pipeline.shadows import Need, Shadows
from scanner.report.json_report import to_json
from scanner.tools import objects
from scanner.tools.containers import media_spans
from scanner.tools.objects import Buckets
from tests.pipeline.conftest import InProcessEngine, generated, picture
from tests.pipeline.test_part_shadows import far_timecode
from tests.read.test_identity import box
from tests.timeline.test_ascmhl import Sealer, entry
from tests.tools.object_server import ObjectServer

ROOT = "s3://delivery/ep1/"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_RETRIES", 1)
    monkeypatch.setattr(objects, "_SHORT_PAUSE_SECONDS", 0.001)


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Scan]]:
    """Scan a root in this process, fetching as a scan does; the scratch folder must be empty afterwards."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    def scanned(root: str, **settings: Any) -> Scan:
        with monkeypatch.context() as patched:
            patched.setattr("tempfile.tempdir", str(scratch))
            large = bool(settings.get("verify_large"))
            engine = FetchingEngine(InProcessEngine(WorkerSettings()), verify_large=large)
            try:
                done = run_scan(
                    ScanSettings((root,), **settings), engine, clock=lambda: "2026-01-01T00:00:00Z", progress=lambda *_: None
                )
                return replace(done, coverage=replace(done.coverage, fetched_bytes=engine.received_bytes))
            finally:
                engine.close()
                assert not list(scratch.iterdir())

    yield scanned


@pytest.fixture
def delivery(tmp_path: Path, objects_served: ObjectServer) -> Path:
    """A small delivery, on disk and in the bucket."""
    root = tmp_path / "ep1"
    for folder in ("final", "archival", "temp"):
        (root / folder).mkdir(parents=True)
    for number in range(1, 13):
        picture(1).save(root / "final" / f"plate.{number:04}.png")
    picture(2).save(root / "archival" / "pier.png")
    picture(2).save(root / "final" / "pier.jpg", quality=60)
    generated(root / "temp" / "idea.png")
    (root / "final" / "pier.xmp").write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    (root / "final" / "cut.edl").write_text("TITLE: CUT\n")
    (root / "final" / "empty.jpg").write_bytes(b"")
    (root / "final" / "broken.png").write_bytes((root / "archival" / "pier.png").read_bytes()[:3000])
    put(root, objects_served)
    return root


def put(root: Path, server: ObjectServer) -> None:
    for path in root.rglob("*"):
        if path.is_file():
            server.objects[f"ep1/{path.relative_to(root)}"] = path.read_bytes()


def told(scan: Scan) -> Any:
    """A report, without what may differ between a disk and a bucket: roots, times, what was fetched, the seal over all."""
    report = json.loads("".join(to_json(scan)))
    report.pop("seal", None)
    report["roots"] = []
    report["coverage"].pop("fetched_bytes", None)
    for section in report["coverage_statement"]:
        section["lines"] = [line for line in section["lines"] if "fetched" not in line]
    for file in report["inventory"]:
        file.pop("modified")
    return report


def test_a_bucket_gives_the_report_that_the_folder_gives(
    scan: Callable[..., Scan], delivery: Path, objects_served: ObjectServer
) -> None:
    local, remote = scan(str(delivery)), scan(ROOT)
    assert told(remote) == told(local)
    assert remote.roots == (ROOT,)
    assert remote.name == local.name == "ep1"
    size = sum(map(len, objects_served.objects.values()))
    assert remote.coverage.fetched_bytes == objects_served.sent_bytes == size
    assert local.coverage.fetched_bytes == 0


def test_an_object_that_cannot_be_fetched_is_not_read_and_never_a_pass(
    scan: Callable[..., Scan], delivery: Path, objects_served: ObjectServer
) -> None:
    objects_served.mistakes["ep1/final/pier.jpg"].extend(["part"] * 50)
    found = {asset.path: asset for asset in scan(ROOT).assets}["final/pier.jpg"]
    assert found.verdict.value == "incomplete"
    assert [(one.state, one.reason) for one in found.readings if one.reader == "probe"] == [
        ("failed", "cannot be fetched: its bytes from 0 on broke off 4 times")
    ]


def test_an_object_that_changes_after_it_was_listed_is_told_as_changed(
    scan: Callable[..., Scan], delivery: Path, objects_served: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect = FetchingEngine.expect

    def then_change(engine: FetchingEngine, *listed: Any) -> None:
        expect(engine, *listed)
        objects_served.objects["ep1/final/pier.jpg"] = objects_served.objects["ep1/archival/pier.png"]

    monkeypatch.setattr(FetchingEngine, "expect", then_change)
    done = scan(ROOT)
    found = {asset.path: asset for asset in done.assets}["final/pier.jpg"]
    assert found.verdict.value == "incomplete"
    assert any("changed after it was listed" in (one.reason or "") for one in found.readings)
    assert found.hash.value is None


def test_every_object_is_lost_and_the_scan_still_ends(
    scan: Callable[..., Scan], delivery: Path, objects_served: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect = FetchingEngine.expect

    def then_expire(engine: FetchingEngine, *listed: Any) -> None:
        expect(engine, *listed)
        objects_served.always = "expired"

    monkeypatch.setattr(FetchingEngine, "expect", then_expire)
    done = scan(ROOT)
    assert done.verdict.value == "incomplete"
    # An empty object needs no request.
    expired = "cannot be fetched: the credentials have expired (ExpiredToken)"
    assert dict(done.coverage.readings_lost).keys() == {expired, "zero bytes"}


def test_a_run_that_ends_early_lets_go_of_everything(delivery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    shadows = Shadows(Buckets(), limit_bytes=10_000)
    engine = FetchingEngine(InProcessEngine(WorkerSettings()), shadows=shadows)
    sizes = {path: path.stat().st_size for path in sorted(delivery.rglob("*.png"))}
    tasks = [
        ExamineTask(number, f"{ROOT}{path.relative_to(delivery)}", size) for number, (path, size) in enumerate(sizes.items())
    ]
    running = engine.run(iter(tasks))
    next(running)
    running.close()  # type: ignore[attr-defined]  # a generator
    assert shadows.reserve([Need("s3://delivery/other", 10_000)])
    engine.close()
    assert not list(scratch.iterdir())


GIGABYTE = 1 << 30
FTYP = box(b"ftyp", b"qt  ", bytes(4), b"qt  ")
INDEX = box(b"moov", box(b"mvhd", bytes(100)), box(b"udta", box(b"\xa9swr", b"\0\x05\0\0maker")), box(b"free", bytes(200_000)))


def sparse_movie(path: Path, *, index_last: bool) -> Path:
    """A movie of 2 GB whose media is a hole on the disk."""
    media = struct.pack(">I4sQ", 1, b"mdat", 2 * GIGABYTE)
    with path.open("wb") as stream:
        stream.write(FTYP + (b"" if index_last else INDEX) + media)
        stream.seek(2 * GIGABYTE - 16, os.SEEK_CUR)
        if index_last:
            stream.write(INDEX)
        else:
            stream.truncate(stream.tell())
    return path


@pytest.mark.parametrize("index_last", [False, True])
def test_a_large_unsigned_movie_costs_less_than_a_megabyte(
    scan: Callable[..., Scan], objects_served: ObjectServer, tmp_path: Path, index_last: bool
) -> None:
    objects_served.objects["ep1/final/master.mov"] = sparse_movie(tmp_path / "master.mov", index_last=index_last)
    done = scan(ROOT)
    (found,) = done.assets
    assert done.coverage.fetched_bytes == objects_served.sent_bytes
    assert objects_served.sent_bytes < 1_000_000
    assert found.size_bytes > 2 * GIGABYTE
    assert found.credentials is Credentials.NONE
    assert found.hash.value is None
    assert {one.reader: one.state for one in found.readings} == {"exiftool": "found", "c2pa": "not-found", "residue": "not-found"}
    assert dict(done.coverage.not_compared) == {"moving pictures, not looked through": 1}


def test_a_film_whose_media_was_not_fetched_is_told_as_not_looked_through(objects_served: ObjectServer) -> None:
    engine = FetchingEngine(InProcessEngine(WorkerSettings()))
    try:
        (opened,) = engine.run([OpenFilmTask(3, f"{ROOT}a.mov", 2 * GIGABYTE)])
    finally:
        engine.close()
    why = "its media was not fetched: it has more than 64 MB (--verify-large fetches all of it)"
    assert opened == FilmOpened(3, None, why)
    assert not objects_served.asked


def test_a_large_signed_movie_is_not_verified_unless_asked(
    scan: Callable[..., Scan], objects_served: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_choice, "LARGE_BYTES", 10_000)
    monkeypatch.setattr(media_spans, "MEDIA_HEAD_BYTES", 0)
    signed = Path(__file__).parents[2] / "fixtures" / "signed" / "created.mov"
    objects_served.objects["ep1/final/created.mov"] = signed.read_bytes()
    (found,) = scan(ROOT).assets
    assert found.credentials is Credentials.NOT_VERIFIED
    assert found.provenance.is_generative
    assert found.verdict.value == "blocked"
    (found,) = scan(ROOT, verify_large=True).assets
    assert found.credentials is Credentials.VALID
    assert found.hash.value == hashlib.sha256(signed.read_bytes()).hexdigest()


def test_a_large_file_that_cannot_be_read_in_part_is_fetched_whole(
    scan: Callable[..., Scan], delivery: Path, objects_served: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = scan(str(delivery))
    monkeypatch.setattr(fetch_choice, "LARGE_BYTES", 10)
    assert told(scan(ROOT)) == told(local)


def test_a_file_too_large_to_be_fetched_unasked_is_not_read(
    scan: Callable[..., Scan], delivery: Path, objects_served: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_choice, "LARGE_BYTES", 10)
    monkeypatch.setattr(fetch_choice, "WHOLE_LIMIT_BYTES", 1000)
    found = {asset.path: asset for asset in scan(ROOT).assets}["final/pier.jpg"]
    assert found.verdict.value == "incomplete"
    assert "cannot be read in part (--verify-large fetches all of it)" in (found.readings[0].reason or "")


def test_what_a_reader_lacks_is_fetched_and_read_again(
    scan: Callable[..., Scan], objects_served: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_choice, "LARGE_BYTES", 10_000)
    content = far_timecode()
    objects_served.objects["ep1/a.mov"] = content
    engine = FetchingEngine(InProcessEngine(WorkerSettings()))
    try:
        (read,) = engine.run([ExamineTask(7, f"{ROOT}a.mov", len(content))])
    finally:
        engine.close()
    assert isinstance(read, Examination)
    assert read.identity.timecode
    assert read.identity.timecode.start == 1234
    assert objects_served.sent_bytes < len(content) / 2


def listed(*paths: str) -> Shadows:
    shadows = Shadows(Buckets())
    for number, path in enumerate(paths):
        shadows.expect(ROOT + path, FileEntry(path, number + 1))
    return shadows


def test_each_task_names_what_it_needs() -> None:
    choosing = Choosing(
        listed("a.mov", "a.c2pa", "ascmhl/0001.mhl", "ascmhl/chain.xml", "s/ASSETMAP.xml", "s/PKL.xml", "s/v.mxf"), set(), False
    )
    frames = FrameFiles(Fraction(25), f"{ROOT}seq", ("f.1.dpx", "f.2.dpx"), (0, 1), (10, 20))
    needs = {
        name: {need.address: need.size_bytes for need in choosing.needs(task)}
        for name, task in {
            "examine": ExamineTask(1, f"{ROOT}a.mov", 9, manifest_sidecar=f"{ROOT}a.c2pa"),
            "local": ExamineTask(1, "/disk/a.mov", 9),
            "film": FilmTask(1, f"{ROOT}a.mov", 5),
            "frames": FilmTask(1, f"{ROOT}seq/f.1.dpx", 5, files=frames),
            "edge": EdgeTask(1, f"{ROOT}a.mov", 0, Fraction(0), Fraction(1), ()),
            "mhl": SealedListTask(1, ROOT.rstrip("/"), 3, SealKind.MHL),
            "pkl": SealedListTask(1, f"{ROOT}s/ASSETMAP.xml", 3, SealKind.PKL),
        }.items()
    }
    assert needs == {
        "examine": {f"{ROOT}a.mov": 9, f"{ROOT}a.c2pa": 2},
        "local": {},
        "film": {f"{ROOT}a.mov": 1},
        "frames": {f"{ROOT}seq/f.1.dpx": 10, f"{ROOT}seq/f.2.dpx": 20},
        "edge": {f"{ROOT}a.mov": 1},
        "mhl": {f"{ROOT}ascmhl/0001.mhl": 3, f"{ROOT}ascmhl/chain.xml": 4},
        "pkl": {f"{ROOT}s/ASSETMAP.xml": 5, f"{ROOT}s/PKL.xml": 6},
    }


def test_a_task_goes_out_with_files_that_lie_as_the_objects_do() -> None:
    shadows = listed("seq/f.1.dpx", "a.png")
    try:
        frames = FrameFiles(Fraction(25), f"{ROOT}seq", ("f.1.dpx",), (0,), (10,))
        sent = on_shadows(FilmTask(1, f"{ROOT}seq/f.1.dpx", 5, files=frames), shadows)
        assert isinstance(sent, FilmTask) and sent.files
        assert sent.path == f"{sent.files.folder}/f.1.dpx" == shadows.path(f"{ROOT}seq/f.1.dpx")
        assert sent.path.startswith("/")
        task = CompareTask(1, f"{ROOT}a.png", 5, None, reference_path=f"{ROOT}seq/f.1.dpx")  # type: ignore[arg-type]
        compared = on_shadows(task, shadows)
        assert isinstance(compared, CompareTask)
        assert compared.reference_path == sent.path
        assert on_shadows(ExamineTask(1, "/disk/a", 1), shadows) == ExamineTask(1, "/disk/a", 1)
    finally:
        shadows.close()


def test_a_cut_in_a_bucket_is_told_by_its_address(
    scan: Callable[..., Scan], delivery: Path, objects_served: ObjectServer
) -> None:
    edl = "TITLE: EP1\nFCM: NON-DROP FRAME\n\n001  PIER     V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n"
    objects_served.objects["cuts/ep1.edl"] = f"{edl}* FROM CLIP NAME: pier.jpg\n".encode()
    done = scan(ROOT, cuts=("s3://delivery/cuts/ep1.edl",), frames_per_second=Fraction(25))
    (cut,) = done.cuts
    assert cut.file == "ep1.edl"
    objects_served.objects["cuts/ep1.edl"] = b"\x00\x01no cut"
    with pytest.raises(ScannerError) as caught:
        scan(ROOT, cuts=("s3://delivery/cuts/ep1.edl",), frames_per_second=Fraction(25))
    assert "scanner-objects" not in str(caught.value)
    assert "s3://delivery/cuts/ep1.edl" in str(caught.value)


def test_what_an_earlier_scan_read_is_not_fetched_again(
    scan: Callable[..., Scan], delivery: Path, objects_served: ObjectServer, tmp_path: Path
) -> None:
    store = str(tmp_path / "store.sqlite")
    first = scan(ROOT, store=store, fingerprints=False, thumbnails=False)
    again = scan(ROOT, store=store, fingerprints=False, thumbnails=False)
    assert first.coverage.fetched_bytes == sum(map(len, objects_served.objects.values()))
    assert again.coverage.fetched_bytes == 0
    assert told(again)["assets"] == told(first)["assets"]
    # Another object under the key, of the same size and time: only its entity tag tells.
    still = objects_served.objects["ep1/final/pier.jpg"]
    assert isinstance(still, bytes)
    objects_served.objects["ep1/final/pier.jpg"] = still[:-2] + bytes(2)
    changed = scan(ROOT, store=store, fingerprints=False, thumbnails=False)
    assert changed.coverage.fetched_bytes == len(still)
    hashes = {asset.path: asset.hash.value for asset in changed.assets}
    assert hashes["final/pier.jpg"] == hashlib.sha256(still[:-2] + bytes(2)).hexdigest()


def test_a_reading_beside_a_detached_manifest_is_made_anew(
    scan: Callable[..., Scan], objects_served: ObjectServer, tmp_path: Path
) -> None:
    signed = Path(__file__).parents[2] / "fixtures" / "signed"
    objects_served.objects["ep1/detached.jpg"] = (signed / "detached.jpg").read_bytes()
    objects_served.objects["ep1/detached.c2pa"] = (signed / "detached.c2pa").read_bytes()
    store = str(tmp_path / "store.sqlite")
    (before,) = scan(ROOT, store=store, fingerprints=False, thumbnails=False).assets
    assert before.credentials is Credentials.VALID
    objects_served.objects["ep1/detached.c2pa"] = (signed / "detached.c2pa").read_bytes()[:-400]
    (after,) = scan(ROOT, store=store, fingerprints=False, thumbnails=False).assets
    assert after.credentials is not Credentials.VALID


def test_a_reading_in_part_serves_nobody_who_wants_the_hash(
    scan: Callable[..., Scan], objects_served: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_choice, "LARGE_BYTES", 10_000)
    content = far_timecode()
    objects_served.objects["ep1/a.mov"] = content
    store = str(tmp_path / "store.sqlite")
    (part,) = scan(ROOT, store=store, fingerprints=False, thumbnails=False).assets
    assert part.hash.value is None
    task = ExamineTask(0, f"{ROOT}a.mov", len(content), fingerprint=False)
    wanted = task_digest(replace(task, hash_always=True), WorkerSettings().hash_below_bytes)
    assert wanted != task_digest(task, WorkerSettings().hash_below_bytes)
    (whole,) = scan(
        ROOT,
        store=store,
        fingerprints=False,
        thumbnails=False,
        verify_large=True,
        worker=WorkerSettings(hash_below_bytes=1 << 62),
    ).assets
    assert whole.hash.value == hashlib.sha256(content).hexdigest()


def test_sealed_lists_in_a_bucket_are_read_and_compared(
    scan: Callable[..., Scan], objects_served: ObjectServer, tmp_path: Path
) -> None:
    sealer = Sealer(tmp_path / "ep1" / "card")
    root = sealer.folder.parent
    for name in ("a", "b"):
        (sealer.folder / f"{name}.txt").write_text(name)
    sealer.seal(entry("a.txt", b"a") + entry("b.txt", b"B"))
    put(root, objects_served)
    local, remote = scan(str(root), check_hashes=True), scan(ROOT, check_hashes=True)
    assert told(remote) == told(local)
    assert {one.path: one.sealed.state.value for one in remote.assets if one.sealed} == {
        "card/a.txt": "verified",
        "card/b.txt": "differs",
    }
