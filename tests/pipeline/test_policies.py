"""A scan under a policy: found before anything is read, asked for its zones, lists and readings, and told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scanner.model.errors import CatalogueError, UsageError
from scanner.model.judging import Route, Verdict
from scanner.pipeline.policies import check_readings, find_policy, policy_notes
from tests.pipeline.conftest import RunScan, generated


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    root = tmp_path / "DRIVE"
    (root / "GFX_01").mkdir(parents=True)
    generated(root / "GFX_01" / "a.png")
    return root


@pytest.fixture
def house(tmp_path: Path) -> Path:
    path = tmp_path / "house.toml"
    path.write_text(
        'name = "house"\nextends = "netflix-genai-2025"\nnote = "Ours."\napproved_tools = ["Adobe Firefly"]\n'
        '[zones]\n"GFX_01/**" = "temporary"\n'
    )
    return path


def test_no_policy_is_the_default_and_needs_no_note() -> None:
    assert find_policy(None).name == "default"
    assert policy_notes(find_policy(None)) == ()


def test_other_policies_are_told_with_their_origin_and_note(house: Path) -> None:
    (shipped,) = policy_notes(find_policy("permissive"))
    assert shipped.startswith("policy permissive (shipped with the scanner, extends default): Our own;")
    assert policy_notes(find_policy(house)) == (f"policy house (file {house}, extends netflix-genai-2025, default): Ours.",)


def test_a_wrong_glob_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_text('name = "house"\nextends = "default"\n[zones]\n"/GFX" = "graphics"\n')
    with pytest.raises(CatalogueError) as caught:
        find_policy(path)
    assert caught.value.where == f"{path}:4"


def test_a_name_with_braces_or_controls_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2Jb.toml"
    path.write_text('name = "{0} %s"\nextends = "default"\n[required_readings]\nstill = ["watermark"]\n')
    policy = find_policy(path)
    assert all(note.isprintable() for note in policy_notes(policy))
    with pytest.raises(
        UsageError, match=r"the policy \{0\} %s requires the reading 'watermark', which is off\. Add --watermarks"
    ):
        check_readings(policy, watermarks=False, fingerprints=True)
    check_readings(policy, watermarks=True, fingerprints=False)


def test_a_required_reading_that_is_off_is_told_before_anything_is_read(run: RunScan, delivery: Path, tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_text('name = "house"\nextends = "default"\n[required_readings]\nstill = ["picture"]\n')
    with pytest.raises(UsageError, match="Leave --no-fingerprints out"):
        run(delivery, policy=path, fingerprints=False)
    assert run.engines[0].tasks == []  # type: ignore[attr-defined]
    assert run(delivery, policy=path).verdict is Verdict.BLOCKED


def test_a_scan_takes_zones_tools_principles_and_note_from_its_policy(run: RunScan, delivery: Path, house: Path) -> None:
    scan = run(delivery, policy=str(house))
    (asset,) = scan.assets
    assert (asset.zone.zone, asset.zone.reason) == ("temporary", "path matches `GFX_01/**` of policy house")
    findings = {one.rule: one for one in asset.findings}
    assert (findings["ai-declared"].principle, findings["ai-declared"].route) == ("P4", Route.INFORM)
    assert (findings["unapproved-tool"].principle, findings["unapproved-tool"].route) == ("P2, P3", Route.ESCALATE)
    assert scan.verdict is Verdict.REVIEW
    assert any(note.startswith("policy house (file ") and note.endswith(": Ours.") for note in scan.notes)
    assert scan.policy == find_policy(house).stamp


def test_the_command_line_beats_the_policys_zones(run: RunScan, delivery: Path, house: Path) -> None:
    from scanner.crawl.zones import parse_zone_option

    scan = run(delivery, policy=house, zones=(parse_zone_option("final"),))
    assert scan.assets[0].zone.reason == "path matches `**` of --zone"
    assert scan.verdict is Verdict.BLOCKED


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [
        ("default", Verdict.BLOCKED),
        ("netflix-genai-2025", Verdict.BLOCKED),
        ("archive-producers", Verdict.REVIEW),
        ("eu-disclosure", Verdict.REVIEW),
        ("permissive", Verdict.REVIEW),
    ],
)
def test_one_delivery_under_each_policy(run: RunScan, delivery: Path, policy: str, verdict: Verdict) -> None:
    os.rename(delivery / "GFX_01", delivery / "final")
    assert run(delivery, policy=policy).verdict is verdict
