"""Reports made by anyone, in the review room: a text of one is never more than text, and a wrong one is refused or told."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.model.errors import UsageError
from scanner.model.scan import Scan
from tests.hostile.test_report_injection import PAYLOADS, PLAIN, poisoned
from tests.report.filmed import filmed
from tests.report.laid import laid
from tests.report.scans import blocked, hostile
from tests.report.written import to_json

pytest.importorskip("starlette", reason="the extra 'review' is not installed")

from scanner.review.app import make_app
from scanner.review.room import open_room
from tests.hostile.room_pages import Asker, Page, check_page

Report = dict[str, Any]
EXTREMES = [
    *(
        None,
        True,
        0,
        -1,
        1 << 62,
        1 << 70,
        0.5,
        1e308,
        -0.0,
        "",
        "x",
        "1",
        "/",
        "..",
        "../../etc/passwd",
        "1/0",
        "-1/2",
        "9" * 5000,
    ),
    *("99999999999999999999/1", "2026-99-99T00:00:00Z", "javascript:alert(1)", "\udcff\ud800", "\u202eabc\0", "x" * 20_000),
    *('"><script>alert(1)</script>', "' onload='alert(1)", [], [[]], ["x"], [1], {}, {"path": "a"}, {"<b>": "<b>"}),
]


def read_back(scan: Scan) -> Report:
    report: Report = json.loads(to_json(scan))
    # No digest is markup; everything else of it may be.
    report["assets"] = [
        each | {"content_digest": each["content_digest"] if "<" not in each["content_digest"] else ""}
        for each in report["assets"]
    ]
    return report


def written(report: Report) -> bytes:
    """A report laid out as the scanner does, whatever stands in it."""
    parts = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in report.items() if key not in ("assets", "inventory")]
    assets = [f"    {{\n      {json.dumps(each)[1:-1]}\n    }}" for each in report["assets"]]
    parts.append('  "assets": [\n' + ",\n".join(assets) + "\n  ]")
    parts.append('  "inventory": []')
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


@contextmanager
def room_of(content: bytes, place: Path, *others: bytes) -> Iterator[Asker]:
    """A browser in a room with one report, or further ones."""
    paths = [place.with_name(f"{number}{place.name}") for number in range(1 + len(others))]
    for path, each in zip(paths, (content, *others), strict=True):
        path.write_bytes(each)
    room = open_room([str(path) for path in paths], lambda *_: None)
    asker = Asker(make_app(room)).enter()
    try:
        yield asker
    finally:
        asker.close()
        for report in room.reports:
            report.file.close()


def addresses(asker: Asker) -> list[str]:
    report, *others = asker.pages.state.room.reports
    found = [*(f"/scans/{a}/changes?since={b}{kind}" for a, b in ((1, 2), (2, 1)) for kind in ("", "&kind=changed") if others)]
    found += ["/", "/scans/1", "/scans/1?verdict=blocked", "/scans/1/record", "/scans/1/verify", "/decisions"]
    for row in range(len(report.catalogue)):
        here = f"/scans/1/assets/{row}"
        found += [here, *(f"{here}/{part}" for part in ("metadata", "thumbnail", "decide", "decide?kind=reject"))]
        found += [f"{here}/{part}" for part in ("frames/1", "frames/1/shown", "beside/0", "beside/0/difference")]
    return found


def pages(asker: Asker) -> dict[str, Page]:
    """Every page, each looked through."""
    found = {}
    for address in addresses(asker):
        answer = asker.get(address)
        assert answer.status < 500, (address, answer.text)
        if page := check_page(answer):
            found[address] = page
    return found


def made(scan: Scan, place: Path) -> dict[str, object]:
    with room_of(to_json(scan).encode("utf-8", "surrogatepass"), place) as asker:
        return {address: page.made for address, page in pages(asker).items()}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    return made(poisoned(PLAIN), tmp_path_factory.mktemp("plain") / "scan.json")


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_hostile_text_changes_nothing_of_what_pages_are_made_of(payload: str, plain: dict[str, object], tmp_path: Path) -> None:
    assert made(poisoned(payload), tmp_path / "scan.json") == plain


@pytest.mark.parametrize("make", [hostile, blocked, filmed, laid], ids=lambda make: make.__name__)
def test_every_page_of_a_report_is_made_of_our_own_elements(make: Any, tmp_path: Path) -> None:
    with room_of(written(read_back(make())), tmp_path / "scan.json") as asker:
        told = pages(asker)
        assert len(told) >= 4 + 3 * len(asker.pages.state.room.reports[0].catalogue)
        assert make is not hostile or any("<script>alert(1)</script>" in "".join(page.told) for page in told.values())


def places(value: object, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands in a JSON document."""
    if here:
        yield here
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*here, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], (*here, index))


