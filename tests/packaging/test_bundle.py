"""The offline bundle: what it refuses, and, where CI has built one, that it installs and scans without network and administrator.

``SCANNER_TEST_BUNDLE`` names an archive of `scripts/make_bundle.sh`. To build one takes the network and half a minute, so that
`.ci/run` does it and not this test.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALL = ROOT / "scripts" / "bundle" / "install.sh"
ARCHIVE = os.environ.get("SCANNER_TEST_BUNDLE", "")
NOBODY = 65534
Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.skipif(not INSTALL.is_file(), reason="only in a clone of the repository")


def seal(bundle: Path) -> None:
    """Write the list of digests as `make_bundle.sh` does."""
    files = sorted(f"./{path.relative_to(bundle)}" for path in bundle.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256((bundle / name).read_bytes()).hexdigest()}  {name}\n" for name in files]
    (bundle / "SHA256SUMS").write_text("".join(lines), "utf-8")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle with everything but packages: enough for what is checked before they are installed."""
    folder = tmp_path / "bundle"
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels" / "a-1-py3-none-any.whl").write_bytes(b"no wheel")
    shutil.copy(INSTALL, folder)
    (folder / "python-version").write_text(f"{sys.version_info[0]}.{sys.version_info[1]}\n", "utf-8")
    (folder / "platform").write_text(sysconfig.get_platform().replace("-", "_").replace(".", "_") + "\n", "utf-8")
    seal(folder)
    return folder


def install(bundle: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(bundle.parent)}
    return subprocess.run(
        ["sh", str(bundle / "install.sh"), *arguments],
        cwd=bundle.parent, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [(), ("",), ("a", "b"), ("--help",)], ids=str)
def test_wrong_usage_installs_nothing(bundle: Path, arguments: tuple[str, ...]) -> None:
    done = install(bundle, *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "sh install.sh FOLDER" in done.stderr


def flip(bundle: Path) -> None:
    (bundle / "wheels" / "a-1-py3-none-any.whl").write_bytes(b"no Wheel")


def drop(bundle: Path) -> None:
    (bundle / "wheels" / "a-1-py3-none-any.whl").unlink()


def add(bundle: Path) -> None:
    (bundle / "wheels" / "a-2-py3-none-any.whl").write_bytes(b"")


def link(bundle: Path) -> None:
    (bundle / "wheels" / "a-2-py3-none-any.whl").symlink_to("a-1-py3-none-any.whl")


def unlist(bundle: Path) -> None:
    (bundle / "SHA256SUMS").unlink()


@pytest.mark.parametrize("change", [flip, drop, add, link, unlist], ids=lambda change: change.__name__)
def test_what_is_not_as_it_was_packed_is_refused(bundle: Path, tmp_path: Path, change: Callable[[Path], None]) -> None:
    change(bundle)

    done = install(bundle, "out")

    assert done.returncode == 1
    assert "pack" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "text", "said"), [("python-version", "2.7", "Python 2.7 is needed"), ("platform", "amiga", "for amiga")]
)
def test_another_python_or_machine_is_refused(bundle: Path, tmp_path: Path, name: str, text: str, said: str) -> None:
    (bundle / name).write_text(text, "utf-8")
    seal(bundle)

    done = install(bundle, "out")

    assert done.returncode == 1
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine", "utf-8")

    done = install(bundle, "out")

    assert done.returncode == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.txt"]


