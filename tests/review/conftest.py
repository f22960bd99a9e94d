"""Rooms for tests; without the extra `review` they are skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanner.model.scan import Scan
from tests.report.written import to_json

pytest.importorskip("starlette", reason="the extra 'review' is not installed")
pytest.importorskip("uvicorn", reason="the extra 'review' is not installed")

from scanner.review.room import Room, open_room

Opened = Callable[..., Room]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Open a room with the reports of these scans."""
    rooms: list[Room] = []

    def open_scans(*scans: Scan) -> Room:
        for number, scan in enumerate(scans):
            (tmp_path / f"{number}.json").write_bytes(to_json(scan).encode("utf-8", "surrogatepass"))
        paths = [str(tmp_path / f"{number}.json") for number in range(len(scans))]
        rooms.append(open_room(paths, lambda *_: None))
        return rooms[-1]

    yield open_scans
    for room in rooms:
        for report in room.reports:
            report.file.close()