def few(report: Report, numbers: tuple[int, ...]) -> Report:
    return report | {"assets": [report["assets"][number] for number in numbers], "inventory": []}


SOURCES = [
    few(read_back(blocked()), (0, 1)),
    few(read_back(blocked()), (2, 3)),
    few(read_back(filmed()), (0, 1)),
    few(read_back(laid()), (0,)),
    few(read_back(hostile()), (0,)),
]
WHOLE = written(SOURCES[0])
PLACES = [[place for place in places(source) if place != ("assets",)] for source in SOURCES]


@st.composite
def spoilt(draw: st.DrawFn) -> Report:
    """A report in which one to three values are of another type, out of range or gone."""
    number = draw(st.integers(0, len(SOURCES) - 1))
    report: Report = json.loads(json.dumps(SOURCES[number]))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(PLACES[number]))
        holder: Any = report
        try:
            for step in way:
                holder = holder[step]
            if draw(st.integers(0, 9)):
                holder[last] = copy.deepcopy(draw(st.sampled_from(EXTREMES)))
            else:
                del holder[last]
        except (LookupError, TypeError):
            continue  # it went with what was replaced before
    report["assets"] = [each if isinstance(each, dict) else {"asset": each} for each in report["assets"]]
    return report


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(spoilt())
def test_a_spoilt_report_is_refused_in_one_line_or_every_page_of_it_tells(tmp_path: Path, report: Report) -> None:
    try:
        with room_of(written(report), tmp_path / "scan.json", WHOLE) as asker:
            pages(asker)
    except UsageError as error:
        assert len(str(error).splitlines()) == 1
        assert str(error).isprintable()


@pytest.mark.parametrize("deep", [200, 900, 5000, 200_000])
def test_a_report_nested_deeply_harms_nobody(tmp_path: Path, deep: int) -> None:
    report = few(read_back(blocked()), (0,))
    content = written(report).replace(b'"marks": [', b'"extra": ' + b"[" * deep + b"]" * deep + b', "marks": [')
    assert content != written(report)
    try:
        with room_of(content, tmp_path / "scan.json") as asker:
            pages(asker)
    except UsageError as error:
        assert "nested too deeply" in str(error)


def test_a_report_cut_short_while_it_is_looked_at_is_told(tmp_path: Path) -> None:
    with room_of(written(read_back(blocked())), tmp_path / "scan.json") as asker:
        with open(tmp_path / "0scan.json", "r+b") as stream:
            stream.truncate(2000)
        answers = {address: asker.get(address) for address in addresses(asker)}
    assert {answer.status for answer in answers.values()} <= {200, 404, 422}
    assert answers["/scans/1/assets/0"].status == 422
    assert "cannot be read here" in answers["/scans/1"].text


def test_roots_that_no_system_has_are_no_places(tmp_path: Path) -> None:
    report = few(read_back(blocked()), (0,)) | {"roots": ["/a\0b", "/\ud800", "/drive", "s3://bucket/"]}
    with room_of(written(report), tmp_path / "scan.json") as asker:
        assert asker.pages.state.room.places == ("/drive",)
        pages(asker)
