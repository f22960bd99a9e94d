"""What is approved is read as a scan would read it."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scanner.model.approvals import ContentKind
from scanner.model.assets import sequence_digest
from scanner.model.errors import UsageError
from scanner.pipeline import approved_content
from scanner.pipeline.approved_content import Content, read_contents
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from tests.pipeline.conftest import InProcessEngine, generated, picture

Read = Callable[..., tuple[Content, ...]]


@pytest.fixture
def read() -> Iterator[Read]:
    """Read paths in this process; `below` is the size from which a scan does not hash."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")

    def reader(*paths: Path | str, below: int = 1 << 30, told: list[tuple[str, int, int]] | None = None) -> tuple[Content, ...]:
        worker = WorkerSettings(hash_below_bytes=below)
        names = tuple(str(path) for path in paths)
        with closing(InProcessEngine(worker)) as engine:
            return read_contents(
                ScanSettings(names, worker=worker),
                names,
                engine,
                lambda *progress: told.append(progress) if told is not None else None,
            )

    yield reader


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sequence(folder: Path, count: int = 10) -> list[Path]:
    folder.mkdir(exist_ok=True)
    frames = [folder / f"a.{number:04}.png" for number in range(1, count + 1)]
    for number, frame in enumerate(frames):
        generated(frame, number)
    return frames


def test_a_file(read: Read, tmp_path: Path) -> None:
    generated(tmp_path / "still.png")

    (one,) = read(tmp_path / "still.png")

    assert (one.kind, one.digest, one.frames) == (ContentKind.FILE, sha256(tmp_path / "still.png"), 0)
    assert one.path == str(tmp_path / "still.png")
    assert one.size_bytes == (tmp_path / "still.png").stat().st_size
    assert len(one.fingerprints) == 1
    assert one.pixel_digest.startswith("pixels")


def test_a_sequence(read: Read, tmp_path: Path) -> None:
    frames = sequence(tmp_path / "shot")
    expected = sequence_digest([sha256(frame) for frame in frames])

    for named in ([tmp_path / "shot"], [tmp_path / "shot" / "a.1-10#.png"], [tmp_path / "shot" / "a.*.png"], frames):
        (one,) = read(*named)
        assert (one.kind, one.digest, one.frames, one.pixel_digest) == (ContentKind.SEQUENCE, expected, 10, "")
        assert len(one.fingerprints) == 3


def test_some_frames_of_a_sequence(read: Read, tmp_path: Path) -> None:
    frames = sequence(tmp_path / "shot")

    with pytest.raises(UsageError, match="2 of the 10 frames of this sequence were named"):
        read(*frames[:2])


def test_numbered_pictures_that_are_no_sequence_are_files(read: Read, tmp_path: Path) -> None:
    for number in range(1, 11):
        picture(number).resize((90 + number, 90)).save(tmp_path / f"scan_{number:03}.tif")

    (one,) = read(tmp_path / "scan_004.tif")

    assert (one.kind, one.digest) == (ContentKind.FILE, sha256(tmp_path / "scan_004.tif"))


def test_a_file_too_large_for_a_scan_is_hashed_with_progress(read: Read, tmp_path: Path) -> None:
    large = tmp_path / "still.png"
    generated(large)
    told: list[tuple[str, int, int]] = []

    (one,) = read(large, below=1, told=told)

    assert one.digest == sha256(large)
    assert "hashing" in {phase for phase, _, _ in told}


def test_a_file_that_changes_while_it_is_hashed(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = tmp_path / "still.png"
    generated(large)
    hashed = approved_content.sha256_of

    def slow(path: str, progress: Callable[[int], None]) -> tuple[str, int]:
        done = hashed(path, progress)
        os.utime(path, (1, 1))
        return done

    monkeypatch.setattr(approved_content, "sha256_of", slow)
    with pytest.raises(UsageError, match="changed while it was hashed"):
        read(large, below=1)


def test_what_no_approval_can_be_about(read: Read, tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    (tmp_path / "note.txt").write_text("hello\n")
    with pytest.raises(UsageError, match="is empty"):
        read(tmp_path / "empty.png")
    with pytest.raises(UsageError, match="no media"):
        read(tmp_path / "note.txt")


@pytest.mark.skipif(os.getuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(read: Read, tmp_path: Path) -> None:
    generated(tmp_path / "still.png")
    (tmp_path / "still.png").chmod(0)
    with pytest.raises(UsageError, match="Permission denied"):
        read(tmp_path / "still.png")


def test_a_name_of_newlines_and_stray_bytes_is_one_line(read: Read, tmp_path: Path) -> None:
    odd = os.path.join(os.fsencode(tmp_path), b"a\nb\xff\x1b[2J.png")
    generated(tmp_path / "still.png")
    os.rename(tmp_path / "still.png", odd)

    (one,) = read(os.fsdecode(odd))

    assert one.path.isprintable()
    assert one.path.endswith("a\\nb\\xff\\x1b[2J.png")
