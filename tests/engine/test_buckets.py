"""A scan of a bucket on an S3 server that is not ours (moto), with real workers."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import scanner
from scanner.engine.session import write_reports
from tests.tools.object_server import environment

pytest.importorskip("obstore")

DELIVERY = Path(__file__).parents[2] / "fixtures" / "deliveries" / "quiet"


@pytest.fixture(scope="module")
def s3() -> Iterator[tuple[str, Any]]:
    """The address of a server, and a client that puts objects into it."""
    # Here and not above: half a second of imports, which every test worker would wait for.
    moto_server = pytest.importorskip("moto.server")
    boto3 = pytest.importorskip("boto3")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="someone", aws_secret_access_key="secret"
    )
    yield url, client
    server.stop()


def test_a_bucket_on_another_server_gives_the_report_that_the_folder_gives(
    s3: tuple[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    url, client = s3
    for name, value in environment(url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    client.create_bucket(Bucket="delivery")
    files = [path for path in DELIVERY.rglob("*") if path.is_file()]
    for path in files:
        client.upload_file(str(path), "delivery", f"quiet/{path.relative_to(DELIVERY)}")
    client.put_object(Bucket="delivery", Key="quiet/")

    reports = {}
    for where in (str(DELIVERY), "s3://delivery/quiet"):
        done = scanner.scan(where, workers=2)
        name = "bucket" if where.startswith("s3") else "disk"
        (path,) = write_reports(done, tmp_path / name, ("json",))
        reports[name] = json.loads(Path(path).read_text())

    bucket, disk = reports["bucket"], reports["disk"]
    assert bucket["roots"] == ["s3://delivery/quiet/"]
    assert bucket["coverage"].pop("fetched_bytes") == sum(path.stat().st_size for path in files)
    assert bucket["coverage"] == disk["coverage"]
    assert bucket["assets"] == disk["assets"]
    assert bucket["findings"] == disk["findings"]
    assert bucket["verdict"] == disk["verdict"]
    assert [file["sha256"] for file in bucket["inventory"]] == [file["sha256"] for file in disk["inventory"]]
