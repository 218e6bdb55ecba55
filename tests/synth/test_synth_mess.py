"""Every kind of mess happens, at about its rate, and looks as it does in real exports."""

import json
from collections import Counter, defaultdict

from fixtures.synth import codes, mess
from fixtures.synth.generate import generate
from fixtures.synth.rates import INJECTED, TOLD

MEASURED = {"70182-1", "450741005", "8302-2", "29463-7", "NPU04998", "14682-9", "2160-0"}


def _clinical(export):
    for kind in ("Condition", "Observation", "Procedure", "MedicationStatement", "MedicationAdministration"):
        yield from export.resources(kind)


def _by_id(export):
    versions = defaultdict(list)
    for kind in export.lines:
        for resource in export.resources(kind):
            versions[kind, resource["id"]].append(resource)
    return versions


def _code(resource):
    return resource.get("code", resource.get("medicationCodeableConcept"))["coding"][0]["code"]


def test_every_kind_happens_when_it_is_not_rare(monkeypatch, tmp_path):
    for kind in INJECTED:
        monkeypatch.setitem(INJECTED, kind, 0.02)
    monkeypatch.setattr(mess, "_ALL", sum(INJECTED.values()))
    found = generate(tmp_path, 400, 1).mess
    assert set(found) == set(INJECTED)
    assert [kind for kind, count in found.items() if not count] == []


def test_rates_are_low():
    assert all(rate <= 0.012 for rate in INJECTED.values())
    assert all(rate <= 0.3 for rate in TOLD.values())
    assert INJECTED["conflict"] <= 0.005
    assert INJECTED["local_code"] <= 0.003
    assert INJECTED["local_code_of_event"] <= 0.003


def test_the_same_line_stands_twice(export):
    twice = [line for lines in export.lines.values() for line, count in Counter(lines).items() if count > 1]
    assert len(twice) == export.summary.mess["same_line_twice"]


def test_old_versions_differ_and_come_before_or_after(export):
    older_first, newer_first = 0, 0
    for kept in _by_id(export).values():
        distinct = {json.dumps(resource) for resource in kept}
        if len(distinct) > 1:
            assert len(kept) == 2
            stamps = [resource["meta"]["lastUpdated"] for resource in kept]
            assert stamps[0] != stamps[1]
            older_first += stamps[0] < stamps[1]
            newer_first += stamps[0] > stamps[1]
    assert older_first > 50
    assert newer_first > 50
    assert older_first + newer_first == export.summary.mess["old_version"]


def test_mistakes_are_marked_as_mistakes(export):
    marked = [r for r in export.resources("Observation") if r["status"] == "entered-in-error"]
    doubted = [
        r
        for r in export.resources("Condition")
        if r.get("verificationStatus", {}).get("coding", [{}])[0].get("code") == "entered-in-error"
    ]
    assert len(marked) > 30
    assert len(doubted) > 10
    assert not any("clinicalStatus" in r for r in doubted), "FHIR con-5"


def _facts(resource):
    """What a resource says, without its id and stamp."""
    return json.dumps({name: value for name, value in resource.items() if name not in {"id", "meta"}}, sort_keys=True)


def test_the_same_fact_stands_under_two_ids(export):
    ids = defaultdict(set)
    for resource in _clinical(export):
        ids[_facts(resource)].add(resource["id"])
    assert sum(len(same) == 2 for same in ids.values()) >= 0.9 * export.summary.mess["same_fact_twice"]


def test_values_conflict_only_for_what_is_measured(export):
    values = defaultdict(set)
    for key, versions in _by_id(export).items():
        resource = max(versions, key=lambda r: r["meta"]["lastUpdated"])
        if key[0] == "Observation" and resource["status"] == "final" and _code(resource) != "72166-2":
            said = resource.get("valueInteger", resource.get("valueQuantity", {}).get("value"))
            values[resource["subject"]["reference"], resource["effectiveDateTime"], _code(resource)].add(said)
    conflicting = [key for key, said in values.items() if len(said) > 1]
    assert len(conflicting) == export.summary.mess["conflict"]
    assert {code for _, _, code in conflicting} <= MEASURED


def test_codes_of_the_house_stand_in_for_proper_ones(export):
    local = [r for r in _clinical(export) if _code(r).startswith("L") and _system(r) in codes.LOCAL]
    assert {_system(r) for r in local} == set(codes.LOCAL)
    expected = export.summary.mess["local_code"] + export.summary.mess["local_code_of_event"]
    assert len(local) == expected


def _system(resource):
    return resource.get("code", resource.get("medicationCodeableConcept"))["coding"][0]["system"]


def test_units_and_less_than_values_occur(export):
    units = {r["valueQuantity"]["code"] for r in export.resources("Observation") if "valueQuantity" in r}
    assert {"cm", "m", "[in_i]", "kg", "g", "[lb_av]", "umol/L", "mg/dL"} <= units
    below = [r for r in export.resources("Observation") if r.get("valueQuantity", {}).get("comparator") == "<"]
    assert below
    assert all(_code(r) in {"NPU04998", "14682-9"} for r in below)


def test_times_are_missing_in_all_the_ways(export):
    conditions = export.resources("Condition")
    assert any("onsetDateTime" not in r for r in conditions)
    assert any(len(r.get("onsetDateTime", "")) == 10 for r in conditions)
    statements = export.resources("MedicationStatement")
    assert any("effectivePeriod" not in r and "effectiveDateTime" not in r and r["dateAsserted"] for r in statements)
    assert any("end" not in r.get("effectivePeriod", {"end": 1}) for r in statements)
    wanted = {"active", "completed", "stopped", "not-taken", "on-hold", "intended", "entered-in-error"}
    assert wanted <= {r["status"] for r in statements}
    assert {r["status"] for r in export.resources("Procedure")} >= {"completed", "not-done", "preparation"}
    assert any(len(r["period"]["start"]) == 10 for r in export.resources("Encounter"))
