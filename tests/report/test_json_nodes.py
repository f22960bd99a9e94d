from __future__ import annotations

import pytest

from scanner.model.judging import Zone
from scanner.report.json_nodes import Node, WrongNodeError

NODE = Node(
    {
        "text": "a",
        "none": None,
        "count": 3,
        "flag": False,
        "zone": "final",
        "list": ["a", 1],
        "numbers": [-1, 2],
        "node": {"x": "y"},
    },
    "top",
)


def test_values_come_typed():
    assert NODE.text("text") == "a"
    assert NODE.optional_text("none") == ""
    assert (NODE.count("count"), NODE.optional_count("none"), NODE.flag("flag")) == (3, None, False)
    assert NODE.whole_numbers("numbers", 2) == (-1, 2)
    assert NODE.word("zone", Zone) is Zone.FINAL
    assert NODE.node("node").text("x") == "y"
    assert NODE.optional_node("none") is None


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: NODE.text("missing"), "top.missing is missing"),
        (lambda: NODE.text("count"), "top.count is not a text"),
        (lambda: NODE.count("flag"), "top.flag is no count"),
        (lambda: Node({"n": 1 << 70}).count("n"), "n is no count"),
        (lambda: NODE.flag("count"), "top.count is not true or false"),
        (lambda: NODE.word("text", Zone), "'a', a word that this version does not know"),
        (lambda: NODE.whole_numbers("numbers", 3), "top.numbers is no list of 3 whole numbers"),
        (lambda: NODE.whole_numbers("list", 2), "top.list is no list of 2 whole numbers"),
        (lambda: Node({"n": [True]}).whole_numbers("n", 1), "n is no list of 1 whole numbers"),
        (lambda: Node({"n": [1 << 70]}).whole_numbers("n", 1), "n is no list of 1 whole numbers"),
        (lambda: NODE.texts("list"), "top.list holds something that is no text"),
        (lambda: NODE.nodes("list", Node.path), r"top.list\[0\] is no object"),
        (lambda: NODE.node("node").text("z"), "top.node.z is missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(ask, says):
    with pytest.raises(WrongNodeError, match=says):
        ask()


@pytest.mark.parametrize("path", ["/etc/passwd", "..", "a/../../b", "../a"])
def test_no_path_leads_out(path):
    with pytest.raises(WrongNodeError, match="leads out"):
        Node({"path": path}).path_below()
    with pytest.raises(WrongNodeError, match="leads out"):
        Node({"paths": [path]}).paths_below("paths")


def test_names_with_dots_are_names():
    assert Node({"path": "a/...b/..c"}).path_below() == "a/...b/..c"


def test_an_escaped_path_is_had_back():
    assert Node({"paths": ["a\\b", {"path": "a\\\\b\\xff", "path_escaped": True}]}).paths("paths") == ("a\\b", "a\\b\udcff")
