from __future__ import annotations

import base64
import hashlib

import pytest

from scanner.model.cut import CutError, FrameRange, TrackKind
from scanner.model.sealed import SealKind
from scanner.model.work import SealedListTask
from scanner.timeline import imf
from scanner.timeline.imf import read_package
from scanner.timeline.reading import read_cut, read_cuts
from scanner.timeline.sealed_lists import read_sealed_list
from tests.timeline.cut_files import on_screen

TRACK = b"essence"
AM, PKL, CPL = "am", "pkl", "cpl"


def resource(track_file: str = "t1", duration: int = 24, **also: object) -> str:
    extra = "".join(f"<{name}>{value}</{name}>" for name, value in also.items())
    identity = f"<TrackFileId>urn:uuid:{track_file}</TrackFileId>"
    return f"<Resource><IntrinsicDuration>{duration}</IntrinsicDuration>{extra}{identity}</Resource>"


def sequence(*resources: str, name: str = "MainImageSequence") -> str:
    return (
        f"<cc:{name} xmlns:cc='urn:cc'><TrackId>urn:uuid:V</TrackId><ResourceList>{''.join(resources)}</ResourceList></cc:{name}>"
    )


def playlist(*segments: str, rate: str = "24 1", extra: str = "") -> str:
    listed = "".join(f"<Segment><SequenceList>{one}</SequenceList></Segment>" for one in segments)
    return (
        f"<CompositionPlaylist><Id>urn:uuid:{CPL}</Id><ContentTitle>Film</ContentTitle><EditRate>{rate}</EditRate>"
        f"{extra}<SegmentList>{listed}</SegmentList></CompositionPlaylist>"
    )


def package(tmp_path, composition: str, path: str = "t1.mxf", digest: str | None = None):
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "t1.mxf").write_bytes(TRACK)
    (folder / "cpl.xml").write_text(composition)
    listed = {"t1": path, CPL: "cpl.xml", PKL: "pkl.xml"}
    assets = "".join(
        f"<Asset><Id>urn:uuid:{uuid}</Id>{'<PackingList>true</PackingList>' if uuid == PKL else ''}"
        f"<ChunkList><Chunk><Path>{name}</Path></Chunk></ChunkList></Asset>"
        for uuid, name in listed.items()
    )
    (folder / "ASSETMAP.xml").write_text(f"<AssetMap><AssetList>{assets}</AssetList></AssetMap>")
    sha1 = digest or base64.b64encode(hashlib.sha1(TRACK).digest()).decode()
    (folder / "pkl.xml").write_text(
        "<PackingList><AssetList>"
        f"<Asset><Id>urn:uuid:t1</Id><Hash>{sha1}</Hash><Size>7</Size><Type>application/mxf</Type>"
        "<OriginalFileName>reel one.mxf</OriginalFileName></Asset>"
        f"<Asset><Id>urn:uuid:{CPL}</Id><Hash>{sha1}</Hash><Size>1</Size><Type>text/xml</Type></Asset>"
        "</AssetList></PackingList>"
    )
    return folder


def test_segments_follow_each_other_and_resources_in_them(tmp_path):
    cut = read_cut(
        str(
            package(
                tmp_path,
                playlist(
                    sequence(resource(duration=48, EntryPoint=24, SourceDuration=12, RepeatCount=2))
                    + sequence(resource(duration=48000, EditRate="48000 1"), name="MainAudioSequence"),
                    sequence(resource("t2")),
                ),
            )
        )
    )

    assert [(event.kind.value, on_screen(cut, event), event.source.range) for event in cut.events] == [
        ("video", "00:00:00:00 00:00:00:12", FrameRange(24, 36)),
        ("video", "00:00:00:12 00:00:01:00", FrameRange(24, 36)),
        ("audio", "00:00:00:00 00:00:01:00", FrameRange(0, 24)),
        ("video", "00:00:01:00 00:00:02:00", FrameRange(0, 24)),
    ]
    assert (cut.events[0].source.file, cut.events[0].source.name, cut.events[0].source.uuids) == (
        "t1.mxf",
        "reel one.mxf",
        ("t1",),
    )
    assert cut.events[3].source.file == ""
    assert cut.notes == ("a track file is not in this package (line 1)",)


def test_a_composition_timecode_is_where_the_programme_begins(tmp_path):
    timecode = (
        "<CompositionTimecode><TimecodeDropFrame>1</TimecodeDropFrame><TimecodeRate>30</TimecodeRate>"
        "<TimecodeStartAddress>01:00:00;00</TimecodeStartAddress></CompositionTimecode>"
    )
    cut = read_cut(str(package(tmp_path, playlist(sequence(resource()), rate="30000 1001", extra=timecode))))

    assert on_screen(cut, cut.events[0]) == "01:00:00;00 01:00:00;24"


def test_other_tracks_are_left_out_and_told(tmp_path):
    composition = playlist(
        sequence(resource(), name="SubtitlesSequence")
        + sequence(resource(), name="MarkerSequence")
        + sequence(resource(), name="IABSequence")
    )
    cut = read_cut(str(package(tmp_path, composition)))

    assert [event.kind for event in cut.events] == [TrackKind.AUDIO]
    assert cut.notes == ("tracks of this kind are left out: SubtitlesSequence (line 1)",)


