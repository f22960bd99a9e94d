from __future__ import annotations

import base64
import hashlib
import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest

from scanner.model.judging import Verdict
from scanner.model.matching import Relation, Role
from scanner.model.text import shown
from scanner.report import page
from scanner.report.html_report import to_html
from tests.report.parts import HOSTILE, asset, finding, jpeg_bytes, match
from tests.report.scans import ALL, blocked, hostile, incomplete, interrupted, passing

ATTRIBUTES = {
    "html": {"lang"},
    "meta": {"charset", "http-equiv", "content", "name"},
    "a": {"class", "href"},
    "img": {"class", "alt", "src"},
    "th": {"scope"},
    "td": {"class"},
    "div": {"class", "role", "aria-label", "tabindex", "id"},
    "details": {"class", "open"},
    "section": {"id", "aria-labelledby"},
    "article": {"id", "class", "aria-labelledby"},
    "nav": {"aria-label"},
    "main": {"id"},
    "span": {"class", "aria-hidden"},
    "h2": {"id"},
    "h3": {"id"},
    **{tag: {"class"} for tag in ("p", "ul", "ol", "dl", "table", "header", "bdi", "code")},
    **{tag: set() for tag in ("head", "title", "style", "body", "footer", "h1", "h4", "li", "dt", "dd")},
    **{tag: set() for tag in ("thead", "tbody", "tr", "strong", "summary", "br", "wbr")},
}
"""Every element that the page may hold, with its attributes; nothing that loads, runs or sends."""
VOID = {"meta", "img", "br", "wbr"}
REFERENCE = re.compile(r"(?:#[a-z0-9-]+|data:image/jpeg;base64,[A-Za-z0-9+/]+=*)")


class Elements(HTMLParser):
    """Collects what a browser would make of the page, and checks that elements are well nested."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.style = ""
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
        else:
            self.text.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"comment {data!r}")

    def values(self, *names: str) -> list[str]:
        return [value or "" for _, attrs in self.found for name, value in attrs.items() if name in names]


@pytest.fixture(params=ALL)
def parsed(request):
    return Elements(to_html(ALL[request.param]()))


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
    assert {value[1:] for value in parsed.values("href")} <= set(ids)
    assert set(parsed.values("aria-labelledby")) <= set(ids)


def test_security_policy_admits_the_style_and_nothing_else(parsed):
    [policy] = [attrs["content"] for _, attrs in parsed.found if attrs.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(parsed.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "script" not in {tag for tag, _ in parsed.found}


def test_security_policy_stands_before_anything_it_governs(parsed):
    tags = [tag if tag != "meta" else attrs.get("http-equiv", "meta") for tag, attrs in parsed.found]
    assert tags.index("Content-Security-Policy") < tags.index("style")


def test_can_be_shown_line_by_line(parsed):
    for text in parsed.text:
        for line in text.split("\n"):
            assert shown(line).replace("\\xa0", "\xa0") == line


def test_hostile_texts_stay_texts():
    text = to_html(hostile())
    for raw in ("<script>alert", "</style><style>", "<img src=x", "\u202e", "\x1b", "\x00", "\udcff", "{{ 7", "<!-- ]]"):
        assert (raw in text) == (raw == "{{ 7"), raw
    assert shown(HOSTILE) in "".join(Elements(text).text)
    assert len(re.findall("<style", text)) == 1
    text.encode("utf-8")


def test_attributes_hold_none_of_a_files_text():
    values = Elements(to_html(hostile())).values(*{name for names in ATTRIBUTES.values() for name in names})
    assert not [value for value in values if "alert" in value]


def text_of(scan):
    return " ".join("".join(Elements(to_html(scan)).text).split())


def test_the_first_screen_says_what_the_terminal_says():
    head = text_of(blocked()).partition("Technical record")[0]
    for said in (
        "BLOCKED DRIVE_07",
        "3 to fix, 2 to review, 1 not read · default policy",
        "unassigned 7 (name them with --zone)",
        "final/ep1/st_014.tif the file declares AI generation (unsigned, XMP)",
        "Not done 5 things",
    ):
        assert said in head


@pytest.mark.parametrize(
    ("scan", "alarm"),
    [(interrupted, "INTERRUPTED: the scan was stopped"), (incomplete, "NOT COMPLETE: 1 folder could not be listed")],
)
def test_a_partial_scan_says_so_before_anything_else(scan, alarm):
    body = text_of(scan()).partition("Skip to the findings")[2]
    assert body.strip().startswith(alarm)


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
    assert "signed by cai-prod, Adobe Inc. at 2026-05-02T10:00:05Z; signer listed in C2PA trust list of 2026-08-13" in text
    assert "interim list of 2025-12-01" in text


def test_thumbnails_are_inlined():
    sources = Elements(to_html(blocked())).values("src")
    assert base64.b64encode(jpeg_bytes("#8a6a4f")).decode() in "".join(sources)


def test_a_match_stands_beside_its_asset_in_the_card_and_among_the_matches():
    text = to_html(blocked())
    for jpeg in (jpeg_bytes("#5b6b57"), jpeg_bytes("#6b575b")):
        assert text.count(base64.b64encode(jpeg).decode()) >= 2
    said = text_of(blocked())
    licensed = (
        "Licensed reference No AI alteration originals/street.tif similar: 9 bits differ, phash64/imagehash-4.3 "
        "Source county museum, box 4 Owner County Museum Licence CM-2024-017"
    )
    copy = "Copy in this delivery, zone temporary temp/boards/b_07.png similar: 5 bits differ Declared generated, by its marks"
    assert (said.count(licensed), said.count(copy)) == (2, 2)
    assert said.count("no picture kept") == 4


def test_matches_that_ask_for_someone_come_first():
    own = asset("a/temp.jpg", matches=(match(Role.AI, Relation.SAME, "temp.jpg"),))
    leak = replace(own, path="b/leak.jpg", verdict=Verdict.BLOCKED)
    shown_first = page.page_of(replace(blocked(), assets=(own, leak))).matches.shown
    assert [record.path for _, record in shown_first] == ["b/leak.jpg", "a/temp.jpg"]


def test_more_matches_than_a_row_holds_are_counted():
    record = asset("final/a.jpg", matches=tuple(match(Role.AI, Relation.SIMILAR, f"ref {n}", n) for n in range(11)))
    text = text_of(replace(blocked(), assets=(record,)))
    assert "and 3 more in scan.json" in text
    assert "ref 8" not in text.partition("Technical record")[0]


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
    assert text.count("10 of 25 assets shown here.") == 2
    assert "and 20 more" in text


def test_the_cut_keeps_what_matters_most(monkeypatch):
    monkeypatch.setattr(page, "ROWS", 3)
    rows = page.page_of(blocked()).rows
    assert {record.verdict for _, record in rows.shown} == {Verdict.BLOCKED}
    assert rows.left == len(blocked().assets) - 3


def test_five_thousand_assets_take_seconds():
    started = time.perf_counter()
    text = to_html(many(5000))
    # Measured: 0.5 s; the limit leaves room for a busy machine.
    assert time.perf_counter() - started < 5
    assert len(text) < 8_000_000


STYLE = (resources.files("scanner.report") / "templates" / "page.css").read_text("utf-8")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "quiet", "link", "blocked", "incomplete", "review", "pass"])
def test_texts_stand_out_from_their_ground(scheme, text):
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[scheme]))
    # WCAG 2.2, 1.4.3: 4.5 to 1.
    assert min(contrast(colours[text], colours[ground]) for ground in ("page", "sheet", "tint")) >= 4.5
