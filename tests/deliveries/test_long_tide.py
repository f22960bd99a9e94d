"""Temporaries learned from one drive are found on the next, with the command that people use."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.warm import WarmCommand
from tests.deliveries.conftest import needs_exiftool
from tests.deliveries.plays import DELIVERIES, command

STORY = DELIVERIES / "long-tide"


@needs_exiftool
def test_what_the_offline_drive_taught_blocks_the_reel_three_months_later(tmp_path: Path, warm: WarmCommand) -> None:
    march = command(warm, tmp_path, "scan", str(STORY / "LONG_TIDE_OFFLINE"), "--learn", "--output", str(tmp_path / "march"))
    assert march[0] == 0
    assert "4 AI temporaries were added to the library" in " ".join(march[1].split())

    output = tmp_path / "june"
    code, said = command(warm, tmp_path, "scan", str(STORY / "LONG_TIDE_R3"), "--format", "json", "--output", str(output))

    report = json.loads((output / "scan.json").read_text("utf-8"))
    verdicts = {asset["path"].rpartition("/")[2]: asset["verdict"] for asset in report["assets"]}
    assert code == 11
    leaked = ("ins_03_regatta.png", "ins_07_kitchen.jpg", "ins_09_fjord.png", "ins_11_cliff.jpg")
    assert [verdicts[name] for name in leaked] == ["blocked"] * 4
    assert verdicts["ins_12_family.jpg"] == "pass"
    assert "frame 1007 of a sequence of 12 declares a generative AI edit" in " ".join(said.split())
