"""Injection through names, tags, C2PA text, policy and approvals: no report lets a text be more than text.

What a report is made of (elements, keys, cells) must be the same whether a text is hostile or plain.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scanner.model.approvals import AppliedApproval, Approval, ApprovalLogStamp, ApprovalState, Category, ContentKind
from scanner.model.assets import SpecialEntry
from scanner.model.credentials import (
    Action,
    Assertion,
    Credentials,
    Ingredient,
    Manifest,
    ManifestStore,
    Signer,
    TrustList,
    ValidationCode,
)
from scanner.model.generation import GenerationNote
from scanner.model.judging import DeclaredRule, RuleCard, Severity, Verdict, Zone, ZoneChoice
from scanner.model.matching import NearCopy, Relation, Rights, Role
from scanner.model.people import People
from scanner.model.readings import ReadingSummary
from scanner.model.scan import LibraryStamp, PolicyStamp, Scan, ToolVersions
from scanner.report.formats import FORMATS
from scanner.report.withholding import withhold
from tests.cli.conftest import environment, run  # noqa: F401 - the same fixtures
from tests.hostile.carriers import carry
from tests.report.parts import HOSTILE, asset, finding, mark, match
from tests.report.scans import blocked
from tests.report.written import render

PLAIN = "plain"
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title></textarea><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "<!--",
    "]]><x>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>&e;",
    "&lt;b&gt;&amp;&#60;",
    '=HYPERLINK("http://x.invalid","y")',
    "+1+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "a;=1+1",
    "\t=1+1",
    "＝1+1",
    'a","=1+1',
    "a\r\nb,=1+1",
    "[click](http://x.invalid)",
    "![x](http://x.invalid)",
    "\\[a\\](1)",
    "{0} {{1}}",
    "@everyone #1 a@b.invalid www.x.invalid http://x.invalid",
    "| a | b |\n|---|---|",
    "`` ` ```",
    "# head\n\n---\n1. a",
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "\u202egnp.exe\u202c",
    "a\u2028b\u2029c\x85d",
    "\x00\x01\x08\x0b\x0c\x1f\x7f",
    "\ufffe\uffff\ufeff\u200b\u00ad",
    "\udcff\ud800",
    "{{ 7 * 7 }}{% raw %}",
    '{"record":"end"}',
    HOSTILE,
]
ALLOWED_IN_MARKDOWN = {
    *("h1", "h2", "p", "ul", "li", "strong", "code", "hr", "blockquote", "table", "thead", "tbody", "tr", "th", "td")
}


def poisoned(text: str) -> Scan:
    """A scan with `text` wherever the world outside can put one."""
    permission = Approval(
        *("5e1f", text, ContentKind.FILE, text, text, text, Category.ETHICS, text),
        *(text, text, text, text, text, text),
    )
    bad = finding(text, text, next_step=text, who=text, id=text, principle=text)
    allowed = replace(bad, id=f"x{text}", allowed_by="5e1f")
    lost = replace(bad, id=f"y{text}", coverage=True)
    action = Action(text, text, text, text, ((text, text),), (text,), text, (text,))
    manifest = Manifest(
        *("m", text, text, Signer(text, text, text), (action,), (Ingredient(text, text, text, text, text, text),)),
        (Assertion(text, ((text, text),)), Assertion("c2pa.soft-binding", (("alg", text),))),
    )
    store = ManifestStore(
        "m", (manifest,), (ValidationCode(text, text, "failure"),), origin=text, trusted_by=(TrustList(text, text, text),)
    )
    one = asset(
        f"a/{text}",
        verdict=Verdict.BLOCKED,
        credentials=Credentials.TRUSTED,
        credential_problems=(text,),
        readings=(ReadingSummary(text, "failed", text), ReadingSummary("exiftool", "not-tried", text)),
        marks=(mark(generator=text, where=text, value=text, regions=(text,), frames=text, reader=text, value_is_public=True),),
        matches=(match(Role.AI, Relation.SIMILAR, text, 3, Rights(text, text, text, True)),),
        near_copies=(NearCopy(0, text, Zone.TEMPORARY, blocked().assets[0].provenance, 3),),
        findings=(bad, allowed, lost),
        manifests=store,
        remote_url=text,
        camera=text,
        picture_note=text,
        generation=GenerationNote(text, text, text, text, text, text),
        people=People((text,), 1),
        approvals=(AppliedApproval(permission, ApprovalState.CARRIED_OVER, text),),
    )
    one = replace(one, zone=ZoneChoice(Zone.FINAL, text))
    frames = replace(
        one, path=f"b/{text}", kind="sequence", members=(f"b/{text}",), sidecars=(f"b/{text}.xmp",), missing_frames=text
    )
    return replace(
        blocked(),
        name=text,
        roots=(f"/{text}",),
        assets=(one, frames),
        versions=ToolVersions(text, (("tool", text),)),
        policy=PolicyStamp(text, text, text, text),
        library=LibraryStamp(text, text, 3),
        trust_lists=(TrustList(text, text, text),),
        findings=(bad, replace(allowed, id=f"z{text}")),
        specials=((0, SpecialEntry(text, text)),),
        unreadable_folders=((0, text, text),),
        litter=((0, text),),
        notes=(text,),
        options=((text, text),),
        confidentiality=text,
        approval_log=ApprovalLogStamp(text, text, 1),
        rules=(DeclaredRule(RuleCard("r", text, text, text, text, text, source=text), Severity.HIGH),),
        coverage=replace(blocked().coverage, by_format=((text, 1),), not_compared=((text, 1),), readings_lost=((text, 1),)),
    )


class _Structure(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag != "wbr":  # offered to the browser behind each slash of a path
            self.seen.append((tag, tuple(name for name, _ in attrs)))
        for name, value in attrs:
            assert not (
                name in ("href", "src", "action") and re.match(r"\s*(?:javascript|data:text|http)", value or "", re.IGNORECASE)
            )


COUNTS = ("by_format", "not_compared", "readings_lost")
"""Objects whose keys are texts."""


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: len(inner) if key in COUNTS else _shape(inner) for key, inner in value.items()}
    return [_shape(each) for each in value] if isinstance(value, list) else type(value).__name__


def structure(report: str, name: str) -> object:
    """What a report is made of, its texts left out."""
    match name:
        case "json":
            return _unescaped(_shape(json.loads(report)))
        case "sarif":
            return _shape(json.loads(report))
        case "ndjson":
            assert report.isascii()
            return [_unescaped(_shape(json.loads(line))) for line in report.splitlines()]
        case "csv":
            rows = list(csv.reader(io.StringIO(report.removeprefix("\ufeff"), newline=""), strict=True))
            assert not [each for row in rows for each in row if re.match(r"[\s\"]*[=+\-@＝\t\r]", each)]
            assert not [each for row in rows for each in row if re.search(r"[;\t]\s*\"?[=+\-@＝]", each)]
            return [(row[0], len(row)) for row in rows]
        case "junit":
            return [(element.tag, sorted(element.attrib)) for element in ElementTree.fromstring(report).iter()]
        case "html":
            return _Structure(report).seen
        case "markdown":
            return [(line[:2], line.count("|") if line.startswith("|") else 0) for line in report.splitlines()]
    raise AssertionError(name)


def _unescaped(shape: object) -> object:
    """A path that is no UTF-8 is an object with a flag where another is a text: both name one path."""
    if isinstance(shape, dict):
        if shape.keys() == {"path", "path_escaped"}:
            return "str"
        return {key: _unescaped(inner) for key, inner in shape.items() if key != "path_escaped"}
    return [_unescaped(each) for each in shape] if isinstance(shape, list) else shape


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_hostile_text_changes_nothing_of_what_a_report_is_made_of(name, payload):
    report = render(poisoned(payload), name)
    assert structure(report, name) == structure(render(poisoned(PLAIN), name), name)
    steering = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
    assert name == "json" or not re.search(steering, report)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_nor_does_it_where_prompts_are_withheld(name, payload):
    assert structure(render(withhold(poisoned(payload)), name), name) == structure(render(withhold(poisoned(PLAIN)), name), name)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_markdown_renders_no_link_picture_element_or_mention(payload):
    cmarkgfm = pytest.importorskip("cmarkgfm")
    options = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE
    html = cmarkgfm.github_flavored_markdown_to_html(render(poisoned(payload), "markdown"), options=options)
    assert {tag for tag, _ in _Structure(html).seen} <= ALLOWED_IN_MARKDOWN
    assert "@" not in re.sub(r"<code>.*?</code>", "", html)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_sarif_holds_no_link_placeholder_or_markdown(payload):
    report = render(poisoned(payload), "sarif")
    assert '"markdown"' not in report
    log = json.loads(report)["runs"][0]
    told = [result["message"]["text"] for result in log["results"]]
    told += [one["message"]["text"] for one in log["invocations"][0]["toolExecutionNotifications"]]
    told += [log["tool"]["driver"]["rules"][0][key]["text"] for key in ("shortDescription", "fullDescription", "help")]
    for text in told:
        assert not re.search(r"(?<!\\)(?:\\\\)*\](?=\()", text)
        assert not re.search(r"(?<!\{)(?:\{\{)*\{\d+\}(?!\})", text)
    for artifact in log["artifacts"]:
        assert re.fullmatch(r"[\w.~/%-]+", artifact["location"]["uri"], re.ASCII)


POLICY = (Path(__file__).parents[2] / "scanner" / "judge" / "policies" / "default.toml").read_text("utf-8")
NAMES = [payload for payload in PAYLOADS if not re.search("[/\x00\ud800-\udb7f]", payload)]


def policy_saying(text: str) -> str:
    quoted = json.dumps(text)
    head, table, rest = POLICY.partition("\n[")
    return re.sub(r"(?m)^(name|document|note) = .*$", lambda hit: f"{hit[1]} = {quoted}", head) + table + rest


def test_hostile_files_names_and_policy_through_the_whole_program(run, tmp_path):  # noqa: F811
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    root = tmp_path / "DRIVE"
    text = "<script>alert(1)</script> [x](http://x.invalid) @everyone =1+1 ]]> \u202e {0}"
    carry(root, text)
    source = (root / "final" / "a1111.png").read_bytes()
    for name in NAMES:
        path = root / "final" / f"{name}.png"
        try:
            path.write_bytes(source)
        except OSError:  # the file system refuses the name
            continue
    policy = tmp_path / "p.toml"
    policy.write_text(policy_saying(text), "utf-8")
    out = tmp_path / "out"
    refused = run("scan", str(root), "--no-library", "--policy", str(policy), "--output", str(out))
    assert refused.returncode == 2
    assert "holds characters that cannot be shown" in refused.stderr
    policy.write_text(policy_saying(text.replace("\u202e", "")), "utf-8")
    options = [part for name in FORMATS for part in ("--format", name)]
    done = run(
        *("scan", str(root), "--no-library", "--include-prompts", "--policy", str(policy), "--output", str(out)),
        *("--confidentiality", "<b>=1+1</b> [x](y)", *options),
    )
    assert done.returncode == 11, done.stderr
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", done.stdout + done.stderr)
    for name, one in FORMATS.items():
        report = (out / one.file_name).read_bytes().decode("utf-8")
        made = structure(report, name)
        assert made
        if name == "html":
            tags = {tag for tag, _ in made}
            assert not tags & {"iframe", "object", "embed", "form", "base", "link", "svg"}
            assert not [attribute for _, attributes in made for attribute in attributes if attribute.startswith("on")]
            assert "<script>alert" not in report
    log = json.loads((out / "scan.sarif").read_text("utf-8"))["runs"][0]
    assert len(log["artifacts"]) > len(NAMES)
