from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.match.search import NEAREST_PER_ROLE, THRESHOLD_BITS, ExactSearch, upgrade_to_same
from scanner.model.matching import Fingerprint, Match, Reference, Relation, Role

ALGORITHM = "phash64/imagehash-4.3"


def mark(bits, *, flat=False, algorithm=ALGORITHM):
    return Fingerprint(algorithm, f"{bits:016x}", 640, 480, flat)


def reference(name, bits=None, role=Role.OWNED, pixels="", **options):
    digest = hashlib.sha256(name.encode()).hexdigest()
    fingerprint = None if bits is None else mark(bits, **options)
    return Reference(f"{role.value}-{digest[:16]}", role, name, digest, fingerprint, pixels)


def far(bits):
    """A hash that differs from 0 in this many bits."""
    return (1 << bits) - 1


def test_equal_bytes_are_the_same():
    one, other = reference("a", 0), reference("b", far(40))
    found = ExactSearch([other, one]).find(one.sha256, mark(0))
    assert found == (Match(one, Relation.SAME, "bytes"),)


def test_equal_bytes_need_no_fingerprint_and_may_be_flat():
    flat = reference("black", 0, flat=True)
    assert ExactSearch([flat]).find(flat.sha256, None) == (Match(flat, Relation.SAME, "bytes"),)


def test_near_is_similar_up_to_the_threshold():
    near, beyond = reference("near", far(THRESHOLD_BITS)), reference("beyond", far(THRESHOLD_BITS + 1))
    found = ExactSearch([near, beyond]).find("0" * 64, mark(0))
    assert found == (Match(near, Relation.SIMILAR, ALGORITHM, THRESHOLD_BITS),)


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        (reference("flat", 0, flat=True), mark(0)),
        (reference("plain", 0), mark(0, flat=True)),
        (reference("old", 0, algorithm="phash64/imagehash-4.2"), mark(0)),
        (reference("none"), mark(0)),
        (reference("plain", 0), None),
    ],
)
def test_flat_foreign_and_missing_fingerprints_never_match(held, asked):
    assert ExactSearch([held]).find(None, asked) == ()


def test_one_content_in_two_roles_is_told_twice():
    both = [reference("a", 0, Role.AI), reference("a", 0, Role.OWNED)]
    assert {match.reference.role for match in ExactSearch(both).find(both[0].sha256, mark(0))} == {Role.AI, Role.OWNED}


def test_a_reference_given_twice_counts_once():
    assert len(ExactSearch([reference("a", 0)] * 3).find(None, mark(0))) == 1


def test_many_of_one_role_never_crowd_out_another():
    crowd = [reference(f"owned {number}", 0) for number in range(200)]
    found = ExactSearch([*crowd, reference("the one", far(9), Role.AI)]).find(None, mark(0))
    assert len(found) == NEAREST_PER_ROLE + 1
    assert found[-1].reference.role is Role.AI


def test_an_empty_library_finds_nothing():
    assert ExactSearch([]).find("0" * 64, mark(0)) == ()


def test_the_threshold_can_be_set():
    search = ExactSearch([reference("a", far(3))], threshold_bits=2)
    assert search.find(None, mark(0)) == ()


@given(
    st.lists(st.tuples(st.integers(0, 2**64 - 1), st.sampled_from(Role)), max_size=60),
    st.integers(0, 2**64 - 1),
    st.integers(0, 40),
)
def test_it_agrees_with_looking_at_every_reference(rows, query, threshold):
    held = [reference(str(number), bits, role) for number, (bits, role) in enumerate(rows)]
    expected = []
    for role in Role:
        near = [
            ((int(one.fingerprint.bits, 16) ^ query).bit_count(), one.id)
            for one in held
            if one.role is role and (int(one.fingerprint.bits, 16) ^ query).bit_count() <= threshold
        ]
        expected += sorted(near)[:NEAREST_PER_ROLE]
    found = ExactSearch(held, threshold).find(None, mark(query))
    assert [(match.distance_bits, match.reference.id) for match in found] == sorted(expected)


def test_pixels_are_found_however_many_are_nearer():
    crowd = [reference(f"frame {number}", 0, pixels=f"pixels1/x:{number}") for number in range(50)]
    found = ExactSearch([*crowd, reference("black", 0, flat=True, pixels="pixels1/x:7")]).find_same_pixels("pixels1/x:7")
    assert found == (Match(crowd[7], Relation.SAME, "pixels"),)
    assert ExactSearch([reference("none", 0)]).find_same_pixels("") == ()


def test_equal_pixels_make_a_similar_match_the_same():
    match = Match(reference("a", 0, pixels="pixels1/pillow-13.0.0:ab"), Relation.SIMILAR, ALGORITHM, 1)
    assert upgrade_to_same(match, "pixels1/pillow-13.0.0:ab") == Match(match.reference, Relation.SAME, "pixels")
    for other in ("pixels1/pillow-13.0.0:cd", "pixels1/pillow-12.0.0:ab", ""):
        assert upgrade_to_same(match, other) is match
    without = replace(match, reference=reference("b", 0))
    assert upgrade_to_same(without, "") is without


def test_a_match_by_bytes_stays_one_by_bytes():
    match = Match(reference("a", 0, pixels="p:1"), Relation.SAME, "bytes")
    assert upgrade_to_same(match, "p:1") is match
