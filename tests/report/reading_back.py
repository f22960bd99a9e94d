"""Reads reports back as their readers do, so that tests see what is said and not how it is escaped."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from scanner.report.cells import restored


def rows_of(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV report."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def texts_in(report: str, name: str) -> str:
    """Return all that a report says, as one text."""
    match name:
        case "json":
            return "\n".join(["\n".join(strings(json.loads(report))), report])
        case "sarif":
            return "\n".join(_unescaped(each) for each in strings(json.loads(report)))
        case "ndjson":
            return "\n".join(["\n".join(strings([json.loads(line) for line in report.splitlines()])), report])
        case "csv":
            return "\n".join(
                restored(cell).replace(": ", "\n", 1) + "\n" + restored(cell) for row in rows_of(report) for cell in row.values()
            )
        case "junit":
            return "\n".join(_xml_texts(report))
        case "markdown":
            return markdown_text(report)
        case "html":
            return html.unescape(re.sub(r"<(?!wbr)[^>]*>", "\n", report).replace("<wbr>", ""))
    raise AssertionError(name)


def paths_in(report: str, name: str) -> set[str]:
    """Return the paths that a report names as assets'."""
    match name:
        case "json":
            return {asset["path"] for asset in json.loads(report)["assets"]}
        case "ndjson":
            records = [json.loads(line) for line in report.splitlines()]
            return {record["path"] for record in records if record["record"] == "asset"}
        case "csv":
            return {restored(row["path"]) for row in rows_of(report) if row["record"] == "asset"}
        case "junit":
            return {case.get("name", "") for case in ElementTree.fromstring(report).iter("testcase")}
        case "sarif":
            artifacts = json.loads(report)["runs"][0]["artifacts"]
            return {re.sub(r", sequence of .*", "", each["description"]["text"]) for each in artifacts}
        case "html":
            return set(re.findall(r"[^\n]+", texts_in(report, name)))
    raise AssertionError(name)


def strings(value: object) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (key, *strings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def markdown_text(text: str) -> str:
    """Return Markdown without the escapes of this project's writer."""
    return re.sub(r"\\([^\w\s])", r"\1", re.sub(r"`+( ?)(.*?)\1`+", r"\2", text))


def _xml_texts(report: str) -> Iterator[str]:
    for element in ElementTree.fromstring(report).iter():
        yield from element.attrib.values()
        yield from (element.text or "").splitlines()
        yield element.text or ""


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\[\]])", r"\1", text).replace("{{", "{").replace("}}", "}")
