"""Parts of a delivery, scanned apart and put together: the report of one scan."""

from __future__ import annotations

import base64
import json
import os
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from scanner.report.seal import seal_of
from tests.conftest import installed_exiftools

pytestmark = pytest.mark.skipif(not installed_exiftools(), reason="no ExifTool is installed")
PARAMETERS = "a harbour\nNegative prompt: text\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 41, Size: 64x64"
PLAIN = ("--no-config", "--no-store", "--no-library", "--no-approvals", "--no-trust", "--quiet", "--format", "json")


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """A delivery with copies and near copies in different folders, a sequence, one that is none, sidecars and broken files."""
    root = tmp_path_factory.mktemp("merge") / "DRIVE"
    for folder in ("archive/seq", "archive/cam", "final", "temp"):
        (root / folder).mkdir(parents=True)
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    picture = Image.effect_noise((96, 64), 60).convert("RGB")
    picture.save(root / "temp" / "made.png", pnginfo=text)
    picture.save(root / "final" / "stripped.png")
    shutil.copy(root / "final" / "stripped.png", root / "archive" / "copy.png")
    for number in range(12):
        Image.effect_noise((40, 30), number + 20).convert("RGB").save(root / "archive" / "seq" / f"a.{1001 + number}.png")
        Image.new("RGB", (40 + number % 2, 30), (number * 20, 90, 30)).save(root / "archive" / "cam" / f"IMG_{number:04}.jpg")
    (root / "temp" / "made.png.xmp").write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    (root / "final" / "broken\n.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    (root / "final" / os.fsdecode(b"odd\xff.txt")).write_text("notes")
    return root


@pytest.fixture(scope="module")
def run(warm, tmp_path_factory) -> Callable[..., str]:
    """Run the command, check its exit code, and return what it says on standard error."""
    place = tmp_path_factory.mktemp("run")

    def call(*arguments: str | Path, code: int | None = None) -> str:
        done = warm.run([str(one) for one in arguments], place, dict(os.environ), place)
        assert done.returncode == code if code is not None else done.returncode in (0, 4, 10, 11), done.stderr
        return str(done.stderr)

    return call


@pytest.fixture(scope="module")
def parts(tree, run, tmp_path_factory) -> list[Path]:
    """Reports of three parts."""
    folder = tmp_path_factory.mktemp("parts")
    for index in (1, 2, 3):
        run("scan", tree, *PLAIN, "--shard", f"{index}/3", "--output", folder / str(index))
    return [folder / str(index) / "scan.json" for index in (1, 2, 3)]


def report(folder: Path) -> dict:
    loaded: dict = json.loads((folder / "scan.json").read_text("utf-8"))
    return loaded


def without_clock(told: dict) -> dict:
    return {key: value for key, value in told.items() if key not in ("started", "finished", "seal")}


def test_the_report_of_all_parts_is_that_of_one_scan(tree, run, parts, tmp_path):
    run("scan", tree, *PLAIN, "--output", tmp_path / "one")
    run("merge", *reversed(parts), *PLAIN, "--output", tmp_path / "all")
    one, merged = report(tmp_path / "one"), report(tmp_path / "all")
    assert without_clock(merged) == without_clock(one)
    # A rule across files speaks, that no part could have known of.
    assert any(asset["near_copies"] or asset.get("matches") for asset in merged["assets"])


def test_parts_hold_each_file_once_and_say_what_they_are(tree, parts):
    told = [json.loads(path.read_text("utf-8")) for path in parts]
    files = [(one["path"]) for part in told for one in part["inventory"]]
    assert len(files) == len(set(files)) == sum(len(names) for _, _, names in os.walk(tree))
    assert [(part["shard"]["index"], part["shard"]["count"]) for part in told] == [(1, 3), (2, 3), (3, 3)]
    assert all(any("part" in note and "scanner merge" in note for note in part["notes"]) for part in told)


def test_parts_that_recall_what_a_store_keeps_merge_alike(tree, run, tmp_path):
    root = tmp_path / "DRIVE"
    shutil.copytree(tree, root)
    for folder, _, names in os.walk(root):
        for name in names:
            os.utime(os.path.join(folder, name), (1_500_000_000, 1_500_000_000))
    plain = tuple(one for one in PLAIN if one != "--no-store")
    reports = [tmp_path / str(index) / "scan.json" for index in (1, 2)]
    told = set()
    for _ in range(2):
        for index, report_path in enumerate(reports, 1):
            part = ("--shard", f"{index}/2", "--store", tmp_path / "st.sqlite")
            run("scan", root, *plain, *part, "--output", report_path.parent)
        run("merge", *reports, *plain, "--output", tmp_path / "all")
        told.add(json.dumps(without_clock(report(tmp_path / "all"))))
    assert len(told) == 1
    run("scan", root, *plain, "--no-store", "--output", tmp_path / "one")
    assert json.loads(told.pop()) == without_clock(report(tmp_path / "one"))


def test_a_missing_part_makes_the_report_incomplete(run, parts, tmp_path):
    run("merge", parts[0], parts[2], *PLAIN, "--output", tmp_path / "m", "--fail-on", "never", code=4)
    told = report(tmp_path / "m")
    assert not told["complete"]
    assert "the report of part 2 of 3 is missing" in json.dumps(told["findings"])


def test_a_part_named_twice_is_told(run, parts):
    assert "both are part 1 of 3" in run("merge", parts[0], parts[0], parts[1], *PLAIN, code=2)


def test_parts_of_other_divisions_trees_and_settings_are_told(tree, run, parts, tmp_path):
    run("scan", tree, *PLAIN, "--shard", "2/2", "--output", tmp_path / "half")
    assert "one is a part of 3, the other of 2" in run("merge", parts[0], tmp_path / "half" / "scan.json", *PLAIN, code=2)
    run("scan", tree, *PLAIN, "--shard", "2/3", "--no-fingerprints", "--output", tmp_path / "plain")
    assert "fingerprints True and False" in run("merge", parts[0], tmp_path / "plain" / "scan.json", *PLAIN, code=2)
    assert "fingerprints True and False" in run("merge", *parts, *PLAIN, "--no-fingerprints", code=2)
    other = tmp_path / "DRIVE"
    shutil.copytree(tree, other)
    (other / "new.txt").write_text("new")
    run("scan", other, *PLAIN, "--shard", "2/3", "--output", tmp_path / "other")
    assert "not of one tree" in run("merge", parts[0], tmp_path / "other" / "scan.json", *PLAIN, code=2)


def test_a_tree_out_of_reach_or_changed_is_told(tree, run, tmp_path):
    moved = tmp_path / "DRIVE"
    shutil.copytree(tree, moved)
    run("scan", moved, *PLAIN, "--shard", "1/1", "--output", tmp_path / "part")
    (moved / "temp" / "late.txt").write_text("late")
    run("merge", tmp_path / "part" / "scan.json", *PLAIN, "--output", tmp_path / "changed", "--fail-on", "never", code=4)
    assert "files came, went or changed since" in json.dumps(report(tmp_path / "changed")["findings"])
    shutil.rmtree(moved)
    run("merge", tmp_path / "part" / "scan.json", *PLAIN, "--output", tmp_path / "away", "--fail-on", "never", code=4)
    away = report(tmp_path / "away")
    assert "the tree is not at hand" in json.dumps(away["findings"])
    assert {"final/stripped.png", "temp/made.png"} <= {asset["path"] for asset in away["assets"]}
    assert next(asset for asset in away["assets"] if asset["path"] == "temp/made.png")["provenance"] == "generated"


def test_what_is_no_report_of_a_part_is_told(tree, run, parts, tmp_path):
    run("scan", tree / "temp", *PLAIN, "--output", tmp_path / "whole")
    assert "is the report of no part" in run("merge", tmp_path / "whole" / "scan.json", *PLAIN, code=2)
    (tmp_path / "text.json").write_text("no report")
    assert "text.json" in run("merge", tmp_path / "text.json", *PLAIN, code=2)
    assert "none.json" in run("merge", tmp_path / "none.json", *PLAIN, code=2)
    edited = json.loads(parts[0].read_text("utf-8"))
    edited["shard"]["index"] = 2
    (tmp_path / "edited.json").write_text(json.dumps(edited))
    assert "its seal does not hold" in run("merge", tmp_path / "edited.json", *PLAIN, code=2)


@pytest.mark.parametrize("block", [b"none", zlib.compress(b"cos\nsystem\n(S'true'\ntR."), zlib.compress(b"\x80\x05K\x01.")])
def test_hostile_readings_build_nothing(block, run, parts, tmp_path):
    """Somebody may make a report with a seal that holds; what it carries still builds no other object and reads no other file."""
    made = json.loads(parts[0].read_text("utf-8"))
    made["shard"]["readings"].append(base64.b64encode(block).decode())
    made["seal"] = seal_of(made)
    (tmp_path / "made.json").write_text(json.dumps(made))
    assert "what it carries of its part cannot be read" in run("merge", tmp_path / "made.json", *PLAIN, code=2)


def test_only_listed_files_are_read(tree, run, tmp_path):
    names = tmp_path / "names"
    names.write_bytes(b"final/stripped.png\0temp/made.png\0temp/made.png.xmp\0final/broken\n.jpg\0")
    run("scan", tree, *PLAIN, "--files-from", names, "--null", "--output", tmp_path / "listed")
    told = report(tmp_path / "listed")
    assert [asset["path"] for asset in told["assets"]] == ["final/broken\n.jpg", "final/stripped.png", "temp/made.png"]
    assert told["coverage"]["files"] == 4
    assert any("only 4 listed files" in note for note in told["notes"])
    for index in (1, 2):
        run("scan", tree, *PLAIN, "--files-from", names, "-0", "--shard", f"{index}/2", "--output", tmp_path / str(index))
    run("merge", tmp_path / "1" / "scan.json", tmp_path / "2" / "scan.json", *PLAIN, "--output", tmp_path / "merged")
    assert without_clock(report(tmp_path / "merged")) == without_clock(told)


def test_a_listed_file_that_is_missing_makes_the_scan_incomplete(tree, run, tmp_path):
    names = tmp_path / "names"
    names.write_text("temp/gone.jpg\ntemp/gone.txt\n")
    run("scan", tree, *PLAIN, "--files-from", names, "--output", tmp_path / "listed", code=4)
    told = report(tmp_path / "listed")
    assert [asset["path"] for asset in told["assets"]] == ["temp/gone.jpg", "temp/gone.txt"]
    assert "is listed, but not there" in json.dumps(told["assets"])
    (finding,) = [one for one in told["findings"] if one["rule"] == "folder-unreadable"]
    assert finding["message"] == "the delivery is not whole in this report: 2 of 2 listed files could not be read"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--shard", "0/3"), "Write I/N"),
        (("--shard", "4/3"), "Write I/N"),
        (("--shard", "x"), "Write I/N"),
        (("--shard", "1/2", "--learn"), "not learnt"),
        (("--shard", "1/2", "--format", "csv"), "scan.json"),
        (("--null",), "--files-from"),
        (("--files-from", "/none/list"), "/none/list"),
        (("--engine", "ray"), "no engine"),
        (("--map-path", "/a=/b"), "other hosts only"),
        (("--engine", "dask:farm:8786", "--map-path", "/a"), "HERE=THERE"),
        (("--io-limit", "0"), "--io-limit"),
    ],
)
def test_wrong_usage_is_one_line(options, told, tree, run):
    plain = ("--no-config", "--no-approvals", "--quiet")
    said = run("scan", tree, *plain, *options, code=2)
    assert told in said
    assert "Traceback" not in said


def test_merge_takes_no_part_options(run, parts):
    for options in (("--shard", "1/3"), ("--files-from", "x")):
        assert "merge takes the parts as they were scanned" in run("merge", *parts, *PLAIN, *options, code=2)
