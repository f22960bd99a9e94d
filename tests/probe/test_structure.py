"""What every walk owes: a whole sample is whole, a cut one is told wherever the cut can be seen at all."""

import pytest

from scanner.probe.formats import ALL
from scanner.probe.structure import WALKED
from tests.probe.opened import damage_of
from tests.probe.samples import SAMPLES


def test_walks_belong_to_rows():
    assert {row.name for row in ALL} > WALKED


@pytest.mark.parametrize("name", SAMPLES)
def test_a_whole_sample_is_whole(name):
    assert damage_of(SAMPLES[name], name) is None


# A later cut leaves some of these small samples whole by their own account: a PDF keeps the start of its trailer.
SHARES = (0.3, 0.5, 0.7)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("name", sorted(WALKED))
def test_a_cut_sample_is_damaged(name, share):
    cut = SAMPLES[name][: int(len(SAMPLES[name]) * share)]
    assert damage_of(cut, name)


@pytest.mark.parametrize("name", sorted(WALKED))
def test_bytes_behind_the_end_are_no_damage(name):
    """Trailers, padding and appended archives are common, and no loss."""
    assert damage_of(SAMPLES[name] + b"\x13\x37" * 40, name) is None
    assert damage_of(SAMPLES[name] + bytes(512), name) is None
