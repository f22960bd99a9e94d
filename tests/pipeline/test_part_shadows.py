"""What is read of an object that was fetched in part is what is read of the whole file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.model.assets import ContentHash
from scanner.model.credentials import Credentials
from scanner.model.objects import ObjectPlace
from scanner.model.placement import UNKNOWN_MEDIA
from scanner.model.work import Examination, ExamineTask
from scanner.pipeline import part_shadows
from scanner.pipeline.examine import Examiner
from scanner.pipeline.part_shadows import NotInPartsError, PartFile
from scanner.pipeline.settings import WorkerSettings
from scanner.tools.objects import ObjectStatus
from tests.pipeline.large_media import JUNK, enlarged
from tests.probe.samples import heif
from tests.read.test_identity import box, timecode_movie

FIXTURES = Path(__file__).parents[2] / "fixtures"
MEDIA = sorted(
    path
    for folder in ("video", "audio", "signed")
    for path in (FIXTURES / folder).iterdir()
    if path.suffix in (".mov", ".mp4", ".m4a", ".wav", ".avi", ".mxf")
)


class Served:
    """Objects as `Buckets` gives them, without a server."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.sent_bytes = 0

    def read(self, _place: ObjectPlace, start: int, end: int, _expected: ObjectStatus) -> bytes:
        self.sent_bytes += end - start
        return self.content[start:end]

    def file(self, path: Path) -> PartFile:
        status = ObjectStatus("k", len(self.content), 0, "")
        return PartFile(self, ObjectPlace("s3", "b", "k"), status, str(path))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    made = Examiner(WorkerSettings())
    yield made
    made.close()


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_shadows, "BLOCK_BYTES", 4096)
    monkeypatch.setattr(part_shadows, "EDGE_BYTES", 4096)


def in_part(examiner: Examiner, served: Served, path: Path) -> tuple[Examination, int]:
    """Examine in part, as often as readers lack something; return how often too."""
    file = served.file(path)
    file.fetch_around_media()
    for look in (1, 2, 3):
        read = examiner.examine(ExamineTask(1, str(path), len(served.content), parts=file.parts))
        if not read.unfetched:
            return read, look
        for start, end in read.unfetched:
            file.ensure(start, end)
    return read, look


@pytest.mark.parametrize("path", MEDIA, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_in_part_says_what_the_whole_file_says(examiner: Examiner, tmp_path: Path, path: Path) -> None:
    served = Served(enlarged(path.read_bytes()))
    for folder in ("whole", "part"):
        (tmp_path / folder).mkdir()
    whole_path = tmp_path / "whole" / path.name
    whole_path.write_bytes(served.content)

    whole = examiner.examine(ExamineTask(1, str(whole_path), len(served.content)))
    part, _ = in_part(examiner, served, tmp_path / "part" / path.name)

    assert part.hash == ContentHash()
    assert served.sent_bytes < len(served.content) - len(JUNK) + 100_000
    states = [(one.reader, one.state) for one in part.readings]
    assert states == [(one.reader, one.state) for one in whole.readings]
    if whole.manifests:
        assert part.credentials is Credentials.NOT_VERIFIED
        assert part.manifests
        assert part.manifests.manifests == whole.manifests.manifests
    else:
        assert part.credentials is whole.credentials
    known = {"hash": whole.hash, "readings": whole.readings, "credentials": whole.credentials, "manifests": whole.manifests}
    assert replace(part, **known, credential_problems=whole.credential_problems) == whole  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [1, 2, 3])
def test_an_mxf_whose_header_is_not_final_is_read_on_at_its_footer(examiner: Examiner, tmp_path: Path, status: int) -> None:
    content = bytearray(enlarged((FIXTURES / "video" / "plain.mxf").read_bytes()))
    # Open or incomplete (ST 377-1, table 4): the footer may say more than the header.
    content[14] = status
    served = Served(bytes(content))
    (tmp_path / "whole.mxf").write_bytes(served.content)
    whole = examiner.examine(ExamineTask(1, str(tmp_path / "whole.mxf"), len(served.content)))
    part, _ = in_part(examiner, served, tmp_path / "part.mxf")
    assert served.sent_bytes < len(JUNK)
    assert replace(part, hash=whole.hash, readings=whole.readings) == whole
    assert [(one.reader, one.state) for one in part.readings] == [(one.reader, one.state) for one in whole.readings]


def test_media_that_was_not_fetched_is_told(examiner: Examiner, tmp_path: Path) -> None:
    served = Served(enlarged((FIXTURES / "video" / "plain.mp4").read_bytes()))
    part, _ = in_part(examiner, served, tmp_path / "plain.mp4")
    assert [one.reason for one in part.readings if one.reader == "residue"] == [
        "of its media 64 kB were fetched, and no note was looked for further in"
    ]


def far_timecode() -> bytes:
    """A movie whose timecode track has its sample deep in its media."""
    movie, deep = timecode_movie(start=1234), 300_000
    place = len(movie) - 4
    head = movie[:-12].replace(place.to_bytes(4, "big"), (place + deep).to_bytes(4, "big"))
    return head + box(b"mdat", bytes(deep), (1234).to_bytes(4, "big"), JUNK)


def test_what_a_reader_lacks_is_fetched_for_a_second_look(examiner: Examiner, tmp_path: Path) -> None:
    served = Served(far_timecode())
    (tmp_path / "whole.mov").write_bytes(served.content)
    whole = examiner.examine(ExamineTask(1, str(tmp_path / "whole.mov"), len(served.content)))
    part, looks = in_part(examiner, served, tmp_path / "part.mov")
    assert whole.identity.timecode
    assert whole.identity.timecode.start == 1234
    assert part.identity == whole.identity
    assert looks == 2


def test_a_hole_is_never_read_as_zeros(examiner: Examiner, tmp_path: Path) -> None:
    served = Served(far_timecode())
    file = served.file(tmp_path / "part.mov")
    file.fetch_around_media()
    read = examiner.examine(ExamineTask(1, str(tmp_path / "part.mov"), len(served.content), parts=file.parts))
    assert read.unfetched
    assert read.identity == UNKNOWN_MEDIA


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(heif(b"heic", b"mif1") + bytes(300_000), id="picture"),
        pytest.param(box(b"ftyp", b"qt  ") + box(b"meta", box(b"iloc", bytes(8))) + box(b"mdat", JUNK), id="items"),
        pytest.param(b"%PDF-1.7" + bytes(300_000), id="document"),
        pytest.param(b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0" + bytes(16) + b"data\xff\xff\xff\xff" + JUNK, id="streamed"),
        pytest.param(box(b"ftyp", b"qt  ") + box(b"moov", bytes(300_000)), id="no media"),
    ],
)
def test_what_may_hold_more_than_media_is_not_read_in_part(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NotInPartsError):
        Served(content).file(tmp_path / "a").fetch_around_media()


def test_more_than_the_limit_beside_the_media_is_not_read_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_shadows, "LIMIT_BYTES", 200_000)
    content = box(b"ftyp", b"qt  ") + b"".join(box(b"moof", bytes(900)) + box(b"mdat", bytes(90_000)) for _ in range(100))
    served = Served(content)
    with pytest.raises(NotInPartsError):
        served.file(tmp_path / "a").fetch_around_media()
    assert served.sent_bytes <= 200_000
