from __future__ import annotations

from scanner.model.credentials import Credentials
from scanner.model.generation import GenerationNote
from scanner.model.marks import Meaning, Provenance
from scanner.model.people import NOBODY, People
from scanner.model.readings import VALUE_LIMIT, ReadingSummary
from scanner.pipeline.gather import MARKS_LIMIT, first_failure, gather, missing_examination, unreached_examination
from tests.pipeline.conftest import asset, examined, mark


def test_a_single_file_keeps_its_own_marks_and_readings() -> None:
    one = gather(asset(), [examined(mark())], [])

    assert one.provenance is Provenance.GENERATED
    assert [found.frames for found in one.marks] == [""]


def test_marks_of_a_sidecar_count_for_the_asset() -> None:
    one = gather(asset(sidecars=("final/a.xmp",)), [examined()], [examined(mark())])

    assert one.provenance is Provenance.GENERATED


def test_a_failed_sidecar_is_named() -> None:
    broken = examined(readings=(ReadingSummary("exiftool", "failed", "no XMP"),))

    one = gather(asset(sidecars=("final/a.xmp",)), [examined()], [broken])

    assert ReadingSummary("exiftool", "failed", "sidecar a.xmp: no XMP") in one.readings
    assert one.provenance is Provenance.UNREADABLE


def test_outliers_of_a_sequence_are_told_as_ranges() -> None:
    frames = [examined(mark()) if number in (3, 4, 9) else examined() for number in range(1, 11)]

    one = gather(asset("final/a.1-10#.png", frames=10), frames, [])

    assert [found.frames for found in one.marks] == ["3-4,9"]
    assert one.provenance is Provenance.GENERATED


def test_a_mark_on_every_frame_needs_no_ranges_whatever_its_value() -> None:
    frames = [examined(mark(value=f"seed {number}")) for number in range(1, 11)]

    one = gather(asset("final/a.1-10#.png", frames=10), frames, [])

    assert [found.frames for found in one.marks] == [""]


def test_an_unreadable_frame_is_named_and_makes_the_sequence_unreadable() -> None:
    frames = [missing_examination(0, "gone") if number == 5 else examined() for number in range(1, 11)]

    one = gather(asset("final/a.1-10#.png", frames=10), frames, [])

    assert ReadingSummary("probe", "failed", "frames 5: gone") in one.readings
    assert one.provenance is Provenance.UNREADABLE
    assert one.first.format.name == "png"


def test_the_most_telling_credentials_stand_for_a_sequence() -> None:
    frames = [examined(credentials=Credentials.INVALID if number == 2 else Credentials.NONE) for number in range(1, 11)]

    assert gather(asset("final/a.1-10#.png", frames=10), frames, []).credentials is Credentials.INVALID


def test_raw_text_and_the_number_of_marks_are_bounded() -> None:
    many = [mark(f"m{number}", Meaning.HISTORY, "x" * 100_000) for number in range(MARKS_LIMIT + 50)]

    one = gather(asset(), [examined(*many)], [])

    assert len(one.marks) == MARKS_LIMIT
    assert all(len(found.value) < VALUE_LIMIT + 100 for found in one.marks)


def test_what_was_not_reached_is_no_failure() -> None:
    one = gather(asset(), [unreached_examination()], [])

    assert not one.reached
    assert one.provenance is Provenance.NOT_CHECKABLE


def test_each_asset_loses_its_reading_once() -> None:
    readings = (ReadingSummary("probe", "failed", "cut short"), ReadingSummary("exiftool", "failed", "cut short too"))

    assert first_failure(gather(asset(), [examined(readings=readings)], []).readings) == "cut short"


def test_people_notes_and_hidden_credentials_of_all_files_count_for_the_asset() -> None:
    frames = [examined(mark()), examined(people=People(("Ada",), 1), hidden_credentials="behind the end marker, at byte 9")]
    frames += [examined(generation=GenerationNote("Krea", prompt="a pier")) for _ in range(8)]
    sidecar = examined(people=People(("Ben",)), generation=GenerationNote("Krea", prompt_writer="A. Writer"))

    one = gather(asset("final/a.1-10#.png", frames=10, sidecars=("final/a.xmp",)), frames, [sidecar])

    assert one.people == People(("Ada", "Ben"), 1)
    assert one.generation == GenerationNote("Krea", prompt="a pier", prompt_writer="A. Writer")
    assert one.hidden_credentials == "behind the end marker, at byte 9"


def test_names_are_kept_only_beside_a_mark_of_ai() -> None:
    ada = People(("Ada",))
    capture = mark("trap-dst-digitalCapture", Meaning.DECLARED_OTHER)

    assert gather(asset(), [examined(capture, people=ada)], []).people is NOBODY
    assert gather(asset(), [examined(people=ada)], []).people is NOBODY
    assert gather(asset(sidecars=("final/a.xmp",)), [examined(people=ada)], [examined(mark())]).people == ada
