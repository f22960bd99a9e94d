"""What examining one file says of the file itself."""

from pathlib import Path

import pytest
from PIL import Image

from scanner.model.work import ExamineTask
from scanner.pipeline.examine import Examiner
from scanner.pipeline.settings import WorkerSettings


@pytest.mark.parametrize(("off", "changed"), [(0, False), (-1, True), (1, True)])
def test_a_file_of_another_size_than_it_was_listed_with_has_changed(
    tmp_path: Path, exiftool: str, off: int, changed: bool
) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8), "teal").save(path)
    examiner = Examiner(WorkerSettings(exiftool=exiftool))
    try:
        read = examiner.examine(ExamineTask(0, str(path), path.stat().st_size + off))
    finally:
        examiner.close()
    # Its digest would be that of its beginning.
    assert read.changed is changed
