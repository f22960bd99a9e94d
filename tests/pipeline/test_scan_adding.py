"""Adding from a previous scan: only what it found, only with the same bytes, never a path because a report says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.model.errors import NothingToScan, UsageError
from scanner.model.marks import Provenance
from scanner.model.matching import Role
from scanner.model.recorded import RecordedScan
from scanner.pipeline.learning import CHANGED, Learned, Source
from scanner.pipeline.scan_adding import GONE, NOT_HASHED, Choice, add_from_scan
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.report.json_reading import read_report
from scanner.store.library import SqlLibrary, open_library
from tests.pipeline.conftest import InProcessEngine, RunScan, generated, picture
from tests.report.written import render


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    root = tmp_path / "drive"
    for folder in ("final", "temp"):
        (root / folder).mkdir(parents=True)
    generated(root / "temp" / "idea.png", 1)
    generated(root / "final" / "idea.png", 2)
    picture(3).save(root / "final" / "still.png")
    (root / "final" / "list.txt").write_text("a list\n")
    for number in range(1, 9):
        picture(20 + number).save(root / "final" / f"shot.{number:04}.tif")
    return root


@pytest.fixture
def recorded(run: RunScan, drive: Path) -> RecordedScan:
    return read_report(render(run(drive), "json").encode(), "scan.json")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlLibrary]:
    library = open_library(str(tmp_path / "l.sqlite"), create=True)
    yield library
    library.close()


def add(store: SqlLibrary, recorded: RecordedScan, choice: Choice = Choice(), *paths: Path) -> Learned:  # noqa: B008
    engine = InProcessEngine(WorkerSettings())
    source = Source("", Role.AI, collections=("EP1",))
    try:
        settings = ScanSettings(tuple(map(str, paths)))
        return add_from_scan(settings, recorded, choice, source, store, engine, lambda *_: None)
    finally:
        engine.close()


def names(store: SqlLibrary) -> list[str]:
    return sorted(one.name for one in store.references())


GENERATED = Choice(frozenset({Provenance.GENERATED}))


def test_assets_of_a_provenance(store: SqlLibrary, recorded: RecordedScan) -> None:
    told = add(store, recorded, GENERATED)

    assert (told.new, told.refused) == (2, ())
    assert names(store) == ["drive/final/idea.png", "drive/temp/idea.png"]
    assert (store.collections(), store.count(Role.AI)) == ({"EP1": 2}, 2)
    assert add(store, recorded, GENERATED) == Learned(known=2)


def test_assets_of_which_a_rule_found_something(store: SqlLibrary, run: RunScan, drive: Path) -> None:
    (drive / "final" / "leaked.png").write_bytes((drive / "temp" / "idea.png").read_bytes())
    recorded = read_report(render(run(drive), "json").encode(), "scan.json")
    add(store, recorded, Choice(rules=frozenset({"temporary-copy-in-final", "restricted-reference-match"})))
    assert names(store) == ["drive/final/leaked.png"]


def test_both_conditions_must_be_met(store: SqlLibrary, recorded: RecordedScan) -> None:
    with pytest.raises(NothingToScan, match="no asset of the report fits"):
        add(store, recorded, Choice(frozenset({Provenance.NO_MARKS}), frozenset({"ai-declared"})))
    assert store.count() == 0


def test_without_conditions_all_media_are_added_frames_too(store: SqlLibrary, recorded: RecordedScan) -> None:
    told = add(store, recorded)
    assert (told.new, told.refused) == (11, ())
    assert "drive/final/list.txt" not in names(store)


def test_what_changed_or_went_is_refused_and_the_rest_added(store: SqlLibrary, recorded: RecordedScan, drive: Path) -> None:
    generated(drive / "final" / "idea.png", 9)
    (drive / "final" / "shot.0003.tif").unlink()

    told = add(store, recorded)

    assert sorted(told.refused) == [("drive/final/idea.png", CHANGED), ("drive/final/shot.0003.tif", GONE)]
    assert told.new == 9


def test_what_changed_to_something_known_is_refused_too(store: SqlLibrary, recorded: RecordedScan, drive: Path) -> None:
    add(store, recorded)
    (drive / "temp" / "idea.png").write_bytes((drive / "final" / "still.png").read_bytes())

    told = add(store, recorded, GENERATED)

    assert (told.known, told.refused) == (1, (("drive/temp/idea.png", CHANGED),))


def test_what_came_since_is_left_alone(store: SqlLibrary, recorded: RecordedScan, drive: Path) -> None:
    generated(drive / "temp" / "another.png", 7)
    assert add(store, recorded, GENERATED).new == 2


def test_what_was_not_hashed_is_refused(store: SqlLibrary, recorded: RecordedScan) -> None:
    unhashed = replace(recorded, inventory=tuple(replace(file, sha256="") for file in recorded.inventory))

    told = add(store, unhashed, GENERATED)

    assert (told.new, {why for _, why in told.refused}) == (0, {NOT_HASHED})


def test_the_delivery_may_have_moved(store: SqlLibrary, recorded: RecordedScan, drive: Path, tmp_path: Path) -> None:
    moved = drive.rename(tmp_path / "elsewhere")
    with pytest.raises(UsageError):
        add(store, recorded, GENERATED)
    assert add(store, recorded, GENERATED, moved).new == 2
    assert names(store) == ["elsewhere/final/idea.png", "elsewhere/temp/idea.png"]
    with pytest.raises(UsageError, match="the report is of 1 roots, 2 were named"):
        add(store, recorded, GENERATED, moved, tmp_path)


def test_a_link_put_in_a_file_s_place_is_not_followed(
    store: SqlLibrary, recorded: RecordedScan, drive: Path, tmp_path: Path
) -> None:
    away = (drive / "temp" / "idea.png").rename(tmp_path / "away.png")
    (drive / "temp" / "idea.png").symlink_to(away)
    told = add(store, recorded, GENERATED)
    assert (told.new, told.refused) == (1, (("drive/temp/idea.png", GONE),))
