"""The page of one asset: what the report says in words, and no error whatever the report holds."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.model.errors import UsageError
from scanner.review.workbench import Workbench
from tests.review.pictured_drive import HOSTILE, Asking, Drive, Scripted, asking, own, scanned, workers

__all__ = ["own", "scanned"]

STILL = "final/harbour.jpg"


@pytest.fixture(scope="module")
def room(scanned: Drive) -> Iterator[Asking]:
    with asking(scanned.report, workers(), scanned.library) as room:
        yield room


def test_an_altered_original_is_told_and_laid_over(room: Asking) -> None:
    text = room.get(room.row(STILL)).text
    assert "an owned reference" in text and "Regions that differ" in text
    assert "/beside/0/difference" in text and 'class="outlines"' in text


def test_marks_findings_and_what_to_do_are_told(room: Asking) -> None:
    text = room.get(room.row("temp/idea.png")).text
    assert "The file declares AI generation" in text and "Who can:" in text and "PNG:Parameters" in text
    assert "harbour at dusk" not in text


def test_equal_content_is_linked(room: Asking) -> None:
    page = room.get(room.row("temp/idea.png")).text
    assert f'href="{room.row(f"final/{HOSTILE}")}"' in page


def test_names_are_text(room: Asking) -> None:
    for path in (f"final/{HOSTILE}", "temp/idea.png"):
        text = room.get(room.row(path)).text
        assert "<img src=x" not in text and "&lt;img src=x onerror=alert(1)&gt;" in text


def test_the_way_through_the_list_keeps_to_the_filters(room: Asking) -> None:
    answers = [room.get(f"/scans/1/assets/{row}?format=png").text for row in range(len(room.room.reports[0].catalogue))]
    rows = [int(room.row(path).rpartition("/")[2]) for path in (f"final/{HOSTILE}", "temp/idea.png")]
    first, second = sorted(rows)
    assert f'rel="next" href="/scans/1/assets/{second}?format=png"' in answers[first]
    assert 'rel="prev"' not in answers[first] and 'rel="next"' not in answers[second]
    assert f'href="/scans/1?format=png#row-{first}"' in answers[first]


def test_a_changed_file_says_so_in_words(own: Drive) -> None:
    (own.root / STILL).write_bytes(b"x")
    with asking(own.report, workers()) as room:
        assert "Changed since the scan: its size differs" in room.get(room.row(STILL)).text


def test_metadata_as_read_now_withholds_what_the_report_withholds(room: Asking) -> None:
    text = room.get(f"{room.row('temp/idea.png')}/metadata").text
    assert "Withheld: Parameters" in text and "image/png" in text
    assert "harbour at dusk" not in text


def test_metadata_is_told_where_the_report_tells_it(own: Drive) -> None:
    report = own.report.read_text()
    assert report.count('"value": "withheld"\n    }\n  ],\n  "catalogue_sha256"') == 1
    own.report.write_text(report.replace('"value": "withheld"\n    }\n  ],\n  "cat', '"value": "included"\n    }\n  ],\n  "cat'))
    with asking(own.report, workers()) as room:
        assert "harbour at dusk" in room.get(f"{room.row('temp/idea.png')}/metadata").text


def test_metadata_of_what_is_gone_says_so(own: Drive) -> None:
    (own.root / STILL).unlink()
    with asking(own.report, workers()) as room:
        assert "Out of reach: it is not there any more" in room.get(f"{room.row(STILL)}/metadata").text


def test_addresses_that_lead_nowhere_are_told_so(room: Asking) -> None:
    for path in (
        "/scans/1/assets/99999",
        "/scans/2/assets/0",
        "/scans/1/assets/99999999999999999999/metadata",
        "/scans/1/assets/-1",
    ):
        assert room.get(path).status == 404


ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    "",
    "../../etc/passwd",
    "/etc/passwd",
    "<script>alert(1)</script>",
    "\u202egnp.exe",
    "\ud83d",
    "x" * 5000,
    [],
    {},
    [[]],
    "1/3",
    "definitive",
)
ADDRESSES = (
    "",
    "/metadata",
    "/thumbnail",
    "/picture",
    "/beside/0",
    "/beside/0/asset",
    "/beside/0/difference",
    "/frames/1",
    "/frames/1/shown",
)


def spots(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from spots(each, (*place, key))


@pytest.mark.parametrize("seed", range(40))
def test_odd_values_cost_no_more_than_their_page(scanned: Drive, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    report = json.loads(scanned.report.read_text())
    assets = report["assets"]
    for _ in range(chance.randrange(1, 4)):
        asset = chance.choice(assets)
        place = chance.choice(list(spots(asset))[1:])
        inner: Any = asset
        for key in place[:-1]:
            inner = inner[key] if isinstance(inner, (dict, list)) and (isinstance(inner, list) or key in inner) else {}
        if isinstance(inner, dict) or (isinstance(inner, list) and place[-1] < len(inner)):
            inner[place[-1]] = chance.choice(ODD)
    (tmp_path / "scan.json").write_text(laid_out(report))
    try:
        with asking(tmp_path / "scan.json", Workbench(Scripted, workers=1)) as room:
            for row in range(len(room.room.reports[0].catalogue)):
                for address in ("/scans/1", *(f"/scans/1/assets/{row}{each}" for each in ADDRESSES)):
                    answer = room.get(address)
                    assert answer.status in (200, 404, 422), address
                    assert b"<script>alert" not in answer.body
    except UsageError:
        return


def laid_out(report: dict[str, Any]) -> str:
    """A report as the scanner lays it out."""
    tail = ("inventory", "seal")
    parts = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in report.items() if key not in ("assets", *tail)]
    assets = ",\n".join("    {\n      " + json.dumps(each)[1:-1] + "\n    }" for each in report["assets"])
    files = ",\n".join(f"    {json.dumps(each, ensure_ascii=False)}" for each in report["inventory"])
    parts += [f'  "assets": [\n{assets}\n  ]', f'  "inventory": [\n{files}\n  ]', f'  "seal": {json.dumps(report["seal"])}']
    return "{\n" + ",\n".join(parts) + "\n}\n"
