"""A small definition that uses every way of finding a value, bound to a release made of one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from registries.catalogue import Catalogue, NormedVariable
from registries.definition import Definition, Text
from registries.plan import Plan, compile_plan
from terminology.maps import MapRow, MapSet

_TEXT = Text(nb="x", en="x")


class OneLine:
    """A release in which smoker is the only concept and L1 its retired name; no expression but `smoker` is known."""

    def select(self, ecl: str) -> frozenset[int]:
        """The one concept."""
        return frozenset({77176002} if ecl == "smoker" else ())

    def inactive_into(self, ids: frozenset[int]) -> Mapping[int, int]:
        """One retired concept."""
        return dict.fromkeys([111], 77176002) if 77176002 in ids else {}

    def has(self, sctid: int) -> bool:
        """Whether it is one of the two."""
        return sctid in (77176002, 111)


def normed(kind: str, *values: str) -> NormedVariable:
    """A normed variable of a type, with these meanings."""
    values_of = dict.fromkeys(values, _TEXT)
    return NormedVariable.model_validate({"label": _TEXT, "definition": _TEXT, "type": kind, "values": values_of})


CATALOGUE = Catalogue(
    variables={
        "answer": normed("code", "yes", "no", "unknown"),
        "number": normed("integer"),
        "time": normed("datetime"),
        "kind": normed("code", "heart", "sugar"),
    },
    sets={"diabetes": {"icd10": ["E10-E14"]}},
    maps={
        "kind": MapSet(
            "kind",
            1,
            (
                MapRow(1, {"icd10": ["I48"]}, "heart", "equivalent", "approved"),
                MapRow(2, {"icd10": ["E1"]}, "sugar", "broader", "approved"),
            ),
        )
    },
)
_HEAD = """
registry: test
version: 1
status: draft
title: {nb: x, en: x}
legal_basis: x
reservation: true
case: {select: condition, codes: {icd10: [I61, I63]}, stay_class: [IMP], start: stay, same_case_within: 28d}
message: {type: X, receiver: X, her_id: "1"}
"""
_BODY = """
Arrival:
  normed: time
  type: datetime
  automation: automatic
  from: [{select: stay, same_stay: true, pick: first, value: start}]
Onset: {normed: time, type: datetime, automation: automatic, from: [{select: index, pick: last_recorded, value: start}]}
Quick:
  normed: answer
  type: code
  codes: {1: "yes", 2: "no", 9: unknown}
  automation: automatic
  from: [{between: [Onset, Arrival], bands: [{below: 4, is: "yes"}, {is: "no"}], no_clock: unknown}]
Score:
  normed: number
  type: integer
  units: {"": 1, "1": 1}
  automation: automatic
  from:
    - {select: observation, codes: {loinc: 70182-1}, window: {from: case.start - 48h, to: case.start + 5d},
       pick: {closest: case.start}, value: quantity}
FirstScore:
  normed: number
  type: integer
  units: {"": 1, "1": 1}
  automation: proposed
  from: [{select: observation, codes: {loinc: 70182-1}, pick: first, several: max, value: quantity}]
Diabetes:
  normed: answer
  type: code
  codes: {1: "yes", 2: "no"}
  automation: automatic
  from: [{select: condition, codes: diabetes, window: {to: case.end}, is: "yes"}]
  absent: {is: "no", given: [condition]}
Insulin:
  normed: answer
  type: code
  codes: {1: "yes", 2: "no"}
  automation: automatic
  when: {Diabetes: ["yes"]}
  from: [{select: medication_statement, codes: {atc: [A10A]}, window: {covers: case.start}, is: "yes"}]
  absent: {is: "no", given: [medication_statement]}
Kind:
  normed: kind
  type: code
  codes: {1: heart, 2: sugar}
  automation: automatic
  from:
    - {select: condition, codes: {icd10: [I48, E11]}, window: {before: case.start}, pick: last, value: code, map: kind}
Both:
  normed: answer
  type: code
  codes: {1: "yes"}
  automation: automatic
  from:
    - all:
        - {select: condition, codes: {icd10: [I48]}, is: "yes"}
        - {select: condition, codes: diabetes, same_stay: true, is: "yes"}
      is: "yes"
Told: {normed: answer, type: code, codes: {1: "yes"}, automation: manual}
"""


def data() -> dict[str, Any]:
    """The definition as plain data, to be changed."""
    head: dict[str, Any] = yaml.safe_load(_HEAD)
    variables = yaml.safe_load(_BODY)
    return {
        **head,
        "variables": {name: {"label": {"nb": name, "en": name}, **body} for name, body in variables.items()},
    }


def plan() -> Plan:
    """The definition, compiled anew."""
    return compile_plan(Definition.model_validate(data()), CATALOGUE, OneLine(), "one-line")


PLAN = plan()
