"""Each way in which an ExifTool child fails costs one file's reading at most (MEASURED, "ExifTool").

A stand-in fails on demand; PyExifTool's own loop would hang, spin or raise on each of these.
"""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

from scanner.model.errors import ToolError
from scanner.model.readings import Failed, Found, Outcome
from scanner.probe.formats import by_name
from scanner.read import exiftool as exiftool_module
from scanner.read.safe_exiftool import SafeExifTool, parse_version

JPEG = by_name("jpeg")
FINE = 'say({"SourceFile": path, "XMP-dc:Title": path})'


def read(reader, name: str) -> Outcome:
    return reader.read(f"/delivery/{name}", JPEG, 1)


def titles(outcome: Outcome) -> list[str]:
    assert isinstance(outcome, Found)
    return [statement.value for statement in outcome.statements if statement.field == "XMP-dc:Title"]


def test_a_child_killed_in_the_middle_of_a_request_is_replaced_once_and_the_file_read(fake, open_reader):
    tool = fake(f"if start == 1: os.kill(os.getpid(), signal.SIGKILL)\n{FINE}")
    reader = open_reader(tool.path)
    assert titles(read(reader, "a.jpg")) == ["/delivery/a.jpg"]
    assert tool.starts == 2


def test_a_file_that_kills_every_child_fails_after_one_restart_and_the_next_is_read(fake, open_reader):
    tool = fake(f"if 'poison' in path: os.kill(os.getpid(), signal.SIGKILL)\n{FINE}")
    reader = open_reader(tool.path)
    assert read(reader, "poison.jpg") == Failed("ExifTool was ended by signal SIGKILL", transient=True)
    assert tool.starts == 2
    assert titles(read(reader, "b.jpg")) == ["/delivery/b.jpg"]
    assert tool.starts == 3


def test_a_child_killed_from_outside_while_it_reads_costs_no_reading(fake, open_reader):
    tool = fake(f"if start == 1: time.sleep(60)\n{FINE}")
    reader = open_reader(tool.path)
    reader.begin("/delivery/a.jpg")
    os.kill(reader.child_pid, signal.SIGKILL)
    assert titles(reader.finish(JPEG)) == ["/delivery/a.jpg"]


def test_a_child_killed_while_idle_is_replaced(fake, open_reader):
    tool = fake(FINE)
    reader = open_reader(tool.path)
    read(reader, "a.jpg")
    os.kill(reader.child_pid, signal.SIGKILL)
    assert titles(read(reader, "b.jpg")) == ["/delivery/b.jpg"]
    assert tool.starts == 2


def test_a_stopped_child_is_replaced_at_the_deadline_without_spinning(fake, open_reader):
    tool = fake(f"if start == 1: os.kill(os.getpid(), signal.SIGSTOP)\n{FINE}")
    reader = open_reader(tool.path, timeout_seconds=1.0)
    began, busy = time.monotonic(), time.process_time()
    assert titles(read(reader, "a.jpg")) == ["/delivery/a.jpg"]
    assert time.monotonic() - began < 5
    assert time.process_time() - busy < 0.3
    assert tool.starts == 2


def test_a_child_stopped_while_idle_is_replaced(fake, open_reader):
    tool = fake(FINE)
    reader = open_reader(tool.path, timeout_seconds=0.5)
    read(reader, "a.jpg")
    os.kill(reader.child_pid, signal.SIGSTOP)
    assert titles(read(reader, "b.jpg")) == ["/delivery/b.jpg"]


def test_a_slow_answer_fails_at_the_deadline_and_says_so(fake, open_reader):
    reader = open_reader(fake("time.sleep(60)").path, timeout_seconds=0.4)
    began = time.monotonic()
    assert read(reader, "a.jpg") == Failed("ExifTool gave no answer within 0.4 s", transient=True)
    assert time.monotonic() - began < 5


