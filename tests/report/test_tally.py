from __future__ import annotations

from collections import Counter

import pytest

from scanner.model.judging import Verdict, Zone
from scanner.report import tally as tallying
from scanner.report.tally import Tally, has_sides, is_flagged, is_judged
from scanner.tools.spool import Spool
from tests.report.approved import approved
from tests.report.large import large
from tests.report.scans import since_baseline


def counted(records):
    tally = Tally()
    for record in records:
        tally.add(record)
    return tally.end()


@pytest.fixture(params=[1, 3, 512])
def at_hand(request, monkeypatch):
    monkeypatch.setattr(tallying, "KINDS_AT_HAND", request.param)


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize("kept", [tuple, Spool])
def test_figures_are_those_of_the_assets_one_by_one(kept):
    records = kept(large(700).assets)
    tally = counted(records)
    assert tally.count == 700
    assert {zone: figures.assets for zone, figures in tally.zones.items()} == Counter(each.zone.zone for each in records)
    assert tally.provenances == Counter(each.provenance for each in records if is_judged(each))
    assert tally.totals.signed == sum(each.manifests is not None or each.verdict is Verdict.INCOMPLETE for each in records)
    assert {form.name: figures.assets for form, figures in tally.formats.items()} == Counter(each.format.name for each in records)
    for form, figures in tally.formats.items():
        here = [each for each in records if each.format == form]
        assert figures.compared == sum(each.fingerprinted for each in here)
        assert figures.looked["exiftool"] == sum(any(r.reader == "exiftool" for r in each.readings) for each in here)


@pytest.mark.usefixtures("at_hand")
def test_lists_are_the_places_of_their_assets_in_order():
    records = large(500, troubled=3).assets
    tally = counted(records)
    for verdict in Verdict:
        assert list(tally.of_verdict[verdict]) == [at for at, each in enumerate(records) if each.verdict is verdict]
    assert list(tally.flagged) == [at for at, each in enumerate(records) if is_flagged(each)]
    assert list(tally.with_findings) == [at for at, each in enumerate(records) if each.findings]
    assert sorted(at for places in tally.sided.values() for at in places) == [
        at for at, each in enumerate(records) if has_sides(each)
    ]
    assert tally.with_sides() == [at for at, each in enumerate(records) if has_sides(each)]
    assert tally.standing_out() == [
        at for at, each in enumerate(records) if each.verdict is not Verdict.PASS or has_sides(each) or is_flagged(each)
    ]


def test_places_are_told_by_zone_in_the_order_of_the_zones():
    records = large(60).assets
    by_zone = counted(records).by_zone(range(60))
    assert list(by_zone) == [zone for zone in Zone if any(each.zone.zone is zone for each in records)]
    assert all(records[at].zone.zone is zone for zone, places in by_zone.items() for at in places)
    assert sum(map(len, by_zone.values())) == 60


def test_what_is_new_is_what_the_baseline_did_not_have():
    tally = counted(since_baseline().assets)
    for verdict in Verdict:
        assert sorted([*tally.new(verdict), *tally.known[verdict]]) == list(tally.of_verdict[verdict])
    assert len(tally.known[Verdict.BLOCKED]) == 2


def test_what_is_allowed_is_counted_by_finding_and_by_asset():
    records = approved().assets
    tally = counted(records)
    assert tally.totals.allowed_findings == sum(bool(one.allowed_by) for each in records for one in each.findings)
    assert [records[at].path for at in tally.allowed] == ["final/allowed.png"]
    assert tally.totals.allowed_judged == 1


def test_reasons_can_be_told_in_other_words_without_the_first_ones_changing():
    tally = counted(large(40).assets)
    said = {reason for figures in tally.formats.values() for reason in figures.why_not}
    other = tally.reworded(lambda reason: "x")
    assert {reason for figures in other.formats.values() for reason in figures.why_not} == ({"x"} if said else set())
    assert said
    assert {reason for figures in tally.formats.values() for reason in figures.why_not} == said
