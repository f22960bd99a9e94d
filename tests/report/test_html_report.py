from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest

from scanner.model.judging import Verdict
from scanner.model.matching import Relation, Role
from scanner.model.text import shown
from scanner.report import page
from tests.report.approved import approved
from tests.report.filmed import filmed
from tests.report.laid import laid
from tests.report.parts import HOSTILE, asset, finding, jpeg_bytes, match
from tests.report.scans import ALL, blocked, hostile, incomplete, interrupted, passing
from tests.report.written import to_html

RANGE = ("name", "value", "min", "max")
ATTRIBUTES = {
    "html": {"lang"},
    "meta": {"charset", "http-equiv", "content", "name"},
    "a": {"class", "href"},
    "img": {"class", "alt", "src"},
    "th": {"scope", "class"},
    "tr": {"data-i", "data-has"},
    "table": {"class", "id"},
    "div": {"class", "role", "aria-label", "tabindex", "id", "hidden"},
    "details": {"class", "open", "id"},
    "dialog": {"id", "aria-labelledby"},
    "section": {"id", "aria-labelledby"},
    "article": {"id", "class", "data-i", "aria-labelledby"},
    "nav": {"aria-label"},
    "main": {"id", "tabindex"},
    "p": {"class", "role", "id", "hidden"},
    "span": {"class", "id", "data-of", "role"},
    "label": {"for"},
    "input": {"id", "type", "autocomplete", "spellcheck", "maxlength", "aria-keyshortcuts", "checked", *RANGE},
    "select": {"id", "name"},
    "option": {"value"},
    "button": {"type", "id", "hidden", "aria-haspopup", "aria-keyshortcuts", "aria-pressed"},
    "fieldset": {"class", "hidden"},
    "svg": {"class", "role", "aria-label", "aria-hidden", "viewbox", "width", "height"},
    "image": {"class", "id", "width", "height", "href"},
    "use": {"href"},
    "rect": {"class", "x", "y", "width", "height", "fill"},
    "pattern": {"id", "width", "height", "patternunits"},
    "path": {"d"},
    "text": {"class", "x", "y", "dx", "dy"},
    "h2": {"id"},
    "h3": {"id", "class"},
    **{tag: {"class"} for tag in ("ul", "ol", "dl", "header", "bdi", "code", "strong", "figure")},
    "td": {"class", "colspan"},
    **{tag: set() for tag in ("head", "title", "style", "script", "body", "footer", "h1", "h4", "dt", "dd")},
    "li": {"value"},
    **{tag: set() for tag in ("thead", "tbody", "kbd", "summary", "br", "wbr", "legend", "figcaption")},
}
"""Every element that the page may hold, with its attributes; nothing that loads, runs or sends."""
TEMPLATES = resources.files("scanner.report") / "templates"
SCRIPT = "\n".join((TEMPLATES / name).read_text("utf-8") for name in ("compare.js", "page.js"))
VOID = {"meta", "img", "br", "wbr", "input"}
REFERENCE = re.compile(r"(?:#[a-z0-9-]+|data:image/(?:jpeg|png);base64,[A-Za-z0-9+/]+=*)")


