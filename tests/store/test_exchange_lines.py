from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.belongings import Belongings, PackedFeatures
from scanner.model.matching import Fingerprint, GlobalHash, Reference, Rights, Role
from scanner.store.exchange_lines import KEYS, KEYS_OF_1, WrongLineError, carried_of, checked, columns_of
from scanner.store.rows import reference_id

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50)
NAMES = TEXTS.filter(bool)


def bits(count):
    return st.binary(min_size=count, max_size=count).map(bytes.hex)


FINGERPRINTS = st.builds(
    Fingerprint,
    TEXTS,
    bits(8),
    st.integers(1, 1 << 24),
    st.integers(1, 1 << 24),
    st.booleans(),
    st.just(()) | st.tuples(*[st.floats(0, 1)] * 4),
    st.integers(0, 100),
)
HASHES = st.lists(st.builds(GlobalHash, st.just("a"), NAMES.filter(lambda name: "," not in name), bits(4)), max_size=3)
FEATURES = st.lists(st.builds(PackedFeatures, TEXTS, st.integers(0, 3), st.binary(min_size=3, max_size=9)), max_size=2)


@given(
    st.sampled_from(Role), bits(32), TEXTS, st.none() | FINGERPRINTS, TEXTS,
    st.builds(Rights, TEXTS, TEXTS, TEXTS, st.booleans()),
    HASHES, FEATURES, st.lists(NAMES, unique=True, max_size=3),
)  # fmt: skip
def test_every_reference_comes_back(role, sha256, name, mark, pixels, rights, hashes, features, collections):
    one = Reference(reference_id(role, sha256), role, name, sha256, mark, pixels, rights)
    its = Belongings(
        hashes=tuple({mark.variant: mark for mark in hashes}.values()),
        plain_for=("b",),
        features=tuple({mark.algorithm: mark for mark in features}.values()),
        collections=tuple(collections),
    )
    line = json.loads(json.dumps(columns_of(one, its)))

    carried = carried_of(checked(line, KEYS))

    assert (carried.reference, carried.belongings) == (one, its)


def test_the_keys_of_both_schemas_are_told_apart():
    one = Reference("ai-1", Role.AI, "a", "ab" * 32, Fingerprint("x", "00" * 8, 1, 1, flat=False))
    line = columns_of(one, Belongings())
    with pytest.raises(WrongLineError):
        checked(line, KEYS_OF_1)
    older = {key: line[key] for key in KEYS_OF_1} | {
        "fingerprint": {key: line["fingerprint"][key] for key in ("algorithm", "bits", "width", "height", "flat")}
    }
    assert carried_of(checked(older, KEYS_OF_1)).reference.fingerprint == one.fingerprint
