from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass

import pytest

from scanner.model.pickled import pickled_by_slots
from tests.report.parts import asset


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Pair:
    one: str
    other: tuple[int, ...] = ()


@pytest.mark.parametrize("value", [Pair("a"), Pair("", (1, 2)), asset("a.jpg")])
def test_it_comes_back_as_it_was(value):
    for again in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):
        assert again == value
        assert again is not value


def test_what_several_share_is_shared_again():
    shared = (1, 2)
    first, second = pickle.loads(pickle.dumps([Pair("a", shared), Pair("b", shared)]))
    assert first.other is second.other


def test_a_pickle_of_other_fields_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        Pair("a").__setstate__(("b",))
