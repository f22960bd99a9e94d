from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.model.errors import NothingToScan
from scanner.model.matching import Rights, Role
from scanner.pipeline.adding import add_references
from scanner.pipeline.learning import Source
from scanner.pipeline.library_checking import Mended, count_incomplete, find_troubles, repair
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.library import SqlLibrary, open_library
from tests.pipeline.conftest import InProcessEngine, RunScan, generated, picture
from tests.store.references import let_ids_collide, made_references


@pytest.fixture
def engine() -> Iterator[InProcessEngine]:
    one = InProcessEngine(WorkerSettings())
    yield one
    one.close()


@pytest.fixture
def folder(tmp_path: Path, run: RunScan) -> Path:
    made = tmp_path / "stills"
    made.mkdir()
    generated(made / "idea.png")
    for number in range(3, 7):
        picture(number).save(made / f"{'abcdefgh'[number]}.png")
    return made


@pytest.fixture
def library(tmp_path: Path, folder: Path, engine: InProcessEngine) -> Iterator[SqlLibrary]:
    """Five references, one of them under two roles."""
    store = open_library(str(tmp_path / "l.sqlite"), create=True)
    rights = Rights("archive")
    sources = [Source(str(folder), Role.OWNED, rights)]
    add_references(ScanSettings(()), sources, store, engine, lambda *_: None)
    add_references(ScanSettings(()), [Source(str(folder / "idea.png"), Role.AI)], store, engine, lambda *_: None)
    yield store
    store.close()


def silent(*_: object) -> None:
    pass


def change(library: SqlLibrary, *statements: str) -> None:
    with library.database.transaction() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def mended(library: SqlLibrary, engine: InProcessEngine, *paths: Path) -> Mended:
    settings = ScanSettings(tuple(map(str, paths)))
    return repair(settings, library, list(find_troubles(library, silent)), engine, silent)


def test_what_was_added_is_whole_and_complete(library: SqlLibrary) -> None:
    assert list(find_troubles(library, silent)) == []
    assert count_incomplete(library) == 0


def test_everything_broken_is_made_anew_from_the_same_files(library: SqlLibrary, folder: Path, engine: InProcessEngine) -> None:
    before, references = library.digest(), list(library.references())
    pictures = library.belongings([one.id for one in references])
    change(
        library,
        "UPDATE reference_thumbnail SET jpeg = x'00'",
        "UPDATE reference_picture SET picture = x'00'",
        "UPDATE reference SET bits = 'xx'",
    )
    assert len(list(find_troubles(library, silent))) == 18

    assert mended(library, engine, folder) == Mended(6)

    assert list(find_troubles(library, silent)) == []
    assert (library.digest(), list(library.references())) == (before, references)
    assert library.belongings([one.id for one in references]) == pictures


def test_without_the_file_nothing_is_taken_out(library: SqlLibrary, folder: Path, engine: InProcessEngine) -> None:
    change(library, "UPDATE reference_picture SET picture = x'00'")
    for path in folder.iterdir():
        if path.name != "idea.png":
            path.unlink()

    assert mended(library, engine, folder) == Mended(2)

    left = list(find_troubles(library, silent))
    assert {one.part for one in left} == {"picture"}
    assert len(left) == 4
    assert len(library.pictures([one.id for one in library.references()])) == 6


def test_a_file_of_other_bytes_repairs_nothing(library: SqlLibrary, folder: Path, engine: InProcessEngine) -> None:
    change(library, "UPDATE reference_picture SET picture = x'00'")
    for number, path in enumerate(folder.iterdir()):
        picture(90 + number).save(path)
    assert mended(library, engine, folder) == Mended(0)


def test_orphans_go_without_any_file(library: SqlLibrary, engine: InProcessEngine) -> None:
    change(library, "PRAGMA defer_foreign_keys = ON")
    import sqlite3

    with sqlite3.connect(library.database.where) as connection:
        connection.execute("DELETE FROM reference WHERE role = 'ai'")
    connection.close()

    assert mended(library, engine) == Mended(0, 4)
    assert list(find_troubles(library, silent)) == []


def test_nothing_wrong_reads_nothing(library: SqlLibrary, folder: Path, engine: InProcessEngine) -> None:
    engine.tasks.clear()
    assert mended(library, engine, folder) == Mended()
    assert engine.tasks == []


def test_an_empty_folder_to_repair_from(library: SqlLibrary, tmp_path: Path, engine: InProcessEngine) -> None:
    change(library, "UPDATE reference_picture SET picture = x'00'")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToScan):
        mended(library, engine, tmp_path / "empty")


def test_references_of_an_older_scanner_are_counted_as_incomplete(library: SqlLibrary) -> None:
    library.add(made_references(9, start=50))
    assert count_incomplete(library) == sum(one.fingerprint is not None for one in made_references(9, start=50))


def test_nothing_is_made_of_other_content_with_the_same_id(
    tmp_path: Path, folder: Path, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_ids_collide(monkeypatch)
    ours, forged = folder / "d.png", folder / "e.png"
    library = open_library(str(tmp_path / "one.sqlite"), create=True)
    add_references(ScanSettings(()), [Source(str(ours), Role.OWNED)], library, engine, silent)
    before = library.digest()
    change(library, "UPDATE reference_picture SET picture = x'00'")

    assert mended(library, engine, forged) == Mended()
    assert mended(library, engine, ours) == Mended(1)
    assert library.digest() == before
    library.close()
