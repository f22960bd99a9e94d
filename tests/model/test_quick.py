import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from scanner.model.assets import Asset, ContentHash, FileEntry
from scanner.model.quick import quickly_made
from scanner.model.scan import AssetRecord, FileRecord
from scanner.model.work import Examination, ExamineTask


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    name: str
    size: int = 3
    among: tuple[int, ...] = ()


def test_is_made_by_position_by_name_and_with_defaults():
    assert Quick("a") == Quick(name="a", size=3, among=()) == Quick("a", 3, ())
    assert Quick("a", among=(1,)) != Quick("a")
    assert repr(Quick("a", 4)) == "Quick(name='a', size=4, among=())"


def test_has_the_class_that_was_asked_for_and_is_frozen():
    made = Quick("a")
    assert type(made) is Quick
    with pytest.raises(FrozenInstanceError):
        made.size = 5
    with pytest.raises(FrozenInstanceError):
        del made.size


def test_can_be_hashed_copied_replaced_and_pickled():
    made = Quick("a", 4, (1, 2))
    assert hash(made) == hash(Quick("a", 4, (1, 2)))
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == replace(made, size=4) == made
    assert replace(made, size=5).size == 5


@pytest.mark.parametrize("arguments", [(), ("a", 1, (), 7)])
def test_wrong_arguments_are_refused(arguments):
    with pytest.raises(TypeError, match="__init__"):
        Quick(*arguments)


def test_a_class_with_a_factory_is_refused():
    @dataclass(frozen=True, slots=True)
    class Listing:
        all: list[int] = field(default_factory=list)

    with pytest.raises(TypeError, match="all is no plain argument"):
        quickly_made(Listing)


@pytest.mark.parametrize("kind", [Asset, AssetRecord, ContentHash, Examination, ExamineTask, FileEntry, FileRecord])
def test_signatures_are_those_that_dataclasses_would_give(kind):
    parameters = inspect.signature(kind).parameters
    told = {name: one.default for name, one in parameters.items()}
    assert [one.annotation for one in parameters.values()] == [one.type for one in kind.__dataclass_fields__.values()]
    plain = {name: one.default for name, one in kind.__dataclass_fields__.items()}
    assert list(told) == list(plain)
    assert [one for one in told.values() if one is not inspect.Parameter.empty] == [
        one for one in plain.values() if type(one).__name__ != "_MISSING_TYPE"
    ]
