from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

import scanner
from scanner.engine.session import now
from scanner.model.errors import UsageError
from scanner.model.judging import Verdict, Zone

PARAMETERS = "a harbour\nNegative prompt: text\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 41, Size: 64x64"


def test_the_python_interface_scans_with_workers(tmp_path: Path) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    Image.effect_noise((64, 64), 60).convert("RGB").save(tmp_path / "a.png")

    scan = scanner.scan(tmp_path, zones=["final"], workers=1)

    assert [(asset.path, asset.zone.zone) for asset in scan.assets] == [("a.png", Zone.FINAL)]


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """A final folder with a generated picture."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    root = tmp_path / "DRIVE" / "final"
    root.mkdir(parents=True)
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    Image.effect_noise((64, 64), 60).convert("RGB").save(root / "leak.png", pnginfo=text)
    return root.parent


def test_scan_reports_and_exit_code(drive: Path, tmp_path: Path) -> None:
    phases = set()
    scan = scanner.scan(drive, policy="default", workers=1, progress=lambda phase, done, total: phases.add(phase))

    written = scanner.write_reports(scan, tmp_path / "qc", ["json"])

    assert written == (str(tmp_path / "qc" / "scan.json"),)
    assert json.loads(Path(written[0]).read_text("utf-8"))["verdict"] == "blocked"
    assert (scanner.exit_code(scan), scanner.exit_code(scan, fail_on="never")) == (11, 0)
    assert {"walking", "reading"} <= phases


def test_only_named_collections_are_compared_with(drive: Path, tmp_path: Path) -> None:
    library = tmp_path / "l.sqlite"
    scanner.scan(drive, zones=["temporary"], library=library, collections=["EP1"], learn=True, workers=1)

    found = scanner.scan(drive, library=library, collections=["EP1"], workers=1)

    assert found.library is not None
    assert (found.library.references, len(found.assets[0].matches)) == (1, 1)
    with pytest.raises(UsageError, match="no such collection"):
        scanner.scan(drive, library=library, collections=["EP2"], workers=1)
    with pytest.raises(UsageError, match="takes a list"):
        scanner.scan(drive, library=library, collections="EP1", workers=1)


def test_a_policy_is_a_name_or_a_file(drive: Path, tmp_path: Path) -> None:
    shipped = (resources.files("scanner.judge") / "policies" / "default.toml").read_text("utf-8")
    house = tmp_path / "house.toml"
    house.write_text(shipped.replace('name = "default"', 'name = "house"', 1), "utf-8")

    assert scanner.scan(drive, policy=house, fingerprints=False, workers=1).policy.name == "house"
    with pytest.raises(scanner.ScannerError):
        scanner.scan(drive, policy="no-such-policy", workers=1)


def test_reports_are_refused_inside_the_scanned_tree_and_in_unknown_formats(drive: Path, tmp_path: Path) -> None:
    scan = scanner.scan(drive, fingerprints=False, workers=1)

    for folder, formats in ((drive / "qc", ["json"]), (tmp_path / "qc", ["pdf"]), (tmp_path / "qc", "json")):
        with pytest.raises(UsageError):
            scanner.write_reports(scan, folder, formats)
    assert not (drive / "qc").exists()
    assert not (tmp_path / "qc").exists()


def test_nothing_comes_from_the_environment_or_a_configuration_file(
    drive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scanner.toml").write_text("[zones]\n'**' = 'temporary'", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCANNER_ZONE", "temporary")
    monkeypatch.setenv("SCANNER_EXIFTOOL", "no-such-exiftool")

    assert scanner.scan(drive, fingerprints=False, workers=1).verdict is Verdict.BLOCKED


def test_wrong_arguments_raise(tmp_path: Path) -> None:
    for wrong in ({"zones": "final"}, {"zones": ["finel"]}, {"trust": "t.toml", "kept_trust_lists": True}, {"learn": True}):
        with pytest.raises(UsageError):
            scanner.scan(tmp_path, **wrong)


def test_importing_the_package_is_cheap() -> None:
    program = "import sys, scanner; assert 'numpy' not in sys.modules and 'scanner.engine' not in sys.modules; scanner.exit_code"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])
    with pytest.raises(AttributeError):
        _ = scanner.no_such_name


def test_no_path_is_wrong_usage() -> None:
    with pytest.raises(UsageError):
        scanner.scan()


def test_the_clock_can_be_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert now() == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize("text", ["soon", "1e9", "9" * 30])
def test_a_wrong_clock_is_wrong_usage(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    with pytest.raises(UsageError):
        now()
