"""The contract that every report format keeps."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from scanner.judge.decide import exit_code
from scanner.model.judging import Verdict
from scanner.model.scan import Coverage, Scan
from scanner.model.text import shown
from scanner.report import formats
from scanner.report.coverage_statement import coverage_statement
from scanner.report.formats import FORMATS
from scanner.report.sentences import statement
from scanner.report.worklist import in_order
from scanner.tools.spool import Spool
from tests.report.approved_scan import PERMISSION
from tests.report.large import large
from tests.report.reading_back import paths_in, texts_in
from tests.report.scans import ALL, blocked, interrupted
from tests.report.written import render

every_format = pytest.mark.parametrize("name", FORMATS)
WHOLE = sorted(FORMATS.keys() - {"markdown"})
"""Formats that name every asset; the Markdown summary names those that somebody must act on."""
FORBIDDEN = re.compile(r"\b(clear|cleared|clean|authentic|tampered|certified|compliant|likeness)\b", re.IGNORECASE)
STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def empty() -> Scan:
    return replace(
        blocked(), verdict=Verdict.PASS, assets=(), coverage=Coverage(), findings=(), specials=(), litter=(), thumbnails={}
    )


def test_the_table_names_each_file_once():
    assert [FORMATS[name].file_name for name in FORMATS] == [
        *("scan.json", "scan.ndjson", "scan.csv", "scan.html", "scan.junit.xml", "scan.sarif", "scan.md")
    ]


@every_format
@pytest.mark.parametrize("scan", ALL)
def test_equal_scans_give_equal_bytes(name, scan):
    assert render(ALL[scan](), name).encode("utf-8") == render(ALL[scan](), name).encode("utf-8")


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"html"}))  # the page's anchors are places in the scan
@pytest.mark.parametrize("scan", ALL)
def test_order_of_arrival_changes_nothing(name, scan):
    first = ALL[scan]()
    turned = replace(
        first, assets=first.assets[::-1], specials=first.specials[::-1], unreadable_folders=first.unreadable_folders[::-1]
    )
    assert render(first, name) == render(turned, name)


@every_format
@pytest.mark.parametrize("scan", ALL)
def test_a_scan_that_lies_on_disk_is_told_as_one_in_memory(name, scan):
    made = ALL[scan]()
    assets = tuple(record for _, record in in_order(made))
    files = sorted(made.inventory, key=lambda record: (record.root, record.path))
    # The page's anchors are places in the scan.
    in_memory = replace(made, assets=assets, thumbnails={}, film_frames={}, laid_over={})
    on_disk = replace(in_memory, assets=Spool(assets), inventory=Spool(files))
    assert render(on_disk, name) == render(in_memory, name)


@every_format
def test_a_large_scan_comes_in_pieces(name):
    pieces = list(formats.render(large(1500), name))
    # A card with everything that was read of it is the largest: a section of the page is one piece.
    assert max(map(len, pieces)) < (1 << 18)


@every_format
@pytest.mark.parametrize("scan", ["hostile", "blocked"])
def test_it_can_be_written_as_utf_8_and_ends_in_a_line_break(name, scan):
    text = render(ALL[scan](), name)
    text.encode("utf-8")
    assert text.endswith("\n")


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"json", "html"}))
def test_no_character_can_steer_a_terminal_or_hide_itself(name):
    # scan.json keeps texts whole in JSON's own escapes; the page is tested in a browser's terms elsewhere.
    assert not STEERING.search(render(ALL["hostile"](), name).replace("\r\n", "\n").replace("\n", ""))


@every_format
def test_a_delivery_without_assets_has_a_report(name):
    text = render(empty(), name)
    assert "PASS" in text.upper()


@every_format
def test_an_interrupted_scan_says_so(name):
    told = texts_in(render(interrupted(), name), name)
    assert "INTERRUPTED" in told.upper()
    assert "stopped before its end" in told or '"interrupted": true' in told or '"interrupted":true' in told


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("scan", ["blocked", "pass", "incomplete", "approved"])
def test_each_asset_is_named(name, scan):
    made = ALL[scan]()
    wanted = {record.path for record in made.assets}
    assert wanted <= paths_in(render(made, name), name)


@every_format
def test_what_must_be_acted_on_is_named(name):
    told = texts_in(render(blocked(), name), name)
    for record in blocked().assets:
        if record.verdict is not Verdict.PASS:
            assert (record.members or (record.path,))[0].rpartition("/")[2][:20] in told


@every_format
@pytest.mark.parametrize("scan", ["blocked", "pass", "incomplete", "approved"])
def test_the_closing_statement_is_there(name, scan):
    made = ALL[scan]()
    assert statement(made) in texts_in(render(made, name), name)


@every_format
@pytest.mark.parametrize("scan", ["blocked", "pass", "incomplete", "interrupted", "approved"])
def test_the_coverage_statement_is_there(name, scan):
    made = ALL[scan]()
    told = texts_in(render(made, name), name)
    for section in coverage_statement(made):
        assert section.title in told
        for line in section.lines:
            assert line in told, line


@every_format
def test_the_confidentiality_line_stands_at_the_top(name):
    text = render(ALL["approved"](), name)
    body = text.partition("</style>")[2] or text
    # In JSON it stands among the scan's own keys, before the assets; elsewhere it is what is read first.
    assert body.index("CONFIDENTIAL, Production EP") < 2000
    if name not in ("json", "ndjson"):  # there the key stands always
        plain = render(blocked(), name)
        assert "onfidential" not in (plain.partition("</style>")[2] or plain)


@every_format
def test_what_the_run_itself_has_to_say_is_told(name):
    note = "no trust list was loaded: signers of content credentials were not checked"
    assert note in texts_in(render(replace(blocked(), notes=(note,)), name), name)


@every_format
def test_what_an_approval_allows_stays_visible_with_who_allowed_it(name):
    told = texts_in(render(ALL["approved"](), name), name)
    assert "final/ep1/poster.png" in told
    assert PERMISSION.id in told
    assert PERMISSION.reference in told


@every_format
@pytest.mark.parametrize("scan", ALL)
def test_writing_changes_neither_scan_nor_verdict(name, scan):
    made, untouched = ALL[scan](), ALL[scan]()
    render(made, name)
    assert made == untouched
    assert exit_code(made.verdict) == exit_code(untouched.verdict)


@every_format
@pytest.mark.parametrize("scan", ["blocked", "pass", "incomplete", "interrupted", "empty-library"])
def test_no_word_promises_what_a_scan_cannot_know(name, scan):
    text = render(ALL[scan](), name)
    found = FORBIDDEN.findall(text.partition("</style>")[2] if name == "html" else text)
    assert not found


@every_format
@pytest.mark.parametrize("text", ["\ud800", "\udcff", "\x00", "\ufffe", "\U0001ffff", "\x1b]0;x\x07", "\u2028\u0085", "]]>", ""])
def test_no_text_makes_it_fail(name, text):
    made = blocked()
    record = replace(made.assets[0], path=f"a{text}", camera=text, picture_note=text)
    render(replace(made, name=text, roots=(f"/{text}",), notes=(text,), assets=(record,)), name).encode("utf-8")


def test_texts_are_shown_as_other_reports_show_them():
    assert shown("\u202e") == "\\u202e"
