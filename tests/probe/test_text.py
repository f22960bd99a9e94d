"""Text: byte-order marks, encodings without one, roots behind prologues."""

import codecs

import pytest

from scanner.probe.text import decode, find_root
from tests.probe.opened import name_of
from tests.probe.samples import SAMPLES, SVG

SRT = SAMPLES["srt"].decode()
MARKED = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
]


@pytest.mark.parametrize(("mark", "encoding"), MARKED)
@pytest.mark.parametrize("name", ["svg", "xml", "srt", "vtt", "json", "html", "xmp"])
def test_byte_order_marks(mark, encoding, name):
    assert name_of(mark + SAMPLES[name].decode().encode(encoding)) == name


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_subtitles_in_unmarked_utf16(encoding):
    assert name_of((SRT * 3).encode(encoding)) == "srt"


@pytest.mark.parametrize("encoding", ["cp1251", "shift-jis", "gb18030"])
def test_subtitles_in_old_encodings(encoding):
    words = {"cp1251": "Здравствуйте, товарищи", "shift-jis": "こんにちは、世界", "gb18030": "你好世界"}[encoding]
    assert name_of((SRT.replace("Hello", words * 4) * 2).encode(encoding)) == "srt"


def test_a_head_that_ends_within_a_character():
    assert decode("naïveté ".encode()[:3]) == "na"
    assert name_of(("é" * 40_000).encode()) == "text"


def test_what_no_text_holds():
    assert decode(b"abc\0def") is None
    assert decode(b"\xfe\x80\x81 short") is None
    assert decode(b"") is None


@pytest.mark.parametrize(
    "prologue",
    [
        b"",
        b"\n\n  ",
        b'<?xml version="1.0" encoding="utf-8"?>',
        b"<!-- <html> was here -->",
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        b'<!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg"> <!ENTITY a "b">]>\n',
    ],
)
@pytest.mark.parametrize("root", [b"<svg>", b"<svg:svg xmlns:svg='x'>", b"<svg\nwidth='1'/>"])
def test_svg_behind_any_prologue(prologue, root):
    assert name_of(prologue + root) == "svg"


def test_svg_within_html_is_html():
    assert name_of(b"<html><body>" + SVG + b"</body></html>") == "html"


@pytest.mark.parametrize("text", ["<!-- never closed", "<?xml never closed", "<!DOCTYPE a [", "<", "<<<<", "<1>", "no markup"])
def test_roots_that_are_not_there(text):
    assert find_root(text) is None


def test_many_openings_are_quick():
    assert find_root("<!-->-->" * 8000 + "<a>") == "a"
    assert find_root("<!a[" * 16_000) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (b"001  BL  V  C  00:00:00:00 00:00:00:00 00:00:00:00 00:00:00:00\n", "edl"),
        (b"LUT_1D_SIZE 16\n0 0 0\n", "cube"),
        (b"# made by hand\nLUT_3D_SIZE 33\n", "cube"),
        (b"a;b;c\n1;2;3\n", "csv"),
        (b"Heading\nFIELD_DELIM\tTABS\nVIDEO_FORMAT\t1080\n", "text"),
        (b"<rdf:RDF xmlns:rdf='x'/>", "xmp"),
        (b"<?xpacket begin='' id='x'?>", "xmp"),
        (b"<HTML>", "html"),
        (b"[1, 2]", "json"),
    ],
)
def test_kinds(text, name):
    assert name_of(text) == name
