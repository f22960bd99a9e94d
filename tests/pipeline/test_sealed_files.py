"""Sealed hashes in a scan: found, read in workers, compared with what was read, judged."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from scanner.model.assets import ContentHash, FileEntry
from scanner.model.formats import UNKNOWN_FORMAT
from scanner.model.judging import Verdict
from scanner.model.scan import Scan
from scanner.model.sealed_told import ListState, SealedState
from scanner.model.work import Examination, Result, SealedListTask, Task, WorkFailed
from scanner.pipeline import sealed_files
from scanner.pipeline.plan import Plan, make_plan
from scanner.pipeline.sealed_files import Sealed, SealedLists
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.timeline.sealed_lists import read_sealed_list
from scanner.tools.digests import digests_of
from tests.pipeline.conftest import RunScan, generated
from tests.timeline.test_ascmhl import ASCMHL, Sealer, entry

DIFFERS, NOT_CHECKED, NOT_LISTED, VERIFIED = SealedState


class ListEngine:
    """Reads lists in this process; `dying` is the number of one whose worker dies."""

    def __init__(self, dying: int | None = None) -> None:
        self._dying = dying

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        # As they come back from several workers: in another order.
        for task in reversed(list(tasks)):
            assert isinstance(task, SealedListTask)
            yield WorkFailed(task.key, "the worker process died") if task.key == self._dying else read_sealed_list(task)

    def close(self) -> None:
        return


def compare(root: Path, *, check: bool = True, dying: int | None = None, changed: str = "") -> tuple[Sealed, Plan]:
    plan = make_plan(ScanSettings((str(root),)))
    lists = SealedLists(plan, check=check)
    lists.read(ListEngine(dying), lambda *_: None)

    def examined(number: int, file: FileEntry) -> Examination:
        wanted = lists.algorithms(number, file.path)
        digests = digests_of(str(root / file.path), ("sha256", *wanted))
        content = ContentHash(value=digests["sha256"], origin="computed")
        sealed = tuple((name, digests[name]) for name in wanted)
        return Examination(0, UNKNOWN_FORMAT, content, (), sealed_digests=sealed, changed=file.path == changed)

    return lists.compare(examined), plan


def states(root: Path, **more: object) -> dict[str, SealedState]:
    sealed, plan = compare(root, **more)  # type: ignore[arg-type]
    told = {one.path: sealed.of(one) for one in plan.assets}
    return {path: one.state for path, one in told.items() if one}


@pytest.fixture
def card(tmp_path: Path) -> Sealer:
    """A sealed folder with three clips."""
    sealer = Sealer(tmp_path / "DRIVE" / "card")
    for name in ("a", "b", "c"):
        (sealer.folder / f"{name}.mov").write_bytes(name.encode())
    sealer.seal("".join(entry(f"{name}.mov", name.encode()) for name in ("a", "b", "c")))
    return sealer


def root_of(card: Sealer) -> Path:
    return card.folder.parent


def test_bytes_are_compared_when_asked(card: Sealer) -> None:
    (card.folder / "b.mov").write_bytes(b"B")
    (card.folder / "c.mov").unlink()
    (card.folder / "new.mov").write_bytes(b"new")

    sealed, plan = compare(root_of(card))

    assert states(root_of(card)) == {"card/a.mov": VERIFIED, "card/b.mov": DIFFERS, "card/new.mov": NOT_LISTED}
    (told,) = sealed.by
    assert (told.path, told.state, told.checked, told.generations) == ("card/ascmhl", ListState.HOLDS, True, 1)
    assert (told.date, told.tool) == ("2026-01-01T00:00:00+00:00", "sealer 1")
    assert (told.files, told.verified, told.differs, told.not_checked, told.not_listed) == (3, 1, 1, 0, 1)
    assert (told.missing, told.missing_total) == (("card/c.mov",), 1)
    changed = sealed.of(next(one for one in plan.assets if one.path == "card/b.mov"))
    assert changed
    assert (changed.why, changed.list_path, changed.differing) == (
        "its md5 is not the sealed one",
        "card/ascmhl",
        ("card/b.mov",),
    )


def test_unasked_only_sizes_are_compared(card: Sealer) -> None:
    (card.folder / "b.mov").write_bytes(b"B")
    (card.folder / "c.mov").write_bytes(b"longer")

    sealed, plan = compare(root_of(card), check=False)

    assert states(root_of(card), check=False) == {"card/a.mov": NOT_CHECKED, "card/b.mov": NOT_CHECKED, "card/c.mov": DIFFERS}
    told = [sealed.of(one) for one in plan.assets]
    assert [one.why for one in told if one and one.state is DIFFERS] == ["it has 6 bytes, and was sealed with 1"]
    assert not sealed.by[0].checked


def test_a_hash_that_the_scan_makes_anyway_is_compared_unasked(tmp_path: Path) -> None:
    package(tmp_path / "imp", b"essence", "sha256")

    assert states(tmp_path, check=False) == {"imp/t1.mxf": VERIFIED}
    (tmp_path / "imp" / "t1.mxf").write_bytes(b"Essence")
    assert states(tmp_path, check=False) == {"imp/t1.mxf": DIFFERS}


def test_packing_lists_are_compared_when_asked(tmp_path: Path) -> None:
    package(tmp_path / "imp", b"essence", "sha1")

    assert states(tmp_path, check=False) == {"imp/t1.mxf": NOT_CHECKED}
    assert states(tmp_path) == {"imp/t1.mxf": VERIFIED}
    (tmp_path / "imp" / "t1.mxf").write_bytes(b"Essence")
    assert states(tmp_path) == {"imp/t1.mxf": DIFFERS}
    (tmp_path / "imp" / "t1.mxf").unlink()
    sealed, _ = compare(tmp_path)
    assert [(one.kind, one.path, one.missing) for one in sealed.by] == [("pkl", "imp/ASSETMAP.xml", ("imp/t1.mxf",))]


def test_a_file_is_verified_by_every_list_that_seals_it(card: Sealer) -> None:
    """A nested history cannot hide from an outer one that a file was replaced."""
    outer = Sealer(root_of(card))
    outer.seal(entry("card/a.mov", b"x") + entry("card/b.mov", b"b"))

    found = states(root_of(card))

    assert (found["card/a.mov"], found["card/b.mov"]) == (DIFFERS, VERIFIED)


def test_the_nearest_history_says_what_is_not_listed(card: Sealer) -> None:
    Sealer(root_of(card)).seal(entry("note.txt", b"n"))
    (root_of(card) / "note.txt").write_bytes(b"n")
    (root_of(card) / "other.txt").write_bytes(b"o")
    (card.folder / "new.mov").write_bytes(b"new")

    sealed, _ = compare(root_of(card))

    assert [(one.path, one.not_listed) for one in sealed.by] == [("ascmhl", 1), ("card/ascmhl", 1)]


def test_a_broken_history_is_told_and_stops_nothing(card: Sealer) -> None:
    (root_of(card) / "good" / "ascmhl").mkdir(parents=True)
    shutil.copytree(card.folder, root_of(card) / "good", dirs_exist_ok=True)
    (card.folder / "ascmhl" / "ascmhl_chain.xml").write_bytes(b"<!DOCTYPE x [<!ENTITY a 'b'>]><ascmhldirectory/>")

    sealed, _ = compare(root_of(card))

    lost, good = sealed.by
    assert (lost.path, lost.state, good.state, good.verified) == ("card/ascmhl", ListState.UNREADABLE, ListState.HOLDS, 3)
    assert lost.why.startswith("the XML declares entities")
    assert set(states(root_of(card))) == {"good/a.mov", "good/b.mov", "good/c.mov"}


def test_a_history_without_its_chain_or_with_a_changed_generation(card: Sealer) -> None:
    path = card.folder / "ascmhl" / "0001_x.mhl"
    path.write_bytes(path.read_bytes() + b" ")

    sealed, _ = compare(root_of(card))
    assert [(one.state, one.files, one.not_listed) for one in sealed.by] == [(ListState.BROKEN, 0, 0)]

    (card.folder / "ascmhl" / "ascmhl_chain.xml").unlink()
    sealed, _ = compare(root_of(card))
    assert [(one.state, one.why) for one in sealed.by] == [
        (ListState.UNREADABLE, "cannot be read: No such file or directory (ascmhl/ascmhl_chain.xml)")
    ]


def test_a_worker_that_dies_over_a_history_costs_that_history(card: Sealer) -> None:
    sealed, _ = compare(root_of(card), dying=0)

    assert [(one.state, one.why) for one in sealed.by] == [(ListState.UNREADABLE, "the worker process died")]


def test_what_changed_while_it_was_read_is_not_compared(card: Sealer) -> None:
    sealed, _ = compare(root_of(card), changed="card/a.mov")

    assert (sealed.by[0].verified, sealed.by[0].not_checked, sealed.by[0].not_checked_why) == (
        2,
        1,
        "it changed while it was read",
    )


def test_what_lies_behind_a_link_is_not_missing(card: Sealer, tmp_path: Path) -> None:
    (card.folder / "a.mov").rename(tmp_path / "elsewhere.mov")
    (card.folder / "a.mov").symlink_to(tmp_path / "elsewhere.mov")

    sealed, _ = compare(root_of(card))

    assert (sealed.by[0].verified, sealed.by[0].not_checked, sealed.by[0].missing_total) == (2, 1, 0)


def test_what_cannot_be_computed_is_not_compared_and_told(card: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_files, "can_digest", lambda _: False)

    sealed, _ = compare(root_of(card))

    assert (sealed.by[0].not_checked, sealed.by[0].not_checked_why) == (3, "md5 cannot be computed here")


def test_what_is_no_hash_of_its_algorithm_is_not_compared(tmp_path: Path) -> None:
    (tmp_path / "a.mov").write_bytes(b"a")
    Sealer(tmp_path).seal('<hash><path size="1">a.mov</path><md5 action="original">0123456789abcdef</md5></hash>')

    sealed, _ = compare(tmp_path)

    assert (sealed.by[0].differs, sealed.by[0].not_checked_why) == (0, "the sealed md5 is none: it has 16 characters")


def test_two_packing_hashes_of_one_file_must_both_hold(tmp_path: Path) -> None:
    package(tmp_path / "imp", b"essence", "sha1")
    again = "<Asset><Id>urn:uuid:t2</Id><ChunkList><Chunk><Path>t1.mxf</Path></Chunk></ChunkList></Asset></AssetList>"
    other = f"<Asset><Id>urn:uuid:t2</Id><Hash>{base64.b64encode(bytes(20)).decode()}</Hash><Size>7</Size></Asset></AssetList>"
    for name, more in (("ASSETMAP.xml", again), ("pkl.xml", other)):
        place = tmp_path / "imp" / name
        place.write_text(place.read_text().replace("</AssetList>", more))

    assert states(tmp_path) == {"imp/t1.mxf": DIFFERS}


def test_a_name_in_another_unicode_form_is_the_same_file(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path)
    (tmp_path / unicodedata.normalize("NFD", "é.mov")).write_bytes(b"e")
    sealer.seal(entry(unicodedata.normalize("NFC", "é.mov"), b"e"))

    assert list(states(tmp_path).values()) == [VERIFIED]


def test_frames_are_counted_by_state(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path)
    names = [f"a.{number}.dpx" for number in range(1001, 1011)]
    for name in names:
        (tmp_path / name).write_bytes(name.encode())
    sealer.seal("".join(entry(name, name.encode()) for name in names[:9]))
    (tmp_path / names[3]).write_bytes(b"a.XXXX.dpx")

    sealed, plan = compare(tmp_path)

    (told,) = [one for one in map(sealed.of, plan.assets) if one]
    assert told.counts == ((DIFFERS, 1), (NOT_LISTED, 1), (VERIFIED, 8))
    assert told.differing == (names[3],)


def test_missing_names_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_files, "MISSING_LIMIT", 2)
    Sealer(tmp_path).seal("".join(entry(f"{number}.mov", b"x") for number in range(5)))

    sealed, _ = compare(tmp_path)

    assert (sealed.by[0].missing, sealed.by[0].missing_total) == (("0.mov", "1.mov"), 5)


def test_a_scan_hashes_large_sealed_files_whole_when_asked(card: Sealer, run: RunScan, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was compared has its SHA-256 from the same pass: approvals, copies and later checks know it by that."""
    import tests.pipeline.conftest as conftest

    monkeypatch.setattr(conftest, "WorkerSettings", lambda: WorkerSettings(hash_below_bytes=1))
    unasked, asked = run(root_of(card)), run(root_of(card), check_hashes=True)

    def identities(scan: Scan) -> set[str]:
        return {one.hash.value or "" for one in scan.assets if one.path.endswith(".mov")}

    assert identities(unasked) == {""}
    assert identities(asked) == {hashlib.sha256(name).hexdigest() for name in (b"a", b"b", b"c")}
    assert {one.sealed.state for one in asked.assets if one.sealed} == {VERIFIED}


