"""Pictures by their addresses: of our own making, of what was scanned, and otherwise a small one that says why not."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from scanner.model.matching import LaidOver
from scanner.model.work import Compared, DigestTask, WorkFailed
from scanner.review.assets import static_file
from scanner.review.workbench import Workbench
from tests.review.pictured_drive import HOSTILE, JPEG, Answer, Asking, Drive, Scripted, asking, own, scanned, workers

__all__ = ["own", "scanned"]

STILL = "final/harbour.jpg"


@pytest.fixture
def engine() -> Scripted:
    return Scripted()


@pytest.fixture
def room(own: Drive, engine: Scripted) -> Iterator[Asking]:
    with asking(own.report, Workbench(lambda: engine, workers=1, waiting_limit=2)) as room:
        yield room


def says(answer: Answer, obstacle: str) -> bool:
    picture = static_file(f"{obstacle}.svg")
    return picture is not None and (answer.body, answer.kind) == picture


@pytest.fixture(scope="module")
def real(scanned: Drive) -> Iterator[Asking]:
    with asking(scanned.report, workers(), scanned.library) as room:
        yield room


@pytest.mark.parametrize(("which", "longest"), [("thumbnail", 320), ("picture", 960)])
def test_pictures_are_jpeg_of_our_own_making_without_the_files_metadata(real: Asking, which: str, longest: int) -> None:
    answer = real.get(f"{real.row(STILL)}/{which}")
    assert (answer.status, answer.kind) == (200, "image/jpeg")
    with Image.open(io.BytesIO(answer.body)) as image:
        assert (image.format, max(image.size)) == ("JPEG", longest)
    assert b"harbour at dusk" not in real.get(f"{real.row('temp/idea.png')}/{which}").body


def test_a_sequence_is_shown_by_a_frame(real: Asking) -> None:
    path = next(node.path() for node in real.room.reports[0].file.assets() if node.text("kind") == "sequence")
    assert real.get(f"{real.row(path)}/thumbnail").kind == "image/jpeg"


@pytest.mark.parametrize("which", ["thumbnail", "picture"])
def test_an_svg_is_never_sent(real: Asking, which: str) -> None:
    answer = real.get(f"{real.row('final/logo.svg')}/{which}")
    assert says(answer, "no-picture") and b"script" not in answer.body


def test_a_hostile_name_is_a_name(real: Asking) -> None:
    assert real.get(f"{real.row(f'final/{HOSTILE}')}/thumbnail").kind == "image/jpeg"


def test_an_asset_and_its_reference_are_laid_over_each_other(real: Asking) -> None:
    row = real.row(STILL)
    sizes = set()
    for part in ("asset", "reference", "difference"):
        answer = real.get(f"{row}/beside/0/{part}")
        assert answer.kind == ("image/png" if part == "difference" else "image/jpeg")
        with Image.open(io.BytesIO(answer.body)) as image:
            sizes.add(image.size)
    assert len(sizes) == 1
    assert real.get(f"{row}/beside/0").kind == "image/jpeg"


@pytest.mark.parametrize("path", ["beside/1", "beside/0/manifest", "beside/99/asset", "frames/1", "frames/0/shown"])
def test_what_the_report_does_not_name_is_not_there(real: Asking, path: str) -> None:
    assert real.get(f"{real.row(STILL)}/{path}").status == 404
    assert real.get(f"/scans/1/assets/99999/{path}").status == 404


def test_without_the_library_references_have_no_picture(scanned: Drive) -> None:
    with asking(scanned.report, workers()) as room:
        assert says(room.get(f"{room.row(STILL)}/beside/0"), "no-picture")
        assert says(room.get(f"{room.row(STILL)}/beside/0/reference"), "no-picture")


def test_a_library_that_went_away_costs_its_pictures_only(scanned: Drive, tmp_path: Path) -> None:
    with asking(scanned.report, workers(), tmp_path / "gone.sqlite") as room:
        assert says(room.get(f"{room.row(STILL)}/beside/0"), "no-picture")


def test_one_picture_is_made_once_however_many_ask(room: Asking, engine: Scripted) -> None:
    address = f"{room.row(STILL)}/thumbnail"

    async def all_at_once() -> list[Answer]:
        return await asyncio.gather(*(room.ask(address) for _ in range(20)))

    assert {answer.body for answer in asyncio.run(all_at_once())} == {JPEG}
    assert room.get(address).body == JPEG and len(engine.tasks) == 1


def test_more_than_can_wait_is_told_to_come_again(room: Asking, engine: Scripted) -> None:
    engine.leave.clear()
    rows = [f"/scans/1/assets/{row}" for row in range(len(room.room.reports[0].catalogue))]

    async def too_many() -> list[Answer]:
        coming = [asyncio.ensure_future(room.ask(f"{row}/{which}")) for row in rows for which in ("thumbnail", "picture")]
        _, waiting = await asyncio.wait(coming, timeout=1)
        assert len(waiting) <= 3
        engine.leave.set()
        return await asyncio.gather(*coming)

    answers = asyncio.run(too_many())
    busy = [answer for answer in answers if answer.status == 503]
    assert busy and all(answer.headers["retry-after"].isdigit() and answer.kind.startswith("text/plain") for answer in busy)
    assert {answer.status for answer in answers} == {200, 503}
    assert room.get(f"{room.row(STILL)}/thumbnail").body == JPEG


def test_a_file_whose_worker_died_has_no_picture_and_is_not_tried_again(own: Drive) -> None:
    engine = Scripted(WorkFailed(0, "the worker process died"))
    with asking(own.report, Workbench(lambda: engine)) as room:
        for _ in range(3):
            assert says(room.get(f"{room.row(STILL)}/thumbnail"), "no-picture")
        assert len(engine.tasks) == 1


def test_a_full_disk_costs_making_a_picture_again_and_nothing_else(
    room: Asking, engine: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    assert [room.get(f"{room.row(STILL)}/thumbnail").body for _ in range(2)] == [JPEG, JPEG]
    assert len(engine.tasks) == 2


def test_two_pictures_that_do_not_differ_have_no_difference(own: Drive) -> None:
    engine = Scripted(Compared(0, None, LaidOver(JPEG, JPEG, b"", 4, 3)))
    with asking(own.report, Workbench(lambda: engine), own.library) as room:
        for _ in range(2):
            assert says(room.get(f"{room.row(STILL)}/beside/0/difference"), "no-difference")
            assert room.get(f"{room.row(STILL)}/beside/0/asset").body == JPEG
        assert len(engine.tasks) == 1


def test_other_bytes_of_the_same_size_are_not_shown(room: Asking, own: Drive, engine: Scripted) -> None:
    content = bytearray((own.root / STILL).read_bytes())
    content[-1] ^= 1
    (own.root / STILL).write_bytes(content)
    os.utime(own.root / STILL, (1, 1))
    assert says(room.get(f"{room.row(STILL)}/thumbnail"), "changed")
    assert [type(task) for task in engine.tasks] == [DigestTask]


def test_a_copy_with_another_time_is_shown_after_its_bytes_were_compared(own: Drive) -> None:
    os.utime(own.root / STILL, (1, 1))
    with asking(own.report, workers()) as room:
        assert room.get(f"{room.row(STILL)}/thumbnail").kind == "image/jpeg"


@pytest.mark.parametrize(("swap", "obstacle"), [("link", "out-of-reach"), ("file", "changed")])
def test_a_file_that_is_swapped_while_its_picture_is_made_is_not_shown(
    room: Asking, own: Drive, engine: Scripted, swap: str, obstacle: str
) -> None:
    engine.leave.clear()
    address = f"{room.row(STILL)}/thumbnail"

    async def swapped() -> Answer:
        coming = asyncio.ensure_future(room.ask(address))
        while not engine.tasks:
            await asyncio.sleep(0.01)
        path = own.root / STILL
        other = path.with_name("other")
        if swap == "link":
            other.symlink_to("/etc/hostname")
        else:
            shutil.copy2(path, other)
        other.replace(path)
        engine.leave.set()
        return await coming

    assert says(asyncio.run(swapped()), obstacle)


def test_a_disk_that_does_not_answer_holds_up_no_page(room: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def hangs(*_: object) -> None:
        answered.wait(30)

    address = room.row(STILL)
    monkeypatch.setattr("scanner.review.pictures.LOOK_SECONDS", 0.1)
    monkeypatch.setattr("scanner.review.reach._status", hangs)

    async def many() -> list[Answer]:
        return await asyncio.gather(*(room.ask(f"{address}/thumbnail") for _ in range(20)), room.ask(address))

    *pictures, page = asyncio.run(many())
    assert all(says(answer, "out-of-reach") for answer in pictures)
    assert page.status == 200 and "the disk does not answer" in page.text
    answered.set()


@pytest.mark.parametrize(("change", "obstacle"), [("gone", "out-of-reach"), ("longer", "changed")])
def test_what_is_not_as_it_was_scanned_says_so(room: Asking, own: Drive, engine: Scripted, change: str, obstacle: str) -> None:
    path = own.root / STILL
    path.unlink() if change == "gone" else path.write_bytes(path.read_bytes() + b"x")
    assert says(room.get(f"{room.row(STILL)}/picture"), obstacle)
    assert engine.tasks == []


def test_a_room_without_means_has_pages_without_pictures(scanned: Drive) -> None:
    from scanner.review.app import make_app
    from scanner.review.pictures import Pictures
    from scanner.review.room import open_room

    room = open_room([str(scanned.report)], lambda *_: None)
    assert make_app(room).state.pictures is not None
    asked = Asking(room, Pictures({}, None))
    assert says(asked.get("/scans/1/assets/0/thumbnail"), "no-picture")
    assert asked.get("/scans/1/assets/0").status == 200
