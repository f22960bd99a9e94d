"""Pages of assets of reports without a delivery: films, what is laid over each other, credentials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.matching import NumberedFrames
from scanner.model.readings import Statement
from scanner.model.recorded import RecordedAsset
from scanner.model.scan import Scan
from scanner.model.statements_work import Said
from scanner.report.film_hits import hits_of
from scanner.report.json_asset_reading import read_asset
from scanner.report.json_manifests_reading import read_manifests
from scanner.review.metadata import grouped
from scanner.review.pictured import frame_of, picture_of
from scanner.review.room import Room
from tests.report.filmed import filmed
from tests.report.laid import laid
from tests.report.scans import blocked
from tests.review.asking import Visitor

Opened = Callable[..., Room]


def pages(room: Room) -> list[str]:
    visitor = Visitor(room)
    answers = [visitor.get(f"/scans/1/assets/{row}") for row in range(len(room.reports[0].catalogue))]
    assert {answer.status for answer in answers} == {200}
    return [answer.text for answer in answers]


def test_a_film_has_its_strip_and_a_picture_of_each_stretch(opened: Opened) -> None:
    scan = filmed()
    told = "".join(pages(opened(scan)))
    hits = [hits_of(record) for record in scan.assets]
    most = max(hits, key=len)
    assert len(most) > 1 and told.count('class="strip"') == sum(map(bool, hits))
    for hit in most[:2]:
        assert f'/frames/{hit.number}"' in told and f'id="stretch-{hit.number}"' in told
    assert "10:00:" in told


def test_laid_over_each_other_has_its_regions_and_its_overlays(opened: Opened) -> None:
    told = "".join(pages(opened(laid())))
    assert 'class="region"' in told and 'class="overlay"' in told and "Regions that differ" in told
    assert "Nothing differs beyond grade" in told and "open the room with --library" in told


@pytest.mark.parametrize("scan", [blocked, filmed, laid], ids=lambda make: make.__name__)
def test_pages_have_no_style_or_script_of_their_own(opened: Opened, scan: Callable[[], Scan]) -> None:
    for text in pages(opened(scan())):
        assert " style=" not in text and "<style" not in text and " onclick=" not in text
        assert text.count("<script") == text.count('<script src="/static/')


def test_credentials_are_read_back_as_they_were_written(opened: Opened) -> None:
    scan = blocked()
    room = opened(scan)
    written = {record.path: record.manifests for record in scan.assets if record.manifests}
    read = {node.path(): read_manifests(node) for node in room.reports[0].file.assets()}
    assert written
    for path, store in written.items():
        back = read[path]
        assert back is not None and (back.active, back.codes, back.trusted_by) == (store.active, store.codes, store.trusted_by)
        assert [(each.label, each.signer, each.ingredients) for each in back.manifests] == [
            (each.label, each.signer, tuple(replace(one, label="", instance_id="") for one in each.ingredients))
            for each in store.manifests
        ]
    assert 'class="chain"' in "".join(pages(room))


def film_of(room: Room) -> RecordedAsset:
    return max((read_asset(node) for node in room.reports[0].file.assets()), key=lambda record: len(hits_of(record)))


def test_a_film_is_shown_by_the_stretch_that_tells_most(opened: Opened) -> None:
    film = film_of(opened(filmed()))
    wanted = picture_of(1, film)
    assert wanted.path == film.path and wanted.at in {hit.segment.best for hit in hits_of(film)}


def test_a_sequence_is_shown_by_the_file_that_bears_the_number(opened: Opened) -> None:
    film = film_of(opened(filmed()))
    members = tuple(f"v2/shot_010.{number:04}.exr" for number in range(990, 1003))
    hit = hits_of(film)[0]

    def numbered(best: int) -> str:
        segment = replace(hit.segment, numbers=NumberedFrames(990, 1002, best))
        return frame_of(1, replace(film, members=members), replace(hit, segment=segment)).path

    assert numbered(1001) == "v2/shot_010.1001.exr"
    assert numbered(7) == members[0]


def said(*statements: Statement) -> list[Said]:
    return [Said("exiftool", "13", "found", "", statements)]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("PNG:Parameters", "a harbour at dusk", False),
        ("XMP-dc:Creator", "Dana", False),
        ("File:Comment", "made for Dana Reyes", False),
        ("RIFF:Artist", "Dana", False),
        ("IFD0:Artist", "Dana", False),
        ("IFD0:Make", "masterpiece, best quality, a girl with a very long scarf in the rain", False),
        ("IFD0:Model", '{"prompt": {"1": {}}}', False),
        ("IFD0:Model", "Canon EOS R5", True),
        ("File:MIMEType", "image/png", True),
        ("ExifIFD:ExposureTime", "1/250", True),
        ("ExifIFD:DateTimeOriginal", "2025:03:04 10:11:12", True),
        ("XMP-xmpMM:InstanceID", "xmp.iid:0cee0bf5-8386-4cc8-b852-ef62baa57b67", True),
        ("Composite:ImageSize", "480x320", True),
        ("JFIF:ResolutionUnit", "inches", True),
    ],
)
def test_what_is_of_no_fixed_kind_is_withheld(field: str, value: str, told: bool) -> None:
    (reader,) = grouped(said(Statement(field, value)), told=False)
    (group,) = reader.groups
    name = field.rpartition(":")[2]
    assert (group.rows, group.withheld) == ((((name, value),), ()) if told else ((), ((name, 1),)))


@given(
    st.text(st.characters(categories=["L"]), min_size=2, max_size=30),
    st.sampled_from(["XMP-dc:Title", "QuickTime:Comment", "a", ":"]),
)
def test_a_name_is_never_told_by_a_field_that_nobody_knows(name: str, field: str) -> None:
    if name.strip("xTZ"):
        (reader,) = grouped(said(Statement(field, name)), told=False)
        assert [(group.rows, group.count) for group in reader.groups] == [((), 1)]
    (reader,) = grouped(said(Statement(field, name)), told=True)
    assert [value for group in reader.groups for _, value in group.rows] == [name]


def test_groups_keep_their_order_and_their_fields() -> None:
    (reader,) = grouped(said(Statement("B:1", "1"), Statement("A:2", "2"), Statement("B:3", "3")), told=True)
    assert [(group.name, [name for name, _ in group.rows]) for group in reader.groups] == [("B", ["1", "3"]), ("A", ["2"])]


def test_a_moved_delivery_is_looked_for_where_it_is(opened: Opened, tmp_path: Path) -> None:
    room = opened(blocked())
    (root, *_) = room.reports[0].roots_now
    assert room.with_moved({root: str(tmp_path)}).reports[0].roots_now[0] == str(tmp_path)
