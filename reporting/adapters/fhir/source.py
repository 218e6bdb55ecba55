"""A journal in FHIR files, read in two passes so that memory follows the cases, not the hospital.

The first pass reads only the type that index events are made of and learns which patients to look at; the second reads
everything a definition asks about and keeps what belongs to them. A bulk export has a file for each type, so the first
pass can leave most files alone; where files turn out to be mixed, all are read twice. Every resource that is asked
about is decoded and so checked, whoever it belongs to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from registries.chart import EARLIEST, Chart, chart_of, written_at
from registries.entry import JournalEntry, Kind, Standing
from registries.identity import DNR, FNR
from registries.plan import Plan
from reporting.adapters.fhir import resources as fhir
from reporting.adapters.fhir.convert import (
    CONVERT,
    BadTime,
    Codes,
    codes_of,
    patient_entries,
    plain_reference,
    updated,
)
from reporting.adapters.fhir.files import BROKEN, Block, files_of, first_type, read
from reporting.journal import Account, Identity, Problem
from terminology.codes import code_of

_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {name: msgspec.json.Decoder(cls) for name, cls in fhir.READ.items()}
_TYPE_OF = {kind: name for name, (kind, _) in CONVERT.items()}
_SUBJECT = re.compile(rb'"subject"\s*:\s*\{[^{}]{0,500}?"reference"\s*:\s*"([^"\\]{1,200})"')
_FHN = "urn:oid:2.16.578.1.12.4.1.4.3"
_NUMBERS: dict[str, Literal["FNR", "DNR", "FHN"]] = {FNR: "FNR", DNR: "DNR", _FHN: "FHN"}


@dataclass(slots=True)
class _Draft:
    """A chart being filled. `others` are versions of entries that no rule asks about: source → when written."""

    patient: str
    entries: list[JournalEntry] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    seen: Counter[Kind] = field(default_factory=Counter)
    unreadable: dict[str, Kind] = field(default_factory=dict)
    identities: frozenset[Identity] = frozenset()
    version: datetime = EARLIEST  # of the patient resource that gave the identities

    def chart(self) -> Chart:
        """The chart of all that was kept, but for what a later version took back."""
        kept = [entry for entry in self.entries if not self.taken_back(entry)]
        unreadable = Counter(self.unreadable.values())
        return chart_of(self.patient, kept, dict(self.seen), dict(unreadable))

    def taken_back(self, entry: JournalEntry) -> bool:
        later = self.others.get(entry.source)
        return later is not None and written_at(later) > written_at(entry.updated)


class FhirFiles:
    """NDJSON files, Bundles and folders of them. Implements `reporting.journal.JournalSource`."""

    def __init__(self, *sources: Path) -> None:
        self.sources = sources

    def charts(self, plan: Plan, account: Account) -> Iterator[tuple[Chart, tuple[Identity, ...]]]:
        """See the port. What cannot be read goes to the account's problems."""
        files, missing = files_of(self.sources)
        account.problems += missing
        reading = _Reading(plan)
        ahead = {path for path in files if first_type(path) in (reading.index_type, "Medication", None)}
        if not reading.read(files, ahead):
            reading = _Reading(plan)
            reading.read(files, set(files))
        account.add(reading.account)
        yield from reading.finished(account)


