from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model.kept import RACY_NS, FileIdentity, extension_of, joined, split
from scanner.probe.formats import find_extension
from tests.store.examinations import READ_NS, bare, marked, photographed, to_keep


@pytest.mark.parametrize("name", ["a.jpg", "A.JPG", "a.b.Jpg", ".jpg", "..jpg", "a.", "a", "", "a.jpg.", "…", "ä.MXF", "a. b"])
def test_the_extension_is_that_which_the_probe_takes(name):
    assert extension_of(name) == find_extension(name)


@pytest.mark.parametrize("make", [bare, photographed])
def test_what_differs_between_files_is_no_part_of_the_outcome(make):
    assert split(make(1))[0] == split(make(2))[0]


def test_the_outcome_of_a_marked_file_is_its_own():
    assert split(marked(1))[0] != split(marked(2))[0]


@pytest.mark.parametrize(
    "change",
    [
        {"timecode": "01:00:00:00"},
        {"captured": "2026:01:01 00:00:00"},
        {"sealed_digests": (("md5", "00"),)},
        {"exposure": "1/250 s, f/5.6"},
        {"width": 7},
    ],
)
def test_these_are_a_files_own(change):
    assert split(replace(bare(1), **change))[0] == split(bare(1))[0]


@pytest.mark.parametrize(
    ("own", "why"),
    [
        ({"sha256": b"\0"}, "SHA-256"),
        ({"prints": b""}, "hashes"),
        ({"prints": bytes(3)}, "hashes"),
        ({"prints": bytes(1000)}, "hashes"),
        ({"facts": ""}, "Expecting value"),
        ({"facts": "7"}, "facts"),
        ({"facts": "[]"}, "values to unpack"),
        ({"facts": '{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}'}, "facts are damaged"),
        ({"facts": '[1,"","",[],"",[]]'}, "facts"),
        ({"facts": '["","","",[1],"",[]]'}, "facts"),
        ({"facts": '["","","",[],"",[1]]'}, "facts are damaged"),
        ({"facts": '["","","",7,"",[]]'}, "facts"),
    ],
)
def test_a_damaged_part_is_refused(own, why):
    shared, part = split(photographed(1))
    with pytest.raises(ValueError, match=why):
        joined(shared, part._replace(**own), 0)


@pytest.mark.parametrize(("before_ns", "keepable"), [(RACY_NS, True), (RACY_NS - 1, False)])
def test_the_time_of_a_detached_manifest_counts_too(before_ns, keepable):
    beside = FileIdentity("/x/a.c2pa", 1, READ_NS - before_ns, 0, 1)
    assert replace(to_keep(bare(), "/x/a.jpg"), beside=beside).is_keepable is keepable
