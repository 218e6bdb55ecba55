"""A small registry and a store with two runs of it, made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import yaml

from registries.definition import Definition
from registries.receipt import Verdict
from registries.record import Evidence, Finding, MapUse, Reason, RegistryRecord, Severity, Tier, Value
from reporting.ports import Store
from reporting.submission import Action, Decision, RunState
from tests.store.examples import a_receipt, a_run, an_attempt, at, decide

CASE = "5f2a90c1d4e8b7a6"
RUN = "0b7e4c"
PATIENT = "lokal-4711"

DEFINITION = """
registry: hjerneslag
version: 3
status: active
title: {nb: Norsk hjerneslagregister, en: Norwegian stroke registry}
legal_basis: Hjerte- og karregisterforskriften
reservation: true
case:
  select: condition
  codes: {snomed: "<< 230690007", icd10: [I61, I63, I64]}
  stay_class: [IMP, EMER]
  start: stay
  same_case_within: 28d
message: {type: HJERNESLAG, receiver: Folkehelseinstituttet, her_id: "1"}
variables:
  Slagdiagnose:
    normed: stroke-type
    label: {nb: Slagdiagnose, en: Stroke diagnosis}
    type: code
    codes: {1: haemorrhage, 2: infarct, 3: unspecified}
    obligatory: true
    automation: automatic
    from: [{select: index, pick: last_recorded, value: code, map: stroke-type}]
    clause: "2.1"
  NIHSSinnkomst:
    normed: nihss-total
    label: {nb: NIHSS ved innkomst, en: NIHSS on arrival}
    type: integer
    range: {hard: [0, 42], plausible: [0, 35]}
    automation: automatic
    from:
      - {select: observation, codes: {snomed: "450741005", loinc: 70182-1},
         window: {from: case.start - 2h, to: case.start + 24h}, pick: {closest: case.start}, value: quantity}
  Kreatinin:
    normed: creatinine
    label: {nb: Kreatinin, en: Creatinine}
    type: decimal
    unit: umol/L
    decimals: 1
    automation: proposed
    from: [{select: observation, codes: creatinine, window: {before: case.end}, pick: last, value: quantity}]
  PreDiabetes:
    normed: diabetes
    label: {nb: Kjent diabetes, en: Known diabetes}
    type: code
    codes: {1: "yes", 2: "no", 9: unknown}
    automation: automatic
    from: [{select: condition, codes: {snomed: "<< 73211009"}, window: {covers: case.end}, is: "yes"}]
    absent: {is: "no", given: [condition]}
  TidTilSykehus:
    normed: hours
    label: {nb: Under fire timer, en: Under four hours}
    type: code
    codes: {1: "yes", 2: "no"}
    when: {PreDiabetes: ["yes", "no"]}
    automation: proposed
    from:
      - {between: [Slagdiagnose, NIHSSinnkomst], bands: [{below: 4, is: "yes"}, {is: "no"}]}
      - {all: [{select: stay, same_stay: true, is: "yes"}, {select: death, window: {from: case.onset - 1d}, is: 1}],
         several: max, combine: {a+b: "yes"}, is: "no"}
  Symptomdebut:
    normed: onset
    label: {nb: Symptomdebut, en: Symptom onset}
    type: datetime
    automation: automatic
    from: [{select: index, value: start}]
  Transportmetode:
    normed: transport
    label: {nb: Transport, en: Transport}
    type: code
    codes: {1: ambulance, 2: helicopter}
    automation: manual
  NyVariabel:
    normed: new
    label: {nb: Ny siden sist, en: New since then}
    type: date
    automation: manual
orders:
  - {first: Symptomdebut, then: NyVariabel, severity: warning, clause: "3.4"}
