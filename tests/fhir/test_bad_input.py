"""Bad input: one clear problem that names its place and repeats nothing; everything else is read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from registries.plan import Plan
from reporting.adapters.fhir import files
from tests.journals import (
    Resource,
    bundle,
    condition,
    decided,
    given,
    line,
    nihss,
    observation,
    patient,
    procedure,
    stay,
    stroke,
    values,
    write,
)

CANARY = "KANARI-9481726350"
_DEEP = b'{"resourceType":"Observation","id":"%s","x":' % CANARY.encode() + b"[" * 100_000


def _observed(**more: object) -> Resource:
    """An observation that would be used, were it not for what is wrong with it; the canary is its id."""
    return nihss(8, **{"key": CANARY, **more})


def _cut(resource: Resource) -> bytes:
    return line(resource)[:-9]


def _quantity(value: object) -> Resource:
    return _observed(valueQuantity={"value": value, "unit": CANARY})


#: What is wrong, the line, and a part of what the problem says.
BAD: dict[str, tuple[bytes, str]] = {
    "cut off": (_cut(_observed()), "truncated"),
    "cut off, of a type nobody asks for": (_cut({"resourceType": "Immunization", "id": CANARY}), "cut off"),
    "unknown type": (line({"resourceType": "Obseravtion", "id": CANARY}), "unknown resource type"),
    "type of a later version": (line({"resourceType": "NutritionProduct", "id": CANARY}), "unknown resource type"),
    "type missing": (line({"id": CANARY}), "resourceType"),
    "type not a text": (line({"resourceType": 7, "id": CANARY}), "resourceType"),
    "subject missing": (line({"resourceType": "Observation", "id": CANARY, "status": "final"}), "subject"),
    "subject without reference": (line(_observed(subject={"display": CANARY})), "subject has no reference"),
    "subject a text": (line(_observed(subject=CANARY)), "subject"),
    "no id": (line({k: v for k, v in _observed(note=[{"text": CANARY}]).items() if k != "id"}), "no id"),
    "number as text": (line(_quantity("14")), "valueQuantity.value"),
    "number as words": (line(_quantity(CANARY)), "valueQuantity.value"),
    "not a number": (line(_quantity("NaN")), "valueQuantity.value"),
    "number as object": (line(_quantity({"value": CANARY})), "valueQuantity.value"),
    "number as list": (line(_quantity([7, CANARY])), "valueQuantity.value"),
    "number too large for anything": (line(_observed()).replace(b'"value": 8', b'"value": 1e999'), "out of range"),
    "status a number": (line(_observed(status=7)), "status"),
    "status null": (line(_observed(status=None)), "status"),
    "codes not a list": (line(_observed(code={"coding": CANARY})), "code.coding"),
    "bad date": (line(_observed(effectiveDateTime=f"02.03.2025 {CANARY}")), "date or time"),
    "no day of the calendar": (line(_observed(effectiveDateTime="2025-02-30")), "date or time"),
    "date written together": (line(_observed(effectiveDateTime="20250302")), "date or time"),
    "date by week": (line(_observed(effectiveDateTime="2025-W10-7")), "date or time"),
    "empty date": (line(_observed(effectiveDateTime="")), "date or time"),
    "bad date of the version": (line(_observed(meta={"lastUpdated": CANARY})), "date or time"),
    "not UTF-8": (line(_observed(note=CANARY)).replace(b"KANARI-9", b"KANARI\xe6-9"), "not UTF-8"),
    "half a surrogate": (line(_observed()).replace(b"KANARI", b"KANARI\\ud800"), "surrogate"),
    "NUL inside": (line(_observed()).replace(b"KANARI", b"KAN\0RI"), "malformed"),
    "NUL in front": (b"\0" + line(_observed()), "malformed"),
    "nothing but NUL": (b"\0" * 500, "malformed"),
    "nested deeply": (_DEEP + b"]" * 100_000 + b"}", "depth"),
    "nested deeply and cut off": (_DEEP, "depth"),
    "a list": (b"[" + line(_observed()) + b"]", "resource"),
    "a text": (json.dumps(CANARY).encode(), "resource"),
    "two on one line": (line(_observed()) + line(_observed()), "malformed"),
    "CSV": (f"patient;{CANARY};7".encode(), "resource"),
    "HTML": (f"<html><body>{CANARY}</body></html>".encode(), "resource"),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
def test_a_bad_line_is_one_problem_with_its_place_and_the_rest_is_read(
    kind: str, first: bool, tmp_path: Path, stroke_plan: Plan
) -> None:
    bad, says = BAD[kind]
    good = stroke()
    path = write(tmp_path / "journal.ndjson", [bad, *good] if first else [*good, bad])
    (decision,), summary = decided(stroke_plan, path)
    (problem,) = summary.account.problems
    assert problem.place == f"{path}:{1 if first else 5}"
    assert says in problem.text
    assert "KANARI" not in problem.text
    assert "\n" not in problem.text
    assert values(decision)["NIHSSinnkomst"] == 7


@pytest.mark.parametrize("kind", [kind for kind in BAD if "date" not in BAD[kind][1] and kind != "no id"])
def test_bad_lines_are_told_when_no_patient_has_a_case(kind: str, tmp_path: Path, stroke_plan: Plan) -> None:
    path = write(tmp_path / "journal.ndjson", [patient("p9"), BAD[kind][0]])
    made, summary = decided(stroke_plan, path)
    assert made == []
    assert [problem.place for problem in summary.account.problems] == [f"{path}:2"]


@pytest.mark.parametrize(
    "resource",
    [
        stay(CANARY, status=7),
        condition(CANARY, recordedDate=7),
        procedure(CANARY, {"coding": 7}),
        given(CANARY, "B01AD02", status=7),
        patient(CANARY, gender=7),
        condition(CANARY, onsetDateTime="yesterday"),
        stay(CANARY, period={"start": "2025"} | {"end": "later"}),
        procedure(CANARY, {}, performedPeriod={"start": "soon"}, performedDateTime=None),
        given(CANARY, "B01AD02", effectiveDateTime="soon"),
    ],
    ids=lambda resource: f"{resource['resourceType']}-{len(resource)}",
)
def test_every_type_tells_what_is_wrong_with_it(resource: Resource, tmp_path: Path, stroke_plan: Plan) -> None:
    path = write(tmp_path / "journal.ndjson", [*stroke(), resource])
    (decision,), summary = decided(stroke_plan, path)
    (problem,) = summary.account.problems
    assert problem.place == f"{path}:5"
    assert "KANARI" not in problem.text
    assert values(decision)["NIHSSinnkomst"] == 7


def test_empty_lines_are_nothing(tmp_path: Path, stroke_plan: Plan) -> None:
    path = write(tmp_path / "journal.ndjson", [b"", b"  ", *stroke(), b"", b"\t", b"\r"])
    made, summary = decided(stroke_plan, path)
    assert (len(made), summary.account.problems, summary.account.read) == (1, [], 4)


def test_lines_may_end_as_windows_ends_them_and_the_last_need_not_end(tmp_path: Path, stroke_plan: Plan) -> None:
    path = tmp_path / "journal.ndjson"
    path.write_bytes(b"\r\n".join(map(line, stroke())))
    made, summary = decided(stroke_plan, path)
    assert (len(made), summary.account.problems) == (1, [])


def test_a_byte_order_mark_is_no_content(tmp_path: Path, stroke_plan: Plan) -> None:
    for name in ("journal.ndjson", "lines.json"):
        path = tmp_path / name
        path.write_bytes(b"\xef\xbb\xbf" + b"\n".join(map(line, stroke())))
        made, summary = decided(stroke_plan, path)
        assert (len(made), summary.account.problems) == (1, []), name
    path = tmp_path / "bundle.json"
    path.write_bytes(b"\xef\xbb\xbf" + line(bundle(stroke())))
    made, summary = decided(stroke_plan, path)
    assert (len(made), summary.account.problems) == (1, [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["journal.ndjson", "journal.json"])
def test_a_file_in_another_encoding_is_one_problem(encoding: str, name: str, tmp_path: Path, stroke_plan: Plan) -> None:
    path = tmp_path / "other" / name
    path.parent.mkdir()
    path.write_bytes("\n".join(line(resource).decode() for resource in stroke("2")).encode(encoding))
    write(tmp_path / "good.ndjson", stroke())
    made, summary = decided(stroke_plan, tmp_path)
    assert [d.record.patient for d in made] == ["Patient/p1"]
    assert [problem.place for problem in summary.account.problems] == [str(path)]
    assert "UTF-8" in summary.account.problems[0].text


def test_the_last_of_doubled_keys_counts_wherever_the_patient_is_looked_for(tmp_path: Path, stroke_plan: Plan) -> None:
    doubled = line(condition()).replace(b'{"resourceType"', b'{"subject":{"reference":"Patient/p9"},"resourceType"')
    journal = [r for r in stroke() if r["resourceType"] != "Condition"]
    (decision,), summary = decided(stroke_plan, write(tmp_path / "journal.ndjson", [*journal, doubled]))
    assert (decision.record.patient, summary.account.problems) == ("Patient/p1", [])


def test_a_line_that_is_too_long_is_passed_over(
    tmp_path: Path, stroke_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_LINE", 2_000)
    monkeypatch.setattr(files, "CHUNK", 500)
    long = observation("o2", note=[{"text": CANARY * 1_000}])
    path = write(tmp_path / "journal.ndjson", [*stroke("1"), long, *stroke("2")])
    made, summary = decided(stroke_plan, path)
    (problem,) = summary.account.problems
    assert problem.place == f"{path}:5"
    assert "longer than" in problem.text
    assert [d.record.patient for d in made] == ["Patient/p1", "Patient/p2"]


def test_the_last_line_may_be_too_long_too(tmp_path: Path, stroke_plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_LINE", 2_000)
    monkeypatch.setattr(files, "CHUNK", 500)
    path = tmp_path / "journal.ndjson"
    path.write_bytes(b"\n".join(map(line, stroke())) + b"\n" + b"x" * 9_000)
    made, summary = decided(stroke_plan, path)
    assert [problem.place for problem in summary.account.problems] == [f"{path}:5"]
    assert len(made) == 1


def test_a_line_of_200_megabytes_is_passed_over(tmp_path: Path, stroke_plan: Plan) -> None:
    path = write(tmp_path / "journal.ndjson", stroke())
    with path.open("ab") as file:
        file.write(b'{"resourceType":"Binary","data":"')
        for _ in range(200):
            file.write(b"A" * 1024 * 1024)
        file.write(b'"}\n' + line(statement_after()) + b"\n")
    (decision,), summary = decided(stroke_plan, path)
    (problem,) = summary.account.problems
    assert (problem.place, "longer than 16 MB" in problem.text) == (f"{path}:5", True)
    assert values(decision)["MRSPre"] == 3
    path.unlink()


def statement_after() -> Resource:
    """What stands after the long line."""
    mrs = {"coding": [{"system": "http://loinc.org", "code": "75859-9"}]}
    return observation("o9", code=mrs, valueQuantity={"value": 3})


def test_a_bundle_that_is_too_large_is_one_problem(
    tmp_path: Path, stroke_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BUNDLE", 500)
    path = write(tmp_path / "bundle.json", [bundle(stroke())])
    made, summary = decided(stroke_plan, path)
    assert (made, [problem.place for problem in summary.account.problems]) == ([], [str(path)])


@pytest.mark.parametrize("content", [b"", b"   ", b"{}", b"[]", b"null", b"patient;7", _DEEP, b'{"resourceType":'])
def test_a_json_file_that_is_no_resource_is_one_problem(content: bytes, tmp_path: Path, stroke_plan: Plan) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    write(tmp_path / "good.ndjson", stroke())
    made, summary = decided(stroke_plan, tmp_path)
    assert (len(made), [problem.place for problem in summary.account.problems]) == (1, [str(path)])
    assert "KANARI" not in summary.account.problems[0].text


def test_an_empty_file_of_lines_is_an_export_without_resources(tmp_path: Path, stroke_plan: Plan) -> None:
    write(tmp_path / "Observation.ndjson", [])
    write(tmp_path / "rest.ndjson", stroke())
    made, summary = decided(stroke_plan, tmp_path)
    assert (len(made), summary.account.problems) == (1, [])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_one_problem(tmp_path: Path, stroke_plan: Plan) -> None:
    path = write(tmp_path / "closed.ndjson", stroke("2"))
    path.chmod(0)
    write(tmp_path / "open.ndjson", stroke("1"))
    made, summary = decided(stroke_plan, tmp_path)
    assert (len(made), {problem.place for problem in summary.account.problems}) == (1, {str(path)})


def test_folders_without_journals_and_sources_that_are_missing_are_told(tmp_path: Path, stroke_plan: Plan) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "readme.txt").write_text("nothing to read")
    made, summary = decided(stroke_plan, tmp_path, tmp_path / "empty", tmp_path / "gone")
    assert made == []
    assert [(problem.place, problem.text.split(" ")[0]) for problem in summary.account.problems] == [
        (str(tmp_path), "no"),
        (str(tmp_path / "empty"), "no"),
        (str(tmp_path / "gone"), "no"),
    ]


@pytest.mark.parametrize("kind", ["number as object", "unknown type", "no id", "bad date", "status a number"])
def test_a_bad_entry_of_a_bundle_is_one_problem_and_the_rest_is_read(
    kind: str, tmp_path: Path, stroke_plan: Plan
) -> None:
    bad = json.loads(BAD[kind][0])
    path = write(tmp_path / "bundle.json", [bundle([*stroke(), bad])])
    (decision,), summary = decided(stroke_plan, path)
    (problem,) = summary.account.problems
    assert problem.place == f"{path}: entry 5"
    assert "KANARI" not in problem.text
    assert values(decision)["NIHSSinnkomst"] == 7


@pytest.mark.parametrize("entry", ["x", {}, [7], [{"resource": 7}], [None]])
def test_a_bundle_with_strange_entries_never_stops_the_reading(
    entry: object, tmp_path: Path, stroke_plan: Plan
) -> None:
    write(tmp_path / "bad.json", [{"resourceType": "Bundle", "type": "collection", "entry": entry}])
    write(tmp_path / "good.ndjson", stroke())
    made, summary = decided(stroke_plan, tmp_path)
    assert (len(made), len(summary.account.problems)) == (1, 1)


@pytest.mark.parametrize("where", [0, 1, 2, 3])
@pytest.mark.parametrize("bad", [b"", b'{"resourceType":"Obs', b"  "])
def test_lines_under_the_name_of_a_document_are_read_whichever_of_them_is_bad(
    bad: bytes, where: int, tmp_path: Path, stroke_plan: Plan
) -> None:
    journal: list[Resource | bytes] = list(stroke())
    journal.insert(where, bad)
    path = write(tmp_path / "journal.json", journal)
    made, summary = decided(stroke_plan, path)
    assert len(made) == 1
    expected = [f"{path}:{where + 1}"] if bad.strip() else []
    assert [problem.place for problem in summary.account.problems] == expected


def test_a_line_that_cannot_be_decoded_makes_absence_uncertain_for_its_patient(
    tmp_path: Path, stroke_plan: Plan
) -> None:
    cut = line(_observed()).replace(b'"Observation"', b'"Condition"')[:-12]
    made, _ = decided(stroke_plan, write(tmp_path / "cut.ndjson", [*stroke("1"), *stroke("2"), cut]))
    tiers = {d.record.patient: {v.variable: str(v.tier) for v in d.record.values}["PreDiabetes"] for d in made}
    assert sorted(tiers.values()) == ["automatic", "proposed"]
