"""Adding to a library: part by part, known content never decoded, nothing lost when it is stopped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scanner.model.matching import Rights, Role
from scanner.model.work import DigestTask, ExamineTask
from scanner.pipeline import adding
from scanner.pipeline.adding import add_references
from scanner.pipeline.fetching import FetchingEngine
from scanner.pipeline.learning import COLLIDING, Learned, Source
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.library import SqlLibrary, open_library
from tests.pipeline.conftest import InProcessEngine, generated, picture
from tests.store.references import let_ids_collide
from tests.tools.object_server import ObjectServer

Add = Callable[..., Learned]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlLibrary]:
    library = open_library(str(tmp_path / "l.sqlite"), create=True)
    yield library
    library.close()


@pytest.fixture
def add(store: SqlLibrary) -> Iterator[Add]:
    """Add sources to the library in this process; `add.engine` is the last engine, `stop_after` tasks raise Ctrl-C."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    engines: list[InProcessEngine] = []

    def run(*sources: Source, stop_after: int | None = None, update: bool = False) -> Learned:
        engines.append(InProcessEngine(WorkerSettings(), stop_after))
        run.engine = engines[-1]  # type: ignore[attr-defined]
        return add_references(ScanSettings(()), sources, store, engines[-1], lambda *_: None, update=update)

    yield run
    for engine in engines:
        engine.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve pictures."""
    made = tmp_path / "stills"
    made.mkdir()
    for number in range(12):
        picture(number).save(made / f"{number:02}_{'abcdefghijkl'[number]}.png")
    return made


def source(path: Path, role: Role = Role.OWNED, **more: object) -> Source:
    return Source(str(path), role, **more)  # type: ignore[arg-type]


def tasks(add: Add, kind: type) -> int:
    return sum(isinstance(task, kind) for task in add.engine.tasks)  # type: ignore[attr-defined]


def test_a_second_add_decodes_nothing(add: Add, folder: Path, store: SqlLibrary) -> None:
    first = add(source(folder))
    assert (first.new, tasks(add, DigestTask), tasks(add, ExamineTask)) == (12, 0, 12)
    before = store.digest()

    again = add(source(folder))

    assert (again.new, again.known, again.refused) == (0, 12, ())
    assert {type(task) for task in add.engine.tasks} == {DigestTask}  # type: ignore[attr-defined]
    assert store.digest() == before


def test_what_is_new_beside_what_is_known(add: Add, folder: Path) -> None:
    add(source(folder))
    picture(50).save(folder / "new.png")
    (folder / "copy.png").write_bytes((folder / "00_a.png").read_bytes())

    told = add(source(folder))

    assert (told.new, told.known, tasks(add, ExamineTask)) == (1, 13, 1)


def test_one_content_twice_is_one_reference(add: Add, folder: Path, store: SqlLibrary) -> None:
    (folder / "copy.png").write_bytes((folder / "00_a.png").read_bytes())

    told = add(source(folder))

    assert (told.new, told.known, store.count()) == (12, 1, 12)


def test_of_two_contents_with_one_id_the_second_is_refused(
    add: Add, folder: Path, store: SqlLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_ids_collide(monkeypatch)
    pair = [source(folder / "00_a.png"), source(folder / "01_b.png")]

    told = add(*pair)

    assert (told.new, told.known, told.refused) == (1, 0, (("01_b.png", COLLIDING),))
    assert [one.name for one in store.references()] == ["00_a.png"]


def test_a_file_with_the_id_of_a_known_one_is_not_known(
    add: Add, folder: Path, store: SqlLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_ids_collide(monkeypatch)
    add(source(folder / "00_a.png"))
    before = list(store.references()), store.digest()

    told = add(source(folder / "01_b.png", rights=Rights("forged"), collections=("forged",)), update=True)

    assert (told.new, told.known, told.differing, told.refused) == (0, 0, 0, (("01_b.png", COLLIDING),))
    assert (list(store.references()), store.digest()) == before
    assert add(source(folder / "00_a.png")).known == 1


def test_another_role_is_another_reference(add: Add, folder: Path, store: SqlLibrary) -> None:
    add(source(folder))
    assert add(source(folder, Role.AI)).new == 12
    assert (store.count(Role.OWNED), store.count(Role.AI)) == (12, 12)


def test_stopped_it_keeps_whole_parts_and_goes_on(
    add: Add, folder: Path, store: SqlLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "FILES_AT_ONCE", 4)

    # Four to read, four to digest, four to show: a part; then, before each part, what may be known.
    stopped = add(source(folder), stop_after=12 + 4 + 6)

    assert (stopped.stopped, stopped.new, store.count()) == (True, 4, 4)
    finished = add(source(folder))
    assert (finished.stopped, finished.new, finished.known, tasks(add, ExamineTask)) == (False, 8, 4, 8)
    assert store.find_complete([one.id for one in store.references()]) == {one.id for one in store.references()}


@pytest.mark.parametrize("stop_after", [0, 1, 5, 9, 13, 17, 21])
def test_stopped_anywhere_nothing_is_told_that_is_not_there(
    add: Add, folder: Path, store: SqlLibrary, monkeypatch: pytest.MonkeyPatch, stop_after: int
) -> None:
    monkeypatch.setattr(adding, "FILES_AT_ONCE", 4)

    stopped = add(source(folder), stop_after=stop_after)

    assert stopped.stopped
    assert stopped.new == store.count()
    assert add(source(folder)).new + stopped.new == 12


def test_later_sources_are_not_begun_after_a_stop(add: Add, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "NAMED_AT_ONCE", 1)
    paths = sorted(folder.iterdir())

    stopped = add(*(source(path) for path in paths), stop_after=5)

    assert (stopped.stopped, stopped.new) == (True, 1)


def test_a_known_one_that_lacks_its_picture_is_completed(add: Add, folder: Path, store: SqlLibrary) -> None:
    add(source(folder))
    ids = [one.id for one in store.references()]
    with store.database.transaction() as connection:
        connection.exec_driver_sql(f"DELETE FROM reference_picture WHERE reference = '{ids[3]}'")

    told = add(source(folder))

    assert (told.new, told.known, tasks(add, ExamineTask)) == (0, 12, 1)
    assert len(store.pictures(ids)) == 12


def test_known_ones_get_collections_and_with_update_rights(add: Add, folder: Path, store: SqlLibrary) -> None:
    add(source(folder, collections=("first",)))
    rights = Rights("archive")

    told = add(source(folder, rights=rights, collections=("second",)))
    assert (told.differing, store.collections()) == (12, {"first": 12, "second": 12})
    assert {one.rights for one in store.references()} == {Rights()}

    add(source(folder, rights=rights), update=True)
    assert {one.rights for one in store.references()} == {rights}
    assert tasks(add, ExamineTask) == 0


def test_what_is_refused_is_refused_again(add: Add, folder: Path) -> None:
    (folder / "notes.txt").write_text("notes\n")
    (folder / "cut.png").write_bytes((folder / "00_a.png").read_bytes()[:300])
    for _ in range(2):
        assert [path for path, _ in add(source(folder)).refused] == ["stills/cut.png", "stills/notes.txt"]


def test_frames_of_a_sequence_are_known_one_by_one(add: Add, tmp_path: Path, store: SqlLibrary) -> None:
    shot = tmp_path / "shot"
    shot.mkdir()
    for number in range(1, 10):
        picture(number).save(shot / f"a.{number:04}.tif")
    assert add(source(shot)).new == 9
    picture(70).save(shot / "a.0005.tif")

    told = add(source(shot))

    assert (told.new, told.known, store.count()) == (1, 8, 10)


def test_progress_counts_the_whole(add: Add, folder: Path, store: SqlLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "FILES_AT_ONCE", 5)
    told: list[tuple[str, int, int]] = []
    engine = InProcessEngine(WorkerSettings())
    add_references(ScanSettings(()), [source(folder)], store, engine, lambda *what: told.append(what))
    engine.close()

    reading = [(done, total) for phase, done, total in told if phase == "reading"]
    assert {total for _, total in reading} == {12}
    assert max(done for done, _ in reading) == 12
    assert reading == sorted(reading)


def test_a_file_that_cannot_be_read_is_refused_and_the_rest_added(add: Add, folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    add(source(folder))
    generated(folder / "zz.png", 80)
    (folder / "00_a.png").chmod(0)
    told = add(source(folder))
    assert (told.new, [path for path, _ in told.refused]) == (1, ["stills/00_a.png"])


def test_a_bucket_adds_what_its_folder_adds(
    folder: Path, store: SqlLibrary, objects_served: ObjectServer, tmp_path: Path
) -> None:
    pytest.importorskip("obstore")
    objects_served.objects = {f"archive/stills/{path.name}": path.read_bytes() for path in folder.iterdir()}
    with (
        closing(open_library(str(tmp_path / "disk.sqlite"), create=True)) as other,
        closing(FetchingEngine(InProcessEngine(WorkerSettings()))) as engine,
    ):
        add_references(ScanSettings(()), [source(folder)], other, engine, lambda *_: None)
        learned = add_references(
            ScanSettings(()), [Source("s3://archive/archive/stills", Role.OWNED)], store, engine, lambda *_: None
        )
        assert (learned.new, learned.refused) == (12, ())
        assert store.digest() == other.digest()
    assert objects_served.sent_bytes == sum(map(len, objects_served.objects.values()))
