from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scanner.model.sealed import SealAction, SealAnswer, SealedFile, SealedHash, SealError
from scanner.timeline import ascmhl
from scanner.timeline.ascmhl import expected_hash, read_history
from scanner.tools.digests import can_digest, digests_of, new_digest

ASCMHL = shutil.which(os.environ.get("SCANNER_TEST_ASCMHL", "ascmhl"))
"""The reference tool; it cannot live beside the scanner, since it pins an old click."""

CHAIN_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<ascmhldirectory xmlns="urn:ASC:MHL:DIRECTORY:v2.0">'
LIST_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<hashlist version="2.0" xmlns="urn:ASC:MHL:v2.0">'
    '<creatorinfo><creationdate>2026-01-0{0}T00:00:00+00:00</creationdate><tool version="1">sealer</tool></creatorinfo>'
)


def c4(content: bytes) -> str:
    digest = new_digest("c4")
    assert digest
    digest.update(content)
    return digest.hexdigest()


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


class Sealer:
    """Writes histories by hand, right or wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lists: list[tuple[str, str]] = []
        (folder / "ascmhl").mkdir(parents=True)

    def seal(self, hashes: str, references: str = "") -> None:
        number = len(self.lists) + 1
        content = f"{LIST_HEAD.format(number)}<hashes>{hashes}</hashes>{references}</hashlist>".encode()
        name = f"000{number}_x.mhl"
        (self.folder / "ascmhl" / name).write_bytes(content)
        self.lists.append((name, c4(content)))
        self.chain()

    def chain(self) -> None:
        lines = [
            f'<hashlist sequencenr="{number}"><path>{name}</path><c4>{value}</c4></hashlist>'
            for number, (name, value) in enumerate(self.lists, 1)
        ]
        (self.folder / "ascmhl" / "ascmhl_chain.xml").write_text(f"{CHAIN_HEAD}{''.join(lines)}</ascmhldirectory>")


def entry(path: str, content: bytes, action: str = "original", extra: str = "") -> str:
    return f'<hash><path size="{len(content)}">{path}</path>{extra}<md5 action="{action}">{md5(content)}</md5></hash>'


@pytest.fixture
def sealer(tmp_path):
    return Sealer(tmp_path / "card")


def test_what_is_sealed_of_each_file(sealer):
    sealer.seal(entry("b.mov", b"one") + entry("a/c.mov", b"two"))
    sealer.seal(entry("b.mov", b"one", "verified"))

    history = read_history(str(sealer.folder))

    assert history.holds
    assert [one.tool for one in history.generations] == ["sealer 1", "sealer 1"]
    assert [sealed.path for sealed in history.files] == ["a/c.mov", "b.mov"]
    assert [(one.generation, one.action) for one in history.files[1].hashes] == [
        (1, SealAction.ORIGINAL),
        (2, SealAction.VERIFIED),
    ]
    assert history.files[1].size_bytes == 3


def test_a_failed_hash_is_never_what_a_file_should_be(sealer):
    sealer.seal(entry("a.mov", b"one"))
    sealer.seal(entry("a.mov", b"other one", "failed"))

    (sealed,) = read_history(str(sealer.folder)).files

    assert sealed.size_bytes == 3
    assert expected_hash(sealed) == sealed.hashes[0]


def test_a_renamed_file_keeps_its_hashes(sealer):
    sealer.seal(entry("a.mov", b"one"))
    sealer.seal(entry("b.mov", b"one", "verified", "<previousPath>a.mov</previousPath>"))

    (sealed,) = read_history(str(sealer.folder)).files

    assert (sealed.path, len(sealed.hashes)) == ("b.mov", 2)


def test_a_history_is_bounded_as_a_whole(sealer, monkeypatch):
    sealer.seal(entry("a.mov", b"one"))
    monkeypatch.setattr(ascmhl, "_TOTAL_LIMIT_BYTES", 300)

    history = read_history(str(sealer.folder))

    assert not history.holds
    assert "larger than" in history.notes[0]


def test_a_changed_generation_is_not_believed(sealer):
    sealer.seal(entry("a.mov", b"one"))
    sealer.seal(entry("b.mov", b"two"))
    path = sealer.folder / "ascmhl" / "0002_x.mhl"
    path.write_bytes(path.read_bytes().replace(md5(b"two").encode(), md5(b"forged").encode()))

    history = read_history(str(sealer.folder))

    assert not history.holds
    assert [one.answer for one in history.generations] == [SealAnswer.SAME, SealAnswer.DIFFERS]
    assert [sealed.path for sealed in history.files] == ["a.mov"]
    assert history.notes == ("a generation is not as the chain seals it, and is not believed (ascmhl/0002_x.mhl)",)


def test_a_missing_generation_is_told(sealer):
    sealer.seal(entry("a.mov", b"one"))
    sealer.seal(entry("b.mov", b"two"))
    (sealer.folder / "ascmhl" / "0001_x.mhl").unlink()

    history = read_history(str(sealer.folder))

    assert [one.answer for one in history.generations] == [SealAnswer.MISSING, SealAnswer.SAME]
    assert not history.holds


def test_a_hash_list_outside_the_chain_is_not_believed(sealer):
    sealer.seal(entry("a.mov", b"one"))
    (sealer.folder / "ascmhl" / "0002_x.mhl").write_text(f"{LIST_HEAD.format(2)}<hashes/></hashlist>")

    history = read_history(str(sealer.folder))

    assert len(history.generations) == 1
    assert "is not in the chain" in history.notes[0]


def test_what_a_history_says_of_nested_ones_is_checked(sealer):
    inner = Sealer(sealer.folder / "reel")
    inner.seal(entry("c.mov", b"three"))
    reference = f"<path>reel/ascmhl/0001_x.mhl</path><c4>{inner.lists[0][1]}</c4>"
    sealer.seal(entry("a.mov", b"one"), f"<references><hashlistreference>{reference}</hashlistreference></references>")

    history = read_history(str(sealer.folder))

    assert [sealed.path for sealed in history.files] == ["a.mov"]
    assert history.holds

    (sealer.folder / "reel" / "ascmhl" / "0001_x.mhl").write_bytes(b"<hashlist/>")
    outer = read_history(str(sealer.folder))
    assert not outer.holds
    assert "not as it was sealed" in outer.notes[0]


@pytest.mark.parametrize("path", ["../secret.mov", "/etc/passwd", "a/../../b", ""])
def test_a_path_that_leads_out_refuses_the_history(sealer, path):
    sealer.seal(entry(path, b"one"))

    with pytest.raises(SealError, match="leads out of the folder"):
        read_history(str(sealer.folder))


@pytest.mark.parametrize("name", ["../0001_x.mhl", "a/0001_x.mhl", "..", ""])
def test_a_chain_that_leads_out_is_refused(sealer, name):
    sealer.lists = [(name, c4(b""))]
    sealer.chain()

    with pytest.raises(SealError, match="is no file beside it"):
        read_history(str(sealer.folder))


def test_links_are_not_followed_out(sealer, tmp_path):
    sealer.seal(entry("a.mov", b"one"))
    chain = sealer.folder / "ascmhl" / "ascmhl_chain.xml"
    chain.rename(tmp_path / "outside.xml")
    chain.symlink_to(tmp_path / "outside.xml")

    with pytest.raises(SealError, match="is a link out of the folder"):
        read_history(str(sealer.folder))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "broken"),
        (b"<ascmhldirectory>", "broken"),
        (b"<other/>", "no ASC MHL chain"),
        (b"<ascmhldirectory/>", "lists 0 generations"),
        (b"\x00\xff\x13rubbish", "broken"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><ascmhldirectory/>', "declares entities"),
    ],
)
def test_a_broken_chain_is_an_error_in_one_line(sealer, content, why):
    (sealer.folder / "ascmhl" / "ascmhl_chain.xml").write_bytes(content)

    with pytest.raises(SealError, match=why) as caught:
        read_history(str(sealer.folder))

    assert "\n" not in str(caught.value)


def test_a_folder_without_a_history(tmp_path):
    with pytest.raises(SealError, match="cannot be read: No such file"):
        read_history(str(tmp_path))


def test_the_strongest_hash_is_compared_with():
    hashes = tuple(SealedHash(name, "0" * 8) for name in ("xxh64", "md5", "sha1"))
    sealed = SealedFile("a", None, hashes)

    assert expected_hash(sealed) == hashes[2]
    assert expected_hash(sealed, ("md5",)) == hashes[1]
    assert expected_hash(SealedFile("a", None, (SealedHash("whirlpool", "0" * 8),))) is None


@pytest.mark.skipif(ASCMHL is None, reason="the ascmhl tool is not installed")
@pytest.mark.parametrize("algorithm", ["c4", "md5", "sha1", "xxh64", "xxh3", "xxh128"])
def test_what_the_reference_tool_seals_is_read_and_agrees(tmp_path, algorithm):
    folder = tmp_path / "A002"
    (folder / "Clips" / "inner").mkdir(parents=True)
    contents = {"Clips/a.mov": b"a" * 3_000_000, "Clips/b & ü.mov": b"", "note.txt": b"n", "Clips/inner/c.mov": b"c"}
    for path, content in contents.items():
        (folder / path).write_bytes(content)
    _create(folder / "Clips" / "inner", "md5")
    _create(folder, algorithm)

    outer, inner = read_history(str(folder)), read_history(str(folder / "Clips" / "inner"))

    assert outer.holds
    assert not outer.notes
    assert {sealed.path for sealed in outer.files} == contents.keys() - {"Clips/inner/c.mov"}
    assert [sealed.path for sealed in inner.files] == ["c.mov"]
    for sealed in outer.files:
        # The tool leaves out the size of an empty file.
        assert (sealed.size_bytes, sealed.hashes[0].algorithm) == (len(contents[sealed.path]) or None, algorithm)
        if can_digest(algorithm):
            assert digests_of(str(folder / sealed.path), [algorithm]) == {algorithm: sealed.hashes[0].value}

    (folder / "note.txt").write_bytes(b"m")
    _create(folder, algorithm, expected=False)
    again = {sealed.path: sealed for sealed in read_history(str(folder)).files}
    assert [one.action for one in again["note.txt"].hashes] == [SealAction.ORIGINAL, SealAction.FAILED]


def _create(folder: Path, algorithm: str, *, expected: bool = True) -> None:
    assert ASCMHL
    done = subprocess.run([ASCMHL, "create", "-h", algorithm, str(folder)], capture_output=True, check=False)
    assert (done.returncode == 0) is expected, done.stderr.decode()