class _Reading:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.account = Account()
        self.index_type = _TYPE_OF[plan.definition.case.select]
        self.drafts: dict[str, _Draft] = {}
        self.medications: dict[str, fhir.CodeableConcept | None] = {}
        self.codes = {kind: _Known(plan, kind) for kind in Kind}
        kinds = {selector.kind for selector in plan.selectors} | {Kind.STAY}
        self.wanted = {_TYPE_OF[kind] for kind in kinds if kind in _TYPE_OF} | {"Patient"}

    def read(self, files: Sequence[Path], ahead: Collection[Path]) -> bool:
        """Read all files, those `ahead` twice; False when another holds what had to be known before."""
        unclean = {path for path in files if path in ahead and not self.read_ahead(path)}
        for path in files:
            for block in read(path, clean=path in ahead and path not in unclean):
                if path not in ahead:
                    if isinstance(block, Block) and block.type in (self.index_type, "Medication"):
                        return False
                    self.first_pass(block)
                self.second_pass(block)
        return True

    def read_ahead(self, path: Path) -> bool:
        """The first pass over a file; whether all of it could be read."""
        whole = True
        for block in read(path):
            self.first_pass(block)
            whole = whole and isinstance(block, Block)
        return whole

    def first_pass(self, block: Block | Problem) -> None:
        """Learn which patients have an index code; account for everything there is."""
        account = self.account
        if isinstance(block, Problem):
            account.problems.append(block)
            return
        account.read += len(block)
        if block.type == "Patient":
            account.patients += len(block)
        if block.type == self.index_type:
            self.candidates(block)
        elif block.type == "Medication":
            self.keep_medications(block)
        elif block.type not in self.wanted:
            account.passed[block.type] += len(block)
            for index, line in enumerate(block.lines):
                if not line.rstrip().endswith(b"}"):
                    self.problem(block, index, "the resource is cut off")

    def second_pass(self, block: Block | Problem) -> None:
        """Keep what belongs to those patients."""
        if isinstance(block, Problem) or block.type not in self.wanted:
            return
        if block.type == "Patient":
            self.keep_patients(block)
            return
        index_type = block.type == self.index_type
        decode, drafts, keep = _DECODERS[block.type].decode, self.drafts, _Keeping(self, block).keep
        last, draft = "", None  # exports tend to tell one patient after the other
        for index, line in enumerate(block.lines):
            try:
                resource = decode(line)
            except BROKEN as error:
                if not index_type:  # told in the first pass
                    self.problem(block, index, f"{block.type}: {error}")
                self.lost(block, index, line)
                continue
            reference: str = resource.subject.reference
            if reference != last or not reference:
                last = reference
                draft = drafts.get(reference) or drafts.get(self.patient_of(block, index, resource, quiet=index_type))
            if draft is not None:
                keep(draft, index, resource)

    def lost(self, block: Block, index: int, line: bytes) -> None:
        """What cannot be decoded may still say whose it is: then its absence proves nothing there."""
        found = _SUBJECT.search(line)
        reference = found.group(1).decode("utf-8", "replace") if found else ""
        draft = self.drafts.get(block.links.get(reference) or plain_reference(reference))
        if draft is not None:
            draft.unreadable[block.place(index)] = CONVERT[block.type][0]

    def finished(self, account: Account) -> Iterator[tuple[Chart, tuple[Identity, ...]]]:
        """The charts, by patient; each is let go when it is given."""
        for patient in sorted(self.drafts):
            draft = self.drafts.pop(patient)
            chart = draft.chart()
            account.used += len(chart.entries)
            yield chart, tuple(sorted(draft.identities, key=_preferred))

    def candidates(self, block: Block) -> None:
        kind, _ = CONVERT[block.type]
        decode, wanted = _DECODERS[block.type].decode, self.plan.index
        for index, line in enumerate(block.lines):
            try:
                resource = decode(line)
            except BROKEN as error:
                self.problem(block, index, f"{block.type}: {error}")
                continue
            patient = self.patient_of(block, index, resource)
            if patient and wanted in self.codes[kind].look_up(resource.code).selectors:
                self.drafts.setdefault(patient, _Draft(patient))

    def keep_medications(self, block: Block) -> None:
        for index, line in enumerate(block.lines):
            try:
                resource = _DECODERS["Medication"].decode(line)
            except BROKEN as error:
                self.problem(block, index, f"Medication: {error}")
                continue
            if source := self.source_of(block, index, resource):
                self.medications[source] = resource.code

    def keep_patients(self, block: Block) -> None:
        for index, line in enumerate(block.lines):
            try:
                resource = _DECODERS["Patient"].decode(line)
                source = self.source_of(block, index, resource)
                if source in self.drafts:
                    self.keep_patient(self.drafts[source], resource)
            except BROKEN as error:
                self.problem(block, index, f"Patient: {error}")
            except BadTime as error:
                self.problem(block, index, str(error))

    def keep_patient(self, draft: _Draft, resource: fhir.Patient) -> None:
        version, told = written_at(updated(resource)), frozenset(_identities(resource))
        if version == draft.version:
            told |= draft.identities  # no version is the later: what they disagree on is for a person
        if version >= draft.version:
            draft.version, draft.identities = version, told
        for entry in patient_entries(draft.patient, resource):
            draft.seen[entry.kind] += 1
            selectors = self.plan.select(entry.kind, entry.codes)
            draft.entries.append(msgspec.structs.replace(entry, selectors=selectors))

    def patient_of(self, block: Block, index: int, resource: fhir.Resource, quiet: bool = False) -> str:
        """The patient as `Type/id`; "" when the resource does not say."""
        reference: str = getattr(resource, "subject").reference  # noqa: B009 (every type but Patient has it)
        if not reference and not quiet:
            self.problem(block, index, "subject has no reference: whose entry this is cannot be told")
        return block.links.get(reference) or plain_reference(reference)

    def source_of(self, block: Block, index: int, resource: fhir.Resource) -> str:
        if resource.id:
            return f"{block.type}/{resource.id}"
        if block.urls and block.urls[index]:
            return block.links.get(block.urls[index], block.urls[index])
        self.problem(block, index, "the resource has no id: nothing can cite it")
        return ""

    def problem(self, block: Block, index: int, text: str) -> None:
        self.account.problems.append(Problem(block.place(index), text))


