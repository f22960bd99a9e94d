"""A child that hangs, dies, floods or grows costs one answer, never the process that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scanner.tools.process import ChildFailedError, ChildLimits, describe_exit, limits_enforced, run_once

ECHO = "import sys\nfor line in sys.stdin: print(line.strip().upper(), flush=True)"


def test_an_answer_ends_at_its_marker_and_the_next_one_starts_behind_it(start):
    child = start("print('one|two|', end='', flush=True); input()")
    assert child.read_until(b"|", 5) == b"one"
    assert child.read_until(b"|", 5) == b"two"


def test_a_marker_that_arrives_in_pieces_is_seen(start):
    child = start("import sys,time\nfor c in 'body{ready1}': sys.stdout.write(c); sys.stdout.flush(); time.sleep(0.005)\ninput()")
    assert child.read_until(b"{ready1}", 5) == b"body"


def test_bytes_are_counted_exactly(start):
    child = start("print('abcdef', end='', flush=True); input()")
    assert child.read_exactly(2, 5) == b"ab"
    assert child.read_exactly(4, 5) == b"cdef"


def test_a_request_larger_than_a_pipe_goes_through(start):
    child = start("import sys\nprint(len(sys.stdin.readline()), flush=True)")
    child.send(b"x" * 1_000_000 + b"\n")
    assert child.read_until(b"\n", 5) == b"1000001"


def test_a_flood_of_complaints_does_not_stop_the_answer(start):
    child = start("import sys\nsys.stderr.write('complaint ' * 100_000 + 'last words')\nprint('answer', flush=True); input()")
    assert child.read_until(b"\n", 10) == b"answer"
    assert len(child.complaints) <= 8192


def test_a_silent_child_is_given_up_at_the_deadline_without_spinning(start):
    child = start("import time; time.sleep(60)")
    began, busy = time.monotonic(), time.process_time()
    with pytest.raises(ChildFailedError, match=r"no answer within 0\.5 s"):
        child.read_until(b"\n", 0.5)
    assert 0.4 < time.monotonic() - began < 3
    assert time.process_time() - busy < 0.2


def test_a_child_that_drips_does_not_move_the_deadline(start):
    child = start("import time\nwhile True: print('.', end='', flush=True); time.sleep(0.01)")
    began = time.monotonic()
    with pytest.raises(ChildFailedError, match="no answer"):
        child.read_until(b"|", 0.5)
    assert time.monotonic() - began < 3


def test_a_stopped_child_can_still_be_ended(start):
    child = start(ECHO)
    os.kill(child.pid, signal.SIGSTOP)
    child.send(b"hello\n")
    with pytest.raises(ChildFailedError):
        child.read_until(b"\n", 0.3)
    child.stop()
    assert not child.running


def test_endless_output_is_cut_off(start):
    child = start("import sys\nwhile True: sys.stdout.write('x' * 65536)", output_bytes=1 << 20)
    with pytest.raises(ChildFailedError, match="answered with more than 1 MB"):
        child.read_until(b"|", 20)


def test_a_death_is_told_with_its_signal(start):
    child = start("import os; os.kill(os.getpid(), 9)")
    with pytest.raises(ChildFailedError, match="was ended by signal SIGKILL"):
        child.read_until(b"\n", 5)


def test_a_death_while_much_is_still_to_be_sent_is_told(start):
    child = start("import sys; sys.exit(3)")
    with pytest.raises(ChildFailedError, match="ended with code 3"):
        child.send(b"x" * 1_000_000)
        child.read_until(b"\n", 5)


def test_ending_a_child_that_closed_its_input_raises_nothing(start):
    child = start("import os,time\nos.close(0); print('closed', flush=True); time.sleep(60)")
    child.read_until(b"\n", 5)
    child.stop(b"farewell\n", patience_seconds=0.1)
    assert not child.running


def test_a_child_that_heeds_the_farewell_ends_by_itself(start):
    child = start("import sys\nif sys.stdin.readline() == 'bye\\n': sys.exit(7)\n")
    child.stop(b"bye\n", patience_seconds=5)
    assert child._process.returncode == 7


def test_stopping_twice_is_allowed(start):
    child = start(ECHO)
    child.stop()
    child.stop()
    assert not child.running


def test_the_childs_own_children_end_with_it(start):
    child = start(
        "import subprocess,sys,time\np = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    grandchild = int(child.read_until(b"\n", 5))
    child.stop()
    assert _ends_soon(grandchild)


@pytest.mark.skipif(not limits_enforced() or sys.platform != "linux", reason="a child's memory can be limited on Linux only")
def test_memory_is_limited_from_outside(start):
    child = start("input(); print(len(bytearray(400 << 20)), flush=True)", address_space_bytes=200 << 20)
    child.send(b"go\n")
    with pytest.raises(ChildFailedError, match="ended with code 1"):
        child.read_until(b"\n", 10)
    assert "MemoryError" in child.complaints


def test_a_child_ends_when_its_starter_is_killed(tmp_path):
    _needs("setpriv")
    script = tmp_path / "starter.py"
    script.write_text(
        "import sys, time\n"
        "from scanner.tools.process import Child, ChildLimits\n"
        "child = Child([sys.executable, '-c', 'import time; time.sleep(60)'], limits=ChildLimits())\n"
        "print(child.pid, flush=True)\ntime.sleep(60)\n"
    )
    here = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(here)}
    ) as starter:
        assert starter.stdout is not None
        grandchild = int(starter.stdout.readline())
        time.sleep(0.2)
        starter.kill()
    assert _ends_soon(grandchild)


def test_a_single_run_brings_code_and_output():
    assert run_once([sys.executable, "-c", "print('fine'); raise SystemExit(4)"]) == (4, "fine\n")


def test_a_single_run_has_a_deadline():
    with pytest.raises(ChildFailedError, match=r"no answer within 0\.2 s"):
        run_once([sys.executable, "-c", "import time; time.sleep(60)"], timeout_seconds=0.2)


@pytest.mark.parametrize(
    ("code", "complaints", "sentence"),
    [
        (1, "Out of memory!", "ran out of the memory it may use"),
        (None, "", "closed its output"),
        (-9, "", "was ended by signal SIGKILL"),
        (-250, "", "was ended by signal 250"),
        (2, "", "ended with code 2"),
    ],
)
def test_every_ending_has_a_sentence(code, complaints, sentence):
    assert describe_exit(code, complaints) == sentence


def test_limits_are_generous_by_default():
    assert ChildLimits().output_bytes == 64 << 20


def _needs(program: str) -> None:
    if not any(os.access(os.path.join(folder, program), os.X_OK) for folder in os.environ["PATH"].split(os.pathsep)):
        pytest.skip(f"{program} is not installed")


def _ends_soon(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
