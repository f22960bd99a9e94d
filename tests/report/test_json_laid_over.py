"""Pictures laid over each other, in scan.json and back."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import jsonschema
import pytest

from scanner.model.matching import ClipPart, NumberedFrames, Segment
from scanner.model.scan import Scan
from scanner.report.json_laid_over import read_alteration, read_segments
from scanner.report.json_nodes import Node, WrongNodeError
from scanner.report.json_reading import read_report
from scanner.report.json_report import schema
from tests.report.laid_over import CROP, altered, derived, inset_copy
from tests.report.parts import asset
from tests.report.recorded import expected_scan
from tests.report.scans import blocked
from tests.report.written import to_json, to_ndjson


def scan_of() -> Scan:
    return replace(blocked(), assets=(asset("final/a.jpg", matches=(derived(), altered()), near_copies=(inset_copy(),)),))


def test_what_was_measured_is_told_in_whole_numbers():
    (found,) = json.loads(to_json(scan_of()))["assets"]
    crop, change = found["matches"]
    assert (crop["relation"], crop["inliers"], crop["distance_bits"]) == ("derived", 41, None)
    assert crop["alignment"] == {
        "mirrored": True,
        "asset_share_ppm": 1_000_000,
        "reference_share_ppm": 390_600,
        "coverage_ppm": 750_000,
        "candidates": 97,
        "matrix_ppm": [1_600_000, 0, -250_000, 0, 1_600_000, -125_000, 0, 1, 1_000_000],
    }
    assert crop["alteration"] == {
        "share_ppm": 0,
        "regions": [],
        "overlays": [{"kind": "lower third", "box_ppm": [100_000, 800_000, 600_000, 950_000]}],
    }
    assert change["alteration"]["regions"] == [{"box_ppm": [600_000, 100_000, 800_000, 420_000]}]
    (copy,) = found["near_copies"]
    assert (copy["relation"], copy["distance_bits"], copy["inliers"]) == ("contains", None, 34)
    assert copy["alteration"] is None


def test_it_keeps_to_the_schema_and_comes_back_as_it_was():
    written = to_json(scan_of())
    jsonschema.Draft202012Validator(json.loads(schema())).validate(json.loads(written))
    read = read_report(written.encode(), "scan.json")
    assert read == expected_scan(scan_of(), read)
    assert read.assets[0].matches[0].alignment == CROP


def test_a_report_from_before_these_keys_is_read():
    report = json.loads(to_json(scan_of()))
    for one in (*report["assets"][0]["matches"], *report["assets"][0]["near_copies"]):
        del one["alignment"], one["alteration"]
    read = read_report(json.dumps(report).encode(), "scan.json")
    assert read.assets[0].matches[0].alignment is None
    assert read.assets[0].near_copies[0].alteration is None


@pytest.mark.parametrize("box", [[0, 0, 1], [0, 0, 1, 1.5], "0011", None])
def test_a_box_that_is_none_is_told(box):
    with pytest.raises(WrongNodeError, match="box_ppm"):
        read_alteration(Node({"alteration": {"share_ppm": 1, "regions": [{"box_ppm": box}], "overlays": []}}))


def test_ndjson_says_the_same():
    line = next(record for record in map(json.loads, to_ndjson(scan_of()).splitlines()) if record["record"] == "asset")
    assert line["matches"] == json.loads(to_json(scan_of()))["assets"][0]["matches"]


def test_when_a_clip_is_on_screen_comes_back_as_it_was():
    part = ClipPart(Fraction(1), Fraction(7, 2), "00:00:01:00", "00:00:03:13", Fraction(2))
    seen = Segment(Fraction(62), Fraction(129, 2), "10:01:02:00", "10:01:04:13", Fraction(63), 3, True, 40, of_clip=part)
    still = replace(seen, of_clip=None, exact=False)
    film = asset("final/ep1.mov", near_copies=(replace(inset_copy(), segments=(seen, still)),))
    scan = replace(blocked(), assets=(film,))

    written = to_json(scan)

    jsonschema.Draft202012Validator(json.loads(schema())).validate(json.loads(written))
    assert read_report(written.encode(), "scan.json").assets[0].near_copies[0].segments == (seen, still)


def test_times_from_before_clips_were_told_are_read():
    seen = Segment(Fraction(62), Fraction(64), "10:01:02:00", "10:01:04:00", Fraction(63), 3)
    film = asset("final/ep1.mov", near_copies=(replace(inset_copy(), segments=(seen,)),))
    report = json.loads(to_json(replace(blocked(), assets=(film,))))
    del report["assets"][0]["near_copies"][0]["time_ranges"][0]["of_clip"]
    assert read_report(json.dumps(report).encode(), "scan.json").assets[0].near_copies[0].segments == (seen,)


FRAMES = NumberedFrames(-3, 41, 24)


@pytest.mark.parametrize("numbers", [FRAMES, None])
def test_when_it_is_on_screen_comes_back_as_it_was(numbers):
    segment = Segment(Fraction(5, 4), Fraction(25, 8), "10:00:01:06", "10:00:03:03", Fraction(2), 2, True, numbers=numbers)
    scan = replace(blocked(), assets=(asset("final/a.mov", matches=(replace(derived(), segments=(segment,)),)),))
    written = to_json(scan)
    jsonschema.Draft202012Validator(json.loads(schema())).validate(json.loads(written))
    assert read_report(written.encode(), "scan.json").assets[0].matches[0].segments == (segment,)


def test_a_report_from_before_sequences_were_looked_through_is_read():
    told = {"first": "1", "after": "2", "tc_in": "", "tc_out": "", "best": "1", "frames": 1, "exact": False}
    (segment,) = read_segments(Node({"time_ranges": [told]}))
    assert segment.numbers is None


@pytest.mark.parametrize("first", [True, 1.5, "1", 1 << 80, None])
def test_a_frame_number_that_is_none_is_told(first):
    told = {"first": "1", "after": "2", "tc_in": "", "tc_out": "", "best": "1", "frames": 1, "exact": False}
    with pytest.raises(WrongNodeError, match="first"):
        read_segments(Node({"time_ranges": [{**told, "frame_range": {"first": first, "last": 2, "best": 1}}]}))
