"""PDF: headers behind junk, trailers before it."""

from tests.probe.opened import damage_of, name_of
from tests.probe.samples import PDF


def test_a_header_behind_junk():
    assert name_of(b"\x80\x81\r\n" + PDF) == "pdf"
    assert name_of(b"A file that starts with %PDF- is a PDF.\n") == "text"


def test_a_cut_file():
    assert damage_of(PDF[:40]) == "PDF ends before its trailer"


def test_bytes_behind_the_trailer():
    assert damage_of(PDF + bytes(30_000)) is None
