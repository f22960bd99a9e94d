from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from scanner.model.judging import Verdict
from scanner.report.json_forms import laid_out, list_laid_out, on_a_line, sealed
from scanner.report.seal import Sealing, encodable, seal_of

TEXTS = st.text(st.characters(exclude_categories=()), max_size=8)
LEAVES = TEXTS | st.integers() | st.booleans() | st.none() | st.sampled_from(list(Verdict))
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=12
)


@given(VALUES)
def test_it_is_laid_out_as_the_standard_library_does_it(value):
    assert laid_out(value) == encodable(json.dumps(value, indent=2, ensure_ascii=False))
    assert laid_out([[value]]) == f"[\n  [\n    {laid_out(value, 2)}\n  ]\n]"


@given(VALUES)
def test_no_form_changes_what_is_said(value):
    told = json.loads(laid_out(value))
    assert json.loads(on_a_line(value)) == told
    assert json.loads(sealed(value)) == told


@given(st.lists(VALUES, max_size=3))
def test_a_list_in_pieces_is_the_list(values):
    pieces = list_laid_out("key", (laid_out(value, 2) for value in values), 1)
    assert "{" + "".join(pieces) + "\n}" == laid_out({"key": values})


@given(
    st.dictionaries(st.sampled_from(["a", "c", "e"]), VALUES),
    st.lists(VALUES, max_size=5),
    st.lists(VALUES, max_size=300),
)
def test_a_seal_of_pieces_is_that_of_the_whole(rest, first, second):
    sealing = Sealing(rest)
    for key, entries in (("b", first), ("d", second)):
        sealing.open_list(key)
        for entry in entries:
            sealing.take(sealed(entry))
        sealing.close_list()
    assert sealing.seal() == seal_of({**rest, "b": first, "d": second})
