"""Approvals as CSV and TOML: what goes out comes back, and what is wrong is told with its line."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.model.approvals import ContentKind
from scanner.model.approved import Approved
from scanner.model.errors import UsageError
from scanner.store.approval_exchange import COLUMNS, neutral, read_approvals, row_of, to_csv, to_toml
from tests.store.approvals import made_approval

HEADER = "content,approver,reference,category,use,date"
CONTENT = "ab" * 32
GOOD = f"{CONTENT},Dana Reyes,NFLX-1,creative-output,a plate,2026-01-05"
FIELDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30).map(str.strip).filter(bool)
HOSTILE = [
    '=HYPERLINK("http://x.example","y")',
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1+1",
    "''-2",
    "'quoted'",
    'say "hi", please',
    "<script>alert(1)</script>",
    "a;b,c",
    "\u202eevil",
    "[[approval]]",
    'x"""\\',
    "# not a comment",
]


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_bytes(text.encode())
    return str(path)


def carried(path: str) -> list[Approved]:
    return [one.logged for one in read_approvals(path)]


def with_texts(text: str) -> Approved:
    one = made_approval(1, expires="2027-01-01", supersedes="c" * 64)
    approval = replace(one.approval, id="1" * 16, approver=text, reference=text, use=text, recorder=text, path=text)
    return replace(one, approval=approval, imported_from=text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(("name", "write"), [("a.csv", to_csv), ("a.toml", to_toml)])
def test_hostile_text_comes_back_as_it_was(tmp_path, name, write, text):
    given = [with_texts(text), made_approval(2)]

    assert carried(written(tmp_path, name, write(given))) == given


@given(st.lists(FIELDS, min_size=1, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was(tmp_path, texts):
    given = [with_texts(text) for text in texts]

    assert carried(written(tmp_path, "a.csv", to_csv(given))) == given
    assert carried(written(tmp_path, "a.toml", to_toml(given))) == given


@pytest.mark.parametrize("text", HOSTILE[:6])
def test_no_cell_is_a_formula_and_the_rows_are_rfc_4180(text):
    exported = to_csv([with_texts(text)])

    header, row = csv.reader(io.StringIO(exported, newline=""), strict=True)
    assert header == list(COLUMNS)
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert exported.endswith("\r\n")


def test_neutral_leaves_ordinary_text_alone():
    assert [neutral(text) for text in ("a", "'a'", "", "a=b")] == ["a", "'a'", "", "a=b"]


def test_a_sequence_a_revocation_and_three_pictures_come_back(tmp_path):
    one = made_approval(1, revoked="2026-02-01T12:00:00Z", recorded="2026-01-06T00:00:00Z")
    prints = tuple(made_approval(number).fingerprints[0] for number in (1, 2, 3))
    sequence = replace(one, approval=replace(one.approval, content_kind=ContentKind.SEQUENCE), fingerprints=prints, size_bytes=0)

    assert carried(written(tmp_path, "a.csv", to_csv([sequence]))) == [sequence]
    assert carried(written(tmp_path, "a.toml", to_toml([sequence]))) == [sequence]


def test_nothing_is_a_table_too(tmp_path):
    assert carried(written(tmp_path, "a.csv", to_csv([]))) == []
    assert carried(written(tmp_path, "a.toml", to_toml([]))) == []


def test_toml_leaves_out_what_is_empty():
    (table,) = tomllib.loads(to_toml([made_approval(1)]))["approval"]

    assert "expires" not in table
    assert set(table) < set(row_of(made_approval(1)))


@pytest.mark.parametrize("name", ["a.csv", "A.CSV"])
def test_a_table_made_by_hand_needs_six_columns(tmp_path, name):
    (one,) = read_approvals(written(tmp_path, name, f"\ufeff{HEADER}\r\n{GOOD}\r\n\r\n"))

    assert (one.line, one.logged.approval.content, one.logged.approval.content_kind) == (2, CONTENT, "file")


def test_toml_made_by_hand_may_write_dates_bare(tmp_path):
    text = f'[[approval]]\ncontent = "{CONTENT}"\napprover = "D"\nreference = "R"\ncategory = "data-use"\nuse = "u"\n'
    (one,) = carried(written(tmp_path, "a.toml", text + "date = 2026-01-05\nexpires = 2026-12-31\n"))

    assert (one.approval.date, one.approval.expires) == ("2026-01-05", "2026-12-31")


MISTAKES = [
    (GOOD.replace(CONTENT, "ab"), "line 2: content is no SHA-256 of 64"),
    (GOOD.replace(CONTENT, ""), "line 2: content is empty"),
    (GOOD.replace("Dana Reyes", " "), "line 2: approver is empty"),
    (GOOD.replace("creative-output", "creative"), "line 2: creative is no category (did you mean creative-output?"),
    (GOOD.replace("2026-01-05", "5.1.2026"), "line 2: date is no day"),
    (GOOD.replace("a plate", '"a\nplate"'), "line 2: use holds a line break"),
    (GOOD.replace("a plate", "a\x1b[2Jplate"), "line 2: use holds a line break, a control character"),
    (GOOD + ",x", "line 2: has 7 cells, the header 6"),
    (f"{GOOD}\n{GOOD[:20]}", "line 3: has 1 cells, the header 6"),
    (f"{GOOD}\n\n{GOOD},\n", "line 4: has 7 cells"),
    (GOOD.replace("a plate", '"a'), "is no CSV"),
]


@pytest.mark.parametrize(("rows", "what"), MISTAKES)
def test_a_wrong_row_is_told_with_its_line(tmp_path, rows, what):
    with pytest.raises(UsageError) as caught:
        read_approvals(written(tmp_path, "a.csv", f"{HEADER}\n{rows}\n"))
    assert what in str(caught.value)
    assert "Nothing was imported" in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("extra", "value", "what"),
    [
        ("expires", "2025-01-01", "expires on 2025-01-01, before its date"),
        ("expires", "soon", "expires is no day"),
        ("content_kind", "reel", "content_kind is reel, not one of file, sequence"),
        ("supersedes", "x", "supersedes is no SHA-256"),
        ("size_bytes", "-3", "size_bytes is no number"),
        ("fingerprints", "a:0123:3x4", "fingerprints: a:0123:3x4 is none"),
        ("fingerprints", f"a:{'0' * 16}:0x4", "is none"),
        ("fingerprints", f"a:{'0' * 16}:4x4:round", "is none"),
    ],
)
def test_a_wrong_optional_column(tmp_path, extra, value, what):
    with pytest.raises(UsageError) as caught:
        read_approvals(written(tmp_path, "a.csv", f"{HEADER},{extra}\n{GOOD},{value}\n"))
    assert what in str(caught.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "line 1: a header is missing"),
        ("content,approver\n", "line 1: missing column reference, category, use, date"),
        (HEADER + ",colour\n", "line 1: unknown column colour"),
        (HEADER + ",use\n", "line 1: column use stands twice"),
        (HEADER.replace(",", ";") + "\n", "unknown column content;approver"),
    ],
)
def test_a_wrong_header(tmp_path, text, what):
    with pytest.raises(UsageError) as caught:
        read_approvals(written(tmp_path, "a.csv", text))
    assert what in str(caught.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[[approval]", "is no TOML"),
        ("approval = 3", "holds something else than tables"),
        ("[other]\nx = 1", "holds something else than tables"),
        ("approval = [1]", "holds something else than tables"),
        ("\n\n[[approval]]\nuse = 'x'\n\n[[approval]]\ncolour = 'red'", "line 3: content is empty; line 6: unknown key colour"),
    ],
)
def test_wrong_toml(tmp_path, text, what):
    with pytest.raises(UsageError) as caught:
        read_approvals(written(tmp_path, "a.toml", text))
    assert what in str(caught.value)


def test_many_mistakes_are_told_up_to_a_bound(tmp_path):
    with pytest.raises(UsageError, match="and 30 more"):
        read_approvals(written(tmp_path, "a.csv", HEADER + "\n" + ",,,,,\n" * 50))


def test_bytes_that_are_no_text_and_files_that_are_not_there(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"content\n\xff\xfe")
    with pytest.raises(UsageError, match="line 2: is not UTF-8"):
        read_approvals(str(tmp_path / "a.csv"))
    with pytest.raises(UsageError, match="cannot be read"):
        read_approvals(str(tmp_path / "none.csv"))
