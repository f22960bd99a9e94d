"""Facts of a file that are no marks."""

from __future__ import annotations

import pytest

from scanner.model.readings import Failed, Found, NotTried, Statement
from scanner.pipeline.facts import FileFacts, pairs_of

CAMERA = {"IFD0:Make": "Fixture Optics", "IFD0:Model": "Fixture F1", "File:ImageWidth": "360", "File:ImageHeight": "240"}
EXPOSURE = {"ExifIFD:ExposureTime": "1/250", "ExifIFD:FNumber": "5.6", "ExifIFD:ISO": "400", "ExifIFD:FocalLength": "50.0 mm"}


def facts(**fields: str) -> FileFacts:
    return FileFacts.of(Found(tuple(Statement(field, value) for field, value in fields.items())))


def test_camera_exposure_size_and_time() -> None:
    told = facts(**CAMERA, **EXPOSURE, **{"ExifIFD:DateTimeOriginal": "2019:05:04 10:11:12"})

    assert told == FileFacts("Fixture Optics Fixture F1", "1/250 s, f/5.6, ISO 400, 50.0 mm", 360, 240, "2019:05:04 10:11:12")


@pytest.mark.parametrize(
    ("fields", "exposure"),
    [
        ({"ExifIFD:ExposureTime": "1/60", "ExifIFD:ISO": "100"}, "1/60 s, ISO 100"),
        ({"ExifIFD:ExposureTime": "0.5", "ExifIFD:FNumber": "2"}, "0.5 s, f/2"),
        ({"ExifIFD:ISO": "100"}, ""),
        ({"ExifIFD:ISO": "0", "ExifIFD:FNumber": "0", "ExifIFD:ExposureTime": "0"}, ""),
        ({"ExifIFD:FNumber": "undef", "ExifIFD:ExposureTime": "inf", "ExifIFD:ISO": "100"}, ""),
        ({"ExifIFD:ISO": "100 \x1b[31m", "ExifIFD:FNumber": "9" * 5000}, ""),
        ({"XMP-exif:ISO": "100", "XMP-exif:FNumber": "2"}, ""),
    ],
)
def test_an_exposure_needs_two_facts_that_are_numbers(fields: dict[str, str], exposure: str) -> None:
    assert facts(**fields).exposure == exposure


def test_a_graph_is_no_camera() -> None:
    assert facts(**{"IFD0:Make": "workflow:{" + "x" * 500}).camera == ""


def test_what_a_failed_reading_got_counts() -> None:
    outcome = Failed("truncated", (Statement("IFD0:Make", "first"), Statement("IFD0:Make", "second")))

    assert FileFacts.of(outcome).camera == "first"
    assert list(pairs_of(NotTried("no"))) == []


def test_identities_are_those_of_xmp_without_what_stands_before_them() -> None:
    told = facts(
        **{
            "XMP-xmpMM:InstanceID": "xmp.iid:AB12-CD",
            "XMP-xmpMM:DocumentID": "adobe:docid:photoshop:ef34",
            "XMP-xmpDM:TapeName": "A1",
        }
    )

    assert (told.uuids, told.tape) == (("ab12-cd", "ef34"), "A1")
    assert facts(**{"XMP-xmpMM:InstanceID": "uuid:", "XMP-xmpMM:DocumentID": ""}).uuids == ()


def test_a_film_frame_has_the_rate_and_timecode_of_its_header() -> None:
    told = facts(**{"OpenEXR:FramesPerSecond": "24", "OpenEXR:TimeCode": "16909060 0"})

    assert (told.frame_rate, told.timecode) == (24, "01:02:03:04")
    assert (facts(**CAMERA).frame_rate, facts(**CAMERA).timecode) == (None, "")