def test_what_the_packing_list_seals(tmp_path):
    folder = package(tmp_path, playlist(sequence(resource())))
    # What is sealed is known without the playlist, which may be what is missing.
    (folder / "cpl.xml").unlink()

    read = read_sealed_list(SealedListTask(3, str(folder / "ASSETMAP.xml"), 1, SealKind.PKL))

    assert (read.key, read.why, read.holds) == (3, "", True)
    assert [(one.path, one.size_bytes, one.hashes[0].algorithm) for one in read.files] == [
        ("cpl.xml", 1, "sha1"),
        ("t1.mxf", 7, "sha1"),
    ]
    assert read.files[1].hashes[0].value == hashlib.sha1(TRACK).hexdigest()


def test_the_xml_of_a_package_is_bounded_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(imf, "_XML_BYTES_LIMIT", 500)

    with pytest.raises(CutError, match="larger than 0 MB together"):
        read_package(str(package(tmp_path, playlist(sequence(resource())))))


def test_a_hash_that_is_none_is_told(tmp_path):
    assert (
        read_package(str(package(tmp_path, playlist(), digest="!!"))).notes[0].startswith("a packing list's hash cannot be read")
    )


@pytest.mark.parametrize("path", ["../secret.mxf", "/etc/passwd", "file:///etc/passwd", "a/%2e%2e/%2e%2e/b", "C:\\a.mxf", " "])
def test_a_path_out_of_the_package_refuses_it(tmp_path, path):
    folder = package(tmp_path, playlist(sequence(resource())), path)

    with pytest.raises(CutError, match=r"ASSETMAP\.xml, line 1: the path .* leads out of the package"):
        read_cut(str(folder))


def test_a_link_out_of_the_package_refuses_it(tmp_path):
    folder = package(tmp_path, playlist(sequence(resource())))
    (tmp_path / "outside.xml").write_text(playlist())
    (folder / "cpl.xml").unlink()
    (folder / "cpl.xml").symlink_to(tmp_path / "outside.xml")

    with pytest.raises(CutError, match="is a link out of the package"):
        read_cut(str(folder))


@pytest.mark.parametrize(
    ("composition", "why"),
    [
        (playlist(sequence(resource()), rate="24"), "the edit rate is '24'"),
        (playlist(sequence(resource()), rate="0 1"), "the edit rate is '0 1'"),
        (playlist(sequence(resource(EntryPoint="x"))), "EntryPoint is 'x', not a number"),
        (playlist(sequence(resource(RepeatCount=10**12))), "has more than 1,000,000 events"),
        ("<CompositionPlaylist><EditRate>24 1</EditRate><ReelList/></CompositionPlaylist>", "is no IMF composition playlist"),
        ("<CompositionPlaylist>", "the XML is broken"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><CompositionPlaylist/>", "declares entities"),
        ("<Other/>", "holds no composition playlist"),
    ],
)
def test_wrong_compositions_are_refused_in_one_line(tmp_path, composition, why):
    with pytest.raises(CutError) as caught:
        read_cut(str(package(tmp_path, composition)))

    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_several_compositions_are_several_cuts(tmp_path):
    folder = package(tmp_path, playlist(sequence(resource())))
    packing_list = folder / "pkl.xml"
    text = packing_list.read_text()
    second = "<Asset><Id>urn:uuid:cpl2</Id><Hash>AAAA</Hash><Type>text/xml</Type></Asset></AssetList>"
    packing_list.write_text(text.replace("</AssetList>", second))
    (folder / "cpl2.xml").write_text(playlist(sequence(resource())).replace("Film", "Trailer"))
    asset_map = folder / "ASSETMAP.xml"
    listed = "<Asset><Id>urn:uuid:cpl2</Id><ChunkList><Chunk><Path>cpl2.xml</Path></Chunk></ChunkList></Asset></AssetList>"
    asset_map.write_text(asset_map.read_text().replace("</AssetList>", listed))

    assert [cut.title for cut in read_cuts(str(folder))] == ["Film", "Trailer"]
    assert read_cut(str(asset_map), title="Trailer").title == "Trailer"
    with pytest.raises(CutError, match="holds 2 timelines: 'Film', 'Trailer'"):
        read_cut(str(folder))
    with pytest.raises(CutError, match="holds no timeline called 'Teaser'"):
        read_cut(str(folder), title="Teaser")


def test_a_folder_without_an_asset_map(tmp_path):
    with pytest.raises(CutError, match="is a folder without an IMF asset map"):
        read_cut(str(tmp_path))


def test_an_asset_in_several_files_is_not_compared_with_its_first_file(tmp_path):
    folder = package(tmp_path, playlist(sequence(resource())))
    chunk, more = "<Chunk><Path>t1.mxf</Path></Chunk>", "<Chunk><Path>t1b.mxf</Path></Chunk>"
    asset_map = folder / "ASSETMAP.xml"
    asset_map.write_text(asset_map.read_text().replace(chunk, chunk + more))

    read = read_sealed_list(SealedListTask(3, str(asset_map), 1, SealKind.PKL))

    # Size and hash are those of both files together.
    assert [one.path for one in read.files] == ["cpl.xml"]
    assert read.notes[0].startswith("an asset is cut into several files")