def test_what_differs_waits_for_a_person_media_or_not(tmp_path: Path, run: RunScan) -> None:
    folder = tmp_path / "DRIVE" / "final"
    folder.mkdir(parents=True)
    (folder / "grade.cdl").write_bytes(b"other")
    sealer = Sealer(folder)
    sealer.seal(entry("grade.cdl", b"grade") + entry("gone.cdl", b"gone"))

    scan = run(tmp_path / "DRIVE", check_hashes=True)

    found = {one.path: [finding.rule for finding in one.findings] for one in scan.assets}
    assert found["final/grade.cdl"] == ["sealed-bytes-differ"]
    assert [finding.rule for finding in scan.findings] == ["sealed-folder-differs"]
    assert scan.verdict is Verdict.REVIEW


@pytest.mark.parametrize(("check", "verdict"), [(False, Verdict.REVIEW), (True, Verdict.INCOMPLETE)])
def test_an_unreadable_history_is_no_pass_and_asked_for_it_is_incomplete(
    card: Sealer, run: RunScan, check: bool, verdict: Verdict
) -> None:
    for name in ("a", "b", "c"):
        (card.folder / f"{name}.mov").rename(card.folder / f"{name}.txt")
    (card.folder / "ascmhl" / "ascmhl_chain.xml").write_bytes(b"<ascmhldirectory/>")

    scan = run(root_of(card), check_hashes=check)

    assert [finding.rule for finding in scan.findings] == ["sealed-hashes-unread"]
    assert scan.verdict is verdict


