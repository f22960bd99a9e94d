"""MXF: run-ins, and a footer that is not there."""

import pytest

from tests.probe.opened import damage_of, name_of
from tests.probe.samples import mxf


@pytest.mark.parametrize("length", [1, 100, 4090, 65_520, 65_535])
def test_run_in(length):
    content = mxf(run_in=b"\x80" * length)
    assert (name_of(content), damage_of(content)) == ("mxf", None)


def test_a_longer_run_in_is_none():
    assert name_of(mxf(run_in=b"\x80" * 70_000)) is None


def test_a_footer_outside_the_file():
    assert damage_of(mxf(footer=4000)) == "MXF ends before its footer"


def test_a_growing_file_names_no_footer():
    assert damage_of(mxf(footer=0)) is None


def test_a_body_partition_is_no_header():
    assert name_of(mxf()[:13] + b"\x03" + mxf()[14:]) is None


def test_a_hostile_footer():
    assert damage_of(mxf(footer=(1 << 64) - 1)) == "MXF ends before its footer"
