"""The real samples: every one is read, or refused in one line that says what to do."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from scanner.model.cut import CutError
from scanner.model.sealed import SealedFile, SealKind
from scanner.model.work import SealedListTask
from scanner.timeline.reading import read_cut
from scanner.timeline.sealed_lists import read_sealed_list
from scanner.tools.digests import digests_of
from tests.timeline.cut_files import CORPUS, on_screen, shown

TIMELINES = CORPUS / "timelines"
PACKAGE = CORPUS / "imf" / "Application5" / "PhotonApp5Test"

pytestmark = pytest.mark.skipif(not TIMELINES.is_dir(), reason="the corpus is not on this machine")

FIRST = {
    "25fps.edl": (4, "00:00:00:00 00:00:06:11"),
    "avid_example.edl": (2, "00:59:53:11 00:59:54:18"),
    "cdl.edl": (2, "00:00:00:00 00:00:01:07"),
    "dissolve_test.edl": (4, "01:00:00:00 01:00:00:09"),
    "fcp7_premiere_example.xml": (16, "00:00:17:26 00:00:21:06"),
    "fcpx_project.fcpxml": (22, "00:00:00:00 00:00:10:15"),
    "gap_test.edl": (3, "00:00:00:00 00:00:01:00"),
    "multitrack.otio": (5, "00:00:00:00 00:00:30:00"),
    "one_clip.aaf": (2, "01:00:00:00 01:00:00:10"),
    "premiere_example.edl": (2, "00:59:53:11 00:59:54:18"),
    "sample.ale": (4, None),
    "screening_example.otio": (9, "00:59:53:11 00:59:54:18"),
    "simple.aaf": (15, "01:00:00:00 01:00:30:00"),
    "simple_cut.otio": (4, "00:00:00:00 00:00:00:03"),
    "speed_effects_small.edl": (5, "01:00:00:00 01:00:05:06"),
    "timecode_mismatch.edl": (20, "00:00:00:00 00:00:06:11"),
    "timecode_test.aaf": (2, "01:00:00:00 01:00:01:00"),
}


def read(name: str):
    if name.endswith((".otio", ".aaf")):
        pytest.importorskip("opentimelineio")
    if name.endswith(".aaf"):
        pytest.importorskip("otio_aaf_adapter")
    return read_cut(str(TIMELINES / name), Fraction(25) if name in ("25fps.edl", "timecode_mismatch.edl") else _rate(name))


def _rate(name: str) -> Fraction | None:
    return Fraction(24) if name.endswith(".edl") else None


def test_every_sample_is_expected():
    assert {path.name for path in TIMELINES.iterdir()} == set(FIRST)


@pytest.mark.parametrize("name", FIRST)
def test_samples_are_read(name):
    cut = read(name)

    count, first = FIRST[name]
    assert len(cut.events) == count
    assert (on_screen(cut, cut.events[0]) if cut.events[0].programme else None) == first


@pytest.mark.parametrize("name", [name for name in FIRST if name.endswith(".edl")])
def test_an_edl_without_a_rate_is_refused(name):
    with pytest.raises(CutError, match="--rate"):
        read_cut(str(TIMELINES / name))


def test_a_nested_sequence_is_unfolded_in_its_place():
    nested = [event for event in read("fcp7_premiere_example.xml").events if event.track == "video 2/video 1"]

    # The clip that shows the sequence stands at frames 636 to 956.
    assert [(event.source.name, event.programme.start, event.programme.end) for event in nested if event.programme] == [
        ("sc01_sh010_anim.mov", 636, 736),
        ("sc01_sh030_anim.mov", 736, 956),
    ]


def test_a_compound_clip_is_unfolded_in_its_place():
    cut = read("fcpx_project.fcpxml")

    # It is shown from 3.633 s on, for 30 s, at 01:20: of its first clip, 10 s long, 6.367 s are seen.
    assert ("0/0", "IMG_0233", "00:01:20:00 00:01:26:11") in shown(cut)


def test_aaf_names_its_media():
    source = read("one_clip.aaf").events[0].source

    assert source.file == "//VSD/Tools_Media/Avid MediaFiles/MXF/reverb.1/ppjoshm_1.V01.D8C35C9E69C8V.mxf"
    assert source.tape == "ppjoshm_1.SIM1.02"
    assert "060a2b34.01010101.01010f00.13000000.060e2b34.7f7f2a80.5c9e69c8.ec2213a0" in source.uuids


def test_the_package_is_read_and_is_as_it_was_packed():
    cut = read_cut(str(PACKAGE))

    assert str(cut.rate) == "23.976"
    assert [(event.source.file, on_screen(cut, event)) for event in cut.events] == [
        ("reel1.mxf", "00:00:00:00 00:00:00:04"),
        ("reel2.mxf", "00:00:00:04 00:00:00:08"),
        ("WAV_060fe563-18d5-48d4-9148-1bfba4262ae2.mxf", "00:00:00:00 00:00:00:08"),
    ]
    sealed = read_sealed_list(SealedListTask(0, str(PACKAGE / "ASSETMAP.xml"), 1, SealKind.PKL))
    assert len(sealed.files) == 4
    assert all(has_sealed_bytes(PACKAGE, one) for one in sealed.files)


def has_sealed_bytes(folder: Path, sealed: SealedFile) -> bool:
    (one,) = sealed.hashes
    return digests_of(str(folder / sealed.path), [one.algorithm]) == {one.algorithm: one.value}


def test_a_playlist_alone_is_read_without_file_names():
    (playlist,) = PACKAGE.glob("CPL_*.xml")

    assert [event.source.file for event in read_cut(str(playlist)).events] == ["", "", ""]


@pytest.mark.parametrize("folder", sorted((CORPUS / "mhl").glob("*/*/A002R2EC")), ids=lambda path: "/".join(path.parts[-3:-1]))
def test_histories_hold_and_their_files_are_the_sealed_ones(folder):
    read = read_sealed_list(SealedListTask(0, str(folder), 1, SealKind.MHL))

    assert (read.holds, read.notes, read.why) == (True, (), "")
    assert [sealed.path for sealed in read.files] == [
        "Clips/A002C006_141024_R2EC.mov",
        "Clips/A002C007_141024_R2EC.mov",
        "Sidecar.txt",
    ]
    if read.files[0].hashes[0].algorithm != "md5":
        pytest.importorskip("xxhash")
    assert all(has_sealed_bytes(folder, sealed) for sealed in read.files)
