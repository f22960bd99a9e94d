"""Two readers that decode the same field tell one mark."""

from dataclasses import replace

from scanner.interpret.joining import join_marks
from scanner.model.marks import Confidence, Mark, Meaning

FIRST = Mark("a1111-png", Meaning.GENERATED, Confidence.DEFINITIVE, "", "file, PNG:Parameters", "a cat", "exiftool", "12.57")
SECOND = replace(FIRST, where="file, PNG:parameters", value="a cat ", reader="residue", reader_version="0.1")


def test_the_same_field_is_told_once_as_the_first_reader_has_it():
    assert join_marks([FIRST], [SECOND]) == (FIRST,)
    assert join_marks([], [SECOND]) == (SECOND,)


def test_names_that_exiftool_shortens_are_the_same():
    first = replace(FIRST, where="file, PNG:Generationtime")
    assert join_marks([first], [replace(SECOND, where="file, PNG:Generation time")]) == (first,)


def test_another_field_place_row_or_meaning_is_something_new():
    others = (
        replace(SECOND, where="file, Stealth:Parameters"),
        replace(SECOND, where="sidecar a, b.xmp, PNG:parameters"),
        replace(SECOND, id="other"),
        replace(SECOND, meaning=Meaning.ENHANCED),
    )
    assert join_marks([FIRST], others) == (FIRST, *others)


def test_one_reader_s_own_marks_are_left_as_they_are():
    twice = (FIRST, replace(FIRST, value="a dog"))
    assert join_marks(twice, []) == twice
