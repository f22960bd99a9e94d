from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.cli.conftest import Run, clean_environment, generated, make_delivery, noise
from tests.cli.test_scan import digests
from tests.cli.warm import WarmCommand


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A folder with a key pair, and the private key encrypted too."""
    folder = tmp_path / "keys"
    folder.mkdir()
    key = Ed25519PrivateKey.generate()
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "locked.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pass word"))
    )
    (folder / "pub.pem").write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (folder / "password").write_text("pass word\n")
    return folder


@pytest.fixture(scope="module")
def scanned(warm: WarmCommand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a delivery, the reports of its scan, and a second copy of the delivery."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    folder = tmp_path_factory.mktemp("scanned")
    delivery = make_delivery(folder)
    (delivery / "final" / "still.xmp").write_text("<x/>")
    (delivery / "notes.txt").write_text("words")
    shutil.copytree(delivery, folder / "copy")
    arguments = ["scan", "--quiet", "--output", str(folder / "out"), str(delivery)]
    assert warm.run(arguments, folder, clean_environment(folder / "home"), folder).returncode == 0
    return folder


@pytest.fixture
def delivery(scanned: Path) -> Path:
    """The delivery as it was scanned, where it was scanned, whatever another test did to it."""
    delivery = scanned / "DRIVE_07"
    shutil.rmtree(delivery)
    shutil.copytree(scanned / "copy", delivery)
    return delivery


@pytest.fixture
def report(scanned: Path, delivery: Path, tmp_path: Path) -> str:
    """A scan's report of the delivery, one's own."""
    shutil.copytree(scanned / "out", tmp_path / "out")
    return str(tmp_path / "out" / "scan.json")


def test_every_file_is_in_the_inventory_once_with_its_hash(report: str, delivery: Path) -> None:
    listed = {one["path"]: one for one in json.loads(Path(report).read_text())["inventory"]}

    there = {os.fsdecode(path.removeprefix(os.fsencode(delivery) + b"/")): digest for path, digest in digests(delivery).items()}
    assert {path: one["sha256"] for path, one in listed.items()} == there


@pytest.mark.parametrize("depth", [[], ["--stat"], ["--hash"], ["--report-only"]], ids=str)
def test_what_nobody_touched_is_the_same(run: Run, report: str, delivery: Path, depth: list[str]) -> None:
    before = {path: path.stat() for path in delivery.rglob("*")}

    done = run("verify", report, *depth)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("SAME")
    assert {path: path.stat().st_mtime_ns for path in delivery.rglob("*")} == {p: s.st_mtime_ns for p, s in before.items()}


def test_a_changed_delivery_differs(run: Run, report: str, delivery: Path) -> None:
    generated(delivery / "final" / "leak.png")
    noise(9).save(delivery / "final" / "still.png")

    done = run("verify", report)

    assert done.returncode == 10
    assert "ADDED      final/leak.png" in done.stdout
    assert "CHANGED    final/still.png" in done.stdout


def test_the_answer_as_json_for_a_gate(run: Run, report: str, delivery: Path) -> None:
    (delivery / "notes.txt").unlink()

    done = run("verify", report, str(delivery), "--format", "json")
    answer = json.loads(done.stdout)

    assert (done.returncode, answer["exit_code"], answer["result"]) == (10, 10, "differs")
    assert answer["delivery"]["differences"] == [{"change": "gone", "root": 0, "path": "notes.txt", "was": None, "why": ""}]
    quiet = run("verify", report, "--quiet")
    assert (quiet.returncode, quiet.stdout) == (10, "")


def test_a_copy_elsewhere_is_the_same(run: Run, report: str, delivery: Path, tmp_path: Path) -> None:
    moved = tmp_path / "mounted elsewhere"
    moved.mkdir()
    for path in sorted(delivery.rglob("*")):
        target = moved / path.relative_to(delivery)
        target.mkdir() if path.is_dir() else target.write_bytes(path.read_bytes())

    done = run("verify", report, str(moved))

    assert done.returncode == 0
    assert "4 files the same by bytes" in done.stdout
    assert run("verify", report, str(moved), "--stat").returncode == 10


def test_an_edited_report_is_told(run: Run, report: str) -> None:
    text = Path(report).read_text().replace('"verdict": "pass"', '"verdict": "review"')
    Path(report).write_text(text)

    done = run("verify", report)

    assert done.returncode == 10
    assert "CHANGED since it was written" in done.stdout


def test_a_report_that_is_none_is_told_in_a_line(run: Run, report: str, delivery: Path) -> None:
    Path(report).write_text(Path(report).read_text()[:-300])
    for arguments in ([report], [str(delivery / "notes.txt")], ["missing.json"], [report, str(delivery), "--report-only"]):
        done = run("verify", *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_wrong_usage(run: Run, report: str, delivery: Path) -> None:
    for arguments in (
        ["--hash", "--stat"],
        [str(delivery), "elsewhere"],
        ["nowhere"],
        ["--signature", "x"],
        ["--public-key", "x"],
    ):
        done = run("verify", report, *arguments)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_signing_afterwards_and_checking(run: Run, report: str, keys: Path) -> None:
    done = run("seal", "sign", report, "--key", str(keys / "key.pem"))
    assert (done.returncode, done.stdout) == (0, f"{report}.sig\n")

    assert run("verify", report, "--public-key", str(keys / "pub.pem")).returncode == 0
    Path(report).write_text(Path(report).read_text() + "\n")
    done = run("verify", report, "--public-key", str(keys / "pub.pem"))
    assert done.returncode == 10
    assert "as it was written" in done.stdout  # the seal does not mind white space, the signature does
    assert "does NOT hold" in done.stdout


def test_an_encrypted_key_takes_its_password_from_a_file(run: Run, report: str, keys: Path) -> None:
    locked, more = str(keys / "locked.pem"), {"SCANNER_SIGN_PASSWORD_FILE": str(keys / "password")}
    assert run("seal", "sign", report, "--key", locked, **more).returncode == 0
    assert run("verify", report, "--public-key", str(keys / "pub.pem")).returncode == 0
    done = run("seal", "sign", report, "--key", locked)
    assert (done.returncode, "SCANNER_SIGN_PASSWORD_FILE" in done.stderr) == (2, True)


def test_an_edited_report_is_not_signed(run: Run, report: str, keys: Path) -> None:
    Path(report).write_text(Path(report).read_text().replace('"complete": true', '"complete": false'))
    done = run("seal", "sign", report, "--key", str(keys / "key.pem"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert not Path(report + ".sig").exists()


def test_no_signature_goes_into_the_delivery(run: Run, report: str, keys: Path, delivery: Path) -> None:
    before = digests(delivery)
    output = str(delivery / "scan.json.sig")
    assert run("seal", "sign", report, "--key", str(keys / "key.pem"), "--output", output).returncode == 2
    assert digests(delivery) == before


def test_scan_signs_what_it_wrote(run: Run, delivery: Path, keys: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "signed")
    assert run("scan", "--output", out, "--sign", str(keys / "key.pem"), str(delivery)).returncode == 0
    report = f"{out}/scan.json"
    assert run("verify", report, "--public-key", str(keys / "pub.pem")).returncode == 0


@pytest.mark.parametrize("arguments", [["--format", "html"], ["--output", "-", "--format", "json"]], ids=str)
def test_scan_signs_only_a_json_report_on_disk(run: Run, delivery: Path, keys: Path, arguments: list[str]) -> None:
    done = run("scan", *arguments, "--sign", str(keys / "key.pem"), str(delivery))
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (2, 1, "")


def test_a_wrong_key_is_told_before_the_scan(run: Run, delivery: Path, keys: Path) -> None:
    done = run("scan", "--sign", str(keys / "pub.pem"), str(delivery))
    assert (done.returncode, done.stdout) == (2, "")
