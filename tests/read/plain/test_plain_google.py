"""Google's packed maker notes: unpacked within limits, and odd where the file names a field that rows look at."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.read.plain import google
from scanner.read.plain.collected import OddError
from tests.read.plain.samples import CAMERA, ascii_text, collected, exif
from tests.read.plain.test_plain_exif import read

NOTES = b"""InitParams {
  width: 4048
  prompt: 3
}
Payload frame 0 (base64): AAAA
Payload metadata: 12
HDR+ notes without a colon: here
Time log
 Finished
"""
PIXEL = {**CAMERA, 271: ascii_text("Google"), 272: ascii_text("Pixel")}


def locked(packed: bytes) -> bytes:
    """As the camera does, one 64-bit word after the other."""
    state, key = 0x2515606B4A7791CD, b""
    while len(key) < len(packed):
        state ^= state >> 12
        state = (state ^ state << 25) % (1 << 64)
        state ^= state >> 27
        state = state * 0x2545F4914F6CDD1D % (1 << 64)
        key += state.to_bytes(8, "little")
    return bytes(one ^ other for one, other in zip(packed, key, strict=False))


def note(text: bytes, version: int = 2) -> bytes:
    return b"HDRP" + bytes([version]) + locked(gzip.compress(text))


def test_the_names_of_its_fields_are_found() -> None:
    assert google.names_in(note(NOTES)) == [
        b"InitParams {",
        b"Payload frame 0",
        b"Payload metadata",
        b"HDR+ notes without a colon",
        b"Time log",
        b"Finished",
    ]


def test_a_pixels_note_is_passed_over() -> None:
    assert read(exif(PIXEL, note=note(NOTES)), words=(b"prompt", b"metadata"))["IFD0:Model"] == "Pixel"


@pytest.mark.parametrize("line", [b"Prompt: a pier", b"Pro mpt (base64): YQ==", b" PROMPT", b"Gen_Prompt\nPrompt:\nb"])
@pytest.mark.parametrize("maker", ["Google", "Canon", "samsung"])
def test_a_field_of_a_name_that_rows_look_at_is_odd(line: bytes, maker: str) -> None:
    with pytest.raises(OddError):
        read(exif({**PIXEL, 271: ascii_text(maker)}, note=note(NOTES + line)), words=(b"prompt",))


def test_underlines_that_exiftool_puts_in_do_not_hide_a_name() -> None:
    with pytest.raises(OddError):
        read(exif(PIXEL, note=note(b"GENERATION DATA: 1")), words=(b"generation_data",))


def test_rows_of_the_users_on_googles_group_make_it_odd() -> None:
    with pytest.raises(OddError):
        read(exif({**PIXEL, 271: ascii_text("Canon")}, note=note(NOTES)), own=("google",))


@pytest.mark.parametrize(
    "broken",
    [
        note(NOTES, version=3),
        note(NOTES)[:-1],
        note(NOTES)[:-6] + b"\0" + note(NOTES)[-5:],
        b"HDRP\2" + locked(gzip.compress(NOTES) + b"behind"),
        b"HDRP\2",
        b"HDRP\2" + bytes(200_000),
        note(bytes(3 << 20)),
    ],
    ids=["version", "cut", "sum", "behind", "empty", "long", "bomb"],
)
def test_what_cannot_be_unpacked_is_odd(broken: bytes) -> None:
    with pytest.raises(OddError):
        google.names_in(broken)


@given(st.binary(max_size=2000))
def test_no_bytes_break_it(packed: bytes) -> None:
    try:
        names = google.names_in(b"HDRP\2" + packed)
    except OddError:
        return
    assert all(isinstance(name, bytes) for name in names)


def test_what_it_takes_is_bounded_in_collected_names() -> None:
    into = collected(words=(b"prompt",))
    into.pass_names([b"Prompts", b"A prompt of Google"])
    with pytest.raises(OddError):
        into.pass_names([b"Pr*om-pt"])
