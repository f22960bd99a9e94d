"""Walks over top-level boxes that the probe's tests do not show."""

from __future__ import annotations

import io

from scanner.tools.containers.bmff import boxes
from scanner.tools.containers.source import Source


def test_a_box_with_a_damaged_name_does_not_hide_the_boxes_behind_it() -> None:
    named = b"\0\0\0\x10ftypavif\0\0\0\0"
    damaged = b"\0\0\0\x0cm\xe3atdata"
    content = named + damaged + b"\0\0\0\x0cuuiddata"
    source = Source(io.BytesIO(content), len(content))

    assert [box.kind for box in boxes(source)] == [b"ftyp", b"m\xe3at", b"uuid"]
