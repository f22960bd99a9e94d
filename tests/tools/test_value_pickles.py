import pickle
from dataclasses import dataclass, field

import pytest

from scanner.engine.frames import HEADER, decode, encode
from scanner.tools.value_pickles import value_bytes
from tests.store.examinations import delivery


@dataclass(frozen=True, slots=True)
class One:
    name: str


@dataclass(frozen=True, slots=True)
class Made:
    name: str
    length: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.name))


@dataclass
class Open:
    name: str


@pytest.mark.parametrize("examination", list(delivery(10)))
def test_what_is_read_equals_what_was_written_and_says_the_same(examination):
    written = value_bytes([examination, examination])
    once, twice = pickle.loads(written)
    assert once == examination
    assert once is twice
    assert decode(encode([examination, examination])[HEADER.size :]) == [examination, examination]


def test_classes_that_no_call_can_make_again_go_their_own_way():
    values = [One("a"), Made("abc"), Open("b"), {"c"}]
    assert pickle.loads(value_bytes(values)) == values
