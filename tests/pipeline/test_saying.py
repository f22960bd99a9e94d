"""All that a file says, for a person to read: whole where it is short, bounded where it is not."""

from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from scanner.model.readings import VALUE_LIMIT, Found, NotTried, Statement
from scanner.model.statements_work import StatementsTask
from scanner.pipeline.examine import Examiner
from scanner.pipeline.saying import CHARACTERS_LIMIT, STATEMENTS_LIMIT, said
from scanner.pipeline.settings import WorkerSettings


def test_a_file_is_told_reader_by_reader(tmp_path: Path, exiftool: str) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", "a lighthouse\nSteps: 20, Sampler: Euler a")
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(path, pnginfo=text)
    examiner = Examiner(WorkerSettings(exiftool=exiftool))
    try:
        read = examiner.perform(StatementsTask(3, str(path), path.stat().st_size))
        missing = examiner.perform(StatementsTask(4, str(tmp_path / "gone.png"), 9))
    finally:
        examiner.close()
    told = {reader.reader: {one.field: one.value for one in reader.statements} for reader in read.readers}
    assert read.key == 3 and set(told) == {"exiftool", "residue"}
    assert told["exiftool"]["PNG:Parameters"].startswith("a lighthouse")
    assert missing.readers == () and "cannot be read" in missing.why


@pytest.mark.parametrize(
    "values",
    [["x"] * (STATEMENTS_LIMIT + 5), ["x" * VALUE_LIMIT] * (CHARACTERS_LIMIT // VALUE_LIMIT + 5)],
    ids=["many", "long"],
)
def test_what_is_too_much_is_counted(values: list[str]) -> None:
    one = said("exiftool", "1", Found(tuple(Statement(f"G:{number}", value) for number, value in enumerate(values))))
    assert one.left >= 5 and one.left + len(one.statements) == len(values)


def test_long_values_and_names_are_cut() -> None:
    one = said("exiftool", "1", Found((Statement("G:" + "n" * 900, "v" * 9000),)))
    assert len(one.statements[0].value) < 4200 and len(one.statements[0].field) < 300


def test_a_reader_that_did_not_look_says_why() -> None:
    one = said("residue", "1", NotTried("nothing is known"))
    assert (one.state, one.why, one.statements) == ("not-tried", "nothing is known", ())
