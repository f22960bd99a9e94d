"""Messages carry the model's values and nothing else, whoever wrote them."""

from __future__ import annotations

import contextlib
import os
import pickle
import pickletools
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.engine.frames import HEADER, decode, encode
from scanner.model.assets import ContentHash
from scanner.model.credentials import Action, Credentials, Manifest, ManifestStore, TrustList, ValidationCode
from scanner.model.cut import Cut, Event, FrameRange, Source, TrackKind
from scanner.model.cut_work import CutMistake, CutsRead, ReadCutTask
from scanner.model.event_table import EventRows
from scanner.model.formats import UNKNOWN_FORMAT
from scanner.model.marks import Confidence, Mark, Meaning
from scanner.model.matching import Fingerprint
from scanner.model.readings import ReadingSummary, Statement
from scanner.model.sealed import Generation, SealAction, SealAnswer, SealedFile, SealedHash, SealKind
from scanner.model.statements_work import Said, StatementsRead, StatementsTask
from scanner.model.timecode import Rate
from scanner.model.work import (
    Examination,
    ExamineTask,
    FilmTask,
    PixelDigest,
    PixelsTask,
    SealedList,
    SealedListTask,
    Thumbnail,
    ThumbnailTask,
    WorkFailed,
)
from scanner.pipeline.settings import WorkerSettings
from scanner.read.trust import AnchorList, Trust

STAMP = TrustList("list", "2026-01-01", "0" * 64)


def table_of(event):
    rows = EventRows()
    rows.append(event)
    return rows.table()


EVENTS = table_of(
    Event(TrackKind.AUDIO, "A", FrameRange(0, 9), Source("a", rate=Rate(Fraction(24))), "line 1", speed=Fraction(1, 3))
)
MESSAGES = [
    ReadCutTask(9, "/reel.edl", 10, Fraction(25)),
    CutsRead(10, (Cut("/reel.edl", "EDL", "", Rate(Fraction(30_000, 1_001), drop_frame=True), EVENTS),), ("0" * 64,)),
    CutsRead(11, (), mistake=CutMistake("is empty", "/reel.edl", "Export it")),
    FilmTask(8, "/film.mov", 10, Fraction(30), Fraction(-1_001, 24_000)),
    ExamineTask(1, "/a/b\udcff.jpg", 10, sidecar=True, manifest_sidecar="/a/b.c2pa"),
    PixelsTask(2, "/a", 1),
    ThumbnailTask(3, "/a", 1),
    ThumbnailTask(3, "/a", 1, Fraction(2), longest_px=1600),
    StatementsTask(10, "/a", 1),
    StatementsRead(11, (Said("exiftool", "12.57", "found", "", (Statement("IFD0:Make", "a"),), left=1),), "why"),
    PixelDigest(4, "abc"),
    SealedListTask(9, "/a", 1, SealKind.PKL),
    SealedList(
        9,
        (SealedFile("a", None, (SealedHash("md5", "0" * 32, 1, SealAction.VERIFIED),)),),
        (Generation(1, "ascmhl/1.mhl", "2026", "tool 1", SealAnswer.SAME),),
        notes=("a note",),
    ),
    Thumbnail(5, b"\xff\xd8", 1, 2),
    WorkFailed(6, "why"),
    WorkerSettings(trust=Trust(anchors=(AnchorList(STAMP, "pem"),), ekus="1.2")),
    Examination(
        7,
        UNKNOWN_FORMAT,
        ContentHash(value="0" * 64, origin="computed"),
        (ReadingSummary("c2pa", "found"),),
        marks=(Mark("id", Meaning.GENERATED, Confidence.STRONG, "g", "where", "value", "c2pa", "1"),),
        credentials=Credentials.TRUSTED,
        manifests=ManifestStore("m", (Manifest("m", "g", actions=(Action("a"),)),), (ValidationCode("c", "e", "success"),)),
        fingerprint=Fingerprint("phash64", "0" * 16, 1, 1, flat=False),
    ),
    None,
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_every_message_arrives_as_it_was_sent(message):
    framed = encode(message)
    assert HEADER.unpack(framed[: HEADER.size])[0] == len(framed) - HEADER.size
    assert decode(framed[HEADER.size :]) == message


class Call:
    """Pickles as a call."""

    def __init__(self, function, *arguments) -> None:
        self._call = (function, arguments)

    def __reduce__(self):
        return self._call


def named(module: str, name: str, *arguments: str) -> bytes:
    """A pickle, written by hand, that calls `name` of `module`; protocol 4 lets a name have dots."""
    words = [module, name, *arguments]
    pushed = [b"\x8c" + bytes([len(word)]) + word.encode() for word in words]
    return b"\x80\x04" + pushed[0] + pushed[1] + b"\x93(" + b"".join(pushed[2:]) + b"tR."


@pytest.mark.parametrize(
    "call",
    [
        Call(os.system, "touch {marker}"),
        Call(eval, "open('{marker}', 'w')"),
        Call(exec, "open('{marker}', 'w')"),
        Call(getattr, "x", "upper"),
        Call(__import__, "os"),
        Call(subprocess.run, "touch {marker}"),
        Call(Path, "{marker}"),
        Call(open, "{marker}", "w"),
    ],
    ids=lambda call: call._call[0].__name__,
)
def test_foreign_calls_are_refused_and_not_made(call, tmp_path):
    marker = tmp_path / "marker"
    function, arguments = call._call
    body = pickle.dumps(Call(function, *(text.format(marker=marker) for text in arguments)))
    with pytest.raises(pickle.UnpicklingError):
        decode(body)
    assert not marker.exists()


class _Reckoned:
    """Pickles as a call of `Fraction` with whatever it was given."""

    def __init__(self, *parts: object) -> None:
        self.parts = parts

    def __reduce__(self):
        return Fraction, self.parts


@pytest.mark.parametrize("parts", [("1e999999999",), (1, 0), (1, -2), (1.5, 2), (1 << 200, 1), (1, 1 << 200), (1,)])
def test_no_fraction_is_reckoned_that_could_take_forever(parts):
    with pytest.raises(pickle.UnpicklingError):
        decode(encode(_Reckoned(*parts))[HEADER.size :])


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("scanner.pipeline.settings", "os.system"),
        ("scanner.pipeline.settings", "os"),
        ("scanner.pipeline.settings", "usable_processors"),
        ("scanner.pipeline.settings", "Path"),
        ("scanner.read.trust", "Path"),
        ("scanner.read.trust", "load_trust"),
        ("scanner.read.trust", "tomllib.loads"),
        ("scanner.read.c2pa", "C2paReader"),
        ("scanner.tools.process", "run_once"),
        ("scanner.model.text", "re.compile"),
        ("scanner.model.nowhere", "Thing"),
        ("scanner.model.work", "Nothing"),
        ("scanner.model.errors.ToolError", "__init__"),
        ("builtins", "eval"),
        ("builtins", "getattr"),
        ("nt", "system"),
        ("posix", "system"),
    ],
)
def test_names_that_are_no_messages_are_refused(module, name):
    with pytest.raises(pickle.UnpicklingError):
        decode(named(module, name, "true"))


