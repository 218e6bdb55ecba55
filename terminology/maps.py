"""Maps from journal codes to normed values: rows people approved, compiled to a pure look-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from terminology.codes import Code
from terminology.valuesets import CodeSet, Snomed, compile_codes

Relation = Literal["equivalent", "broader", "narrower", "inexact"]


@dataclass(frozen=True, slots=True)
class MapRow:
    """One row: codes (written as a value set) → normed value. `number` is its place in the set, which evidence cites.

    Only rows with status `approved` translate. An earlier row goes before a later one.
    """

    number: int
    codes: dict[str, str | list[str]]
    target: str
    relation: Relation
    status: Literal["draft", "approved", "rejected"]


@dataclass(frozen=True, slots=True)
class MapSet:
    """A versioned set of rows for one normed variable. `authors` and `approved` (a date) say who stands behind it."""

    name: str
    version: int
    rows: tuple[MapRow, ...]
    authors: tuple[str, ...] = ()
    approved: str = ""

    @property
    def cited(self) -> str:
        """The name that records cite: `name@version`."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True)
class CompiledMap:
    """A map set bound to a terminology release."""

    source: MapSet
    rows: tuple[tuple[MapRow, CodeSet], ...]

    @cached_property
    def _found(self) -> dict[Code, MapRow | None]:
        return {}

    def row(self, code: Code) -> MapRow | None:
        """The first approved row that holds this code; remembered per code."""
        found = self._found
        if code not in found:
            found[code] = next((row for row, codes in self.rows if code in codes), None)
        return found[code]


def compile_map(source: MapSet, snomed: Snomed) -> CompiledMap:
    """Bind a map set to a release. Raises as `compile_codes` does."""
    approved = tuple((row, compile_codes(row.codes, snomed)) for row in source.rows if row.status == "approved")
    return CompiledMap(source, approved)


@dataclass(frozen=True, slots=True)
class Translation:
    """A code, the row that translates it and so its normed value."""

    code: Code
    row: MapRow


def translate(compiled: CompiledMap, codes: Sequence[Code]) -> tuple[Translation, ...]:
    """The translations of one entry's codes: one per distinct target, in the order of the map's rows; () when unmapped.

    The codings of one FHIR CodeableConcept mean one thing, so a translated coding speaks for those without a row.
    """
    rows = [(row, code) for code in codes if (row := compiled.row(code)) is not None]
    by_target: dict[str, Translation] = {}
    for row, code in sorted(rows, key=lambda pair: (pair[0].number, pair[1].system, pair[1].value)):
        by_target.setdefault(row.target, Translation(code, row))
    return tuple(by_target.values())
