"""The pages beside the page of a large scan: everything on a list stays reachable, a page at a time, without any script."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scanner.model.judging import Severity, Verdict, Zone
from scanner.model.text import shown
from scanner.report import further, page
from scanner.report.formats import FORMATS, write_into
from scanner.report.html_report import html_pages, to_html_with_pages
from scanner.tools.spool import Spool
from tests.report.approved import approved
from tests.report.large import large
from tests.report.parts import HOSTILE, asset, finding
from tests.report.scans import ALL, blocked
from tests.report.written import to_html


class Read(HTMLParser):
    """What a person sees of a page, and where its links lead."""

    def __init__(self, text):
        super().__init__()
        self.links, self.text, self.tags = [], "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def short(monkeypatch):
    """Lists that end after three cards, pages after four entries."""
    monkeypatch.setattr(further, "CARDS", 3)
    monkeypatch.setattr(page, "CARDS", 3)
    monkeypatch.setattr(further, "ENTRIES", 4)


def pages_of(scan):
    return {name: Read("".join(pieces)) for name, pieces in html_pages(scan)}


@pytest.mark.parametrize("name", ALL)
def test_an_ordinary_scan_has_one_page(name):
    scan = ALL[name]()
    assert list(html_pages(scan)) == []
    assert "".join(to_html_with_pages(scan)) == to_html(scan)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("kept", [tuple, Spool])
def test_everything_on_a_long_list_is_reached_from_the_first_page(kept):
    scan = large(150, troubled=2)
    scan = replace(scan, assets=kept(sorted(scan.assets, key=lambda record: record.path)))
    first, pages = Read("".join(to_html_with_pages(scan))), pages_of(scan)
    linked = [link.removeprefix("scan-pages/") for link in first.links if link.startswith("scan-pages/")]
    assert sorted(linked) == sorted(pages)
    for of, verdict in (("fix", Verdict.BLOCKED), ("review", Verdict.REVIEW), ("not-read", Verdict.INCOMPLETE)):
        for zone in Zone:
            told = "".join(read.text for name, read in pages.items() if re.fullmatch(rf"{of}-{zone.value}-\d+\.html", name))
            wanted = [record for record in scan.assets if record.verdict is verdict and record.zone.zone is zone]
            assert all(record.path.rpartition("/")[2] in told for record in wanted)
            assert len(re.findall(r"shot_\d{5}", told)) == len(wanted)


@pytest.mark.usefixtures("short")
def test_each_page_leads_on_and_back():
    pages = pages_of(large(150, troubled=2))
    for name, read in pages.items():
        assert set(read.links) - {"#main"} <= {*pages, f"../scan.html#{name.rsplit('-', 2)[0]}"}
    run = sorted((name for name in pages if name.startswith("fix-final-")), key=lambda name: int(re.findall(r"\d+", name)[0]))
    assert len(run) >= 2
    assert run[1] in pages[run[0]].links
    assert run[0] in pages[run[1]].links
    assert "page 1 of" in pages[run[0]].text


@pytest.mark.usefixtures("short")
def test_a_page_alone_says_what_it_is_of_and_has_no_script():
    scan = replace(large(60, troubled=2), confidentiality="CONFIDENTIAL, Production EP", interrupted=True, complete=False)
    for read in pages_of(scan).values():
        assert scan.name in read.text
        assert "CONFIDENTIAL, Production EP" in read.text
        assert "INTERRUPTED" in read.text
        assert "no rights clearance" in read.text
        assert "script" not in {tag for tag, _ in read.tags}
        policy = next(attrs["content"] for tag, attrs in read.tags if "http-equiv" in attrs)
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy


@pytest.mark.usefixtures("short")
def test_nothing_of_a_file_becomes_part_of_the_page():
    told = finding("ai-declared", HOSTILE, next_step=HOSTILE)
    plain = finding("ai-declared", "x", next_step="x")
    hostile, harmless = (
        replace(
            blocked(), assets=tuple(asset(f"{number}{name}", verdict=Verdict.BLOCKED, findings=(said,)) for number in range(6))
        )
        for name, said in ((HOSTILE.replace("/", ""), told), ("x", plain))
    )
    for (name, read), (_, expected) in zip(pages_of(hostile).items(), pages_of(harmless).items(), strict=True):
        assert [tag for tag, _ in read.tags if tag != "wbr"] == [tag for tag, _ in expected.tags if tag != "wbr"], name
        assert shown("\u202egnp.exe") in read.text
        "".join(read.text).encode("utf-8")


@pytest.mark.usefixtures("short")
def test_what_is_allowed_or_known_says_so():
    scan = approved()
    [given] = [record for record in scan.assets if record.path == "final/allowed.png"]
    scan = replace(scan, assets=tuple(replace(given, path=f"final/{number}.png") for number in range(5)))
    assert pages_of(scan)["allowed-final-1.html"].text.count("Allowed by") >= 4
    known = finding("r", "m", Severity.MEDIUM, known=True)
    scan = replace(scan, assets=tuple(asset(f"{at}.png", verdict=Verdict.REVIEW, findings=(known,)) for at in range(5)))
    assert pages_of(scan)["review-final-1.html"].text.count("Known from the baseline report") == 4


@pytest.mark.usefixtures("short")
def test_a_next_step_is_told_once_where_it_stays_the_same():
    steps = ["one", "one", "two", "one"]
    made = tuple(
        asset(f"{at}.png", verdict=Verdict.BLOCKED, findings=(finding("r", "m", next_step=step),))
        for at, step in enumerate(steps)
    )
    read = pages_of(replace(blocked(), assets=made))["fix-final-1.html"]
    assert re.findall(r"post producer: (one|two)", read.text) == ["one", "two", "one"]


@pytest.mark.usefixtures("short")
def test_written_into_a_folder_they_stand_beside_the_report(tmp_path):
    scan = large(60, troubled=2)
    path = Path(write_into(str(tmp_path), scan, "html"))
    assert path == tmp_path / "scan.html"
    for link in Read(path.read_text()).links:
        if not link.startswith("#"):
            assert (tmp_path / link).is_file()
    write_into(str(tmp_path), blocked(), "html")
    write_into(str(tmp_path), replace(blocked(), assets=blocked().assets[:1]), "html")
    assert [each.name for each in tmp_path.iterdir()] == ["scan.html"], "pages of the report before are gone"


def test_a_report_that_stands_alone_names_no_page(monkeypatch):
    monkeypatch.setattr(further, "CARDS", 3)
    monkeypatch.setattr(page, "CARDS", 3)
    assert "scan-pages" not in to_html(large(60, troubled=2))
    assert FORMATS["html"].beside is not None