def test_a_scan_of_no_list_says_nothing_of_them(tmp_path: Path, run: RunScan) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    (tmp_path / "ascmhl").mkdir()
    (tmp_path / "ascmhl" / "readme.txt").write_bytes(b"no history")

    scan = run(tmp_path, check_hashes=True)

    assert (scan.sealed_by, scan.findings) == ((), ())


def test_ctrl_c_while_lists_are_read_ends_the_scan_in_order(card: Sealer, run: RunScan) -> None:
    scan = run(root_of(card), stop_after=0)

    assert scan.interrupted
    assert [(one.state, one.why) for one in scan.sealed_by] == [(ListState.UNREADABLE, "the scan was stopped before it was read")]


@pytest.mark.skipif(ASCMHL is None, reason="the ascmhl tool is not installed (SCANNER_TEST_ASCMHL names one)")
def test_what_the_reference_tool_sealed_is_verified_and_a_changed_byte_is_told(tmp_path: Path, run: RunScan) -> None:
    pytest.importorskip("xxhash")
    folder = tmp_path / "DRIVE" / "A002"
    (folder / "inner").mkdir(parents=True)
    generated(folder / "still.png")
    (folder / "b & ü.txt").write_bytes(b"b" * 3_000_000)
    (folder / "inner" / "c.txt").write_bytes(b"c")
    for sealed_folder, algorithm in ((folder / "inner", "md5"), (folder, "xxh128"), (folder, "xxh64")):
        assert ASCMHL
        subprocess.run([ASCMHL, "create", "-h", algorithm, str(sealed_folder)], capture_output=True, check=True)

    whole = run(tmp_path / "DRIVE", check_hashes=True)

    assert [(one.path, one.state, one.files, one.verified) for one in whole.sealed_by] == [
        ("A002/ascmhl", ListState.HOLDS, 2, 2),
        ("A002/inner/ascmhl", ListState.HOLDS, 1, 1),
    ]
    assert not any(one.notes or one.missing_total or one.not_listed for one in whole.sealed_by)
    assert not [finding for finding in whole.findings if finding.rule.startswith("sealed")]

    with open(folder / "b & ü.txt", "r+b") as stream:
        stream.seek(1_500_000)
        stream.write(b"B")
    changed = run(tmp_path / "DRIVE", check_hashes=True)

    assert {one.path for one in changed.assets if one.sealed and one.sealed.state is DIFFERS} == {"A002/b & ü.txt"}
    assert changed.sealed_by[0].differs == 1
    # The tool itself says the same.
    assert ASCMHL
    verified = subprocess.run([ASCMHL, "verify", str(folder)], capture_output=True, check=False)
    assert verified.returncode != 0


def package(folder: Path, track: bytes, algorithm: str) -> None:
    """Write an IMF package of one track file, without a composition."""
    folder.mkdir()
    (folder / "t1.mxf").write_bytes(track)
    listed = "".join(
        f"<Asset><Id>urn:uuid:{uuid}</Id>{more}<ChunkList><Chunk><Path>{name}</Path></Chunk></ChunkList></Asset>"
        for uuid, name, more in (("t1", "t1.mxf", ""), ("pkl", "pkl.xml", "<PackingList>true</PackingList>"))
    )
    (folder / "ASSETMAP.xml").write_text(f"<AssetMap><AssetList>{listed}</AssetList></AssetMap>")
    digest = base64.b64encode(hashlib.new(algorithm, track).digest()).decode()
    named = f'<HashAlgorithm Algorithm="http://www.w3.org/2001/04/xmlenc#{algorithm}"/>'
    (folder / "pkl.xml").write_text(
        f"<PackingList><AssetList><Asset><Id>urn:uuid:t1</Id><Hash>{digest}</Hash><Size>{len(track)}</Size>"
        f"<Type>application/mxf</Type>{named}</Asset></AssetList></PackingList>"
    )
