"""Python 3.11.0 to 3.11.3 pickle an enumeration's member through getattr; newer ones call the enumeration."""

from __future__ import annotations

import pickle

import pytest

from scanner.engine.frames import decode
from scanner.model.marks import Meaning


class OldMember:
    """Pickles as such a Python would pickle a member of `kind`."""

    def __init__(self, kind: object, name: str) -> None:
        self.kind, self.name = kind, name

    def __reduce__(self) -> tuple[object, ...]:
        return getattr, (self.kind, self.name)


def test_a_member_arrives() -> None:
    assert decode(pickle.dumps(OldMember(Meaning, "GENERATED"))) is Meaning.GENERATED


@pytest.mark.parametrize(("kind", "name"), [(Meaning, "__members__"), (Meaning, "__class__"), ("text", "format")])
def test_nothing_else_can_be_got_at(kind: object, name: str) -> None:
    with pytest.raises(pickle.UnpicklingError):
        decode(pickle.dumps(OldMember(kind, name)))