"""


def a_definition() -> Definition:
    return Definition.model_validate(yaml.safe_load(DEFINITION))


def values() -> Iterator[Value]:
    """One of each sort of value."""
    yield Value(
        variable="Slagdiagnose",
        tier=Tier.AUTOMATIC,
        value=2,
        normed="infarct",
        rule="Slagdiagnose/1",
        evidence=(Evidence(source="Condition/c1", code="icd10:I639", at="2025-03-02T13:50"),),
        map=MapUse(map="stroke-type@2", row="icd10:I63"),
        considered=1,
    )
    yield Value(
        variable="NIHSSinnkomst",
        tier=Tier.AUTOMATIC,
        value=7,
        rule="NIHSSinnkomst/1",
        evidence=(Evidence(source="Observation/o1", code="loinc:70182-1", at="2025-03-02T14:10"),),
        considered=3,
    )
    yield Value(
        variable="Kreatinin",
        tier=Tier.PROPOSED,
        value=Decimal("82.0"),
        rule="Kreatinin/1",
        evidence=tuple(Evidence(source=f"Observation/k{n}") for n in range(5)),
        considered=5,
    )
    yield Value(
        variable="PreDiabetes", tier=Tier.AUTOMATIC, value=2, normed="no", rule="PreDiabetes/absent", note="absence"
    )
    yield Value(
        variable="TidTilSykehus", tier=Tier.PROPOSED, reason=Reason.OUTSIDE_WINDOW, considered=2, rule="TidTilSykehus/1"
    )
    yield Value(variable="Symptomdebut", tier=Tier.AUTOMATIC, value="2025-03-02T12:30", rule="Symptomdebut/1")
    yield Value(variable="Transportmetode", tier=Tier.MANUAL, reason=Reason.MANUAL)
    yield Value(variable="Utgått", tier=Tier.AUTOMATIC, value="<b>1</b>")


def a_full_record(case: str = CASE, start: str = "2025-03-02T13:55") -> RegistryRecord:
    return RegistryRecord(
        case=case,
        registry="hjerneslag",
        release="hjerneslag/3 maps/2 snomed/20250115",
        start=start,
        patient=PATIENT,
        values=tuple(values()),
        findings=(
            Finding(rule="plausible_range", severity=Severity.WARNING, variable="NIHSSinnkomst", clause="4.2"),
            Finding(rule="waits_for_person", severity=Severity.NOTE),
            Finding(rule="a_rule_of_yesterday", severity=Severity.ERROR, variable="Kreatinin"),
        ),
    )


SUMMARY: dict[str, object] = {
    "patients": 1200,
    "entries": {"read": 48210, "used": 12044},
    "skipped": {"entered_in_error": 12, "unknown_system": 3},
    "problems": [{"place": "journal.ndjson:17", "text": "not JSON"}],
    "cases": 71,
    "records": 71,
    "fields": {"automatic": 300, "proposed": 90, "manual": 60, "empty": {"no_entry": 40, "outside_window": 10}},
    "variables": {
        "NIHSSinnkomst": {"automatic": 60, "proposed": 0, "empty": {"no_entry": 9, "wrong_unit": 2}},
        "Borte": {"automatic": 0, "proposed": 0, "empty": {}},
    },
    "findings": {"plausible_range": 4, "waits_for_person": 71},
    "decisions": {"send": 70, "hold": 1, "nothing": 0},
    "submitted": 70,
    "candidates": {"in": 80, "out": {"no_stay": 5}},
}


def fill(store: Store) -> None:
    """Two runs: one done with 71 records, one that is going on and knows nothing yet."""
    store.start_run(a_run(RUN))
    others = (f"{n:016x}" for n in range(70))
    decide(store, RUN, [_sent(CASE, "2025-03-02T13:55"), *(_sent(case, "2025-03-03T08:00") for case in others)], at(0))
    (submission,) = store.submissions(CASE)
    store.attempted(an_attempt(submission.id, 1, "refused 503"))
    store.settle(a_receipt(submission.message_id, verdict=Verdict.PARTLY), at(2))
    store.finish_run(RUN, RunState.DONE, SUMMARY, at(3))
    store.start_run(a_run("running", started=at(60)))


def _sent(case: str, start: str) -> Decision:
    return Decision(
        record=a_full_record(case, start),
        action=Action.SEND,
        complete=case != CASE,
        content="c1",
        message_id=f"urn:uuid:{case}",
        payload=b"<MsgHead/>",
    )
