from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scanner.model.judging import Route, Severity, Verdict, Zone
from scanner.report.markdown_report import MOST_ENTRIES, WHOLE_LIMIT
from scanner.report.markdown_text import code, plain
from tests.report.parts import HOSTILE, asset, finding
from tests.report.scans import ALL, blocked
from tests.report.written import to_markdown

cmarkgfm = pytest.importorskip("cmarkgfm")
ALLOWED = {
    *("h1", "h2", "p", "ul", "li", "strong", "code", "hr", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
TRICKS = [
    *("[a](http://x)", "![a](http://x)", "<b>x</b>", "<script>", "@everyone", "a@b.invalid", "#12", "GH#12", "| a | b |"),
    *("http://x.invalid", "HTTPS://x.invalid", "www.x.invalid", "mailto:a@b.invalid", "ftp://x", "`code`", "``", "**b**"),
    *("__b__", "~~s~~", "# head", "- item", "1. item", "12) x", "> quote", "---", "===", "&lt;b&gt;", "\\", "\\`", "$x$"),
    *("[a]: http://x", "[^1]", "<http://x>", "a\n\nb", "    code", "```\nx", "+ x", "* x", ":smile:", "![", "](", "`@x`"),
]


class Tags(HTMLParser):
    """Collects the tags, and the text outside code."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.outside = ""
        self._depth = 0

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self._depth += tag == "code"

    def handle_endtag(self, tag):
        self._depth -= tag == "code"

    def handle_data(self, data):
        self.outside += "" if self._depth else data


def rendered(text: str) -> Tags:
    tags = Tags()
    tags.feed(cmarkgfm.github_flavored_markdown_to_html(text, options=cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE))
    return tags


def test_the_renderer_does_what_githubs_does():
    assert {"a", "b", "img"} <= rendered("<b>www.x.org</b> ![](x) a@b.org").tags


@pytest.mark.parametrize("name", ALL)
def test_nothing_renders_but_what_the_report_itself_wants(name):
    seen = rendered(to_markdown(ALL[name]()))
    assert seen.tags <= ALLOWED
    assert "@" not in seen.outside
    assert "#" not in seen.outside


@pytest.mark.parametrize("text", [*TRICKS, HOSTILE])
def test_tricks_are_shown_as_they_are(text):
    bad = finding(text, text, next_step=text, who=text)
    made = asset(text, verdict=Verdict.BLOCKED, findings=(bad,))
    scan = replace(
        blocked(), name=text, notes=(text,), assets=(made,), findings=(bad,), confidentiality=text, roots=(f"/{text}",)
    )
    seen = rendered(to_markdown(scan))
    assert seen.tags <= ALLOWED
    assert "@" not in seen.outside
    assert not re.search(r"#\d", seen.outside)


@given(st.text(alphabet="`[]()<>!*_~|\\@#:/w.ahtp&;$-+=1 \n", max_size=30))
@example("a`@`b")
@example("`")
def test_a_text_in_a_list_stays_text(text):
    for written in (plain(text), code(text), f"x {plain(text)}"):
        seen = rendered(f"- {written}\n\nend")
        assert seen.tags <= {"ul", "li", "code", "p"}
        assert "@" not in seen.outside


@given(st.text(alphabet="ab`*_[]<>|~$&!\\.:/-+1", min_size=1, max_size=20))
def test_nothing_of_a_text_is_lost(text):
    whole = Everything()
    whole.feed(cmarkgfm.github_flavored_markdown_to_html(f"x {plain(text)}"))
    assert whole.text.strip() == f"x {text}".strip()


class Everything(HTMLParser):
    """Collects all text."""

    text = ""

    def handle_data(self, data):
        self.text += data


def test_what_else_asks_for_something_is_named():
    first = finding("ai-declared", "the file declares a generative AI edit", principle="P4", route=Route.ESCALATE)
    second = finding("ai-with-person", "its metadata names 1 person", Severity.MEDIUM, principle="P5", route=Route.ESCALATE)
    record = replace(asset("final/a.jpg", Zone.FINAL, Verdict.BLOCKED), findings=(first, second))
    text = to_markdown(replace(blocked(), assets=(record,)))
    assert "declares a generative AI edit. Also ai-with-person. Touches P4, P5: escalate. Next step, post producer:" in text


def test_long_lists_are_cut_and_say_so():
    bad = finding("ai-declared", "the file declares AI generation")
    many = tuple(asset(f"final/{n:04}.jpg", verdict=Verdict.BLOCKED, findings=(bad,)) for n in range(MOST_ENTRIES[0] + 1234))
    text = to_markdown(replace(blocked(), assets=many))
    assert f"## To fix ({len(many):,})" in text
    assert "- and 1,234 more" in text
    assert len(text) < 65_536


def test_a_ticket_holds_the_longest_report():
    long = "[x" * 3000
    bad = finding("ai-declared", long, next_step=long, who=long)
    worst = [Verdict.BLOCKED, Verdict.REVIEW, Verdict.INCOMPLETE]
    many = tuple(asset(f"{long}{n}", verdict=worst[n % 3], findings=(bad,)) for n in range(300))
    scan = replace(blocked(), assets=many, notes=(long,) * 300, roots=(long,) * 300, confidentiality=long)
    text = to_markdown(scan)
    assert len(text) <= WHOLE_LIMIT
    assert "## To review (100)" in text
