"""Which files the room opens: those that were scanned, and nothing that a report, a link or a swap would lead it to."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.review.reach import Obstacle, ObstacleError, Reach
from scanner.review.room import open_room
from tests.review.pictured_drive import Drive, own, scanned

__all__ = ["own", "scanned"]

STILL = "final/harbour.jpg"


def reach_of(drive: Drive, moved: dict[str, str] | None = None) -> Reach:
    room = open_room([str(drive.report)], lambda *_: None)
    return Reach(room.with_moved(moved or {}).reports[0])


def why(drive: Drive, path: str = STILL, root: int = 0, moved: dict[str, str] | None = None) -> tuple[Obstacle, str]:
    with pytest.raises(ObstacleError) as caught:
        reach_of(drive, moved).file(root, path)
    return caught.value.obstacle, str(caught.value)


def edited(drive: Drive, old: str, new: str) -> Drive:
    """A report in which another path stands, among the assets and in the inventory."""
    text = drive.report.read_text()
    assert json.dumps(old) in text
    drive.report.write_text(text.replace(json.dumps(old), json.dumps(new)))
    return drive


def test_a_file_that_is_as_it_was_scanned_is_reached(own: Drive) -> None:
    reached = reach_of(own).file(0, STILL)
    assert reached.path == os.path.realpath(own.root / STILL)
    assert (reached.size_bytes, reached.sha256) == ((own.root / STILL).stat().st_size, "")


@pytest.mark.parametrize(
    "path", ["../secret.jpg", "final/../../secret.jpg", "final/../harbour.jpg", "/etc/hostname", "./a", "a//b", "a\0b", ""]
)
def test_a_path_that_leads_elsewhere_is_refused_even_where_the_inventory_has_it(own: Drive, path: str) -> None:
    (own.root.parent / "secret.jpg").write_bytes((own.root / STILL).read_bytes())
    obstacle, said = why(edited(own, STILL, path), path)
    assert obstacle is Obstacle.OUT_OF_REACH and ("leads out" in said or "inventory" in said)


def test_what_the_inventory_lacks_is_not_opened(own: Drive) -> None:
    shutil.copy2(own.root / STILL, own.root / "final" / "later.jpg")
    assert "inventory does not have it" in why(own, "final/later.jpg")[1]
    assert "inventory does not have it" in why(own, root=1)[1]


def linked_folder(drive: Drive) -> None:
    outside = drive.root.parent / "outside"
    (drive.root / "final").rename(outside)
    (drive.root / "final").symlink_to(outside)


def linked_file(drive: Drive) -> None:
    outside = drive.root.parent / "outside.jpg"
    (drive.root / STILL).rename(outside)
    (drive.root / STILL).symlink_to(outside)


def pipe(drive: Drive) -> None:
    (drive.root / STILL).unlink()
    os.mkfifo(drive.root / STILL)


def gone(drive: Drive) -> None:
    (drive.root / STILL).unlink()


def delivery_gone(drive: Drive) -> None:
    drive.root.rename(drive.root.parent / "unplugged")


@pytest.mark.parametrize("change", [linked_folder, linked_file, pipe, gone, delivery_gone], ids=lambda change: change.__name__)
def test_links_pipes_and_what_is_gone_are_out_of_reach(own: Drive, change: Callable[[Drive], None]) -> None:
    change(own)
    assert why(own)[0] is Obstacle.OUT_OF_REACH


def test_another_size_is_a_change(own: Drive) -> None:
    path = own.root / STILL
    status = path.stat()
    path.write_bytes(path.read_bytes() + b"x")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert why(own) == (Obstacle.CHANGED, "Changed since the scan: its size differs")


def test_another_time_asks_for_the_bytes(own: Drive) -> None:
    os.utime(own.root / STILL, (1, 1))
    inventory = json.loads(own.report.read_text())["inventory"]
    known = next(each["sha256"] for each in inventory if each["path"] == STILL)
    assert reach_of(own).file(0, STILL).sha256 == known
    own.report.write_text(own.report.read_text().replace(f'"sha256": "{known}"}}', '"sha256": null}'))
    assert why(own)[0] is Obstacle.CHANGED


def test_a_file_that_is_written_to_meanwhile_is_noticed(own: Drive) -> None:
    reach = reach_of(own)
    reached = reach.file(0, STILL)
    assert reach.file(0, STILL) == reached
    content = (own.root / STILL).read_bytes()
    (own.root / STILL).unlink()
    (own.root / STILL).write_bytes(content)
    assert reach.file(0, STILL) != reached


def test_a_delivery_that_was_moved_is_found_where_it_is_said_to_be(own: Drive) -> None:
    there = own.root.parent / "elsewhere"
    own.root.rename(there)
    assert reach_of(own, {str(own.root): str(there)}).file(0, STILL).path == os.path.realpath(there / STILL)


def test_a_root_that_is_a_link_is_followed_since_the_user_named_it(own: Drive) -> None:
    there = own.root.parent / "disk"
    own.root.rename(there)
    own.root.symlink_to(there)
    assert reach_of(own).file(0, STILL).path == os.path.realpath(there / STILL)


@pytest.mark.parametrize("place", ["s3://bucket/drive/", "relative/drive"])
def test_buckets_and_places_that_nobody_knows_are_out_of_reach(own: Drive, place: str) -> None:
    assert why(own, moved={str(own.root): place})[0] is Obstacle.OUT_OF_REACH


def test_a_root_that_is_one_file_holds_that_file_alone(own: Drive, tmp_path: Path) -> None:
    drive = edited(own, STILL, "harbour.jpg")
    moved = {str(own.root): str(own.root / STILL)}
    reach = reach_of(drive, moved)
    assert reach.file(0, "harbour.jpg").path == os.path.realpath(own.root / STILL)
    assert why(drive, "final/logo.svg", moved=moved)[0] is Obstacle.OUT_OF_REACH