class Elements(HTMLParser):
    """Collects what a browser would make of the page, and checks that elements are well nested."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.style = ""
        self.script = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs)
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open and self._open[-1] == "style":
            self.style += data
        elif self._open and self._open[-1] == "script":
            self.script += data
        else:
            self.text.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"comment {data!r}")

    def values(self, *names: str) -> list[str]:
        return [value or "" for _, attrs in self.found for name, value in attrs.items() if name in names]


SCANS = ALL | {"approved": approved, "laid": laid}


@pytest.fixture(params=SCANS)
def parsed(request):
    return Elements(to_html(SCANS[request.param]()))


def test_holds_no_element_or_attribute_beyond_the_templates(parsed):
    for tag, attrs in parsed.found:
        assert tag in ATTRIBUTES
        assert set(attrs) <= ATTRIBUTES[tag], tag


def test_refers_to_nothing_outside_itself(parsed):
    for value in parsed.values("href", "src"):
        assert REFERENCE.fullmatch(value), value
    assert not re.search(r"url\(|@import|@font-face", parsed.style)


def test_inner_links_lead_somewhere_and_ids_are_unique(parsed):
    ids = parsed.values("id")
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in parsed.values("href") if value.startswith("#")} <= set(ids)
    assert set(parsed.values("aria-labelledby")) <= set(ids)


def sha256(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_security_policy_admits_our_style_and_script_and_nothing_else(parsed):
    [policy] = [attrs["content"] for _, attrs in parsed.found if attrs.get("http-equiv") == "Content-Security-Policy"]
    ours = f"img-src data:; style-src {sha256(parsed.style)}; script-src {sha256(parsed.script or SCRIPT)}"
    assert policy == f"default-src 'none'; {ours}; base-uri 'none'; form-action 'none'"
    assert [tag for tag, _ in parsed.found].count("script") <= 1


def test_the_script_is_ours_and_the_last_thing_of_the_page(parsed):
    assert parsed.script == SCRIPT
    assert parsed.found[-1][0] == "script"


@pytest.mark.parametrize("way", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval", "Function(", "fetch"])
def test_the_script_has_no_way_to_run_or_send_what_it_reads(way):
    assert way not in SCRIPT
    assert not re.search(r"XMLHttpRequest|WebSocket|sendBeacon|import\(|setTimeout|\.src\b|\.href\b|setAttribute|</|<!--", SCRIPT)


def test_security_policy_stands_before_anything_it_governs(parsed):
    tags = [tag if tag != "meta" else attrs.get("http-equiv", "meta") for tag, attrs in parsed.found]
    assert tags.index("Content-Security-Policy") < tags.index("style") < tags.index("script")


def test_can_be_shown_line_by_line(parsed):
    for text in parsed.text:
        for line in text.split("\n"):
            assert shown(line).replace("\\xa0", "\xa0") == line


@pytest.mark.parametrize("make", [hostile, laid, filmed])
def test_hostile_texts_stay_texts(make):
    text = to_html(make())
    for raw in ("<script>alert", "</style><style>", "<img src=x", "\u202e", "\x1b", "\x00", "\udcff", "{{ 7", "<!-- ]]"):
        assert (raw in text) == (raw == "{{ 7"), raw
    assert shown(HOSTILE) in "".join(Elements(text).text)
    assert len(re.findall("<style", text)) == 1
    text.encode("utf-8")


@pytest.mark.parametrize("make", [hostile, laid, filmed])
def test_attributes_hold_none_of_a_files_text(make):
    values = Elements(to_html(make())).values(*{name for names in ATTRIBUTES.values() for name in names})
    assert not [value for value in values if "alert" in value]


def text_of(scan):
    return " ".join("".join(Elements(to_html(scan)).text).split())


def test_the_first_screen_says_what_the_terminal_says():
    text = text_of(blocked())
    head = text[: text.index("What was looked at")]
    for said in (
        "BLOCKED DRIVE_07",
        "3 to fix 2 to review 1 not read 8 pass",
        "Policy default",
        "unassigned 7 (name them with --zone)",
        "final/ep1/st_014.tif The file declares AI generation (unsigned, XMP)",
        "Not done 1 link, pipe or device not opened",
    ):
        assert said in head


@pytest.mark.parametrize(
    ("scan", "alarm"),
    [(interrupted, "INTERRUPTED: the scan was stopped"), (incomplete, "NOT COMPLETE: 1 folder could not be listed")],
)
def test_a_partial_scan_says_so_before_anything_else(scan, alarm):
    body = text_of(scan()).partition("Skip to the findings")[2]
    assert body.strip().startswith(alarm)


def test_an_empty_list_of_a_partial_scan_does_not_say_too_much():
    empty = replace(interrupted(), assets=(), findings=())
    assert text_of(empty).count("This is said of what the scan reached.") == 3
    assert "This is said of what the scan reached." not in text_of(passing())


def test_what_people_allowed_is_told_with_who_and_until_when():
    text = text_of(approved())
    for said in (
        "2 to fix 1 to review 0 not read 1 allowed 0 pass",
        "Allowed 1 Found, and allowed by a recorded approval or a decision that it is no AI.",
        "P4 · escalate · needs written approval: creative output",
        "Allowed by Dana Reyes, Netflix · reference GENAI-0412 · creative output · until 2027-08-31",
        "Carried over, to be confirmed: allowed for an earlier version by Dana Reyes, Netflix",
        "same pixels as the approved file",
        "Approval lapsed: was allowed by Dana Reyes, Netflix · reference GENAI-0412 · creative output · withdrawn 2026-10-01",
        "Allowed the file declares AI generation P4 · escalate Allowed by approval 0123456789abcdef",
        "Use: Background poster, out of focus. Of 2026-09-01, recorded by ines, id 5f0c2a9be1d04437",
        "Approval log approvals.sqlite, 12 entries, last " + "7e" * 32,
    ):
        assert said in text, said


def test_generation_and_people_are_shown_as_the_scan_has_them():
    text = text_of(approved())
    for said in (
        "Made with Midjourney 7",
        "Prompt withheld",
        "Prompt by withheld",
        "People named withheld",
        "Face regions 2, as",
    ):
        assert said in text, said


def test_the_confidentiality_line_opens_the_page_and_each_sheet():
    body = text_of(approved()).partition("Skip to the findings")[2]
    assert body.strip().startswith("CONFIDENTIAL · Salt Road · not for distribution")
    [numbers] = re.findall(r'@top-center \{ content: "((?:\\[0-9a-f]{6})*)"', Elements(to_html(approved())).style)
    assert "".join(chr(int(each, 16)) for each in numbers.split("\\")[1:]) == approved().confidentiality
    assert '@top-center { content: "' not in to_html(blocked())


def test_nothing_of_a_hostile_line_can_leave_its_place_in_the_style():
    style = Elements(to_html(hostile())).style
    assert re.search(r'@page \{ @top-center \{ content: "(\\[0-9a-f]{6})+"; font: bold 8.5pt sans-serif; \} \}\n$', style)


def test_a_card_says_where_why_who_and_what_next():
    text = text_of(blocked())
    for said in (
        "Zone final: folder `final` matches `**/~final/**`",
        "The file declares AI generation (unsigned, XMP).",
        "Who can act post producer",
        "Next step Replace it with the original",
        "AI reference temp/boards/b_09.png similar: 6 bits differ, phash64/imagehash-4.3",
    ):
        assert said in text


def test_signers_and_lists_are_named():
    text = text_of(blocked())
    assert "Signed by cai-prod, Adobe Inc. at 2026-05-02T10:00:05Z; written by Adobe Photoshop 26.1." in text
    assert "Trusted: signer listed in C2PA trust list of 2026-08-13." in text
    assert "interim list of 2025-12-01" in text


def test_thumbnails_are_inlined():
    sources = Elements(to_html(blocked())).values("src")
    assert base64.b64encode(jpeg_bytes("#8a6a4f")).decode() in "".join(sources)


def test_a_match_stands_beside_its_asset_once():
    text = to_html(blocked())
    for jpeg in (jpeg_bytes("#5b6b57"), jpeg_bytes("#8a6a4f")):
        assert text.count(base64.b64encode(jpeg).decode()) == 1
    said = text_of(blocked())
    licensed = (
        "Licensed reference No AI alteration originals/street.tif similar: 9 bits differ, phash64/imagehash-4.3 "
        "Source county museum, box 4 Owner County Museum Licence CM-2024-017"
    )
    copy = "Copy in this delivery, zone temporary temp/boards/b_07.png similar: 5 bits differ Declared generated, by its marks"
    assert (said.count(licensed), said.count(copy)) == (1, 1)
    assert "Matches 2 2 assets stand beside what they match in the lists above." in said


def test_matches_that_ask_for_someone_come_first(monkeypatch):
    own = asset("a/temp.jpg", matches=(match(Role.AI, Relation.SAME, "temp.jpg"),))
    leak = replace(own, path="b/leak.jpg", verdict=Verdict.BLOCKED)
    monkeypatch.setattr(page, "CARDS", 0)
    shown_first = page.page_of(replace(blocked(), assets=(own, leak))).matches.shown
    assert [record.path for _, record in shown_first] == ["b/leak.jpg", "a/temp.jpg"]


def test_more_matches_than_a_row_holds_are_counted():
    record = asset("final/a.jpg", matches=tuple(match(Role.AI, Relation.SIMILAR, f"ref {n}", n) for n in range(11)))
    text = text_of(replace(blocked(), assets=(record,)))
    assert "and 3 more in scan.json" in text
    assert "ref 8" not in text.partition("All assets")[0]


def test_a_pass_does_not_say_too_much():
    assert "this does not prove that nothing is there" in text_of(passing())


def test_ends_with_the_statement():
    footer = text_of(blocked())[-500:]
    assert "no rights clearance, legal advice or client's approval" in footer


def many(count):
    record = asset("", verdict=Verdict.BLOCKED, findings=(finding("r", "the file declares AI generation"),))
    return replace(blocked(), assets=tuple(replace(record, path=f"final/{n:05}.jpg") for n in range(count)), thumbnails={})


def test_what_is_cut_is_said(monkeypatch):
    for name in ("CARDS", "ROWS", "EVIDENCE"):
        monkeypatch.setattr(page, name, 10)
    text = text_of(many(25))
    assert "10 of 25 entries shown here." in text
    assert "10 of 25 assets shown here." in text
    assert "This page carries 10 of 25 assets. Those of most concern were kept." in text
    assert "10 of 15 assets shown here." in text, "assets with a card are told of there"


def test_the_cut_keeps_what_matters_most(monkeypatch):
    monkeypatch.setattr(page, "ROWS", 3)
    rows = page.page_of(blocked()).rows
    assert {record.verdict for _, record in rows.shown} == {Verdict.BLOCKED}
    assert rows.left == len(blocked().assets) - 3


def test_five_thousand_assets_make_a_page_that_a_browser_can_carry():
    # Measured: 2.8 MB; how long it takes is for benchmarks/page.py.
    assert len(to_html(many(5000))) < 8_000_000
