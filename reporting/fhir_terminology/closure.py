"""ConceptMap/$closure (FHIR R4 4.10.16.2): subsumption tables that clients build up; in memory, bounded."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from threading import Lock
from typing import Final

from reporting.fhir_terminology.engines import Engine
from reporting.fhir_terminology.library import Engines, Library
from reporting.fhir_terminology.outcome import Resource, bad_request, refused
from reporting.fhir_terminology.parameters import Coding, Parameters, coding_of

#: The tables that are kept, and the codes of one; the table that was used longest ago is forgotten.
TABLES: Final = 200
CODES: Final = 1000


@dataclass(frozen=True, slots=True)
class _Row:
    """The narrower code is below the wider one; the table said so first in this version."""

    narrower: Coding
    wider: Coding
    version: int


@dataclass(slots=True)
class _Table:
    version: int = 0
    codes: dict[tuple[str, str], Coding] = field(default_factory=dict)
    rows: list[_Row] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


class Closures:
    """The closure tables of a service, by name. They are gone when it stops: clients then start anew."""

    def __init__(self) -> None:
        self._tables: OrderedDict[str, _Table] = OrderedDict()
        self._lock = Lock()

    def closure(self, engines: Engines, parameters: Parameters) -> Resource:
        """Starts a table, adds codes to it or tells again what is new since a version. Raises Refused."""
        name = parameters.text("name")
        if not name or len(name) > 200:
            raise bad_request("$closure needs a name of at most 200 characters")
        concepts = [coding_of(each.value) for each in parameters.named("concept") if isinstance(each.value, dict)]
        since = parameters.text("version")
        with self._lock:
            if not concepts and not since:
                return self._start(name)
            table = self._tables.get(name)
            if table is None:
                raise refused(404, "not-found", "not-found", f"There is no closure table '{name}': start it first")
            self._tables.move_to_end(name)
        with table.lock:
            if concepts:
                return _map(name, table, _add(table, concepts, Library(engines, parameters)))
            known = _version(since)
            return _map(name, table, [row for row in table.rows if row.version > known])

    def _start(self, name: str) -> Resource:
        table = self._tables[name] = _Table()
        self._tables.move_to_end(name)
        if len(self._tables) > TABLES:
            self._tables.popitem(last=False)
        return _map(name, table, [])


def _add(table: _Table, concepts: list[Coding], library: Library) -> list[_Row]:
    """What the codes bring; all of them are found first, so that a table never holds some of them."""
    if len(table.codes) + len(concepts) > CODES:
        raise refused(422, "too-costly", "too-costly", f"A closure table holds at most {CODES} codes")
    found = [_found(library, coding) for coding in concepts]
    table.version += 1
    fresh = [row for engine, coding in found for row in _new_rows(table, engine, coding)]
    table.rows += fresh
    return fresh


def _found(library: Library, coding: Coding) -> tuple[Engine, Coding]:
    engine = library.engine(coding.system, coding.version)
    place = engine.place(coding.code)
    if place < 0:
        text = f"The code '{coding.code}' is not in {coding.system}"
        raise refused(404, "code-invalid", "invalid-code", text)
    return engine, Coding(coding.system, coding.version, engine.code_at(place))


def _new_rows(table: _Table, engine: Engine, coding: Coding) -> list[_Row]:
    key = (coding.system, coding.code)
    if key in table.codes:
        return []
    rows = []
    for other in table.codes.values():
        if other.system != coding.system:
            continue
        for narrower, wider in pairwise((coding, other, coding)):
            if engine.system.subsumes(wider.code, narrower.code):
                rows.append(_Row(narrower, wider, table.version))
    table.codes[key] = coding
    return rows


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad_request("the version of a closure table is a number that the table has told")
    return int(text)


def _map(name: str, table: _Table, rows: list[_Row]) -> Resource:
    said: Resource = {
        "resourceType": "ConceptMap",
        "id": "closure",
        "version": str(table.version),
        "name": name,
        "status": "active",
        "experimental": True,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    groups = [_group(system, rows) for system in dict.fromkeys(row.narrower.system for row in rows)]
    return said | ({"group": groups} if groups else {})


def _group(system: str, rows: list[_Row]) -> Resource:
    targets: dict[str, list[Resource]] = {}
    for row in rows:
        if row.narrower.system == system:
            wider: Resource = {"code": row.wider.code, "equivalence": "subsumes"}
            targets.setdefault(row.narrower.code, []).append(wider)
    elements = [{"code": code, "target": found} for code, found in targets.items()]
    return {"source": system, "target": system, "element": elements}
