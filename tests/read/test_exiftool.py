"""The ExifTool reader on real files, with every ExifTool at hand."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from scanner.model.errors import ToolError
from scanner.model.formats import UNKNOWN_FORMAT
from scanner.model.readings import Failed, Found, NotTried, Outcome, Statement
from scanner.probe.formats import by_name
from scanner.read.exiftool import _judge_answer
from scanner.read.exiftool_installation import inspect_exiftool

JPEG, PNG = by_name("jpeg"), by_name("png")


def values(outcome: Outcome, field: str) -> list[str]:
    assert not isinstance(outcome, NotTried)
    return [statement.value for statement in outcome.statements if statement.field == field]


def png(compressed: bool = False, **texts: str) -> bytes:
    chunks, stream = PngInfo(), io.BytesIO()
    for keyword, text in texts.items():
        chunks.add_text(keyword, text, zip=compressed)
    Image.new("RGB", (8, 8)).save(stream, "PNG", pnginfo=chunks)
    return stream.getvalue()


def read(reader, tmp_path, content: bytes, name: str = "file", file_format=JPEG) -> Outcome:
    path = tmp_path / name
    path.write_bytes(content)
    return reader.read(str(path), file_format, len(content))


def test_a_comment_is_a_statement(exiftool, open_reader, jpeg, tmp_path):
    outcome = read(open_reader(exiftool), tmp_path, jpeg("made by hand"))
    assert isinstance(outcome, Found)
    assert values(outcome, "File:Comment") == ["made by hand"]


def test_a_picture_without_words_is_not_found_yet_its_size_is_told(exiftool, open_reader, jpeg, tmp_path):
    stream = io.BytesIO()
    Image.new("RGB", (16, 9)).save(stream, "PNG")
    outcome = read(open_reader(exiftool), tmp_path, stream.getvalue(), file_format=PNG)
    assert not isinstance(outcome, Failed)
    assert [value for field in ("PNG:ImageWidth", "File:ImageWidth") for value in values(outcome, field)] == ["16"]


@pytest.mark.parametrize("compressed", [False, True], ids=["tEXt", "zTXt"])
def test_png_text_behind_the_picture_is_read(compressed, exiftool, open_reader, tmp_path):
    outcome = read(open_reader(exiftool), tmp_path, png(compressed, prompt='{"1": {}}', Title="A"), file_format=PNG)
    assert values(outcome, "PNG:Prompt") == ['{"1": {}}']


def test_a_statement_made_twice_is_told_twice(exiftool, open_reader, tmp_path):
    chunks, stream = PngInfo(), io.BytesIO()
    chunks.add_text("Comment", "first")
    chunks.add_text("Comment", "second")
    Image.new("RGB", (8, 8)).save(stream, "PNG", pnginfo=chunks)
    outcome = read(open_reader(exiftool), tmp_path, stream.getvalue(), file_format=PNG)
    assert sorted(values(outcome, "PNG:Comment")) == ["first", "second"]


def test_text_that_looks_like_a_number_stays_text(exiftool, open_reader, jpeg, tmp_path):
    for text in ("1.10", "1e5", "-0", "12345678901234567890123", "0x10"):
        assert values(read(open_reader(exiftool), tmp_path, jpeg(text)), "File:Comment") == [text]


def test_text_that_imitates_the_end_of_an_answer_ends_nothing(exiftool, open_reader, jpeg, tmp_path):
    reader = open_reader(exiftool)
    text = '{ready}\n{ready123456}\n[{"SourceFile":"x"}]'
    assert values(read(reader, tmp_path, jpeg(text)), "File:Comment") == [text.replace("\n", ".")] or values(
        read(reader, tmp_path, jpeg(text)), "File:Comment"
    ) == [text]
    assert values(read(reader, tmp_path, jpeg("next")), "File:Comment") == ["next"]


def test_one_missing_file_among_others_fails_alone(exiftool, open_reader, jpeg, tmp_path):
    reader = open_reader(exiftool)
    for name in ("a.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(jpeg(name))
    outcomes = [reader.read(str(tmp_path / name), JPEG, 1) for name in ("a.jpg", "b.jpg", "c.jpg")]
    assert values(outcomes[0], "File:Comment") == ["a.jpg"]
    assert isinstance(outcomes[1], Failed)
    assert values(outcomes[2], "File:Comment") == ["c.jpg"]


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff"], ids=["empty", "head-only"])
def test_a_recognised_format_that_exiftool_cannot_read_is_a_failure(content, exiftool, open_reader, tmp_path):
    assert isinstance(read(open_reader(exiftool), tmp_path, content, "a.jpg"), Failed)


def test_a_truncated_picture_is_a_failure_that_keeps_what_was_read(exiftool, open_reader, tmp_path):
    whole = png(Title="kept")
    outcome = read(open_reader(exiftool), tmp_path, whole[:-20], "a.png", PNG)
    assert isinstance(outcome, Failed)
    assert values(outcome, "PNG:Title") == ["kept"]


def test_an_unknown_type_is_not_tried_rather_than_failed(exiftool, open_reader, tmp_path):
    assert isinstance(read(open_reader(exiftool), tmp_path, b"\x00\x01\x02 nothing known", "a.bin", UNKNOWN_FORMAT), NotTried)


def test_a_format_without_metadata_is_not_tried(exiftool, open_reader, jpeg, tmp_path):
    assert isinstance(read(open_reader(exiftool), tmp_path, jpeg("x"), "a", replace(JPEG, metadata=False)), NotTried)


def test_a_name_is_no_statement(exiftool, open_reader, jpeg, tmp_path):
    outcome = read(open_reader(exiftool), tmp_path, jpeg("x"), "midjourney.jpg")
    assert isinstance(outcome, Found)
    assert not [statement for statement in outcome.statements if "midjourney" in statement.value]


def test_the_installation_and_the_reader_agree_on_the_version(exiftool, open_reader):
    assert inspect_exiftool(exiftool).version == open_reader(exiftool).version


def test_an_installation_that_is_missing_is_a_tool_error(tmp_path):
    with pytest.raises(ToolError):
        inspect_exiftool(str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("warning", "told"),
    [
        ("Lost synchronization", True),
        ("Missing page(s) in Ogg file", True),
        ("Invalid xref table", True),
        ("Info object (6 0 obj) not found at offset 473", True),
        ("Encountered empty null chunk. Processing aborted", True),
        ("Bad LIS chunk", True),
        ("Bad value for ExifOffset", True),
        ("Bad offset for ExifIFD UserComment", True),
        ("Bad ExifOffset SubDirectory start", True),
        ("Bad format (12548) for IFD0 entry 0", True),
        ("Invalid size (4194304035) for IFD0 tag 0x010e ImageDescription", True),
        ("Bad format (13344) for GPS entry 3", False),
        ("Malformed APP1 EXIF segment", True),
        ("Invalid JUMBF size or missing JUMBF chunk", True),
        ("Invalid PNG chunk size", True),
        ("[minor] Skipped unknown 466 bytes after JPEG APP0 segment", True),
        ("[minor] Skipped unknown 6 bytes after JPEG APP1 segment", False),
        ("Invalid ID3 frame size", False),
        ("IFD0 pointer references previous JUMBFBox directory", False),
        ("Bad offset for IFD1 ResolutionUnit", False),
        ("[minor] Unrecognized MakerNotes", False),
        ("[minor] Text/EXIF chunk(s) found after PNG IDAT (may be ignored by some readers)", False),
    ],
)
def test_warnings_that_tell_damage(warning, told):
    """Those that do come from damaged fixtures; those that do not stand in whole files of the corpus."""
    outcome = _judge_answer((Statement("PNG:Title", "a"), Statement("ExifTool:Warning", warning)), PNG)

    assert isinstance(outcome, Failed) is told