def test_two_failures_that_differ_are_both_told(fake, open_reader):
    reader = open_reader(fake("if start == 1: os.kill(os.getpid(), signal.SIGKILL)\nsys.exit(3)").path)
    assert read(reader, "a.jpg") == Failed("ExifTool was ended by signal SIGKILL, then ended with code 3", transient=True)


def test_a_flood_of_complaints_does_not_deadlock(fake, open_reader):
    tool = fake(f"sys.stderr.write('Warning: something ' * 20_000)\nsys.stderr.flush()\n{FINE}")
    assert titles(read(open_reader(tool.path), "a.jpg")) == ["/delivery/a.jpg"]
    assert tool.starts == 1


def test_endless_output_is_capped(fake, open_reader):
    reader = open_reader(fake("while True: out.write(b'x' * (1 << 20))").path, timeout_seconds=20)
    assert read(reader, "a.jpg") == Failed("ExifTool answered with more than 64 MB", transient=True)


@pytest.mark.parametrize(
    "answer",
    [
        b"{",
        b"no json at all",
        b'"text"',
        b"[1]",
        b'{"SourceFile": "a"}',
        b"[null]",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'[{"XMP-dc:Title": ' + b"[" * 900 + b"]" * 900 + b"}]",
        b'[{"XMP-dc:Title": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}]",
    ],
    ids=["cut", "words", "text", "number", "object", "null", "bytes", "deep", "deep-lists", "deep-objects"],
)
def test_an_answer_that_cannot_be_used_is_never_an_exception(answer, fake, open_reader, tmp_path):
    (tmp_path / "answer").write_bytes(answer)
    tool = fake(f"out.write(open({str(tmp_path / 'answer')!r}, 'rb').read())")
    outcome = read(open_reader(tool.path), "a.jpg")
    if not answer.startswith(b'[{"'):
        assert isinstance(outcome, Failed)


def test_an_empty_answer_means_that_the_file_could_not_be_opened(fake, open_reader):
    assert read(open_reader(fake("pass").path), "a.jpg") == Failed("ExifTool could not open the file", transient=True)


def test_an_answer_belongs_to_the_file_that_was_asked_for_whatever_it_says(fake, open_reader):
    reader = open_reader(fake('say({"SourceFile": "/elsewhere/b.jpg", "XMP-dc:Title": path})').path)
    assert titles(read(reader, "a.jpg")) == ["/delivery/a.jpg"]
    assert titles(read(reader, "c.jpg")) == ["/delivery/c.jpg"]


def test_an_answer_nobody_fetched_is_not_taken_for_the_next_files(fake, open_reader):
    reader = open_reader(fake(FINE).path)
    reader.begin("/delivery/forgotten.jpg")
    assert titles(read(reader, "b.jpg")) == ["/delivery/b.jpg"]


def test_numbers_are_kept_as_they_are_written(fake, open_reader):
    reader = open_reader(
        fake('out.write(b\'[{"XMP-dc:Title": 1.10, "XMP-dc:Rights": [1e5, 007.0]}]\'.replace(b"007.0", b"7.00"))').path
    )
    outcome = read(reader, "a.jpg")
    assert isinstance(outcome, Found)
    assert [statement.value for statement in outcome.statements] == ["1.10", "1e5", "7.00"]


def test_a_missing_perl_module_is_a_failure_not_an_absence(fake, open_reader):
    warning = "Install Compress::Zlib to read compressed information"
    tool = fake(f'say({{"SourceFile": path, "File:FileType": "PNG", "ExifTool:Warning": {warning!r}}})')
    outcome = read(open_reader(tool.path), "a.png")
    assert isinstance(outcome, Failed)
    assert "Compress::Zlib" in outcome.why


def test_a_mark_read_before_a_failure_is_kept(fake, open_reader):
    tool = fake('say({"XMP-dc:Title": path, "ExifTool:Warning": "Truncated PNG image"})')
    outcome = read(open_reader(tool.path), "a.png")
    assert isinstance(outcome, Failed)
    assert ("XMP-dc:Title", "/delivery/a.png") in [(one.field, one.value) for one in outcome.statements]


