"""GIF: only a walk that runs off the end is damage."""

import time

from tests.probe.opened import damage_of
from tests.probe.samples import GIF


def test_every_cut_in_the_picture_is_told():
    for end in range(20, len(GIF) - 2, 37):
        if GIF[:end].endswith(b"\x3b"):
            continue
        assert damage_of(GIF[:end], "gif") == "GIF ends before its trailer"


def test_a_trailer_and_padding():
    assert damage_of(GIF + bytes(20)) is None


def test_only_the_trailer_missing_is_no_loss():
    assert GIF.endswith(b"\0\x3b")
    assert damage_of(GIF[:-1], "gif") is None


def test_something_appended_is_no_damage():
    assert damage_of(GIF + b"appended text") is None


def test_a_chain_of_tiny_blocks_is_given_up_in_time():
    started = time.monotonic()
    assert damage_of(b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\x01x" * 1_000_000, "gif") is None
    assert time.monotonic() - started < 2
