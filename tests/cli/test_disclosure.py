"""``scanner disclosure``: a page beside the report, in words that the policy which judged gave."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run, generated, make_delivery
from tests.cli.test_scan import digests
from tests.cli.warm import WarmCommand
from tests.report.scans import blocked, hostile
from tests.report.written import to_json

POLICY = 'name = "my-show"\nextends = "netflix-genai-2025"\napproved_tools = ["Adobe Firefly"]\n'


@pytest.fixture(scope="module")
def scanned(warm: WarmCommand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a delivery and its report by Netflix's policy, and one by the user's own."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    from tests.cli.conftest import clean_environment

    folder = tmp_path_factory.mktemp("disclosed")
    generated(make_delivery(folder) / "final" / "leak.png")
    (folder / "my-show.toml").write_text(POLICY)
    environment = clean_environment(folder / "home")
    for policy, output in (("netflix-genai-2025", "out"), (str(folder / "my-show.toml"), "own")):
        arguments = ["scan", "--quiet", "--policy", policy, "--output", str(folder / output), str(folder / "DRIVE_07")]
        assert warm.run(arguments, folder, environment, folder).returncode == 11
    return folder


@pytest.fixture
def report(scanned: Path, tmp_path: Path) -> str:
    shutil.copytree(scanned / "out", tmp_path / "out")
    return str(tmp_path / "out" / "scan.json")


def words(path: Path) -> str:
    return " ".join(re.sub("<[^>]*>", " ", path.read_text("utf-8").partition("<body")[2]).split())


def test_a_page_beside_the_report_that_is_never_overwritten(run: Run, report: str, scanned: Path) -> None:
    before = digests(scanned / "DRIVE_07")
    first, again = run("disclosure", report, "--production", "Salt Road"), run("disclosure", report)
    assert (first.returncode, first.stderr, again.returncode) == (0, "", 0)
    path = Path(report).with_name("genai-disclosure.html")
    assert first.stdout.splitlines() == [str(path), "1 to escalate, 0 with an approval on record, 1 to inform of"]
    assert {one.name for one in path.parent.glob("genai*")} == {"genai-disclosure.html", "genai-disclosure-2.html"}
    assert digests(scanned / "DRIVE_07") == before


def test_it_asks_the_principles_of_the_policy_that_judged(run: Run, report: str) -> None:
    run("disclosure", report, "--production", "Salt Road", "--title", "Ep 1 <&>")
    path = Path(report).with_name("genai-disclosure.html")
    said = words(path)
    assert "Production Salt Road" in said
    assert "Ep 1 &lt;&amp;&gt;" in said
    assert (
        "P4 Generated material is temporary and not part of the final deliverables. 1 asset to escalate, 1 asset to tell of"
        in said
    )
    assert "P5 Generative AI is not used to replace or generate talent performances" in said
    assert path.read_text("utf-8").count("data:image/jpeg;base64,") == 1, "what is to be escalated is shown"


def test_small_pictures_can_be_left_out(run: Run, report: str) -> None:
    run("disclosure", report, "--no-thumbnails")
    assert "data:image" not in Path(report).with_name("genai-disclosure.html").read_text("utf-8")


def test_your_own_policy_gives_its_texts_where_it_is_named(run: Run, scanned: Path, tmp_path: Path) -> None:
    report, policy = str(scanned / "own" / "scan.json"), tmp_path / "my-show.toml"
    without = run("disclosure", report, "--output", "-", "--quiet").stdout
    assert "(its text stands in the policy" in without
    policy.write_text(POLICY)
    done = run("disclosure", report, "--policy", str(policy), "--output", "-", "--quiet")
    assert "Tools do not store, reuse or train on production inputs or outputs." in done.stdout, done.stderr
    policy.write_text(POLICY.replace("Adobe Firefly", "Adobe Sensei"))
    changed = run("disclosure", report, "--policy", str(policy), "--output", "-")
    assert (changed.returncode, changed.stdout, len(changed.stderr.splitlines())) == (2, "", 1)
    assert "is not the policy that judged this scan" in changed.stderr


def test_a_scan_by_a_policy_without_principles_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.json").write_text(to_json(blocked()))
    done = run("disclosure", str(tmp_path / "scan.json"), "--no-thumbnails")
    assert done.returncode == 0
    assert "names no principles here: scan with --policy netflix-genai-2025" in done.stdout


def test_a_report_that_was_changed_is_told(run: Run, report: str) -> None:
    fields = json.loads(Path(report).read_text("utf-8"))
    fields["name"] = "OTHER"
    Path(report).write_text(json.dumps(fields))
    done = run("disclosure", report, "--no-thumbnails")
    assert done.returncode == 0
    assert "its seal does not hold" in done.stdout
    assert "its seal does not hold" in words(Path(report).with_name("genai-disclosure.html"))


def test_a_named_file_and_a_folder(run: Run, report: str, tmp_path: Path) -> None:
    named = tmp_path / "pages" / "ep1.html"
    assert run("disclosure", report, "--no-thumbnails", "--quiet", "--output", str(named)).returncode == 0
    assert named.is_file()
    assert run("disclosure", report, "--no-thumbnails", "--quiet", "--output", str(tmp_path / "pages")).returncode == 0
    assert (tmp_path / "pages" / "genai-disclosure.html").is_file()
    again = run("disclosure", report, "--no-thumbnails", "--output", str(named))
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)
    assert "is there already" in again.stderr


def test_nothing_is_written_into_the_delivery(run: Run, report: str, scanned: Path) -> None:
    before = digests(scanned / "DRIVE_07")
    done = run("disclosure", report, "--output", str(scanned / "DRIVE_07" / "final" / "page.html"))
    assert done.returncode == 2
    assert "nothing is written into the scanned folder" in done.stderr
    assert digests(scanned / "DRIVE_07") == before


def test_as_many_deliveries_as_roots_are_named(run: Run, report: str) -> None:
    done = run("disclosure", report, "--delivery", "a", "--delivery", "b")
    assert done.returncode == 2
    assert "the report is of 1 roots, 2 were named" in done.stderr


def test_a_report_by_another_hand_is_no_fault(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.json").write_bytes(to_json(hostile()).encode("utf-8", "backslashreplace"))
    done = run("disclosure", str(tmp_path / "scan.json"), "--output", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert [path.parent for path in tmp_path.rglob("genai-disclosure.html")] == [tmp_path / "out"]