@pytest.mark.parametrize("version", ["12.30", "12.37", "11.88", "9.1", "nonsense"])
def test_a_version_that_names_could_steer_is_refused(version, fake, open_reader):
    with pytest.raises(ToolError, match=f"ExifTool {version} is too old"):
        _ = open_reader(fake(FINE, version=version).path).version


@pytest.mark.parametrize("version", ["12.38", "12.57", "13.00", "13.59"])
def test_newer_versions_are_taken(version, fake, open_reader):
    assert open_reader(fake(FINE, version=version).path).version == version


def test_a_program_that_ends_at_once_is_no_exiftool(tmp_path, open_reader):
    program = tmp_path / "exiftool"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(ToolError, match="ExifTool does not start: ended with code 1"):
        _ = open_reader(str(program)).version


def test_a_missing_exiftool_says_how_to_install_it(tmp_path, open_reader):
    with pytest.raises(ToolError, match="apt install libimage-exiftool-perl"):
        open_reader(str(tmp_path / "none"))


def test_an_exiftool_that_does_not_start_again_costs_readings_not_the_scan(fake, open_reader):
    tool = fake(f"if 'poison' in path: os.unlink(sys.argv[0]); os.kill(os.getpid(), signal.SIGKILL)\n{FINE}")
    reader = open_reader(tool.path)
    read(reader, "a.jpg")
    for name in ("poison.jpg", "b.jpg"):
        outcome = read(reader, name)
        assert isinstance(outcome, Failed)
        assert "ExifTool does not start" in outcome.why
    assert reader.version == "13.00"


def test_the_child_is_replaced_now_and_then_so_that_perl_gives_memory_back(fake, open_reader, monkeypatch):
    monkeypatch.setattr(exiftool_module, "_RESTART_AFTER", 2)
    tool = fake(FINE)
    reader = open_reader(tool.path)
    for number in range(5):
        assert titles(read(reader, f"{number}.jpg")) == [f"/delivery/{number}.jpg"]
    assert tool.starts == 3


def test_nothing_runs_after_close_and_close_may_be_called_twice(fake, open_reader):
    reader = open_reader(fake(FINE).path)
    read(reader, "a.jpg")
    pid = reader.child_pid
    reader.close()
    reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_line_break_never_reaches_the_pipe(fake):
    tool = SafeExifTool(fake(FINE).path, timeout_seconds=5)
    for argument in (b"a\n-Comment=pwned", "a\r", "a\r\nb"):
        with pytest.raises(ValueError, match="line break"):
            tool.execute("-j", argument)
    tool.terminate()


def test_the_librarys_own_ways_to_ask_go_through_the_safe_loop(fake):
    tool = SafeExifTool(fake(f"if request == 1: os.kill(os.getpid(), signal.SIGKILL)\n{FINE}").path, timeout_seconds=5)
    with pytest.raises(Exception, match="SIGKILL"):
        tool.execute_json("/delivery/a.jpg")
    assert not tool.running
    tool.terminate()


def test_json_of_the_library_still_works(fake):
    tool = SafeExifTool(fake(FINE).path, timeout_seconds=5)
    assert tool.execute_json("/delivery/a.jpg") == [{"SourceFile": "/delivery/a.jpg", "XMP-dc:Title": "/delivery/a.jpg"}]
    assert json.loads(tool.execute("-j", "/delivery/b.jpg", raw_bytes=True))[0]["SourceFile"] == "/delivery/b.jpg"
    tool.terminate()


@pytest.mark.parametrize(
    ("text", "version"),
    [("12.57", (12, 57)), ("13.5", (13, 50)), ("9.04\n", (9, 4)), ("", (0, 0)), ("x.y", (0, 0)), ("13", (0, 0))],
)
def test_versions_are_compared_as_numbers(text, version):
    assert parse_version(text) == version
