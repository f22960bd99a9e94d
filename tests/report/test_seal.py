from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.report.json_report import schema
from scanner.report.seal import canonical_form, nanoseconds_of, seal_of, seconds_text
from tests.report.scans import ALL, blocked
from tests.report.written import to_json

DOCS = Path(__file__).parents[2] / "docs" / "seal.md"


@pytest.mark.parametrize("name", ALL)
def test_the_seal_is_over_what_the_file_says(name):
    report = json.loads(to_json(ALL[name]()))
    assert report["seal"] == seal_of(report)
    assert list(report)[-1] == "seal"


def test_anyone_can_recompute_it_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    (tmp_path / "scan.json").write_text(to_json(ALL["hostile"]()), "utf-8")
    monkeypatch.chdir(tmp_path)
    code = re.search(r"```python\n(import hashlib.*?)```", DOCS.read_text("utf-8"), re.DOTALL).group(1)
    exec(code)
    assert capsys.readouterr().out == "True\n"


def test_white_space_and_the_order_of_keys_do_not_matter_values_do():
    report = json.loads(to_json(blocked()))
    turned = json.loads(json.dumps(dict(reversed(report.items())), ensure_ascii=True, indent=8))
    assert seal_of(turned) == report["seal"]
    turned["assets"][0]["provenance"] = "edited"
    assert seal_of(turned) != report["seal"]


def test_canonical_form_is_as_documented():
    assert canonical_form({"b": [1, True, None], "seal": {}, "a": "é\n\u2028"}) == '{"a":"é\\n\u2028","b":[1,true,null]}'.encode()


def test_keys_with_half_a_surrogate_pair_sort_as_they_are_written():
    scan = replace(blocked(), coverage=replace(blocked().coverage, readings_lost=(("\udcffa", 1), ("\ue000", 1), ("b", 2))))
    report = json.loads(to_json(scan))
    assert report["seal"]["value"] == hashlib.sha256(canonical_form(report)).hexdigest()


def test_no_number_of_the_report_has_a_fraction():
    # Programs write fractions in different ways, and the canonical form does not say which.
    assert '"number"' not in schema()


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_times_keep_each_nanosecond(nanoseconds):
    assert nanoseconds_of(seconds_text(nanoseconds)) == nanoseconds


@pytest.mark.parametrize(
    "text", ["", "1", "1.0", "1.0000000000", " 1.000000000", "1e9.000000000", "١.000000000", "1.000000000\n"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="nine decimals"):
        nanoseconds_of(text)