@pytest.mark.parametrize("placing", [b"p268435455\n", b"q\xff", b"r\xff\xff\xff\x0f"])
def test_no_room_is_made_for_places_that_nothing_needs(placing):
    # A number, remembered at place 268,435,455: the unpickler would take four gigabytes for the places before it.
    with pytest.raises(pickle.UnpicklingError, match="is in no message"):
        decode(b"\x80\x05K\x01" + placing + b".")


@given(st.binary(max_size=60))
def test_noise_is_refused_with_one_kind_of_error(noise):
    try:
        decode(noise)
    except pickle.UnpicklingError:
        return


@given(st.data())
def test_a_damaged_message_is_refused_or_still_a_message(data):
    body = bytearray(encode(data.draw(st.sampled_from(MESSAGES)))[HEADER.size :])
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(body))
    except pickle.UnpicklingError:
        return


def _placed(body: bytes) -> bool | None:
    """Whether a pickle names a place, by the standard library's own walk; None for what is no pickle."""
    try:
        return any(code.name in ("PUT", "BINPUT", "LONG_BINPUT") for code, _, _ in pickletools.genops(body))
    except Exception:
        return None


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_places_are_seen_as_the_standard_library_sees_them(message, protocol):
    body = pickle.dumps(message, protocol)
    placed = _placed(body)
    assert placed is not None and not (placed and protocol >= 4)
    if placed:
        with pytest.raises(pickle.UnpicklingError, match="which is in no message"):
            decode(body)
    else:
        assert decode(body) == message


@given(st.binary(max_size=40))
def test_no_noise_hides_a_place(noise):
    # Whatever the walk makes of it, it ends; and what it lets pass has no place.
    body = noise + b"."
    with contextlib.suppress(pickle.UnpicklingError):
        decode(body)
        assert not _placed(body)


@pytest.mark.parametrize("body", [b"T\xff\xff\xff\xff.", b"\x8b\xff\xff\xff\xff.", b"\x96" + b"\xff" * 8 + b".", b"c\n", b"I1"])
def test_lengths_that_lead_nowhere_are_refused(body):
    with pytest.raises(pickle.UnpicklingError):
        decode(body)
