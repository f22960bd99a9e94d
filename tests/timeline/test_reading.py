from __future__ import annotations

import pickle
from fractions import Fraction

import pytest

from scanner.model.cut import CutError
from scanner.timeline.content import read_content
from scanner.timeline.reading import read_cut

EDL = "001  A001  V  C  01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\n"
FCPXML = (
    '<fcpxml><resources><format id="r" frameDuration="1/25s"/></resources>'
    '<project name="P"><sequence format="r"><spine/></sequence></project></fcpxml>'
)
XMEML = "<xmeml><sequence><name>P</name><rate><timebase>25</timebase></rate><media/></sequence></xmeml>"
CPL = "<CompositionPlaylist><EditRate>25 1</EditRate><SegmentList/></CompositionPlaylist>"
ALE = "Heading\nFPS\t25\n\nColumn\nName\n\nData\na\n"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (EDL, "EDL (CMX 3600)"),
        (FCPXML, "FCPXML"),
        (XMEML, "FCP7 XML"),
        (CPL, "IMF composition playlist"),
        (ALE, "ALE"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_content_says_what_it_is_whatever_the_name(tmp_path, content, name, encoding):
    path = tmp_path / "cut.bin"
    path.write_bytes(content.encode(encoding))

    assert read_cut(str(path), Fraction(25)).format == name


@pytest.mark.parametrize("content", [FCPXML, XMEML, CPL, ALE])
def test_another_rate_than_the_files_own_is_refused(tmp_path, content):
    path = tmp_path / "cut"
    path.write_text(content)

    with pytest.raises(CutError, match=r"counts 25 frames a second, .*\. Leave --rate out"):
        read_cut(str(path), Fraction(24))


def test_errors_of_timecode_are_errors_of_the_cut(tmp_path):
    path = tmp_path / "cut.edl"
    path.write_text(EDL.replace("01:00:01:00", "01:00:01:30"))

    with pytest.raises(CutError, match="line 1: timecode 01:00:01:30 does not exist at 25") as caught:
        read_cut(str(path), Fraction(25))

    assert caught.value.exit_code == 2


def test_a_bundle_of_final_cut_is_a_folder(tmp_path):
    bundle = tmp_path / "cut.fcpxmld"
    bundle.mkdir()
    (bundle / "Info.fcpxml").write_text(FCPXML)

    assert read_cut(str(bundle)).title == "P"


def test_xml_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "cut.xml"
    path.write_text("<svg/>")

    with pytest.raises(CutError, match=r"is XML of another kind: 'svg'. Give EDL"):
        read_cut(str(path))


def test_a_cut_travels_as_a_pickle(tmp_path):
    path = tmp_path / "cut.edl"
    path.write_text(EDL)
    cut = read_cut(str(path), Fraction(30000, 1001))

    again = pickle.loads(pickle.dumps(cut, 5))

    assert again == cut
    assert again.rate.frames_a_day == cut.rate.frames_a_day


def test_a_named_link_is_followed(tmp_path):
    (tmp_path / "cut.edl").write_text(EDL)
    (tmp_path / "latest.edl").symlink_to(tmp_path / "cut.edl")

    assert len(read_cut(str(tmp_path / "latest.edl"), Fraction(25)).events) == 1


def test_content_is_bounded(tmp_path):
    path = tmp_path / "cut.edl"
    path.write_bytes(bytes(3 << 20))

    with pytest.raises(CutError, match="is larger than 2 MB"):
        read_content(str(path), 2 << 20)
