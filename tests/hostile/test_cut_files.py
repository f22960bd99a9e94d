"""Cut files and packages made to harm: bombs, paths that lead out, truncated and random bytes. All end in one line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.cut import CutError
from scanner.timeline.reading import read_cuts

LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
WHOLE = {
    "cut.xml": "<xmeml><sequence><name>&b;</name></sequence></xmeml>",
    "cut.fcpxml": '<fcpxml><project name="&b;"/></fcpxml>',
    "ASSETMAP.xml": "<AssetMap><AssetList>&a;</AssetList></AssetMap>",
    "CPL.xml": "<CompositionPlaylist>&a;</CompositionPlaylist>",
}
EDL = "TITLE: X\nFCM: NON-DROP FRAME\n001  A001  V  C  01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\n"
HEADS = [b"", b"<xmeml>", b"<fcpxml>", b"<AssetMap>", b"{", b"Heading\n", b"001  A V C ", b"\xff\xfe<\0"]


def refusal(path: Path) -> str:
    with pytest.raises(CutError) as caught:
        read_cuts(str(path), Fraction(24))
    text = str(caught.value)
    assert "\n" not in text
    assert len(text) < 1000
    return text


@pytest.mark.parametrize("bomb", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize("name", WHOLE)
def test_xml_bombs_are_refused(tmp_path, name, bomb):
    (tmp_path / name).write_text(bomb + WHOLE[name])

    assert "declares entities" in refusal(tmp_path / name)


@pytest.mark.parametrize("name", WHOLE)
def test_bottomless_xml_is_refused(tmp_path, name):
    (tmp_path / name).write_text("<a>" * 1_000_000)

    assert "nested deeper" in refusal(tmp_path / name)


def test_a_cut_file_names_no_other_file_that_is_opened(tmp_path):
    secret = tmp_path / "secret.mov"
    secret.write_text("x")
    cut_file = tmp_path / "cut.edl"
    cut_file.write_text(f"{EDL}* SOURCE FILE: ../../{secret}\n")

    (cut,) = read_cuts(str(cut_file), Fraction(24))

    # It is a name to compare with, as it was written.
    assert cut.events[0].source.file == f"../../{secret}"


def test_special_files_are_refused(tmp_path):
    import os

    os.mkfifo(tmp_path / "fifo.edl")

    assert "not a regular file" in refusal(tmp_path / "fifo.edl")
    assert "cannot be read" in refusal(tmp_path / "nowhere.edl")


def test_one_endless_line_is_bounded(tmp_path):
    path = tmp_path / "cut.edl"
    path.write_text("001 " + "A " * 2_000_000 + "01:00:00:00 " * 4)

    assert "is not whole" in refusal(path)


@settings(deadline=None)  # the first one that looks like OTIO loads the library
@given(st.sampled_from(HEADS), st.binary(max_size=300))
def test_random_bytes_are_read_or_refused(tmp_path_factory, head, tail):
    path = tmp_path_factory.getbasetemp() / "random"
    path.write_bytes(head + tail)

    try:
        read_cuts(str(path), Fraction(24))
    except CutError as error:
        assert "\n" not in str(error)


@given(st.integers(1, len(EDL) - 2))
def test_a_truncated_edl_is_told_or_whole(tmp_path_factory, size):
    path = tmp_path_factory.getbasetemp() / "truncated.edl"
    path.write_text(EDL[:size])

    refusal(path)
