"""Who metadata says is shown, from statements as both generations of ExifTool flatten them."""

from __future__ import annotations

import pytest

from scanner.interpret.people import NAME_LIMIT, NAMES_LIMIT, find_people, join_people
from scanner.model.people import NOBODY, People
from scanner.model.readings import Statement

PERSON, DETAILED = "XMP-iptcExt:PersonInImage", "XMP-iptcExt:PersonInImageName"
TYPE, NAME = "XMP-mwg-rs:RegionType", "XMP-mwg-rs:RegionName"
RECTANGLE, TAGGED = "XMP-MP:RegionRectangle", "XMP-MP:RegionPersonDisplayName"


def said(*pairs: tuple[str, str]) -> list[Statement]:
    return [Statement(field, value) for field, value in pairs]


@pytest.mark.parametrize(
    ("statements", "people"),
    [
        ([(PERSON, "Ada"), (PERSON, "Ben")], People(("Ada", "Ben"))),
        ([(DETAILED, "Cy"), ("XMP-iptcExt:PersonInImageDescription", "waves")], People(("Cy",))),
        ([(PERSON, "Ada"), (DETAILED, " Ada ")], People(("Ada",))),
        ([(PERSON, " ")], People()),
        ([(TYPE, "Face"), (TYPE, "Face"), (NAME, "Eve")], People(("Eve",), 2)),
        ([(TYPE, "Pet"), (NAME, "Rex")], People()),
        ([(TYPE, "Pet"), (TYPE, "Face"), (NAME, "Rex"), (NAME, "Eve")], People(("Eve",), 1)),
        # One of three regions has no name: which one, the flattened lists do not tell, and a pet is no person.
        ([(TYPE, "Pet"), (TYPE, "Face"), (TYPE, "Face"), (NAME, "Rex"), (NAME, "Eve")], People((), 2)),
        ([(RECTANGLE, "0, 0, 1, 1"), (RECTANGLE, "0, 0, 1, 1"), (TAGGED, "Fay")], People(("Fay",), 2)),
        ([(TAGGED, "Fay")], People(("Fay",), 1)),
        ([(TYPE, "Face"), (NAME, "Eve"), (RECTANGLE, "0, 0, 1, 1"), (TAGGED, "Eve")], People(("Eve",), 1)),
        ([(NAME, "Eve")], People()),
    ],
)
def test_people(statements: list[tuple[str, str]], people: People) -> None:
    assert find_people(said(*statements)) == people


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Nikon:FacesDetected", "3"),
        ("Canon:ValidAFPoints", "1"),
        ("Panasonic:NumFacePositions", "2"),
        ("Apple:FacesDetected", "1"),
        ("XMP-dc:Creator", "A. Photographer"),
        ("IFD0:Artist", "A. Photographer"),
        ("XMP-dc:Description", "Ada and Ben"),
    ],
)
def test_a_cameras_own_count_and_other_names_point_at_nobody(field: str, value: str) -> None:
    assert find_people(said((field, value))) is NOBODY


def test_a_hostile_crowd_is_bounded() -> None:
    crowd = find_people(said(*((PERSON, f"{number} " + "x" * 5000) for number in range(3000))))

    assert len(crowd.names) == NAMES_LIMIT
    assert max(map(len, crowd.names)) == NAME_LIMIT


def test_names_of_several_files_are_joined_and_faces_counted_once() -> None:
    assert join_people([People(("Ada",), 1), NOBODY, People(("Ben", "Ada"), 2)]) == People(("Ada", "Ben"), 2)
    assert join_people([NOBODY, NOBODY]) is NOBODY