def _identities(resource: fhir.Patient) -> Iterator[Identity]:
    for identifier in resource.identifier:
        if identifier.system in _NUMBERS and identifier.value and identifier.use != "old":
            yield Identity(identifier.value, _NUMBERS[identifier.system])


def _preferred(identity: Identity) -> tuple[int, str]:
    return (list(_NUMBERS.values()).index(identity.kind), identity.number)


class _Told(NamedTuple):
    """A concept's known codes, the selectors they satisfy, and whether a rule can tell what they mean."""

    codes: Codes
    selectors: tuple[int, ...]
    readable: bool


class _Known:
    """What the codes of one kind of entry stand for in a plan: each looked up once."""

    def __init__(self, plan: Plan, kind: Kind) -> None:
        self.plan = plan
        self.kind = kind
        self.uncoded = _Told((), plan.select(kind, ()), kind is Kind.STAY)
        self.found: dict[tuple[str, str], _Told] = {}

    def look_up(self, concept: fhir.CodeableConcept | None) -> _Told:
        if concept is None or not concept.coding:
            return self.uncoded
        if len(concept.coding) == 1:
            return self.one(concept.coding[0])
        return self.read(codes_of(concept))

    def one(self, coding: fhir.Coding) -> _Told:
        key = (coding.system, coding.code)
        told = self.found.get(key)
        if told is None:
            code = code_of(*key)
            told = self.found[key] = self.read((code,) if code else ())
        return told

    def read(self, codes: Codes) -> _Told:
        """Codings of which none is known are not the same as no coding: no rule can tell what they mean."""
        if not codes:
            return _Told((), (), False)
        return _Told(codes, self.plan.select(self.kind, codes), self.plan.readable(codes))


class _Keeping:
    """Keeps the resources of one block: what is the same for all of them is looked up once."""

    def __init__(self, reading: _Reading, block: Block) -> None:
        self.reading = reading
        self.block = block
        self.kind, self.convert = CONVERT[block.type]
        self.look_up = reading.codes[self.kind].look_up
        self.medication = block.type in ("MedicationStatement", "MedicationAdministration")
        self.uncoded = block.type == "Encounter"

    def keep(self, draft: _Draft, index: int, resource: fhir.Resource) -> None:
        draft.seen[self.kind] += 1
        source = self.reading.source_of(self.block, index, resource)
        if not source:
            draft.unreadable[self.block.place(index)] = self.kind
            return
        codes, selectors, readable = self.look_up(self.concept_of(resource))
        if readable and not selectors:
            if resource.meta is not None:
                # It says nothing now, but it may be a later version of something that did.
                told, known = resource.meta.lastUpdated, draft.others.get(source)
                if known is None or written_at(told) > written_at(known):
                    draft.others[source] = told
            return
        try:
            entry = self.convert(source, draft.patient, resource, codes, selectors)
        except BadTime as error:
            self.reading.problem(self.block, index, str(error))
            draft.unreadable[source] = self.kind  # it may be just what a rule looks for: its absence proves nothing
            return
        if not readable and entry.standing is Standing.COUNTS:
            draft.unreadable[source] = self.kind
        if entry.stay and entry.stay in self.block.links:
            entry = msgspec.structs.replace(entry, stay=self.block.links[entry.stay])
        draft.entries.append(entry)

    def concept_of(self, resource: Any) -> fhir.CodeableConcept | None:
        concept: fhir.CodeableConcept | None
        if not self.medication:
            concept = None if self.uncoded else resource.code
            return concept
        concept, by_reference = resource.medication_codeable_concept, resource.medication_reference
        if concept is not None or by_reference is None:
            return concept
        reference = by_reference.reference
        return self.reading.medications.get(self.block.links.get(reference) or plain_reference(reference))
