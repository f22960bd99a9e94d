"""No network: no socket but local ones is ever made, whatever a file points at."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIGNED = ROOT / "fixtures" / "signed"

pytestmark = pytest.mark.skipif(shutil.which("exiftool") is None, reason="no ExifTool is installed")


def command(*roots: Path, output: Path) -> list[str]:
    return [sys.executable, "-m", "scanner", "scan", "--quiet", "--workers", "1", "--output", str(output), *map(str, roots)]


def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(tmp_path / "share")}


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and what was asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_a_remote_manifest_is_told_and_never_fetched(tmp_path: Path, listener: tuple[str, list[str]]) -> None:
    base, asked = listener
    xmp = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="{base}/manifest.c2pa"/>
    </rdf:RDF></x:xmpmeta>"""
    from PIL import Image

    (tmp_path / "drive").mkdir()
    Image.effect_noise((64, 64), 50).convert("RGB").save(tmp_path / "drive" / "a.jpg", xmp=xmp.encode())

    done = subprocess.run(command(tmp_path / "drive", output=tmp_path / "out"), env=environment(tmp_path), check=False)

    assert done.returncode == 0
    assert '"credentials": "remote"' in (tmp_path / "out" / "scan.json").read_text("utf-8")
    assert f"{base}/manifest.c2pa" in (tmp_path / "out" / "scan.json").read_text("utf-8")
    assert asked == []


def test_no_process_of_a_scan_asks_for_a_network_socket(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    trace = tmp_path / "trace"
    done = subprocess.run(
        [strace, "-f", "-qq", "-e", "trace=socket,connect", "-o", str(trace), *command(SIGNED, output=tmp_path / "out")],
        env=environment(tmp_path), check=False, capture_output=True, text=True,
    )  # fmt: skip
    if "ptrace" in done.stderr:
        pytest.skip("this system does not let processes be traced")

    assert (tmp_path / "out" / "scan.json").exists()
    assert not re.findall(r".*AF_INET.*", trace.read_text())


def test_a_scan_works_where_there_is_no_network_at_all(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system does not let a process leave its network")

    done = subprocess.run([unshare, "-rn", *command(SIGNED, output=tmp_path / "out")], env=environment(tmp_path), check=False)

    assert done.returncode in (0, 4, 10, 11)
    assert (tmp_path / "out" / "scan.json").exists()
