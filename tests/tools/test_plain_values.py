"""Values come back equal, and nothing else comes out of what somebody wrote."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.model.credentials import ManifestStore
from scanner.model.cut import FrameRange
from scanner.model.placement import MediaIdentity
from scanner.model.timecode import Rate
from scanner.model.work import Examination
from scanner.tools.plain_values import NoValueError, read_value, write_value
from tests.store.examinations import bare, delivery, marked

_surrogates = st.text(st.characters(categories=("Cs", "L", "P")), max_size=4)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Part:
    name: str


@dataclass(frozen=True, slots=True)
class Thing:
    text: str
    count: int
    yes: bool
    share: float
    colour: Colour
    time: Fraction | None
    parts: tuple[Part, ...] = ()
    pair: tuple[str, int] = ("", 0)
    deep: tuple[tuple[str, str], ...] = ()


THING = Thing("a\nb\udcff", 1 << 70, True, 0.1, Colour.RED, Fraction(1001, 24000), (Part("x"),), ("p", 2), (("k", "v"),))


def changed(at: int, value: object) -> bytes:
    written = json.loads(write_value(THING, Thing).decode("utf-8", "surrogatepass"))
    written[at] = value
    return json.dumps(written).encode()


@given(st.builds(Thing, text=_surrogates, share=st.floats(allow_nan=False)))
def test_what_was_written_is_read(thing):
    assert read_value(write_value(thing, Thing), Thing) == thing


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.from_type(ManifestStore))
def test_any_manifests_come_back(store):
    assert read_value(write_value(store, ManifestStore), ManifestStore) == store


def test_every_field_of_an_examination_can_be_kept():
    one = marked(3)
    assert len(json.loads(write_value(one, Examination))) == len(fields(Examination))
    assert [read_value(write_value(one, Examination), Examination) for one in delivery(20)] == list(delivery(20))


def test_equal_values_are_equal_bytes_whatever_they_share():
    word = "".join(["trained", "Algorithmic"])
    one = Thing(word, 1, True, 1.0, Colour.RED, None, (Part(word), Part(word)))
    other = Thing("trainedAlgorithmic", 1, True, 1.0, Colour.RED, None, (Part("".join(list(word))), Part(str(word))))
    assert write_value(one, Thing) == write_value(other, Thing)


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, 1),
        (0, None),
        (1, True),
        (1, "1"),
        (1, 1.0),
        (2, 1),
        (3, 1),
        (4, "green"),
        (4, ["red"]),
        (5, [1, 0]),
        (5, [1, -1]),
        (5, [True, 1]),
        (5, ["1e999999999", 1]),
        (5, [1, 1 << 200]),
        (5, 0.5),
        (6, "x"),
        (6, {}),
        (6, [["x", "y"]]),
        (6, [[1]]),
        (7, ["p"]),
        (7, ["p", 2, 3]),
        (8, [["k"]]),
        (8, [["k", None]]),
    ],
)
def test_what_its_annotation_does_not_name_is_refused(at, value):
    with pytest.raises(NoValueError):
        read_value(changed(at, value), Thing)


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"{}", b"[]", b"null", b"[" * 100_000, b'["a"]', b"1" * 10_000, b'{"__reduce__": 1}'],
)
def test_what_is_no_value_is_refused_with_one_kind_of_error(body):
    with pytest.raises(NoValueError):
        read_value(body, Thing)


@given(st.data())
@settings(max_examples=50)
def test_a_damaged_value_is_refused_or_still_a_value(data):
    body = bytearray(write_value(bare(1), Examination))
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(NoValueError):
        assert isinstance(read_value(bytes(body), Examination), Examination)


def test_what_has_no_way_is_a_mistake_of_ours():
    @dataclass(frozen=True, slots=True)
    class Odd:
        held: list[str]

    Odd.__annotations__["held"] = list[str]
    with pytest.raises(TypeError, match="cannot be kept"):
        write_value(Odd([]), Odd)


RATES = MediaIdentity(timecode=FrameRange(86_400, 90_000), rate=Rate(Fraction(30000, 1001), drop_frame=True))


def test_what_follows_from_other_fields_is_made_again():
    again = read_value(write_value(RATES, MediaIdentity), MediaIdentity)
    assert again == RATES
    assert (again.rate.nominal, again.rate.frames_a_day) == (RATES.rate.nominal, RATES.rate.frames_a_day)


def test_a_value_that_its_class_refuses_is_none():
    written = write_value(RATES, MediaIdentity).replace(b"30000,1001", b"25,1")
    with pytest.raises(NoValueError):
        read_value(written, MediaIdentity)
