"""The export: the same every time, valid, whole, and in the order of an export."""

import json
import re
from collections import Counter
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from fixtures.synth import generate

READ = {
    "Patient",
    "Encounter",
    "Condition",
    "Observation",
    "Procedure",
    "MedicationStatement",
    "MedicationAdministration",
}
PASSED_OVER = {"DiagnosticReport", "FamilyMemberHistory"}
TIMES = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(Z|\+0[12]:00))?")


def _bytes(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_same_seed_gives_same_bytes(tmp_path):
    first = generate(tmp_path / "a", 30, 3)
    second = generate(tmp_path / "b", 30, 3)
    assert first == second
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")


def test_another_seed_gives_other_patients(tmp_path):
    generate(tmp_path / "a", 5, 3)
    generate(tmp_path / "b", 5, 4)
    assert (tmp_path / "a" / "Patient.ndjson").read_bytes() != (tmp_path / "b" / "Patient.ndjson").read_bytes()


def test_a_patient_does_not_depend_on_how_many_follow(tmp_path):
    generate(tmp_path / "few", 12, 3)
    generate(tmp_path / "many", 40, 3)
    few, many = _bytes(tmp_path / "few"), _bytes(tmp_path / "many")
    assert few.keys() == many.keys()
    for name, content in few.items():
        assert many[name].startswith(content), name
        if name != "FamilyMemberHistory.ndjson":
            assert len(many[name]) > len(content)


def test_progress_is_told_every_hundredth_and_at_the_end(tmp_path):
    told = []
    generate(tmp_path, 130, 1, told.append)
    assert told == [100, 130]


def test_no_patients_is_an_empty_export_and_fewer_is_an_error(tmp_path):
    summary = generate(tmp_path, 0, 1)
    assert summary.truth_rows == 0
    assert (tmp_path / "truth.csv").read_text() == "registry,patient,case_start,variable,value\n"
    with pytest.raises(ValueError, match="-1"):
        generate(tmp_path, -1, 1)


def test_every_line_is_a_resource_of_its_file(export):
    assert set(export.lines) == READ | PASSED_OVER
    for kind, lines in export.lines.items():
        assert lines, kind
        for line in lines:
            resource = json.loads(line)
            assert resource["resourceType"] == kind
            assert resource["id"] and resource["meta"]["lastUpdated"].endswith("Z")
            assert b": " not in line.split(b'"text"')[0], "compact JSON"


def _references(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "reference":
                yield inner
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_references_resolve(export):
    known = {f"{kind}/{resource['id']}" for kind in export.lines for resource in export.resources(kind)}
    seen = Counter()
    for kind in export.lines:
        for resource in export.resources(kind):
            for reference in _references(resource):
                assert reference in known, reference
                seen[reference.split("/")[0]] += 1
    assert seen["Patient"] > 10_000
    assert seen["Encounter"] > 10_000
    assert seen["Observation"] > 100


def test_a_stay_and_what_happened_in_it_are_of_one_patient(export):
    owner = {e["id"]: e["subject"]["reference"] for e in export.resources("Encounter")}
    for kind in ("Condition", "Observation", "Procedure"):
        for resource in export.resources(kind):
            if "encounter" in resource:
                assert (
                    owner[resource["encounter"]["reference"].removeprefix("Encounter/")]
                    == resource["subject"]["reference"]
                )


def test_files_go_patient_by_patient_in_one_order(export):
    order = [resource["id"] for resource in export.resources("Patient")]
    place = {key: number for number, key in enumerate(dict.fromkeys(order))}
    for kind in READ - {"Patient"}:
        subjects = [r["subject"]["reference"].removeprefix("Patient/") for r in export.resources(kind)]
        blocks = [place[key] for key, _ in groupby(subjects)]
        assert blocks == sorted(set(blocks)), kind


def test_within_a_patient_lines_go_by_their_last_change_but_for_old_versions(export):
    pairs, turned = 0, 0
    for kind in READ - {"Patient"}:
        resources = export.resources(kind)
        for before, now in pairwise(resources):
            if before["subject"] == now["subject"]:
                pairs += 1
                turned += before["meta"]["lastUpdated"] > now["meta"]["lastUpdated"]
    assert 0 < turned < 0.03 * pairs


def test_times_are_norwegian_or_utc(export):
    offsets = Counter()
    for resource in export.resources("Observation"):
        said = resource["effectiveDateTime"]
        assert TIMES.fullmatch(said), said
        offsets[said[19:] if len(said) > 10 else "date"] += 1
        month = int(said[5:7])
        if month in {1, 2, 12}:
            assert said[19:] != "+02:00", said
        if month in {5, 6, 7, 8}:
            assert said[19:] != "+01:00", said
    assert all(offsets[kind] > 20 for kind in ("+01:00", "+02:00", "Z", "date")), offsets


def test_the_mix_and_the_size_are_as_promised(export):
    roles = export.summary.roles
    assert sum(roles.values()) == export.summary.patients == 400
    assert 50 <= roles["stroke"] <= 100
    assert 50 <= roles["heart"] <= 100
    assert 30 <= roles["lookalike"] <= 70
    assert roles["both"] >= 3
    total = sum(export.summary.lines.values())
    assert 60 <= total / 400 <= 100
    assert export.summary.lines == {kind: len(lines) for kind, lines in export.lines.items()}
    assert export.summary.truth_rows == len(export.truth)


def test_journals_nearly_always_have_a_medication_list_and_administrations(export):
    everybody = {resource["id"] for resource in export.resources("Patient")}
    for kind, lacking in (
        ("MedicationStatement", "no_medication_list"),
        ("MedicationAdministration", "no_administrations"),
    ):
        having = {r["subject"]["reference"].removeprefix("Patient/") for r in export.resources(kind)}
        assert len(everybody - having) == export.summary.mess[lacking]


def test_generator_shares_no_code_with_the_product():
    for path in Path("fixtures/synth").glob("*.py"):
        assert not re.search(r"^\s*(from|import) (terminology|registries|reporting|flows)", path.read_text(), re.M), (
            path
        )