def test_a_folder_that_cannot_be_made_is_told(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = install(bundle, "file/out")

    assert (done.returncode, done.stderr) == (1, "install.sh: file/out cannot be made\n")


@pytest.mark.parametrize("arguments", [["--outptu", "x"], ["--exiftool"], ["--exiftool", "/nowhere"]], ids=" ".join)
def test_making_one_says_wrong_usage_before_it_fetches_anything(arguments: list[str]) -> None:
    done = subprocess.run(
        ["sh", str(ROOT / "scripts" / "make_bundle.sh"), *arguments], capture_output=True, text=True, timeout=20, check=False
    )

    assert (done.returncode, done.stdout) == (2, "")


@pytest.fixture(scope="module")
def yard() -> Iterator[Path]:
    """A folder that a user without any rights can enter."""
    folder = Path(tempfile.mkdtemp(prefix="scanner-bundle-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def stranger(yard: Path) -> Run:
    """Run a command as a user without rights, with an empty home and no network; skips where that cannot be had."""
    home = yard / "home"
    home.mkdir()
    without = ["unshare", "-rn"]
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
        without = ["unshare", "-n", "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]
    wanted = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    places = [
        folder for folder in ("/usr/bin", "/usr/local/bin", str(Path(sys.base_prefix) / "bin")) if Path(folder, wanted).exists()
    ]

    def runner(*command: str) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(home), "PATH": ":".join([*places, "/usr/bin", "/bin"]), "LANG": "C.UTF-8"}
        return subprocess.run(
            [*without, *command], cwd=home, env=environment, capture_output=True, text=True, timeout=180, check=False
        )

    for need in ((shutil.which("unshare") or "false", "--version"), (wanted, "--version"), ("perl", "-v")):
        if shutil.which(without[0]) is None or runner(*need).returncode:
            pytest.skip(f"{need[0]} cannot be run without network and rights here")
    return runner


@pytest.mark.skipif(not ARCHIVE, reason="SCANNER_TEST_BUNDLE names no archive")
def test_it_installs_and_scans_without_network_and_administrator(stranger: Run, yard: Path) -> None:
    # As the page for users says it; tarfile's filters came with Python 3.11.4, and Debian 12 has 3.11.2.
    (yard / "packed").mkdir()
    subprocess.run(["tar", "xzf", ARCHIVE, "-C", str(yard / "packed")], check=True)
    (bundle,) = (yard / "packed").iterdir()
    shutil.copytree(ROOT / "fixtures" / "deliveries" / "documentary", yard / "documentary")
    for path in (yard, *yard.rglob("*")):
        if path.is_dir() and path.name != "home":
            path.chmod(0o755)
    network = (
        "use Socket; socket(my $s, PF_INET, SOCK_STREAM, 0); exit(connect($s, sockaddr_in(53, inet_aton('9.9.9.9'))) ? 0 : 7)"
    )
    assert stranger("perl", "-e", network).returncode == 7, "there is no network"

    done = stranger("sh", str(bundle / "install.sh"), "the scanner's")
    assert done.returncode == 0, done.stderr
    assert "It works here" in done.stdout
    scanner = str(yard / "home" / "the scanner's" / "bin" / "scanner")

    doctor = json.loads(stranger(scanner, "doctor", "--format", "json").stdout)
    assert doctor["works"] is True
    if (bundle / "exiftool").exists():
        version = stranger(str(bundle / "exiftool" / "bin" / "exiftool"), "-ver").stdout.strip()
        assert next(check["text"] for check in doctor["checks"] if check["name"] == "exiftool").startswith(version)
        licence = (yard / "home" / "the scanner's" / "exiftool" / "Artistic.txt").read_text("utf-8")
        assert "Artistic License" in licence

    scan = stranger(scanner, "scan", str(yard / "documentary"), "--output", "qc", "--quiet")
    assert (scan.returncode, scan.stderr) == (11, "")
    assert json.loads((yard / "home" / "qc" / "scan.json").read_text("utf-8"))["coverage"]["files"] > 30
    assert {path.name for path in (yard / "home").iterdir()} == {"the scanner's", "qc", ".cache"}, "nothing else was written"
    kept = [path.relative_to(yard / "home") for path in (yard / "home" / ".cache").rglob("*") if path.is_file()]
    assert kept == [Path(".cache/media-provenance-scanner/readings.sqlite")], "readings for the next scan, and nothing else"

    again = stranger("sh", str(bundle / "install.sh"), "the scanner's")
    assert again.returncode == 0, "a second installation takes the place of the first"
    manual = yard / "home" / "the scanner's" / "share" / "man" / "man1" / "scanner.1"
    assert manual.read_text("utf-8").startswith('.\\"')
