"""``docs/words.md``: the words of the reports and the exit codes."""

from __future__ import annotations

from itertools import groupby

from scanner.judge.explaining import explanations
from scripts.doc_pages.markdown import NOTICE, table

_INTRODUCTION = """# The words of the reports

{notice}

`scanner explain WORD` says the same. Rules have [a page of their own](rules.md), marks [another](marks.md), formats
[a third](formats.md).
"""
_TITLES = {
    "principle": "Principles of the shipped policies",
    "verdict": "Verdicts: what becomes of an asset or a delivery",
    "zone": "Zones: what a folder is for",
    "severity": "Severities: how much a finding weighs in its zone",
    "confidence": "Confidences: how sure a mark is",
    "provenance": "Provenance: an asset's class",
    "credentials": "Credentials: the state of a C2PA manifest",
    "role": "Roles of references",
    "relation": "Relations of an asset and a reference",
    "sealed": "Sealed: an asset and the hashes that were sealed of it",
    "exit code": "Exit codes",
}
_AFTER_EXIT_CODES = """The highest concern wins: 11, then 4, then 10, then 0. The format of the report never changes the code.
`--fail-on blocked` turns 10 into 0, `--fail-on never` 11 as well; 4 becomes 0 only with `--allow-incomplete`. Reports name both.
"""


def words_page() -> str:
    """Return the page of all words that are no rule, mark or format."""
    parts = [_INTRODUCTION.format(notice=NOTICE.format(source="`scanner/judge/explaining.py`"))]
    words = [one for one in explanations() if one.kind != "rule"]
    for kind, members in groupby(words, key=lambda one: one.kind):
        rows = [(f"`{one.id}`", one.title, one.text) for one in members]
        parts.append(f"## {_TITLES.get(kind, kind.capitalize())}\n\n{table((kind, 'in short', 'what it says'), rows)}")
        if kind == "exit code":
            parts.append(_AFTER_EXIT_CODES)
    return "\n".join(parts)
